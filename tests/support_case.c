#include "tests/support_case.h"

#include "parsers/base/kept_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "parsers/base/buffer.h"
#include "parsers/base/hash.h"
#include "parsers/base/utc.h"

enum { WORDS_MOST = 40 };

struct word {
	struct bytes key, value; /* key absent: a plain word */
};

struct line {
	struct word words[WORDS_MOST];
	size_t count;
};

/* A word ends at a blank that is not inside double quotes. */
static struct bytes
take_word(struct arena *arena, struct bytes *rest)
{
	uint8_t *out = arena_raw(arena, rest->n);
	size_t n = 0, i = 0;
	bool quoted = false;

	for (; i < rest->n && (quoted || rest->p[i] != ' '); i++) {
		if (rest->p[i] == '\\' && i + 1 < rest->n &&
		    rest->p[i + 1] == '"')
			out[n++] = rest->p[++i];
		else if (rest->p[i] == '"')
			quoted = !quoted;
		else
			out[n++] = rest->p[i];
	}
	*rest = bytes_skip(*rest, i + 1);
	return bytes_of(out, n);
}

static struct line
split(struct arena *arena, struct bytes text)
{
	struct line line = { .count = 0 };

	while (text.n > 0) {
		struct bytes word = take_word(arena, &text);
		size_t equals = bytes_find_byte(word, '=');
		struct word *out;

		if (word.n == 0)
			continue;
		assert_true(line.count < WORDS_MOST);
		out = &line.words[line.count++];
		*out = (struct word){ BYTES_NONE, word };
		if (equals == SIZE_MAX || line.count <= 2)
			continue;
		out->key = bytes_slice(word, 0, equals);
		out->value = bytes_skip(word, equals + 1);
	}
	return line;
}

static struct bytes
value_of(const struct line *line, const char *key)
{
	for (size_t i = 0; i < line->count; i++)
		if (bytes_eq(line->words[i].key, bytes_cstr(key)))
			return line->words[i].value;
	return BYTES_NONE;
}

static bool
is_key(struct bytes key, const char *list)
{
	char wanted[64];

	snprintf(wanted, sizeof wanted, " %.*s ", (int)key.n,
	    (const char *)key.p);
	return strstr(list, wanted) != NULL;
}

static int64_t
time_value(struct bytes text)
{
	int64_t us = utc_from_iso(text);

	assert_true(us != UTC_NONE);
	return us;
}

/* Texts of digits go into INTEGER columns as they are: STRICT converts. */
static void
set(struct trial *t, const char *table, const char *row_column, int64_t row,
    struct bytes column, struct bytes value)
{
	struct bytes sql = arena_printf(&t->arena,
	    "UPDATE %s SET %.*s = nullif(?1, '') WHERE %s = ?2", table,
	    (int)column.n, (const char *)column.p, row_column);
	struct case_rows *rows = case_query_new(t->file,
	    arena_cstr(&t->arena, sql));

	case_bind_text(rows, 1, value);
	case_bind_number(rows, 2, row);
	case_exec(rows);
	case_done(rows);
}

static int64_t
number(struct trial *t, const char *sql, struct bytes text)
{
	struct case_rows *rows = case_query_new(t->file, sql);
	int64_t found = 0;

	case_bind_text(rows, 1, text);
	if (case_next(rows) && case_number(rows, 0) != INT64_MIN)
		found = case_number(rows, 0);
	case_done(rows);
	return found;
}

