/*
 * CASE/custody.jsonl: who did what to the case, when, where, with what.
 * Append-only; each line holds the SHA-256 of the line before it (of its
 * bytes without the line feed; 64 zeros in the first).  Volatile facts live
 * here and nowhere else.
 */
#ifndef FORENSICS_INGEST_CUSTODY_H
#define FORENSICS_INGEST_CUSTODY_H

#include <stdio.h>

#include "forensics/case/case.h"
#include "parsers/base/buffer.h"

/* `json_fields`: "key":value pairs separated by commas, or empty.  Time, host
 * and the command line are added. */
void custody_append(const char *case_folder, const char *what,
    struct bytes json_fields);

/* The same for many lines: opened once, written out by custody_close. */
struct custody {
	char *path;
	int fd;
	struct buffer lines;
	char previous[65];
};

void custody_open(struct custody *custody, const char *case_folder);
void custody_line(struct custody *custody, const char *what,
    struct bytes json_fields);
void custody_close(struct custody *custody);

/* Fields for json_fields: "key":"text", and "key":number, with the comma
 * before when it is not the first. */
void custody_text(struct buffer *fields, const char *key, struct bytes text);
void custody_number(struct buffer *fields, const char *key, int64_t number);

/* The log line by line, without the line breaks. */
struct custody_lines {
	FILE *in; /* NULL: there is no log */
	char *line;
	size_t room;
};

void custody_lines_open(struct custody_lines *lines, const char *case_folder);
/* Valid until the next call; false at the end. */
bool custody_lines_next(struct custody_lines *lines, struct bytes *text);
void custody_lines_close(struct custody_lines *lines);

/* The text of a field of one line, unescaped; absent when it has none. */
struct bytes custody_field(struct arena *arena, struct bytes line,
    const char *key);

/* Where a source's file lay when it was last hashed; absent when the log does
 * not know.  It may be gone or changed since. */
struct bytes custody_evidence_path(struct case_file *file, struct arena *arena,
    int64_t source);

/* Whole chain; each break is one line on `out`.  Number of breaks. */
size_t custody_verify(const char *case_folder, FILE *out);

#endif
