/* A certificate to be completed by a person (US Fed. R. Evid. 902(13), (14)),
 * with the facts that the machine knows. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"
#include "reports/version.h"

static void
write_files(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.file", CELL_LONG, NULL},
	    {NULL, CELL_ID, NULL},
	    {"col.bytes", CELL_NUMBER, NULL},
	    {"col.sha_256_md5", CELL_HASH, NULL},
	    {NULL, CELL_HASH, NULL},
	};
	static const struct page_table table = {
	    .caption = "certificate_files.caption",
	    .nothing = "certificate_files.none",
	    .sql = "SELECT p.path, s.source_id, s.bytes, s.sha256, s.md5"
		   " FROM paths p JOIN sources s USING (source)"
		   " ORDER BY p.path",
	    PAGE_COLUMNS(columns),
	    .csv = "sources",
	};

	page_heading(page, 2, NULL, "certificate.files");
	page_table_write(page, &table);
}

/* {blank} is a line to write on. */
static void
write_form(struct page *page)
{
	static const char *const clauses[] = {
	    "certificate.who",
	    "certificate.process_used",
	    "certificate.hashes",
	    "certificate.read_only",
	    "certificate.repeatable",
	    "certificate.notice",
	    "certificate.oath",
	};

	page_block(page, "p class=\"note\"", "certificate.note");
	page_raw(page, "<ol>\n");
	for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++)
		page_li(page, clauses[i], say_blank("blank"));
	page_raw(page, "</ol>\n");
	page_p(page, "certificate.executed", say_blank("blank"));
	page_p(page, "certificate.signature", say_blank("blank"));
}

void
certificate_write(struct case_file *file, const struct report_options *options)
{
	struct page page;

	page_open(&page, file, options, "certificate", 1, "title.certificate");
	write_form(&page);
	page_heading(&page, 2, NULL, "certificate.process");
	page_p(&page, "certificate.program",
	    say_cstr("version", POSTMORTEM_VERSION));
	write_files(&page);
	page_close(&page);
}
