#include "parsers/documents/office.h"

#include <stdarg.h>
#include <stdio.h>

#include "parsers/base/buffer.h"
#include "parsers/documents/xml.h"

struct text_target
office_part(struct document_reader *reader, const char *format, ...)
{
	struct text_target target = reader->target;
	char more[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(more, sizeof more, format, arguments);
	va_end(arguments);
	target.part = arena_printf(reader->arena, "%.*s%s",
	    (int)target.part.n, (const char *)target.part.p, more);
	return target;
}

bool
office_flow_say(struct document_reader *reader,
    const struct text_target *target, struct bytes xml_content)
{
	struct xml *xml = xml_open(xml_content);
	struct buffer text = BUFFER_EMPTY;
	enum xml_event event;
	bool inside = false, whole;

	while ((event = xml_next(xml)) != XML_END) {
		if (event == XML_TEXT && inside)
			buffer_add_bytes(&text, xml_text(xml));
		else if (event != XML_TEXT && xml_is(xml, "t"))
			inside = event == XML_OPEN;
		else if (event == XML_OPEN && xml_is(xml, "tab"))
			buffer_add_byte(&text, '\t');
		else if (event == XML_OPEN && xml_is(xml, "br"))
			buffer_add_byte(&text, '\n');
		else if (event == XML_CLOSE && xml_is(xml, "p"))
			buffer_add_cstr(&text, "\n\n");
	}
	if (bytes_trim(buffer_bytes(&text)).n > 0)
		plain_text_say(target, arena_dup(reader->arena,
		    buffer_bytes(&text)));
	whole = !xml_damaged(xml);
	buffer_release(&text);
	xml_close(xml);
	return whole;
}

static struct document_answer
answer_of(struct document_reader *reader, const struct package *package,
    bool whole)
{
	struct document_answer answer = { BYTES_LIT("read"), BYTES_NONE };

	if (package->too_large)
		answer.reason = BYTES_LIT("larger than the text limit: a part "
					  "is not read");
	else if (package->damaged || !whole)
		answer.reason = BYTES_LIT("damaged: what could be read was");
	if (answer.reason.n > 0)
		sink_problem(reader->target.sink, reader->locator,
		    package->too_large ? PROBLEM_LIMIT_SIZE : PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0, "document: %.*s",
		    (int)answer.reason.n, (const char *)answer.reason.p);
	return answer;
}

bool
office_say(struct document_reader *reader, struct bytes content,
    struct document_answer *answer)
{
	struct package package = package_load(reader, content);
	struct bytes manifest = package_find(&package,
	    "META-INF/manifest.xml");
	bool whole;

	if (bytes_find(manifest, BYTES_LIT("encryption-data")) != SIZE_MAX) {
		*answer = (struct document_answer){ BYTES_LIT("encrypted"),
			BYTES_LIT("Open Document with a password") };
		return true;
	}
	if (package_find(&package, "word/document.xml").p != NULL)
		whole = word_say(reader, &package);
	else if (package_find(&package, "xl/workbook.xml").p != NULL)
		whole = sheets_say(reader, &package);
	else if (package_find(&package, "ppt/presentation.xml").p != NULL)
		whole = slides_say(reader, &package);
	else if (package_find(&package, "content.xml").p != NULL)
		whole = open_document_say(reader, &package);
	else
		return false;
	*answer = answer_of(reader, &package, whole);
	return true;
}
