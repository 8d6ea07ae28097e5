/*
 * A resumed unit is said again from its start by its parser: items below
 * `resume` answer false to begin, and what is said between them was kept
 * from the first time, so it is muted here.
 */
#include "forensics/ingest/worker_sink.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "forensics/ingest/fault.h"
#include "forensics/ingest/frame.h"
#include "forensics/ingest/scanner.h"
#include "forensics/ingest/wanted.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"

enum { OUT_FULL = 256 * 1024, OUT_KEEP = 4 * 1024 * 1024 };

/* Slow items are announced before they are begun, so that the case process
 * sees progress and knows whom to blame. */
#define FLUSH_EVERY_NS INT64_C(200000000)

static int64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static bool
write_out(struct worker_sink *sink)
{
	while (sink->sent < sink->out.n) {
		ssize_t n = write(sink->results, sink->out.p + sink->sent,
		    sink->out.n - sink->sent);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		sink->sent += (size_t)n;
	}
	return true;
}

void
worker_sink_flush(struct worker_sink *sink)
{
	sink->sending = true;
	if (!write_out(sink))
		_exit(1);
	buffer_reset(&sink->out);
	sink->sent = 0;
	sink->sending = false;
	sink->flushed_ns = now_ns();
	if (sink->out.room > OUT_KEEP) {
		buffer_release(&sink->out);
		sink->out = BUFFER_EMPTY;
	}
}

void
worker_sink_last_words(struct worker_sink *sink)
{
	/* Caught inside a write: how much of it went is not known. */
	if (!sink->sending)
		write_out(sink);
}

static void found_value(void *context, const struct record_finding *finding);

static bool
item_begin(struct sink *base, struct bytes locator)
{
	struct worker_sink *sink = (struct worker_sink *)base;
	uint64_t ordinal = sink->ordinal++;

	sink->in_item = ordinal >= sink->resume;
	if (!sink->in_item)
		return false;
	frame_add(&sink->out, FRAME_ITEM_BEGIN, 0, ordinal,
	    bytes_slice(locator, 0, 65536));
	if (sink->careful || now_ns() - sink->flushed_ns > FLUSH_EVERY_NS)
		worker_sink_flush(sink);
	if (sink->wanted != NULL &&
	    !wanted_has(sink->wanted, sink->name, locator)) {
		frame_add(&sink->out, FRAME_ITEM_END, 0, ordinal, BYTES_NONE);
		sink->in_item = false;
		return false;
	}
	if (sink->wanted == NULL) {
		scanner_item_begin(sink->scanner, found_value, sink);
		worker_text_begin(&sink->texts);
	}
	fault_at_item(ordinal, sink->name, sink->results);
	return true;
}

static void
item_size(struct sink *base, uint64_t records)
{
	struct worker_sink *sink = (struct worker_sink *)base;

	if (sink->in_item)
		frame_add(&sink->out, FRAME_ITEM_SIZE, 0,
		    records < UINT32_MAX ? records : UINT32_MAX, BYTES_NONE);
	if (sink->in_item && sink->careful)
		worker_sink_flush(sink);
}

/* The case takes no other: a parser that let something through is mended. */
static void
repair_texts(struct worker_sink *sink, enum record_kind kind,
    union record_any *record)
{
	const struct record_shape *shape = &record_shapes[kind];

	if (kind == RECORD_KIND_UNIT || kind == RECORD_KIND_TEXT ||
	    kind == RECORD_KIND_CONTENT)
		return;
	for (size_t i = 0; i < shape->count; i++) {
		struct bytes *text = (struct bytes *)(void *)((char *)record +
		    shape->fields[i].offset);

		if (shape->fields[i].text && !text_is_utf8(*text))
			*text = text_repair_utf8(&sink->sink.item, *text);
	}
}

static void
note_unit(struct worker_sink *sink, const struct record_unit *unit)
{
	if (sink->units++ > 0)
		return;
	buffer_reset(&sink->spec);
	buffer_add_bytes(&sink->spec, unit->spec);
}

static void
note_severity(struct worker_sink *sink, const struct record_problem *problem)
{
	for (enum outcome i = sink->worst; i <= OUTCOME_SOURCE_LOST; i++)
		if (bytes_eq(problem->severity, bytes_cstr(severity_name(i))))
			sink->worst = i;
}

static bool
is_muted(const struct worker_sink *sink, enum record_kind kind)
{
	if (sink->in_item || sink->planning)
		return false;
	return sink->ordinal < sink->resume ||
	       (kind != RECORD_KIND_PROBLEM && kind != RECORD_KIND_FOLDER &&
	           kind != RECORD_KIND_MEMBER);
}

