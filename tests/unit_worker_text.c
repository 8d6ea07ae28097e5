/* What the worker keeps of each message's text, at the limits and past them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "forensics/ingest/worker_text.h"
#include "parsers/base/limits.h"
#include "tests/support_sink.h"

static struct worker_text kept;
static struct kept sink;
static struct buffer pieces;

static void
flow(int64_t idx, const char *part, struct bytes text)
{
	const struct text_flow one = { .idx = idx, .part = bytes_cstr(part),
		.text = text, .body = true };

	worker_text_flow(&kept, &one);
}

static const struct record_text *
said(size_t i)
{
	return kept_record(&sink, RECORD_KIND_TEXT, i);
}

/* Piece n of message i; kind 0: there is none. */
static struct kept_piece
piece_of(size_t i, size_t n)
{
	struct kept_piece piece = { .kind = 0 };
	struct bytes rest;

	assert_true(kept_unpack(said(i)->packed, &pieces));
	rest = buffer_bytes(&pieces);
	for (size_t k = 0; k <= n; k++)
		if (!kept_piece_next(&rest, &piece)) {
			assert_int_equal(rest.n, 0);
			return (struct kept_piece){ .kind = 0 };
		}
	return piece;
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
		.cells = cells, .count = 2, .row = 7, .body = true,
		.hidden = true };
	const struct text_flow hung = { .idx = 1, .part = BYTES_LIT("2"),
		.text = BYTES_LIT("an attachment") };
	struct kept_piece piece;

	(void)state;
	worker_text_headers(&kept, 0, BYTES_LIT("Subject: x\n"));
	flow(0, "1", BYTES_LIT("body"));
	worker_text_row(&kept, &row);
	worker_text_flow(&kept, &hung);
	worker_text_message(&kept, 0);
	worker_text_message(&kept, 2);
	worker_text_say(&kept, &sink.sink);
	assert_int_equal(sink.count[RECORD_KIND_TEXT], 3);
	assert_int_equal(said(2)->idx, 2);
	assert_int_equal(piece_of(2, 0).kind, 0);
	assert_int_equal(said(2)->whole, 1);
	piece = piece_of(0, 0);
	assert_int_equal(piece.kind, KEPT_HEADERS);
	assert_true(bytes_eq(piece.text, BYTES_LIT("Subject: x\n")));
	piece = piece_of(0, 1);
	assert_int_equal(piece.kind, KEPT_FLOW);
	assert_true(bytes_eq(piece.part, BYTES_LIT("1")));
	assert_true(bytes_eq(piece.text, BYTES_LIT("body")));
	assert_false(piece.hidden);
	piece = piece_of(0, 3);
	assert_int_equal(piece.kind, KEPT_CELL);
	assert_true(bytes_eq(piece.part, BYTES_LIT("2/table=1")));
	assert_int_equal(piece.row, 7);
	assert_true(bytes_eq(piece.column, BYTES_LIT("B")));
	assert_true(bytes_eq(piece.text, BYTES_LIT("b")));
	assert_true(piece.hidden);
	assert_int_equal(piece_of(0, 4).kind, 0);
	assert_int_equal(said(0)->whole, 1);
	/* read, and nothing in it: that is known */
	assert_int_equal(piece_of(1, 0).kind, 0);
	assert_int_equal(said(1)->whole, 1);
}

/* The texts kept of message i, and whether all of them. */
static void
assert_kept(size_t i, size_t bytes, int whole)
{
	size_t n = 0;

	for (size_t k = 0; piece_of(i, k).kind != 0; k++)
		n += piece_of(i, k).text.n;
	assert_int_equal(n, bytes);
	assert_int_equal(said(i)->whole, whole);
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
	/* nothing follows a cut, though it would fit */
	flow(5, "1", bytes_of(text, LIMIT_KEPT_TEXT - 1));
	flow(5, "1", bytes_of(text, 2));
	flow(5, "1", bytes_of(text, 1));
	worker_text_say(&kept, &sink.sink);
	assert_kept(0, LIMIT_KEPT_TEXT - 1, 1);
	assert_kept(1, LIMIT_KEPT_TEXT - 1, 0); /* no half character */
	assert_kept(2, LIMIT_KEPT_TEXT, 1);
	assert_kept(3, LIMIT_KEPT_TEXT, 0);
	assert_kept(4, LIMIT_KEPT_TEXT, 0);
	assert_kept(5, LIMIT_KEPT_TEXT, 0);
}

static void
test_item_limit(void **state)
{
	static uint8_t text[LIMIT_KEPT_TEXT];
	int64_t most = LIMIT_KEPT_ITEM / LIMIT_KEPT_TEXT;

	(void)state;
	for (int64_t i = 0; i < most + 2; i++)
		flow(i, "1", bytes_of(text, LIMIT_KEPT_TEXT));
	assert_true(kept.bytes <= LIMIT_KEPT_ITEM + 64);
	worker_text_say(&kept, &sink.sink);
	assert_int_equal(said(0)->whole, 1);
	assert_int_equal(said((size_t)most - 2)->whole, 1);
	assert_int_equal(said((size_t)most)->whole, 0);
	assert_kept((size_t)most + 1, 0, 0);
}

/* Cells without a word in them, until no more are kept. */
static void
test_unpacked_limit(void **state)
{
	static struct text_cell cells[LIMIT_CSV_COLUMNS];
	const struct text_row row = { .part = BYTES_LIT("1/table=1"),
		.cells = cells, .count = LIMIT_CSV_COLUMNS, .row = 1,
		.body = true };
	const size_t rows = LIMIT_KEPT_UNPACKED / 5 / LIMIT_CSV_COLUMNS;

	(void)state;
	for (size_t i = 0; i < rows - 1; i++)
		worker_text_row(&kept, &row);
	assert_false(kept.list[0].cut);
	for (size_t i = 0; i < 2; i++)
		worker_text_row(&kept, &row);
	assert_true(kept.list[0].cut);
	assert_true(kept.list[0].pieces.n <= LIMIT_KEPT_UNPACKED);
	worker_text_say(&kept, &sink.sink);
	assert_true(kept_unpack(said(0)->packed, &pieces));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_item_limit, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_unpacked_limit, setup,
		    teardown),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buffer_release(&pieces);
	return failed;
}
