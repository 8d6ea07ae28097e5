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
	    {"col.file", CELL_LONG, NULL},
	    {NULL, CELL_ROW, NULL},
	    {"col.kind", CELL_WORD, NULL},
	    {NULL, CELL_TAG, NULL},
	    {"col.bytes", CELL_NUMBER, NULL},
	    {"col.mailbox", CELL_TEXT, NULL},
	    {"col.messages", CELL_NUMBER, NULL},
	    {"col.records", CELL_NUMBER, NULL},
	    {"col.sha_256_md5", CELL_HASH, NULL},
	    {NULL, CELL_HASH, NULL},
	};
	static const struct page_table table = {
	    .caption = "sources.caption",
	    .nothing = "sources.none",
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

	page_heading(page, 2, "sources", "sources.title");
	page_table_write(page, &table);
}

/* The rows of folders.csv, first those that fall short. */
static void
write_folders(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.folder_mailbox", CELL_LONG, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {"col.source", CELL_ID, NULL},
	    {"col.kind", CELL_WORD, "folder"},
	    {"col.expected", CELL_NUMBER, NULL},
	    {"col.read", CELL_NUMBER, NULL},
	    {"col.recovered", CELL_NUMBER, NULL},
	    {"col.not_accounted_for", CELL_NUMBER, NULL},
	};
	struct page_table table = {
	    .caption = "folders.caption",
	    .nothing = "folders.none",
	    PAGE_COLUMNS(columns),
	    .csv = "folders",
	    .split = "folders",
	};
	char *sql;

	if (asprintf(&sql,
		"SELECT CASE WHEN coalesce(name, '') = '' THEN"
		" " SAID(
		    "folders.root") " ELSE name END, mailbox, source_id, kind,"
				    " expected, live, recovered, lost FROM (%s)"
				    " ORDER BY lost = 0, mailbox, name, "
				    "source_id, folder_id",
		table_folders.sql) < 0)
		die_machine("out of memory");
	page_heading(page, 2, "folders", "folders.title");
	table.sql = sql;
	page_table_write(page, &table);
	free(sql);
}

static void
write_problem_kinds(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.severity", CELL_TAG, NULL},
	    {"col.kind", CELL_WORD, "problem"},
	    {"col.places", CELL_NUMBER, NULL},
	    {"col.items_lost", CELL_NUMBER, NULL},
	};
	static const struct page_table table = {
	    .caption = "problem_kinds.caption",
	    .nothing = "problem_kinds.none",
	    .sql = "SELECT severity, kind, count(*), sum(items_lost)"
		   " FROM problems GROUP BY severity, kind ORDER BY"
		   " severity = 'note', severity = 'partial', severity,"
		   " kind",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .split = "problem-kinds",
	};

	page_heading(page, 2, "problems", "problems.title");
	page_table_write(page, &table);
}

static void
write_problems(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.severity_kind", CELL_TAG, NULL},
	    {NULL, CELL_WORD, "problem"},
	    {"col.items_lost", CELL_NUMBER, NULL},
	    {"col.source_place_in_it", CELL_ID, NULL},
	    {NULL, CELL_CODE, NULL},
	    {"col.what_happened", CELL_SAID, NULL},
	};
	static const struct page_table table = {
	    .caption = "problems.caption",
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
	    {"col.problem", CELL_WORD, "problem"},
	    {"col.source", CELL_ID, NULL},
	    {"col.places", CELL_NUMBER, NULL},
	    {"col.accepted_by", CELL_TEXT, NULL},
	    {"col.reason", CELL_TEXT, NULL},
	};
	static const struct page_table table = {
	    .caption = "accepted.caption",
	    .nothing = "accepted.none",
	    .sql = draft_accepted_sql,
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .split = "accepted",
	};

	page_heading(page, 2, "accepted", "accepted.title");
	page_table_write(page, &table);
}

static void
write_unread(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.message", CELL_ID, NULL},
	    {"col.attachment", CELL_SHOWN, NULL},
	    {"col.type", CELL_TEXT, NULL},
	    {"col.bytes", CELL_NUMBER, NULL},
	    {"col.text", CELL_WORD, "text"},
	    {"col.reason", CELL_TEXT, NULL},
	    {"col.exposure", CELL_TAG, NULL},
	};
	static const struct page_table table = {
	    .caption = "unread.caption",
	    .nothing = "unread.none",
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

	page_heading(page, 2, "unread", "unread.title");
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
