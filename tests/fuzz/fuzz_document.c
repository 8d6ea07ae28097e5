/* Files that hang on messages, by what they are. */
#include "parsers/documents/document.h"
#include "tests/fuzz/strict_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sink sink = { .ops = &strict_ops };
	struct document document = { .content = bytes_of(data, size),
		.type = BYTES_LIT(""), .name = BYTES_LIT("a") };
	struct document_reader reader = { .arena = &sink.item,
		.target = { &sink, 0, BYTES_LIT("2") } };
	struct document_answer answer;

	if (size > 1 << 20)
		return 0;
	arena_init(&sink.item);
	answer = document_say(&reader, &document);
	if (answer.text.n == 0 || !text_is_utf8(answer.reason))
		abort();
	arena_release(&sink.item);
	return 0;
}
