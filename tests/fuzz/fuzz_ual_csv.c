/* Any bytes as the CSV containers of audit records. */
#include "tests/fuzz/fuzz_audit.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "ual_csv", "entra_csv" };

	fuzz_parsers(names, 2, data, size);
	return 0;
}
