/*
 * One report table: a statement and its columns.  reports/table.c writes each
 * as CSV and as JSONL (contract 5), so a table is defined once, in
 * reports/tables_*.c, and a new column is one line there.
 */
#ifndef REPORTS_TABLE_H
#define REPORTS_TABLE_H

#include "forensics/case/case.h"
#include "reports/report.h"

enum column_kind {
	COLUMN_WORD,   /* ids, hashes, words of ours: never masked */
	COLUMN_TEXT,   /* evidence text; values found in the case are masked */
	COLUMN_SHOWN,  /* text of one message, in which its contact data is
			* masked too: needs `message` as SQL column 0 */
	COLUMN_NUMBER,
	COLUMN_TIME,   /* microseconds -> YYYY-MM-DDTHH:MM:SSZ */
	COLUMN_LIST,   /* JSON array of TEXT -> joined by "; " / array */
	COLUMN_YES,    /* 1 -> yes, else empty */
	COLUMN_HASH,   /* class, 0x1f, normalised value -> value_hash */
	COLUMN_SECRET, /* empty without --unmask */
	COLUMN_JSON,   /* JSONL alone, as it is; CSV leaves it out */
};

struct report_column {
	const char *name;
	enum column_kind kind;
};

struct report_table {
	const char *name;  /* sources -> csv/sources.csv, jsonl/sources.jsonl */
	const char *sql;   /* its own total order; columns as below */
	const struct report_column *columns;
	size_t count;
	bool hidden_message; /* SQL column 0 is messages.message */
};

/* Verdicts in the order of contract 3's table, strongest first. */
#define REPORT_RULE_ORDER                                                      \
	"instr(' R1  R1c R1s R4  R5  R2  R2u R3  R6  R9  R7  R7f ',"           \
	" ' ' || rule || ' '), rule"

#define REPORT_COLUMNS(list) list, sizeof list / sizeof list[0]

/* Every table of contract 5, NULL-terminated. */
extern const struct report_table *const report_tables[];

void table_write(struct case_file *file, const struct report_table *table,
    const struct report_options *options);

#endif
