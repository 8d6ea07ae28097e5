/* Page one, for the lawyer: what happened, how sure, what is not known, what
 * is due. */
#include "parsers/base/utc.h"
#include "reports/html/pages.h"
#include "reports/html/svg.h"

#define COUNTED " AND p.state <> 'embedded'"

static void
write_what_happened(struct page *page)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT min(e.time_us), max(e.time_us), count(*),"
	    " count(DISTINCT j.mailbox_no),"
	    " count(DISTINCT json_extract(e.ips, '$[0]')),"
	    " count(DISTINCT j.session)"
	    " FROM judged_events j JOIN events e USING (event)"
	    " WHERE j.attribution = 'adversary'");

	page_raw(page, "<h2>What happened</h2>\n");
	if (!case_next(rows) || case_number(rows, 2) == 0) {
		page_raw(page,
		    "<p>No audit record could be attributed to an intruder: "
		    "either the incident file names no indicator, or nothing "
		    "in the evidence matches one. This is no statement that "
		    "nobody read the mail.</p>\n");
		case_done(rows);
		return;
	}
	page_raw(page, "<p>Between <strong>");
	page_time(page, case_number(rows, 0));
	page_raw(page, "</strong> and <strong>");
	page_time(page, case_number(rows, 1));
	page_rawf(page,
	    "</strong> the intruder left <strong>%lld</strong> audit records "
	    "in <strong>%lld</strong> <a href=\"sessions.html\">sessions</a>, "
	    "from <strong>%lld</strong> network addresses, in "
	    "<strong>%lld</strong> mailboxes.</p>\n",
	    (long long)case_number(rows, 2), (long long)case_number(rows, 5),
	    (long long)case_number(rows, 4), (long long)case_number(rows, 3));
	case_done(rows);
	svg_days(page);
}

static void
figure(struct page *page, const char *link, const char *label, int64_t value)
{
	page_rawf(page,
	    "<div%s><b><a href=\"%s\">%lld</a></b><span>%s</span></div>\n",
	    value == 0 ? " class=\"none\"" : "", link, (long long)value,
	    label);
}

static void
write_figures(struct page *page)
{
	page_raw(page, "<div class=\"figures\">\n");
	figure(page, "messages.html#accessed", "messages opened by the intruder",
	    page_count(page, "SELECT count(*) FROM places p WHERE exposure ="
			     " 'accessed'" COUNTED));
	figure(page, "messages.html#taken",
	    "more forwarded, copied with their folder, or presumed read",
	    page_count(page, "SELECT count(*) FROM places p WHERE exposure IN"
			     " ('taken', 'synced', 'presumed')" COUNTED));
	figure(page, "messages.html#possible", "more possibly read",
	    page_count(page, "SELECT count(*) FROM places p WHERE exposure ="
			     " 'possible'" COUNTED));
	figure(page, "people.html", "people whose data these messages hold",
	    page_count(page, "SELECT count(*) FROM people"
			     " WHERE elements_exposed <> '[]'"));
	figure(page, "credentials.html", "credentials in them to reset",
	    page_count(page,
		"SELECT count(*) FROM findings f JOIN message_exposure x"
		" USING (message) WHERE f.kind <> '' AND f.level IN ('high',"
		" 'medium') AND x.exposure NOT IN ('not_shown',"
		" 'not_covered')"));
	page_raw(page, "</div>\n");
}

static void
write_certainty(struct page *page)
{
	static const struct page_column columns[] = {
		{ "Exposure", CELL_TAG },
		{ "Messages", CELL_NUMBER },
		{ "What it means", CELL_TEXT },
	};
	struct case_rows *rows = case_query_new(page->file,
	    "WITH meaning(rank, exposure, words) AS (VALUES"
	    " (1, 'accessed', 'An audit record of the intruder names this very"
	    " message, or a provider''s list does. A copy stands in where the"
	    " mailbox itself is not held.'),"
	    " (2, 'taken', 'It was forwarded or exported by what the intruder"
	    " set up.'),"
	    " (3, 'synced', 'Its folder was downloaded whole by the intruder"
	    " while it was there.'),"
	    " (4, 'presumed', 'It was there while logging was suspended or"
	    " off, or in a folder that cannot be told, and the intruder was"
	    " active: the law treats it as read.'),"
	    " (5, 'possible', 'It was in reach and reading is not proven to"
	    " be logged.'),"
	    " (6, 'not_covered', 'No record speaks of it, and the log does not"
	    " cover the whole time: it may have been read.'),"
	    " (7, 'not_shown', 'The log covers the time and shows no access."
	    " This is no proof that it was not read.'))"
	    " SELECT m.exposure, count(p.place), m.words FROM meaning m"
	    " LEFT JOIN places p ON p.exposure = m.exposure" COUNTED
	    " GROUP BY m.rank ORDER BY m.rank");

	page_raw(page, "<h2>How sure</h2>\n");
	page_table(page, rows, PAGE_COLUMNS(columns), false,
	    "Every message held, by the strongest rule that holds for it", "");
	case_done(rows);
}

