/* cmocka and a few checks of slices, for the unit tests of mail. */
#ifndef TESTS_SUPPORT_CHECK_H
#define TESTS_SUPPORT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/base/bytes.h"

/* The slice holds exactly that text; shown when it does not. */
#define assert_text(got, want)                                                 \
	do {                                                                   \
		struct bytes got_ = (got), want_ = bytes_cstr(want);           \
		if (got_.p == NULL || !bytes_eq(got_, want_)) {                \
			print_error("got '%.*s'\n", (int)got_.n,               \
			    got_.p ? (const char *)got_.p : "(absent)");       \
			print_error("want '%s'\n", want);                      \
			fail();                                                \
		}                                                              \
	} while (0)

#define assert_absent(got) assert_null((got).p)

/* A copy that ends where its allocation ends: one byte too far is seen. */
static inline struct bytes
exact_copy(struct bytes b)
{
	uint8_t *p = malloc(b.n ? b.n : 1);

	if (b.n > 0)
		memcpy(p, b.p, b.n);
	return bytes_of(p, b.n);
}

static inline void
exact_free(struct bytes b)
{
	free((void *)(uintptr_t)b.p);
}

/* `what` runs over every truncation of `whole`, each of exactly its size. */
static inline void
every_truncation(struct bytes whole, void (*what)(struct bytes))
{
	for (size_t n = 0; n <= whole.n; n++) {
		struct bytes cut = exact_copy(bytes_slice(whole, 0, n));

		what(cut);
		exact_free(cut);
	}
}

#endif
