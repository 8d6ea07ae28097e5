/* winmail.dat: TNEF attributes and the message in them. */
#include "tests/fuzz/strict_sink.h"

extern const struct parser parser_tnef;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	strict_run(&parser_tnef, data, size);
	return 0;
}
