#include "parsers/parser.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "parsers/base/limits.h"
#include "parsers/base/text.h"

int64_t
input_read(const struct input *input, uint64_t offset, void *p, size_t n)
{
	size_t done = 0;

	if (offset >= input->size)
		return 0;
	if (n > input->size - offset)
		n = (size_t)(input->size - offset);
	if (input->read != NULL)
		return input->read(input, offset, p, n);
	if (input->fd < 0) {
		memcpy(p, input->memory.p + offset, n);
		return (int64_t)n;
	}
	while (done < n) {
		ssize_t got = pread(input->fd, (char *)p + done, n - done,
		    (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (int64_t)done;
}

struct bytes
input_slice(const struct input *input, struct arena *arena, uint64_t from,
    uint64_t to)
{
	uint8_t *p;

	if (from > to || to > input->size)
		return BYTES_NONE;
	p = arena_raw(arena, (size_t)(to - from) + 1);
	if (input_read(input, from, p, (size_t)(to - from)) !=
	    (int64_t)(to - from))
		return BYTES_NONE;
	return bytes_of(p, (size_t)(to - from));
}

bool
sink_item_begin(struct sink *sink, struct bytes locator)
{
	arena_reset(&sink->item);
	sink->body = false;
	return sink->ops->item_begin(sink, locator);
}

void
sink_item_size(struct sink *sink, uint64_t records)
{
	sink->ops->item_size(sink, records);
}

void
sink_item_end(struct sink *sink)
{
	sink->ops->item_end(sink);
}

void
sink_record(struct sink *sink, enum record_kind kind, const void *record)
{
	sink->ops->record(sink, kind, record);
}

void
sink_text(struct sink *sink, const struct text_flow *flow)
{
	struct text_flow half = *flow;

	half.alternative = sink->alternative;
	half.half = sink->half;
	half.body = sink->body;
	sink->ops->text(sink, &half);
}

void
sink_row(struct sink *sink, const struct text_row *row)
{
	struct text_row half = *row;

	half.alternative = sink->alternative;
	half.half = sink->half;
	half.body = sink->body;
	sink->ops->row(sink, &half);
}

bool
sink_body(struct sink *sink, bool body)
{
	bool before = sink->body;

	sink->body = body;
	return before;
}

void
sink_headers(struct sink *sink, int64_t idx, struct bytes text)
{
	if (sink->ops->headers != NULL && text.n > 0)
		sink->ops->headers(sink, idx, text);
}

void
sink_half(struct sink *sink, struct bytes alternative, unsigned half)
{
	sink->alternative = alternative;
	sink->half = half;
}

void
sink_content(struct sink *sink, int64_t idx, const char *role,
    struct bytes part, struct bytes content)
{
	struct record_content record;

	if (!sink->contents || !bytes_present(content))
		return;
	record_clear(RECORD_KIND_CONTENT, &record);
	record.idx = idx;
	record.role = bytes_cstr(role);
	record.part = part;
	do {
		record.piece = bytes_slice(content, 0,
		    content.n < LIMIT_CONTENT_PIECE ? content.n
						    : LIMIT_CONTENT_PIECE);
		sink_record(sink, RECORD_KIND_CONTENT, &record);
		content = bytes_skip(content, record.piece.n);
	} while (content.n > 0);
}

void
sink_problem(struct sink *sink, struct bytes locator, enum problem_kind kind,
    enum outcome severity, int64_t items_lost, const char *format, ...)
{
	struct record_problem problem;
	char detail[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(detail, sizeof detail, format, arguments);
	va_end(arguments);
	record_clear(RECORD_KIND_PROBLEM, &problem);
	problem.locator = locator;
	problem.kind = bytes_cstr(problem_kind_name(kind));
	problem.severity = bytes_cstr(severity_name(severity));
	problem.items_lost = items_lost;
	/* Words from evidence in it may be cut or no text at all. */
	problem.detail = text_repair_utf8(&sink->item, bytes_cstr(detail));
	sink_record(sink, RECORD_KIND_PROBLEM, &problem);
}
