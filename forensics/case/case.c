/* Statements, bindings and columns: case.h over SQLite. */
#include "forensics/case/case_private.h"

#include <stdio.h>
#include <stdlib.h>

#include "forensics/tables.h"
#include "parsers/base/die.h"

/* The machine's failures, as opposed to a statement that is wrong. */
static bool
is_machine(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_NOMEM:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_NOLFS:
		return true;
	default:
		return false;
	}
}

void
case_fail(const struct case_file *file, const char *what)
{
	int code = sqlite3_extended_errcode(file->db);

	if (is_machine(code))
		die_machine("%s: %s (%d); running again continues", file->path,
		    sqlite3_errmsg(file->db), code);
	fprintf(stderr, "postmortem: %s\n", sqlite3_errmsg(file->db));
	bug_at(__FILE__, __LINE__, what);
}

void
case_run(struct case_file *file, const char *sql)
{
	/* A kept statement that was not read to its end holds its tables. */
	for (size_t i = 0; i < CASE_STATEMENTS; i++)
		if (file->kept[i] != NULL)
			sqlite3_reset(file->kept[i]->statement);
	if (sqlite3_exec(file->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		case_fail(file, sql);
}

void
case_begin(struct case_file *file)
{
	case_texts_forget(file->texts);
	case_run(file, "BEGIN IMMEDIATE");
}

void
case_commit(struct case_file *file)
{
	case_run(file, "COMMIT");
}

static struct case_rows *
rows_new(struct case_file *file, const char *sql, unsigned flags)
{
	struct case_rows *rows = calloc(1, sizeof *rows);
	const char *tail = NULL;

	if (rows == NULL)
		die_machine("out of memory");
	rows->file = file;
	rows->text = sql;
	if (sqlite3_prepare_v3(file->db, sql, -1, flags, &rows->statement,
	        &tail) != SQLITE_OK)
		case_fail(file, sql);
	BUG_ON(rows->statement == NULL || tail[strspn(tail, " \t\n;")] != '\0');
	return rows;
}

static size_t
slot_of(const struct case_file *file, const char *sql)
{
	size_t i = ((uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15)) >> 40;

	for (i %= CASE_STATEMENTS; file->kept[i] != NULL;
	     i = (i + 1) % CASE_STATEMENTS)
		if (file->kept[i]->text == sql)
			break;
	return i;
}

struct case_rows *
case_query(struct case_file *file, const char *sql)
{
	size_t slot = slot_of(file, sql);
	struct case_rows *rows = file->kept[slot];

	if (rows == NULL) {
		/* A caller that makes up texts as it goes would fill it. */
		BUG_ON(file->kept_count >= CASE_STATEMENTS / 2);
		rows = rows_new(file, sql, SQLITE_PREPARE_PERSISTENT);
		rows->kept = true;
		file->kept[slot] = rows;
		file->kept_count++;
		return rows;
	}
	/* A buffer reused for another text would run the wrong statement. */
	BUG_ON(strcmp(sqlite3_sql(rows->statement), sql) != 0);
	sqlite3_reset(rows->statement);
	sqlite3_clear_bindings(rows->statement);
	return rows;
}

struct case_rows *
case_query_new(struct case_file *file, const char *sql)
{
	return rows_new(file, sql, 0);
}

void
case_done(struct case_rows *rows)
{
	if (rows->kept) {
		sqlite3_reset(rows->statement);
		return;
	}
	sqlite3_finalize(rows->statement);
	free(rows);
}

static void
bound(struct case_rows *rows, int status)
{
	if (status != SQLITE_OK)
		case_fail(rows->file, rows->text);
}

void
case_bind_text(struct case_rows *rows, int at, struct bytes text)
{
	if (!bytes_present(text))
		bound(rows, sqlite3_bind_null(rows->statement, at));
	else
		bound(rows, sqlite3_bind_text64(rows->statement, at,
		                (const char *)text.p, text.n, SQLITE_TRANSIENT,
		                SQLITE_UTF8));
}

void
case_bind_lent(struct case_rows *rows, int at, struct bytes text)
{
	if (!bytes_present(text))
		bound(rows, sqlite3_bind_null(rows->statement, at));
	else
		bound(rows, sqlite3_bind_text64(rows->statement, at,
		                (const char *)text.p, text.n, SQLITE_STATIC,
		                SQLITE_UTF8));
}

void
case_bind_cstr(struct case_rows *rows, int at, const char *text)
{
	case_bind_text(rows, at, bytes_cstr(text));
}

void
case_bind_number(struct case_rows *rows, int at, int64_t number)
{
	bound(rows, sqlite3_bind_int64(rows->statement, at, number));
}

void
case_bind_known(struct case_rows *rows, int at, int64_t number)
{
	if (number == INT64_MIN)
		case_bind_null(rows, at);
	else
		case_bind_number(rows, at, number);
}

void
case_bind_blob(struct case_rows *rows, int at, struct bytes blob)
{
	if (!bytes_present(blob))
		bound(rows, sqlite3_bind_null(rows->statement, at));
	else if (blob.n == 0)
		bound(rows, sqlite3_bind_zeroblob(rows->statement, at, 0));
	else
		bound(rows, sqlite3_bind_blob64(rows->statement, at, blob.p,
		                blob.n, SQLITE_TRANSIENT));
}

void
case_bind_null(struct case_rows *rows, int at)
{
	bound(rows, sqlite3_bind_null(rows->statement, at));
}

bool
case_next(struct case_rows *rows)
{
	switch (sqlite3_step(rows->statement)) {
	case SQLITE_ROW:
		return true;
	case SQLITE_DONE:
		sqlite3_reset(rows->statement);
		return false;
	default:
		case_fail(rows->file, rows->text);
	}
}

void
case_exec(struct case_rows *rows)
{
	while (case_next(rows))
		;
}

struct bytes
case_text(struct case_rows *rows, int column)
{
	const void *p;
	int n;

	if (sqlite3_column_type(rows->statement, column) == SQLITE_NULL)
		return BYTES_NONE;
	/* An empty blob has no address: it is empty all the same. */
	p = sqlite3_column_blob(rows->statement, column);
	n = sqlite3_column_bytes(rows->statement, column);
	if (p == NULL && n > 0)
		case_fail(rows->file, rows->text);
	return n > 0 ? bytes_of(p, (size_t)n) : BYTES_LIT("");
}

int64_t
case_number(struct case_rows *rows, int column)
{
	if (case_is_null(rows, column))
		return INT64_MIN;
	return sqlite3_column_int64(rows->statement, column);
}

double
case_real(struct case_rows *rows, int column)
{
	return sqlite3_column_double(rows->statement, column);
}

bool
case_is_null(struct case_rows *rows, int column)
{
	return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}

int
case_columns(struct case_rows *rows)
{
	return sqlite3_column_count(rows->statement);
}

const char *
case_column_name(struct case_rows *rows, int column)
{
	return sqlite3_column_name(rows->statement, column);
}

int64_t
case_last_row(const struct case_file *file)
{
	return sqlite3_last_insert_rowid(file->db);
}

struct bytes
case_meta(struct case_file *file, struct arena *arena, const char *key)
{
	struct case_rows *rows = case_query(file,
	    "SELECT value FROM meta WHERE key=?");
	struct bytes value = BYTES_NONE;

	case_bind_cstr(rows, 1, key);
	if (case_next(rows))
		value = arena_dup(arena, case_text(rows, 0));
	case_done(rows);
	return value;
}

void
case_set_meta(struct case_file *file, const char *key, struct bytes value)
{
	struct case_rows *rows = case_query(file,
	    "INSERT INTO meta(key, value) VALUES(?, ?)"
	    " ON CONFLICT(key) DO UPDATE SET value=excluded.value");

	case_bind_cstr(rows, 1, key);
	case_bind_text(rows, 2, value);
	case_exec(rows);
}

/* The evidence's tables by name and in one order, so that the statistics are
 * the same rows in the same places however often this ran, and whatever was
 * concluded before. */
static void
analyze_tables(struct case_file *file)
{
	struct case_rows *rows;
	struct arena arena;

	/* A sample of each index says enough, at a fixed price. */
	case_run(file, "PRAGMA analysis_limit=1000; ANALYZE sqlite_schema;"
		       " DELETE FROM sqlite_stat1");
	arena_init(&arena);
	rows = case_query_new(file,
	    "SELECT name FROM sqlite_schema WHERE type='table'"
	    " AND name IN ('sources', 'paths', 'units', 'folders', 'messages',"
	    " 'addresses', 'attachments', 'findings', 'events', 'event_items',"
	    " 'event_folders', 'problems') ORDER BY name");
	while (case_next(rows)) {
		struct bytes name = case_text(rows, 0);
		struct bytes sql = arena_printf(&arena, "ANALYZE \"%.*s\"",
		    (int)name.n, (const char *)name.p);

		case_run(file, arena_cstr(&arena, sql));
	}
	case_done(rows);
	arena_release(&arena);
}

void
case_index(struct case_file *file)
{
	struct bytes indexes = table_content("indexes.sql");
	char *sql = strndup((const char *)indexes.p, indexes.n);

	if (sql == NULL)
		die_machine("out of memory");
	case_begin(file);
	case_run(file, sql);
	free(sql);
	analyze_tables(file);
	case_commit(file);
}
