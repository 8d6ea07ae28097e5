/* S1, S4, S5: against what was normal for the mailbox or the application. */
#include "forensics/access/anomalies.h"

/* Client=OWA;Action=ViaProxy -> Client=OWA: browsers come and go. */
#define CLIENT_CLASS                                                           \
	"coalesce(substr(e.client_info, 1, instr(e.client_info || ';', ';')"   \
	" - 1), '')"

/*
 * S1: an (AppId, ClientAppId, client class) never seen for this mailbox
 * before the baseline's end.  A mailbox without a baseline has no novelties.
 */
void
anomaly_s1_find(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.client_uses;"
	    "CREATE TEMP TABLE client_uses AS SELECT e.event, j.mailbox_no,"
	    " json_array(coalesce(lower(e.app_id), ''),"
	    "  coalesce(lower(e.client_app_id), ''), " CLIENT_CLASS ") AS who,"
	    " e.time_us > b.until_us AS after FROM baseline b"
	    " CROSS JOIN judged_events j NOT INDEXED"
	    " CROSS JOIN events e USING (event)"
	    " WHERE j.mailbox_no IS NOT NULL AND j.report <> 'activity'"
	    " AND e.time_us IS NOT NULL AND b.until_us IS NOT NULL;"
	    "DROP TABLE IF EXISTS temp.client_counts;"
	    "CREATE TEMP TABLE client_counts AS SELECT mailbox_no, who,"
	    " sum(after) AS later, sum(1 - after) AS before FROM client_uses"
	    " GROUP BY 1, 2;"
	    "INSERT INTO anomalies SELECT u.event, 'S1', 'S1: application ' ||"
	    " coalesce(nullif(u.who ->> 0, ''), '(none)') || ', client"
	    " application ' || coalesce(nullif(u.who ->> 1, ''), '(none)') ||"
	    " ', ' || coalesce(nullif(u.who ->> 2, ''), 'no client string') ||"
	    " ': ' || c.later || ' records in this mailbox after the baseline,"
	    " none of the ' || t.before || ' before' FROM client_counts c"
	    " JOIN (SELECT mailbox_no, sum(before) AS before"
	    "  FROM client_counts GROUP BY 1) t USING (mailbox_no)"
	    " JOIN client_uses u USING (mailbox_no, who)"
	    " WHERE c.before = 0 AND t.before > 0;"
	    "DROP TABLE temp.client_uses; DROP TABLE temp.client_counts");
}

/* S4: an application reading mailboxes that it never read in the baseline.
 * One that reads a single mailbox is S1's. */
void
anomaly_s4_find(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.app_reads;"
	    "CREATE TEMP TABLE app_reads AS SELECT e.event, j.mailbox_no, "
	    ACTING_APP " AS app, e.time_us > b.until_us AS after"
	    " FROM baseline b CROSS JOIN event_facts f"
	    " CROSS JOIN judged_events j USING (event)"
	    " CROSS JOIN events e USING (event)"
	    " WHERE f.item_access = 1 AND j.mailbox_no IS NOT NULL"
	    " AND e.time_us IS NOT NULL AND b.until_us IS NOT NULL;"
	    "DROP TABLE IF EXISTS temp.app_mailboxes;"
	    "CREATE TEMP TABLE app_mailboxes AS SELECT app, mailbox_no,"
	    " sum(1 - after) AS before, sum(after) AS later FROM app_reads"
	    " WHERE app <> '' GROUP BY 1, 2;"
	    "INSERT INTO anomalies SELECT r.event, 'S4', 'S4: application ' ||"
	    " r.app || ' read ' || t.new || ' mailboxes that it never read in"
	    " the baseline (' || t.old || ' it did)' FROM app_mailboxes m"
	    " JOIN (SELECT app, sum(before = 0 AND later > 0) AS new,"
	    "  sum(before > 0) AS old FROM app_mailboxes GROUP BY app) t"
	    "  USING (app) JOIN app_reads r USING (app, mailbox_no)"
	    " WHERE m.before = 0 AND t.new > 1 AND EXISTS (SELECT 1"
	    "  FROM app_reads WHERE after = 0);"
	    "DROP TABLE temp.app_reads; DROP TABLE temp.app_mailboxes");
}

/* S5: a mailbox's binds per hour above ten times its baseline's busiest. */
void
anomaly_s5_find(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.hour_binds;"
	    "CREATE TEMP TABLE hour_binds AS SELECT j.mailbox_no,"
	    " f.time_us / 3600000000 AS hour, count(*) AS binds,"
	    " max(f.time_us > b.until_us) AS after"
	    " FROM baseline b CROSS JOIN event_facts f"
	    " CROSS JOIN judged_events j USING (event)"
	    " CROSS JOIN named_items n USING (event)"
	    " WHERE f.item_access = 1 AND j.access_type = 'bind'"
	    " AND j.mailbox_no IS NOT NULL AND b.until_us IS NOT NULL"
	    " GROUP BY 1, 2;"
	    "DROP TABLE IF EXISTS temp.busy_hours;"
	    "CREATE TEMP TABLE busy_hours AS SELECT h.mailbox_no, h.hour,"
	    " h.binds, t.busiest FROM hour_binds h JOIN (SELECT mailbox_no,"
	    "  max(binds) AS busiest FROM hour_binds WHERE after = 0"
	    "  GROUP BY mailbox_no) t USING (mailbox_no)"
	    " WHERE h.after AND h.binds > 10 * t.busiest;"
	    "INSERT INTO anomalies SELECT f.event, 'S5', 'S5: ' || h.binds ||"
	    " ' binds in this mailbox in the hour from ' ||"
	    " utc(h.hour * 3600000000) || ', the busiest hour of the baseline"
	    " had ' || h.busiest FROM busy_hours h JOIN judged_events j"
	    " USING (mailbox_no) JOIN event_facts f ON f.event = j.event"
	    "  AND f.time_us / 3600000000 = h.hour"
	    " WHERE j.access_type = 'bind';"
	    "DROP TABLE temp.hour_binds; DROP TABLE temp.busy_hours");
}
