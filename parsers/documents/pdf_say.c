/* Pages of a PDF as flow text, and what is missing as problem rows. */
#include <inttypes.h>

#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/documents/pdf.h"

static void
page_say(void *context, size_t number, struct bytes text)
{
	struct document_reader *reader = context;
	struct text_target target = reader->target;

	target.part = arena_printf(reader->arena, "%.*s/page=%zu",
	    (int)target.part.n, (const char *)target.part.p, number);
	plain_text_say(&target,
	    arena_dup(reader->arena, text_repair_utf8(reader->arena, text)));
}

static void
problems_say(struct document_reader *reader, const struct pdf_report *report)
{
	struct sink *sink = reader->target.sink;

	if (report->damaged > 0)
		sink_problem(sink, reader->locator, PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0, "PDF: parts of it are damaged; what "
		    "could be read was (ISO 32000-1 7.5)");
	if (report->left_out > 0)
		sink_problem(sink, reader->locator, PROBLEM_LIMIT_PARTS,
		    OUTCOME_PARTIAL, 0, "PDF: %zu pages beyond %d are not "
		    "read", report->left_out, LIMIT_PDF_PAGES);
	if (report->unknown > 0)
		sink_problem(sink, reader->locator, PROBLEM_CHARSET,
		    OUTCOME_PARTIAL, 0, "PDF: %" PRIu64 " of %" PRIu64
		    " characters are in fonts that do not say what they are "
		    "(ISO 32000-1 9.10)", report->unknown,
		    report->unknown + report->known);
	if (report->pictures > 0)
		sink_problem(sink, reader->locator, PROBLEM_IMAGE_NOT_READ,
		    OUTCOME_PARTIAL, 0, "PDF: %zu of %zu pages are pictures "
		    "without text", report->pictures, report->pages);
}

struct document_answer
pdf_say(struct document_reader *reader, struct bytes pdf)
{
	struct pdf_report report = pdf_read(pdf, page_say, reader);
	const char *text = "read", *reason = "";

	if (report.state == PDF_ENCRYPTED) {
		text = "encrypted";
		reason = "PDF that wants a password";
	} else if (report.state == PDF_DAMAGED) {
		text = "not_read";
		reason = "damaged PDF";
	} else if (report.known == 0 && report.pictures > 0) {
		text = "image";
		reason = "PDF of pictures: their text is not read";
	} else if (report.known == 0 && report.unknown > 0) {
		text = "not_read";
		reason = "PDF whose fonts do not say what they show";
	} else if (report.files) {
		reason = "files inside the PDF are not read";
	}
	if (report.state == PDF_READ)
		problems_say(reader, &report);
	return (struct document_answer){ bytes_cstr(text),
		bytes_cstr(reason) };
}
