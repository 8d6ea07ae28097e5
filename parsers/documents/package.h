/* A document that is a zip of XML: the members that are wanted, unpacked. */
#ifndef PARSERS_DOCUMENTS_PACKAGE_H
#define PARSERS_DOCUMENTS_PACKAGE_H

#include "parsers/documents/document.h"

struct package_member {
	struct bytes path, content;
};

struct package {
	struct package_member *list; /* in the archive's order */
	size_t count, room;
	bool encrypted, damaged;
	bool too_large; /* LIMIT_TEXT_BYTES, or grows beyond the ratio */
};

/* Everything that ends in .xml, .rels or is called mimetype. */
struct package package_load(struct document_reader *reader,
    struct bytes content);

/* Absent when there is none. */
struct bytes package_find(const struct package *package, const char *path);

#endif