static void
send_record(struct sink *base, enum record_kind kind, const void *record)
{
	struct worker_sink *sink = (struct worker_sink *)base;
	union record_any mended;

	if (kind == RECORD_KIND_PROBLEM)
		note_severity(sink, record);
	if (is_muted(sink, kind))
		return;
	if (record_frame_size(kind, record) > LIMIT_FRAME_BYTES) {
		sink_problem(base, BYTES_NONE, PROBLEM_LIMIT_SIZE,
		    OUTCOME_ITEM_LOST, 1,
		    "a record of more than %zu bytes (%s)", LIMIT_FRAME_BYTES,
		    record_shapes[kind].table);
		return;
	}
	memcpy(&mended, record, record_shapes[kind].size);
	if (kind == RECORD_KIND_MESSAGE && sink->in_item &&
	    sink->wanted == NULL)
		worker_text_message(&sink->texts, mended.message.idx);
	repair_texts(sink, kind, &mended);
	if (kind == RECORD_KIND_UNIT)
		note_unit(sink, &mended.unit);
	record_frame_add(&sink->out, kind, &mended);
	if (sink->out.n > OUT_KEEP)
		worker_sink_flush(sink);
}

static void
found_value(void *context, const struct record_finding *finding)
{
	send_record(context, RECORD_KIND_FINDING, finding);
}

static void
item_end(struct sink *base)
{
	struct worker_sink *sink = (struct worker_sink *)base;
	size_t left_out;

	if (!sink->in_item)
		return;
	left_out = sink->wanted ? 0 : scanner_item_end(sink->scanner);
	if (left_out > 0)
		sink_problem(base, BYTES_NONE, PROBLEM_LIMIT_FINDINGS,
		    OUTCOME_PARTIAL, 0,
		    "%zu findings beyond the %d that one message may have "
		    "are left out", left_out, LIMIT_FINDINGS);
	if (sink->wanted == NULL)
		worker_text_say(&sink->texts, base);
	frame_add(&sink->out, FRAME_ITEM_END, 0, sink->ordinal - 1,
	    BYTES_NONE);
	sink->in_item = false;
	if (sink->careful || sink->out.n > OUT_FULL)
		worker_sink_flush(sink);
	fault_after_item(sink->ordinal - 1, sink->name);
}

static void
take_text(struct sink *base, const struct text_flow *flow)
{
	struct worker_sink *sink = (struct worker_sink *)base;

	if (!sink->in_item || sink->wanted != NULL)
		return;
	scanner_text(sink->scanner, flow);
	worker_text_flow(&sink->texts, flow);
}

static void
take_row(struct sink *base, const struct text_row *row)
{
	struct worker_sink *sink = (struct worker_sink *)base;

	if (!sink->in_item || sink->wanted != NULL)
		return;
	scanner_row(sink->scanner, row);
	worker_text_row(&sink->texts, row);
}

static void
take_headers(struct sink *base, int64_t idx, struct bytes text)
{
	struct worker_sink *sink = (struct worker_sink *)base;

	if (sink->in_item && sink->wanted == NULL)
		worker_text_headers(&sink->texts, idx, text);
}

static const struct sink_ops worker_ops = {
	.item_begin = item_begin,
	.item_size = item_size,
	.item_end = item_end,
	.record = send_record,
	.text = take_text,
	.row = take_row,
	.headers = take_headers,
};

void
worker_sink_init(struct worker_sink *sink, int results,
    struct scanner *scanner)
{
	*sink = (struct worker_sink){ .sink.ops = &worker_ops,
		.results = results, .scanner = scanner };
	arena_init(&sink->sink.item);
	sink->flushed_ns = now_ns();
}

void
worker_sink_want(struct worker_sink *sink, const struct wanted *wanted)
{
	sink->wanted = wanted;
	sink->sink.contents = wanted != NULL;
}

void
worker_sink_plan(struct worker_sink *sink)
{
	sink->planning = true;
	sink->worst = OUTCOME_OK;
	sink->in_item = false;
	sink->units = 0;
	buffer_reset(&sink->spec);
}

void
worker_sink_run(struct worker_sink *sink, uint64_t resume)
{
	sink->planning = false;
	sink->worst = OUTCOME_OK;
	sink->in_item = false;
	sink->ordinal = 0;
	sink->resume = resume;
}
