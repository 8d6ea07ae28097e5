/*
 * JSON through simdjson (DOM), behind a C face.  One document is one record;
 * its strings point into the document and live until its next parse.
 */
#ifndef PARSERS_AUDIT_JSON_H
#define PARSERS_AUDIT_JSON_H

#include "parsers/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Readable bytes that must follow the text given to json_parse. */
enum { JSON_PADDING = 64 };

enum json_kind {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER, /* integer that fits int64 */
	JSON_REAL,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

struct json_document;

struct json {
	const void *document;
	size_t at;
};

struct json_document *json_document_new(void);
void json_document_free(struct json_document *document);

/* False when it is no JSON (simdjson checks UTF-8 too) or nests deeper than
 * LIMIT_JSON_DEPTH. */
bool json_parse(struct json_document *document, struct bytes padded,
    struct json *root);

enum json_kind json_kind_of(struct json value);
struct bytes json_string(struct json value);  /* absent when it is none */
int64_t json_number(struct json value);       /* 0 when it is none */
bool json_bool(struct json value);

/* The children of an array or object, in order. */
struct json_iterator {
	const void *document;
	size_t at, end;
	bool object;
};

struct json_iterator json_children(struct json value);
bool json_next(struct json_iterator *iterator, struct bytes *key,
    struct json *value);

/* First member of that name. */
bool json_get(struct json object, const char *key, struct json *value);

#ifdef __cplusplus
}
#endif

#endif
