/* strict_sink.h for parsers that plan: every unit they say is run. */
#ifndef TESTS_FUZZ_STRICT_PLAN_H
#define TESTS_FUZZ_STRICT_PLAN_H

#include "parsers/base/buffer.h"
#include "tests/fuzz/strict_sink.h"

struct planning_sink {
	struct sink sink;
	struct buffer specs; /* a byte of length, then the spec */
};

static void
on_plan_record(struct sink *base, enum record_kind kind, const void *record)
{
	struct planning_sink *sink = (struct planning_sink *)base;
	const struct record_unit *unit = record;

	on_record(base, kind, record);
	if (kind != RECORD_KIND_UNIT || unit->spec.n > 255)
		return;
	buffer_add_byte(&sink->specs, (uint8_t)unit->spec.n);
	buffer_add_bytes(&sink->specs, unit->spec);
}

static const struct sink_ops planning_ops = { on_begin, on_size, on_end,
	on_plan_record, on_text, on_row, on_headers };

static inline void
strict_plan_run(const struct parser *parser, const uint8_t *data, size_t size)
{
	struct input input = { .fd = -1, .memory = { data, size },
		.size = size };
	struct planning_sink sink = { .sink.ops = &planning_ops };
	size_t at = 0;

	arena_init(&sink.sink.item);
	parser->probe(bytes_slice(input.memory, 0, 65536), size);
	if (parser->plan == NULL)
		parser->run(&input, BYTES_NONE, &sink.sink);
	else
		parser->plan(&input, &sink.sink);
	while (at < sink.specs.n) {
		size_t n = sink.specs.p[at++];

		parser->run(&input, bytes_of(sink.specs.p + at, n),
		    &sink.sink);
		at += n;
	}
	buffer_release(&sink.specs);
	arena_release(&sink.sink.item);
}

#endif
