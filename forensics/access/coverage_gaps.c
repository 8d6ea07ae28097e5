/* Gaps in the log of everybody (contract 3, Coverage): empty days, cut
 * exports, records that cannot be read and whose mailbox is not legible. */
#include "forensics/access/coverage.h"

/* Each run of whole UTC days without a record between days that have some. */
static void
add_empty_days(struct cover *c)
{
	struct case_rows *rows = case_query_new(c->file,
	    "SELECT DISTINCT time_us / 86400000000 FROM temp.event_facts"
	    " WHERE time_us IS NOT NULL AND exchange = 1 ORDER BY 1");
	int64_t last = INT64_MIN;

	while (case_next(rows)) {
		int64_t day = case_number(rows, 0);

		if (last != INT64_MIN && day > last + 1)
			spans_add(&c->tenant, (last + 1) * UTC_DAY,
			    day * UTC_DAY, SPAN_GAP,
			    arena_printf(&c->arena,
				"no Exchange record of anybody on %lld whole "
				"UTC days",
				(long long)(day - last - 1)));
		last = day;
	}
	case_done(rows);
}

/* TEMP cuts(source, time_us, backwards): exports that end too early.  Most
 * are written newest first: then what is beyond the last row is older. */
static void
load_cuts(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.cuts;"
	    "CREATE TEMP TABLE cuts AS SELECT p.source, p.time_us,"
	    " (SELECT e.time_us FROM events e WHERE e.source = p.source"
	    "  AND substr(e.locator, 1, length(p.locator)) = p.locator"
	    "  AND e.time_us IS NOT NULL ORDER BY e.event LIMIT 1) >"
	    " (SELECT e.time_us FROM events e WHERE e.source = p.source"
	    "  AND substr(e.locator, 1, length(p.locator)) = p.locator"
	    "  AND e.time_us IS NOT NULL ORDER BY e.event DESC LIMIT 1)"
	    " AS backwards, 0 AS missing FROM problems p"
	    " WHERE p.kind = 'cut_export' AND p.stage = 'ingest'"
	    " AND p.time_us IS NOT NULL;"
	    /* A run of Search-UnifiedAuditLog: its ResultIndex counts up. */
	    "DROP TABLE IF EXISTS temp.runs;"
	    "CREATE TEMP TABLE runs AS SELECT source, event, time_us,"
	    " result_count, sum(begins) OVER (ORDER BY source, event) AS run"
	    " FROM (SELECT source, event, time_us, result_count,"
	    "  coalesce(result_count <> lag(result_count) OVER w"
	    "   OR result_index <= lag(result_index) OVER w, 1) AS begins"
	    "  FROM events WHERE result_count > 0"
	    "  WINDOW w AS (PARTITION BY source ORDER BY event));"
	    /* Sorted anew by whoever exported it again: no runs to be seen,
	     * so the file is judged as one, by the counts it shows. */
	    "DROP TABLE IF EXISTS temp.sorted;"
	    "CREATE TEMP TABLE sorted AS SELECT source, count(*) AS rows"
	    " FROM runs GROUP BY source"
	    " HAVING count(*) > 10 AND count(DISTINCT run) * 2 > count(*);"
	    "UPDATE runs SET run = -source WHERE source IN (SELECT source"
	    " FROM sorted);"
	    "INSERT INTO cuts SELECT source,"
	    " (SELECT r.time_us FROM runs r WHERE r.run = o.run"
	    "  AND r.time_us IS NOT NULL ORDER BY r.event DESC LIMIT 1),"
	    " (SELECT r.time_us FROM runs r WHERE r.run = o.run"
	    "  AND r.time_us IS NOT NULL ORDER BY r.event LIMIT 1) >"
	    " (SELECT r.time_us FROM runs r WHERE r.run = o.run"
	    "  AND r.time_us IS NOT NULL ORDER BY r.event DESC LIMIT 1),"
	    " promised - count(*) FROM (SELECT *, iif(run < 0,"
	    "  (SELECT sum(n) FROM (SELECT DISTINCT result_count AS n"
	    "   FROM runs s WHERE s.run = r.run)),"
	    "  max(result_count) OVER (PARTITION BY run)) AS promised"
	    "  FROM runs r) o GROUP BY run, source"
	    " HAVING promised > count(*);"
	    "DELETE FROM cuts WHERE time_us IS NULL;"
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail, time_us) SELECT 'reconstruct', source, '',"
	    " 'cut_export', 'partial', 0, missing || ' rows fewer than"
	    " its ResultCount promises', time_us FROM cuts"
	    " WHERE missing > 0 ORDER BY source, time_us;"
	    "DROP TABLE temp.runs; DROP TABLE temp.sorted");
}

static int64_t
next_record(struct cover *c, int64_t time, bool backwards)
{
	struct case_rows *rows = case_query(c->file,
	    "SELECT iif(?2, (SELECT max(time_us) FROM events"
	    "  WHERE time_us < ?1), (SELECT min(time_us) FROM events"
	    "  WHERE time_us > ?1))");

	case_bind_number(rows, 1, time);
	case_bind_number(rows, 2, backwards);
	return case_next(rows) ? case_number(rows, 0) : UTC_NONE;
}

