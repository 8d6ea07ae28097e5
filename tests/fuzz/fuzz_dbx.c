/* Folders of Outlook Express: the plan and every unit. */
#include "tests/fuzz/strict_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct parser parser_dbx;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 || size > 1 << 20)
		return 0;
	strict_plan_run(&parser_dbx, data, size);
	return 0;
}
