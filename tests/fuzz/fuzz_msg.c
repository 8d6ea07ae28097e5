/* MSG files: the compound file and the message in it. */
#include <stdlib.h>

#include "parsers/base/text.h"
#include "parsers/parser.h"

extern const struct parser parser_msg;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

/* The case takes nothing but UTF-8. */
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

static const struct sink_ops ops = { on_begin, on_size, on_end, on_record,
	on_text, on_row };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { .fd = -1, .memory = { data, size },
		.size = size };
	struct sink sink = { .ops = &ops };

	arena_init(&sink.item);
	parser_msg.probe(bytes_slice(input.memory, 0, 65536), size);
	parser_msg.run(&input, BYTES_NONE, &sink);
	arena_release(&sink.item);
	return 0;
}
