/*
 * Unified audit log in CSV: the Purview portal's export (A), Search-
 * UnifiedAuditLog | Export-Csv (B), the older portal's (C), and re-exports
 * by a SIEM (D).  The record is the cell AuditData; wrapper columns are
 * never believed.
 */
#include "parsers/audit/csv_units.h"
#include "parsers/audit/cut_export.h"
#include "parsers/audit/json.h"
#include "parsers/base/text.h"

struct columns {
	size_t audit, fallback, count, index;
	bool guid_first;
};

static struct columns
columns_of(struct arena *arena, struct bytes header, uint8_t separator)
{
	struct columns c = { SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, false };
	struct csv csv = { header, 0, separator, NULL };
	static struct csv_row row;

	if (!csv_next(&csv, &row))
		return c;
	for (size_t i = 0; i < row.count; i++) {
		struct bytes name = bytes_trim(csv_text(arena, row.field[i]));

		if (bytes_eq_nocase(name, BYTES_LIT("AuditData")))
			c.audit = i;
		else if (bytes_eq(name, BYTES_LIT("_raw")) ||
			 bytes_eq_nocase(name, BYTES_LIT("Detail")))
			c.fallback = i;
		else if (bytes_eq_nocase(name, BYTES_LIT("ResultCount")))
			c.count = i;
		else if (bytes_eq_nocase(name, BYTES_LIT("ResultIndex")))
			c.index = i;
		if (i == 0 && bytes_eq_nocase(name, BYTES_LIT("RecordId")))
			c.guid_first = true;
	}
	return c;
}

/* Time,User,Activity,Item,Detail: the oldest portal. */
static bool
is_old_portal(struct bytes text)
{
	return bytes_starts_nocase(text, BYTES_LIT("Time,User,Activity")) ||
	       bytes_starts_nocase(text,
	           BYTES_LIT("\"Time\",\"User\",\"Activity\""));
}

static unsigned
ual_csv_probe(struct bytes head, uint64_t size)
{
	struct bytes text;
	struct columns c;
	struct arena arena;
	unsigned bid = 0;

	(void)size;
	arena_init(&arena);
	text = csv_head_text(&arena, head);
	/* A JSON record has commas and the word AuditData too. */
	if (text.n > 0 && strchr("{[<", text.p[0]) == NULL &&
	    text.p[0] != '\0') {
		text = bytes_slice(text, 0, 16384);
		text = bytes_slice(text, 0, bytes_find_byte(text, '\n'));
		c = columns_of(&arena, text, csv_separator(text));
		if (c.audit != SIZE_MAX ||
		    (is_old_portal(text) && c.fallback == 4))
			bid = 72;
	}
	arena_release(&arena);
	return bid;
}

static enum outcome
ual_csv_plan(const struct input *input, struct sink *sink)
{
	struct csv_unit unit;
	struct arena arena;
	struct columns c = { .guid_first = false };

	arena_init(&arena);
	if (csv_unit_open(input, BYTES_LIT("end=0"), &arena, sink, &unit))
		c = columns_of(&arena, unit.header, unit.separator);
	arena_release(&arena);
	return csv_units_plan(input, sink,
	    c.guid_first ? csv_begins_with_guid : NULL);
}

struct csv_run {
	struct ual *ual;
	struct sink *sink;
	struct columns columns;
	struct csv_unit unit;
	struct arena arena; /* one row */
	uint64_t row;
};

static struct bytes
cell(struct csv_run *run, const struct csv_row *row, size_t column)
{
	if (column >= row->count)
		return BYTES_NONE;
	return csv_text(&run->arena, row->field[column]);
}

static int64_t
cell_number(struct csv_run *run, const struct csv_row *row, size_t column)
{
	uint64_t number;

	if (!bytes_to_u64(bytes_trim(cell(run, row, column)), &number) ||
	    number > INT64_MAX)
		return RECORD_NONE;
	return (int64_t)number;
}

/* Followed by padding, whether or not the cell was copied. */
static struct bytes
padded(struct csv_run *run, struct bytes text)
{
	uint8_t *copy = arena_raw(&run->arena, text.n + JSON_PADDING);

	if (text.n > 0)
		memcpy(copy, text.p, text.n);
	memset(copy + text.n, 0, JSON_PADDING);
	return bytes_of(copy, text.n);
}

