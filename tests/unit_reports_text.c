/* What reports do to a text: CSV and JSON quoting, lists, masking. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "forensics/case/case.h"
#include "reports/mask.h"
#include "reports/writer.h"

static void
expect_csv(const char *in, size_t n, const char *wanted)
{
	struct buffer out = BUFFER_EMPTY;

	csv_add_field(&out, bytes_of(in, n));
	buffer_add_byte(&out, '\0');
	assert_string_equal(out.p, wanted);
	buffer_release(&out);
}

#define CSV(in, wanted) expect_csv(in, sizeof(in) - 1, wanted)

static void
test_csv(void **state)
{
	(void)state;
	CSV("", "");
	CSV("plain", "plain");
	CSV("a,b", "\"a,b\"");
	CSV("say \"x\"", "\"say \"\"x\"\"\"");
	CSV(" padded", "\" padded\"");
	CSV("a\nb", "a\\x0ab");
	CSV("\x1b[31m", "\\x1b[31m");
	CSV("a\0b", "a\\x00b");
	CSV("\xe2\x80\xae" "gpj", "\\u202egpj");
	CSV("\xe2\x80\xa8x", "\\u2028x");
	CSV("\xc2\x85", "\\x85");
}

static void
test_csv_formulas(void **state)
{
	(void)state;
	CSV("=1", "\"'=1\"");
	CSV("+1", "\"'+1\"");
	CSV("-1", "\"'-1\"");
	CSV("@x", "\"'@x\"");
	CSV("  =1", "\"'  =1\"");
	CSV("\xc2\xa0=1", "\"'\xc2\xa0=1\"");
	CSV("\xef\xbb\xbf=1", "\"'\xef\xbb\xbf=1\"");
	CSV("\t=1", "\"'\\x09=1\"");
	CSV("\tx", "\"'\\x09x\"");
	CSV("\rx", "\"'\\x0dx\"");
	CSV("\nx", "\"'\\x0ax\"");
	CSV(" \tx", "\" \\x09x\"");
	CSV("'x", "\"''x\"");
	CSV("\xef\xbc\x9d" "1", "\"'\xef\xbc\x9d" "1\"");
	CSV("\xef\xbc\xa0" "1", "\"'\xef\xbc\xa0" "1\"");
	CSV("a=1", "a=1");
	CSV("ab,c", "\"ab,c\"");
	CSV("ab ", "\"ab \"");
	CSV("ab\x7f", "ab\\x7f");
	CSV("ab\xe2\x80\xae" "c", "ab\\u202ec");
	CSV("2023-05-16", "2023-05-16");
}

static void
test_json_string(void **state)
{
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	json_add_string(&out, BYTES_LIT("a\"\\\n\x7f\xe2\x80\xa8"));
	buffer_add_byte(&out, '\0');
	assert_string_equal(out.p,
	    "\"a\\\"\\\\\\u000a\\u007f\xe2\x80\xa8\"");
	/* Runs of plain letters between what is escaped. */
	buffer_reset(&out);
	json_add_string(&out, BYTES_LIT("abc\"defgh\nij\\klm"));
	buffer_add_byte(&out, '\0');
	assert_string_equal(out.p,
	    "\"abc\\\"defgh\\u000aij\\\\klm\"");
	buffer_release(&out);
}

static void
expect_element(struct json_list *list, struct arena *arena,
    const char *wanted)
{
	struct bytes element;

	assert_true(json_list_next(list, arena, &element));
	assert_true(bytes_eq(element, bytes_cstr(wanted)));
}

static void
test_json_list(void **state)
{
	struct json_list list = json_list_over(BYTES_LIT(
	    "[\"a\",\"\\\"b\\\\ \\n\",\"\\u00e9\",\"\\ud83d\\ude00\","
	    "\"\\ud83dx\",\"\\udc00\",\"\"]"));
	struct arena arena;
	struct bytes element;

	(void)state;
	arena_init(&arena);
	expect_element(&list, &arena, "a");
	expect_element(&list, &arena, "\"b\\ \n");
	expect_element(&list, &arena, "\xc3\xa9");
	expect_element(&list, &arena, "\xf0\x9f\x98\x80");
	expect_element(&list, &arena, "\xef\xbf\xbdx");
	expect_element(&list, &arena, "\xef\xbf\xbd");
	expect_element(&list, &arena, "");
	assert_false(json_list_next(&list, &arena, &element));
	list = json_list_over(BYTES_LIT("[]"));
	assert_false(json_list_next(&list, &arena, &element));
	list = json_list_over(BYTES_NONE);
	assert_false(json_list_next(&list, &arena, &element));
	list = json_list_over(BYTES_LIT("[\"cut"));
	json_list_next(&list, &arena, &element);
	arena_release(&arena);
}

