/* CSV rows over slices, and as the text of attachments. */
#include "tests/support_check.h"

#include "parsers/base/csv.h"
#include "parsers/documents/text.h"
#include "tests/support_sink.h"

static struct arena arena;
static struct csv_row row;

static void
expect_rows(struct bytes text, const char *want)
{
	struct csv csv = { .data = text, .separator = ',' };
	char got[500] = "";

	while (csv_next(&csv, &row)) {
		for (size_t i = 0; i < row.count; i++) {
			struct bytes field = csv_text(&arena, row.field[i]);

			snprintf(got + strlen(got), sizeof got - strlen(got),
			    "[%.*s]", (int)field.n, (const char *)field.p);
		}
		snprintf(got + strlen(got), sizeof got - strlen(got), "%s;",
		    row.open ? "open" : "");
	}
	assert_string_equal(got, want);
}

#define expect(text, want) expect_rows(BYTES_LIT(text), want)

static void
test_rows(void **state)
{
	(void)state;
	expect("a,b\r\nc,\n", "[a][b];[c][];");
	expect("\"a,\"\"x\"\"\",\"b\nc\"\nd", "[a,\"x\"][b\nc];[d];");
	expect("", "");
	expect("\n\n", "[];[];");
	expect("a", "[a];");
	expect(",", "[][];");
	/* Text after a closing quote is not of the field. */
	expect("\"a\"x,b\n", "[a][b];");
	/* A quote inside an unquoted field stands for itself. */
	expect("a\"b,c\n", "[a\"b][c];");
}

static void
test_open_quotes(void **state)
{
	(void)state;
	expect("\"never closed,\nx", "[never closed,\nx]open;");
	expect("\"", "[]open;");
	expect("\"\"", "[];");
}

static void
test_width(void **state)
{
	char text[LIMIT_CSV_COLUMNS * 2 + 4];
	struct csv csv = { .separator = ',' };

	(void)state;
	memset(text, ',', sizeof text);
	/* n commas part n + 1 fields. */
	csv.data = bytes_of(text, LIMIT_CSV_COLUMNS - 1);
	assert_true(csv_next(&csv, &row));
	assert_int_equal(row.count, LIMIT_CSV_COLUMNS);
	assert_false(row.too_wide);
	csv.data = bytes_of(text, LIMIT_CSV_COLUMNS);
	csv.at = 0;
	assert_true(csv_next(&csv, &row));
	assert_int_equal(row.count, LIMIT_CSV_COLUMNS);
	assert_true(row.too_wide);
}

static void
test_separator(void **state)
{
	(void)state;
	assert_int_equal(csv_separator(BYTES_LIT("a;b;c,d\n")), ';');
	assert_int_equal(csv_separator(BYTES_LIT("a\tb\n")), '\t');
	assert_int_equal(csv_separator(BYTES_LIT("a\n;;;")), ',');
}

static void
test_as_text(void **state)
{
	struct kept kept;
	struct text_target target = { .part = BYTES_LIT("2") };

	(void)state;
	assert_true(csv_text_fits(BYTES_LIT("a,b\n1,2\n")));
	assert_false(csv_text_fits(BYTES_LIT("a,b\n1\n")));
	assert_false(csv_text_fits(BYTES_LIT("a\nb\n")));
	assert_false(csv_text_fits(BYTES_LIT("")));
	kept_init(&kept);
	target.sink = &kept.sink;
	csv_text_say(&target, &arena,
	    BYTES_LIT("\xef\xbb\xbfName;SSN\nJo;1\n"));
	assert_int_equal(kept.row_count, 2);
	assert_text(kept.rows[0].cells[0].text, "Name");
	assert_text(kept.rows[1].cells[1].column, "B");
	assert_int_equal(kept.rows[1].row, 2);
	kept_release(&kept);
}

static void
test_columns_have_letters(void **state)
{
	struct kept kept;
	struct text_target target = { .part = BYTES_LIT("2") };
	char text[LIMIT_CSV_COLUMNS];

	(void)state;
	memset(text, ',', sizeof text);
	kept_init(&kept);
	target.sink = &kept.sink;
	csv_text_say(&target, &arena, bytes_of(text, 730));
	assert_text(kept.rows[0].cells[25].column, "Z");
	assert_text(kept.rows[0].cells[26].column, "AA");
	assert_text(kept.rows[0].cells[701].column, "ZZ");
	assert_text(kept.rows[0].cells[702].column, "AAA");
	kept_release(&kept);
}

static void
read_cut(struct bytes cut)
{
	struct csv csv = { .data = cut, .separator = ',' };
	size_t end = 0;

	while (csv_next(&csv, &row)) {
		assert_true(row.begin == end && row.end > row.begin);
		end = row.end;
		for (size_t i = 0; i < row.count; i++)
			csv_text(&arena, row.field[i]);
	}
	assert_int_equal(end, cut.n);
	arena_reset(&arena);
}

static void
test_truncations(void **state)
{
	(void)state;
	every_truncation(BYTES_LIT("a,\"b\"\"\r\n\",c\r\n\"\",,\"x\"y\n\"open"),
	    read_cut);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_open_quotes),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_separator),
		cmocka_unit_test(test_as_text),
		cmocka_unit_test(test_columns_have_letters),
		cmocka_unit_test(test_truncations),
	};
	int status;

	arena_init(&arena);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return status;
}
