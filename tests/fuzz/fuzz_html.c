/* HTML to text: places in the source ascend and lie inside it. */
#include "parsers/base/text.h"
#include "parsers/documents/text.h"
#include "tests/fuzz/strict_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t source_size;

static void
check_text(struct sink *sink, const struct text_flow *flow)
{
	on_text(sink, flow);
	for (size_t i = 0; i < flow->map_count; i++) {
		if (flow->map[i].text > flow->text.n ||
		    flow->map[i].part > source_size)
			abort();
		if (i > 0 && (flow->map[i].text < flow->map[i - 1].text ||
		                 flow->map[i].part < flow->map[i - 1].part))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sink_ops ops = strict_ops;
	struct sink sink = { .ops = &ops };
	struct text_target target = { .sink = &sink,
		.part = BYTES_LIT("1") };
	struct bytes text;

	ops.text = check_text;
	arena_init(&sink.item);
	text = text_repair_utf8(&sink.item, bytes_of(data, size));
	source_size = text.n;
	html_text_say(&target, &sink.item, text);
	flowed_text_say(&target, &sink.item, text, size & 1);
	arena_release(&sink.item);
	return 0;
}
