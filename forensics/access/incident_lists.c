#include "forensics/access/incident_lists.h"

#include <errno.h>
#include <stdio.h>

#include "parsers/base/buffer.h"
#include "parsers/base/csv.h"
#include "parsers/base/utc.h"

static struct bytes
lower(struct incident *incident, struct bytes text)
{
	uint8_t *out = arena_raw(&incident->arena, text.n);

	for (size_t i = 0; i < text.n; i++)
		out[i] = byte_lower(text.p[i]);
	return bytes_of(out, text.n);
}

enum { V4_MAPPED = 96 };

/* ::/0 and a.b.c.d/0 are everybody. */
static bool
matches_everything(const struct indicator *one)
{
	return one->kind == INDICATOR_IP &&
	       (one->range.prefix == 0 || (one->range.prefix == V4_MAPPED &&
	           bytes_find_byte(one->text, '.') != SIZE_MAX));
}

/* Values that contract 3 calls no id: they would never match. */
static bool
is_no_id(struct bytes text)
{
	return bytes_eq_nocase(text, BYTES_LIT("Not Available")) ||
	       bytes_eq(text, BYTES_LIT("__NULL__")) ||
	       bytes_eq(text,
		   BYTES_LIT("00000000-0000-0000-0000-000000000000"));
}

static struct indicator *
new_indicator(struct incident *incident, struct indicators *into)
{
	if (into->count == into->room) {
		size_t room = into->room ? into->room * 2 : 16;
		struct indicator *more = arena_array(&incident->arena, room,
		    sizeof *more);

		if (into->count > 0)
			memcpy(more, into->list, into->count * sizeof *more);
		into->list = more;
		into->room = room;
	}
	return &into->list[into->count++];
}

const char *
incident_indicator_add(struct incident *incident, struct indicators *into,
    enum indicator_kind kind, struct bytes text)
{
	struct indicator one = { .kind = kind, .text = bytes_trim(text) };

	if (one.text.n == 0)
		return "an empty indicator would match everything";
	if (is_no_id(one.text))
		return "this value stands for no id and matches nothing";
	if (kind == INDICATOR_IP && !ip_range_parse(one.text, &one.range))
		return "no IP address or range (a.b.c.d, a.b.c.d/n, v6, v6/n)";
	if (matches_everything(&one))
		return "this range matches every address";
	one.text = arena_dup(&incident->arena, one.text);
	one.key = kind == INDICATOR_TOKEN_ID ? one.text
					     : lower(incident, one.text);
	*new_indicator(incident, into) = one;
	return NULL;
}

static bool
read_file(struct incident *incident, struct bytes name, int line,
    struct bytes *content, const char **path)
{
	const char *slash = strrchr(incident->path, '/');
	struct bytes folder = bytes_of(incident->path,
	    slash ? (size_t)(slash - incident->path) + 1 : 0);
	struct buffer data = BUFFER_EMPTY;
	size_t got;
	FILE *in;
	int error;

	if (name.n > 0 && name.p[0] == '/')
		folder = BYTES_LIT("");
	*path = arena_cstr(&incident->arena,
	    arena_printf(&incident->arena, "%.*s%.*s", (int)folder.n,
		(const char *)folder.p, (int)name.n, (const char *)name.p));
	errno = 0;
	in = fopen(*path, "rb");
	while (in != NULL &&
	       (got = fread(buffer_reserve(&data, 65536), 1, 65536, in)) > 0)
		data.n += got;
	error = in == NULL || ferror(in) ? errno : 0;
	if (in != NULL)
		fclose(in);
	if (error != 0) {
		buffer_release(&data);
		fprintf(stderr, "postmortem: %s:%d: %s: %s\n", incident->path,
		    line, *path, strerror(error));
		return false;
	}
	*content = arena_dup(&incident->arena, buffer_bytes(&data));
	buffer_release(&data);
	if (bytes_starts(*content, BYTES_LIT("\xef\xbb\xbf")))
		*content = bytes_skip(*content, 3);
	return true;
}

