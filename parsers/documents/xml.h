/*
 * XML as a run of tags and texts, by libxml2's reader: no network, no
 * entities but XML's own, no huge nodes.  Names are local: prefixes go.
 */
#ifndef PARSERS_DOCUMENTS_XML_H
#define PARSERS_DOCUMENTS_XML_H

#include "parsers/base/arena.h"

enum xml_event {
	XML_OPEN,  /* <name ...> */
	XML_CLOSE, /* </name>, and after an empty element's XML_OPEN */
	XML_TEXT,
	XML_END,   /* or damage: xml_damaged() */
};

struct xml;

struct xml *xml_open(struct bytes content);
void xml_close(struct xml *xml);

enum xml_event xml_next(struct xml *xml);
/* Of XML_OPEN and XML_CLOSE, valid until the next event. */
struct bytes xml_name(const struct xml *xml);
bool xml_is(const struct xml *xml, const char *name);
/* Of XML_TEXT, valid until the next event. */
struct bytes xml_text(const struct xml *xml);
/* Of XML_OPEN: the attribute by its local name, into the arena; absent when
 * there is none. */
struct bytes xml_attribute(struct xml *xml, struct arena *arena,
    const char *name);
uint64_t xml_number(struct xml *xml, const char *name, uint64_t missing);
bool xml_damaged(const struct xml *xml);

#endif