static int64_t
source_row(struct trial *t, struct bytes path, const char *kind, bool audit)
{
	struct case_rows *rows = case_query(t->file,
	    "INSERT INTO sources(source_id, sha256, md5, bytes, kind, state,"
	    " status, audit) VALUES(?1, ?2, 'md5', 1, ?3, 'done', 'ok', ?4)");
	struct bytes id = id_of(&t->arena, 'S', path);
	int64_t source = number(t,
	    "SELECT source FROM paths WHERE path = ?1", path);

	if (source > 0)
		return source;
	case_bind_text(rows, 1, id);
	case_bind_text(rows, 2, id);
	case_bind_cstr(rows, 3, kind);
	case_bind_number(rows, 4, audit);
	case_exec(rows);
	source = case_last_row(t->file);
	rows = case_query(t->file, "INSERT INTO paths VALUES(?1, ?2, NULL)");
	case_bind_text(rows, 1, path);
	case_bind_number(rows, 2, source);
	case_exec(rows);
	return source;
}

static void
add_store(struct trial *t, const struct line *line)
{
	struct bytes kind = value_of(line, "kind");
	int64_t source = source_row(t, line->words[1].value,
	    kind.n ? arena_cstr(&t->arena, kind) : "pst", false);

	for (size_t i = 2; i < line->count; i++)
		if (!is_key(line->words[i].key, " kind "))
			set(t, "sources", "source", source,
			    line->words[i].key, line->words[i].value);
}

static void
add_folder(struct trial *t, const struct line *line)
{
	struct case_rows *rows = case_query(t->file,
	    "INSERT INTO folders(source, folder_id, path, kind, special)"
	    " VALUES(?1, ?2, ?3, 'mail', ?4)");

	case_bind_number(rows, 1, source_row(t, line->words[1].value, "pst",
	    false));
	case_bind_text(rows, 2, line->words[2].value);
	case_bind_text(rows, 3,
	    line->count > 3 && line->words[3].key.p == NULL
		? line->words[3].value : BYTES_LIT(""));
	case_bind_text(rows, 4, value_of(line, "special"));
	case_exec(rows);
}

static int64_t
new_message(struct trial *t, const struct line *line, int64_t source,
    const char *state)
{
	struct bytes name = line->words[1].value;
	struct case_rows *rows = case_query(t->file,
	    "INSERT INTO messages(source, message_id, locator, state)"
	    " VALUES(?1, 'M-' || ?2, ?2, ?3)");
	int64_t message;

	case_bind_number(rows, 1, source);
	case_bind_text(rows, 2, name);
	case_bind_cstr(rows, 3, state);
	case_exec(rows);
	message = case_last_row(t->file);
	for (size_t i = 3; i < line->count; i++) {
		struct bytes key = line->words[i].key;
		struct bytes value = line->words[i].value;

		if (is_key(key, " in "))
			continue;
		if (is_key(key, " imi "))
			key = BYTES_LIT("internet_message_id");
		if (is_key(key, " arrival ")) {
			key = BYTES_LIT("arrival_us");
			value = arena_printf(&t->arena, "%lld",
			    (long long)time_value(value));
		}
		set(t, "messages", "message", message, key, value);
	}
	return message;
}

static void
add_message(struct trial *t, const struct line *line)
{
	struct bytes folder = value_of(line, "in");
	int64_t source = source_row(t, line->words[2].value, "eml", false);
	int64_t message = new_message(t, line, source, "live");
	struct case_rows *rows = case_query(t->file,
	    "UPDATE messages SET folder = (SELECT folder FROM folders f"
	    " WHERE f.source = messages.source AND folder_id = ?1)"
	    " WHERE message = ?2");

	case_bind_text(rows, 1, folder);
	case_bind_number(rows, 2, message);
	case_exec(rows);
}

static void
add_inner(struct trial *t, const struct line *line)
{
	int64_t holder = number(t,
	    "SELECT message FROM messages WHERE locator = ?1",
	    line->words[2].value);
	int64_t source = number(t,
	    "SELECT source FROM messages WHERE locator = ?1",
	    line->words[2].value);
	int64_t message = new_message(t, line, source, "embedded");
	struct case_rows *rows = case_query(t->file,
	    "UPDATE messages SET parent = ?1 WHERE message = ?2");

	assert_true(holder > 0);
	case_bind_number(rows, 1, holder);
	case_bind_number(rows, 2, message);
	case_exec(rows);
}

