#include "parsers/base/csv.h"
#include "parsers/documents/text.h"

/* Column letters as a spreadsheet shows them: A, B, ... Z, AA. */
static struct bytes
column_letters(struct arena *arena, size_t column)
{
	uint8_t text[8];
	size_t n = sizeof text;

	do {
		text[--n] = (uint8_t)('A' + column % 26);
		column = column / 26;
	} while (column-- > 0 && n > 0);
	return arena_dup(arena, bytes_of(text + n, sizeof text - n));
}

bool
csv_text_fits(struct bytes text)
{
	struct csv csv = { .data = bytes_slice(text, 0, 16384),
		.separator = csv_separator(text) };
	static struct csv_row row;
	size_t first;

	if (!csv_next(&csv, &row) || row.count < 2)
		return false;
	first = row.count;
	return csv_next(&csv, &row) && row.count == first;
}

void
csv_text_say(const struct text_target *target, struct arena *arena,
    struct bytes text)
{
	struct csv csv = { .data = text, .separator = csv_separator(text) };
	static struct csv_row row;
	struct text_cell *cells;
	struct text_row out = { .idx = target->idx, .part = target->part };

	if (bytes_starts(csv.data, BYTES_LIT("\xef\xbb\xbf")))
		csv.data = bytes_skip(csv.data, 3);
	cells = arena_array(arena, LIMIT_CSV_COLUMNS, sizeof *cells);
	for (size_t i = 0; i < LIMIT_CSV_COLUMNS; i++)
		cells[i].column = column_letters(arena, i);
	out.cells = cells;
	while (csv_next(&csv, &row)) {
		out.row++;
		for (size_t i = 0; i < row.count; i++)
			cells[i].text = csv_text(arena, row.field[i]);
		out.count = row.count;
		sink_row(target->sink, &out);
	}
}
