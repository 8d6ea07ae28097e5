#include "parsers/audit/line_log.h"

#include "parsers/base/limits.h"
#include "parsers/base/scan.h"
#include "parsers/base/text.h"

#define UNIT_BYTES (UINT64_C(16) << 20)
#define CHUNK_BYTES ((size_t)1 << 20)

struct line_plan {
	const struct input *input;
	struct sink *sink;
	line_log_is_head *is_head;
	uint64_t begin, line, lines; /* of the unit being filled */
	uint64_t line_begin;
	uint64_t head, next_head;    /* offset + 1 of a head line; 0: none */
};

static void
plan_unit(struct line_plan *plan, uint64_t end)
{
	struct record_unit unit;
	struct arena arena;

	arena_init(&arena);
	record_clear(RECORD_KIND_UNIT, &unit);
	unit.spec = arena_printf(&arena,
	    "begin=%llu end=%llu line=%llu lines=%llu head=%llu",
	    (unsigned long long)plan->begin, (unsigned long long)end,
	    (unsigned long long)plan->line, (unsigned long long)plan->lines,
	    (unsigned long long)plan->head);
	unit.items = (int64_t)plan->lines;
	sink_record(plan->sink, RECORD_KIND_UNIT, &unit);
	plan->line += plan->lines;
	plan->lines = 0;
	plan->begin = end;
	plan->head = plan->next_head;
	arena_release(&arena);
}

static void
plan_chunk(struct line_plan *plan, struct bytes chunk, uint64_t offset)
{
	size_t at = 0, n;

	while (at < chunk.n) {
		struct bytes rest = bytes_skip(chunk, at);

		if (plan->line_begin == offset + at && plan->is_head != NULL &&
		    plan->is_head(rest))
			plan->next_head = offset + at + 1;
		n = bytes_find_byte(rest, '\n');
		if (n == SIZE_MAX)
			break;
		at += n + 1;
		plan->lines++;
		plan->line_begin = offset + at;
		if (offset + at - plan->begin >= UNIT_BYTES)
			plan_unit(plan, offset + at);
	}
	/* A file of no lines must not become one giant unit. */
	if (offset + chunk.n - plan->line_begin > LIMIT_RECORD_BYTES) {
		plan->lines++;
		plan_unit(plan, offset + chunk.n);
		plan->line_begin = offset + chunk.n;
	}
}

enum outcome
line_log_plan(const struct input *input, struct sink *sink,
    line_log_is_head *is_head)
{
	struct line_plan plan = { .input = input, .sink = sink,
		.is_head = is_head, .line = 1 };
	struct arena arena;
	uint64_t offset = 0;
	uint8_t *room;
	int64_t got;

	arena_init(&arena);
	room = arena_raw(&arena, CHUNK_BYTES);
	while ((got = input_read(input, offset, room, CHUNK_BYTES)) > 0) {
		struct bytes chunk = bytes_of(room, (size_t)got);

		/* UTF-16 is one unit. */
		if (offset == 0 && bytes_starts(chunk, BYTES_LIT("\xff\xfe")))
			break;
		plan_chunk(&plan, chunk, offset);
		offset += (uint64_t)got;
	}
	if (got < 0)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_SOURCE_LOST, 0, "the file cannot be read to its "
		    "end: I/O error");
	plan.lines += plan.line_begin < input->size;
	plan_unit(&plan, input->size);
	arena_release(&arena);
	return OUTCOME_OK;
}

/* The head line before the unit, out of the file. */
static struct bytes
head_line(const struct input *input, struct arena *arena, uint64_t place)
{
	struct bytes text;
	uint64_t end;

	if (place == 0)
		return BYTES_NONE;
	end = place - 1 + 65536;
	text = input_slice(input, arena, place - 1,
	    end < input->size ? end : input->size);
	return bytes_slice(text, 0, bytes_find_byte(text, '\n'));
}

struct unit_lines {
	struct bytes rest;
	const uint8_t *start;
	uint64_t base, line, left;
};

static void
run_block(struct line_log *log, struct unit_lines *u, line_log_say *say)
{
	struct bytes line, locator = arena_printf(&log->arena, "line=%llu",
	    (unsigned long long)u->line);
	bool wanted = sink_item_begin(log->sink, locator);
	int64_t idx = 0;

	if (wanted)
		sink_item_size(log->sink,
		    u->left > 0 && u->left < UAL_BLOCK ? u->left : UAL_BLOCK);
	for (unsigned i = 0; i < UAL_BLOCK && bytes_line(&u->rest, &line);
	     i++, u->line++) {
		struct ual_place place = { idx,
			arena_printf(&log->arena, "line=%llu",
			    (unsigned long long)u->line),
			log->is_utf16 ? RECORD_NONE
				      : (int64_t)(u->base +
					    (uint64_t)(line.p - u->start)),
			log->is_utf16 ? RECORD_NONE : (int64_t)line.n,
			RECORD_NONE, RECORD_NONE, RECORD_NONE };

		u->left -= u->left > 0;
		/* Head lines are told even when their block is done. */
		if (wanted || (line.n > 0 && line.p[0] == '#'))
			idx += say(log, line, &place);
		arena_reset(&log->arena);
	}
	if (wanted)
		sink_item_end(log->sink);
}

enum outcome
line_log_run(const struct input *input, struct bytes spec, struct sink *sink,
    line_log_say *say, void *context)
{
	struct line_log log = { .sink = sink, .context = context };
	struct unit_lines u;
	struct arena arena;

	arena_init(&arena);
	u.base = spec_number(spec, "begin", 0);
	u.line = spec_number(spec, "line", 1);
	u.left = spec_number(spec, "lines", 0);
	u.rest = input_slice(input, &arena, u.base,
	    spec_number(spec, "end", input->size));
	if (u.rest.p == NULL) {
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_SOURCE_LOST, 0, "the file cannot be read: I/O "
		    "error or it became shorter");
		arena_release(&arena);
		return OUTCOME_SOURCE_LOST;
	}
	log.is_utf16 = bytes_starts(u.rest, BYTES_LIT("\xff\xfe"));
	if (log.is_utf16)
		u.rest = text_from_utf16le(&arena, bytes_skip(u.rest, 2));
	u.start = u.rest.p;
	if (u.base == 0 && bytes_starts(u.rest, BYTES_LIT("\xef\xbb\xbf")))
		u.rest = bytes_skip(u.rest, 3);
	log.head = head_line(input, &arena, spec_number(spec, "head", 0));
	arena_init(&log.arena);
	log.ual = ual_new();
	while (u.rest.n > 0)
		run_block(&log, &u, say);
	ual_free(log.ual);
	arena_release(&log.arena);
	arena_release(&arena);
	return OUTCOME_OK;
}
