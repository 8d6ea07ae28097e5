/* What the logs cover, and where they are silent. */
#include "reports/html/pages.h"

void
page_coverage_write(struct case_file *file,
    const struct report_options *options)
{
	static const struct page_column columns[] = {
		{ "Mailbox", CELL_TEXT },
		{ "From", CELL_TIME },
		{ "To (exclusive)", CELL_TIME },
		{ "Status", CELL_TAG },
		{ "Reason", CELL_TEXT },
	};
	struct case_rows *rows;
	struct page page;

	page_open(&page, file, options, "coverage.html", "Coverage and gaps");
	page_raw(&page,
	    "<p>Absence of a record is evidence only where reading is known "
	    "to be logged. For each mailbox: when that is so, and when not. "
	    "An empty end is open.</p>\n");
	rows = case_query_new(file,
	    "SELECT b.mailbox, c.from_us, c.to_us, c.status, c.reason"
	    " FROM coverage c JOIN mailboxes b USING (mailbox_no)"
	    " WHERE c.status <> 'covered' ORDER BY b.mailbox, c.from_us,"
	    " c.to_us");
	page_raw(&page, "<h2>Where the log is silent</h2>\n");
	page_table(&page, rows, PAGE_COLUMNS(columns), false,
	    "Gaps, throttling, auditing off, times outside the log",
	    "The log has no gap.");
	case_done(rows);
	rows = case_query_new(file,
	    "SELECT b.mailbox, c.from_us, c.to_us, c.status, c.reason"
	    " FROM coverage c JOIN mailboxes b USING (mailbox_no)"
	    " WHERE c.status = 'covered' ORDER BY b.mailbox, c.from_us");
	page_raw(&page, "<h2>Where it speaks</h2>\n");
	page_table(&page, rows, PAGE_COLUMNS(columns), false,
	    "Stretches in which reading in the mailbox would be logged",
	    "No stretch of time is covered.");
	case_done(rows);
	page_close(&page);
}
