/*
 * Attribution (contract 3): an indicator inside the window, or a session or
 * token shared with an adversary event, repeated until nothing is added;
 * else known; else unattributed (anomalies come afterwards).
 */
#include "forensics/access/indicator_index.h"
#include "forensics/access/reconstruct.h"
#include "parsers/base/utc.h"

struct attribution {
	struct case_file *file;
	const struct incident *incident;
	struct indicator_index *adversary, *known;
	struct arena row;
	bool any;
};

static struct bytes
indicator_reason(struct arena *arena, const struct indicator *i)
{
	static const char *const words[] = { "address", "application",
		"session", "token", "client", "actor", "device" };

	return arena_printf(arena, "%s %.*s", words[i->kind], (int)i->text.n,
	    (const char *)i->text.p);
}

static bool
in_window(const struct incident *incident, int64_t time_us)
{
	int64_t end = incident_to_end(incident->to_us);

	if (time_us == UTC_NONE)
		return incident->from_us == UTC_NONE && end == UTC_NONE;
	return (incident->from_us == UTC_NONE ||
	           time_us >= incident->from_us) &&
	       (end == UTC_NONE || time_us <= end);
}

static void
set_attribution(struct attribution *a, int64_t event, const char *what,
    const struct indicator *indicator)
{
	struct case_rows *rows = case_query(a->file,
	    "UPDATE judged_events SET attribution = ?2, reason = ?3"
	    " WHERE event = ?1");

	case_bind_number(rows, 1, event);
	case_bind_cstr(rows, 2, what);
	case_bind_text(rows, 3, indicator_reason(&a->row, indicator));
	case_exec(rows);
}

static void
note(struct attribution *a, const char *sql, int64_t event, struct bytes text)
{
	struct case_rows *rows = case_query(a->file, sql);

	case_bind_number(rows, 1, event);
	case_bind_text(rows, 2, text);
	case_exec(rows);
}

/* Both lists match: adversary; the session is told of afterwards. */
static void
match_event(struct attribution *a, int64_t event, int64_t time_us,
    const struct event_keys *keys)
{
	const struct indicator *bad =
	    indicator_index_match(a->adversary, keys);
	const struct indicator *known = indicator_index_match(a->known, keys);
	bool inside = in_window(a->incident, time_us);

	if (bad != NULL && inside) {
		set_attribution(a, event, "adversary", bad);
		a->any = true;
	} else if (known != NULL)
		set_attribution(a, event, "known", known);
	if (bad != NULL && !inside)
		note(a, "INSERT INTO temp.outside_events VALUES(?1, ?2)",
		    event, indicator_reason(&a->row, bad));
	if (known != NULL)
		note(a, "INSERT INTO temp.known_events VALUES(?1, ?2)",
		    event, indicator_reason(&a->row, known));
}

static void
match_indicators(struct attribution *a)
{
	struct case_rows *rows = case_query_new(a->file,
	    "SELECT e.event, e.time_us, e.ips, e.app_ids, e.client_info,"
	    " e.clients, e.user_id, e.device_ids, e.sessions, e.token_id"
	    " FROM judged_events JOIN events e USING (event)"
	    " ORDER BY e.event");

	while (case_next(rows)) {
		struct event_keys keys = { case_text(rows, 2),
			case_text(rows, 3), case_text(rows, 4),
			case_text(rows, 5), case_text(rows, 6),
			case_text(rows, 7), case_text(rows, 8),
			case_text(rows, 9) };

		match_event(a, case_number(rows, 0), case_number(rows, 1),
		    &keys);
		arena_reset(&a->row);
	}
	case_done(rows);
}

/* Sessions share one name space; tokens are exact and apart. */
static void
load_keys(struct attribution *a)
{
	case_run(a->file,
	    "CREATE TEMP TABLE event_keys AS"
	    " SELECT e.event, 'session ' || s.value AS key"
	    "  FROM judged_events JOIN events e USING (event),"
	    "  json_each(e.sessions) s WHERE e.sessions <> '[]'"
	    " UNION ALL SELECT e.event, 'token ' || e.token_id"
	    "  FROM judged_events JOIN events e USING (event)"
	    "  WHERE e.token_id <> '';"
	    "CREATE INDEX temp.event_keys_key ON event_keys(key);"
	    "CREATE INDEX temp.event_keys_event ON event_keys(event);"
	    /* chain: what led to this key. */
	    "CREATE TEMP TABLE adversary_keys(key TEXT PRIMARY KEY,"
	    " chain TEXT, round INTEGER) WITHOUT ROWID;"
	    "CREATE TEMP TABLE adversary_new AS SELECT event"
	    " FROM judged_events WHERE attribution = 'adversary'");
}