/* text NAME WORDS [cut]: what the worker kept of its text. */
static void
add_text(struct trial *t, const struct line *line)
{
	struct case_rows *rows = case_query(t->file,
	    "INSERT INTO texts SELECT message, ?2, ?3 FROM messages"
	    " WHERE locator = ?1");
	struct buffer pieces = BUFFER_EMPTY, packed = BUFFER_EMPTY;
	const struct kept_piece piece = { .kind = KEPT_FLOW,
		.part = BYTES_LIT("1"),
		.text = line->words[2].value };

	kept_piece_add(&pieces, &piece, false, NULL, 0);
	kept_pack(buffer_bytes(&pieces), &packed);
	case_bind_text(rows, 1, line->words[1].value);
	case_bind_blob(rows, 2, buffer_bytes(&packed));
	case_bind_number(rows, 3, line->count < 4);
	case_exec(rows);
	buffer_release(&pieces);
	buffer_release(&packed);
}

static void
add_address(struct trial *t, const struct line *line)
{
	struct case_rows *rows = case_query(t->file,
	    "INSERT INTO addresses(message, role, position, address)"
	    " SELECT message, ?2, 0, ?3 FROM messages WHERE locator = ?1");

	case_bind_text(rows, 1, line->words[1].value);
	case_bind_text(rows, 2, line->words[2].value);
	case_bind_text(rows, 3, line->words[3].value);
	case_exec(rows);
}

static int64_t
event_row(struct trial *t, struct bytes id)
{
	int64_t event = number(t,
	    "SELECT max(event) FROM events WHERE record_id = ?1", id);

	assert_true(event > 0);
	return event;
}

static int64_t
new_item(struct trial *t, int64_t event)
{
	struct case_rows *rows = case_query(t->file,
	    "INSERT INTO event_items(event, position) SELECT ?1,"
	    " count(*) FROM event_items WHERE event = ?1 RETURNING position");
	int64_t position;

	case_bind_number(rows, 1, event);
	assert_true(case_next(rows));
	position = case_number(rows, 0);
	while (case_next(rows))
		continue;
	return position;
}

static void
set_item(struct trial *t, int64_t event, int64_t position, struct bytes column,
    struct bytes value)
{
	struct bytes sql = arena_printf(&t->arena,
	    "UPDATE event_items SET %.*s = ?1 WHERE event = %lld"
	    " AND position = %lld", (int)column.n, (const char *)column.p,
	    (long long)event, (long long)position);
	struct case_rows *rows = case_query_new(t->file,
	    arena_cstr(&t->arena, sql));

	case_bind_text(rows, 1, value);
	case_exec(rows);
	case_done(rows);
}

static void
add_item(struct trial *t, const struct line *line)
{
	int64_t event = event_row(t, line->words[1].value);
	int64_t position = new_item(t, event);

	for (size_t i = 2; i < line->count; i++) {
		struct bytes key = line->words[i].key;

		if (is_key(key, " imi "))
			key = BYTES_LIT("internet_message_id");
		set_item(t, event, position, key, line->words[i].value);
	}
}

static void
add_names(struct trial *t, const struct line *line)
{
	struct case_rows *rows = case_query(t->file,
	    "INSERT INTO event_folders VALUES(?1, ?2, nullif(?3, ''), ?4)");

	case_bind_number(rows, 1, event_row(t, line->words[1].value));
	case_bind_text(rows, 2, line->words[2].value);
	case_bind_text(rows, 3, line->count > 3 ? line->words[3].value
						: BYTES_NONE);
	case_bind_text(rows, 4, line->count > 4 ? line->words[4].value
						: BYTES_NONE);
	case_exec(rows);
}

