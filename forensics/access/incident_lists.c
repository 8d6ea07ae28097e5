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

const char *
incident_indicator_add(struct incident *incident, struct indicators *into,
    enum indicator_kind kind, struct bytes text)
{
	struct indicator one = { .kind = kind, .text = bytes_trim(text) };
	struct indicator *more;

	if (one.text.n == 0)
		return "an indicator is empty";
	if (kind == INDICATOR_IP && !ip_range_parse(one.text, &one.range))
		return "no IP address or range (a.b.c.d, a.b.c.d/n, v6, v6/n)";
	one.key = kind == INDICATOR_TOKEN_ID ? one.text
					     : lower(incident, one.text);
	more = arena_array(&incident->arena, into->count + 1, sizeof *more);
	if (into->count > 0)
		memcpy(more, into->list, into->count * sizeof *more);
	more[into->count++] = one;
	into->list = more;
	return NULL;
}

static bool
read_file(struct incident *incident, struct bytes name, struct bytes *content,
    const char **path)
{
	const char *slash = strrchr(incident->path, '/');
	struct bytes folder = bytes_of(incident->path,
	    slash ? (size_t)(slash - incident->path) + 1 : 0);
	struct buffer data = BUFFER_EMPTY;
	size_t got;
	FILE *in;

	if (name.n > 0 && name.p[0] == '/')
		folder = BYTES_LIT("");
	*path = arena_cstr(&incident->arena,
	    arena_printf(&incident->arena, "%.*s%.*s", (int)folder.n,
		(const char *)folder.p, (int)name.n, (const char *)name.p));
	in = fopen(*path, "rb");
	if (in == NULL) {
		fprintf(stderr, "postmortem: %s: %s\n", *path,
		    strerror(errno));
		return false;
	}
	while ((got = fread(buffer_reserve(&data, 65536), 1, 65536, in)) > 0)
		data.n += got;
	fclose(in);
	*content = arena_dup(&incident->arena, buffer_bytes(&data));
	buffer_release(&data);
	if (bytes_starts(*content, BYTES_LIT("\xef\xbb\xbf")))
		*content = bytes_skip(*content, 3);
	return true;
}

