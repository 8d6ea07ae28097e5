/* What was asked, by whom, and on what grounds: the incident file in words. */
#include "parsers/base/utc.h"
#include "reports/html/page_table.h"
#include "reports/html/pages.h"

enum fact_kind { FACT_TEXT, FACT_LIST, FACT_TIME, FACT_END };

/* A bare date that ends the window is the whole day (contract 2). */
static void
write_fact_time(struct page *page, struct bytes value, bool ends)
{
	bool bare = false, zone;
	int64_t us = utc_from_iso_detail(value, &bare, &zone);

	if (us != UTC_NONE && bare && ends)
		us += UTC_DAY - UTC_SECOND;
	if (us != UTC_NONE)
		page_time(page, us);
	else
		page_text_cut(page, value);
}

void
scope_facts_write(struct page *page)
{
	static const struct {
		const char *label, *path;
		enum fact_kind kind;
	} facts[] = {
	    {"fact.organization", "$.organization.name", FACT_TEXT},
	    {"fact.domains", "$.organization.domains", FACT_LIST},
	    {"fact.jurisdiction", "$.organization.jurisdiction", FACT_TEXT},
	    {"fact.sector", "$.organization.sector", FACT_LIST},
	    {"fact.examiner", "$.examiner.name", FACT_TEXT},
	    {"fact.examining", "$.examiner.organization", FACT_TEXT},
	    {"fact.discovered", "$.discovered", FACT_TIME},
	    {"fact.determined", "$.determined", FACT_TIME},
	    {"fact.notified", "$.notified", FACT_TIME},
	    {"fact.window_from", "$.window.from", FACT_TIME},
	    {"fact.window_to", "$.window.to", FACT_END},
	    {"fact.baseline", "$.baseline_until", FACT_END},
	};

	page_raw(page, "<dl>\n");
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
		struct bytes value = page_incident(page, facts[i].path);

		if (value.n == 0)
			continue;
		page_block(page, "dt", facts[i].label);
		page_raw(page, "<dd>");
		if (facts[i].kind == FACT_TEXT)
			page_text_cut(page, value);
		else if (facts[i].kind == FACT_LIST)
			page_list(page, value, NULL);
		else
			write_fact_time(
			    page, value, facts[i].kind == FACT_END);
		page_raw(page, "</dd>\n");
	}
	page_raw(page, "</dl>\n");
}

static void
write_authority(struct page *page)
{
	page_heading(page, 2, "authority", "authority.title");
	page_p(page, "authority.note");
	page_p(page, "authority.basis", say_blank("blank"));
	page_p(page, "authority.requester", say_blank("blank"));
	page_p(page, "authority.custody", say_blank("blank"));
}

/* What the incident file says of the intruder. */
static void
write_indicators(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.counts_as", CELL_TAG, NULL},
	    {"col.indicator", CELL_WORD, "indicator"},
	    {"col.value", CELL_LONG, NULL},
	};
	static const struct page_table table = {
	    .caption = "indicators.caption",
	    .nothing = "indicators.none",
	    .sql = "SELECT side.key, kind.key, one.value FROM meta,"
		   " json_each(json_object("
		   "  'adversary', json_extract(meta.value, '$.adversary'),"
		   "  'known', json_extract(meta.value, '$.known'))) side,"
		   " json_each(side.value) kind, json_each(kind.value) one"
		   " WHERE meta.key = 'incident' AND side.type = 'object'"
		   " AND kind.type = 'array'"
		   " ORDER BY side.key, kind.key, one.value",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .split = "indicators",
	};

	page_heading(page, 2, "indicators", "indicators.title");
	page_table_write(page, &table);
}

/* What led to the records that count as the intruder's. */
static void
write_grounds(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.grounds", CELL_SAID, NULL},
	    {"col.records", CELL_NUMBER, "records.html"},
	    {"col.sessions", CELL_NUMBER, "timeline.html#sessions"},
	    {"col.first", CELL_TIME, NULL},
	    {"col.last", CELL_TIME, NULL},
	};
	static const struct page_table table = {
	    .caption = "grounds.caption",
	    .nothing = "grounds.none",
	    .sql = "SELECT j.reason, count(*), count(DISTINCT j.session),"
		   " min(e.time_us), max(e.time_us) FROM judged_events j"
		   " JOIN events e USING (event)"
		   " WHERE j.attribution = 'adversary'"
		   " GROUP BY j.reason ORDER BY count(*) DESC, j.reason",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .split = "grounds",
	};

	page_heading(page, 2, "grounds", "grounds.title");
	page_table_write(page, &table);
}

static void
write_assumed(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.mailbox", CELL_TEXT, NULL},
	    {"col.from", CELL_DUE, NULL},
	    {"col.until", CELL_DUE, NULL},
	    {"col.reason", CELL_LONG, NULL},
	};
	static const struct page_table table = {
	    .caption = "assumed.caption",
	    .nothing = "assumed.none",
	    .sql = "SELECT json_extract(a.value, '$.mailbox'),"
		   " json_extract(a.value, '$.from'),"
		   " json_extract(a.value, '$.to'),"
		   " json_extract(a.value, '$.reason') FROM meta,"
		   " json_each(json_extract(meta.value, '$.assume')) a"
		   " WHERE meta.key = 'incident' ORDER BY 1, 2, 3, 4",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .split = "assumed",
	};

	page_heading(page, 2, "assumed", "assumed.title");
	page_table_write(page, &table);
}

static void
write_in_scope(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.mailbox", CELL_TEXT, NULL},
	    {"col.evidence", CELL_LIST, NULL},
	    {"col.messages", CELL_NUMBER, "mailboxes.html"},
	    {"col.log_records", CELL_NUMBER, NULL},
	};
	static const struct page_table table = {
	    .caption = "in_scope.caption",
	    .nothing = "mailboxes.none",
	    .sql = "SELECT b.mailbox, b.paths, (SELECT count(*) FROM places p"
		   "  WHERE p.mailbox_no = b.mailbox_no AND p.state <>"
		   "  'embedded'), coalesce(n.n, 0) FROM mailboxes b"
		   " LEFT JOIN (SELECT mailbox_no, count(*) AS n"
		   "  FROM judged_events GROUP BY mailbox_no) n"
		   "  ON n.mailbox_no = b.mailbox_no"
		   " ORDER BY b.held = 0, b.mailbox",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .csv = "mailboxes",
	    .split = "in-scope",
	};

	page_heading(page, 2, "in_scope", "in_scope.title");
	page_table_write(page, &table);
}

void
scope_write(struct page *page)
{
	page_p(page, "scope.note");
	scope_facts_write(page);
	write_authority(page);
	write_in_scope(page);
	write_indicators(page);
	write_grounds(page);
	write_assumed(page);
}
