/* The SQL functions of case.h. */
#include "forensics/case/case_private.h"

#include "parsers/base/encode.h"
#include "parsers/base/hash.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"

static struct bytes
argument_text(sqlite3_value *value)
{
	const void *p = sqlite3_value_text(value);

	return bytes_of(p, p ? (size_t)sqlite3_value_bytes(value) : 0);
}

static void
result_text(sqlite3_context *context, struct bytes text)
{
	sqlite3_result_text64(context, (const char *)text.p, text.n,
	    SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void
function_utc(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct arena arena;

	(void)count;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL) {
		result_text(context, BYTES_LIT(""));
		return;
	}
	arena_init(&arena);
	result_text(context,
	    utc_text(&arena, sqlite3_value_int64(values[0])));
	arena_release(&arena);
}

static void
function_fold(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct bytes in = argument_text(values[0]);
	struct arena arena;

	(void)count;
	if (!bytes_present(in))
		return; /* NULL */
	arena_init(&arena);
	result_text(context, text_fold(&arena, in));
	arena_release(&arena);
}

/* A Message-ID as compared (contract 3): trimmed, one pair of angle brackets
 * ignored. */
static void
function_bare_imi(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct bytes text;

	(void)count;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL) {
		sqlite3_result_null(context);
		return;
	}
	text.p = sqlite3_value_text(values[0]);
	text.n = (size_t)sqlite3_value_bytes(values[0]);
	text = bytes_trim(text);
	if (text.n >= 2 && text.p[0] == '<' && text.p[text.n - 1] == '>')
		text = bytes_slice(text, 1, text.n - 1);
	sqlite3_result_text(context, (const char *)text.p, (int)text.n,
	    SQLITE_TRANSIENT);
}

static void
function_lower8(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct bytes in = argument_text(values[0]);
	struct arena arena;
	uint8_t *out;

	(void)count;
	if (!bytes_present(in))
		return;
	arena_init(&arena);
	out = arena_raw(&arena, in.n);
	for (size_t i = 0; i < in.n; i++)
		out[i] = byte_lower(in.p[i]);
	result_text(context, bytes_of(out, in.n));
	arena_release(&arena);
}

/* A folder path of a record below the mailbox root: \\Inbox\\A -> Inbox/A.
 * Between backslashes a slash is part of a name: '_' in exports. */
static void
function_record_path(sqlite3_context *context, int count,
    sqlite3_value **values)
{
	struct bytes path = argument_text(values[0]);
	bool backslashes = bytes_find_byte(path, '\\') != SIZE_MAX;
	struct arena arena;
	uint8_t *out;

	(void)count;
	if (!bytes_present(path))
		return; /* NULL */
	path = bytes_trim(path);
	while (path.n > 0 && (path.p[0] == '\\' || path.p[0] == '/'))
		path = bytes_skip(path, 1);
	arena_init(&arena);
	out = arena_raw(&arena, path.n);
	for (size_t i = 0; i < path.n; i++) {
		out[i] = path.p[i];
		if (out[i] == '/' && backslashes)
			out[i] = '_';
		else if (out[i] == '\\')
			out[i] = '/';
	}
	result_text(context, bytes_of(out, path.n));
	arena_release(&arena);
}

static bool
is_hex(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = byte_lower(text.p[i]);

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return text.n > 0 && text.n % 2 == 0;
}

/*
 * An item id as compared: the entry id in hex, from hex or from base64,
 * standard or URL-safe, without the length and type that audit records put
 * around it (reference audit.md 3.6).  What is neither stays as it is.
 */
static void
function_item_key(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct bytes text = bytes_trim(argument_text(values[0])), raw;
	struct arena arena;
	size_t bad;

	(void)count;
	if (!bytes_present(text))
		return;
	arena_init(&arena);
	if (is_hex(text)) {
		uint8_t *out = arena_raw(&arena, text.n);

		for (size_t i = 0; i < text.n; i++)
			out[i] = byte_lower(text.p[i]);
		result_text(context, bytes_of(out, text.n));
		arena_release(&arena);
		return;
	}
	raw = base64_decode(&arena, text, &bad);
	if (bad == 0 && raw.n > 2 && raw.p[0] + 2u == raw.n)
		raw = bytes_slice(raw, 1, raw.n - 1);
	result_text(context,
	    bad == 0 && raw.n > 0 ? hex_of(&arena, raw.p, raw.n) : text);
	arena_release(&arena);
}

/* What follows the last '/'. */
static void
function_base_name(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct bytes path = argument_text(values[0]);
	size_t from = path.n;

	(void)count;
	if (!bytes_present(path))
		return;
	while (from > 0 && path.p[from - 1] != '/')
		from--;
	result_text(context, bytes_skip(path, from));
}

void
case_functions_add(struct case_file *file)
{
	static const struct {
		const char *name;
		void (*function)(sqlite3_context *, int, sqlite3_value **);
	} functions[] = {
		{ "utc", function_utc },
		{ "fold", function_fold },
		{ "lower8", function_lower8 },
		{ "bare_imi", function_bare_imi },
		{ "record_path", function_record_path },
		{ "item_key", function_item_key },
		{ "base_name", function_base_name },
	};

	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
		if (sqlite3_create_function_v2(file->db, functions[i].name, 1,
		        SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
		        functions[i].function, NULL, NULL, NULL) != SQLITE_OK)
			case_fail(file, functions[i].name);
	case_texts_add(file);
}