/* Event keys that stand for several columns. */
static void
event_key(struct trial *t, int64_t event, struct word word)
{
	static const struct {
		const char *key;
		const char *columns[3];
	} forms[] = {
		{ "box", { "mailbox_owner" } },
		{ "guid", { "mailbox_guid" } },
		{ "user", { "user_id" } },
		{ "ip", { "client_ip", "[ips" } },
		{ "session", { "session_id", "[sessions" } },
		{ "aad", { "aad_session", "[sessions" } },
		{ "app", { "app_id", "[app_ids" } },
		{ "client_app", { "client_app_id", "[app_ids" } },
		{ "device", { "[device_ids" } },
		{ "token", { "token_id" } },
		{ "agent", { "client_info" } },
		{ "acc", { "access_type" } },
		{ "type", { "record_type" } },
	};

	if (is_key(word.key, " imi ")) {
		set_item(t, event, new_item(t, event),
		    BYTES_LIT("internet_message_id"), word.value);
		return;
	}
	if (is_key(word.key, " file param "))
		return;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if (!bytes_eq(word.key, bytes_cstr(forms[i].key)))
			continue;
		for (size_t k = 0; k < 3 && forms[i].columns[k]; k++) {
			const char *column = forms[i].columns[k];

			set(t, "events", "event", event,
			    bytes_cstr(column + (column[0] == '[')),
			    column[0] != '[' ? word.value
					     : arena_printf(&t->arena,
						   "[\"%.*s\"]",
						   (int)word.value.n,
						   (const char *)
						       word.value.p));
		}
		return;
	}
	set(t, "events", "event", event, word.key, word.value);
}

static void
set_parameters(struct trial *t, const struct line *line, int64_t event)
{
	struct buffer out = BUFFER_EMPTY;

	for (size_t i = 0; i < line->count; i++) {
		struct bytes value = line->words[i].value, name;
		size_t colon = bytes_find_byte(value, ':');

		if (!is_key(line->words[i].key, " param "))
			continue;
		name = bytes_slice(value, 0, colon);
		value = bytes_skip(value, colon + 1);
		buffer_add_cstr(&out, out.n ? ",[\"" : "[[\"");
		buffer_add_bytes(&out, name);
		buffer_add_cstr(&out, "\",\"");
		for (size_t k = 0; k < value.n; k++) {
			if (value.p[k] == '\\')
				buffer_add_byte(&out, '\\');
			buffer_add_byte(&out, value.p[k]);
		}
		buffer_add_cstr(&out, "\"]");
	}
	if (out.n > 0) {
		buffer_add_byte(&out, ']');
		set(t, "events", "event", event, BYTES_LIT("parameters"),
		    buffer_bytes(&out));
	}
	buffer_release(&out);
}

static bool
is_bind(const struct line *line)
{
	return bytes_eq(line->words[3].value, BYTES_LIT("MailItemsAccessed")) &&
	       !bytes_eq(value_of(line, "acc"), BYTES_LIT("sync"));
}

static int64_t
new_event(struct trial *t, const struct line *line)
{
	struct bytes name = value_of(line, "file");
	int64_t time = bytes_eq(line->words[2].value, BYTES_LIT("none"))
			   ? UTC_NONE : time_value(line->words[2].value);
	struct case_rows *rows = case_query(t->file,
	    "INSERT INTO events(source, event_id, locator, record_id,"
	    " content_sha256, inner_bytes, time_us, until_us, operation,"
	    " record_type, workload, user_id, ips, app_ids, sessions,"
	    " device_ids, throttled, succeeded, access_type)"
	    " SELECT ?1, 'E-' || ?2, 'line=' || (SELECT count(*) + 1"
	    " FROM events WHERE source = ?1), ?2, 'c' || ?2, 100, ?3, ?4, ?5,"
	    " ?6, 'Exchange', ?7, '[]', '[]', '[]', '[]', 'not_stated',"
	    " 'yes', ?8");

	case_bind_number(rows, 1, source_row(t,
	    name.n ? name : BYTES_LIT("audit.jsonl"), "ual_json", true));
	case_bind_text(rows, 2, line->words[1].value);
	case_bind_known(rows, 3, time);
	case_bind_known(rows, 4, is_bind(line) && time != UTC_NONE
				     ? time + 120 * UTC_SECOND : time);
	case_bind_text(rows, 5, line->words[3].value);
	case_bind_number(rows, 6, is_bind(line) ? 50 : 2);
	case_bind_text(rows, 7, value_of(line, "box"));
	if (is_bind(line))
		case_bind_cstr(rows, 8, "bind");
	case_exec(rows);
	return case_last_row(t->file);
}

