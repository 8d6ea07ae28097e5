#include "parsers/audit/table_csv.h"

#include "parsers/audit/csv_units.h"
#include "parsers/audit/cut_export.h"
#include "parsers/audit/forms.h"
#include "parsers/audit/row_object.h"
#include "parsers/base/text.h"

/* What the columns of a header row say; NULL: nothing that we know. */
static const struct form *
form_of_columns(const struct row_columns *columns)
{
	struct json_document *document = json_document_new();
	struct buffer object = BUFFER_EMPTY;
	const struct form *form = NULL;
	struct json root;

	if (document != NULL && columns->count > 2 &&
	    json_parse(document, row_header_object(&object, columns), &root))
		form = form_of(root);
	json_document_free(document);
	buffer_release(&object);
	return form;
}

unsigned
table_csv_probe(struct bytes head, const char *format)
{
	static struct csv_row row;
	static struct row_columns columns;
	const struct form *found = NULL;
	struct arena arena;
	struct bytes text;
	struct csv csv;

	arena_init(&arena);
	text = bytes_slice(csv_head_text(&arena, head), 0, 16384);
	if (text.n > 0 && text.p[0] != '\0' &&
	    strchr("{[<#", text.p[0]) == NULL) {
		csv = (struct csv){ text, 0, csv_separator(text), NULL };
		if (csv_next(&csv, &row)) {
			row_columns_of(&arena, &row, &columns);
			found = form_of_columns(&columns);
		}
	}
	arena_release(&arena);
	return found != NULL && strcmp(found->parser, format) == 0 ? 62 : 0;
}

enum outcome
table_csv_plan(const struct input *input, struct sink *sink)
{
	return csv_units_plan(input, sink, NULL);
}

struct table_run {
	struct ual *ual;
	struct sink *sink;
	struct csv_unit unit;
	const struct form *form;
	struct row_columns columns;
	struct bytes values[LIMIT_CSV_COLUMNS];
	struct buffer object;
	struct arena arena; /* one row */
	uint64_t row;
};

/* Blank lines, and the comments between the headers of Exchange's logs. */
static bool
is_no_row(const struct csv_row *row)
{
	struct bytes first = row->field[0].raw;

	return (row->count == 1 && bytes_trim(first).n == 0) ||
	       (first.n > 0 && first.p[0] == '#' && !row->field[0].quoted);
}

static bool
say_row(struct table_run *run, const struct csv *csv,
    const struct csv_row *row, int64_t idx)
{
	struct bytes locator = arena_printf(&run->arena, "row=%llu",
	    (unsigned long long)run->row);
	struct ual_place place = { idx, locator, RECORD_NONE, RECORD_NONE,
		RECORD_NONE, RECORD_NONE, RECORD_NONE };
	struct bytes text;

	if (run->unit.plain) {
		place.raw_offset = (int64_t)(run->unit.base + row->begin);
		place.raw_bytes = (int64_t)(row->end - row->begin);
	}
	for (size_t i = 0; i < row->count; i++)
		run->values[i] = text_repair_utf8(&run->arena,
		    csv_text(&run->arena, row->field[i]));
	text = row_object(&run->object, &run->columns, run->values,
	    row->count);
	if (row->too_wide)
		csv_say_too_wide(locator, run->sink);
	if (!row->open && run->form != NULL &&
	    form_say(run->ual, run->form, text, &place, run->sink))
		return true;
	text = bytes_slice(csv->data, row->begin, row->end);
	ual_salvage(bytes_slice(text, 0, LIMIT_SALVAGE_BYTES), locator,
	    run->sink, row->open);
	return false;
}

static void
say_block(struct table_run *run, struct csv *csv, struct csv_row *row)
{
	struct bytes locator = arena_printf(&run->arena, "row=%llu",
	    (unsigned long long)run->row);
	bool wanted = sink_item_begin(run->sink, locator);
	int64_t idx = 0;

	if (wanted)
		sink_item_size(run->sink, csv_rows_left(&run->unit, run->row));
	for (unsigned rows = 0; rows < UAL_BLOCK && csv_next(csv, row);
	     rows++, run->row++) {
		if (wanted && !is_no_row(row))
			idx += say_row(run, csv, row, idx);
		arena_reset(&run->arena);
	}
	if (wanted)
		sink_item_end(run->sink);
}

enum outcome
table_csv_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	static struct csv_row row;
	static struct table_run run;
	struct arena arena;
	struct csv csv = { .at = 0 };

	run = (struct table_run){ .sink = sink };
	arena_init(&arena);
	if (!csv_unit_open(input, spec, &arena, sink, &run.unit)) {
		arena_release(&arena);
		return OUTCOME_SOURCE_LOST;
	}
	arena_init(&run.arena);
	csv = (struct csv){ run.unit.header, 0, run.unit.separator, NULL };
	csv_next(&csv, &row);
	row_columns_of(&arena, &row, &run.columns);
	run.form = form_of_columns(&run.columns);
	run.row = run.unit.row;
	csv = (struct csv){ run.unit.rows, 0, run.unit.separator, NULL };
	run.ual = ual_new();
	while (csv.at < csv.data.n)
		say_block(&run, &csv, &row);
	cut_export_say(sink, run.ual, run.unit.total);
	ual_free(run.ual);
	buffer_release(&run.object);
	arena_release(&run.arena);
	arena_release(&arena);
	return OUTCOME_OK;
}
