/* CSV attachments as rows. */
#include "parsers/documents/text.h"
#include "tests/fuzz/strict_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sink sink = { .ops = &strict_ops };
	struct text_target target = { .sink = &sink,
		.part = BYTES_LIT("1") };
	struct bytes text;

	arena_init(&sink.item);
	text = text_repair_utf8(&sink.item, bytes_of(data, size));
	if (csv_text_fits(text))
		csv_text_say(&target, &sink.item, text);
	csv_text_say(&target, &sink.item, text);
	arena_release(&sink.item);
	return 0;
}
