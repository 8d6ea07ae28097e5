/*
 * Times that a record alone does not give.  Dates like 9/8/2023 are read in
 * the order of day and month that other dates of the same file show; a log
 * without years (syslog) has its times in the year that brings each nearest
 * to the incident's window.  Whatever is still without a time is told of.
 *
 * Of the evidence's tables this alone is written to: events.time_us and
 * until_us where time_guess says so, forgotten and made anew on each run.
 */
#include "forensics/access/reconstruct.h"
#include "parsers/base/utc_written.h"

/* A file, or a member of an archive: the locator without the row's own. */
#define FILE_OF                                                                \
	"e.source || ':' || rtrim(rtrim(e.locator, '0123456789+'),"             \
	" 'rowlinefst=')"

static void
forget(struct case_file *file)
{
	case_run(file,
	    "UPDATE events SET time_us = NULL, until_us = NULL, time_guess ="
	    " NULL WHERE time_guess IS NOT NULL");
}

static void
set_time(struct case_file *file, int64_t event, int64_t us, const char *guess)
{
	struct case_rows *rows = case_query(file,
	    "UPDATE events SET time_us = ?2, until_us = ?2, time_guess = ?3"
	    " WHERE event = ?1");

	case_bind_number(rows, 1, event);
	case_bind_number(rows, 2, us);
	case_bind_cstr(rows, 3, guess);
	case_exec(rows);
}

/* ---- the order of day and month */

static void
note_order(struct case_file *file, struct bytes in, enum date_order order)
{
	struct case_rows *rows = case_query(file,
	    "INSERT INTO temp.date_orders VALUES(?1, ?2, ?3)"
	    " ON CONFLICT DO UPDATE SET months = months | ?2, days = days |"
	    " ?3");

	case_bind_text(rows, 1, in);
	case_bind_number(rows, 2, order == DATE_MONTH_FIRST);
	case_bind_number(rows, 3, order == DATE_DAY_FIRST);
	case_exec(rows);
}

/* TEMP written(event, file, text): dates that two cultures may have made. */
static bool
find_orders(struct case_file *file)
{
	struct case_rows *rows;
	bool any = false;

	case_run(file,
	    "DROP TABLE IF EXISTS temp.written;"
	    "CREATE TEMP TABLE written AS SELECT e.event, " FILE_OF " AS file,"
	    " e.time_text AS text FROM events e JOIN sources s USING (source)"
	    " WHERE s.kind NOT IN ('ual_csv', 'ual_json', 'iis_log',"
	    " 'mail_log') AND (e.time_text GLOB '[0-9]*/[0-9]*/[12][0-9][0-9]"
	    "[0-9]*' OR e.time_text GLOB '[0-9]*.[0-9]*.[12][0-9][0-9][0-9]*'"
	    " OR e.time_text GLOB '[0-9]*-[0-9]*-[12][0-9][0-9][0-9] *');"
	    "DROP TABLE IF EXISTS temp.date_orders;"
	    "CREATE TEMP TABLE date_orders(file TEXT PRIMARY KEY,"
	    " months INTEGER, days INTEGER) WITHOUT ROWID");
	rows = case_query_new(file, "SELECT file, text FROM temp.written");
	while (case_next(rows)) {
		enum date_order order = date_order_of(case_text(rows, 1));

		if (order == DATE_ORDER_UNKNOWN)
			continue;
		note_order(file, case_text(rows, 0), order);
		any = true;
	}
	case_done(rows);
	return any;
}

/* Those that show no order themselves, in files that show one alone. */
static void
apply_orders(struct case_file *file)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT w.event, w.text, o.days, e.time_us FROM temp.written w"
	    " JOIN temp.date_orders o USING (file) JOIN events e USING (event)"
	    " WHERE o.months + o.days = 1 ORDER BY w.event");

	while (case_next(rows)) {
		struct bytes text = case_text(rows, 1);
		int64_t us = utc_from_culture(text, case_number(rows, 2)
		    ? DATE_DAY_FIRST : DATE_MONTH_FIRST);

		if (date_order_of(text) == DATE_ORDER_UNKNOWN &&
		    us != UTC_NONE && us != case_number(rows, 3))
			set_time(file, case_number(rows, 0), us, "dates");
	}
	case_done(rows);
}

