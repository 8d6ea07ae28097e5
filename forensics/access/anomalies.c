/*
 * Suspicious: what no indicator and no known good explains, and an anomaly
 * does.  They propose; the examiner's incident file disposes.
 */
#include "forensics/access/anomalies.h"

#include "parsers/base/utc.h"

/* The examiner's baseline, else what came before the first indicator. */
static void
load_baseline(struct case_file *file, const struct incident *incident)
{
	struct case_rows *rows;

	case_run(file,
	    "DROP TABLE IF EXISTS temp.baseline;"
	    "CREATE TEMP TABLE baseline(until_us INTEGER);"
	    "DROP TABLE IF EXISTS temp.anomalies;"
	    "CREATE TEMP TABLE anomalies(event INTEGER, code TEXT,"
	    " reason TEXT)");
	rows = case_query(file,
	    "INSERT INTO temp.baseline SELECT coalesce(?1, min(f.time_us) - 1)"
	    " FROM judged_events j JOIN temp.event_facts f USING (event)"
	    " WHERE j.attribution = 'adversary'");
	case_bind_known(rows, 1,
	    incident_to_end(incident->baseline_until_us));
	case_exec(rows);
}

/* Inside the window, as the adversary's own events are. */
static void
mark_suspicious(struct case_file *file, const struct incident *incident)
{
	struct case_rows *rows;

	case_run(file,
	    "CREATE INDEX temp.anomalies_event ON anomalies(event)");
	rows = case_query(file,
	    "UPDATE judged_events SET attribution = 'suspicious', reason ="
	    " (SELECT group_concat(reason, '; ') FROM (SELECT DISTINCT reason"
	    "  FROM temp.anomalies a WHERE a.event = judged_events.event"
	    "  ORDER BY code, reason))"
	    " WHERE attribution = 'unattributed' AND event IN (SELECT event"
	    "  FROM temp.anomalies JOIN temp.event_facts f USING (event)"
	    "  WHERE (?1 IS NULL OR f.time_us >= ?1)"
	    "  AND (?2 IS NULL OR f.time_us <= ?2))"
	    /* Made before, and changed inside it. */
	    " OR attribution = 'unattributed' AND event IN (SELECT event"
	    "  FROM temp.anomalies JOIN events e USING (event)"
	    "  WHERE " FOUND_IN_MAILBOX(e)
	    "  AND (?1 IS NULL OR e.until_us >= ?1)"
	    "  AND (?2 IS NULL OR e.until_us <= ?2))");
	case_bind_known(rows, 1, incident->from_us);
	case_bind_known(rows, 2, incident_to_end(incident->to_us));
	case_exec(rows);
}

void
anomalies_find(struct case_file *file, const struct incident *incident)
{
	load_baseline(file, incident);
	anomaly_s1_find(file);
	anomaly_s2_find(file);
	anomaly_s3_find(file);
	anomaly_s4_find(file);
	anomaly_s5_find(file);
	anomaly_s6_find(file);
	anomaly_s7_find(file);
	anomaly_s8_find(file);
	anomaly_s8_found_find(file);
	anomaly_s9_find(file);
	mark_suspicious(file, incident);
}
