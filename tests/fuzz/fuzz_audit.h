/* What the audit targets share: every probe, then the named formats' plans
 * and units, whatever the probes said; texts must be in bounds and UTF-8. */
#ifndef TESTS_FUZZ_AUDIT_H
#define TESTS_FUZZ_AUDIT_H

#include <stdlib.h>

#include "parsers/base/buffer.h"
#include "parsers/base/text.h"
#include "parsers/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_sink {
	struct sink sink;
	struct buffer specs; /* each after its length */
	bool in_item;
};

static bool
fuzz_begin(struct sink *base, struct bytes locator)
{
	struct fuzz_sink *sink = (struct fuzz_sink *)base;

	(void)locator;
	if (sink->in_item)
		abort();
	sink->in_item = true;
	return true;
}

static void
fuzz_size(struct sink *base, uint64_t records)
{
	(void)base;
	if (records == 0)
		abort();
}

static void
fuzz_end(struct sink *base)
{
	struct fuzz_sink *sink = (struct fuzz_sink *)base;

	if (!sink->in_item)
		abort();
	sink->in_item = false;
}

static void
fuzz_record(struct sink *base, enum record_kind kind, const void *record)
{
	struct fuzz_sink *sink = (struct fuzz_sink *)base;
	const struct record_shape *shape = &record_shapes[kind];

	for (size_t i = 0; i < shape->count; i++) {
		const struct bytes *text = (const struct bytes *)(const void *)
		    ((const char *)record + shape->fields[i].offset);

		if (shape->fields[i].text && kind != RECORD_KIND_UNIT &&
		    !text_is_utf8(*text))
			abort();
	}
	if (kind == RECORD_KIND_UNIT) {
		const struct record_unit *unit = record;

		buffer_add(&sink->specs, &unit->spec.n, sizeof unit->spec.n);
		buffer_add_bytes(&sink->specs, unit->spec);
	} else if (kind != RECORD_KIND_PROBLEM && !sink->in_item)
		abort();
}

static const struct sink_ops fuzz_ops = {
	.item_begin = fuzz_begin,
	.item_size = fuzz_size,
	.item_end = fuzz_end,
	.record = fuzz_record,
};

static inline void
fuzz_one(const struct parser *parser, const struct input *input)
{
	struct fuzz_sink sink = { .sink.ops = &fuzz_ops };
	size_t n;

	arena_init(&sink.sink.item);
	parser->plan(input, &sink.sink);
	for (size_t at = 0; at < sink.specs.n; at += n) {
		memcpy(&n, sink.specs.p + at, sizeof n);
		at += sizeof n;
		parser->run(input, bytes_of(sink.specs.p + at, n),
		    &sink.sink);
	}
	buffer_release(&sink.specs);
	arena_release(&sink.sink.item);
}

static inline void
fuzz_parsers(const char *const *names, size_t count, const uint8_t *data,
    size_t size)
{
	struct input input = { .fd = -1, .memory = bytes_of(data, size), .size = size,
		.name = BYTES_LIT("fuzz") };
	bool tie;

	parser_for(bytes_slice(input.memory, 0, 65536), size, &tie);
	for (size_t i = 0; i < count; i++)
		fuzz_one(parser_named(bytes_cstr(names[i])), &input);
}

#endif
