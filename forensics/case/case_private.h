/* Shared by the files of forensics/case/ alone: the only sqlite3.h. */
#ifndef FORENSICS_CASE_PRIVATE_H
#define FORENSICS_CASE_PRIVATE_H

#include <sqlite3.h>

#include "forensics/case/case.h"

enum {
	CASE_APPLICATION = 0x504d4531, /* "PME1", as in schema.sql */
	CASE_VERSION = 1,
	CASE_STATEMENTS = 1024, /* slots; statements are few hundred */
};

struct case_rows {
	struct case_file *file;
	sqlite3_stmt *statement;
	const char *text; /* the caller's literal, the key */
	bool kept;        /* in the table below */
};

struct case_file {
	char *folder;
	char *path; /* folder/case.db */
	sqlite3 *db;
	int lock; /* the folder, flock()ed; -1 for readers */
	enum case_open_mode mode;
	struct case_rows *kept[CASE_STATEMENTS];
	size_t kept_count;
	struct case_texts *texts; /* of text_has */
	void (*tick)(void *context);
	void *tick_context;
};

/* The machine failed (status 5) or the statement is wrong (a bug). */
_Noreturn void case_fail(const struct case_file *file, const char *what);

void case_functions_add(struct case_file *file);

/* case_texts.c: text_has, and what it holds. */
void case_texts_add(struct case_file *file);
void case_texts_free(struct case_texts *texts);
/* Another stage begins: the texts may be others. */
void case_texts_forget(struct case_texts *texts);

#endif
