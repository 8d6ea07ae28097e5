/*
 * Attribution (contract 3): an indicator inside the window, or a session or
 * token shared with an adversary event, repeated until nothing is added;
 * else known; else unattributed.
 */
#include "forensics/access/reconstruct.h"

#include "parsers/base/utc.h"

struct attribution {
	struct case_file *file;
	const struct incident *incident;
	struct arena arena, row;
};

struct event_keys {
	int64_t event, time_us;
	struct bytes ips, app_ids, client_info, user_id, device_ids, sessions,
	    token_id;
};

/* Next element of a JSON array of plain texts. */
static bool
next_element(struct bytes *rest, struct bytes *element)
{
	size_t start = bytes_find_byte(*rest, '"'), end;

	if (start == SIZE_MAX)
		return false;
	end = bytes_find_byte(bytes_skip(*rest, start + 1), '"');
	if (end == SIZE_MAX)
		return false;
	*element = bytes_slice(*rest, start + 1, start + 1 + end);
	*rest = bytes_skip(*rest, start + end + 2);
	return true;
}

static bool
list_has(struct bytes array, struct bytes wanted)
{
	struct bytes element;

	while (next_element(&array, &element))
		if (bytes_eq_nocase(element, wanted))
			return true;
	return false;
}

static bool
list_in_range(struct bytes array, const struct ip_range *range)
{
	struct ip_address address;
	struct bytes element;

	while (next_element(&array, &element))
		if (ip_parse(element, &address) &&
		    ip_in_range(&address, range))
			return true;
	return false;
}

static bool
indicator_matches(const struct indicator *i, const struct event_keys *e)
{
	switch (i->kind) {
	case INDICATOR_IP:
		return list_in_range(e->ips, &i->range);
	case INDICATOR_APP_ID:
		return list_has(e->app_ids, i->key);
	case INDICATOR_SESSION_ID:
		return list_has(e->sessions, i->key);
	case INDICATOR_TOKEN_ID:
		return bytes_eq(e->token_id, i->key);
	case INDICATOR_USER_AGENT:
		return bytes_find_nocase(e->client_info, i->key) != SIZE_MAX;
	case INDICATOR_ACTOR:
		return bytes_eq_nocase(bytes_trim(e->user_id), i->key);
	case INDICATOR_DEVICE_ID:
		return list_has(e->device_ids, i->key);
	case INDICATOR_KINDS:
		break;
	}
	return false;
}

static const struct indicator *
first_match(const struct indicators *list, const struct event_keys *e)
{
	for (size_t i = 0; i < list->count; i++)
		if (indicator_matches(&list->list[i], e))
			return &list->list[i];
	return NULL;
}

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
    struct bytes reason)
{
	struct case_rows *rows = case_query(a->file,
	    "UPDATE judged_events SET attribution = ?2, reason = ?3"
	    " WHERE event = ?1");

	case_bind_number(rows, 1, event);
	case_bind_cstr(rows, 2, what);
	case_bind_text(rows, 3, reason);
	case_exec(rows);
}

/* Both lists match: adversary; the session is told of afterwards. */
static void
match_event(struct attribution *a, const struct event_keys *e)
{
	const struct indicator *bad = NULL, *known;

	if (in_window(a->incident, e->time_us))
		bad = first_match(&a->incident->adversary, e);
	known = first_match(&a->incident->known, e);
	if (bad != NULL)
		set_attribution(a, e->event, "adversary",
		    indicator_reason(&a->row, bad));
	else if (known != NULL)
		set_attribution(a, e->event, "known",
		    indicator_reason(&a->row, known));
	if (known != NULL) {
		struct case_rows *rows = case_query(a->file,
		    "INSERT INTO temp.known_events VALUES(?1, ?2)");

		case_bind_number(rows, 1, e->event);
		case_bind_text(rows, 2, indicator_reason(&a->row, known));
		case_exec(rows);
	}
}

static void
match_indicators(struct attribution *a)
{
	struct case_rows *rows = case_query_new(a->file,
	    "SELECT e.event, e.time_us, e.ips, e.app_ids, e.client_info,"
	    " e.user_id, e.device_ids, e.sessions, e.token_id"
	    " FROM judged_events JOIN events e USING (event)"
	    " ORDER BY e.event");

	while (case_next(rows)) {
		struct event_keys e = { case_number(rows, 0),
			case_number(rows, 1), case_text(rows, 2),
			case_text(rows, 3), case_text(rows, 4),
			case_text(rows, 5), case_text(rows, 6),
			case_text(rows, 7), case_text(rows, 8) };

		match_event(a, &e);
		arena_reset(&a->row);
	}
	case_done(rows);
}

