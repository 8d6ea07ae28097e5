/* Exposed messages, strongest first, and items that are missing. */
#include <stdio.h>

#include "reports/html/pages.h"

enum { ROWS_MOST = 3000 };

static const struct page_column columns[] = {
	{ "Message", CELL_ID },
	{ "Mailbox", CELL_TEXT },
	{ "Folder", CELL_TEXT },
	{ "Subject", CELL_SHOWN },
	{ "From", CELL_TEXT },
	{ "Received", CELL_TIME },
	{ "Rules", CELL_LIST },
	{ "Why", CELL_TEXT },
	{ "First access", CELL_TIME },
	{ "Last access", CELL_TIME },
	{ "Records", CELL_LIST },
	{ "Data", CELL_LIST },
};

static void
write_exposure(struct page *page, const char *exposure, const char *heading,
    const char *nothing)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT m.message, m.message_id, b.mailbox, p.folder, m.subject,"
	    " m.sender, m.received_us, p.rules, (SELECT sentence FROM verdicts"
	    "  v WHERE v.place = p.place AND v.exposure = p.exposure"
	    "  ORDER BY rule LIMIT 1),"
	    " p.first_us, p.last_us, p.access_records,"
	    " (SELECT json_group_array(element) FROM (SELECT DISTINCT element"
	    "  FROM findings f WHERE f.message = m.message AND element <> ''"
	    "  AND level IN ('high', 'medium') ORDER BY element))"
	    " FROM places p JOIN messages m USING (message)"
	    " JOIN mailboxes b USING (mailbox_no) WHERE p.exposure = ?1"
	    " ORDER BY b.mailbox, p.first_us, m.message_id, p.path"
	    " LIMIT ?2");
	char caption[128];

	snprintf(caption, sizeof caption,
	    "In order of mailbox and time; at most %d rows here, all in "
	    "messages.csv", ROWS_MOST);
	page_rawf(page, "<h2 id=\"%s\">%s</h2>\n", exposure, heading);
	case_bind_cstr(rows, 1, exposure);
	case_bind_number(rows, 2, ROWS_MOST);
	page_table(page, rows, PAGE_COLUMNS(columns), true, caption, nothing);
	case_done(rows);
}

static void
write_missing(struct page *page)
{
	static const struct page_column missing[] = {
		{ "Mailbox", CELL_TEXT },
		{ "Message-ID", CELL_TEXT },
		{ "Folder", CELL_TEXT },
		{ "First access", CELL_TIME },
		{ "Last access", CELL_TIME },
		{ "Records", CELL_LIST },
		{ "Copies held elsewhere", CELL_LIST },
	};
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT b.mailbox, m.internet_message_id, m.folder, m.first_us,"
	    " m.last_us, m.record_ids, m.copy_message_ids"
	    " FROM missing_items m JOIN mailboxes b USING (mailbox_no)"
	    " ORDER BY b.mailbox, m.internet_message_id");

	page_raw(page, "<h2 id=\"missing\">Opened, and not in the evidence"
		       "</h2>\n");
	page_table(page, rows, PAGE_COLUMNS(missing), false,
	    "The intruder accessed these, and the mailbox's export lacks them",
	    "Every item that the intruder opened is in the evidence.");
	case_done(rows);
}

static void
write_rest(struct page *page)
{
	static const struct page_column rest[] = {
		{ "Mailbox", CELL_TEXT },
		{ "Exposure", CELL_TAG },
		{ "Messages", CELL_NUMBER },
	};
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT b.mailbox, p.exposure, count(*) FROM places p"
	    " JOIN mailboxes b USING (mailbox_no)"
	    " WHERE p.exposure IN ('not_covered', 'not_shown')"
	    " GROUP BY b.mailbox, p.exposure ORDER BY 1, 2");

	page_raw(page, "<h2>No rule holds</h2>\n");
	page_table(page, rows, PAGE_COLUMNS(rest), false,
	    "Embedded messages included; each is a row of messages.csv",
	    "A rule holds for every message.");
	case_done(rows);
}

void
page_messages_write(struct case_file *file,
    const struct report_options *options)
{
	struct page page;

	page_open(&page, file, options, "messages.html", "Messages");
	write_exposure(&page, "accessed", "Accessed",
	    "No record names a message.");
	write_exposure(&page, "taken", "Taken", "Nothing was seen taken.");
	write_exposure(&page, "synced", "Synced",
	    "No folder was seen downloaded.");
	write_exposure(&page, "presumed", "Presumed",
	    "Nothing must be presumed read.");
	write_exposure(&page, "possible", "Possible",
	    "Nothing else was in unlogged reach.");
	write_missing(&page);
	write_rest(&page);
	page_close(&page);
}
