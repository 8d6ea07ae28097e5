/*
 * Unified audit log in CSV: the Purview portal's export (A), Search-
 * UnifiedAuditLog | Export-Csv (B), the older portal's (C), and re-exports
 * by a SIEM (D).  The record is the cell AuditData; wrapper columns are
 * never believed.
 */
#include "parsers/audit/json.h"
#include "parsers/audit/ual.h"
#include "parsers/base/csv.h"
#include "parsers/base/scan.h"
#include "parsers/base/text.h"

#define UNIT_BYTES (UINT64_C(16) << 20)
#define CHUNK_BYTES ((size_t)1 << 20)
#define HEAD_BYTES ((size_t)64 << 10)

struct columns {
	size_t audit, fallback, count, index;
	bool guid_first;
};

static const struct bytes bom = { (const uint8_t *)"\xef\xbb\xbf", 3 };

static bool
is_utf16(struct bytes head)
{
	return bytes_starts(head, BYTES_LIT("\xff\xfe"));
}

/* Offset of the header row: past a BOM and PowerShell's #TYPE line. */
static size_t
header_offset(struct bytes head)
{
	size_t at = bytes_starts(head, bom) ? 3 : 0;

	if (bytes_starts(bytes_skip(head, at), BYTES_LIT("#TYPE"))) {
		size_t line = bytes_find_byte(bytes_skip(head, at), '\n');

		at = line == SIZE_MAX ? head.n : at + line + 1;
	}
	return at;
}