static bool
is_blank(const struct csv_row *row)
{
	return row->count == 1 && bytes_trim(row->field[0].raw).n == 0;
}

/* The cell that holds the record, and where it stands in the file. */
static struct bytes
record_cell(struct csv_run *run, const struct csv_row *row,
    struct ual_place *place)
{
	struct csv_field field = { BYTES_NONE, false };
	size_t column = run->columns.audit;
	struct bytes text = bytes_trim(cell(run, row, column));

	if (text.n == 0 && run->columns.fallback != SIZE_MAX) {
		column = run->columns.fallback;
		text = bytes_trim(cell(run, row, column));
	}
	if (column < row->count)
		field = row->field[column];
	if (run->unit.plain && field.raw.p != NULL) {
		place->raw_offset = (int64_t)(run->unit.base +
			(uint64_t)(field.raw.p - run->unit.rows.p));
		place->raw_bytes = (int64_t)field.raw.n;
	}
	return padded(run, text);
}

/* False: the row holds no record. */
static bool
say_row(struct csv_run *run, const struct csv_row *row, int64_t idx)
{
	struct ual_place place = { idx,
		arena_printf(&run->arena, "row=%llu",
		    (unsigned long long)run->row),
		RECORD_NONE, RECORD_NONE, RECORD_NONE, RECORD_NONE,
		RECORD_NONE };
	struct bytes text = record_cell(run, row, &place);

	place.result_count = cell_number(run, row, run->columns.count);
	place.result_index = cell_number(run, row, run->columns.index);
	if (ual_say_too_long(text, place.locator, run->sink))
		return false;
	if (row->too_wide)
		csv_say_too_wide(place.locator, run->sink);
	if (text.n > 0 && ual_say(run->ual, text, &place, run->sink))
		return true;
	ual_salvage(bytes_slice(text, 0, LIMIT_SALVAGE_BYTES), place.locator,
	    run->sink,
	    row->open || text.n == 0 || text.p[text.n - 1] != '}');
	return false;
}

/* What is said of a cut needs the time before it. */
static void
peek_row(struct csv_run *run, const struct csv_row *row)
{
	struct ual_place place = { .idx = 0 };
	struct bytes text = record_cell(run, row, &place);

	if (text.n > 0)
		ual_peek(run->ual, text);
}

/* One sink item a block of rows. */
static void
say_block(struct csv_run *run, struct csv *csv, struct csv_row *row)
{
	struct bytes locator = arena_printf(&run->arena, "row=%llu",
	    (unsigned long long)run->row);
	bool wanted = sink_item_begin(run->sink, locator);
	int64_t idx = 0;

	if (wanted)
		sink_item_size(run->sink, csv_rows_left(&run->unit, run->row));
	for (unsigned rows = 0; rows < UAL_BLOCK && csv_next(csv, row);
	     rows++, run->row++) {
		if (wanted && !is_blank(row))
			idx += say_row(run, row, idx);
		else if (cut_export_is_known(run->unit.total))
			peek_row(run, row);
		arena_reset(&run->arena);
	}
	if (wanted)
		sink_item_end(run->sink);
}

static enum outcome
ual_csv_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	static struct csv_row row;
	struct csv_run run = { .sink = sink };
	struct arena arena;
	struct csv csv = { .at = 0 };

	arena_init(&arena);
	if (!csv_unit_open(input, spec, &arena, sink, &run.unit)) {
		arena_release(&arena);
		return OUTCOME_SOURCE_LOST;
	}
	arena_init(&run.arena);
	run.columns = columns_of(&arena, run.unit.header, run.unit.separator);
	run.row = run.unit.row;
	csv.data = run.unit.rows;
	csv.separator = run.unit.separator;
	csv.begins_row = run.columns.guid_first ? csv_begins_with_guid : NULL;
	run.ual = ual_new();
	while (csv.at < csv.data.n)
		say_block(&run, &csv, &row);
	cut_export_say(sink, run.ual, run.unit.total);
	ual_free(run.ual);
	arena_release(&run.arena);
	arena_release(&arena);
	return OUTCOME_OK;
}

const struct parser parser_ual_csv = {
	.name = "ual_csv",
	.title = "Microsoft 365 unified audit log (CSV)",
	.audit = true,
	.probe = ual_csv_probe,
	.plan = ual_csv_plan,
	.run = ual_csv_run,
};
