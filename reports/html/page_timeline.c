/* When the intruder was there: drawings, sessions, addresses, other acts. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"
#include "reports/html/svg.h"

static void
write_sessions(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Session", CELL_ROW, NULL},
	    {NULL, CELL_TAG, NULL},
	    {NULL, CELL_LIST, NULL},
	    {"First and last record", CELL_TIME, NULL},
	    {NULL, CELL_TIME, NULL},
	    {"Mailboxes", CELL_LIST, NULL},
	    {"Addresses, applications", CELL_LIST, NULL},
	    {NULL, CELL_LIST, NULL},
	    {"Records", CELL_NUMBER, NULL},
	    {"Messages", CELL_NUMBER, NULL},
	    {"Folders synced", CELL_NUMBER, NULL},
	    {"Throttled", CELL_NUMBER, NULL},
	    {"Sign-in", CELL_WORD, NULL},
	};
	static const struct page_table table = {
	    .caption = "The intruder's first, then suspicious ones, then "
		       "all others.",
	    .nothing = "The evidence names no session.",
	    .sql = "SELECT session, attribution, reasons, first_us,"
		   " last_us, mailboxes, ips, apps, events,"
		   " distinct_messages, folders_synced, throttled,"
		   " replace(sign_in, '_', ' ') FROM sessions ORDER BY"
		   " attribution <> 'adversary',"
		   " attribution <> 'suspicious', first_us, session",
	    PAGE_COLUMNS(columns),
	    .csv = "sessions",
	    .split = "sessions",
	};

	page_raw(page, "<h2 id=\"sessions\">Sessions</h2>\n");
	page_table_write(page, &table);
}

static void
write_addresses(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Address", CELL_WORD, NULL},
	    {"Records", CELL_NUMBER, NULL},
	    {"Sessions", CELL_NUMBER, NULL},
	    {"Mailboxes", CELL_NUMBER, NULL},
	    {"First", CELL_TIME, NULL},
	    {"Last", CELL_TIME, NULL},
	};
	static const struct page_table table = {
	    .caption = "Network addresses in the intruder's records.",
	    .nothing = "No record of the intruder names an address.",
	    .sql = "SELECT coalesce(json_extract(e.ips, '$[0]'),"
		   " e.client_ip) AS ip, count(*),"
		   " count(DISTINCT j.session),"
		   " count(DISTINCT j.mailbox_no), min(e.time_us),"
		   " max(e.time_us) FROM judged_events j"
		   " JOIN events e USING (event)"
		   " WHERE j.attribution = 'adversary' AND ip <> ''"
		   " GROUP BY ip ORDER BY 2 DESC, ip",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .split = "addresses",
	};

	page_raw(page, "<h2 id=\"addresses\">Addresses</h2>\n");
	page_table_write(page, &table);
}

static void
write_acts(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Time", CELL_TIME, NULL},
	    {NULL, CELL_ID, NULL},
	    {"Act", CELL_TEXT, NULL},
	    {NULL, CELL_TAG, NULL},
	    {"Actor", CELL_TEXT, NULL},
	    {"Target", CELL_TEXT, NULL},
	    {"Detail", CELL_LONG, NULL},
	    {"Result", CELL_TEXT, NULL},
	};
	static const struct page_table table = {
	    .caption = "Sign-ins, rules, permissions, consents, audit "
		       "settings, searches and exports by the intruder, "
		       "and suspicious ones.",
	    .nothing = "No such act of the intruder, and no suspicious "
		       "one, is in the evidence.",
	    .sql = "SELECT e.time_us, e.event_id, e.operation,"
		   " j.attribution, e.user_id, e.object_id,"
		   " coalesce(nullif(e.detail, ''), (SELECT group_concat("
		   "  json_extract(value, '$[0]') || '=' ||"
		   "  coalesce(json_extract(value, '$[1]'), ''), ', ')"
		   "  FROM json_each(e.parameters))), e.result"
		   " FROM judged_events j"
		   " JOIN events e USING (event)"
		   " WHERE j.report IN ('activity', 'both')"
		   " AND j.attribution IN ('adversary', 'suspicious')"
		   " ORDER BY e.time_us, e.record_id, e.event_id",
	    PAGE_COLUMNS(columns),
	    .csv = "activity",
	    .split = "acts",
	};

	page_raw(page, "<h2 id=\"acts\">Other acts</h2>\n");
	page_table_write(page, &table);
}

void
timeline_write(struct page *page)
{
	page_raw(page, "<p>Every record of the intruder is on the page of <a "
		       "href=\"records.html\">audit records</a>; those of "
		       "everybody are in <a href=\"csv/access.csv\">"
		       "access.csv</a>.</p>\n<h2>Sessions over time</h2>\n");
	svg_lanes(page);
	svg_busy_days(page);
	page_raw(page, "<h2>By day and hour</h2>\n");
	svg_heat(page);
	write_sessions(page);
	write_addresses(page);
	write_acts(page);
}

/* Records that conclusions rest on, each with its place in the evidence. */
void
records_write(struct case_file *file, const struct report_options *options)
{
	static const struct page_column columns[] = {
	    {"Event and record id", CELL_ROW, NULL},
	    {NULL, CELL_ROW, NULL},
	    {"Time", CELL_TIME, NULL},
	    {"Operation", CELL_TEXT, NULL},
	    {NULL, CELL_WORD, NULL},
	    {"Mailbox, folder", CELL_TEXT, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {"Items", CELL_NUMBER, NULL},
	    {"Attribution", CELL_TAG, NULL},
	    {NULL, CELL_LONG, NULL},
	    {"Address, session", CELL_TEXT, NULL},
	    {NULL, CELL_ID, NULL},
	    {"Source, place in it", CELL_ID, NULL},
	    {NULL, CELL_CODE, NULL},
	};
	static const struct page_table table = {
	    .caption = "Records of the intruder, suspicious records, and "
		       "every record that a conclusion cites.",
	    .nothing = "No record is attributed to an intruder.",
	    .sql = "SELECT e.event_id, e.record_id, e.time_us,"
		   " e.operation, j.access_type, b.mailbox, j.folder,"
		   " (SELECT count(*) FROM event_items i WHERE i.event ="
		   "  e.event), j.attribution, j.reason,"
		   " coalesce(json_extract(e.ips, '$[0]'), e.client_ip),"
		   " j.session, s.source_id, e.locator"
		   " FROM temp.shown_events n JOIN judged_events j"
		   "  USING (event) JOIN events e USING (event)"
		   " JOIN sources s USING (source)"
		   " LEFT JOIN mailboxes b USING (mailbox_no)"
		   " ORDER BY n.n",
	    PAGE_COLUMNS(columns),
	    .csv = "access",
	};
	struct page page;

	page_open(&page, file, options, "records", 1, "Audit records");
	page_table_write(&page, &table);
	page_close(&page);
}
