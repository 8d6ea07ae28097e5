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
};

struct mime {
	struct mime_part *list;
	size_t count, room;
	bool too_deep, too_many, header_cut, no_boundary;
};

/* Leaves of the message in order: multiparts are walked, message/rfc822 is a
 * leaf. `header` is the message's own. */
struct mime mime_walk(struct arena *arena, const struct header *header,
    struct bytes body);

/* Transfer encoding undone; *bad counts bytes that did not decode. */
struct bytes mime_decode(struct arena *arena, const struct mime_part *part,
    size_t *bad);

/* A text body: not an attachment, text/plain or text/html, without a name. */
bool mime_is_body(const struct mime_part *part);

#endif
