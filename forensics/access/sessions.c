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
	    " AND NOT " FOUND_IN_MAILBOX(e)
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
	    "UPDATE judged_events SET (session_kind, session) = (SELECT"
	    " 'recorded', coalesce(e.session_id, e.aad_session) FROM events e"
	    " WHERE e.event = judged_events.event);");
	derive(file);
	case_run(file,
	    "CREATE INDEX IF NOT EXISTS judged_session"
	    " ON judged_events(session);"
	    "CREATE INDEX IF NOT EXISTS judged_mailbox"
	    " ON judged_events(mailbox_no, attribution)");
}