/* Keys of the events found last; false when there is none. */
static bool
add_keys(struct attribution *a, int64_t round)
{
	struct case_rows *rows = case_query(a->file,
	    "INSERT OR IGNORE INTO temp.adversary_keys"
	    " SELECT key, min(reason || ', ' || key), ?1"
	    " FROM temp.adversary_new JOIN temp.event_keys k USING (event)"
	    " JOIN judged_events j USING (event) GROUP BY key");

	case_bind_number(rows, 1, round);
	case_exec(rows);
	rows = case_query(a->file,
	    "SELECT 1 FROM temp.adversary_keys WHERE round = ?1 LIMIT 1");
	case_bind_number(rows, 1, round);
	return case_next(rows);
}

static void
spread_keys(struct attribution *a, int64_t round)
{
	struct case_rows *rows;

	case_run(a->file, "DELETE FROM temp.adversary_new");
	rows = case_query(a->file,
	    "INSERT INTO temp.adversary_new SELECT DISTINCT k.event"
	    " FROM temp.adversary_keys x JOIN temp.event_keys k USING (key)"
	    " JOIN judged_events j USING (event) JOIN events e USING (event)"
	    " WHERE x.round = ?3 AND j.attribution <> 'adversary'"
	    " AND (?1 IS NULL OR e.time_us >= ?1)"
	    " AND (?2 IS NULL OR e.time_us <= ?2)");
	case_bind_known(rows, 1, a->incident->from_us);
	case_bind_known(rows, 2, incident_to_end(a->incident->to_us));
	case_bind_number(rows, 3, round);
	case_exec(rows);
	rows = case_query(a->file,
	    "UPDATE judged_events SET attribution = 'adversary', reason ="
	    " (SELECT min(x.chain) FROM temp.event_keys k"
	    "  JOIN temp.adversary_keys x USING (key)"
	    "  WHERE k.event = judged_events.event AND x.round = ?1)"
	    " WHERE event IN (SELECT event FROM temp.adversary_new)");
	case_bind_number(rows, 1, round);
	case_exec(rows);
}

/* Records outside the window that share a key of the adversary's. */
static void
note_outside(struct attribution *a)
{
	struct case_rows *rows = case_query(a->file,
	    "INSERT OR IGNORE INTO temp.outside_events"
	    " SELECT k.event, min(x.key)"
	    " FROM temp.adversary_keys x JOIN temp.event_keys k USING (key)"
	    " JOIN events e USING (event)"
	    " WHERE (?1 IS NOT NULL AND e.time_us < ?1)"
	    " OR (?2 IS NOT NULL AND e.time_us > ?2)"
	    " OR (e.time_us IS NULL AND coalesce(?1, ?2) IS NOT NULL)"
	    " GROUP BY k.event");

	case_bind_known(rows, 1, a->incident->from_us);
	case_bind_known(rows, 2, incident_to_end(a->incident->to_us));
	case_exec(rows);
}

void
attribution_run(struct case_file *file, const struct incident *incident)
{
	struct attribution a = { .file = file, .incident = incident,
		.adversary = indicator_index_new(&incident->adversary),
		.known = indicator_index_new(&incident->known) };
	int64_t round = 0;

	arena_init(&a.row);
	case_run(file,
	    "DROP TABLE IF EXISTS temp.known_events;"
	    "DROP TABLE IF EXISTS temp.outside_events;"
	    "DROP TABLE IF EXISTS temp.event_keys;"
	    "DROP TABLE IF EXISTS temp.adversary_keys;"
	    "DROP TABLE IF EXISTS temp.adversary_new;"
	    "CREATE TEMP TABLE known_events(event INTEGER PRIMARY KEY,"
	    " reason TEXT);"
	    "CREATE TEMP TABLE outside_events(event INTEGER PRIMARY KEY,"
	    " reason TEXT)");
	if (incident->adversary.count > 0 || incident->known.count > 0)
		match_indicators(&a);
	if (a.any) {
		load_keys(&a);
		while (add_keys(&a, round))
			spread_keys(&a, round++);
		note_outside(&a);
	}
	indicator_index_free(a.adversary);
	indicator_index_free(a.known);
	arena_release(&a.row);
}

/* One note a session, recorded or derived: so after sessions are known. */
void
attribution_report(struct case_file *file)
{
	case_run(file,
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) SELECT 'reconstruct', NULL, 'session=' ||"
	    " coalesce(j.session, ''), 'outside_window', 'note', 0,"
	    " count(*) || iif(count(*) = 1, ' record of an adversary session"
	    " (', ' records of an adversary session (') || min(o.reason) ||"
	    " ') outside the window, not counted'"
	    " FROM temp.outside_events o JOIN judged_events j USING (event)"
	    " GROUP BY j.session ORDER BY j.session;"
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) SELECT 'reconstruct', NULL, 'session=' ||"
	    " coalesce(j.session, ''), 'known_adversary', 'note', 0,"
	    " count(*) || iif(count(*) = 1, ' record matches', ' records"
	    " match') || ' both the adversary and a known ' || min(n.reason)"
	    " || '; counted as the adversary''s'"
	    " FROM temp.known_events n JOIN judged_events j USING (event)"
	    " WHERE j.attribution = 'adversary'"
	    " GROUP BY j.session ORDER BY j.session");
}
