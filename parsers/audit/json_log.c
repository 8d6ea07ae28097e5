/* See json_log.h.  Units are 16 MiB of whole records; 64 make an item. */
#include "parsers/audit/json_log.h"

#include "parsers/audit/cut_export.h"
#include "parsers/audit/forms.h"
#include "parsers/audit/json_split.h"
#include "parsers/base/scan.h"
#include "parsers/base/text.h"

#define UNIT_BYTES (UINT64_C(16) << 20)
#define CHUNK_BYTES ((size_t)1 << 20)
#define HEAD_BYTES ((size_t)64 << 10)

static bool
is_utf16(struct bytes head)
{
	return bytes_starts(head, BYTES_LIT("\xff\xfe"));
}

/* ---- probe */

static bool
has_key(struct bytes object, const char *quoted)
{
	return bytes_find(object, bytes_cstr(quoted)) != SIZE_MAX;
}

/* A first record longer than the head: by its keys alone. */
static const char *
format_by_keys(struct bytes text)
{
	if (has_key(text, "\"RawEventData\"") &&
	    has_key(text, "\"ActionType\""))
		return "cloud_app_events";
	if (has_key(text, "\"o365.audit") || has_key(text, "\"o365\""))
		return "elastic_o365";
	if (has_key(text, "\"OfficeWorkload\"") ||
	    has_key(text, "\"OfficeId\""))
		return "sentinel_office";
	if (has_key(text, "\"CreationTime\"") && has_key(text, "\"Operation\""))
		return "ual";
	return NULL;
}

static bool
is_ual(struct json root)
{
	struct json inner;

	if (json_get(root, "AuditData", &inner) ||
	    json_get(root, "auditData", &inner))
		return true;
	return form_has(root, "Operation") && form_has(root, "CreationTime") &&
	       (form_has(root, "RecordType") || form_has(root, "Workload"));
}

static const char *
format_of(struct bytes record)
{
	struct json_document *document = json_document_new();
	const struct form *form;
	const char *format = NULL;
	struct arena arena;
	struct json root;
	uint8_t *copy;

	if (document == NULL)
		return NULL;
	arena_init(&arena);
	copy = arena_alloc(&arena, record.n + JSON_PADDING);
	memcpy(copy, record.p, record.n);
	if (!json_parse(document, bytes_of(copy, record.n), &root)) {
		format = format_by_keys(record);
	} else if (is_ual(root)) {
		format = "ual";
	} else {
		form = form_of(root);
		format = form ? form->parser : NULL;
	}
	arena_release(&arena);
	json_document_free(document);
	return format;
}

unsigned
json_log_probe(struct bytes head, const char *format)
{
	struct json_layout layout;
	const char *found = NULL;
	struct arena arena;

	arena_init(&arena);
	if (is_utf16(head))
		head = text_from_utf16le(&arena, bytes_skip(head, 2));
	layout = json_layout_of(head);
	if (layout.known)
		found = format_of(layout.first);
	arena_release(&arena);
	return found != NULL && strcmp(found, format) == 0 ? 64 : 0;
}

/* ---- plan */

struct json_plan {
	const struct input *input;
	struct sink *sink;
	struct json_layout layout;
	struct json_splitter splitter;
	struct cut_count count;
	uint64_t begin, line, records;
	uint64_t lines;  /* line breaks since begin */
	uint64_t record; /* where the record in hand begins */
	uint8_t last;    /* byte of the file that is no white space */
};

static void
plan_unit(struct json_plan *plan, uint64_t end, bool last)
{
	struct record_unit unit;
	struct arena arena;

	arena_init(&arena);
	record_clear(RECORD_KIND_UNIT, &unit);
	unit.spec = arena_printf(&arena,
	    "begin=%llu end=%llu line=%llu total=%llu",
	    (unsigned long long)plan->begin, (unsigned long long)end,
	    (unsigned long long)plan->line,
	    (unsigned long long)(last ? plan->count.total : 0));
	unit.items = (int64_t)plan->records;
	sink_record(plan->sink, RECORD_KIND_UNIT, &unit);
	plan->line += plan->lines;
	plan->lines = plan->records = 0;
	plan->begin = end;
	arena_release(&arena);
}

