/* Kept texts packed and unpacked, offsets back, damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "parsers/base/kept_text.h"
#include "parsers/base/limits.h"

static const struct kept_offset_pair map[] = { { 0, 12 }, { 4, 30 },
	{ 9, 33 }, { 11, 2 } };

static void
fill(struct buffer *pieces)
{
	const struct kept_piece headers = { .kind = KEPT_HEADERS,
		.part = BYTES_LIT(""), .text = BYTES_LIT("A: b\n") };
	const struct kept_piece flow = { .kind = KEPT_FLOW,
		.part = BYTES_LIT("2.1"), .hidden = true,
		.text = BYTES_LIT("abcdefghijklm") };
	const struct kept_piece cell = { .kind = KEPT_CELL, .row = 300,
		.column = BYTES_LIT("B"), .part = BYTES_LIT("2.1"),
		.text = BYTES_LIT("") };

	kept_piece_add(pieces, &headers, false, NULL, 0);
	kept_piece_add(pieces, &flow, false, map, 4);
	kept_piece_add(pieces, &cell, true, NULL, 0);
}

static void
test_round(void **state)
{
	struct buffer pieces = BUFFER_EMPTY, packed = BUFFER_EMPTY;
	struct buffer again = BUFFER_EMPTY;
	struct kept_piece piece = { .kind = 0 };
	struct bytes rest;

	(void)state;
	fill(&pieces);
	kept_pack(buffer_bytes(&pieces), &packed);
	assert_true(kept_unpack(buffer_bytes(&packed), &again));
	assert_true(bytes_eq(buffer_bytes(&pieces), buffer_bytes(&again)));
	rest = buffer_bytes(&again);
	assert_true(kept_piece_next(&rest, &piece));
	assert_int_equal(piece.kind, KEPT_HEADERS);
	assert_int_equal(kept_text_offset(&piece, 4), 4);
	assert_int_equal(kept_text_offset(&piece, 5), SIZE_MAX);
	assert_true(kept_piece_next(&rest, &piece));
	assert_true(piece.hidden);
	assert_int_equal(kept_text_offset(&piece, 12), 0);
	assert_int_equal(kept_text_offset(&piece, 15), 3);
	assert_int_equal(kept_text_offset(&piece, 30), 4);
	assert_int_equal(kept_text_offset(&piece, 33), 9);
	assert_int_equal(kept_text_offset(&piece, 3), 12);
	assert_int_equal(kept_text_offset(&piece, 1), SIZE_MAX);
	assert_int_equal(kept_text_offset(&piece, 400), SIZE_MAX);
	assert_true(kept_piece_next(&rest, &piece));
	assert_int_equal(piece.row, 300);
	assert_true(bytes_eq(piece.part, BYTES_LIT("2.1")));
	assert_true(bytes_eq(piece.column, BYTES_LIT("B")));
	assert_false(kept_piece_next(&rest, &piece));
	assert_int_equal(rest.n, 0);
	buffer_release(&pieces);
	buffer_release(&packed);
	buffer_release(&again);
}

/* Every truncation and every byte made another: no read beyond, an end. */
static void
test_damage(void **state)
{
	struct buffer pieces = BUFFER_EMPTY;

	(void)state;
	fill(&pieces);
	for (size_t n = 0; n < pieces.n * 2; n++) {
		size_t size = n < pieces.n ? n : pieces.n;
		uint8_t *copy = malloc(size + 1);
		struct bytes rest = bytes_of(copy, size);
		struct kept_piece piece = { .kind = 0 };

		memcpy(copy, pieces.p, size);
		copy = realloc(copy, size ? size : 1);
		rest.p = copy;
		if (n >= pieces.n)
			copy[n - pieces.n] ^= 0xff;
		while (kept_piece_next(&rest, &piece))
			kept_text_offset(&piece, 30);
		if (n < pieces.n && n > 0)
			assert_true(rest.n < n || n < 9);
		free(copy);
	}
	buffer_release(&pieces);
}

static void
test_no_frame(void **state)
{
	struct buffer zeros = BUFFER_EMPTY, packed = BUFFER_EMPTY;
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	assert_false(kept_unpack(BYTES_LIT("nothing of ours"), &out));
	assert_false(kept_unpack(BYTES_LIT(""), &out));
	memset(buffer_reserve(&zeros, LIMIT_KEPT_UNPACKED + 1), 0,
	    LIMIT_KEPT_UNPACKED + 1);
	zeros.n = LIMIT_KEPT_UNPACKED;
	kept_pack(buffer_bytes(&zeros), &packed);
	assert_true(kept_unpack(buffer_bytes(&packed), &out));
	assert_int_equal(out.n, LIMIT_KEPT_UNPACKED);
	packed.p[packed.n - 1] ^= 0x5a;
	packed.n--;
	assert_false(kept_unpack(buffer_bytes(&packed), &out));
	zeros.n++;
	buffer_reset(&packed);
	kept_pack(buffer_bytes(&zeros), &packed);
	assert_false(kept_unpack(buffer_bytes(&packed), &out));
	buffer_release(&zeros);
	buffer_release(&packed);
	buffer_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_no_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
