/* Who did what, when: access, activity, sessions, mailboxes, coverage. */
#include "reports/tables.h"

static const struct report_column access_columns[] = {
    {"event_id", COLUMN_WORD},
    {"record_id", COLUMN_WORD},
    {"time_utc", COLUMN_TIME},
    {"until_utc", COLUMN_TIME},
    {"mailbox", COLUMN_TEXT},
    {"operation", COLUMN_TEXT},
    {"access_type", COLUMN_WORD},
    {"actor", COLUMN_TEXT},
    {"actor_type", COLUMN_WORD},
    {"attribution", COLUMN_WORD},
    {"reason", COLUMN_TEXT},
    {"session", COLUMN_WORD},
    {"client_ip", COLUMN_TEXT},
    {"app_id", COLUMN_TEXT},
    {"client_app_id", COLUMN_TEXT},
    {"client_info", COLUMN_TEXT},
    {"throttled", COLUMN_WORD},
    {"folder", COLUMN_TEXT},
    {"internet_message_id", COLUMN_TEXT},
    {"message_id", COLUMN_WORD},
    {"source_id", COLUMN_WORD},
    {"locator", COLUMN_TEXT},
};

#define CLIENT_IP "coalesce(json_extract(e.ips, '$[0]'), e.client_ip)"

const struct report_table table_access = {
    "access",
    "SELECT e.event_id, e.record_id, e.time_us, e.until_us, b.mailbox,"
    " e.operation, j.access_type, e.user_id, j.actor_type, j.attribution,"
    " j.reason, j.session, " CLIENT_IP ", e.app_id, e.client_app_id,"
    " e.client_info, coalesce(e.throttled, 'not_stated'),"
    " coalesce(i.folder, j.folder),"
    " i.internet_message_id, i.message_id, s.source_id, e.locator"
    " FROM judged_events j JOIN events e USING (event)"
    " JOIN sources s USING (source)"
    " LEFT JOIN mailboxes b USING (mailbox_no)"
    " LEFT JOIN access_items i ON i.event = j.event"
    " WHERE j.report IN ('access', 'both')"
    " ORDER BY e.time_us, e.record_id, e.event_id,"
    " i.internet_message_id, i.message_id, 18, i.position",
    REPORT_COLUMNS(access_columns),
    false,
};

static const struct report_column activity_columns[] = {
    {"event_id", COLUMN_WORD},
    {"record_id", COLUMN_WORD},
    {"time_utc", COLUMN_TIME},
    {"operation", COLUMN_TEXT},
    {"actor", COLUMN_TEXT},
    {"attribution", COLUMN_WORD},
    {"reason", COLUMN_TEXT},
    {"session", COLUMN_WORD},
    {"client_ip", COLUMN_TEXT},
    {"app_id", COLUMN_TEXT},
    {"target", COLUMN_TEXT},
    {"detail", COLUMN_TEXT},
    {"result", COLUMN_TEXT},
    {"source_id", COLUMN_WORD},
    {"locator", COLUMN_TEXT},
};

const struct report_table table_activity = {
    "activity",
    "SELECT e.event_id, e.record_id, e.time_us, e.operation, e.user_id,"
    " j.attribution, j.reason, j.session, " CLIENT_IP ","
    " coalesce(nullif(e.app_id, ''), e.client_app_id), e.object_id,"
    " coalesce(nullif(e.detail, ''), (SELECT group_concat("
    "  json_extract(value, '$[0]') || '=' ||"
    "  coalesce(json_extract(value, '$[1]'), ''), ', ')"
    "  FROM json_each(e.parameters))),"
    " e.result, s.source_id, e.locator"
    " FROM judged_events j JOIN events e USING (event)"
    " JOIN sources s USING (source)"
    " WHERE j.report IN ('activity', 'both')"
    " ORDER BY e.time_us, e.record_id, e.event_id",
    REPORT_COLUMNS(activity_columns),
    false,
};

static const struct report_column sessions_columns[] = {
    {"session", COLUMN_WORD},
    {"kind", COLUMN_WORD},
    {"attribution", COLUMN_WORD},
    {"reasons", COLUMN_LIST},
    {"mailboxes", COLUMN_LIST},
    {"actors", COLUMN_LIST},
    {"ips", COLUMN_LIST},
    {"apps", COLUMN_LIST},
    {"clients", COLUMN_LIST},
    {"first_utc", COLUMN_TIME},
    {"last_utc", COLUMN_TIME},
    {"events", COLUMN_NUMBER},
    {"items_bound", COLUMN_NUMBER},
    {"distinct_messages", COLUMN_NUMBER},
    {"folders_synced", COLUMN_NUMBER},
    {"throttled", COLUMN_NUMBER},
    {"sign_in", COLUMN_WORD},
};

const struct report_table table_sessions = {
    "sessions",
    "SELECT session, kind, attribution, reasons, mailboxes, actors, ips,"
    " apps, clients, first_us, last_us, events, items_bound,"
    " distinct_messages, folders_synced, throttled, sign_in"
    " FROM sessions ORDER BY first_us, session",
    REPORT_COLUMNS(sessions_columns),
    false,
};