static void
count_record(struct json_plan *plan)
{
	plan->records++;
	plan->count.total++;
}

static void
plan_lines(struct json_plan *plan, struct bytes chunk, uint64_t offset)
{
	size_t at = 0, line;

	while ((line = bytes_find_byte(bytes_skip(chunk, at), '\n')) !=
	       SIZE_MAX) {
		at += line + 1;
		/* An empty line is no record; one that spans chunks is. */
		if (line > 1 || offset + at - line - 1 > plan->record)
			count_record(plan);
		plan->record = offset + at;
		plan->lines++;
		if (offset + at - plan->begin >= UNIT_BYTES)
			plan_unit(plan, offset + at, false);
	}
}

/* A record past the limit, or braces out of step: on with the next one. */
static size_t
plan_resync(struct json_plan *plan, struct bytes chunk, uint64_t offset)
{
	size_t at = json_resync(chunk, 0, plan->layout.signature);

	plan->splitter.depth = plan->layout.base;
	plan->splitter.in_string = plan->splitter.escaped = false;
	at = at == SIZE_MAX ? 0 : at;
	if (offset + at > plan->begin)
		plan_unit(plan, offset + at, false);
	plan->record = offset + at;
	return at;
}

static void
plan_objects(struct json_plan *plan, struct bytes chunk, uint64_t offset)
{
	size_t at = 0, end, begin = 0;

	if (offset > plan->record + LIMIT_RECORD_BYTES)
		at = plan_resync(plan, chunk, offset);
	while ((end = json_record_end(&plan->splitter, chunk, at, &begin)) !=
	       SIZE_MAX) {
		count_record(plan);
		at = end;
		plan->record = offset + end;
		if (offset + end - plan->begin >= UNIT_BYTES)
			plan_unit(plan, offset + end, false);
	}
}

static void
note_last(struct json_plan *plan, struct bytes chunk)
{
	chunk = bytes_trim(chunk);
	if (chunk.n > 0)
		plan->last = chunk.p[chunk.n - 1];
}

static void
plan_end(struct json_plan *plan)
{
	if (plan->layout.lines && plan->record < plan->input->size &&
	    plan->last == '}')
		count_record(plan); /* the last line without its break */
	if (plan->begin < plan->input->size || plan->begin == 0)
		plan_unit(plan, plan->input->size, true);
	if (plan->layout.array && plan->last != ']' && plan->last != '}')
		sink_problem(plan->sink, BYTES_LIT(""), PROBLEM_TRUNCATED,
		    OUTCOME_PARTIAL, 0, "the list of records is not closed: "
		    "the file is cut, later records are missing");
}

/* UTF-16 is one unit: its offsets are those of the text made of it. */
static bool
plan_is_utf16(struct json_plan *plan)
{
	uint8_t head[2];

	if (input_read(plan->input, 0, head, 2) != 2 ||
	    !is_utf16(bytes_of(head, 2)))
		return false;
	plan_unit(plan, plan->input->size, true);
	return true;
}

enum outcome
json_log_plan(const struct input *input, struct sink *sink)
{
	struct json_plan plan = { .input = input, .sink = sink, .line = 1 };
	struct arena arena;
	uint64_t offset = 0;
	uint8_t *room;
	int64_t got;

	if (plan_is_utf16(&plan))
		return OUTCOME_OK;
	arena_init(&arena);
	room = arena_raw(&arena, CHUNK_BYTES);
	while ((got = input_read(input, offset, room, CHUNK_BYTES)) > 0) {
		struct bytes chunk = bytes_of(room, (size_t)got);

		if (offset == 0) {
			plan.layout = json_layout_of(
			    bytes_slice(chunk, 0, HEAD_BYTES));
			plan.layout.signature = arena_dup(&arena,
			    plan.layout.signature);
			plan.splitter.base = plan.layout.base;
		}
		if (plan.layout.lines)
			plan_lines(&plan, chunk, offset);
		else
			plan_objects(&plan, chunk, offset);
		note_last(&plan, chunk);
		offset += (uint64_t)got;
	}
	if (got < 0)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_SOURCE_LOST, 0, "the file cannot be read to its "
		    "end: I/O error");
	plan_end(&plan);
	arena_release(&arena);
	return OUTCOME_OK;
}

