/* PDF text: any bytes give an answer, never a crash. */
#include "parsers/documents/pdf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
on_page(void *context, size_t number, struct bytes text)
{
	size_t *total = context;

	*total += number + text.n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t total = 0;

	pdf_read(bytes_of(data, size), on_page, &total);
	return 0;
}
