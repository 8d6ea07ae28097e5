/*
 * Rule tables as data: files compiled in (see the Makefile's TABLES), each
 * replaceable by a file of the same name in the folder given with --rules.
 * Their hashes are printed in the report, so a reader can tell which were
 * used.  Workers load the folder before they are confined.
 */
#ifndef FORENSICS_TABLES_H
#define FORENSICS_TABLES_H

#include "parsers/base/arena.h"

struct table_file {
	const char *name;
	struct bytes content;
};

extern const struct table_file built_in_tables[];

/* Read the folder's files over the built-in ones; a name that is not built
 * in is an error (-1, message on stderr): a misspelled table must not pass.
 * Only a language of the report (LANGUAGE.words) may be new. */
int tables_replace(const char *folder);

/* The table in force; absent when there is none of that name. */
struct bytes table_content(const char *name);

/* The same as compiled in, whatever --rules said. */
struct bytes table_built_in(const char *name);

/* The i-th table's name and whether it was replaced; NULL after the last. */
const char *table_at(size_t i, bool *replaced);

/*
 * Rows of a CSV table: '#' lines and blank lines skipped, RFC 4180 quotes,
 * first row = column names.  Fields point into the arena.
 */
struct table_rows {
	struct bytes rest;
	struct bytes *columns;
	size_t column_count;
};
void table_rows_open(struct table_rows *rows, struct arena *arena,
    const char *name);
/* Fields of the next row (column_count of them, missing ones empty), NULL at
 * the end. */
struct bytes *table_rows_next(struct table_rows *rows, struct arena *arena);
/* Index of the column; a missing one is fatal (a broken --rules file). */
size_t table_column(const struct table_rows *rows, const char *name);

#endif
