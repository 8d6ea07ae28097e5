/* Times: mail dates as the world writes them, ISO, FILETIME, and back. */
#include "tests/support_check.h"

#include "parsers/base/utc.h"

static struct arena arena;

static void
expect_mail(const char *text, const char *iso)
{
	assert_text(utc_text(&arena, utc_from_mail(bytes_cstr(text))), iso);
}

static void
test_mail_dates(void **state)
{
	(void)state;
	expect_mail("Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T15:55:06Z");
	expect_mail("21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06Z");
	expect_mail("Thu, 5 Sep 2002 15:42 +0000", "2002-09-05T15:42:00Z");
	expect_mail("Mon, 1 Jan 2024 00:00:00 +1400", "2023-12-31T10:00:00Z");
	expect_mail("Mon, 1 Jan 2024 00:00:00 +05:30", "2023-12-31T18:30:00Z");
	/* RFC 5322 4.3: two and three digits of a year. */
	expect_mail("1 Jan 49 00:00:00 Z", "2049-01-01T00:00:00Z");
	expect_mail("1 Jan 50 00:00:00 Z", "1950-01-01T00:00:00Z");
	expect_mail("1 Jan 103 00:00:00 Z", "2003-01-01T00:00:00Z");
	/* Zones by name; unknown ones are UTC. */
	expect_mail("Fri, 21 Nov 1997 09:55:06 EST", "1997-11-21T14:55:06Z");
	expect_mail("Fri, 21 Nov 1997 09:55:06 PDT", "1997-11-21T16:55:06Z");
	expect_mail("Fri, 21 Nov 1997 09:55:06 XYZ", "1997-11-21T09:55:06Z");
	/* Without a zone: UTC (contract 3, Arrival). */
	expect_mail("Fri, 21 Nov 1997 09:55:06", "1997-11-21T09:55:06Z");
}

static void
test_obsolete_dates(void **state)
{
	(void)state;
	expect_mail("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600",
	    "1997-11-21T15:55:06Z");
	expect_mail("Mon, 23 Dec 1996 00:08:02 +0100 (CET)",
	    "1996-12-22T23:08:02Z");
	expect_mail("Mon Jan  2 10:00:00 2023", "2023-01-02T10:00:00Z");
	expect_mail("Mon Jan  2 10:00:00 +0200 2023", "2023-01-02T08:00:00Z");
	expect_mail("2-Jan-2023 10:00:00 +0000", "2023-01-02T10:00:00Z");
	expect_mail("2023-01-02T10:00:00Z", "2023-01-02T10:00:00Z");
	expect_mail("Tue,\r\n 3 Jan 2023\r\n 10:00:00 +0000",
	    "2023-01-03T10:00:00Z");
}

static void
test_no_dates(void **state)
{
	static const char *const none[] = { "", "Whenever", "Fri, 32 Nov 1997",
		"1 Foo 1997 10:00:00", "(comment", "10:00:00", "29 Feb 2023",
		"1 Jan 2023 25:00:00 +0000", NULL };

	(void)state;
	for (size_t i = 0; none[i] != NULL; i++)
		assert_true(utc_from_mail(bytes_cstr(none[i])) == UTC_NONE);
	assert_true(utc_from_mail(BYTES_NONE) == UTC_NONE);
}

static void
test_iso(void **state)
{
	bool bare, zone;

	(void)state;
	assert_text(utc_text(&arena,
	    utc_from_iso(BYTES_LIT("2023-05-15T01:02:03.1200Z"))),
	    "2023-05-15T01:02:03.12Z");
	assert_text(utc_text(&arena,
	    utc_from_iso(BYTES_LIT("2023-05-15 01:02:03-02:30"))),
	    "2023-05-15T03:32:03Z");
	utc_from_iso_detail(BYTES_LIT("2023-05-15"), &bare, &zone);
	assert_true(bare);
	assert_false(zone);
	assert_text(utc_text(&arena, UTC_NONE), "");
	assert_true(utc_from_iso(BYTES_LIT("2023-02-30")) == UTC_NONE);
	assert_true(utc_from_iso(BYTES_LIT("2024-02-29")) != UTC_NONE);
}

static void
test_edges(void **state)
{
	struct utc_parts parts;

	(void)state;
	assert_true(utc_make(1970, 1, 1, 0, 0, 0, 0) == 0);
	assert_true(utc_make(0, 1, 1, 0, 0, 0, 0) == UTC_NONE);
	assert_true(utc_make(10000, 1, 1, 0, 0, 0, 0) == UTC_NONE);
	assert_text(utc_text(&arena, utc_make(9999, 12, 31, 23, 59, 59, 0)),
	    "9999-12-31T23:59:59Z");
	assert_text(utc_text(&arena, utc_make(1, 1, 1, 0, 0, 0, 0)),
	    "0001-01-01T00:00:00Z");
	parts = utc_split(-1);
	assert_int_equal(parts.year, 1969);
	assert_int_equal(parts.us, 999999);
	assert_true(utc_from_filetime(0) == UTC_NONE);
	assert_true(utc_from_filetime(UINT64_C(116444736000000000)) == 0);
	assert_true(utc_from_filetime(UINT64_MAX) == UTC_NONE);
}

static void
parse_both(struct bytes cut)
{
	utc_from_mail(cut);
	utc_from_iso(cut);
}

static void
test_truncations(void **state)
{
	char longest[600];

	(void)state;
	every_truncation(BYTES_LIT("Fri, 21 Nov 1997 09(c(d):  55 : 06.123 "
				   "+05:30 (x)"), parse_both);
	every_truncation(BYTES_LIT("2023-05-15T01:02:03.123456789+05:30"),
	    parse_both);
	/* Longer than a date is looked at. */
	memset(longest, '1', sizeof longest);
	parse_both(bytes_of(longest, sizeof longest));
	memset(longest, ':', sizeof longest);
	parse_both(bytes_of(longest, sizeof longest));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mail_dates),
		cmocka_unit_test(test_obsolete_dates),
		cmocka_unit_test(test_no_dates),
		cmocka_unit_test(test_iso),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_truncations),
	};
	int status;

	arena_init(&arena);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return status;
}
