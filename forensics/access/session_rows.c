/* Rows of sessions.csv: one pass over the events in the order of their
 * sessions (contract 5). */
#include <stdlib.h>

#include "forensics/access/reconstruct.h"
#include "parsers/base/buffer.h"
#include "parsers/base/die.h"
#include "parsers/base/utc.h"

/* Distinct texts, few as a rule; sorted when they are written. */
struct text_set {
	struct bytes *list;
	size_t count, room;
};

enum { SET_REASONS, SET_MAILBOXES, SET_ACTORS, SET_IPS, SET_APPS,
	SET_CLIENTS, SET_FOLDERS, SETS };

struct session {
	struct case_file *file;
	struct arena arena;
	struct bytes name, kind;
	int strength; /* attribution: 1 unattributed .. 4 adversary */
	struct text_set sets[SETS];
	int64_t first_us, last_us, events, throttled;
};

enum { /* columns of the query */
	AT_SESSION, AT_KIND, AT_ATTRIBUTION, AT_TIME, AT_THROTTLED, AT_REASON,
	AT_MAILBOX, AT_ACTOR, AT_IP, AT_APP, AT_CLIENT, AT_FOLDER,
};

static const char *const attributions[] = { "unattributed", "suspicious",
	"known", "adversary" };

static void
set_add(struct session *s, struct text_set *set, struct bytes text)
{
	if (text.n == 0)
		return;
	for (size_t i = set->count; i > 0; i--)
		if (bytes_eq(set->list[i - 1], text))
			return;
	if (set->count == set->room) {
		set->room = set->room ? set->room * 2 : 8;
		set->list = realloc(set->list, set->room * sizeof *set->list);
		if (set->list == NULL)
			die_machine("out of memory");
	}
	set->list[set->count++] = arena_dup(&s->arena, text);
}

static int
compare(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a,
	    *(const struct bytes *)b);
}

static void
add_string(struct buffer *out, struct bytes text)
{
	buffer_add_byte(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (c == '"' || c == '\\')
			buffer_add_byte(out, '\\');
		if (c < 0x20)
			buffer_printf(out, "\\u%04x", c);
		else
			buffer_add_byte(out, c);
	}
	buffer_add_byte(out, '"');
}

static struct bytes
set_json(struct session *s, struct text_set *set)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes json;

	if (set->count > 1)
		qsort(set->list, set->count, sizeof *set->list, compare);
	buffer_add_byte(&out, '[');
	for (size_t i = 0; i < set->count; i++) {
		if (i > 0)
			buffer_add_byte(&out, ',');
		add_string(&out, set->list[i]);
	}
	buffer_add_byte(&out, ']');
	json = arena_dup(&s->arena, buffer_bytes(&out));
	buffer_release(&out);
	return json;
}

static void
write_session(struct session *s)
{
	struct case_rows *rows = case_query(s->file,
	    "INSERT INTO sessions SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
	    " ?10, ?11, ?12, coalesce(max(b.items), 0),"
	    " coalesce(max(b.names), 0), ?13, ?14, ''"
	    " FROM temp.session_binds b WHERE b.session = ?1");

	if (s->events == 0)
		return;
	case_bind_text(rows, 1, s->name);
	case_bind_text(rows, 2, s->kind);
	case_bind_cstr(rows, 3, attributions[s->strength]);
	for (int i = SET_REASONS; i <= SET_CLIENTS; i++)
		case_bind_text(rows, 4 + i, set_json(s, &s->sets[i]));
	case_bind_known(rows, 10, s->first_us);
	case_bind_known(rows, 11, s->last_us);
	case_bind_number(rows, 12, s->events);
	case_bind_number(rows, 13, (int64_t)s->sets[SET_FOLDERS].count);
	case_bind_number(rows, 14, s->throttled);
	case_exec(rows);
}

