/* A sink that takes everything and aborts on text that the case would not
 * take: anything but UTF-8. */
#ifndef TESTS_FUZZ_STRICT_SINK_H
#define TESTS_FUZZ_STRICT_SINK_H

#include <stdlib.h>

#include "parsers/base/text.h"
#include "parsers/parser.h"

static bool
on_begin(struct sink *sink, struct bytes locator)
{
	(void)sink;
	(void)locator;
	return true;
}

static void
on_size(struct sink *sink, uint64_t records)
{
	(void)sink;
	(void)records;
}

static void
on_end(struct sink *sink)
{
	(void)sink;
}

static void
on_record(struct sink *sink, enum record_kind kind, const void *record)
{
	const struct record_shape *shape = &record_shapes[kind];

	(void)sink;
	for (size_t i = 0; i < shape->count; i++) {
		const void *place = (const char *)record +
				    shape->fields[i].offset;

		if (shape->fields[i].text &&
		    !text_is_utf8(*(const struct bytes *)place))
			abort();
	}
}

static void
on_text(struct sink *sink, const struct text_flow *flow)
{
	(void)sink;
	if (!text_is_utf8(flow->text))
		abort();
}

static void
on_row(struct sink *sink, const struct text_row *row)
{
	(void)sink;
	(void)row;
}

static void
on_headers(struct sink *sink, int64_t idx, struct bytes text)
{
	(void)sink;
	(void)idx;
	if (!text_is_utf8(text))
		abort();
}

static const struct sink_ops strict_ops = { on_begin, on_size, on_end, on_record,
	on_text, on_row, on_headers };

/* Probe and run over all of the data as one unit. */
static inline void
strict_run(const struct parser *parser, const uint8_t *data, size_t size)
{
	struct input input = { .fd = -1, .memory = { data, size },
		.size = size };
	struct sink sink = { .ops = &strict_ops };

	arena_init(&sink.item);
	parser->probe(bytes_slice(input.memory, 0, 65536), size);
	parser->run(&input, BYTES_NONE, &sink);
	arena_release(&sink.item);
}

#endif
