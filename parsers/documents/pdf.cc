// The only file that opens QPDF.  No exception crosses the border.
#include "parsers/documents/pdf.h"

#include <set>

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>

#include "parsers/base/limits.h"
#include "parsers/documents/pdf_page.h"

namespace {

struct waiting { // a form drawn by a page, or by a form (8.10)
	QPDFObjectHandle form, resources;
	unsigned depth;
};

void
read_form(waiting next, std::vector<waiting> &queue,
    std::string &text, pdf_report &report, bool &pictures)
{
	QPDFObjectHandle own = next.form.getDict().getKey("/Resources");
	pdf_page page(own.isDictionary() ? own : next.resources);

	QPDFPageObjectHelper(next.form).parseContents(&page);
	if (!page.text.empty())
		text += (text.empty() ? "" : "\n\n") + page.text;
	report.known += page.known;
	report.unknown += page.unknown;
	pictures |= page.pictures;
	if (next.depth < LIMIT_PDF_FORM_DEPTH)
		for (QPDFObjectHandle &form : page.forms)
			queue.push_back({ form,
			    own.isDictionary() ? own : next.resources,
			    next.depth + 1 });
}

std::string
read_page(QPDFPageObjectHelper helper, pdf_report &report, bool &pictures)
{
	QPDFObjectHandle resources = helper.getAttribute("/Resources", false);
	std::vector<waiting> queue;
	std::set<QPDFObjGen> seen;
	pdf_page page(resources);
	std::string text;

	helper.parseContents(&page);
	text = page.text;
	report.known += page.known;
	report.unknown += page.unknown;
	pictures = page.pictures;
	for (QPDFObjectHandle &form : page.forms)
		queue.push_back({ form, resources, 1 });
	for (size_t i = 0; i < queue.size() && i < LIMIT_PDF_FORMS; i++) {
		waiting next = queue[i];

		if (seen.insert(next.form.getObjGen()).second)
			read_form(next, queue, text, report, pictures);
	}
	return text;
}

void
read_pages(QPDF &pdf, pdf_report &report,
    void (*say)(void *, size_t, struct bytes), void *context)
{
	std::vector<QPDFPageObjectHelper> pages =
	    QPDFPageDocumentHelper(pdf).getAllPages();

	report.pages = pages.size();
	for (size_t i = 0; i < pages.size(); i++) {
		bool pictures = false;
		std::string text;

		if (i >= LIMIT_PDF_PAGES) {
			report.left_out = pages.size() - i;
			return;
		}
		try {
			text = read_page(pages[i], report, pictures);
		} catch (const std::exception &) {
			report.damaged++;
		}
		if (text.empty() && pictures)
			report.pictures++;
		if (!text.empty())
			say(context, i + 1,
			    bytes_of(text.data(), text.size()));
	}
}

} // namespace

extern "C" struct pdf_report
pdf_read(struct bytes bytes, void (*page)(void *, size_t, struct bytes),
    void *context)
{
	struct pdf_report report = {};

	report.state = PDF_DAMAGED;
	try {
		QPDF pdf;
		QPDFObjectHandle names;

		pdf.setSuppressWarnings(true);
		pdf.processMemoryFile("pdf", (const char *)bytes.p, bytes.n);
		read_pages(pdf, report, page, context);
		report.damaged += pdf.getWarnings().empty() ? 0 : 1;
		names = pdf.getRoot().getKey("/Names");
		report.files = names.isDictionary() &&
		    names.hasKey("/EmbeddedFiles");
		report.state = PDF_READ;
	} catch (const QPDFExc &error) {
		if (error.getErrorCode() == qpdf_e_password)
			report.state = PDF_ENCRYPTED;
	} catch (const std::exception &) {
	}
	return report;
}