static void
begin_session(struct session *s, struct case_rows *rows)
{
	arena_reset(&s->arena);
	for (int i = 0; i < SETS; i++)
		s->sets[i].count = 0;
	s->name = arena_dup(&s->arena, case_text(rows, AT_SESSION));
	s->kind = arena_dup(&s->arena, case_text(rows, AT_KIND));
	s->strength = 0;
	s->first_us = s->last_us = UTC_NONE;
	s->events = s->throttled = 0;
}

static void
add_event(struct session *s, struct case_rows *rows)
{
	int64_t time = case_number(rows, AT_TIME);

	s->events++;
	s->throttled += case_number(rows, AT_THROTTLED) == 1;
	for (int i = s->strength + 1; i < 4; i++)
		if (bytes_eq(case_text(rows, AT_ATTRIBUTION),
		        bytes_cstr(attributions[i])))
			s->strength = i;
	if (time != UTC_NONE && (s->first_us == UTC_NONE || time < s->first_us))
		s->first_us = time;
	if (time != UTC_NONE && (s->last_us == UTC_NONE || time > s->last_us))
		s->last_us = time;
	for (int i = 0; i < SETS; i++)
		set_add(s, &s->sets[i], case_text(rows, AT_REASON + i));
}

/* TEMP session_binds: named items and distinct Message-IDs of Binds. */
static void
load_binds(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.session_binds;"
	    "CREATE TEMP TABLE session_binds(session TEXT PRIMARY KEY,"
	    " items INTEGER, names INTEGER) WITHOUT ROWID;"
	    "INSERT INTO session_binds SELECT j.session, count(*),"
	    " count(DISTINCT iif(n.name LIKE 'item=%', NULL, n.name))"
	    " FROM judged_events j NOT INDEXED CROSS JOIN named_items n"
	    "  USING (event) WHERE j.access_type = 'bind' AND j.session IS NOT NULL"
	    " GROUP BY j.session");
}

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
	    " FROM event_facts f JOIN events e USING (event)"
	    " LEFT JOIN json_each(e.sessions) s WHERE f.sign_in = 1;"
	    "CREATE INDEX temp.sign_ins_session ON sign_ins(session);"
	    "CREATE INDEX temp.sign_ins_user ON sign_ins(user, day);"
	    "CREATE INDEX temp.sign_ins_day ON sign_ins(day);"
	    "DROP TABLE IF EXISTS temp.session_days;"
	    "CREATE TEMP TABLE session_days AS SELECT DISTINCT j.session,"
	    " lower(e.user_id) AS user, e.time_us / 86400000000 AS day"
	    " FROM judged_events j NOT INDEXED CROSS JOIN events e"
	    "  USING (event) WHERE EXISTS (SELECT 1 FROM sign_ins);"
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
	struct session s = { .file = file };
	struct case_rows *rows;

	arena_init(&s.arena);
	load_binds(file);
	rows = case_query_new(file,
	    "SELECT j.session, j.session_kind, j.attribution, e.time_us,"
	    " e.throttled = 'yes', j.reason, b.mailbox, e.user_id,"
	    " coalesce(json_extract(e.ips, '$[0]'), e.client_ip),"
	    " coalesce(nullif(e.client_app_id, ''), e.app_id), e.client_info,"
	    " iif(j.access_type = 'sync', coalesce(nullif(e.folder_id, ''),"
	    "  nullif(j.folder, ''), '?'), NULL)"
	    " FROM judged_events j NOT INDEXED CROSS JOIN events e"
	    "  USING (event)"
	    " LEFT JOIN mailboxes b USING (mailbox_no)"
	    " WHERE j.session IS NOT NULL ORDER BY +j.session, j.event");
	while (case_next(rows)) {
		if (s.events == 0 ||
		    !bytes_eq(s.name, case_text(rows, AT_SESSION))) {
			write_session(&s);
			begin_session(&s, rows);
		}
		add_event(&s, rows);
	}
	write_session(&s);
	case_done(rows);
	find_sign_ins(file);
	for (int i = 0; i < SETS; i++)
		free(s.sets[i].list);
	arena_release(&s.arena);
}
