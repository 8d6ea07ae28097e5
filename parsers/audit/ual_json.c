/*
 * Unified audit log in JSON: a record a line, arrays, or objects one after
 * another (E); objects that hold AuditData (F); Management Activity API
 * blobs (G).  Objects are cut out by their braces, so that one bad record
 * costs itself alone.
 */
#include "parsers/audit/json.h"
#include "parsers/audit/ual.h"
#include "parsers/base/scan.h"
#include "parsers/base/text.h"

#define UNIT_BYTES (UINT64_C(16) << 20)
#define CHUNK_BYTES ((size_t)1 << 20)

/* Where the next top-level object ends. */
struct object_splitter {
	unsigned depth;     /* of braces and brackets, arrays at top aside */
	bool in_string, escaped;
};

/*
 * Past the next object in the chunk, or SIZE_MAX.  *begin gets the offset of
 * its '{', or stays when it began in an earlier chunk.  A line that begins
 * with '{' at the margin inside a string or object is a new record: the one
 * before it was cut, and must not swallow its neighbours.
 */
static size_t
object_end(struct object_splitter *s, struct bytes chunk, size_t at,
    bool lines, size_t *begin, bool *cut)
{
	*cut = false;
	for (size_t i = at; i < chunk.n; i++) {
		uint8_t c = chunk.p[i];

		if (lines && c == '\n' && s->depth > 0) {
			s->depth = 0;
			s->in_string = s->escaped = false;
			*cut = true;
			return i;
		}
		if (s->in_string) {
			if (s->escaped)
				s->escaped = false;
			else if (c == '\\')
				s->escaped = true;
			else if (c == '"')
				s->in_string = false;
			continue;
		}
		if (s->depth == 0) {
			if (c == '{') {
				*begin = i;
				s->depth = 1;
			}
			continue;
		}
		if (c == '"')
			s->in_string = true;
		else if (c == '{' || c == '[')
			s->depth++;
		else if ((c == '}' || c == ']') && --s->depth == 0)
			return i + 1;
	}
	return SIZE_MAX;
}

static size_t
skip_white(struct bytes text)
{
	size_t at = bytes_starts(text, BYTES_LIT("\xef\xbb\xbf")) ? 3 : 0;

	while (at < text.n && (text.p[at] == ' ' || text.p[at] == '\t' ||
	                          text.p[at] == '\r' || text.p[at] == '\n' ||
	                          text.p[at] == '[' || text.p[at] == ','))
		at++;
	return at;
}

static bool
has_key(struct bytes object, const char *quoted)
{
	return bytes_find(object, bytes_cstr(quoted)) != SIZE_MAX;
}

/* The first object, as far as the head shows it. */
static struct bytes
first_object(struct bytes head)
{
	struct object_splitter s = { 0, false, false };
	size_t begin = skip_white(head), end;
	bool cut;

	if (begin >= head.n || head.p[begin] != '{')
		return BYTES_NONE;
	end = object_end(&s, head, begin, false, &begin, &cut);
	return bytes_slice(head, begin, end);
}

static unsigned
ual_json_probe(struct bytes head, uint64_t size)
{
	struct bytes object = first_object(head);

	(void)size;
	if (object.n == 0)
		return 0;
	if (has_key(object, "\"AuditData\"") &&
	    has_key(object, "CreationTime"))
		return 64;
	if (has_key(object, "\"Operation\"") &&
	    has_key(object, "\"CreationTime\"") &&
	    (has_key(object, "\"RecordType\"") ||
	        has_key(object, "\"Workload\"")) &&
	    !has_key(object, "\"RawEventData\"") &&
	    !has_key(object, "\"auditData\""))
		return 60;
	return 0;
}

/* A record a line: the first object ends where its line does, and no line
 * break is inside. */
static bool
is_lines(struct bytes head)
{
	struct bytes object = first_object(head);
	size_t end, start = skip_white(head);

	if (start > 0 && bytes_find_byte(bytes_slice(head, 0, start), '[') !=
	                     SIZE_MAX)
		return false;
	if (object.n == 0 || bytes_find_byte(object, '\n') != SIZE_MAX)
		return false;
	end = (size_t)(object.p - head.p) + object.n;
	while (end < head.n && (head.p[end] == ' ' || head.p[end] == '\r'))
		end++;
	return end >= head.n || head.p[end] == '\n';
}