static const struct report_column mailboxes_columns[] = {
    {"mailbox", COLUMN_TEXT},
    {"guid", COLUMN_WORD},
    {"evidence", COLUMN_LIST},
    {"messages", COLUMN_NUMBER},
    {"accessed", COLUMN_NUMBER},
    {"taken", COLUMN_NUMBER},
    {"synced", COLUMN_NUMBER},
    {"presumed", COLUMN_NUMBER},
    {"possible", COLUMN_NUMBER},
    {"not_covered", COLUMN_NUMBER},
    {"not_shown", COLUMN_NUMBER},
    {"first_adversary_utc", COLUMN_TIME},
    {"last_adversary_utc", COLUMN_TIME},
    {"stand_in", COLUMN_NUMBER},
};

#define EXPOSED(name) "coalesce(sum(exposure = '" name "'), 0)"

const struct report_table table_mailboxes = {
    "mailboxes",
    "WITH counted AS (SELECT p.mailbox_no, CASE WHEN"
    "  p.exposure = 'accessed' AND NOT EXISTS (SELECT 1 FROM"
    "  json_each(p.rules) WHERE value IN ('R1', 'R1s'))"
    "  THEN 'stand_in' ELSE p.exposure END AS exposure"
    "  FROM places p WHERE p.state <> 'embedded')"
    " SELECT b.mailbox, b.guid, b.paths, "
    "count(c.mailbox_no), " EXPOSED("accessed") ", " EXPOSED(
	"take"
	"n") ", " EXPOSED("synced") ", " EXPOSED("presumed") ", " EXPOSED("poss"
									  "ibl"
									  "e") ", " EXPOSED("not_covered") ", " EXPOSED("not_"
															"show"
															"n") ","
															     " b.first_adversary_us, b.last_adversary_us, " EXPOSED(
																 "stand_in") " FROM mailboxes b LEFT JOIN counted c USING (mailbox_no)"
																	     " GROUP BY b.mailbox_no ORDER BY b.mailbox",
    REPORT_COLUMNS(mailboxes_columns),
    false,
};

static const struct report_column coverage_columns[] = {
    {"mailbox", COLUMN_TEXT},
    {"from_utc", COLUMN_TIME},
    {"to_utc", COLUMN_TIME},
    {"status", COLUMN_WORD},
    {"reason", COLUMN_TEXT},
};

const struct report_table table_coverage = {
    "coverage",
    "SELECT b.mailbox, c.from_us, c.to_us, c.status, c.reason"
    " FROM coverage c JOIN mailboxes b USING (mailbox_no)"
    " ORDER BY b.mailbox, c.from_us, c.to_us, c.status",
    REPORT_COLUMNS(coverage_columns),
    false,
};

static const struct report_column missing_columns[] = {
    {"mailbox", COLUMN_TEXT},
    {"internet_message_id", COLUMN_TEXT},
    {"folder", COLUMN_TEXT},
    {"first_access_utc", COLUMN_TIME},
    {"last_access_utc", COLUMN_TIME},
    {"record_ids", COLUMN_LIST},
    {"copy_message_id", COLUMN_LIST},
};

const struct report_table table_missing_items = {
    "missing_items",
    "SELECT b.mailbox, m.internet_message_id, m.folder, m.first_us,"
    " m.last_us, m.record_ids, m.copy_message_ids"
    " FROM missing_items m JOIN mailboxes b USING (mailbox_no)"
    " ORDER BY b.mailbox, m.internet_message_id",
    REPORT_COLUMNS(missing_columns),
    false,
};

static const struct report_column timeline_columns[] = {
    {"message", COLUMN_SHOWN},
    {"datetime", COLUMN_TIME},
    {"timestamp_desc", COLUMN_WORD},
    {"timestamp", COLUMN_NUMBER},
    {"mailbox", COLUMN_TEXT},
    {"attribution", COLUMN_WORD},
    {"session", COLUMN_WORD},
    {"id", COLUMN_WORD},
};

/* Timesketch wants one line of words an entry, of 32,766 bytes at most (8,000
 * characters stay below): events, and the arrival of
 * every message that some rule holds for. */
const struct report_table table_timeline = {
    "timeline",
    "SELECT NULL AS message, substr(coalesce(e.operation, 'record') ||"
    "  coalesce(' (' || nullif(j.access_type, '') || ')', '') ||"
    "  coalesce(' by ' || nullif(e.user_id, ''), '') ||"
    "  coalesce(' in ' || b.mailbox, '') ||"
    "  coalesce(', folder ' || nullif(j.folder, ''), ''),"
    "  1, 8000) AS words,"
    " e.time_us AS at, 'Audit record' AS what, e.time_us, b.mailbox,"
    " j.attribution, j.session, e.event_id AS id"
    " FROM judged_events j JOIN events e USING (event)"
    " LEFT JOIN mailboxes b USING (mailbox_no)"
    " WHERE e.time_us IS NOT NULL"
    " UNION ALL SELECT m.message, 'Message arrived: ' ||"
    "  coalesce(substr(m.subject, 1, 8000), '(no subject)'),"
    "  p.arrival_us,"
    " 'Message arrival', p.arrival_us, b.mailbox, p.exposure, '',"
    " m.message_id FROM places p JOIN messages m USING (message)"
    " JOIN mailboxes b USING (mailbox_no)"
    " WHERE p.arrival_us IS NOT NULL AND p.state <> 'embedded'"
    " AND p.exposure NOT IN ('not_shown', 'not_covered')"
    " ORDER BY 3, 4, 9, 6, 7, 8, 2",
    REPORT_COLUMNS(timeline_columns),
    true,
};