/* 8-4-4-4-12 hex digits: software named so is an application id. */
static bool
is_guid(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		uint8_t c = byte_lower(text.p[i]);

		if (dash ? c != '-' : !((c >= '0' && c <= '9') ||
		                          (c >= 'a' && c <= 'f')))
			return false;
	}
	return text.n == 36;
}

bool
incident_indicator_kind(struct bytes name, struct bytes value,
    enum indicator_kind *kind)
{
	static const struct {
		const char *name;
		enum indicator_kind kind;
	} names[] = { { "ip", INDICATOR_IP }, { "ipv4-addr", INDICATOR_IP },
		{ "ipv6-addr", INDICATOR_IP }, { "app_id", INDICATOR_APP_ID },
		{ "session_id", INDICATOR_SESSION_ID },
		{ "token_id", INDICATOR_TOKEN_ID },
		{ "user_agent", INDICATOR_USER_AGENT },
		{ "software", INDICATOR_USER_AGENT },
		{ "actor", INDICATOR_ACTOR },
		{ "user-account", INDICATOR_ACTOR },
		{ "email-addr", INDICATOR_ACTOR },
		{ "device_id", INDICATOR_DEVICE_ID } };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (bytes_eq_nocase(name, bytes_cstr(names[i].name))) {
			*kind = names[i].kind;
			if (bytes_eq_nocase(name, BYTES_LIT("software")) &&
			    is_guid(bytes_trim(value)))
				*kind = INDICATOR_APP_ID;
			return true;
		}
	}
	return false;
}

struct csv_lines {
	struct csv csv;
	struct csv_row row;
	size_t line; /* of the row's first line */
	size_t lines_seen;
};

static bool
next_row(struct csv_lines *lines)
{
	do {
		size_t from = lines->csv.at;

		lines->line = lines->lines_seen + 1;
		if (!csv_next(&lines->csv, &lines->row))
			return false;
		for (size_t i = from; i < lines->csv.at; i++)
			lines->lines_seen += lines->csv.data.p[i] == '\n';
	} while (lines->row.count == 1 &&
		 bytes_trim(lines->row.field[0].raw).n == 0);
	return true;
}

static size_t
column_named(struct incident *incident, const struct csv_row *row,
    const char *name)
{
	for (size_t i = 0; i < row->count; i++)
		if (bytes_eq_nocase(
			bytes_trim(csv_text(&incident->arena, row->field[i])),
			bytes_cstr(name)))
			return i;
	return SIZE_MAX;
}

static struct bytes
cell(struct incident *incident, const struct csv_row *row, size_t column)
{
	if (column >= row->count)
		return BYTES_LIT("");
	return bytes_trim(csv_text(&incident->arena, row->field[column]));
}

static bool
read_indicator_csv(struct incident *incident, struct indicators *into,
    struct bytes content, const char *path)
{
	struct csv_lines lines = { .csv = { content, 0,
					csv_separator(content), NULL } };
	size_t type = 0, value = 1;
	bool first = true;

	while (next_row(&lines)) {
		enum indicator_kind kind;
		struct bytes name;
		const char *error;

		if (first && column_named(incident, &lines.row, "value") !=
		                 SIZE_MAX) {
			type = column_named(incident, &lines.row, "type");
			value = column_named(incident, &lines.row, "value");
			first = false;
			continue;
		}
		first = false;
		name = cell(incident, &lines.row, type);
		if (!incident_indicator_kind(name,
		        cell(incident, &lines.row, value), &kind)) {
			fprintf(stderr,
			    "postmortem: %s:%zu: unknown indicator type "
			    "'%.*s'\n",
			    path, lines.line, (int)name.n,
			    (const char *)name.p);
			return false;
		}
		error = incident_indicator_add(incident, into, kind,
		    cell(incident, &lines.row, value));
		if (error != NULL) {
			fprintf(stderr, "postmortem: %s:%zu: %s\n", path,
			    lines.line, error);
			return false;
		}
	}
	return true;
}

