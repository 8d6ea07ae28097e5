/* What is not known, in numbers: each with its rows. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"

struct unknown {
	const char *sql, *href, *one, *many;
};

static const struct unknown unknowns[] = {
    {"SELECT count(*) FROM missing_items", "messages.html#missing",
	"item that the intruder opened is not in the evidence: its content "
	"cannot be assessed.",
	"items that the intruder opened are not in the evidence: their "
	"content cannot be assessed."},
    {"SELECT count(*) FROM places p WHERE p.exposure = 'accessed' AND"
     " p.state <> 'embedded' AND EXISTS (SELECT 1 FROM"
     " json_each(p.flags) WHERE value = 'stand_in')",
	"messages-accessed.html",
	"message stands in for one that was opened in another mailbox and "
	"is not held there.",
	"messages stand in for ones that were opened in another mailbox "
	"and are not held there."},
    {"SELECT count(*) FROM problems WHERE kind = 'unknown_mailbox'",
	"evidence.html#problems",
	"administrative command acted on a mailbox that cannot be told.",
	"administrative commands acted on mailboxes that cannot be "
	"told."},
    {"SELECT count(DISTINCT mailbox_no) FROM coverage WHERE status ="
     " 'not_logged'",
	"coverage.html",
	"mailbox has no record of reading at all: nothing can be said of "
	"it.",
	"mailboxes have no record of reading at all: nothing can be said "
	"of them."},
    {"SELECT count(*) FROM coverage WHERE status IN ('gap', 'throttled',"
     " 'audit_off')",
	"coverage.html",
	"stretch of time in the log is empty, throttled or switched off.",
	"stretches of time in the logs are empty, throttled or switched "
	"off."},
    {"SELECT sum(items_lost) FROM problems WHERE severity IN"
     " ('item_lost', 'source_lost')",
	"evidence.html#problems", "item of the evidence could not be read.",
	"items of the evidence could not be read."},
    {"SELECT count(*) FROM attachments a JOIN message_exposure x"
     " USING (message) WHERE a.text IN ('not_read', 'encrypted',"
     " 'image') AND x.exposure NOT IN ('not_shown', 'not_covered')",
	"evidence.html#unread",
	"attachment of an exposed message could not be searched for "
	"personal data (no reader, encrypted, or an image).",
	"attachments of exposed messages could not be searched for "
	"personal data (no reader, encrypted, or images)."},
    {"SELECT count(*) FROM people WHERE coalesce(name, '') = '' AND"
     " elements_exposed <> '[]'",
	"people.html#unnamed",
	"set of personal data has no name beside it: that person cannot "
	"be told.",
	"sets of personal data have no name beside them: those people "
	"cannot be told."},
    {"SELECT count(*) FROM people WHERE elements_exposed <> '[]' AND"
     " coalesce(name, '') <> '' AND coalesce(residence, '') = ''",
	"people.html",
	"person's residence is not known: which law applies is open.",
	"people's residence is not known: which laws apply is open."},
    {"SELECT count(*) FROM people WHERE elements_exposed <> '[]' AND"
     " review <> '[]'",
	"people.html",
	"person needs a human eye (a conflict, a nickname, no name).",
	"people need a human eye (a conflict, a nickname, no name)."},
    {"SELECT count(*) FROM sessions WHERE attribution = 'suspicious'",
	"timeline.html#sessions",
	"session looks suspicious and is not counted as the intruder's.",
	"sessions look suspicious and are not counted as the "
	"intruder's."},
    {"SELECT count(*) FROM problems WHERE kind = 'outside_window'",
	"evidence.html#problems",
	"session of the intruder also appears outside the window.",
	"sessions of the intruder also appear outside the window."},
};

/* Contract 3: a cmdlet whose mailbox cannot be told stands on page one. */
static void
write_cmdlets(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Administrative command on an unknown mailbox", CELL_LONG, NULL},
	    {"Source, place in it", CELL_ID, NULL},
	    {NULL, CELL_CODE, NULL},
	};
	static const struct page_table table = {
	    .caption = "Commands whose mailbox cannot be told.",
	    .nothing = "",
	    .sql = "SELECT x.detail, s.source_id, x.locator"
		   " FROM problems x LEFT JOIN sources s USING (source)"
		   " WHERE x.kind = 'unknown_mailbox' ORDER BY"
		   " s.source_id, x.locator, x.detail",
	    PAGE_COLUMNS(columns),
	    .csv = "problems",
	    .split = "unknown-mailboxes",
	};

	if (page_sum(page, "SELECT count(*) FROM problems WHERE kind ="
			   " 'unknown_mailbox'") > 0)
		page_table_write(page, &table);
}

void
unknowns_write(struct page *page)
{
	page_raw(page, "<ul>\n");
	for (size_t i = 0; i < sizeof unknowns / sizeof unknowns[0]; i++) {
		const struct unknown *u = &unknowns[i];
		int64_t count = page_sum(page, u->sql);

		if (count == 0)
			continue;
		page_raw(page, "<li><strong>");
		page_count_of(page, u->href, count, "", "");
		page_rawf(
		    page, "</strong> %s</li>\n", count == 1 ? u->one : u->many);
	}
	page_raw(page,
	    "<li>Reading the same message again within the hour is not "
	    "logged, and reading after a download leaves no trace: numbers of "
	    "accesses are lower bounds.</li>\n<li>Other explanations are "
	    "discussed under <a href=\"method.html#limits\">limits</a>.</li>\n"
	    "</ul>\n");
	write_cmdlets(page);
}