/* Sessions share one name space; tokens are exact and apart. */
static void
load_keys(struct attribution *a)
{
	case_run(a->file,
	    "DROP TABLE IF EXISTS temp.event_keys;"
	    "CREATE TEMP TABLE event_keys AS"
	    " SELECT e.event, 'session ' || s.value AS key"
	    "  FROM judged_events JOIN events e USING (event),"
	    "  json_each(e.sessions) s"
	    " UNION ALL SELECT e.event, 'token ' || e.token_id"
	    "  FROM judged_events JOIN events e USING (event)"
	    "  WHERE e.token_id IS NOT NULL;"
	    "CREATE INDEX temp.event_keys_key ON event_keys(key);"
	    "CREATE INDEX temp.event_keys_event ON event_keys(event);"
	    "DROP TABLE IF EXISTS temp.adversary_keys;"
	    /* from_reason: the chain that led to this key. */
	    "CREATE TEMP TABLE adversary_keys(key TEXT PRIMARY KEY,"
	    " chain TEXT, new INTEGER) WITHOUT ROWID;");
}

static bool
add_keys(struct attribution *a)
{
	struct case_rows *rows;

	case_run(a->file,
	    "UPDATE temp.adversary_keys SET new = 0 WHERE new = 1;"
	    "INSERT OR IGNORE INTO temp.adversary_keys"
	    " SELECT key, min(reason || ', ' || key), 1 FROM"
	    " temp.event_keys k JOIN judged_events j USING (event)"
	    " WHERE j.attribution = 'adversary'"
	    " AND key NOT IN (SELECT key FROM temp.adversary_keys)"
	    " GROUP BY key;");
	rows = case_query(a->file,
	    "SELECT count(*) FROM temp.adversary_keys WHERE new = 1");
	return case_next(rows) && case_number(rows, 0) > 0;
}

static void
spread_keys(struct attribution *a)
{
	struct case_rows *rows = case_query(a->file,
	    "UPDATE judged_events SET attribution = 'adversary', reason ="
	    " (SELECT min(x.chain) FROM temp.event_keys k"
	    "  JOIN temp.adversary_keys x USING (key)"
	    "  WHERE k.event = judged_events.event AND x.new = 1)"
	    " WHERE attribution <> 'adversary' AND event IN"
	    " (SELECT k.event FROM temp.adversary_keys x"
	    "  JOIN temp.event_keys k USING (key) JOIN events e USING (event)"
	    "  WHERE x.new = 1 AND (?1 IS NULL OR e.time_us >= ?1)"
	    "  AND (?2 IS NULL OR e.time_us <= ?2))");

	case_bind_known(rows, 1, a->incident->from_us);
	case_bind_known(rows, 2, incident_to_end(a->incident->to_us));
	case_exec(rows);
}

/* Adversary sessions seen outside the window: one note each. */
static void
report_outside(struct attribution *a)
{
	struct case_rows *rows = case_query(a->file,
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) SELECT 'reconstruct', NULL, x.key,"
	    " 'outside_window', 'note', 0, count(DISTINCT k.event) ||"
	    " ' records of an adversary ' || x.key || ' lie outside the"
	    " window and are not counted' FROM temp.adversary_keys x"
	    " JOIN temp.event_keys k USING (key) JOIN events e USING (event)"
	    " WHERE (?1 IS NOT NULL AND e.time_us < ?1)"
	    " OR (?2 IS NOT NULL AND e.time_us > ?2) GROUP BY x.key");

	case_bind_known(rows, 1, a->incident->from_us);
	case_bind_known(rows, 2, incident_to_end(a->incident->to_us));
	case_exec(rows);
}

static void
report_known(struct attribution *a)
{
	case_run(a->file,
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) SELECT 'reconstruct', NULL,"
	    " 'session ' || coalesce(e.session_id, e.aad_session,"
	    "  '(none recorded)'), 'known_adversary', 'note', 0,"
	    " count(*) || ' records match both the adversary and a known ' ||"
	    " min(n.reason) || '; they count as the adversary''s'"
	    " FROM temp.known_events n JOIN judged_events j USING (event)"
	    " JOIN events e USING (event) WHERE j.attribution = 'adversary'"
	    " GROUP BY coalesce(e.session_id, e.aad_session,"
	    "  '(none recorded)')");
}

void
attribution_run(struct case_file *file, const struct incident *incident)
{
	struct attribution a = { .file = file, .incident = incident };

	arena_init(&a.arena);
	arena_init(&a.row);
	case_run(file,
	    "DROP TABLE IF EXISTS temp.known_events;"
	    "CREATE TEMP TABLE known_events(event INTEGER PRIMARY KEY,"
	    " reason TEXT)");
	match_indicators(&a);
	load_keys(&a);
	while (add_keys(&a))
		spread_keys(&a);
	report_outside(&a);
	report_known(&a);
	case_run(file,
	    "DROP TABLE temp.event_keys; DROP TABLE temp.adversary_keys;"
	    "DROP TABLE temp.known_events");
	arena_release(&a.row);
	arena_release(&a.arena);
}
