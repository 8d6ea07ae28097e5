/* Values are masked where they were found, each with its own mask. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "forensics/case/case.h"
#include "reports/mask_piece.h"

static struct case_file *file;
static char folder[64];
static struct arena arena;
static struct mask *mask;
static const struct mask_places *places;

static int
setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/unit_mask_piece.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	arena_init(&arena);
	file = case_open(folder, CASE_CREATE);
	case_run(file,
	    "INSERT INTO sources(source, source_id, sha256, md5, bytes, kind,"
	    " state) VALUES(1, 'S-1', 'x', 'y', 0, 'eml', 'done');"
	    "INSERT INTO messages(message, source, message_id, locator, state)"
	    " VALUES(1, 1, 'M-1', '', 'live');"
	    "INSERT INTO findings(finding_id, message, part, text_offset,"
	    " detector, element, level, value, normalized, masked, class)"
	    " VALUES"
	    " ('F-1', 1, '1', 2, 'a', 'X', 'high', '40302010', '', 'AA', ''),"
	    " ('F-2', 1, '1', 102, 'b', 'X', 'high', '40302010', '', 'BB', ''),"
	    " ('F-3', 1, '2/table=1/row=3/col=2', NULL, 'c', 'X', 'high',"
	    "  '40302010', '', 'CC', ''),"
	    " ('F-4', 1, '1', 4, 'd', 'X', 'low', '302', '', 'DD', ''),"
	    " ('F-5', 1, '3', -5, 'e', 'X', 'low', '40302010', '', 'EE', ''),"
	    " ('F-6', 1, 'headers/Subject', 0, 'e', 'X', 'high',"
	    "  'Ab-99-77-55', '', 'GG', '')");
	mask = mask_new(file, false);
	places = mask_places_load(file, &arena, 1);
	return 0;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	mask_free(mask);
	case_close(file);
	arena_release(&arena);
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command);
}

static void
expect(const struct kept_piece *piece, const char *masked)
{
	struct bytes got = mask_piece(mask, places, &arena, piece);

	if (!bytes_eq(got, bytes_cstr(masked)))
		fail_msg("got '%.*s', expected '%s'", (int)got.n,
		    (const char *)got.p, masked);
}

static void
test_flow(void **state)
{
	const struct kept_offset_pair map[] = { { 0, 0 }, { 12, 102 } };
	struct buffer pieces = BUFFER_EMPTY;
	struct kept_piece piece = { .kind = KEPT_FLOW, .part = BYTES_LIT("1"),
		.text = BYTES_LIT("a 40302010\nb40302010 and 4030 2010") };
	struct bytes rest;

	(void)state;
	/* The map puts the second at 102; the third is a spelling of it. */
	kept_piece_add(&pieces, &piece, false, map, 2);
	rest = buffer_bytes(&pieces);
	piece = (struct kept_piece){ .kind = 0 };
	assert_true(kept_piece_next(&rest, &piece));
	expect(&piece, "a AA\nbBB and AA");
	buffer_release(&pieces);
}

static void
test_cell(void **state)
{
	struct kept_piece piece = { .kind = KEPT_CELL, .row = 3,
		.part = BYTES_LIT("2/table=1"), .column = BYTES_LIT("2"),
		.text = BYTES_LIT("x 40302010 y") };

	(void)state;
	expect(&piece, "x CC y");
	/* Another cell: as any text of the message. */
	piece.row = 4;
	expect(&piece, "x AA y");
}

/* Offsets that nothing stands at. */
static void
test_elsewhere(void **state)
{
	struct kept_piece piece = { .kind = KEPT_FLOW, .part = BYTES_LIT("3"),
		.text = BYTES_LIT("40302010") };

	(void)state;
	expect(&piece, "AA");
	piece.part = BYTES_LIT("1");
	piece.text = BYTES_LIT("a");
	expect(&piece, "a");
	piece.text = BYTES_LIT("");
	expect(&piece, "");
}

static void
test_headers(void **state)
{
	struct bytes got = mask_headers(mask, places, &arena, BYTES_LIT(
	    "Subject: Ab-99-\r\n 77-55\r\nX: =?utf-8?B?QWI=?=\r\n\tb\r\n"));

	(void)state;
	assert_true(bytes_eq(got,
	    BYTES_LIT("Subject: GG\nX: =?...?=\tb\n")) ||
		    (fprintf(stderr, "%.*s\n", (int)got.n,
			(const char *)got.p), false));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flow),
		cmocka_unit_test(test_cell),
		cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_headers),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
