/* What a store holds, as the spec file or the bulk mode says it. */
#ifndef PSTGEN_ITEM_H
#define PSTGEN_ITEM_H

#include "testdata/pstgen/ltp.h"

/* Bytes of a value: in memory, in a file, or made from a seed. */
struct source {
	const char *text; /* n bytes */
	const char *path;
	uint64_t seed; /* n bytes that do not compress */
	uint64_t n;
};

struct person {
	enum recipient_kind { TO = 1, CC = 2, BCC = 3 } kind;
	const char *name; /* NULL: the address */
	const char *smtp;
	const char *dn; /* Exchange DN: the address then, smtp aside */
};

struct property {
	unsigned id;	  /* 0: named */
	const char *set;  /* name of the property set */
	const char *word; /* string name, else number */
	unsigned number;
	unsigned type;
	const char *value;
	size_t bytes; /* of a binary value; 0: up to its NUL */
};

struct attachment {
	const char *name, *mime, *content_id;
	bool in_line, hidden;
	struct source data;
	const struct item *embedded;
	const char *link; /* method 7, no data */
};

struct item {
	const char *class; /* NULL: IPM.Note */
	const char *subject;
	struct person from, sender; /* sender.smtp NULL: same as from */
	struct person received_by;
	struct person *people;
	size_t people_count, people_room;
	const char *headers; /* with LF; written with CRLF */
	const char *message_id, *in_reply_to, *references;
	uint64_t sent, received, created, modified; /* 100 ns since 1601 */
	const char *text, *html, *rtf;
	bool unread, unsent, from_me, associated;
	bool orphan;	     /* a node, but in no folder's table */
	bool parentless;     /* and its folder's node does not exist either */
	unsigned importance; /* 0 low, 1 normal, 2 high */
	struct attachment *attachments;
	size_t attachment_count, attachment_room;
	struct property *properties;
	size_t property_count, property_room;
};

#endif
