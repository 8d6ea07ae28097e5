/* Values as written: against a slow and simple second opinion, and in time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "parsers/base/buffer.h"
#include "reports/mask_written.h"

enum { VALUES = 12, TEXT = 40 };

static uint32_t state_of_random = 1;

static uint32_t
random_below(uint32_t most)
{
	state_of_random = state_of_random * 1103515245u + 12345u;
	return (state_of_random >> 16) % most;
}

/* The longest value first, from the left; what is taken stays taken. */
static void
simply(struct bytes *values, size_t count, struct bytes text, char *out)
{
	bool taken[TEXT] = { false };
	int owner[TEXT];
	size_t n = 0;

	for (size_t i = 0; i < TEXT; i++)
		owner[i] = -1;
	for (size_t length = TEXT; length > 0; length--)
		for (size_t at = 0; at + length <= text.n; at++)
			for (size_t v = 0; v < count; v++) {
				bool free_here = values[v].n == length &&
				    memcmp(text.p + at, values[v].p, length) ==
					0;

				for (size_t k = at; k < at + length; k++)
					free_here = free_here && !taken[k];
				if (!free_here)
					continue;
				memset(taken + at, 1, length);
				owner[at] = (int)v;
			}
	for (size_t i = 0; i < text.n;) {
		if (owner[i] >= 0) {
			out[n++] = (char)('A' + owner[i]);
			i += values[owner[i]].n;
		} else {
			out[n++] = (char)text.p[i++];
		}
	}
	out[n] = '\0';
}

static void
test_random(void **state)
{
	struct mask_written written = { .count = 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (int round = 0; round < 20000; round++) {
		struct bytes values[VALUES], got;
		size_t count = 0, wanted = 1 + random_below(VALUES);
		uint8_t text[TEXT];
		char expected[TEXT + 1];

		mask_written_clear(&written);
		for (size_t v = 0; v < wanted; v++) {
			size_t n = 1 + random_below(5);
			uint8_t *p = arena_raw(&arena, n);
			bool twice = false;

			for (size_t i = 0; i < n; i++)
				p[i] = (uint8_t)('a' + random_below(3));
			for (size_t i = 0; i < count; i++)
				twice |= bytes_eq(values[i], bytes_of(p, n));
			if (twice)
				continue;
			values[count] = bytes_of(p, n);
			mask_written_add(&written, values[count],
			    arena_printf(&arena, "%c", (int)('A' + count)));
			count++;
		}
		mask_written_settle(&written);
		for (size_t i = 0; i < TEXT; i++)
			text[i] = (uint8_t)('a' + random_below(3));
		simply(values, count, bytes_of(text, TEXT), expected);
		got = mask_written_text(&written, &arena,
		    bytes_of(text, TEXT));
		if (!bytes_eq(got, bytes_cstr(expected)))
			fail_msg("round %d: '%.*s', expected '%s'", round,
			    (int)got.n, (const char *)got.p, expected);
		arena_reset(&arena);
	}
	mask_written_free(&written);
	arena_release(&arena);
}

/* A masked form that holds the value would mask nothing. */
static void
test_no_use(void **state)
{
	struct mask_written written = { .count = 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	mask_written_add(&written, BYTES_LIT("1985"), BYTES_LIT("**-**-1985"));
	mask_written_add(&written, BYTES_LIT(""), BYTES_LIT("*"));
	mask_written_settle(&written);
	assert_int_equal(written.count, 0);
	assert_true(bytes_eq(mask_written_text(&written, &arena,
	    BYTES_LIT("born 1985")), BYTES_LIT("born 1985")));
	mask_written_free(&written);
	arena_release(&arena);
}

static void
test_many(void **state)
{
	struct mask_written written = { .count = 0 };
	struct buffer text = BUFFER_EMPTY;
	struct arena arena;
	clock_t begun = clock();
	struct bytes got;

	(void)state;
	arena_init(&arena);
	for (int i = 0; i < 100000; i++)
		mask_written_add(&written,
		    arena_printf(&arena, "%09d", i * 7919), BYTES_LIT("*"));
	mask_written_settle(&written);
	for (int i = 0; i < 100000; i += 7)
		buffer_printf(&text, "%09d ", i * 7919);
	got = mask_written_text(&written, &arena, buffer_bytes(&text));
	assert_int_equal(got.n, text.n / 10 * 2);
	assert_true(clock() - begun < 5 * CLOCKS_PER_SEC);
	buffer_release(&text);
	mask_written_free(&written);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_no_use),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