static void
add_event(struct trial *t, const struct line *line)
{
	int64_t event = new_event(t, line);

	for (size_t i = 4; i < line->count; i++)
		event_key(t, event, line->words[i]);
	set_parameters(t, line, event);
}

static void
add_problem(struct trial *t, const struct line *line, bool cut)
{
	struct bytes time = value_of(line, "time");
	struct case_rows *rows = case_query(t->file,
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, time_us, mailbox) VALUES('ingest', ?1, ?2, ?3, ?4,"
	    " ?5, ?6, ?7)");

	case_bind_number(rows, 1, source_row(t, line->words[1].value,
	    "ual_json", true));
	case_bind_text(rows, 2, cut ? BYTES_LIT("") : line->words[2].value);
	case_bind_cstr(rows, 3, cut ? "cut_export" : "damaged");
	case_bind_cstr(rows, 4, cut ? "partial" : "item_lost");
	case_bind_number(rows, 5, !cut);
	if (time.n > 0)
		case_bind_number(rows, 6, time_value(time));
	case_bind_text(rows, 7, value_of(line, "box"));
	case_exec(rows);
}

static void
add_line(struct trial *t, struct bytes text)
{
	struct line line = split(&t->arena, text);
	struct bytes what = line.count ? line.words[0].value : BYTES_LIT("");

	if (what.n == 0 || what.p[0] == '#')
		return;
	if (bytes_eq(what, BYTES_LIT("store")))
		add_store(t, &line);
	else if (bytes_eq(what, BYTES_LIT("folder")))
		add_folder(t, &line);
	else if (bytes_eq(what, BYTES_LIT("msg")))
		add_message(t, &line);
	else if (bytes_eq(what, BYTES_LIT("inner")))
		add_inner(t, &line);
	else if (bytes_eq(what, BYTES_LIT("text")))
		add_text(t, &line);
	else if (bytes_eq(what, BYTES_LIT("to")))
		add_address(t, &line);
	else if (bytes_eq(what, BYTES_LIT("event")))
		add_event(t, &line);
	else if (bytes_eq(what, BYTES_LIT("item")))
		add_item(t, &line);
	else if (bytes_eq(what, BYTES_LIT("names")))
		add_names(t, &line);
	else if (bytes_eq(what, BYTES_LIT("bad")))
		add_problem(t, &line, false);
	else if (bytes_eq(what, BYTES_LIT("cut")))
		add_problem(t, &line, true);
	else
		fail_msg("unknown line: %.*s", (int)text.n,
		    (const char *)text.p);
}

/* list NAME CONTENT: a file beside the incident file; '|' ends its lines. */
static void
write_list(struct trial *t, struct bytes text)
{
	struct bytes rest = bytes_skip(text, 5);
	size_t blank = bytes_find_byte(rest, ' ');
	const char *path = arena_cstr(&t->arena,
	    arena_printf(&t->arena, "%s/%.*s", t->folder, (int)blank,
		(const char *)rest.p));
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	for (size_t i = blank + 1; i < rest.n; i++)
		fputc(rest.p[i] == '|' ? '\n' : rest.p[i], out);
	fclose(out);
	assert_true(t->list_count < sizeof t->lists / sizeof t->lists[0]);
	t->lists[t->list_count++] = path;
}

