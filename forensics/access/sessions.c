/* Sessions: recorded ids, and derived ones where the log has none. */
#include "forensics/access/reconstruct.h"

#include "parsers/base/hash.h"
#include "parsers/base/utc.h"

#define PAUSE_US (30 * 60 * UTC_SECOND)

/*
 * X-: same mailbox, actor, address, application and client, no pause above
 * 30 minutes.  The id comes from the first event's.
 */
static void
derive(struct case_file *file)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT e.event, e.time_us, e.event_id, coalesce(j.mailbox_no, 0)"
	    " || char(31) || coalesce(lower(e.user_id), '') || char(31) ||"
	    " coalesce(json_extract(e.ips, '$[0]'), e.client_ip, '') ||"
	    " char(31) || coalesce(e.app_id, '') || '/' ||"
	    " coalesce(e.client_app_id, '') || char(31) ||"
	    " coalesce(e.client_info, '') AS key"
	    " FROM judged_events j JOIN events e USING (event)"
	    " WHERE e.session_id IS NULL AND e.aad_session IS NULL"
	    " ORDER BY key, e.time_us, e.event_id");
	struct bytes key = BYTES_NONE, session = BYTES_NONE;
	int64_t last = UTC_NONE;
	struct arena arena;

	arena_init(&arena);
	while (case_next(rows)) {
		struct case_rows *update = case_query(file,
		    "UPDATE judged_events SET session = ?2,"
		    " session_kind = 'derived' WHERE event = ?1");
		int64_t time = case_number(rows, 1);

		if (!bytes_eq(key, case_text(rows, 3)) || key.p == NULL ||
		    last == UTC_NONE || time == UTC_NONE ||
		    time - last > PAUSE_US) {
			arena_reset(&arena);
			key = arena_dup(&arena, case_text(rows, 3));
			session = id_of(&arena, 'X', case_text(rows, 2));
		}
		last = time;
		case_bind_number(update, 1, case_number(rows, 0));
		case_bind_text(update, 2, session);
		case_exec(update);
	}
	case_done(rows);
	arena_release(&arena);
}

void
sessions_derive(struct case_file *file)
{
	case_run(file,
	    "UPDATE judged_events SET session_kind = 'recorded', session ="
	    " (SELECT coalesce(e.session_id, e.aad_session) FROM events e"
	    " WHERE e.event = judged_events.event);");
	derive(file);
	case_run(file,
	    "CREATE INDEX IF NOT EXISTS judged_session"
	    " ON judged_events(session);"
	    "CREATE INDEX IF NOT EXISTS judged_mailbox"
	    " ON judged_events(mailbox_no, attribution)");
}

#define LIST_OF(expression)                                                    \
	"(SELECT json_group_array(v) FROM (SELECT DISTINCT " expression        \
	" AS v FROM judged_events x JOIN events y USING (event)"               \
	" LEFT JOIN mailboxes b ON b.mailbox_no = x.mailbox_no"                \
	" WHERE x.session = j.session AND " expression " <> '' ORDER BY v))"

#define ADDRESS "coalesce(json_extract(y.ips, '$[0]'), y.client_ip, '')"
#define APPLICATION                                                            \
	"coalesce(nullif(y.client_app_id, ''), y.app_id, '')"

/*
 * Sign-ins of that session id, else of one of its users on its days.  Where
 * the evidence has no sign-in of anybody on those days, none can be missed.
 */
static void
find_sign_ins(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.sign_ins;"
	    "CREATE TEMP TABLE sign_ins AS SELECT DISTINCT s.value AS session,"
	    " lower(e.user_id) AS user, e.time_us / 86400000000 AS day"
	    " FROM judged_events j JOIN events e USING (event)"
	    " LEFT JOIN json_each(e.sessions) s"
	    " WHERE e.operation LIKE 'UserLog%' AND NOT " FAILED_SIGN_IN ";"
	    "CREATE INDEX temp.sign_ins_session ON sign_ins(session);"
	    "CREATE INDEX temp.sign_ins_user ON sign_ins(user, day);"
	    "CREATE INDEX temp.sign_ins_day ON sign_ins(day);"
	    "DROP TABLE IF EXISTS temp.session_days;"
	    "CREATE TEMP TABLE session_days AS SELECT DISTINCT j.session,"
	    " lower(e.user_id) AS user, e.time_us / 86400000000 AS day"
	    " FROM judged_events j JOIN events e USING (event);"
	    "CREATE INDEX temp.session_days_session ON"
	    " session_days(session);"
	    "UPDATE sessions SET sign_in = CASE"
	    " WHEN EXISTS (SELECT 1 FROM sign_ins s WHERE s.session ="
	    "  sessions.session) THEN 'found'"
	    " WHEN EXISTS (SELECT 1 FROM session_days d JOIN sign_ins s"
	    "  ON s.user = d.user AND s.day = d.day"
	    "  WHERE d.session = sessions.session) THEN 'found'"
	    " WHEN EXISTS (SELECT 1 FROM session_days d JOIN sign_ins s"
	    "  ON s.day = d.day WHERE d.session = sessions.session)"
	    "  THEN 'not_found' ELSE 'no_sign_in_logs' END;"
	    "DROP TABLE temp.session_days");
}

void
sessions_build(struct case_file *file)
{
	case_run(file,
	    "INSERT INTO sessions SELECT j.session, min(j.session_kind),"
	    " CASE max(CASE j.attribution WHEN 'adversary' THEN 4"
	    "  WHEN 'known' THEN 3 WHEN 'suspicious' THEN 2 ELSE 1 END)"
	    "  WHEN 4 THEN 'adversary' WHEN 3 THEN 'known'"
	    "  WHEN 2 THEN 'suspicious' ELSE 'unattributed' END, "
	    LIST_OF("coalesce(x.reason, '')") ", "
	    LIST_OF("coalesce(b.mailbox, '')") ", "
	    LIST_OF("coalesce(y.user_id, '')") ", "
	    LIST_OF(ADDRESS) ", "
	    LIST_OF(APPLICATION) ", "
	    LIST_OF("coalesce(y.client_info, '')") ","
	    " min(e.time_us), max(e.time_us), count(*),"
	    " sum(CASE WHEN j.access_type = 'bind' THEN (SELECT count(*)"
	    "  FROM event_items i WHERE i.event = j.event) ELSE 0 END),"
	    " (SELECT count(DISTINCT bare_imi(i.internet_message_id))"
	    "  FROM judged_events x JOIN event_items i USING (event)"
	    "  WHERE x.session = j.session AND x.access_type = 'bind'),"
	    " (SELECT count(DISTINCT coalesce(y.folder_id, x.folder, ''))"
	    "  FROM judged_events x JOIN events y USING (event)"
	    "  WHERE x.session = j.session AND x.access_type = 'sync'),"
	    " sum(e.throttled = 'yes'), ''"
	    " FROM judged_events j JOIN events e USING (event)"
	    " WHERE j.session IS NOT NULL GROUP BY j.session");
	find_sign_ins(file);
}
