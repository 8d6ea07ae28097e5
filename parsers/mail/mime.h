/* The parts of a MIME message (RFC 2046), cut out and numbered, not yet
 * decoded. */
#ifndef PARSERS_MAIL_MIME_H
#define PARSERS_MAIL_MIME_H

#include "parsers/mail/header.h"

struct mime_part {
	struct bytes number;   /* "1", "2.1" */
	struct header header;
	struct content_type type;
	struct disposition disposition;
	struct bytes encoding; /* Content-Transfer-Encoding, trimmed */
	struct bytes raw;      /* body, still encoded */
	struct bytes name;     /* file name, decoded; absent when none */
	struct bytes alternative; /* number of the multipart/alternative that
	                           * holds it ("0": the whole), or absent */
	unsigned half;            /* which of its parts it is in, from 1 */
	bool encrypted;        /* lies in a multipart/encrypted */
	bool odd_encoding;     /* Content-Transfer-Encoding is none we know */
};

/* Text that a multipart holds outside its parts: readers do not show it. */
struct mime_outside {
	struct bytes part; /* "preamble", "2.epilogue" */
	struct bytes text;
};

struct mime {
	struct mime_part *list;
	size_t count, room;
	struct mime_outside *outside;
	size_t outside_count, outside_room;
	bool too_deep, too_many, header_cut;
	bool no_boundary; /* a multipart without any border: one text */
	bool guessed;     /* its boundary is not named; taken from the body */
	bool unclosed;    /* a multipart without its closing border */
};

/* Leaves of the message in order: multiparts are walked, message/rfc822 is a
 * leaf. `header` is the message's own. */
struct mime mime_walk(struct arena *arena, const struct header *header,
    struct bytes body);

/* Transfer encoding undone; *bad counts bytes that did not decode. */
struct bytes mime_decode(struct arena *arena, const struct mime_part *part,
    size_t *bad);

/* A text body: text/plain, text/html or text/enriched, neither named nor
 * called an attachment, not encrypted. */
bool mime_is_body(const struct mime_part *part);

#endif
