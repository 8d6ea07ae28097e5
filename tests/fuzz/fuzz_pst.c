/* Any bytes as a store: probed, planned, every unit run. */
#include <stdlib.h>

#include "parsers/base/buffer.h"
#include "parsers/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct parser parser_pst, parser_ost;

enum { UNITS_MOST = 64 };

struct deaf {
	struct sink sink;
	struct buffer specs[UNITS_MOST];
	size_t units;
	bool in_item;
	unsigned long sum;
};

static bool
item_begin(struct sink *sink, struct bytes locator)
{
	struct deaf *deaf = (struct deaf *)sink;

	if (deaf->in_item || locator.n == 0)
		abort();
	deaf->in_item = true;
	return true;
}

static void
item_size(struct sink *sink, uint64_t records)
{
	(void)sink;
	(void)records;
}

static void
item_end(struct sink *sink)
{
	struct deaf *deaf = (struct deaf *)sink;

	if (!deaf->in_item)
		abort();
	deaf->in_item = false;
}

/* Reads every byte that is said, so that a sanitizer sees a bad one. */
static void
take_record(struct sink *sink, enum record_kind kind, const void *record)
{
	struct deaf *deaf = (struct deaf *)sink;
	const struct record_shape *shape = &record_shapes[kind];

	for (size_t i = 0; i < shape->count; i++) {
		const struct bytes *text = (const struct bytes *)(const void *)(
		    (const char *)record + shape->fields[i].offset);

		for (size_t k = 0; shape->fields[i].text && k < text->n; k++)
			deaf->sum += text->p[k];
	}
	if (kind == RECORD_KIND_UNIT && deaf->units < UNITS_MOST)
		buffer_add_bytes(&deaf->specs[deaf->units++],
		    ((const struct record_unit *)record)->spec);
}

static void
take_text(struct sink *sink, const struct text_flow *flow)
{
	struct deaf *deaf = (struct deaf *)sink;

	for (size_t i = 0; i < flow->text.n; i++)
		deaf->sum += flow->text.p[i];
}

static void
take_row(struct sink *sink, const struct text_row *row)
{
	((struct deaf *)sink)->sum += row->count;
}

static const struct sink_ops deaf_ops = { item_begin, item_size, item_end,
	take_record, take_text, take_row, NULL };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct deaf deaf = { .sink.ops = &deaf_ops };
	struct input input = { .fd = -1, .memory = bytes_of(data, size),
		.size = size };

	parser_pst.probe(bytes_of(data, size < 65536 ? size : 65536), size);
	parser_ost.probe(bytes_of(data, size < 65536 ? size : 65536), size);
	arena_init(&deaf.sink.item);
	parser_pst.plan(&input, &deaf.sink);
	for (size_t i = 0; i < deaf.units; i++)
		parser_pst.run(&input, buffer_bytes(&deaf.specs[i]),
		    &deaf.sink);
	for (size_t i = 0; i < UNITS_MOST; i++)
		buffer_release(&deaf.specs[i]);
	arena_release(&deaf.sink.item);
	return 0;
}
