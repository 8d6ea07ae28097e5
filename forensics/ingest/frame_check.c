/*
 * What a worker may say in each field.  A parser that was taken over by the
 * evidence can still send any bytes; this is where they meet a reader that
 * expects them.
 */
#include "forensics/ingest/frame.h"

#include "parsers/base/limits.h"
#include "parsers/base/text.h"

/* ---- JSON, without recursion and without values */

struct json {
	struct bytes text;
	size_t at;
	uint8_t open[LIMIT_JSON_DEPTH]; /* the brackets we are inside */
	size_t depth;
};

static uint8_t
json_peek(const struct json *j)
{
	return j->at < j->text.n ? j->text.p[j->at] : 0;
}

static void
json_space(struct json *j)
{
	while (j->at < j->text.n && strchr(" \t\r\n", json_peek(j)) != NULL &&
	       json_peek(j) != 0)
		j->at++;
}

static bool
json_escape(struct json *j)
{
	uint8_t c = json_peek(j);

	j->at++;
	if (c != 'u')
		return c != 0 && strchr("\"\\/bfnrt", c) != NULL;
	for (int i = 0; i < 4; i++, j->at++) {
		c = byte_lower(json_peek(j));
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return true;
}

static bool
json_string(struct json *j)
{
	if (json_peek(j) != '"')
		return false;
	j->at++;
	while (j->at < j->text.n) {
		uint8_t c = j->text.p[j->at++];

		if (c == '"')
			return true;
		if (c < 0x20 || (c == '\\' && !json_escape(j)))
			return false;
	}
	return false;
}

static bool
json_word(struct json *j)
{
	static const char *const words[] = { "true", "false", "null" };
	struct bytes rest = bytes_skip(j->text, j->at);

	for (size_t i = 0; i < 3; i++) {
		if (!bytes_starts(rest, bytes_cstr(words[i])))
			continue;
		j->at += strlen(words[i]);
		return true;
	}
	return false;
}

static size_t
json_digits(struct json *j)
{
	size_t from = j->at;

	while (json_peek(j) >= '0' && json_peek(j) <= '9')
		j->at++;
	return j->at - from;
}

static bool
json_number(struct json *j)
{
	if (json_peek(j) == '-')
		j->at++;
	if (json_peek(j) == '0')
		j->at++;
	else if (json_digits(j) == 0)
		return false;
	if (json_peek(j) == '.') {
		j->at++;
		if (json_digits(j) == 0)
			return false;
	}
	if (byte_lower(json_peek(j)) == 'e') {
		j->at++;
		if (json_peek(j) == '+' || json_peek(j) == '-')
			j->at++;
		if (json_digits(j) == 0)
			return false;
	}
	return true;
}

static bool
json_scalar(struct json *j)
{
	uint8_t c = json_peek(j);

	if (c == '"')
		return json_string(j);
	if (c == '-' || (c >= '0' && c <= '9'))
		return json_number(j);
	return json_word(j);
}

/* Inside an object: the name and its colon before a value. */
static bool
json_name(struct json *j)
{
	if (j->depth == 0 || j->open[j->depth - 1] != '{')
		return true;
	json_space(j);
	if (!json_string(j))
		return false;
	json_space(j);
	if (json_peek(j) != ':')
		return false;
	j->at++;
	return true;
}

/* A scalar, or an opening bracket; *opened tells which. */
static bool
json_value(struct json *j, bool *opened)
{
	uint8_t c;

	json_space(j);
	c = json_peek(j);
	*opened = c == '[' || c == '{';
	if (!*opened)
		return json_scalar(j);
	if (j->depth == LIMIT_JSON_DEPTH)
		return false;
	j->open[j->depth++] = c;
	j->at++;
	return true;
}

/* After a value: commas and closing brackets.  *more: a value must follow. */
static bool
json_after(struct json *j, bool *more)
{
	while (j->depth > 0) {
		uint8_t close = j->open[j->depth - 1] == '[' ? ']' : '}';

		json_space(j);
		*more = json_peek(j) == ',';
		if (!*more && json_peek(j) != close)
			return false;
		j->at++;
		if (*more)
			return true;
		j->depth--;
	}
	*more = false;
	return true;
}

static bool
json_empty(struct json *j)
{
	uint8_t close = j->open[j->depth - 1] == '[' ? ']' : '}';

	json_space(j);
	if (json_peek(j) != close)
		return false;
	j->at++;
	j->depth--;
	return true;
}

bool
json_is_whole(struct bytes text, uint8_t open)
{
	struct json j = { .text = text };
	bool opened, more = true;

	if (text.n == 0 || text.p[0] != open)
		return false;
	while (more) {
		if (!json_name(&j) || !json_value(&j, &opened))
			return false;
		if (opened && !json_empty(&j))
			continue;
		if (!json_after(&j, &more))
			return false;
	}
	return j.at == text.n;
}

/* ---- what each field may hold */

enum rule { RULE_ARRAY, RULE_OBJECT, RULE_BLOB, RULE_WORDS, RULE_INDEX };

static const struct {
	enum record_kind kind;
	const char *field;
	enum rule rule;
	const char *words; /* each between spaces; absent is fine as well */
} rules[] = {
	{ RECORD_KIND_SOURCE_INFO, "special", RULE_OBJECT, NULL },
	{ RECORD_KIND_FOLDER, "kind", RULE_WORDS, " mail search hidden " },
	{ RECORD_KIND_MESSAGE, "idx", RULE_INDEX, NULL },
	{ RECORD_KIND_MESSAGE, "state", RULE_WORDS,
	    " live recovered embedded " },
	{ RECORD_KIND_MESSAGE, "recipients", RULE_ARRAY, NULL },
	{ RECORD_KIND_MESSAGE, "flags", RULE_ARRAY, NULL },
	{ RECORD_KIND_ADDRESS, "idx", RULE_INDEX, NULL },
	{ RECORD_KIND_ADDRESS, "role", RULE_WORDS,
	    " from sender reply_to to cc bcc delivered_to " },
	{ RECORD_KIND_ADDRESS, "position", RULE_INDEX, NULL },
	{ RECORD_KIND_ATTACHMENT, "idx", RULE_INDEX, NULL },
	{ RECORD_KIND_ATTACHMENT, "method", RULE_WORDS,
	    " file embedded ole link " },
	{ RECORD_KIND_ATTACHMENT, "text", RULE_WORDS,
	    " read not_read encrypted image none " },
	{ RECORD_KIND_FINDING, "idx", RULE_INDEX, NULL },
	{ RECORD_KIND_FINDING, "level", RULE_WORDS, " high medium low " },
	{ RECORD_KIND_FINDING, "link", RULE_WORDS,
	    " row block paragraph signature none " },
	{ RECORD_KIND_EVENT, "idx", RULE_INDEX, NULL },
	{ RECORD_KIND_EVENT, "ips", RULE_ARRAY, NULL },
	{ RECORD_KIND_EVENT, "app_ids", RULE_ARRAY, NULL },
	{ RECORD_KIND_EVENT, "device_ids", RULE_ARRAY, NULL },
	{ RECORD_KIND_EVENT, "sessions", RULE_ARRAY, NULL },
	{ RECORD_KIND_EVENT, "parameters", RULE_ARRAY, NULL },
	{ RECORD_KIND_EVENT, "throttled", RULE_WORDS, " yes no not_stated " },
	{ RECORD_KIND_EVENT, "succeeded", RULE_WORDS, " yes no partial " },
	{ RECORD_KIND_EVENT_ITEM, "idx", RULE_INDEX, NULL },
	{ RECORD_KIND_EVENT_ITEM, "position", RULE_INDEX, NULL },
	{ RECORD_KIND_EVENT_FOLDER, "idx", RULE_INDEX, NULL },
	{ RECORD_KIND_PROBLEM, "severity", RULE_WORDS,
	    " note partial item_lost source_lost " },
	{ RECORD_KIND_PROMISE, "items", RULE_INDEX, NULL },
	{ RECORD_KIND_UNIT, "spec", RULE_BLOB, NULL },
	{ RECORD_KIND_TEXT, "idx", RULE_INDEX, NULL },
	{ RECORD_KIND_TEXT, "packed", RULE_BLOB, NULL },
	{ RECORD_KIND_TEXT, "whole", RULE_INDEX, NULL },
	{ RECORD_KIND_CONTENT, "idx", RULE_INDEX, NULL },
	{ RECORD_KIND_CONTENT, "role", RULE_WORDS,
	    " original headers plain html rtf attachment " },
	{ RECORD_KIND_CONTENT, "piece", RULE_BLOB, NULL },
};

enum { RULE_COUNT = sizeof rules / sizeof rules[0], FIELDS_MOST = 64 };

/* A record may say this many things in one item. */
#define INDEX_MOST INT64_C(10000000)

static bool
in_words(struct bytes word, const char *words)
{
	struct bytes rest = bytes_cstr(words), one;

	while (bytes_cut(&rest, ' ', &one))
		if (one.n > 0 && bytes_eq(one, word))
			return true;
	return false;
}

static bool
text_holds(struct bytes text, enum rule rule, const char *words)
{
	switch (rule) {
	case RULE_ARRAY:
		return json_is_whole(text, '[') && text_is_utf8(text);
	case RULE_OBJECT:
		return json_is_whole(text, '{') && text_is_utf8(text);
	case RULE_WORDS:
		return in_words(text, words);
	default:
		return true;
	}
}

/* The rule of every field, looked up once: records come by the million. */
static signed char rule_of[RECORD_KINDS][FIELDS_MOST];
static bool rules_ready;

static void
rules_prepare(void)
{
	memset(rule_of, -1, sizeof rule_of);
	for (size_t i = 0; i < RULE_COUNT; i++) {
		const struct record_shape *shape = &record_shapes[rules[i].kind];

		for (size_t f = 0; f < shape->count; f++)
			if (strcmp(shape->fields[f].name, rules[i].field) == 0)
				rule_of[rules[i].kind][f] = (signed char)i;
	}
	rules_ready = true;
}

static bool
field_holds(const struct record_field *field, int rule, const void *place)
{
	struct bytes text;

	if (!field->text) {
		int64_t number = *(const int64_t *)place;

		return rule < 0 || (number >= 0 && number < INDEX_MOST);
	}
	text = *(const struct bytes *)place;
	if (!bytes_present(text))
		return true;
	if (rule < 0)
		return text_is_utf8(text);
	return text_holds(text, rules[rule].rule, rules[rule].words);
}

/* Fields without which a row means nothing. */
static const char *
missing_field(enum record_kind kind, const union record_any *record)
{
	switch (kind) {
	case RECORD_KIND_FOLDER:
		return bytes_present(record->folder.kind) ? NULL : "kind";
	case RECORD_KIND_PROMISE:
		return bytes_present(record->promise.path) ? NULL : "path";
	case RECORD_KIND_MEMBER:
		return bytes_present(record->member.locator) &&
			       bytes_present(record->member.path) &&
			       bytes_present(record->member.kind)
			   ? NULL
			   : "locator";
	case RECORD_KIND_MESSAGE:
		return bytes_present(record->message.state) ? NULL : "state";
	case RECORD_KIND_ADDRESS:
		return bytes_present(record->address.role) ? NULL : "role";
	case RECORD_KIND_FINDING:
		if (!bytes_present(record->finding.level))
			return "level";
		return bytes_present(record->finding.detector) &&
			       bytes_present(record->finding.value) &&
			       bytes_present(record->finding.normalized) &&
			       bytes_present(record->finding.masked)
			   ? NULL
			   : "value";
	case RECORD_KIND_CONTENT:
		return bytes_present(record->content.role) &&
			       bytes_present(record->content.piece)
			   ? NULL
			   : "role";
	case RECORD_KIND_TEXT:
		return bytes_present(record->text.packed) ? NULL : "packed";
	case RECORD_KIND_PROBLEM:
		if (problem_kind_of((const char *)record->problem.kind.p,
		        record->problem.kind.n) == PROBLEM_KINDS)
			return "kind";
		return bytes_present(record->problem.severity) ? NULL
							       : "severity";
	default:
		return NULL;
	}
}

const char *
record_check(enum record_kind kind, const union record_any *record)
{
	const struct record_shape *shape = &record_shapes[kind];

	if (!rules_ready)
		rules_prepare();
	for (size_t i = 0; i < shape->count; i++)
		if (!field_holds(&shape->fields[i], rule_of[kind][i],
		        (const char *)record + shape->fields[i].offset))
			return shape->fields[i].name;
	return missing_field(kind, record);
}
