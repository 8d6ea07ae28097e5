#include "parsers/documents/xml.h"

#include <libxml/xmlreader.h>
#include <limits.h>
#include <stdlib.h>

#include "parsers/base/die.h"

struct xml {
	xmlTextReaderPtr reader;
	struct bytes name, text;
	bool empty;   /* the element in hand closes itself: said next */
	bool damaged;
};

static void
quiet(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

static void
quiet_reader(void *context, const char *message,
    xmlParserSeverities severity, xmlTextReaderLocatorPtr locator)
{
	(void)context, (void)message, (void)severity, (void)locator;
}

struct xml *
xml_open(struct bytes content)
{
	struct xml *xml = calloc(1, sizeof *xml);

	if (xml == NULL)
		die_machine("out of memory");
	xmlSetGenericErrorFunc(NULL, quiet);
	if (content.n > 0 && content.n <= INT_MAX)
		xml->reader = xmlReaderForMemory((const char *)content.p,
		    (int)content.n, NULL, NULL,
		    XML_PARSE_NONET | XML_PARSE_NOERROR |
			XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
			XML_PARSE_COMPACT);
	if (xml->reader != NULL)
		xmlTextReaderSetErrorHandler(xml->reader, quiet_reader, NULL);
	xml->damaged = xml->reader == NULL;
	return xml;
}

void
xml_close(struct xml *xml)
{
	if (xml->reader != NULL)
		xmlFreeTextReader(xml->reader);
	free(xml);
}

static struct bytes
of_xml(const xmlChar *text)
{
	return bytes_cstr((const char *)text);
}

enum xml_event
xml_next(struct xml *xml)
{
	if (xml->empty) {
		xml->empty = false;
		return XML_CLOSE;
	}
	while (xml->reader != NULL) {
		int status = xmlTextReaderRead(xml->reader);

		if (status != 1) {
			xml->damaged |= status < 0;
			break;
		}
		switch (xmlTextReaderNodeType(xml->reader)) {
		case XML_READER_TYPE_ELEMENT:
			xml->name = of_xml(xmlTextReaderConstLocalName(
			    xml->reader));
			xml->empty = xmlTextReaderIsEmptyElement(
					 xml->reader) == 1;
			return XML_OPEN;
		case XML_READER_TYPE_END_ELEMENT:
			xml->name = of_xml(xmlTextReaderConstLocalName(
			    xml->reader));
			return XML_CLOSE;
		case XML_READER_TYPE_TEXT:
		case XML_READER_TYPE_CDATA:
		case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
			xml->text = of_xml(xmlTextReaderConstValue(
			    xml->reader));
			return XML_TEXT;
		default:
			break;
		}
	}
	return XML_END;
}

bool
xml_is(const struct xml *xml, const char *name)
{
	return bytes_eq(xml->name, bytes_cstr(name));
}

struct bytes
xml_name(const struct xml *xml)
{
	return xml->name;
}

struct bytes
xml_text(const struct xml *xml)
{
	return xml->text;
}

struct bytes
xml_attribute(struct xml *xml, struct arena *arena, const char *name)
{
	struct bytes value = BYTES_NONE;

	if (xmlTextReaderMoveToFirstAttribute(xml->reader) != 1)
		return value;
	do {
		const xmlChar *local = xmlTextReaderConstLocalName(
		    xml->reader);

		if (bytes_eq(of_xml(local), bytes_cstr(name))) {
			value = arena_dup(arena, of_xml(
			    xmlTextReaderConstValue(xml->reader)));
			break;
		}
	} while (xmlTextReaderMoveToNextAttribute(xml->reader) == 1);
	xmlTextReaderMoveToElement(xml->reader);
	return value;
}

uint64_t
xml_number(struct xml *xml, const char *name, uint64_t missing)
{
	struct arena arena;
	uint64_t value;

	arena_init(&arena);
	if (!bytes_to_u64(xml_attribute(xml, &arena, name), &value))
		value = missing;
	arena_release(&arena);
	return value;
}

bool
xml_damaged(const struct xml *xml)
{
	return xml->damaged;
}
