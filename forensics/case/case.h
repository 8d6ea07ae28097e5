/*
 * The case file.  This folder owns the only #include <sqlite3.h>; the stages
 * speak to it through these few functions and write their SQL themselves.
 *
 * Errors: the machine failing us (disk full, I/O) ends the process with
 * status 5 and a message naming the file; a statement that does not compile
 * is a bug (BUG_ON).  So nothing here returns an error but case_open.
 */
#ifndef FORENSICS_CASE_CASE_H
#define FORENSICS_CASE_CASE_H

#include "parsers/base/arena.h"

struct case_file;
struct case_rows;

enum case_open_mode {
	CASE_CREATE,   /* make it when missing, for writing */
	CASE_WRITE,    /* must exist */
	CASE_READ,
};

/* NULL with a message on stderr: not there, not a case, a newer version,
 * or in use by another run.  `folder` is the CASE argument. */
struct case_file *case_open(const char *folder, enum case_open_mode mode);
void case_close(struct case_file *file);

/* The CASE folder as given. */
const char *case_folder(const struct case_file *file);

void case_begin(struct case_file *file);
void case_commit(struct case_file *file);

/* Statements without results; several separated by ';' are fine.  Rows of
 * case_query are over with it; those of case_query_new go on. */
void case_run(struct case_file *file, const char *sql);

/*
 * One statement, compiled once per text and kept (the pointer is the key:
 * pass string literals).  Bind in order of '?', then step.
 *
 *	struct case_rows *rows = case_query(file, "SELECT a FROM t WHERE b=?");
 *	case_bind_text(rows, 1, b);
 *	while (case_next(rows))
 *		use(case_text(rows, 0));     // valid until the next call
 *
 * case_query resets and clears an earlier use of the same text, so one text
 * must not be nested inside itself: use case_query_new + case_done there.
 */
struct case_rows *case_query(struct case_file *file, const char *sql);
struct case_rows *case_query_new(struct case_file *file, const char *sql);
void case_done(struct case_rows *rows);

/* The text must stay where it is until the statement has run: no copy. */
void case_bind_lent(struct case_rows *rows, int at, struct bytes text);
void case_bind_text(struct case_rows *rows, int at, struct bytes text);
void case_bind_cstr(struct case_rows *rows, int at, const char *text);
void case_bind_number(struct case_rows *rows, int at, int64_t number);
/* NULL when number == INT64_MIN (UTC_NONE, RECORD_NONE). */
void case_bind_known(struct case_rows *rows, int at, int64_t number);
void case_bind_blob(struct case_rows *rows, int at, struct bytes blob);
void case_bind_null(struct case_rows *rows, int at);

/* False after the last row; statements without results: call once. */
bool case_next(struct case_rows *rows);

/* Absent slice / INT64_MIN for NULL. */
struct bytes case_text(struct case_rows *rows, int column);
int64_t case_number(struct case_rows *rows, int column);
double case_real(struct case_rows *rows, int column);
bool case_is_null(struct case_rows *rows, int column);
int case_columns(struct case_rows *rows);
const char *case_column_name(struct case_rows *rows, int column);

/* Run the bound statement to its end (INSERT, UPDATE, DELETE). */
void case_exec(struct case_rows *rows);
int64_t case_last_row(const struct case_file *file);

struct bytes case_meta(struct case_file *file, struct arena *arena,
    const char *key);
void case_set_meta(struct case_file *file, const char *key,
    struct bytes value);

/* After bulk loading: indexes and statistics. */
void case_index(struct case_file *file);

/*
 * Rewrite the file in its canonical form, by rename: equal content gives
 * equal bytes, whatever order of transactions led to it.  Outside any
 * transaction; every statement made before is void afterwards.
 */
void case_settle(struct case_file *file);

/* Called every few milliseconds while a statement works; NULL: no more. */
void case_watch(struct case_file *file, void (*tick)(void *context),
    void *context);

/* SQL functions every connection has, for the stages' statements:
 *	utc(us)      contract 5 time text, '' for NULL
 *	fold(text)   text_fold: folder paths
 *	lower8(text) ASCII lower case
 *	bare_imi(text) a Message-ID as compared
 *	record_path(text) a record's folder path below the mailbox root
 *	item_key(text) an item id as compared
 *	text_has(message, word) 1: the kept text of that messages row has the
 *		word, folded as by fold(); 0: not; NULL: it may stand in what
 *		was not kept
 */

#endif
