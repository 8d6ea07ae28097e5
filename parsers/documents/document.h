/*
 * The text of a file that hangs on a message or lies in an archive, by what
 * it is: its content first, then its declared type and its name.
 *
 * What is said about it are the words of attachments.csv: text (read,
 * not_read, encrypted, image, none) and the reason.
 */
#ifndef PARSERS_DOCUMENTS_DOCUMENT_H
#define PARSERS_DOCUMENTS_DOCUMENT_H

#include "parsers/documents/text.h"

struct document {
	struct bytes type;    /* declared, lower case; may be absent */
	struct bytes name;    /* UTF-8; may be absent */
	struct bytes charset; /* declared; may be absent */
	struct bytes content;
};

struct document_reader {
	struct text_target target; /* its part is the document's */
	struct arena *arena;
	unsigned depth;            /* archives around it */
	struct bytes locator;      /* of the document, for problem rows */
	/* A mail message inside an archive; the reader handed over has its
	 * part and locator.  NULL: it is left unread. */
	void (*message)(struct document_reader *reader,
	    struct bytes content);
	void *context;
	uint64_t unpacked;         /* bytes so far, all archives together */
};

struct document_answer {
	struct bytes text, reason;
};

struct document_answer document_say(struct document_reader *reader,
    const struct document *document);

#endif