struct json_plan {
	const struct input *input;
	struct sink *sink;
	uint64_t begin, line, records;
	uint64_t lines; /* line breaks since begin */
	bool by_line;
};

static void
plan_unit(struct json_plan *plan, uint64_t end)
{
	struct record_unit unit;
	struct arena arena;

	arena_init(&arena);
	record_clear(RECORD_KIND_UNIT, &unit);
	unit.spec = arena_printf(&arena, "begin=%llu end=%llu line=%llu "
					 "lines=%d",
	    (unsigned long long)plan->begin, (unsigned long long)end,
	    (unsigned long long)plan->line, plan->by_line);
	unit.items = (int64_t)plan->records;
	sink_record(plan->sink, RECORD_KIND_UNIT, &unit);
	plan->line += plan->lines;
	plan->lines = plan->records = 0;
	plan->begin = end;
	arena_release(&arena);
}

/* Lines: every line break is a border. */
static size_t
line_end(struct bytes chunk, size_t at)
{
	size_t end = bytes_find_byte(bytes_skip(chunk, at), '\n');

	return end == SIZE_MAX ? SIZE_MAX : at + end + 1;
}

static void
plan_chunk(struct json_plan *plan, struct object_splitter *s,
    struct bytes chunk, uint64_t offset)
{
	size_t at = 0, end, begin = 0;
	bool cut;

	for (;;) {
		end = plan->by_line ? line_end(chunk, at)
				    : object_end(s, chunk, at, false, &begin,
					  &cut);
		if (end == SIZE_MAX)
			return;
		plan->records++;
		plan->lines += plan->by_line;
		at = end;
		if (offset + end - plan->begin >= UNIT_BYTES)
			plan_unit(plan, offset + end);
	}
}

static enum outcome
ual_json_plan(const struct input *input, struct sink *sink)
{
	struct json_plan plan = { .input = input, .sink = sink, .line = 1 };
	struct object_splitter splitter = { 0, false, false };
	struct arena arena;
	uint64_t offset = 0;
	uint8_t *room;
	int64_t got;

	arena_init(&arena);
	room = arena_raw(&arena, CHUNK_BYTES);
	while ((got = input_read(input, offset, room, CHUNK_BYTES)) > 0) {
		struct bytes chunk = bytes_of(room, (size_t)got);

		if (offset == 0)
			plan.by_line = is_lines(chunk);
		plan_chunk(&plan, &splitter, chunk, offset);
		offset += (uint64_t)got;
	}
	if (got < 0)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_SOURCE_LOST, 0, "the file cannot be read to its "
		    "end: I/O error");
	if (plan.begin < input->size || plan.begin == 0)
		plan_unit(&plan, input->size);
	arena_release(&arena);
	return OUTCOME_OK;
}

struct json_run {
	struct ual *ual;
	struct sink *sink;
	struct bytes data; /* the unit, followed by padding */
	uint64_t base, line;
	bool by_line;
	size_t at;
	struct arena arena;
};

struct json_piece {
	struct bytes text;
	bool cut;
	size_t next; /* where the search goes on */
	uint64_t line;
};

static size_t
count_lines(struct bytes text)
{
	size_t count = 0, at;

	while ((at = bytes_find_byte(text, '\n')) != SIZE_MAX) {
		count++;
		text = bytes_skip(text, at + 1);
	}
	return count;
}