bool
incident_indicators_read(struct incident *incident, struct indicators *into,
    struct bytes name, int line)
{
	struct bytes content, trimmed;
	const char *path;

	if (!read_file(incident, name, line, &content, &path))
		return false;
	trimmed = bytes_trim(content);
	if (trimmed.n > 0 && trimmed.p[0] == '{')
		return incident_stix_read(incident, into, content, path);
	return read_indicator_csv(incident, into, content, path);
}

/* Columns as providers call them: case, blanks, '_' and '-' aside. */
static bool
is_called(struct bytes written, const char *wanted)
{
	size_t n = strlen(wanted), k = 0;

	for (size_t i = 0; i < written.n; i++) {
		uint8_t c = byte_lower(written.p[i]);

		if (c == ' ' || c == '_' || c == '-')
			continue;
		if (k == n || c != (uint8_t)wanted[k++])
			return false;
	}
	return k == n;
}

static size_t
column_called(struct incident *incident, const struct csv_row *row,
    const char *const *names)
{
	for (; *names != NULL; names++)
		for (size_t i = 0; i < row->count; i++)
			if (is_called(csv_text(&incident->arena,
			                  row->field[i]), *names))
				return i;
	return SIZE_MAX;
}

struct stolen_columns {
	size_t mailbox, message, time;
};

/* False: the first row is no header. */
static bool
stolen_header(struct incident *incident, const struct csv_row *row,
    struct stolen_columns *columns)
{
	static const char *const mailboxes[] = { "mailbox", "user", "upn",
		"userprincipalname", "recipient", NULL };
	static const char *const messages[] = { "internetmessageid",
		"messageid", NULL };
	static const char *const times[] = { "time", "timestamp", "date",
		"timeutc", NULL };
	size_t message = column_called(incident, row, messages);

	if (message == SIZE_MAX)
		return false;
	columns->message = message;
	columns->mailbox = column_called(incident, row, mailboxes);
	columns->time = column_called(incident, row, times);
	return true;
}

static struct stolen_entry *
new_stolen(struct incident *incident)
{
	if (incident->stolen_count == incident->stolen_room) {
		size_t room = incident->stolen_room
				  ? incident->stolen_room * 2 : 64;
		struct stolen_entry *more = arena_array(&incident->arena,
		    room, sizeof *more);

		if (incident->stolen_count > 0)
			memcpy(more, incident->stolen,
			    incident->stolen_count * sizeof *more);
		incident->stolen = more;
		incident->stolen_room = room;
	}
	return &incident->stolen[incident->stolen_count++];
}

bool
incident_stolen_read(struct incident *incident, struct bytes name, int line)
{
	struct csv_lines lines = { .line = 0 };
	struct stolen_columns columns = { 0, 1, 2 };
	struct bytes content;
	const char *path;
	bool first = true;

	if (!read_file(incident, name, line, &content, &path))
		return false;
	lines.csv = (struct csv){ content, 0, csv_separator(content), NULL };
	while (next_row(&lines)) {
		struct stolen_entry *entry;
		struct bytes when;
		bool header = first &&
			      stolen_header(incident, &lines.row, &columns);

		first = false;
		if (header)
			continue;
		entry = new_stolen(incident);
		entry->mailbox = lower(incident,
		    cell(incident, &lines.row, columns.mailbox));
		entry->message_id = arena_dup(&incident->arena,
		    cell(incident, &lines.row, columns.message));
		when = cell(incident, &lines.row, columns.time);
		entry->time_us = utc_from_iso(when);
		if (entry->message_id.n == 0 ||
		    (when.n > 0 && entry->time_us == UTC_NONE)) {
			fprintf(stderr,
			    "postmortem: %s:%zu: a row needs mailbox, "
			    "internet_message_id and, if any, an ISO time\n",
			    path, lines.line);
			return false;
		}
	}
	return true;
}
