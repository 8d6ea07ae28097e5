/* MSG files: the compound file and the message in it. */
#include "tests/fuzz/strict_sink.h"

extern const struct parser parser_msg;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	strict_run(&parser_msg, data, size);
	return 0;
}