/* Beyond the last row up to the next row of any file; when there is none,
 * up to the window's end. */
static void
add_cuts(struct cover *c)
{
	struct case_rows *rows = case_query_new(c->file,
	    "SELECT time_us, coalesce(backwards, 0) FROM temp.cuts"
	    " ORDER BY 1, 2");

	while (case_next(rows)) {
		int64_t time = case_number(rows, 0);
		bool backwards = case_number(rows, 1) == 1;
		int64_t next = next_record(c, time, backwards);

		if (next == UTC_NONE)
			next = backwards ? c->window_from_us : c->window_end_us;
		if (next == UTC_NONE)
			continue;
		spans_add(&c->tenant, backwards ? next : time,
		    backwards ? time + UTC_SECOND : next, SPAN_GAP,
		    BYTES_LIT("an export was cut at its limit here"));
	}
	case_done(rows);
}

/* The number at the end of a locator: row=17, member=a.csv/line=4. */
#define LOCATOR_NUMBER(locator)                                                \
	"CAST(substr(" locator ", length(rtrim(" locator ", '0123456789')) + " \
	"1) AS INTEGER)"

/* The file inside the source: up to the last '/', '' where there is none. */
#define LOCATOR_FILE(locator) "rtrim(" locator ", replace(" locator ", '/', ''))"

/* TEMP unreadable(mailbox_no, from_us, to_us): at its own time and mailbox
 * where they can still be read, else between its neighbours in that file. */
static void
load_unreadable(struct case_file *file)
{
	case_run(file,
	    /* In an archive, mail and logs lie side by side. */
	    "DROP TABLE IF EXISTS temp.audit_files;"
	    "CREATE TEMP TABLE audit_files AS SELECT DISTINCT source, "
	    LOCATOR_FILE("locator") " AS file FROM events WHERE source IN"
	    " (SELECT source FROM sources WHERE audit = 0);"
	    "DROP TABLE IF EXISTS temp.lost_records;"
	    "CREATE TEMP TABLE lost_records AS SELECT p.source, p.time_us,"
	    " " LOCATOR_FILE("p.locator") " AS file,"
	    " " LOCATOR_NUMBER("p.locator") " AS number,"
	    " (SELECT min(n.mailbox_no) FROM mailbox_names n WHERE n.kind IN"
	    "  ('address', 'guid') AND n.name = lower(p.mailbox))"
	    " AS mailbox_no FROM problems p JOIN sources s USING (source)"
	    " WHERE p.severity = 'item_lost' AND (s.audit = 1 OR"
	    "  (p.source, " LOCATOR_FILE("p.locator") ") IN audit_files);"
	    "DROP TABLE IF EXISTS temp.numbered;"
	    "CREATE TEMP TABLE numbered AS SELECT source, "
	    LOCATOR_FILE("locator") " AS file, "
	    LOCATOR_NUMBER("locator") " AS number, time_us FROM events"
	    " WHERE time_us IS NOT NULL AND source IN (SELECT source"
	    "  FROM lost_records WHERE time_us IS NULL);"
	    "CREATE INDEX temp.numbered_number ON numbered(source, file,"
	    " number, time_us);"
	    "DROP TABLE IF EXISTS temp.unreadable;"
	    "CREATE TEMP TABLE unreadable AS SELECT mailbox_no,"
	    " time_us AS from_us, time_us + 1000000 AS to_us"
	    " FROM lost_records WHERE time_us IS NOT NULL"
	    " UNION SELECT mailbox_no, min(a, b), max(a, b) + 1000000 FROM"
	    " (SELECT l.mailbox_no, coalesce((SELECT n.time_us FROM numbered n"
	    "   WHERE n.source = l.source AND n.file = l.file"
	    "   AND n.number < l.number"
	    "   ORDER BY n.number DESC, n.time_us LIMIT 1), (SELECT"
	    "   min(time_us) FROM events)) AS a,"
	    "  coalesce((SELECT n.time_us FROM numbered n"
	    "   WHERE n.source = l.source AND n.file = l.file"
	    "   AND n.number > l.number"
	    "   ORDER BY n.number, n.time_us LIMIT 1), (SELECT"
	    "   max(time_us) FROM events)) AS b FROM lost_records l"
	    "  WHERE l.time_us IS NULL);"
	    "DROP TABLE temp.numbered; DROP TABLE temp.lost_records;"
	    "DROP TABLE temp.audit_files");
}

static void
add_unreadable(struct cover *c)
{
	struct case_rows *rows = case_query_new(c->file,
	    "SELECT DISTINCT from_us, to_us FROM temp.unreadable"
	    " WHERE mailbox_no IS NULL ORDER BY 1, 2");

	while (case_next(rows))
		spans_add(&c->tenant, case_number(rows, 0),
		    case_number(rows, 1), SPAN_GAP,
		    BYTES_LIT("a record cannot be read"));
	case_done(rows);
}

void
coverage_gaps_load(struct cover *c)
{
	add_empty_days(c);
	load_cuts(c->file);
	add_cuts(c);
	load_unreadable(c->file);
	add_unreadable(c);
}
