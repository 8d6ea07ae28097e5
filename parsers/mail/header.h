/* Header fields of a message or part (RFC 5322 2.2, 3.4; RFC 2045 5; RFC
 * 2047; RFC 2231), read generously. */
#ifndef PARSERS_MAIL_HEADER_H
#define PARSERS_MAIL_HEADER_H

#include "parsers/base/arena.h"

struct header_field {
	struct bytes name;  /* as written, without the colon */
	struct bytes value; /* raw: folded, encoded */
};

struct header {
	struct header_field *list;
	size_t count;
	struct bytes block; /* the whole header block */
	size_t body;        /* offset of the body in the text given */
	bool cut;           /* longer than LIMIT_HEADER_BYTES */
	struct bytes junk;  /* lines in it that are no fields; absent: none */
};

/*
 * Fields up to the first blank line.  A line that is none, with no field that
 * mail has after it, begins the body (the blank line was forgotten); with one
 * it is junk.
 */
struct header header_parse(struct arena *arena, struct bytes text);

/* The first field of that name, raw and trimmed; absent when none. */
struct bytes header_raw(const struct header *header, const char *name);
/* Unfolded, encoded words decoded, valid UTF-8, trimmed; absent when none. */
struct bytes header_text(const struct header *header, struct arena *arena,
    const char *name);

/* The same decoding for a value found elsewhere (MAPI transport headers). */
struct bytes header_decode(struct arena *arena, struct bytes raw);

struct mail_address {
	struct bytes name;    /* decoded; may be empty */
	struct bytes address; /* addr-spec; may be empty for a bare name */
};

/* Addresses of a raw field, groups dissolved, comments as names; one more
 * than LIMIT_RECIPIENTS at most. */
struct mail_address *header_addresses(struct arena *arena, struct bytes raw,
    size_t *count);

/* "Name <address>", or what there is of it. */
struct bytes address_shown(struct arena *arena,
    const struct mail_address *address);

/* The Message-ID up to its first '>', trimmed. */
struct bytes message_id_clean(struct bytes raw);

/* EDRM MIH 1.0: MD5 of the Message-ID with its brackets, case kept; absent
 * without one.  Brackets that a store took off are put back. */
struct bytes message_id_mih(struct arena *arena, struct bytes message_id);

struct content_type {
	struct bytes type;     /* lower case, "text/plain" */
	struct bytes charset, boundary, name, format, delsp, smime_type;
	struct bytes id, number, total; /* of message/partial alone */
};

/* Missing or malformed: text/plain (RFC 2045 5.2). */
struct content_type content_type_parse(struct arena *arena, struct bytes raw);

struct disposition {
	struct bytes kind; /* lower case: attachment, inline, or empty */
	struct bytes file_name;
};
struct disposition disposition_parse(struct arena *arena, struct bytes raw);

#endif