/* ---- run */

struct piece {
	size_t begin, end; /* of the record in the unit's data */
	uint64_t line;
};

struct json_run {
	struct ual *ual;
	struct sink *sink;
	struct json_layout layout;
	struct json_splitter splitter;
	struct bytes data; /* the unit, followed by padding */
	uint64_t base, line;
	bool plain;        /* offsets in data are offsets in the file */
	size_t at;
	struct arena arena; /* one item */
	struct piece piece[UAL_BLOCK];
	int64_t said; /* events of the item in hand */
	bool peek;    /* the file has as many records as a cut one */
};

/* A comma or bracket that stands alone: the frame of a list, no record. */
static bool
is_frame(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (strchr("[], \t\r\n{}", text.p[i]) == NULL ||
		    text.p[i] == '\0')
			return false;
	return true;
}

static bool
next_line(struct json_run *run, struct piece *piece)
{
	while (run->at < run->data.n) {
		struct bytes rest = bytes_skip(run->data, run->at);
		size_t end = bytes_find_byte(rest, '\n');
		struct bytes line = bytes_trim(bytes_slice(rest, 0, end));

		piece->line = run->line++;
		run->at = end == SIZE_MAX ? run->data.n : run->at + end + 1;
		if (line.n > 0 && line.p[line.n - 1] == ',')
			line.n--;
		if (is_frame(line))
			continue;
		piece->begin = (size_t)(line.p - run->data.p);
		piece->end = piece->begin + line.n;
		return true;
	}
	return false;
}

static bool
next_object(struct json_run *run, struct piece *piece)
{
	size_t begin = SIZE_MAX;
	size_t end = json_record_end(&run->splitter, run->data, run->at,
	    &begin);
	size_t from = run->at;

	piece->line = 0;
	run->at = end == SIZE_MAX ? run->data.n : end;
	if (begin == SIZE_MAX && run->splitter.base > 0)
		return false; /* what closes the list */
	if (begin == SIZE_MAX) {
		struct bytes rest = bytes_trim(bytes_skip(run->data, from));

		if (is_frame(rest))
			return false;
		begin = (size_t)(rest.p - run->data.p);
		end = begin + rest.n;
	}
	piece->begin = begin;
	piece->end = end == SIZE_MAX ? run->data.n : end;
	return true;
}

static bool
next_piece(struct json_run *run, struct piece *piece)
{
	return run->layout.lines ? next_line(run, piece)
				 : next_object(run, piece);
}

static struct bytes
piece_locator(struct json_run *run, const struct piece *piece)
{
	if (run->layout.lines)
		return arena_printf(&run->arena, "line=%llu",
		    (unsigned long long)piece->line);
	return arena_printf(&run->arena, "offset=%llu+%zu",
	    (unsigned long long)(run->base + piece->begin),
	    piece->end - piece->begin);
}

static bool
say_piece(struct json_run *run, const struct piece *piece)
{
	struct bytes text = bytes_slice(run->data, piece->begin, piece->end);
	struct ual_place place = { run->said, piece_locator(run, piece),
		RECORD_NONE, RECORD_NONE, RECORD_NONE, RECORD_NONE,
		RECORD_NONE };

	if (run->plain) {
		place.raw_offset = (int64_t)(run->base + piece->begin);
		place.raw_bytes = (int64_t)text.n;
	}
	if (ual_say_too_long(text, place.locator, run->sink))
		return true;
	if (!ual_say(run->ual, text, &place, run->sink))
		return false;
	run->said++;
	return true;
}

static void
say_lost(struct json_run *run, const struct piece *piece)
{
	struct bytes text = bytes_trim(
	    bytes_slice(run->data, piece->begin, piece->end));

	ual_salvage(bytes_slice(text, 0, LIMIT_SALVAGE_BYTES),
	    piece_locator(run, piece), run->sink,
	    text.n == 0 || text.p[text.n - 1] != '}');
}

