/* What was read, what was lost, and by which method. */
#include "forensics/tables.h"
#include "parsers/base/hash.h"
#include "reports/html/pages.h"

static void
write_sources(struct page *page)
{
	static const struct page_column columns[] = {
		{ "Source", CELL_ID },
		{ "File", CELL_TEXT },
		{ "Kind", CELL_TEXT },
		{ "Bytes", CELL_NUMBER },
		{ "Status", CELL_TAG },
		{ "Mailbox", CELL_TEXT },
		{ "Messages", CELL_NUMBER },
		{ "Records", CELL_NUMBER },
		{ "SHA-256", CELL_ID },
	};
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT s.source_id, p.path, s.kind, s.bytes,"
	    " coalesce(s.status, 'lost'), b.mailbox, s.messages, s.events,"
	    " s.sha256 FROM paths p LEFT JOIN sources s USING (source)"
	    " LEFT JOIN path_mailboxes USING (path)"
	    " LEFT JOIN mailboxes b USING (mailbox_no)"
	    " ORDER BY (s.messages + s.events) = 1, p.path LIMIT 2000");

	page_raw(page, "<h2>Evidence</h2>\n");
	page_table(page, rows, PAGE_COLUMNS(columns), false,
	    "Every file, hashed before and after reading; at most 2,000 rows "
	    "here, all in sources.csv",
	    "No evidence.");
	case_done(rows);
}

static void
write_problems(struct page *page)
{
	static const struct page_column kinds[] = {
		{ "Severity", CELL_TAG },
		{ "Kind", CELL_TEXT },
		{ "Rows", CELL_NUMBER },
		{ "Items lost", CELL_NUMBER },
	};
	static const struct page_column columns[] = {
		{ "Severity", CELL_TAG },
		{ "Kind", CELL_TEXT },
		{ "Items lost", CELL_NUMBER },
		{ "Source", CELL_ID },
		{ "Place", CELL_TEXT },
		{ "What happened", CELL_TEXT },
	};
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT severity, kind, count(*), sum(items_lost) FROM problems"
	    " GROUP BY severity, kind ORDER BY severity, kind");

	page_raw(page, "<h2 id=\"problems\">Problems</h2>\n");
	page_table(page, rows, PAGE_COLUMNS(kinds), false,
	    "What could not be read as it stands, by kind",
	    "Nothing stood in the way.");
	case_done(rows);
	rows = case_query_new(page->file,
	    "SELECT x.severity, x.kind, x.items_lost, s.source_id, x.locator,"
	    " x.detail FROM problems x LEFT JOIN sources s USING (source)"
	    " ORDER BY x.severity = 'note', x.severity = 'partial',"
	    " s.source_id, x.locator, x.kind, x.detail LIMIT 2000");
	page_table(page, rows, PAGE_COLUMNS(columns), false,
	    "Losses first; at most 2,000 rows here, all in problems.csv", "");
	case_done(rows);
}

static void
write_folders(struct page *page)
{
	static const struct page_column columns[] = {
		{ "Source", CELL_ID },
		{ "Folder", CELL_TEXT },
		{ "Kind", CELL_TEXT },
		{ "Expected", CELL_NUMBER },
		{ "Read", CELL_NUMBER },
	};
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT s.source_id, f.path, f.kind, f.expected,"
	    " (SELECT count(*) FROM messages m WHERE m.folder = f.folder"
	    "  AND m.parent IS NULL) FROM folders f JOIN sources s"
	    " USING (source) ORDER BY s.source_id, f.path, f.folder_id"
	    " LIMIT 2000");

	page_raw(page, "<h2>Folders of stores</h2>\n");
	page_table(page, rows, PAGE_COLUMNS(columns), false,
	    "What each folder's own table promises, and what was read of it",
	    "No store is in the evidence.");
	case_done(rows);
}

static void
write_tables(struct page *page)
{
	const char *name;
	bool replaced;

	page_raw(page, "<h2>Method</h2>\n<p>Each file was read by a confined "
		       "process that can only hand back records. Audit "
		       "records were joined to messages by mailbox and "
		       "Message-ID; folders were taken back in time through "
		       "every move; each message has the strongest rule that "
		       "holds for it. The rules and the format of every file "
		       "are described in the manual.</p>\n"
		       "<table class=\"rows\"><caption>Rule tables used, with "
		       "their hashes</caption><thead><tr><th>Table</th>"
		       "<th>SHA-256</th><th>Origin</th></tr></thead><tbody>\n");
	for (size_t i = 0; (name = table_at(i, &replaced)) != NULL; i++) {
		struct bytes hash = sha256_hex(&page->arena,
		    table_content(name));

		page_raw(page, "<tr><td>");
		page_text_cstr(page, name);
		page_rawf(page, "</td><td class=\"id\">%.*s</td><td>%s</td>"
				"</tr>\n",
		    (int)hash.n, (const char *)hash.p,
		    replaced ? "replaced by --rules" : "built in");
	}
	page_raw(page, "</tbody></table>\n");
}

void
page_evidence_write(struct case_file *file,
    const struct report_options *options)
{
	struct page page;

	page_open(&page, file, options, "evidence.html",
	    "Evidence and method");
	write_sources(&page);
	write_problems(&page);
	write_folders(&page);
	write_tables(&page);
	page_close(&page);
}