static char folder[64];
static struct case_file *file;

static int
case_make(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/unit_reports.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	file = case_open(folder, CASE_CREATE);
	case_run(file,
	    "INSERT INTO sources(source, source_id, sha256, md5, bytes, kind,"
	    " state) VALUES(1, 'S-1', 'x', 'y', 0, 'eml', 'done');"
	    "INSERT INTO messages(message, source, message_id, locator, state)"
	    " VALUES(1, 1, 'M-1', '', 'live'), (2, 1, 'M-2', '', 'live');"
	    "INSERT INTO findings(finding_id, message, detector, element,"
	    " kind, level, value, normalized, masked, class) VALUES"
	    " ('F-1', 1, 'us_ssn', 'SSN', NULL, 'high', '078-05-1120',"
	    "  '078051120', '***-**-1120', 'us_ssn'),"
	    " ('F-2', 1, 'email', '', NULL, 'medium', 'jo@example.com',"
	    "  'jo@example.com', 'j*@example.com', 'email'),"
	    " ('F-3', 1, 'password', 'CRED', 'password', 'medium', 'welcome',"
	    "  'welcome', '********', 'password'),"
	    " ('F-4', 1, 'password', 'CRED', 'password', 'medium', '#!?',"
	    "  '#!?', '********', 'password'),"
	    " ('F-5', 1, 'id', 'GOVID', NULL, 'low', '12-3456789',"
	    "  '123456789', '**-***6789', 'ein')");
	return 0;
}

static int
case_remove(void **state)
{
	char command[128];

	(void)state;
	case_close(file);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

static void
expect_mask(struct mask *mask, int64_t message, const char *in,
    const char *wanted)
{
	struct arena arena;
	struct bytes out;

	arena_init(&arena);
	out = mask_text(mask, &arena, message, bytes_cstr(in));
	if (!bytes_eq(out, bytes_cstr(wanted)))
		fail_msg("'%s' gave '%.*s', not '%s'", in, (int)out.n,
		    (const char *)out.p, wanted);
	arena_release(&arena);
}

static void
test_mask_in_message(void **state)
{
	struct mask *mask = mask_new(file, false);

	(void)state;
	expect_mask(mask, 1, "SSN 078-05-1120.", "SSN ***-**-1120.");
	expect_mask(mask, 1, "078051120", "***-**-1120");
	expect_mask(mask, 1, "a 078 05 1120, 078.05.1120",
	    "a ***-**-1120, ***-**-1120");
	expect_mask(mask, 1, "1078051120", "1078051120");
	expect_mask(mask, 1, "to JO@example.com", "to j*@example.com");
	expect_mask(mask, 1, "welcome #!?", "******** ********");
	expect_mask(mask, 1, "12-3456789", "**-***6789");
	expect_mask(mask, 1, "", "");
	mask_free(mask);
}

static void
test_mask_elsewhere(void **state)
{
	struct mask *mask = mask_new(file, false);

	(void)state;
	expect_mask(mask, INT64_MIN, "folder 078-05-1120",
	    "folder ***-**-1120");
	expect_mask(mask, 2, "078051120 again", "***-**-1120 again");
	expect_mask(mask, INT64_MIN, "welcome jo@example.com",
	    "welcome jo@example.com");
	expect_mask(mask, INT64_MIN, "12-3456789", "12-3456789");
	expect_mask(mask, INT64_MIN, "0780511201", "0780511201");
	/* Message 1 again: what was near is read anew. */
	expect_mask(mask, 1, "welcome", "********");
	expect_mask(mask, 2, "welcome", "welcome");
	mask_free(mask);
}

static void
test_unmask(void **state)
{
	struct mask *mask = mask_new(file, true);

	(void)state;
	expect_mask(mask, 1, "078-05-1120 welcome", "078-05-1120 welcome");
	mask_free(mask);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_csv_formulas),
		cmocka_unit_test(test_json_string),
		cmocka_unit_test(test_json_list),
		cmocka_unit_test_setup_teardown(test_mask_in_message,
		    case_make, case_remove),
		cmocka_unit_test_setup_teardown(test_mask_elsewhere,
		    case_make, case_remove),
		cmocka_unit_test_setup_teardown(test_unmask, case_make,
		    case_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