/* Two records on one line, or records that a damaged one swallowed. */
static void
say_pieces_of(struct json_run *run, const struct piece *whole)
{
	struct bytes text = bytes_slice(run->data, 0, whole->end);
	struct json_splitter s = { 0 };
	struct piece piece = *whole;
	size_t next, end, begin;

	while (piece.begin < whole->end) {
		s = (struct json_splitter){ 0 };
		begin = SIZE_MAX;
		end = json_record_end(&s, text, piece.begin, &begin);
		piece.end = end == SIZE_MAX ? whole->end : end;
		if (say_piece(run, &piece)) {
			next = piece.end;
		} else {
			next = json_resync(text, piece.begin + 1,
			    run->layout.signature);
			piece.end = next == SIZE_MAX ? whole->end : next;
			say_lost(run, &piece);
			next = piece.end;
		}
		while (next < whole->end && text.p[next] != '{' &&
		       is_frame(bytes_slice(text, next, next + 1)))
			next++;
		piece.begin = next;
	}
}

static void
say_block(struct json_run *run, size_t count)
{
	run->said = 0;
	if (!sink_item_begin(run->sink, piece_locator(run, &run->piece[0]))) {
		/* What the last row says of a cut needs the time before. */
		for (size_t i = 0; run->peek && i < count; i++)
			ual_peek(run->ual, bytes_slice(run->data,
			    run->piece[i].begin, run->piece[i].end));
		return;
	}
	sink_item_size(run->sink, count);
	for (size_t i = 0; i < count; i++)
		if (!say_piece(run, &run->piece[i]))
			say_pieces_of(run, &run->piece[i]);
	sink_item_end(run->sink);
}

static void
run_records(struct json_run *run)
{
	size_t count;

	do {
		count = 0;
		while (count < UAL_BLOCK && next_piece(run, &run->piece[count]))
			count++;
		if (count > 0)
			say_block(run, count);
		arena_reset(&run->arena);
	} while (count == UAL_BLOCK);
}

/* The unit's text and the file's layout; false: it cannot be read. */
static bool
unit_read(const struct input *input, struct bytes spec, struct arena *arena,
    struct json_run *run)
{
	uint64_t end = spec_number(spec, "end", input->size);
	struct bytes head = input_slice(input, arena, 0,
	    input->size < HEAD_BYTES ? input->size : HEAD_BYTES);
	uint8_t *copy;
	size_t n;

	run->base = spec_number(spec, "begin", 0);
	if (head.p == NULL || end < run->base || end > input->size)
		return false;
	run->plain = !is_utf16(head);
	n = (size_t)(end - run->base);
	copy = arena_raw(arena, n + JSON_PADDING);
	memset(copy + n, 0, JSON_PADDING);
	if (input_read(input, run->base, copy, n) != (int64_t)n)
		return false;
	run->data = bytes_of(copy, n);
	if (!run->plain) {
		struct bytes text = text_from_utf16le(arena,
		    bytes_skip(run->data, 2));

		copy = arena_raw(arena, text.n + JSON_PADDING);
		memcpy(copy, text.p, text.n);
		memset(copy + text.n, 0, JSON_PADDING);
		run->data = bytes_of(copy, text.n);
		head = bytes_slice(run->data, 0, HEAD_BYTES);
	}
	run->layout = json_layout_of(head);
	run->splitter.base = run->layout.base;
	run->splitter.depth = run->base > 0 ? run->layout.base : 0;
	if (run->base == 0)
		run->at = bytes_starts(run->data, BYTES_LIT("\xef\xbb\xbf")) ? 3
									    : 0;
	return true;
}

enum outcome
json_log_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct json_run run = { .sink = sink };
	struct arena arena;

	arena_init(&arena);
	arena_init(&run.arena);
	run.line = spec_number(spec, "line", 1);
	if (!unit_read(input, spec, &arena, &run)) {
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_SOURCE_LOST, 0, "the file cannot be read: I/O "
		    "error or it became shorter");
		arena_release(&arena);
		return OUTCOME_SOURCE_LOST;
	}
	run.ual = ual_new();
	run.peek = cut_export_is_known(spec_number(spec, "total", 0));
	run_records(&run);
	cut_export_say(sink, run.ual, spec_number(spec, "total", 0));
	ual_free(run.ual);
	arena_release(&run.arena);
	arena_release(&arena);
	return OUTCOME_OK;
}
