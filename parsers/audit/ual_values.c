/* Values as records write them: numbers in strings, JSON in strings. */
#include "parsers/audit/ual_private.h"

struct bytes
ual_text(struct ual *ual, struct json value)
{
	switch (json_kind_of(value)) {
	case JSON_STRING:
		return json_string(value);
	case JSON_NUMBER:
	case JSON_REAL:
		return arena_printf(&ual->arena, "%lld",
		    (long long)json_number(value));
	case JSON_BOOL:
		return json_bool(value) ? BYTES_LIT("True")
					: BYTES_LIT("False");
	default:
		return BYTES_NONE;
	}
}

int64_t
ual_integer(struct json value)
{
	struct bytes text;
	uint64_t number;

	switch (json_kind_of(value)) {
	case JSON_NUMBER:
	case JSON_REAL:
		return json_number(value);
	case JSON_STRING:
		text = json_string(value);
		text = bytes_slice(text, 0, bytes_find_byte(text, '.'));
		if (bytes_to_u64(text, &number) && number <= INT64_MAX)
			return (int64_t)number;
		return RECORD_NONE;
	default:
		return RECORD_NONE;
	}
}

bool
ual_container(struct ual *ual, struct json value, struct json *out)
{
	enum json_kind kind = json_kind_of(value);
	struct bytes text;
	uint8_t *copy;

	if (kind == JSON_ARRAY || kind == JSON_OBJECT) {
		*out = value;
		return true;
	}
	text = json_string(value);
	if (text.n < 2 || (text.p[0] != '[' && text.p[0] != '{'))
		return false;
	if (ual->depth >= LIMIT_JSON_STRINGS) {
		ual->strings_cut = true;
		return false;
	}
	copy = arena_raw(&ual->arena, text.n + JSON_PADDING);
	memcpy(copy, text.p, text.n);
	memset(copy + text.n, 0, JSON_PADDING);
	/* A document of its own: the outer one's strings must stay. */
	ual->depth++;
	if (json_parse(ual->documents[ual->depth], bytes_of(copy, text.n), out))
		return true;
	ual->strings_bad = true;
	return false;
}

bool
ual_is_id(struct bytes text)
{
	text = bytes_trim(text);
	return text.n > 0 &&
	       !bytes_eq_nocase(text, BYTES_LIT("Not Available")) &&
	       !bytes_eq(text, BYTES_LIT("__NULL__")) &&
	       !bytes_eq(text,
	           BYTES_LIT("00000000-0000-0000-0000-000000000000"));
}

struct bytes
ual_lower(struct ual *ual, struct bytes text)
{
	uint8_t *out;

	if (text.p == NULL)
		return text;
	text = bytes_trim(text);
	out = arena_raw(&ual->arena, text.n);
	for (size_t i = 0; i < text.n; i++)
		out[i] = byte_lower(text.p[i]);
	return bytes_of(out, text.n);
}

void
ual_list_add(struct ual_list *list, struct bytes text)
{
	for (size_t i = 0; i < list->count; i++)
		if (bytes_eq(list->list[i], text))
			return;
	if (list->count < UAL_IDS)
		list->list[list->count++] = text;
}

/* Bytes that stand for themselves, from `at` on. */
static size_t
plain_run(struct bytes text, size_t at)
{
	size_t from = at;

	while (at < text.n && text.p[at] >= 0x20 && text.p[at] != '"' &&
	       text.p[at] != '\\')
		at++;
	return at - from;
}

void
ual_add_string(struct buffer *out, struct bytes text)
{
	buffer_add_byte(out, '"');
	for (size_t at = 0; at < text.n;) {
		size_t run = plain_run(text, at);
		uint8_t c;

		buffer_add(out, text.p + at, run);
		at += run;
		if (at == text.n)
			break;
		c = text.p[at++];
		if (c < 0x20) {
			buffer_printf(out, "\\u%04x", c);
			continue;
		}
		buffer_add_byte(out, '\\');
		buffer_add_byte(out, c);
	}
	buffer_add_byte(out, '"');
}

struct bytes
ual_list_json(struct ual *ual, const struct ual_list *list)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes json;

	if (list->count == 0)
		return BYTES_LIT("[]");
	for (size_t i = 0; i < list->count; i++) {
		buffer_add_byte(&out, i ? ',' : '[');
		ual_add_string(&out, list->list[i]);
	}
	buffer_add_byte(&out, ']');
	json = arena_dup(&ual->arena, buffer_bytes(&out));
	buffer_release(&out);
	return json;
}

void
ual_parameter(struct ual *ual, struct bytes name, struct bytes value)
{
	struct buffer *out = &ual->parameters;

	buffer_add_byte(out, out->n ? ',' : '[');
	buffer_add_byte(out, '[');
	ual_add_string(out, name);
	buffer_add_byte(out, ',');
	ual_add_string(out, value);
	buffer_add_byte(out, ']');
}