static void
write_mailboxes(struct page *page)
{
	static const struct page_column columns[] = {
		{ "Mailbox", CELL_TEXT },
		{ "Messages", CELL_NUMBER },
		{ "Accessed", CELL_NUMBER },
		{ "Taken", CELL_NUMBER },
		{ "Synced", CELL_NUMBER },
		{ "Presumed", CELL_NUMBER },
		{ "Possible", CELL_NUMBER },
		{ "Not covered", CELL_NUMBER },
		{ "Not shown", CELL_NUMBER },
		{ "First intruder record", CELL_TIME },
		{ "Last", CELL_TIME },
	};
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT b.mailbox, count(p.place), sum(p.exposure = 'accessed'),"
	    " sum(p.exposure = 'taken'), sum(p.exposure = 'synced'),"
	    " sum(p.exposure = 'presumed'), sum(p.exposure = 'possible'),"
	    " sum(p.exposure = 'not_covered'), sum(p.exposure = 'not_shown'),"
	    " b.first_adversary_us, b.last_adversary_us"
	    " FROM mailboxes b LEFT JOIN places p ON p.mailbox_no ="
	    " b.mailbox_no" COUNTED " WHERE b.held = 1 OR"
	    " b.first_adversary_us IS NOT NULL"
	    " GROUP BY b.mailbox_no ORDER BY b.mailbox");

	page_raw(page, "<h2>Mailboxes</h2>\n");
	page_table(page, rows, PAGE_COLUMNS(columns), false,
	    "Mailboxes held as evidence, or entered by the intruder",
	    "No mailbox is in the evidence.");
	case_done(rows);
}

static void
unknown(struct page *page, const char *sql, const char *one, const char *many)
{
	int64_t count = page_count(page, sql);

	if (count > 0)
		page_rawf(page, "<li><strong>%lld</strong> %s</li>\n",
		    (long long)count, count == 1 ? one : many);
}

static void
write_unknowns(struct page *page)
{
	page_raw(page, "<h2>What is not known</h2>\n<ul>\n");
	unknown(page, "SELECT count(*) FROM missing_items",
	    "item that the intruder opened is not in the evidence (<a "
	    "href=\"messages.html#missing\">listed</a>): its content cannot be "
	    "assessed.",
	    "items that the intruder opened are not in the evidence (<a "
	    "href=\"messages.html#missing\">listed</a>): their content cannot "
	    "be assessed.");
	unknown(page,
	    "SELECT count(*) FROM coverage WHERE status = 'not_logged'",
	    "mailbox has no record of reading at all (<a "
	    "href=\"coverage.html\">coverage</a>).",
	    "mailboxes have no record of reading at all (<a "
	    "href=\"coverage.html\">coverage</a>).");
	unknown(page,
	    "SELECT count(*) FROM coverage WHERE status IN ('gap',"
	    " 'throttled', 'audit_off')",
	    "stretch of time in the logs is empty or suspended.",
	    "stretches of time in the logs are empty or suspended.");
	unknown(page,
	    "SELECT count(*) FROM problems WHERE kind = 'unknown_mailbox'",
	    "administrative command acted on a mailbox that cannot be told (<a "
	    "href=\"evidence.html#problems\">listed</a>).",
	    "administrative commands acted on mailboxes that cannot be told (<a "
	    "href=\"evidence.html#problems\">listed</a>).");
	unknown(page,
	    "SELECT sum(items_lost) FROM problems WHERE severity IN"
	    " ('item_lost', 'source_lost')",
	    "item of the evidence could not be read.",
	    "items of the evidence could not be read.");
	unknown(page,
	    "SELECT count(*) FROM people WHERE name IS NULL OR name = ''",
	    "set of personal data has no name beside it.",
	    "sets of personal data have no name beside them.");
	page_raw(page, "<li>Reading the same message again within the hour is "
		       "not logged, and reading after a download leaves no "
		       "trace: counts of access are lower bounds.</li>\n"
		       "</ul>\n");
}

static void
write_due(struct page *page)
{
	static const struct page_column columns[] = {
		{ "Where", CELL_TEXT },
		{ "Law", CELL_TEXT },
		{ "People", CELL_NUMBER },
		{ "Tell the people by", CELL_TEXT },
		{ "Authority", CELL_TEXT },
		{ "Tell it by", CELL_TEXT },
	};
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT jurisdiction || CASE WHEN residence IN ('',"
	    " jurisdiction) THEN '' ELSE ' (' || residence || ')' END, law,"
	    " people, people_deadline, regulator, regulator_deadline"
	    " FROM duties ORDER BY coalesce(nullif(people_deadline, ''),"
	    " 'z'), duty_id, residence");

	page_raw(page, "<h2>What is due</h2>\n");
	page_table(page, rows, PAGE_COLUMNS(columns), false,
	    "Notification duties by residence, counted from the discovery; "
	    "to be confirmed by counsel",
	    "No duty follows from what was found in exposed messages.");
	case_done(rows);
}

static void
write_case_facts(struct page *page)
{
	static const struct {
		const char *label, *path;
	} facts[] = {
		{ "Organization", "$.organization.name" },
		{ "Examiner", "$.examiner.name" },
		{ "Discovered (UTC)", "$.discovered" },
		{ "Window from (UTC)", "$.window.from" },
		{ "Window to (UTC)", "$.window.to" },
		{ "Time zone beside UTC", "$.time_zone" },
	};

	page_raw(page, "<dl>\n");
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
		struct bytes value = page_incident(page, facts[i].path);

		if (value.n == 0)
			continue;
		page_rawf(page, "<dt>%s</dt><dd>", facts[i].label);
		page_text(page, value);
		page_raw(page, "</dd>\n");
	}
	page_raw(page, "</dl>\n");
}

void
page_summary_write(struct case_file *file, const struct report_options *options)
{
	struct page page;

	page_open(&page, file, options, "index.html",
	    "Who read what, when, and whom to tell");
	write_case_facts(&page);
	if (page_count(&page, "SELECT count(*) FROM meta WHERE key ="
			      " 'count_suspicious' AND value = '1'") > 0)
		page_raw(&page, "<p><strong>Suspicious events are counted as "
				"the intruder's in this report.</strong></p>\n");
	write_figures(&page);
	write_what_happened(&page);
	write_certainty(&page);
	write_due(&page);
	write_mailboxes(&page);
	write_unknowns(&page);
	page_close(&page);
}