/* The next record of the unit; false at its end. */
static bool
next_piece(struct json_run *run, struct json_piece *piece)
{
	struct object_splitter s = { 0, false, false };
	size_t begin = SIZE_MAX, end;

	end = object_end(&s, run->data, run->at, run->by_line, &begin,
	    &piece->cut);
	if (begin == SIZE_MAX) {
		/* No object left: a line of something else is a record lost */
		struct bytes rest = bytes_trim(bytes_skip(run->data, run->at));

		while (rest.n > 0 && (rest.p[0] == ']' || rest.p[0] == ',' ||
		                         rest.p[0] == '[' || rest.p[0] == 0 ||
		                         rest.p[0] == '\n' ||
		                         rest.p[0] == '\r'))
			rest = bytes_skip(rest, 1);
		if (rest.n == 0)
			return false;
		begin = (size_t)(rest.p - run->data.p);
		end = run->data.n;
		piece->cut = false;
	} else if (end == SIZE_MAX) {
		end = run->data.n;
		piece->cut = true;
	}
	if (run->by_line)
		run->line += count_lines(
		    bytes_slice(run->data, run->at, begin));
	piece->line = run->line;
	piece->text = bytes_trim(bytes_slice(run->data, begin, end));
	piece->next = end;
	return true;
}

static struct bytes
piece_locator(struct json_run *run, const struct json_piece *piece)
{
	if (run->by_line)
		return arena_printf(&run->arena, "line=%llu",
		    (unsigned long long)piece->line);
	return arena_printf(&run->arena, "offset=%llu+%zu",
	    (unsigned long long)(run->base +
		(uint64_t)(piece->text.p - run->data.p)),
	    piece->text.n);
}

static void
say_piece(struct json_run *run, const struct json_piece *piece, int64_t idx)
{
	struct bytes locator = piece_locator(run, piece);
	struct ual_place place = { idx, locator,
		(int64_t)(run->base +
		    (uint64_t)(piece->text.p - run->data.p)),
		(int64_t)piece->text.n, RECORD_NONE, RECORD_NONE };

	if (piece->cut || !ual_say(run->ual, piece->text, &place, run->sink))
		ual_salvage(piece->text, locator, run->sink, piece->cut);
}

static void
say_block(struct json_run *run, const struct json_piece *first)
{
	struct json_piece piece = *first;
	bool wanted = sink_item_begin(run->sink, piece_locator(run, first));
	int64_t count = 0;
	bool more = true;

	if (wanted)
		sink_item_size(run->sink, UAL_BLOCK);
	while (more) {
		if (wanted)
			say_piece(run, &piece, count);
		run->at = piece.next;
		if (run->by_line)
			run->line += count_lines(piece.text);
		arena_reset(&run->arena);
		more = ++count < UAL_BLOCK && next_piece(run, &piece);
	}
	if (wanted)
		sink_item_end(run->sink);
}

static enum outcome
ual_json_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct json_run run = { .sink = sink };
	struct json_piece piece;
	struct arena arena;
	struct bytes slice;
	uint8_t *copy;
	uint64_t end;

	arena_init(&arena);
	arena_init(&run.arena);
	run.base = spec_number(spec, "begin", 0);
	end = spec_number(spec, "end", input->size);
	run.line = spec_number(spec, "line", 1);
	run.by_line = spec_number(spec, "lines", 0) == 1;
	if (end < run.base || end > input->size) {
		arena_release(&arena);
		return OUTCOME_SOURCE_LOST;
	}
	copy = arena_raw(&arena, (size_t)(end - run.base) + JSON_PADDING);
	memset(copy + (end - run.base), 0, JSON_PADDING);
	if (input_read(input, run.base, copy, (size_t)(end - run.base)) !=
	    (int64_t)(end - run.base)) {
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_SOURCE_LOST, 0, "the file cannot be read: I/O "
		    "error or it became shorter");
		arena_release(&arena);
		return OUTCOME_SOURCE_LOST;
	}
	slice = bytes_of(copy, (size_t)(end - run.base));
	run.data = slice;
	run.ual = ual_new();
	while (next_piece(&run, &piece))
		say_block(&run, &piece);
	ual_free(run.ual);
	arena_release(&run.arena);
	arena_release(&arena);
	return OUTCOME_OK;
}

const struct parser parser_ual_json = {
	.name = "ual_json",
	.title = "Microsoft 365 unified audit log (JSON)",
	.audit = true,
	.probe = ual_json_probe,
	.plan = ual_json_plan,
	.run = ual_json_run,
};
