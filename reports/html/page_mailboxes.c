/* Mailboxes, coverage, credentials, correspondents: one table each. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"
#include "reports/html/svg.h"

void
mailboxes_write(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.mailbox", CELL_TEXT, NULL},
	    {"col.messages", CELL_NUMBER, NULL},
	    {"col.accessed", CELL_NUMBER, "messages-accessed.html"},
	    {"col.taken", CELL_NUMBER, "messages-taken.html"},
	    {"col.synced", CELL_NUMBER, "messages-synced.html"},
	    {"col.presumed", CELL_NUMBER, "messages-presumed.html"},
	    {"col.possible", CELL_NUMBER, "messages-possible.html"},
	    {"col.not_covered", CELL_NUMBER, "messages-not_covered.html"},
	    {"col.not_shown", CELL_NUMBER, "messages-not_shown.html"},
	    {"col.missing_items", CELL_NUMBER, "messages.html#missing"},
	    {"col.intruder_s_first_and_last", CELL_TIME, NULL},
	    {NULL, CELL_TIME, NULL},
	};
	static const struct page_table table = {
	    .caption = "mailboxes.caption",
	    .nothing = "mailboxes.none",
	    .sql = "SELECT b.mailbox, count(p.place),"
		   " coalesce(sum(p.exposure = 'accessed'), 0),"
		   " coalesce(sum(p.exposure = 'taken'), 0),"
		   " coalesce(sum(p.exposure = 'synced'), 0),"
		   " coalesce(sum(p.exposure = 'presumed'), 0),"
		   " coalesce(sum(p.exposure = 'possible'), 0),"
		   " coalesce(sum(p.exposure = 'not_covered'), 0),"
		   " coalesce(sum(p.exposure = 'not_shown'), 0),"
		   " (SELECT count(*) FROM missing_items m WHERE"
		   "  m.mailbox_no = b.mailbox_no),"
		   " b.first_adversary_us, b.last_adversary_us"
		   " FROM mailboxes b LEFT JOIN places p ON p.mailbox_no ="
		   " b.mailbox_no AND p.state <> 'embedded'"
		   " GROUP BY b.mailbox_no ORDER BY"
		   " b.first_adversary_us IS NULL, b.held = 0, b.mailbox",
	    PAGE_COLUMNS(columns),
	    .csv = "mailboxes",
	};

	svg_exposure(page);
	page_heading(page, 2, NULL, "mailboxes.title");
	page_table_write(page, &table);
}

void
coverage_write(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.mailbox", CELL_TEXT, NULL},
	    {"col.from", CELL_TIME, NULL},
	    {"col.to", CELL_TIME, NULL},
	    {"col.status", CELL_TAG, NULL},
	    {"col.reason", CELL_SAID, NULL},
	};
	static const struct page_table table = {
	    .caption = "coverage.caption",
	    .nothing = "coverage.none",
	    .sql = "SELECT b.mailbox, c.from_us, c.to_us, c.status,"
		   " c.reason FROM coverage c JOIN mailboxes b"
		   " USING (mailbox_no) ORDER BY b.mailbox, c.from_us,"
		   " c.to_us, c.status",
	    PAGE_COLUMNS(columns),
	    .csv = "coverage",
	};

	page_p(page, "coverage.note");
	svg_coverage(page);
	page_heading(page, 2, NULL, "coverage.title");
	page_table_write(page, &table);
}

void
credentials_write(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.account", CELL_LONG, NULL},
	    {"col.system", CELL_TEXT, NULL},
	    {"col.kind", CELL_WORD, NULL},
	    {NULL, CELL_CODE, NULL},
	    {"col.exposure", CELL_TAG, NULL},
	    {"col.first_access", CELL_TIME, NULL},
	    {"col.expires", CELL_DUE, NULL},
	    {"col.finding_message", CELL_ROW, NULL},
	    {NULL, CELL_ID, NULL},
	};
	static const struct page_table table = {
	    .caption = "credentials.caption",
	    .nothing = "credentials.none",
	    .sql = "SELECT coalesce(nullif(f.account, ''), " SAID(
		"credentials.no_account") "), f.system, f.kind, f.masked,"
					  " x.exposure, x.first_us, f.expires, "
					  "f.finding_id,"
					  " m.message_id FROM findings f"
					  " JOIN messages m USING (message)"
					  " LEFT JOIN message_exposure x ON "
					  "x.message = m.message"
					  " WHERE f.kind <> '' AND f.level IN "
					  "('high', 'medium')"
					  " ORDER BY x.exposure IN "
					  "('not_shown', 'not_covered'),"
					  " f.system, f.account, m.message_id, "
					  "f.part,"
					  " f.text_offset, f.finding_id",
	    PAGE_COLUMNS(columns),
	    .csv = "credentials",
	};

	page_p(page, "credentials.note");
	page_table_write(page, &table);
}

void
organizations_write(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.domain_organization", CELL_TEXT, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {"col.messages", CELL_NUMBER, NULL},
	    {"col.accessed", CELL_NUMBER, "messages-accessed.html"},
	    {"col.taken", CELL_NUMBER, "messages-taken.html"},
	    {"col.synced", CELL_NUMBER, "messages-synced.html"},
	    {"col.presumed", CELL_NUMBER, "messages-presumed.html"},
	    {"col.possible", CELL_NUMBER, "messages-possible.html"},
	    {"col.first_and_last_access", CELL_TIME, NULL},
	    {NULL, CELL_TIME, NULL},
	    {"col.contacts", CELL_LIST, NULL},
	};
	static const struct page_table table = {
	    .caption = "organizations.caption",
	    .nothing = "organizations.none",
	    .sql = "SELECT domain, organization, messages, accessed, taken,"
		   " synced, presumed, possible, first_us, last_us,"
		   " contacts FROM organizations ORDER BY accessed DESC,"
		   " messages DESC, domain",
	    PAGE_COLUMNS(columns),
	    .csv = "organizations",
	};

	page_p(page, "organizations.note");
	page_table_write(page, &table);
	svg_letters(page);
}
