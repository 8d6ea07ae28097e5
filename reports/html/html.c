#include "reports/html/html.h"

#include "forensics/tables.h"
#include "reports/html/links.h"
#include "reports/html/pages.h"

static const struct {
	const char *name, *title;
	void (*write)(struct page *page);
} sections[] = {
    {"index", "title.index", summary_write},
    {"scope", "title.scope", scope_write},
    {"timeline", "title.timeline", timeline_write},
    {"mailboxes", "title.mailboxes", mailboxes_write},
    {"messages", "title.messages", messages_write},
    {"people", "title.people", people_write},
    {"duties", "title.duties", duties_write},
    {"credentials", "title.credentials", credentials_write},
    {"organizations", "title.organizations", organizations_write},
    {"coverage", "title.coverage", coverage_write},
    {"evidence", "title.evidence", evidence_write},
    {"method", "title.method", method_write},
};

enum { SECTIONS = sizeof sections / sizeof sections[0] };

/* The script's own words, as its first statement. */
static void
words_write(struct writer *out, const struct language *words)
{
	struct buffer line = BUFFER_EMPTY;
	struct bytes key, text;

	buffer_add_cstr(&line, "var postmortemWords = {");
	for (size_t i = 0; language_at(words, i, &key, &text); i++) {
		if (!bytes_starts(key, BYTES_LIT("script.")))
			continue;
		if (line.p[line.n - 1] != '{')
			buffer_add_cstr(&line, ", ");
		json_add_string(&line, bytes_skip(key, 7));
		buffer_add_cstr(&line, ": ");
		json_add_string(&line, text);
	}
	buffer_add_cstr(&line, "};\n");
	writer_add(out, buffer_bytes(&line));
	buffer_release(&line);
}

static void
script_write(const struct report_options *options)
{
	struct writer out;

	writer_open(&out, options->folder, "report.js");
	words_write(&out, options->words);
	writer_add(&out, table_content("report.js"));
	writer_close(&out);
}

/* Everything on one page, to be printed whole; long tables are cut, and say
 * so. */
static void
whole_write(struct case_file *file, const struct report_options *options)
{
	struct page page;

	page_open(&page, file, options, "print", 1, "title.print");
	page.whole = true;
	for (size_t i = 0; i < SECTIONS; i++) {
		page_raw(&page, "<section class=\"part\">\n");
		page_block(&page, "h1", sections[i].title);
		sections[i].write(&page);
		page_raw(&page, "</section>\n");
	}
	page_close(&page);
}

void
html_write(struct case_file *file, const struct report_options *options)
{
	say_prepare(file, options->words);
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
	told_write(file, options);
	certificate_write(file, options);
	search_write(file, options);
	whole_write(file, options);
}