static struct columns
columns_of(struct arena *arena, const struct csv_row *row)
{
	struct columns c = { SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX, false };

	for (size_t i = 0; i < row->count; i++) {
		struct bytes name = bytes_trim(csv_text(arena, row->field[i]));

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

static bool
header_is_ours(struct bytes text)
{
	struct csv csv = { .data = text, .separator = csv_separator(text) };
	static struct csv_row row;
	struct arena arena;
	struct columns c;
	bool portal;

	if (!csv_next(&csv, &row) || row.count < 3)
		return false;
	arena_init(&arena);
	c = columns_of(&arena, &row);
	portal = row.count == 5 &&
		 bytes_eq_nocase(csv_text(&arena, row.field[0]),
		     BYTES_LIT("Time")) &&
		 c.fallback == 4;
	arena_release(&arena);
	return c.audit != SIZE_MAX || portal;
}

static unsigned
ual_csv_probe(struct bytes head, uint64_t size)
{
	struct arena arena;
	struct bytes text = head;
	unsigned bid;

	(void)size;
	arena_init(&arena);
	if (is_utf16(head))
		text = text_from_utf16le(&arena, bytes_skip(head, 2));
	text = bytes_skip(text, header_offset(text));
	bid = header_is_ours(bytes_slice(text, 0, 8192)) ? 72 : 0;
	arena_release(&arena);
	return bid;
}

struct csv_plan {
	const struct input *input;
	struct sink *sink;
	struct csv_splitter splitter;
	uint64_t begin, row, rows; /* of the unit being filled */
	size_t header;
};

static void
plan_unit(struct csv_plan *plan, uint64_t end, bool last, uint64_t total)
{
	struct record_unit unit;
	struct arena arena;

	arena_init(&arena);
	record_clear(RECORD_KIND_UNIT, &unit);
	unit.spec = arena_printf(&arena,
	    "begin=%llu end=%llu row=%llu header=%zu total=%llu",
	    (unsigned long long)plan->begin, (unsigned long long)end,
	    (unsigned long long)plan->row, plan->header,
	    (unsigned long long)(last ? total : 0));
	unit.items = (int64_t)plan->rows;
	sink_record(plan->sink, RECORD_KIND_UNIT, &unit);
	plan->row += plan->rows;
	plan->rows = 0;
	plan->begin = end;
	arena_release(&arena);
}

/* Row ends over the whole file; a unit at each UNIT_BYTES of them. */
static bool
plan_rows(struct csv_plan *plan, uint64_t *total)
{
	struct bytes chunk;
	uint8_t *room;
	uint64_t offset = plan->begin;
	struct arena arena;
	int64_t got;

	arena_init(&arena);
	/* Room past the chunk, so that a line's beginning can be seen. */
	room = arena_raw(&arena, CHUNK_BYTES);
	while ((got = input_read(plan->input, offset, room, CHUNK_BYTES)) > 0) {
		size_t at = 0, end;

		chunk = bytes_of(room, (size_t)got);
		while ((end = csv_row_end(&plan->splitter, chunk, at)) !=
		       SIZE_MAX) {
			plan->rows++;
			(*total)++;
			at = end;
			if (offset + end - plan->begin >= UNIT_BYTES)
				plan_unit(plan, offset + end, false, 0);
		}
		offset += (uint64_t)got;
		if ((size_t)got == CHUNK_BYTES && at == 0 &&
		    offset - plan->begin > LIMIT_RECORD_BYTES)
			break; /* one row without end: the rest is one unit */
	}
	arena_release(&arena);
	return got >= 0;
}

static enum outcome
ual_csv_plan(const struct input *input, struct sink *sink)
{
	struct csv_plan plan = { .input = input, .sink = sink, .row = 2 };
	static struct csv_row row;
	struct arena arena;
	struct bytes head;
	struct csv csv;
	uint64_t total = 0;
	bool readable = true;

	arena_init(&arena);
	head = input_slice(input, &arena, 0,
	    input->size < HEAD_BYTES ? input->size : HEAD_BYTES);
	plan.header = header_offset(head);
	if (is_utf16(head))
		plan.begin = 0;
	else {
		csv = (struct csv){ bytes_skip(head, plan.header), 0,
			csv_separator(bytes_skip(head, plan.header)), NULL };
		csv_next(&csv, &row);
		if (columns_of(&arena, &row).guid_first)
			plan.splitter.begins_row = csv_begins_with_guid;
		plan.begin = plan.header + csv.at;
		readable = plan_rows(&plan, &total);
	}
	if (!readable)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_SOURCE_LOST, 0, "the file cannot be read to its "
		    "end: I/O error");
	plan.rows += plan.begin < input->size ? 1 : 0;
	plan_unit(&plan, input->size, true, total);
	arena_release(&arena);
	return OUTCOME_OK;
}

struct csv_run {
	struct ual *ual;
	struct sink *sink;
	struct columns columns;
	struct arena arena; /* one row */
	uint64_t base;      /* offset of the slice in the file */
	uint64_t row;
	bool plain;         /* offsets in the slice are offsets in the file */
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

static void
say_row(struct csv_run *run, const struct csv_row *row, const uint8_t *start,
    int64_t idx)
{
	struct ual_place place = { .idx = idx };
	struct bytes text, locator;
	struct csv_field field;
	size_t column = run->columns.audit;

	locator = arena_printf(&run->arena, "row=%llu",
	    (unsigned long long)run->row);
	text = bytes_trim(cell(run, row, column));
	if (text.n == 0 && run->columns.fallback != SIZE_MAX) {
		column = run->columns.fallback;
		text = bytes_trim(cell(run, row, column));
	}
	field = column < row->count ? row->field[column]
				    : (struct csv_field){ BYTES_NONE, false };
	place.locator = locator;
	place.raw_offset = run->plain && field.raw.p != NULL
			       ? (int64_t)(run->base +
					   (uint64_t)(field.raw.p - start))
			       : RECORD_NONE;
	place.raw_bytes = run->plain ? (int64_t)field.raw.n : RECORD_NONE;
	place.result_count = cell_number(run, row, run->columns.count);
	place.result_index = cell_number(run, row, run->columns.index);
	text = padded(run, text);
	if (text.n == 0 || !ual_say(run->ual, text, &place, run->sink))
		ual_salvage(text, locator, run->sink,
		    row->open || text.n == 0 ||
			text.p[text.n - 1] != '}');
}

/* One sink item a block of rows. */
static void
say_block(struct csv_run *run, struct csv *csv, struct csv_row *row)
{
	struct csv from = *csv;
	uint64_t first = run->row, rows = 0;
	struct bytes locator = arena_printf(&run->arena, "row=%llu",
	    (unsigned long long)first);

	if (sink_item_begin(run->sink, locator)) {
		size_t left = csv->data.n - csv->at;
		int64_t idx = 0;

		sink_item_size(run->sink, left < UAL_BLOCK ? 1 : UAL_BLOCK);
		while (rows < UAL_BLOCK && csv_next(csv, row)) {
			if (!is_blank(row))
				say_row(run, row, csv->data.p, idx++);
			run->row++;
			rows++;
			arena_reset(&run->arena);
		}
		sink_item_end(run->sink);
		return;
	}
	*csv = from;
	while (rows < UAL_BLOCK && csv_next(csv, row)) {
		run->row++;
		rows++;
	}
	arena_reset(&run->arena);
}

static bool
is_known_cut(uint64_t rows)
{
	return rows == 5000 || rows == 50000 || rows == 100000 ||
	       rows == 1000000;
}

static void
say_cut(struct csv_run *run, uint64_t total)
{
	struct record_problem problem;

	if (!is_known_cut(total) ||
	    !sink_item_begin(run->sink, BYTES_LIT("")))
		return;
	record_clear(RECORD_KIND_PROBLEM, &problem);
	problem.kind = bytes_cstr(problem_kind_name(PROBLEM_CUT_EXPORT));
	problem.severity = bytes_cstr(severity_name(OUTCOME_PARTIAL));
	problem.items_lost = 0;
	problem.time_us = ual_last_time(run->ual);
	problem.detail = arena_printf(&run->arena,
	    "exactly %llu rows, the limit of an export: later records are "
	    "probably missing; export again in smaller time spans",
	    (unsigned long long)total);
	sink_record(run->sink, RECORD_KIND_PROBLEM, &problem);
	sink_item_end(run->sink);
}

/* The rows of a unit, without the header; UTF-16 is one unit, transcoded. */
static struct bytes
unit_rows(const struct input *input, struct bytes spec, struct arena *arena,
    struct csv_run *run, uint8_t *separator)
{
	static struct csv_row row;
	struct bytes head = input_slice(input, arena, 0,
	    input->size < HEAD_BYTES ? input->size : HEAD_BYTES);
	size_t header = (size_t)spec_number(spec, "header", 0);
	struct csv csv;

	run->plain = !is_utf16(head);
	if (!run->plain) {
		head = input_slice(input, arena, 2, input->size);
		head = text_from_utf16le(arena, head);
		header = header_offset(head);
	}
	*separator = csv_separator(bytes_skip(head, header));
	csv = (struct csv){ bytes_skip(head, header), 0, *separator, NULL };
	csv_next(&csv, &row);
	run->columns = columns_of(arena, &row);
	if (!run->plain)
		return bytes_skip(csv.data, csv.at);
	run->base = spec_number(spec, "begin", 0);
	return input_slice(input, arena, run->base,
	    spec_number(spec, "end", input->size));
}

static enum outcome
ual_csv_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	static struct csv_row row;
	struct csv_run run = { .sink = sink };
	struct arena arena;
	struct csv csv = { .at = 0 };

	arena_init(&arena);
	arena_init(&run.arena);
	run.row = spec_number(spec, "row", 2);
	csv.data = unit_rows(input, spec, &arena, &run, &csv.separator);
	if (run.columns.guid_first)
		csv.begins_row = csv_begins_with_guid;
	if (csv.data.p == NULL) {
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_SOURCE_LOST, 0, "the file cannot be read: I/O "
		    "error or it became shorter");
		arena_release(&arena);
		return OUTCOME_SOURCE_LOST;
	}
	run.ual = ual_new();
	while (csv.at < csv.data.n)
		say_block(&run, &csv, &row);
	say_cut(&run, spec_number(spec, "total", 0));
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
