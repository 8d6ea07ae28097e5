/* When the intruder was there: drawings, sessions, addresses, other acts. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"
#include "reports/html/svg.h"

static void
write_sessions(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.session", CELL_ROW, NULL},
	    {NULL, CELL_TAG, NULL},
	    {NULL, CELL_SAIDS, NULL},
	    {"col.first_and_last_record", CELL_TIME, NULL},
	    {NULL, CELL_TIME, NULL},
	    {"col.mailboxes", CELL_LIST, NULL},
	    {"col.addresses_applications", CELL_LIST, NULL},
	    {NULL, CELL_LIST, NULL},
	    {"col.records", CELL_NUMBER, NULL},
	    {"col.messages", CELL_NUMBER, NULL},
	    {"col.folders_synced", CELL_NUMBER, NULL},
	    {"col.throttled", CELL_NUMBER, NULL},
	    {"col.sign_in", CELL_WORD, "sign_in"},
	};
	static const struct page_table table = {
	    .caption = "sessions.caption",
	    .nothing = "sessions.none",
	    .sql = "SELECT session, attribution, reasons, first_us,"
		   " last_us, mailboxes, ips, apps, events,"
		   " distinct_messages, folders_synced, throttled,"
		   " sign_in FROM sessions ORDER BY"
		   " attribution <> 'adversary',"
		   " attribution <> 'suspicious', first_us, session",
	    PAGE_COLUMNS(columns),
	    .csv = "sessions",
	    .split = "sessions",
	};

	page_heading(page, 2, "sessions", "sessions.title");
	page_table_write(page, &table);
}

static void
write_addresses(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.address", CELL_WORD, NULL},
	    {"col.records", CELL_NUMBER, NULL},
	    {"col.sessions", CELL_NUMBER, NULL},
	    {"col.mailboxes", CELL_NUMBER, NULL},
	    {"col.first", CELL_TIME, NULL},
	    {"col.last", CELL_TIME, NULL},
	};
	static const struct page_table table = {
	    .caption = "addresses.caption",
	    .nothing = "addresses.none",
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

	page_heading(page, 2, "addresses", "addresses.title");
	page_table_write(page, &table);
}

static void
write_acts(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.time", CELL_TIME, NULL},
	    {NULL, CELL_ID, NULL},
	    {"col.act", CELL_TEXT, NULL},
	    {NULL, CELL_TAG, NULL},
	    {"col.actor", CELL_TEXT, NULL},
	    {"col.target", CELL_TEXT, NULL},
	    {"col.detail", CELL_LONG, NULL},
	    {"col.result", CELL_TEXT, NULL},
	};
	static const struct page_table table = {
	    .caption = "acts.caption",
	    .nothing = "acts.none",
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

	page_heading(page, 2, "acts", "acts.title");
	page_table_write(page, &table);
}

void
timeline_write(struct page *page)
{
	page_p(page, "timeline.note");
	page_heading(page, 2, NULL, "timeline.sessions");
	svg_lanes(page);
	svg_busy_days(page);
	page_heading(page, 2, NULL, "timeline.hours");
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
	    {"col.event_and_record_id", CELL_ROW, NULL},
	    {NULL, CELL_ROW, NULL},
	    {"col.time", CELL_TIME, NULL},
	    {"col.operation", CELL_TEXT, NULL},
	    {NULL, CELL_WORD, "access"},
	    {"col.mailbox_folder", CELL_TEXT, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {"col.items", CELL_NUMBER, NULL},
	    {"col.attribution", CELL_TAG, NULL},
	    {NULL, CELL_SAID, NULL},
	    {"col.address_session", CELL_TEXT, NULL},
	    {NULL, CELL_ID, NULL},
	    {"col.source_place_in_it", CELL_ID, NULL},
	    {NULL, CELL_CODE, NULL},
	};
	static const struct page_table table = {
	    .caption = "records.caption",
	    .nothing = "records.none",
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

	page_open(&page, file, options, "records", 1, "title.records");
	page_table_write(&page, &table);
	page_close(&page);
}
