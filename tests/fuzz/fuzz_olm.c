/* XML of Outlook for Mac, and the directory of a zip. */
#include "parsers/containers/zip_index.h"
#include "tests/fuzz/strict_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct parser parser_olm;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { .fd = -1, .memory = bytes_of(data, size),
		.size = size };
	struct zip_index *index;
	struct arena arena;
	const char *why;

	if (size < 1 || size > 1 << 20)
		return 0;
	if (data[0] == '<') {
		strict_plan_run(&parser_olm, data, size);
		return 0;
	}
	arena_init(&arena);
	index = zip_index_open(&input);
	zip_index_take(index, &arena, BYTES_LIT("a"), &why);
	zip_index_close(index);
	arena_release(&arena);
	return 0;
}