/* STIX object types and the keys of `adversary`. */
static bool
indicator_kind_of(struct bytes name, enum indicator_kind *kind)
{
	static const struct {
		const char *name;
		enum indicator_kind kind;
	} names[] = { { "ip", INDICATOR_IP }, { "ipv4-addr", INDICATOR_IP },
		{ "ipv6-addr", INDICATOR_IP }, { "app_id", INDICATOR_APP_ID },
		{ "session_id", INDICATOR_SESSION_ID },
		{ "token_id", INDICATOR_TOKEN_ID },
		{ "user_agent", INDICATOR_USER_AGENT },
		{ "software", INDICATOR_APP_ID },
		{ "actor", INDICATOR_ACTOR },
		{ "user-account", INDICATOR_ACTOR },
		{ "email-addr", INDICATOR_ACTOR },
		{ "device_id", INDICATOR_DEVICE_ID } };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (bytes_eq_nocase(name, bytes_cstr(names[i].name))) {
			*kind = names[i].kind;
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
		if (!indicator_kind_of(name, &kind)) {
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

/* The string after "key": in a JSON object's text. */
static struct bytes
json_member(struct bytes object, const char *quoted)
{
	size_t at = bytes_find(object, bytes_cstr(quoted));
	struct bytes rest;
	size_t end;

	if (at == SIZE_MAX)
		return BYTES_NONE;
	rest = bytes_trim(bytes_skip(object, at + strlen(quoted)));
	if (rest.n == 0 || rest.p[0] != ':')
		return BYTES_NONE;
	rest = bytes_trim(bytes_skip(rest, 1));
	if (rest.n == 0 || rest.p[0] != '"')
		return BYTES_NONE;
	rest = bytes_skip(rest, 1);
	end = bytes_find_byte(rest, '"');
	return bytes_slice(rest, 0, end);
}

/*
 * STIX 2.1: cyber-observables of a bundle, and the comparisons
 * [ipv4-addr:value = '...'] inside an indicator's pattern.
 */
static bool
add_pattern(struct incident *incident, struct indicators *into,
    struct bytes pattern, const char *path)
{
	struct bytes rest = pattern;
	size_t colon;

	while ((colon = bytes_find_byte(rest, ':')) != SIZE_MAX) {
		size_t begin = colon, quote, end;
		enum indicator_kind kind;
		const char *error;

		while (begin > 0 && (rest.p[begin - 1] == '-' ||
		                        (rest.p[begin - 1] >= 'a' &&
		                            rest.p[begin - 1] <= 'z') ||
		                        (rest.p[begin - 1] >= '0' &&
		                            rest.p[begin - 1] <= '9')))
			begin--;
		quote = bytes_find_byte(bytes_skip(rest, colon), '\'');
		if (quote == SIZE_MAX)
			return true;
		quote += colon + 1;
		end = bytes_find_byte(bytes_skip(rest, quote), '\'');
		if (end == SIZE_MAX)
			return true;
		if (indicator_kind_of(bytes_slice(rest, begin, colon), &kind)) {
			error = incident_indicator_add(incident, into, kind,
			    bytes_slice(rest, quote, quote + end));
			if (error != NULL) {
				fprintf(stderr, "postmortem: %s: %s\n", path,
				    error);
				return false;
			}
		}
		rest = bytes_skip(rest, quote + end + 1);
	}
	return true;
}

static bool
add_stix_object(struct incident *incident, struct indicators *into,
    struct bytes object, const char *path)
{
	struct bytes type = json_member(object, "\"type\"");
	struct bytes value = json_member(object, "\"value\"");
	enum indicator_kind kind;
	const char *error;

	if (bytes_eq(type, BYTES_LIT("indicator")))
		return add_pattern(incident, into,
		    json_member(object, "\"pattern\""), path);
	if (!indicator_kind_of(type, &kind))
		return true;
	if (value.n == 0)
		value = json_member(object, "\"user_id\"");
	if (value.n == 0)
		value = json_member(object, "\"account_login\"");
	if (value.n == 0)
		value = json_member(object, "\"swid\"");
	if (value.n == 0)
		return true;
	error = incident_indicator_add(incident, into, kind, value);
	if (error != NULL)
		fprintf(stderr, "postmortem: %s: %s\n", path, error);
	return error == NULL;
}

/* Objects of the bundle: each '{' ... '}' without another object inside. */
static bool
read_stix(struct incident *incident, struct indicators *into,
    struct bytes content, const char *path)
{
	size_t open = SIZE_MAX;
	bool in_string = false;

	if (bytes_find(content, BYTES_LIT("\"objects\"")) == SIZE_MAX) {
		fprintf(stderr, "postmortem: %s:1: no STIX 2.1 bundle\n",
		    path);
		return false;
	}
	for (size_t i = 0; i < content.n; i++) {
		uint8_t c = content.p[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && c == '{')
			open = i;
		else if (!in_string && c == '}' && open != SIZE_MAX) {
			if (!add_stix_object(incident, into,
			        bytes_slice(content, open, i + 1), path))
				return false;
			open = SIZE_MAX;
		}
	}
	return true;
}

bool
incident_indicators_read(struct incident *incident, struct indicators *into,
    struct bytes name)
{
	struct bytes content, trimmed;
	const char *path;

	if (!read_file(incident, name, &content, &path))
		return false;
	trimmed = bytes_trim(content);
	if (trimmed.n > 0 && trimmed.p[0] == '{')
		return read_stix(incident, into, content, path);
	return read_indicator_csv(incident, into, content, path);
}

bool
incident_stolen_read(struct incident *incident, struct bytes name)
{
	struct csv_lines lines = { .line = 0 };
	struct bytes content;
	const char *path;
	size_t mailbox = 0, message = 1, time = 2, rows = 1;
	bool first = true;
	struct stolen_entry *more;

	if (!read_file(incident, name, &content, &path))
		return false;
	for (size_t i = 0; i < content.n; i++)
		rows += content.p[i] == '\n';
	more = arena_array(&incident->arena, incident->stolen_count + rows + 1,
	    sizeof *more);
	if (incident->stolen_count > 0)
		memcpy(more, incident->stolen,
		    incident->stolen_count * sizeof *more);
	incident->stolen = more;
	lines.csv = (struct csv){ content, 0, csv_separator(content), NULL };
	while (next_row(&lines)) {
		struct stolen_entry *entry =
		    &incident->stolen[incident->stolen_count];
		struct bytes when;

		if (first && column_named(incident, &lines.row,
		                 "internet_message_id") != SIZE_MAX) {
			mailbox = column_named(incident, &lines.row, "mailbox");
			message = column_named(incident, &lines.row,
			    "internet_message_id");
			time = column_named(incident, &lines.row, "time");
			first = false;
			continue;
		}
		first = false;
		entry->mailbox = lower(incident,
		    cell(incident, &lines.row, mailbox));
		entry->message_id = cell(incident, &lines.row, message);
		when = cell(incident, &lines.row, time);
		entry->time_us = utc_from_iso(when);
		if (entry->message_id.n == 0 ||
		    (when.n > 0 && entry->time_us == UTC_NONE)) {
			fprintf(stderr,
			    "postmortem: %s:%zu: a row needs mailbox, "
			    "internet_message_id and, if any, an ISO time\n",
			    path, lines.line);
			return false;
		}
		incident->stolen_count++;
	}
	return true;
}
