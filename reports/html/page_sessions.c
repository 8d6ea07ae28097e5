/* Sessions: who was it, from where, for how long. */
#include "reports/html/pages.h"
#include "reports/html/svg.h"

static const struct page_column columns[] = {
	{ "Session", CELL_ID },
	{ "Attribution", CELL_TAG },
	{ "Because", CELL_LIST },
	{ "First", CELL_TIME },
	{ "Last", CELL_TIME },
	{ "Mailboxes", CELL_LIST },
	{ "Actors", CELL_LIST },
	{ "Addresses", CELL_LIST },
	{ "Applications", CELL_LIST },
	{ "Records", CELL_NUMBER },
	{ "Messages opened", CELL_NUMBER },
	{ "Folders synced", CELL_NUMBER },
	{ "Throttled", CELL_NUMBER },
	{ "Sign-in", CELL_TAG },
	{ "Kind", CELL_TAG },
};

#define SESSION_COLUMNS                                                        \
	"SELECT session, attribution, reasons, first_us, last_us, mailboxes,"  \
	" actors, ips, apps, events, distinct_messages, folders_synced,"       \
	" throttled, sign_in, kind FROM sessions "

static void
write_activity(struct page *page)
{
	static const struct page_column activity[] = {
		{ "Event", CELL_ID },
		{ "Time", CELL_TIME },
		{ "Operation", CELL_TEXT },
		{ "Actor", CELL_TEXT },
		{ "Target", CELL_TEXT },
		{ "Result", CELL_TEXT },
		{ "Session", CELL_TEXT },
		{ "Because", CELL_TEXT },
	};
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT e.event_id, e.time_us, e.operation, e.user_id,"
	    " e.object_id, e.result, j.session, j.reason"
	    " FROM judged_events j JOIN events e USING (event)"
	    " WHERE j.report IN ('activity', 'both')"
	    " AND j.attribution = 'adversary'"
	    " ORDER BY e.time_us, e.event_id LIMIT 5000");

	page_raw(page, "<h2>What else the intruder did</h2>\n");
	page_table(page, rows, PAGE_COLUMNS(activity), false,
	    "Sign-ins, rules, permissions, consents and settings",
	    "No other activity of the intruder is in the log.");
	case_done(rows);
}

void
page_sessions_write(struct case_file *file,
    const struct report_options *options)
{
	struct case_rows *rows;
	struct page page;

	page_open(&page, file, options, "sessions.html", "Sessions");
	page_raw(&page, "<h2>The intruder's sessions</h2>\n");
	svg_sessions(&page);
	rows = case_query_new(file, SESSION_COLUMNS
	    "WHERE attribution = 'adversary' ORDER BY first_us, session");
	page_table(&page, rows, PAGE_COLUMNS(columns), false,
	    "One row a session; X- ids are derived where the log has none",
	    "No session could be attributed to the intruder.");
	case_done(rows);
	write_activity(&page);
	page_raw(&page, "<h2>Other sessions</h2>\n");
	rows = case_query_new(file, SESSION_COLUMNS
	    "WHERE attribution <> 'adversary'"
	    " ORDER BY first_us, session LIMIT 2000");
	page_table(&page, rows, PAGE_COLUMNS(columns), false,
	    "Everybody else's, first 2,000; sessions.csv has all",
	    "There are no other sessions.");
	case_done(rows);
	page_close(&page);
}
