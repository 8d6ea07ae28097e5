/* Any bytes as logs of lines, of #Fields and of XML. */
#include "tests/fuzz/fuzz_audit.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "iis_log", "mail_log",
		"exchange_audit_xml", "ual_clixml" };

	fuzz_parsers(names, 4, data, size);
	return 0;
}