static struct incident *
load_yaml(struct trial *t, const char *yaml)
{
	char *path = arena_cstr(&t->arena,
	    arena_printf(&t->arena, "%s/incident.yaml", t->folder));
	struct incident *incident;
	FILE *out;

	if (yaml == NULL)
		return incident_empty();
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(yaml, out);
	fclose(out);
	incident = incident_load(path);
	assert_non_null(incident);
	return incident;
}

struct trial *
trial_run_options(const char *yaml, const char *lines,
    const struct reconstruct_options *options)
{
	struct trial *t = calloc(1, sizeof *t);
	struct bytes rest = bytes_cstr(lines), line;
	char *folder;

	assert_non_null(t);
	arena_init(&t->arena);
	strcpy(t->folder, "/tmp/trial.XXXXXX");
	assert_non_null(mkdtemp(t->folder));
	folder = arena_cstr(&t->arena,
	    arena_printf(&t->arena, "%s/case", t->folder));
	t->file = case_open(folder, CASE_CREATE);
	assert_non_null(t->file);
	case_begin(t->file);
	while (bytes_line(&rest, &line))
		if (bytes_starts(line, BYTES_LIT("list ")))
			write_list(t, line);
		else
			add_line(t, bytes_trim(line));
	case_commit(t->file);
	t->incident = load_yaml(t, yaml);
	reconstruct_run(t->file, t->incident, options);
	/* It runs without these checks: they hold afterwards. */
	assert_string_equal(trial_sql(t, "PRAGMA foreign_key_check"), "");
	return t;
}

struct trial *
trial_run(const char *yaml, const char *lines)
{
	const struct reconstruct_options options = { false };

	return trial_run_options(yaml, lines, &options);
}

void
trial_again(struct trial *t, bool count_suspicious)
{
	const struct reconstruct_options options = { count_suspicious };

	reconstruct_run(t->file, t->incident, &options);
}

void
trial_free(struct trial *t)
{
	static const char *const names[] = { "case/case.db", "case",
		"incident.yaml", "" };

	case_close(t->file);
	incident_free(t->incident);
	for (size_t i = 0; i < t->list_count; i++)
		remove(t->lists[i]);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		remove(arena_cstr(&t->arena,
		    arena_printf(&t->arena, "%s/%s", t->folder, names[i])));
	arena_release(&t->arena);
	free(t);
}

static const char *
rows_text(struct trial *t, struct case_rows *rows)
{
	struct buffer out = BUFFER_EMPTY;
	char *text;

	for (bool first = true; case_next(rows); first = false) {
		if (!first)
			buffer_add_byte(&out, ';');
		for (int i = 0; i < case_columns(rows); i++) {
			if (i > 0)
				buffer_add_byte(&out, '|');
			if (case_is_null(rows, i))
				buffer_add_byte(&out, '-');
			else
				buffer_add_bytes(&out, case_text(rows, i));
		}
	}
	case_done(rows);
	text = arena_cstr(&t->arena, buffer_bytes(&out));
	buffer_release(&out);
	return text;
}

const char *
trial_sql(struct trial *t, const char *sql)
{
	return rows_text(t, case_query_new(t->file, sql));
}

#define JOINED(column)                                                         \
	"(SELECT coalesce(group_concat(value), '') FROM json_each(" column "))"

const char *
trial_exposure(struct trial *t, const char *name)
{
	struct case_rows *rows = case_query_new(t->file,
	    "SELECT p.exposure || ' ' || " JOINED("p.rules") " ||"
	    " coalesce(' ' || nullif(utc(p.first_us), ''), '') ||"
	    " coalesce(' ' || nullif(utc(p.last_us), ''), '') ||"
	    " ' [' || " JOINED("p.access_records") " || ']' ||"
	    " coalesce(' {' || nullif(" JOINED("p.flags") ", '') || '}', '')"
	    " FROM places p JOIN messages m USING (message)"
	    " WHERE m.locator = ?1 ORDER BY p.path, p.place");

	case_bind_cstr(rows, 1, name);
	return rows_text(t, rows);
}
