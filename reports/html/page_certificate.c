/* A certificate to be completed by a person (US Fed. R. Evid. 902(13), (14)),
 * with the facts that the machine knows. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"
#include "reports/version.h"

static void
write_files(struct page *page)
{
	static const struct page_column columns[] = {
	    {"File", CELL_LONG, NULL},
	    {NULL, CELL_ID, NULL},
	    {"Bytes", CELL_NUMBER, NULL},
	    {"SHA-256, MD5", CELL_HASH, NULL},
	    {NULL, CELL_HASH, NULL},
	};
	static const struct page_table table = {
	    .caption = "The files examined, by path below the evidence "
		       "folder.",
	    .nothing = "No file was examined.",
	    .sql = "SELECT p.path, s.source_id, s.bytes, s.sha256, s.md5"
		   " FROM paths p JOIN sources s USING (source)"
		   " ORDER BY p.path",
	    PAGE_COLUMNS(columns),
	    .csv = "sources",
	};

	page_raw(page, "<h2>Files</h2>\n");
	page_table_write(page, &table);
}

void
certificate_write(struct case_file *file, const struct report_options *options)
{
	struct page page;

	page_open(&page, file, options, "certificate", 1,
	    "Certificate of electronic records");
	page_asset(&page, "certificate.html");
	page_raw(&page, "<h2>Process</h2>\n<p>postmortem " POSTMORTEM_VERSION
			"; rules and tables with their hashes under <a "
			"href=\"method.html#tables\">method</a>; machine, "
			"command line and times in <code>custody.jsonl</code> "
			"of the case.</p>\n");
	write_files(&page);
	page_close(&page);
}