static void
settle_dates(struct case_file *file)
{
	if (find_orders(file))
		apply_orders(file);
	case_run(file,
	    "DROP TABLE temp.written; DROP TABLE temp.date_orders");
}

/* ---- the year */

/* The window, as far as it is given; else what other records span. */
static bool
find_span(struct case_file *file, const struct incident *incident,
    int64_t *from, int64_t *to)
{
	struct case_rows *rows = case_query(file,
	    "SELECT min(time_us), max(time_us) FROM events");

	*from = incident->from_us;
	*to = incident_to_end(incident->to_us);
	if (*from == UTC_NONE && *to == UTC_NONE && case_next(rows)) {
		*from = case_number(rows, 0);
		*to = case_number(rows, 1);
	}
	if (*from == UTC_NONE)
		*from = *to;
	if (*to == UTC_NONE)
		*to = *from;
	return *from != UTC_NONE;
}

static int64_t
distance(int64_t us, int64_t from, int64_t to)
{
	return us < from ? from - us : us > to ? us - to : 0;
}

static int64_t
nearest_time(struct bytes text, int64_t from, int64_t to)
{
	int first = utc_split(from).year - 1, last = utc_split(to).year + 1;
	int64_t best = UTC_NONE;

	for (int year = first; year <= last; year++) {
		int64_t us = utc_from_syslog(text, year);

		if (us != UTC_NONE && (best == UTC_NONE ||
		    distance(us, from, to) < distance(best, from, to)))
			best = us;
	}
	return best;
}

static void
settle_years(struct case_file *file, const struct incident *incident)
{
	struct case_rows *rows;
	int64_t from, to;

	if (!find_span(file, incident, &from, &to))
		return;
	rows = case_query_new(file,
	    "SELECT event, time_text FROM events WHERE time_us IS NULL"
	    " AND time_text GLOB '[A-Z][a-z][a-z] *' ORDER BY event");
	while (case_next(rows)) {
		int64_t us = nearest_time(case_text(rows, 1), from, to);

		if (us != UTC_NONE)
			set_time(file, case_number(rows, 0), us, "year");
	}
	case_done(rows);
}

/* ---- what is said */

static void
say_times(struct case_file *file)
{
	case_run(file,
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) SELECT 'reconstruct', source, min(locator),"
	    " 'guessed_time', 'note', 0, iif(time_guess = 'dates',"
	    "  count(*) || ' dates that could be read two ways were read as'"
	    "  || ' the other dates of the file show (' || min(time_text) ||"
	    "  ' as ' || utc(min(time_us)) || ')',"
	    "  count(*) || ' times without a year were taken for those'"
	    "  || ' nearest to the incident, ' || utc(min(time_us)) || ' to '"
	    "  || utc(max(time_us)))"
	    " FROM events WHERE time_guess IS NOT NULL"
	    " GROUP BY source, time_guess ORDER BY source, time_guess;"
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) SELECT 'reconstruct', source, min(locator),"
	    " 'no_time', 'partial', 0, count(*) || iif(count(*) = 1,"
	    "  ' record has', ' records have') || ' no time that can be read'"
	    " || coalesce(' (''' || min(nullif(time_text, '')) || ''')', '')"
	    " || '; they fall in no window' FROM events"
	    " WHERE time_us IS NULL GROUP BY source ORDER BY source");
}

void
times_settle(struct case_file *file, const struct incident *incident)
{
	forget(file);
	settle_dates(file);
	settle_years(file, incident);
	say_times(file);
}
