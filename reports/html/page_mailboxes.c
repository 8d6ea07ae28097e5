/* Mailboxes, coverage, credentials, correspondents: one table each. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"
#include "reports/html/svg.h"

void
mailboxes_write(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Mailbox, evidence", CELL_TEXT, NULL},
	    {NULL, CELL_LIST, NULL},
	    {"Messages", CELL_NUMBER, NULL},
	    {"Accessed", CELL_NUMBER, "messages-accessed.html"},
	    {"Taken", CELL_NUMBER, "messages-taken.html"},
	    {"Synced", CELL_NUMBER, "messages-synced.html"},
	    {"Presumed", CELL_NUMBER, "messages-presumed.html"},
	    {"Possible", CELL_NUMBER, "messages-possible.html"},
	    {"Not covered", CELL_NUMBER, "messages-not_covered.html"},
	    {"Not shown", CELL_NUMBER, "messages-not_shown.html"},
	    {"Missing items", CELL_NUMBER, "messages.html#missing"},
	    {"Intruder's first and last", CELL_TIME, NULL},
	    {NULL, CELL_TIME, NULL},
	};
	static const struct page_table table = {
	    .caption = "Messages inside others are not counted. Without "
		       "evidence: known from the log alone.",
	    .nothing = "No mailbox is in the evidence.",
	    .sql = "SELECT b.mailbox, b.paths, count(p.place),"
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
	page_raw(page, "<h2>All mailboxes</h2>\n");
	page_table_write(page, &table);
}

void
coverage_write(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Mailbox", CELL_TEXT, NULL},
	    {"From", CELL_TIME, NULL},
	    {"To (exclusive)", CELL_TIME, NULL},
	    {"Status", CELL_TAG, NULL},
	    {"Reason", CELL_TEXT, NULL},
	};
	static const struct page_table table = {
	    .caption = "Every stretch; an empty end is open.",
	    .nothing = "The evidence holds no log.",
	    .sql = "SELECT b.mailbox, c.from_us, c.to_us, c.status,"
		   " c.reason FROM coverage c JOIN mailboxes b"
		   " USING (mailbox_no) ORDER BY b.mailbox, c.from_us,"
		   " c.to_us, c.status",
	    PAGE_COLUMNS(columns),
	    .csv = "coverage",
	};

	page_raw(page,
	    "<p>That no record shows an access means something only where "
	    "reading would have been recorded. For each mailbox: when that is "
	    "so, and when not.</p>\n");
	svg_coverage(page);
	page_raw(page, "<h2>Every stretch of time</h2>\n");
	page_table_write(page, &table);
}

void
credentials_write(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Account", CELL_LONG, NULL},
	    {"System", CELL_TEXT, NULL},
	    {"Kind", CELL_WORD, NULL},
	    {NULL, CELL_CODE, NULL},
	    {"Exposure", CELL_TAG, NULL},
	    {"First access", CELL_TIME, NULL},
	    {"Expires", CELL_DUE, NULL},
	    {"Finding, message", CELL_ROW, NULL},
	    {NULL, CELL_ID, NULL},
	};
	static const struct page_table table = {
	    .caption = "Passwords, keys and tokens found in messages; "
		       "those in exposed messages first.",
	    .nothing = "No password, key or token was found.",
	    .sql = "SELECT coalesce(nullif(f.account, ''),"
		   "  '(no account named)'), f.system, f.kind, f.masked,"
		   " x.exposure, x.first_us, f.expires, f.finding_id,"
		   " m.message_id FROM findings f"
		   " JOIN messages m USING (message)"
		   " LEFT JOIN message_exposure x ON x.message = m.message"
		   " WHERE f.kind <> '' AND f.level IN ('high', 'medium')"
		   " ORDER BY x.exposure IN ('not_shown', 'not_covered'),"
		   " f.system, f.account, m.message_id, f.part,"
		   " f.text_offset, f.finding_id",
	    PAGE_COLUMNS(columns),
	    .csv = "credentials",
	};

	page_raw(page, "<p>Whoever read a message has what it holds. Reset "
		       "these first, and look for their use in the logs of "
		       "the systems they open.</p>\n");
	page_table_write(page, &table);
}

void
organizations_write(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Domain, organization", CELL_TEXT, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {"Messages", CELL_NUMBER, NULL},
	    {"Accessed", CELL_NUMBER, "messages-accessed.html"},
	    {"Taken", CELL_NUMBER, "messages-taken.html"},
	    {"Synced", CELL_NUMBER, "messages-synced.html"},
	    {"Presumed", CELL_NUMBER, "messages-presumed.html"},
	    {"Possible", CELL_NUMBER, "messages-possible.html"},
	    {"First and last access", CELL_TIME, NULL},
	    {NULL, CELL_TIME, NULL},
	    {"Contacts", CELL_LIST, NULL},
	};
	static const struct page_table table = {
	    .caption = "Outside correspondents of exposed messages, by "
		       "domain.",
	    .nothing = "No exposed message was exchanged with an outside "
		       "domain.",
	    .sql = "SELECT domain, organization, messages, accessed, taken,"
		   " synced, presumed, possible, first_us, last_us,"
		   " contacts FROM organizations ORDER BY accessed DESC,"
		   " messages DESC, domain",
	    PAGE_COLUMNS(columns),
	    .csv = "organizations",
	};

	page_raw(page, "<p>Their mail was read as well: confidentiality "
		       "agreements and their own duties may depend on being "
		       "told.</p>\n");
	page_table_write(page, &table);
}
