/* A file being written, and the two quotings every report needs. */
#ifndef REPORTS_WRITER_H
#define REPORTS_WRITER_H

#include <stdio.h>

#include "parsers/base/arena.h"
#include "parsers/base/buffer.h"

struct writer {
	FILE *file;
	char path[4096];
	struct buffer line; /* scratch for one row */
};

/* Opens PATH for writing; the machine refusing ends the process (5). */
void writer_open(struct writer *writer, const char *folder, const char *name);
void writer_add(struct writer *writer, struct bytes b);
void writer_add_cstr(struct writer *writer, const char *s);
void writer_printf(struct writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void writer_close(struct writer *writer);

/* RFC 4180 field, quoted when needed, formula cells defused, controls
 * escaped (contract 5). */
void csv_add_field(struct buffer *out, struct bytes text);
/* A JSON string with its quotes; text is UTF-8. */
void json_add_string(struct buffer *out, struct bytes text);

/* Elements of a JSON array of strings as the case holds them ("[]" or absent
 * give none).  Decoded text, in the arena; false at the end. */
struct json_list {
	struct bytes rest;
};
struct json_list json_list_over(struct bytes array);
bool json_list_next(struct json_list *list, struct arena *arena,
    struct bytes *element);

#endif
