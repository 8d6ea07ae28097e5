/* Mailboxes: the plan and every unit. */
#include "tests/fuzz/strict_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct parser parser_mbox;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	strict_plan_run(&parser_mbox, data, size);
	return 0;
}
