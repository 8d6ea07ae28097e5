#include "parsers/audit/csv_units.h"

#include "parsers/base/scan.h"
#include "parsers/base/text.h"

#define UNIT_BYTES (UINT64_C(16) << 20)
#define CHUNK_BYTES ((size_t)1 << 20)
#define HEAD_BYTES ((size_t)64 << 10)
#define LOOK_BYTES ((size_t)64)

static bool
is_utf16(struct bytes head)
{
	return bytes_starts(head, BYTES_LIT("\xff\xfe"));
}

/* Offset of the header row: past a BOM and PowerShell's #TYPE line. */
static size_t
header_offset(struct bytes head)
{
	size_t at = bytes_starts(head, BYTES_LIT("\xef\xbb\xbf")) ? 3 : 0;

	if (bytes_starts(bytes_skip(head, at), BYTES_LIT("#TYPE"))) {
		size_t line = bytes_find_byte(bytes_skip(head, at), '\n');

		at = line == SIZE_MAX ? head.n : at + line + 1;
	}
	return at;
}

struct bytes
csv_head_text(struct arena *arena, struct bytes head)
{
	if (is_utf16(head))
		head = text_from_utf16le(arena, bytes_skip(head, 2));
	return bytes_skip(head, header_offset(head));
}

struct csv_plan {
	const struct input *input;
	struct sink *sink;
	struct csv_splitter splitter;
	uint64_t begin, row, rows; /* of the unit being filled */
	uint64_t total, row_begin;
	bool header_seen;
	uint8_t last;
};

static void
plan_unit(struct csv_plan *plan, uint64_t end, bool last)
{
	struct record_unit unit;
	struct arena arena;

	arena_init(&arena);
	record_clear(RECORD_KIND_UNIT, &unit);
	unit.spec = arena_printf(&arena,
	    "begin=%llu end=%llu row=%llu rows=%llu total=%llu",
	    (unsigned long long)plan->begin, (unsigned long long)end,
	    (unsigned long long)plan->row, (unsigned long long)plan->rows,
	    (unsigned long long)(last ? plan->total : 0));
	unit.items = (int64_t)plan->rows;
	sink_record(plan->sink, RECORD_KIND_UNIT, &unit);
	plan->row += plan->rows;
	plan->rows = 0;
	plan->begin = end;
	arena_release(&arena);
}

/* A row ends at this offset of the file. */
static void
plan_row(struct csv_plan *plan, uint64_t end)
{
	bool blank = end - plan->row_begin <= 2;

	plan->row_begin = end;
	if (!plan->header_seen) { /* its row is where the units begin */
		plan->header_seen = true;
		plan->begin = end;
		return;
	}
	plan->rows++;
	plan->total += !blank;
	if (end - plan->begin >= UNIT_BYTES)
		plan_unit(plan, end, false);
}

/* Quotes and row ends of UTF-16: only the low bytes of plain characters. */
static void
plan_utf16(struct csv_plan *plan, struct bytes chunk, uint64_t offset)
{
	for (size_t i = 0; i + 1 < chunk.n; i += 2) {
		if (chunk.p[i + 1] != 0)
			continue;
		if (chunk.p[i] == '"')
			plan->splitter.in_quotes = !plan->splitter.in_quotes;
		else if (chunk.p[i] == '\n' && !plan->splitter.in_quotes)
			plan_row(plan, offset + i + 2);
	}
}

static void
plan_utf8(struct csv_plan *plan, struct bytes chunk, uint64_t offset)
{
	size_t at = 0, end;

	while ((end = csv_row_end(&plan->splitter, chunk, at)) != SIZE_MAX) {
		plan_row(plan, offset + end);
		at = end;
	}
}

static void
note_last(struct csv_plan *plan, struct bytes chunk)
{
	chunk = bytes_trim(chunk);
	if (chunk.n > 0)
		plan->last = chunk.p[chunk.n - 1];
}

/* A row without an end: the unit is closed where it passes the limit, so
 * that no worker takes more than that at once. */
static void
plan_bound(struct csv_plan *plan, uint64_t offset)
{
	if (plan->header_seen &&
	    offset - plan->row_begin > LIMIT_RECORD_BYTES) {
		plan->splitter.in_quotes = false;
		plan_row(plan, offset);
	}
}

enum outcome
csv_units_plan(const struct input *input, struct sink *sink,
    bool (*begins_row)(struct bytes line))
{
	struct csv_plan plan = { .input = input, .sink = sink, .row = 2,
		.splitter.begins_row = begins_row };
	struct arena arena;
	uint64_t offset = 0;
	uint8_t *room;
	int64_t got;
	bool wide = false;

	arena_init(&arena);
	/* Room past the chunk, so that a line's beginning can be seen. */
	room = arena_raw(&arena, CHUNK_BYTES + LOOK_BYTES);
	while ((got = input_read(input, offset, room,
	            CHUNK_BYTES + LOOK_BYTES)) > 0) {
		struct bytes chunk = bytes_slice(bytes_of(room, (size_t)got),
		    0, CHUNK_BYTES);

		plan.splitter.beyond = (size_t)got - chunk.n;

		if (offset == 0) {
			wide = is_utf16(chunk);
			/* The #TYPE line may hold quotes of its own. */
			offset = wide ? 2 : header_offset(chunk);
			plan.row_begin = offset;
			if (offset > 0)
				continue;
		}
		if (wide)
			plan_utf16(&plan, chunk, offset);
		else
			plan_utf8(&plan, chunk, offset);
		note_last(&plan, chunk);
		offset += chunk.n;
		plan_bound(&plan, offset);
	}
	if (got < 0)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_SOURCE_LOST, 0, "the file cannot be read to its "
		    "end: I/O error");
	if (!plan.header_seen)
		plan.begin = input->size;
	if (plan.row_begin < input->size && plan.header_seen) {
		plan.rows++; /* the last row without its line break */
		plan.total++;
	}
	plan_unit(&plan, input->size, true);
	arena_release(&arena);
	return OUTCOME_OK;
}

/* The first row of the text, with its line break. */
static struct bytes
header_row(struct bytes text)
{
	struct csv_splitter splitter = { 0 };

	return bytes_slice(text, 0, csv_row_end(&splitter, text, 0));
}

bool
csv_unit_open(const struct input *input, struct bytes spec,
    struct arena *arena, struct sink *sink, struct csv_unit *unit)
{
	struct bytes head = input_slice(input, arena, 0,
	    input->size < HEAD_BYTES ? input->size : HEAD_BYTES);

	unit->plain = !is_utf16(head);
	unit->header = header_row(csv_head_text(arena, head));
	unit->separator = csv_separator(unit->header);
	unit->base = spec_number(spec, "begin", 0);
	unit->row = spec_number(spec, "row", 2);
	unit->count = spec_number(spec, "rows", 0);
	unit->total = spec_number(spec, "total", 0);
	unit->rows = input_slice(input, arena, unit->base,
	    spec_number(spec, "end", input->size));
	if (head.p == NULL || unit->rows.p == NULL) {
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_SOURCE_LOST, 0, "the file cannot be read: I/O "
		    "error or it became shorter");
		return false;
	}
	if (!unit->plain)
		unit->rows = text_from_utf16le(arena, unit->rows);
	return true;
}

void
csv_say_too_wide(struct bytes locator, struct sink *sink)
{
	sink_problem(sink, locator, PROBLEM_LIMIT_PARTS, OUTCOME_PARTIAL, 0,
	    "a row of more than %d cells; the rest is not read",
	    LIMIT_CSV_COLUMNS);
}
