/* Archives as sources: the first byte chooses the kind. */
#include "tests/fuzz/strict_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct parser parser_zip, parser_tar, parser_7z, parser_gz;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct parser *const kinds[] = { &parser_zip,
		&parser_tar, &parser_7z, &parser_gz };

	if (size < 1 || size > 1 << 20)
		return 0;
	strict_plan_run(kinds[data[0] & 3], data + 1, size - 1);
	return 0;
}
