/* Any bytes as the JSON containers of audit records. */
#include "tests/fuzz/fuzz_audit.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "ual_json" };

	fuzz_parsers(names, 1, data, size);
	return 0;
}
