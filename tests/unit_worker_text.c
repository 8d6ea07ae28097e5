/* What the worker keeps of each message's text, at the limit and past it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "forensics/ingest/worker_text.h"
#include "parsers/base/limits.h"
#include "tests/support_sink.h"

static struct worker_text kept;
static struct kept sink;

static void
flow(int64_t idx, const char *part, struct bytes text)
{
	const struct text_flow one = { .idx = idx, .part = bytes_cstr(part),
		.text = text };

	worker_text_flow(&kept, &one);
}

static const struct record_text *
said(size_t i)
{
	return kept_record(&sink, RECORD_KIND_TEXT, i);
}

static int
setup(void **state)
{
	(void)state;
	kept_init(&sink);
	worker_text_begin(&kept);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	kept_release(&sink);
	return 0;
}

static void
test_parts(void **state)
{
	const struct text_cell cells[2] = { { BYTES_LIT("a"), BYTES_LIT("A") },
		{ BYTES_LIT("b"), BYTES_LIT("B") } };
	const struct text_row row = { .idx = 0, .part = BYTES_LIT("2/table=1"),
		.cells = cells, .count = 2 };

	(void)state;
	flow(0, "headers/Subject", BYTES_LIT("secret"));
	flow(1, "headers/Subject", BYTES_LIT("inner"));
	flow(0, "1", BYTES_LIT("body"));
	flow(0, "attachment=3", BYTES_LIT("no"));
	flow(0, "2/member=a.txt", BYTES_LIT("no"));
	worker_text_row(&kept, &row);
	worker_text_say(&kept, &sink.sink);
	assert_int_equal(sink.count[RECORD_KIND_TEXT], 2);
	assert_true(bytes_eq(said(0)->text, BYTES_LIT("body\na b")));
	assert_int_equal(said(0)->whole, 1);
	/* read, and nothing in it: that is known */
	assert_true(bytes_eq(said(1)->text, BYTES_LIT("")));
	assert_int_equal(said(1)->whole, 1);
}

static void
test_limit(void **state)
{
	static uint8_t text[LIMIT_KEPT_TEXT + 2];

	(void)state;
	memset(text, 'x', sizeof text);
	memcpy(text + LIMIT_KEPT_TEXT - 1, "\xc3\xa9", 2);
	flow(0, "1", bytes_of(text, LIMIT_KEPT_TEXT - 1));
	flow(1, "1", bytes_of(text, LIMIT_KEPT_TEXT + 1));
	memset(text, 'x', sizeof text);
	flow(2, "1", bytes_of(text, LIMIT_KEPT_TEXT));
	flow(3, "1", bytes_of(text, LIMIT_KEPT_TEXT + 1));
	flow(4, "1", bytes_of(text, LIMIT_KEPT_TEXT));
	flow(4, "1", bytes_of(text, 1));
	worker_text_say(&kept, &sink.sink);
	assert_int_equal(said(0)->whole, 1);
	/* no half character */
	assert_int_equal(said(1)->text.n, LIMIT_KEPT_TEXT - 1);
	assert_int_equal(said(1)->whole, 0);
	assert_int_equal(said(2)->text.n, LIMIT_KEPT_TEXT);
	assert_int_equal(said(2)->whole, 1);
	assert_int_equal(said(3)->text.n, LIMIT_KEPT_TEXT);
	assert_int_equal(said(3)->whole, 0);
	assert_int_equal(said(4)->text.n, LIMIT_KEPT_TEXT);
	assert_int_equal(said(4)->whole, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limit, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
