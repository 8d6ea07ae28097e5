/* One message file: everything a message may hold, attachments with it. */
#include "tests/fuzz/strict_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct parser parser_eml;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	strict_plan_run(&parser_eml, data, size);
	return 0;
}
