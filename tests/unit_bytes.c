/* Slices, buffers, arenas: the ground everything stands on. */
#include "tests/support_check.h"

#include "parsers/base/arena.h"
#include "parsers/base/buffer.h"
#include "parsers/base/cursor.h"
#include "parsers/base/scan.h"

static void
test_slices_are_clamped(void **state)
{
	struct bytes b = BYTES_LIT("abcdef");

	(void)state;
	assert_text(bytes_slice(b, 1, 3), "bc");
	assert_text(bytes_slice(b, 4, 99), "ef");
	assert_text(bytes_slice(b, 7, 9), "");
	assert_text(bytes_slice(b, 4, 2), "");
	assert_text(bytes_skip(b, 6), "");
	assert_text(bytes_skip(b, SIZE_MAX), "");
	assert_absent(bytes_slice(BYTES_NONE, 0, 5));
	assert_false(bytes_present(BYTES_NONE));
	assert_true(bytes_present(BYTES_LIT("")));
}

static void
test_comparison(void **state)
{
	(void)state;
	assert_true(bytes_eq_nocase(BYTES_LIT("Content-Type"),
	    BYTES_LIT("cONTENT-tYPE")));
	assert_false(bytes_eq_nocase(BYTES_LIT("abc"), BYTES_LIT("abd")));
	assert_false(bytes_eq_nocase(BYTES_LIT("abc"), BYTES_LIT("abcd")));
	/* Only ASCII folds: '@' and '`' are 32 apart and differ. */
	assert_false(bytes_eq_nocase(BYTES_LIT("@"), BYTES_LIT("`")));
	assert_true(bytes_compare(BYTES_LIT("ab"), BYTES_LIT("abc")) < 0);
	assert_true(bytes_compare(BYTES_LIT("b"), BYTES_LIT("abc")) > 0);
	assert_true(bytes_compare(BYTES_LIT("\x80"), BYTES_LIT("\x7f")) > 0);
	assert_int_equal(bytes_compare(BYTES_LIT(""), BYTES_NONE), 0);
	assert_true(bytes_starts(BYTES_LIT("abc"), BYTES_LIT("")));
	assert_true(bytes_ends(BYTES_LIT("a.mbox"), BYTES_LIT(".mbox")));
	assert_false(bytes_ends(BYTES_LIT("mbox"), BYTES_LIT(".mbox")));
}

static void
test_finding(void **state)
{
	struct bytes b = BYTES_LIT("abcabc");

	(void)state;
	assert_int_equal(bytes_find(b, BYTES_LIT("bc")), 1);
	assert_int_equal(bytes_find(b, BYTES_LIT("bd")), SIZE_MAX);
	assert_int_equal(bytes_find(b, BYTES_LIT("abcabcd")), SIZE_MAX);
	assert_int_equal(bytes_find_nocase(b, BYTES_LIT("CA")), 2);
	assert_int_equal(bytes_find_byte(b, 'c'), 2);
	assert_int_equal(bytes_find_byte(BYTES_NONE, 'c'), SIZE_MAX);
	b = BYTES_LIT("From xFrom \nFrom\nFrom ");
	assert_int_equal(bytes_find_line(b, 0, BYTES_LIT("From ")), 0);
	assert_int_equal(bytes_find_line(b, 1, BYTES_LIT("From ")), 17);
	assert_int_equal(bytes_find_line(b, 18, BYTES_LIT("From ")),
	    SIZE_MAX);
	assert_int_equal(bytes_find_line(BYTES_LIT("Fr"), 0,
	    BYTES_LIT("From ")), SIZE_MAX);
	assert_int_equal(bytes_find_line(b, 99, BYTES_LIT("From ")),
	    SIZE_MAX);
	assert_text(bytes_trim(BYTES_LIT(" \t\r\n a b \v\f")), "a b");
	assert_text(bytes_trim(BYTES_LIT("  ")), "");
}

