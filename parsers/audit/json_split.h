/*
 * Where records begin and end in a JSON file, whatever stands around them:
 * a record a line, one array, objects one after another, pretty-printed, or
 * pages of {"value":[...]} (Graph), {"records":[...]}, {"items":[...]},
 * {"hits":{"hits":[...]}}.
 */
#ifndef PARSERS_AUDIT_JSON_SPLIT_H
#define PARSERS_AUDIT_JSON_SPLIT_H

#include "parsers/base/bytes.h"

struct json_layout {
	bool known;    /* text begins with an object or an array */
	bool lines;    /* a record a line */
	bool array;    /* must be closed at the end of the file */
	unsigned base; /* brackets around each record; a bare array is 0 */
	size_t from;   /* past BOM and white space */
	struct bytes first;     /* the first record, as far as head shows it */
	struct bytes signature; /* how records begin: {"CreationTime": */
};

struct json_layout json_layout_of(struct bytes head);

struct json_splitter {
	unsigned base, depth;
	bool in_string, escaped;
};

/* Offset past the next record's end at or after `at`, or SIZE_MAX: not in
 * this chunk.  *begin gets where it begins, unless that was before. */
size_t json_record_end(struct json_splitter *s, struct bytes chunk, size_t at,
    size_t *begin);

/* Where a record seems to begin after damage: the signature after white
 * space, a comma or a bracket; SIZE_MAX: nowhere. */
size_t json_resync(struct bytes text, size_t from, struct bytes signature);

#endif
