#include "reports/html/html.h"

#include "forensics/tables.h"
#include "reports/html/links.h"
#include "reports/html/pages.h"

static const struct {
	const char *name, *title;
	void (*write)(struct page *page);
} sections[] = {
    {"index", "Who read what, when, and whom to tell", summary_write},
    {"timeline", "Timeline and sessions", timeline_write},
    {"mailboxes", "Mailboxes", mailboxes_write},
    {"messages", "Messages by exposure", messages_write},
    {"people", "People", people_write},
    {"duties", "Duties and dates", duties_write},
    {"credentials", "Credentials to reset", credentials_write},
    {"organizations", "Correspondents to tell", organizations_write},
    {"coverage", "What the log covers", coverage_write},
    {"evidence", "Evidence and completeness", evidence_write},
    {"method", "Method, limits and terms", method_write},
};

enum { SECTIONS = sizeof sections / sizeof sections[0] };

static void
script_write(const struct report_options *options)
{
	struct writer out;

	writer_open(&out, options->folder, "report.js");
	writer_add(&out, table_content("report.js"));
	writer_close(&out);
}

/* Everything on one page, to be printed whole; long tables are cut, and say
 * so. */
static void
whole_write(struct case_file *file, const struct report_options *options)
{
	struct page page;

	page_open(&page, file, options, "print", 1, "The whole report");
	page.whole = true;
	for (size_t i = 0; i < SECTIONS; i++) {
		page_rawf(&page, "<section class=\"part\">\n<h1>%s</h1>\n",
		    sections[i].title);
		sections[i].write(&page);
		page_raw(&page, "</section>\n");
	}
	page_close(&page);
}

void
html_write(struct case_file *file, const struct report_options *options)
{
	links_build(file);
	script_write(options);
	for (size_t i = 0; i < SECTIONS; i++) {
		struct page page;

		page_open(&page, file, options, sections[i].name, 1,
		    sections[i].title);
		sections[i].write(&page);
		page_close(&page);
	}
	records_write(file, options);
	why_write(file, options);
	certificate_write(file, options);
	search_write(file, options);
	whole_write(file, options);
}