static void
test_cutting(void **state)
{
	struct bytes rest = BYTES_LIT("a,,b"), piece;

	(void)state;
	assert_true(bytes_cut(&rest, ',', &piece));
	assert_text(piece, "a");
	assert_true(bytes_cut(&rest, ',', &piece));
	assert_text(piece, "");
	assert_true(bytes_cut(&rest, ',', &piece));
	assert_text(piece, "b");
	assert_false(bytes_cut(&rest, ',', &piece));
	/* A separator at the end: one more, empty piece. */
	rest = BYTES_LIT("a,");
	assert_true(bytes_cut(&rest, ',', &piece));
	assert_true(bytes_cut(&rest, ',', &piece));
	assert_text(piece, "");
	assert_false(bytes_cut(&rest, ',', &piece));
}

static void
test_lines(void **state)
{
	struct bytes rest = BYTES_LIT("one\r\ntwo\n\nth\rree"), line;

	(void)state;
	assert_true(bytes_line(&rest, &line));
	assert_text(line, "one");
	assert_true(bytes_line(&rest, &line));
	assert_text(line, "two");
	assert_true(bytes_line(&rest, &line));
	assert_text(line, "");
	assert_true(bytes_line(&rest, &line));
	assert_text(line, "th\rree");
	assert_false(bytes_line(&rest, &line));
	rest = BYTES_LIT("x\n");
	assert_true(bytes_line(&rest, &line));
	assert_false(bytes_line(&rest, &line));
}

static void
test_numbers(void **state)
{
	uint64_t n = 7;

	(void)state;
	assert_true(bytes_to_u64(BYTES_LIT("18446744073709551615"), &n));
	assert_true(n == UINT64_MAX);
	assert_false(bytes_to_u64(BYTES_LIT("18446744073709551616"), &n));
	assert_false(bytes_to_u64(BYTES_LIT(""), &n));
	assert_false(bytes_to_u64(BYTES_LIT("1 "), &n));
	assert_false(bytes_to_u64(BYTES_LIT("-1"), &n));
	assert_true(bytes_to_u64(BYTES_LIT("007"), &n));
	assert_int_equal(n, 7);
}

static void
test_cursor_is_sticky(void **state)
{
	struct cursor c = cursor_over(BYTES_LIT("\1\2\3\4"));

	(void)state;
	assert_int_equal(cursor_u8(&c), 1);
	assert_int_equal(cursor_le(&c, 2), 0x0302);
	assert_int_equal(cursor_le(&c, 2), 0); /* one byte short */
	assert_true(c.failed);
	assert_int_equal(cursor_u8(&c), 0);
	assert_int_equal(cursor_left(&c), 0);
}

static void
test_arena_and_buffer(void **state)
{
	struct arena arena;
	struct buffer buffer = BUFFER_EMPTY;
	struct bytes kept;

	(void)state;
	arena_init(&arena);
	assert_non_null(arena_alloc(&arena, 0));
	/* Larger than a block, then small ones after it. */
	memset(arena_raw(&arena, 200000), 1, 200000);
	kept = arena_printf(&arena, "%s-%d", "x", 5);
	assert_text(kept, "x-5");
	assert_text(arena_dup(&arena, BYTES_LIT("")), "");
	assert_absent(arena_dup(&arena, BYTES_NONE));
	arena_reset(&arena);
	arena_release(&arena);
	assert_text(buffer_bytes(&buffer), "");
	for (int i = 0; i < 1000; i++)
		buffer_printf(&buffer, "%03d,", i);
	assert_int_equal(buffer.n, 4000);
	assert_text(bytes_skip(buffer_bytes(&buffer), 3996), "999,");
	buffer_release(&buffer);
}

static void
test_spec_words(void **state)
{
	struct bytes spec = BYTES_LIT("begin=5 end=70 rows= xend=9");

	(void)state;
	assert_int_equal(spec_number(spec, "begin", 1), 5);
	assert_int_equal(spec_number(spec, "end", 1), 70);
	assert_int_equal(spec_number(spec, "rows", 3), 3);
	assert_int_equal(spec_number(BYTES_NONE, "begin", 1), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slices_are_clamped),
		cmocka_unit_test(test_comparison),
		cmocka_unit_test(test_finding),
		cmocka_unit_test(test_cutting),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_cursor_is_sticky),
		cmocka_unit_test(test_arena_and_buffer),
		cmocka_unit_test(test_spec_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
