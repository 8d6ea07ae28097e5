/* Check digits: every vector of the reference, each bent once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>

#include "forensics/exposure/validators.h"
#include "forensics/tables.h"

static void
test_vectors(void **state)
{
	struct arena arena;
	struct table_rows rows;
	struct bytes *f;
	size_t count = 0;

	(void)state;
	arena_init(&arena);
	table_rows_open(&rows, &arena, "check_vectors.csv");
	while ((f = table_rows_next(&rows, &arena)) != NULL) {
		validator *check = validator_named(f[0]);
		bool holds;

		assert_non_null(check);
		holds = check(f[1]);
		if (holds != bytes_eq(f[2], BYTES_LIT("yes")))
			fprintf(stderr, "%.*s %.*s\n", (int)f[0].n,
			    (const char *)f[0].p, (int)f[1].n,
			    (const char *)f[1].p);
		assert_int_equal(holds, bytes_eq(f[2], BYTES_LIT("yes")));
		count++;
	}
	assert_true(count > 100);
	arena_release(&arena);
}

/* The bare formulas, on the published numbers. */
static void
test_formulas(void **state)
{
	(void)state;
	assert_true(check_luhn(BYTES_LIT("4111111111111111")));
	assert_true(check_luhn(BYTES_LIT("2223003122003222")));
	assert_true(check_luhn(BYTES_LIT("378282246310005")));
	assert_false(check_luhn(BYTES_LIT("2720991234567892")));
	assert_true(check_verhoeff(BYTES_LIT("2363")));
	assert_false(check_verhoeff(BYTES_LIT("2364")));
	assert_true(check_verhoeff(BYTES_LIT("234567890124")));
	assert_int_equal(check_icao(BYTES_LIT("L898902C3")), 6);
	assert_true(check_iso7064_11_10(BYTES_LIT("86095742719")));
	assert_int_equal(iban_length((const uint8_t *)"DE"), 22);
	assert_int_equal(iban_length((const uint8_t *)"ZZ"), 0);
}

/* A validator never reads past its slice, whatever the length. */
static void
test_lengths(void **state)
{
	uint8_t text[40];
	const char *name;

	(void)state;
	for (size_t v = 0; (name = validator_at(v)) != NULL; v++) {
		for (size_t n = 0; n < sizeof text; n++) {
			uint8_t *exact = test_malloc(n + 1);

			for (int fill = 0; fill < 3; fill++) {
				memset(exact, "0Az"[fill], n);
				validator_named(bytes_cstr(name))(
				    bytes_of(exact, n));
			}
			test_free(exact);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_formulas),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
