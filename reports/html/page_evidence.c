/* What was read, what was lost, who accepted it. */
#include <stdlib.h>

#include "parsers/base/die.h"
#include "reports/draft.h"
#include "reports/html/page_table.h"
#include "reports/html/pages.h"
#include "reports/tables.h"

static void
write_sources(struct page *page)
{
	static const struct page_column columns[] = {
	    {"File", CELL_LONG, NULL},
	    {NULL, CELL_ROW, NULL},
	    {"Kind", CELL_WORD, NULL},
	    {NULL, CELL_TAG, NULL},
	    {"Bytes", CELL_NUMBER, NULL},
	    {"Mailbox", CELL_TEXT, NULL},
	    {"Messages", CELL_NUMBER, NULL},
	    {"Records", CELL_NUMBER, NULL},
	    {"SHA-256, MD5", CELL_HASH, NULL},
	    {NULL, CELL_HASH, NULL},
	};
	static const struct page_table table = {
	    .caption = "Every file, hashed before it was read and again "
		       "after; a difference would be a problem below.",
	    .nothing = "No evidence.",
	    .sql = "SELECT p.path, s.source_id,"
		   " coalesce(s.kind, 'unreadable'),"
		   " coalesce(s.status, 'lost'), s.bytes,"
		   " (SELECT group_concat(mailbox, '; ') FROM (SELECT DISTINCT"
		   " b.mailbox FROM path_mailboxes m JOIN mailboxes b"
		   " USING (mailbox_no) WHERE m.path = p.path ORDER BY 1)),"
		   " s.messages,"
		   " s.events, s.sha256, s.md5 FROM paths p"
		   " LEFT JOIN sources s USING (source)"
		   " ORDER BY p.path",
	    PAGE_COLUMNS(columns),
	    .csv = "sources",
	    .split = "sources",
	};

	page_raw(page, "<h2 id=\"sources\">Files</h2>\n");
	page_table_write(page, &table);
}

/* The rows of folders.csv, first those that fall short. */
static void
write_folders(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Folder, mailbox", CELL_LONG, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {"Source", CELL_ID, NULL},
	    {"Kind", CELL_WORD, NULL},
	    {"Expected", CELL_NUMBER, NULL},
	    {"Read", CELL_NUMBER, NULL},
	    {"Recovered", CELL_NUMBER, NULL},
	    {"Not accounted for", CELL_NUMBER, NULL},
	};
	struct page_table table = {
	    .caption = "What each folder's own table or directory "
		       "promises, and what was read of it; first those "
		       "that fall short.",
	    .nothing = "No store or mail folder is in the evidence.",
	    PAGE_COLUMNS(columns),
	    .csv = "folders",
	    .split = "folders",
	};
	char *sql;

	if (asprintf(&sql,
		"SELECT CASE WHEN coalesce(name, '') = '' THEN"
		" '(the root)' ELSE name END, mailbox, source_id, kind,"
		" expected, live, recovered, lost FROM (%s)"
		" ORDER BY lost = 0, mailbox, name, source_id, folder_id",
		table_folders.sql) < 0)
		die_machine("out of memory");
	page_raw(page, "<h2 id=\"folders\">Completeness by folder</h2>\n");
	table.sql = sql;
	page_table_write(page, &table);
	free(sql);
}

static void
write_problem_kinds(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Severity", CELL_TAG, NULL},
	    {"Kind", CELL_WORD, NULL},
	    {"Places", CELL_NUMBER, NULL},
	    {"Items lost", CELL_NUMBER, NULL},
	};
	static const struct page_table table = {
	    .caption = "Problems by kind.",
	    .nothing = "Nothing stood in the way.",
	    .sql = "SELECT severity, kind, count(*), sum(items_lost)"
		   " FROM problems GROUP BY severity, kind ORDER BY"
		   " severity = 'note', severity = 'partial', severity,"
		   " kind",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .split = "problem-kinds",
	};

	page_raw(page, "<h2 id=\"problems\">Problems</h2>\n");
	page_table_write(page, &table);
}

static void
write_problems(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Severity, kind", CELL_TAG, NULL},
	    {NULL, CELL_WORD, NULL},
	    {"Items lost", CELL_NUMBER, NULL},
	    {"Source, place in it", CELL_ID, NULL},
	    {NULL, CELL_CODE, NULL},
	    {"What happened", CELL_LONG, NULL},
	};
	static const struct page_table table = {
	    .caption = "Each place, losses first.",
	    .nothing = "",
	    .sql = "SELECT x.severity, x.kind, x.items_lost, s.source_id,"
		   " x.locator, x.detail FROM problems x"
		   " LEFT JOIN sources s USING (source)"
		   " ORDER BY x.severity = 'note',"
		   " x.severity = 'partial', s.source_id, x.locator,"
		   " x.kind, x.detail, x.items_lost",
	    PAGE_COLUMNS(columns),
	    .csv = "problems",
	    .split = "problems",
	};

	write_problem_kinds(page);
	page_table_write(page, &table);
}

static void
write_accepted(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Problem", CELL_WORD, NULL},
	    {"Source", CELL_ID, NULL},
	    {"Places", CELL_NUMBER, NULL},
	    {"Accepted by", CELL_TEXT, NULL},
	    {"Reason", CELL_TEXT, NULL},
	};
	static const struct page_table table = {
	    .caption = "From the incident file. Without a source an entry "
		       "accepts that kind everywhere.",
	    .nothing = "Nothing has been accepted.",
	    .sql = draft_accepted_sql,
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .split = "accepted",
	};

	page_raw(page, "<h2 id=\"accepted\">Losses accepted by name</h2>\n");
	page_table_write(page, &table);
}

static void
write_unread(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Message", CELL_ID, NULL},
	    {"Attachment", CELL_SHOWN, NULL},
	    {"Type", CELL_TEXT, NULL},
	    {"Bytes", CELL_NUMBER, NULL},
	    {"Text", CELL_WORD, NULL},
	    {"Reason", CELL_TEXT, NULL},
	    {"Exposure", CELL_TAG, NULL},
	};
	static const struct page_table table = {
	    .caption = "Attachments of exposed messages whose text could "
		       "not be searched: look at them by hand.",
	    .nothing = "The text of every attachment of an exposed "
		       "message was read.",
	    .sql = "SELECT m.message, m.message_id, a.name,"
		   " a.content_type, a.bytes, a.text, a.reason,"
		   " x.exposure FROM attachments a"
		   " JOIN messages m USING (message)"
		   " JOIN message_exposure x ON x.message = m.message"
		   " WHERE a.text IN ('not_read', 'encrypted', 'image')"
		   " AND x.exposure NOT IN ('not_shown', 'not_covered')"
		   " ORDER BY m.message_id, a.part, a.locator, a.name",
	    PAGE_COLUMNS(columns),
	    .message = true,
	    .csv = "attachments",
	    .split = "unread",
	};

	page_raw(page, "<h2 id=\"unread\">Attachments not searched</h2>\n");
	page_table_write(page, &table);
}

void
evidence_write(struct page *page)
{
	write_sources(page);
	write_folders(page);
	write_problems(page);
	write_accepted(page);
	write_unread(page);
}
