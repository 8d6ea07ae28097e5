/* What is not known, in numbers: each with its rows. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"

struct unknown {
	const char *sql, *href, *words;
};

static const struct unknown unknowns[] = {
    {"SELECT count(*) FROM missing_items", "messages.html#missing",
	"unknown.missing"},
    {"SELECT count(*) FROM places p WHERE p.exposure = 'accessed' AND"
     " p.state <> 'embedded' AND EXISTS (SELECT 1 FROM"
     " json_each(p.flags) WHERE value = 'stand_in')",
	"messages-accessed.html", "unknown.stand_in"},
    {"SELECT count(*) FROM problems WHERE kind = 'unknown_mailbox'",
	"evidence.html#problems", "unknown.cmdlets"},
    {"SELECT count(DISTINCT mailbox_no) FROM coverage WHERE status ="
     " 'not_logged'",
	"coverage.html", "unknown.not_logged"},
    {"SELECT count(*) FROM coverage WHERE status IN ('gap', 'throttled',"
     " 'audit_off')",
	"coverage.html", "unknown.gaps"},
    {"SELECT sum(items_lost) FROM problems WHERE severity IN"
     " ('item_lost', 'source_lost')",
	"evidence.html#problems", "unknown.lost"},
    {"SELECT count(*) FROM attachments a JOIN message_exposure x"
     " USING (message) WHERE a.text IN ('not_read', 'encrypted',"
     " 'image') AND x.exposure NOT IN ('not_shown', 'not_covered')",
	"evidence.html#unread", "unknown.unread"},
    {"SELECT count(*) FROM people WHERE coalesce(name, '') = '' AND"
     " elements_exposed <> '[]'",
	"people.html#unnamed", "unknown.unnamed"},
    {"SELECT count(*) FROM people WHERE elements_exposed <> '[]' AND"
     " coalesce(name, '') <> '' AND coalesce(residence, '') = ''",
	"people.html", "unknown.residence"},
    {"SELECT count(*) FROM people WHERE elements_exposed <> '[]' AND"
     " review <> '[]'",
	"people.html", "unknown.review"},
    {"SELECT count(*) FROM sessions WHERE attribution = 'suspicious'"
     " AND NOT EXISTS (SELECT 1 FROM meta WHERE key ="
     " 'count_suspicious' AND value = '1')",
	"timeline.html#sessions", "unknown.suspicious"},
    {"SELECT count(*) FROM problems WHERE kind = 'outside_window'",
	"evidence.html#problems", "unknown.outside"},
};

/* Contract 3: a cmdlet whose mailbox cannot be told stands on page one. */
static void
write_cmdlets(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.command", CELL_SAID, NULL},
	    {"col.source_place_in_it", CELL_ID, NULL},
	    {NULL, CELL_CODE, NULL},
	};
	static const struct page_table table = {
	    .caption = "cmdlets.caption",
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
		page_li(page, u->words, say_count("n", count, u->href));
	}
	page_li(page, "unknown.lower_bounds");
	page_li(page, "unknown.other_explanations");
	page_raw(page, "</ul>\n");
	write_cmdlets(page);
}
