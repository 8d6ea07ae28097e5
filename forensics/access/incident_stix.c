/*
 * STIX 2.1 bundles: the cyber-observables we look at, and the comparisons
 * inside the patterns of indicators ([ipv4-addr:value = '203.0.113.7']).
 */
#include <stdio.h>

#include "forensics/access/incident_lists.h"
#include "parsers/audit/json.h"

struct stix {
	struct incident *incident;
	struct indicators *into;
	const char *path;
	size_t found;
};

static bool
add(struct stix *s, struct bytes type, struct bytes value)
{
	enum indicator_kind kind;
	const char *error;

	if (value.n == 0 || !incident_indicator_kind(type, value, &kind))
		return true;
	error = incident_indicator_add(s->incident, s->into, kind, value);
	if (error != NULL) {
		fprintf(stderr, "postmortem: %s: '%.*s': %s\n", s->path,
		    (int)value.n, (const char *)value.p, error);
		return false;
	}
	s->found++;
	return true;
}

/* ---- patterns (STIX 2.1, 9) */

static bool
is_name(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* A quoted string, \' and \\ undone; the rest begins after it. */
static struct bytes
take_string(struct stix *s, struct bytes *rest)
{
	uint8_t *out = arena_raw(&s->incident->arena, rest->n);
	size_t n = 0, i = 1;

	for (; i < rest->n && rest->p[i] != '\''; i++) {
		if (rest->p[i] == '\\' && i + 1 < rest->n)
			i++;
		out[n++] = rest->p[i];
	}
	*rest = bytes_skip(*rest, i + 1);
	return bytes_of(out, n);
}

/* The values of one comparison: after =, IN or ISSUBSET; every other
 * operator says something that an indicator cannot. */
static bool
take_values(struct stix *s, struct bytes type, struct bytes *rest)
{
	size_t quote = bytes_find_byte(*rest, '\'');
	struct bytes before = bytes_slice(*rest, 0, quote), between;
	bool ok = bytes_find(before, BYTES_LIT("!=")) == SIZE_MAX &&
		  bytes_find(before, BYTES_LIT("NOT")) == SIZE_MAX &&
		  (bytes_find_byte(before, '=') != SIZE_MAX ||
		      bytes_find(before, BYTES_LIT("IN")) != SIZE_MAX ||
		      bytes_find(before, BYTES_LIT("ISSUBSET")) != SIZE_MAX);

	while (quote != SIZE_MAX) {
		struct bytes value;

		*rest = bytes_skip(*rest, quote);
		value = take_string(s, rest);
		if (ok && !add(s, type, value))
			return false;
		quote = bytes_find_byte(*rest, '\'');
		between = bytes_trim(bytes_slice(*rest, 0, quote));
		if (!bytes_eq(between, BYTES_LIT(",")))
			break;
	}
	return true;
}

static bool
add_pattern(struct stix *s, struct bytes pattern)
{
	struct bytes rest = pattern;
	size_t colon;

	while ((colon = bytes_find_byte(rest, ':')) != SIZE_MAX) {
		size_t begin = colon;
		struct bytes type;

		while (begin > 0 && is_name(rest.p[begin - 1]))
			begin--;
		type = bytes_slice(rest, begin, colon);
		rest = bytes_skip(rest, colon + 1);
		if (!take_values(s, type, &rest))
			return false;
	}
	return true;
}

/* ---- objects */

static struct bytes
member(struct json object, const char *name)
{
	struct json value;

	return json_get(object, name, &value) ? json_string(value)
					      : BYTES_LIT("");
}

static bool
add_object(struct stix *s, struct json object)
{
	static const char *const values[] = { "value", "user_id",
		"account_login", "swid", "name", NULL };
	struct bytes type = member(object, "type");
	struct bytes value = BYTES_LIT("");

	if (bytes_eq(type, BYTES_LIT("indicator")))
		return add_pattern(s, member(object, "pattern"));
	for (size_t i = 0; values[i] != NULL && value.n == 0; i++)
		value = member(object, values[i]);
	return add(s, type, value);
}

static bool
add_objects(struct stix *s, struct json root)
{
	struct json_iterator objects;
	struct json list, object;
	struct bytes key;

	if (!json_get(root, "objects", &list)) {
		fprintf(stderr, "postmortem: %s: no STIX 2.1 bundle (it has "
				"no \"objects\")\n", s->path);
		return false;
	}
	objects = json_children(list);
	while (json_next(&objects, &key, &object))
		if (!add_object(s, object))
			return false;
	if (s->found == 0)
		fprintf(stderr, "postmortem: %s: note: no address, account, "
				"e-mail address or software in it\n",
		    s->path);
	return true;
}

bool
incident_stix_read(struct incident *incident, struct indicators *into,
    struct bytes content, const char *path)
{
	struct json_document *document = json_document_new();
	uint8_t *padded = arena_raw(&incident->arena,
	    content.n + JSON_PADDING);
	struct stix s = { incident, into, path, 0 };
	struct json root;
	bool read;

	memcpy(padded, content.p, content.n);
	memset(padded + content.n, 0, JSON_PADDING);
	read = json_parse(document, bytes_of(padded, content.n), &root);
	if (!read)
		fprintf(stderr, "postmortem: %s: not JSON; a STIX 2.1 bundle "
				"or a CSV list is expected\n", path);
	read = read && add_objects(&s, root);
	json_document_free(document);
	return read;
}
