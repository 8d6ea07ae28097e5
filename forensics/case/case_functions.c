/* The SQL functions of case.h: utc, fold, lower8, bare_imi. */
#include "forensics/case/case_private.h"

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
	};

	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
		if (sqlite3_create_function_v2(file->db, functions[i].name, 1,
		        SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
		        functions[i].function, NULL, NULL, NULL) != SQLITE_OK)
			case_fail(file, functions[i].name);
}
