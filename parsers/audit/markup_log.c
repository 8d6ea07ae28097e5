/*
 * Audit records in XML: Exchange's SearchResult.xml (mailbox and admin
 * audit, reference: audit.md 6.1) and PowerShell's CLIXML of
 * Search-UnifiedAuditLog.  Elements are cut out of the text one by one and
 * parsed alone, so that a malformed one, as the published sample has, costs
 * itself.  libxml2 sees one element at a time, without network, entities or
 * DTD.
 */
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "parsers/audit/forms.h"
#include "parsers/base/scan.h"
#include "parsers/base/text.h"

#define UNIT_BYTES (UINT64_C(8) << 20)
#define CHUNK_BYTES ((size_t)1 << 20)

struct markup {
	struct bytes start, end; /* of an element, as written */
};

static const struct markup event_markup = { { (const uint8_t *)"<Event ", 7 },
	{ (const uint8_t *)"</Event>", 8 } };
static const struct markup clixml_markup = {
	{ (const uint8_t *)"<S N=\"AuditData\">", 17 },
	{ (const uint8_t *)"</S>", 4 }
};

static bool
is_utf16(struct bytes head)
{
	return bytes_starts(head, BYTES_LIT("\xff\xfe"));
}

/* ---- probes */

static unsigned
probe_for(struct bytes head, const char *root, const char *mark)
{
	struct arena arena;
	unsigned bid = 0;

	arena_init(&arena);
	if (is_utf16(head))
		head = text_from_utf16le(&arena, bytes_skip(head, 2));
	if (bytes_starts(head, BYTES_LIT("\xef\xbb\xbf")))
		head = bytes_skip(head, 3);
	head = bytes_trim(head);
	if (head.n > 0 && head.p[0] == '<' &&
	    bytes_find(head, bytes_cstr(root)) != SIZE_MAX &&
	    bytes_find(head, bytes_cstr(mark)) != SIZE_MAX)
		bid = 64;
	arena_release(&arena);
	return bid;
}

static unsigned
event_probe(struct bytes head, uint64_t size)
{
	unsigned mailbox = probe_for(head, "<SearchResults", "LastAccessed=");
	unsigned admin = probe_for(head, "<SearchResults", "RunDate=");

	(void)size;
	return mailbox > admin ? mailbox : admin;
}

static unsigned
clixml_probe(struct bytes head, uint64_t size)
{
	(void)size;
	return probe_for(head, "<Objs", "<S N=\"AuditData\">");
}

/* ---- units: borders before an element, 8 MiB apart */

static struct bytes
widened(struct arena *arena, struct bytes text)
{
	uint8_t *out = arena_alloc(arena, text.n * 2);

	for (size_t i = 0; i < text.n; i++)
		out[2 * i] = text.p[i];
	return bytes_of(out, text.n * 2);
}

/* The next element's beginning at or after `from`, or the file's end. */
static uint64_t
border_after(const struct input *input, struct arena *arena, uint64_t from,
    struct bytes mark)
{
	while (from < input->size) {
		uint64_t end = from + CHUNK_BYTES;
		struct bytes text = input_slice(input, arena, from,
		    end < input->size ? end : input->size);
		size_t at = bytes_find(text, mark);

		if (text.p == NULL)
			return input->size;
		if (at != SIZE_MAX)
			return from + at;
		if (end >= input->size)
			break;
		from = end - mark.n;
		arena_reset(arena);
	}
	return input->size;
}

static enum outcome
plan_for(const struct input *input, struct sink *sink,
    const struct markup *markup)
{
	struct arena arena, marks, words;
	struct record_unit unit;
	struct bytes mark = markup->start;
	uint64_t begin = 0, end;
	uint8_t head[2] = { 0 };

	arena_init(&arena);
	arena_init(&marks);
	arena_init(&words);
	if (input_read(input, 0, head, 2) == 2 &&
	    is_utf16(bytes_of(head, 2)))
		mark = widened(&marks, mark);
	do {
		end = border_after(input, &arena, begin + UNIT_BYTES, mark);
		record_clear(RECORD_KIND_UNIT, &unit);
		unit.spec = arena_printf(&words, "begin=%llu end=%llu",
		    (unsigned long long)begin, (unsigned long long)end);
		sink_record(sink, RECORD_KIND_UNIT, &unit);
		begin = end;
		arena_reset(&words);
	} while (end < input->size);
	arena_release(&words);
	arena_release(&marks);
	arena_release(&arena);
	return OUTCOME_OK;
}

static enum outcome
event_plan(const struct input *input, struct sink *sink)
{
	return plan_for(input, sink, &event_markup);
}

static enum outcome
clixml_plan(const struct input *input, struct sink *sink)
{
	return plan_for(input, sink, &clixml_markup);
}

/* ---- an event's element to an object of its attributes */

static void
add_member(struct buffer *out, bool *first, const char *name,
    const xmlChar *value)
{
	if (!*first)
		buffer_add_byte(out, ',');
	*first = false;
	ual_add_string(out, bytes_cstr(name));
	buffer_add_byte(out, ':');
	ual_add_string(out, bytes_cstr((const char *)value));
}

/* Its attributes as members of an open object. */
static void
add_attributes(struct buffer *out, xmlNodePtr node, bool *first)
{
	for (xmlAttrPtr a = node->properties; a != NULL; a = a->next) {
		xmlChar *value = xmlNodeListGetString(node->doc, a->children,
		    1);

		if (value != NULL)
			add_member(out, first, (const char *)a->name, value);
		xmlFree(value);
	}
}

enum { ITEMS, PARAMETERS, PROPERTIES, LISTS };

struct element_lists {
	struct buffer list[LISTS];
};

static void
add_child(struct element_lists *lists, xmlNodePtr node)
{
	static const char *const names[LISTS] = { "Item", "Parameter",
		"Property" };
	struct bytes name = bytes_cstr((const char *)node->name);
	bool first = true;

	for (size_t i = 0; i < LISTS; i++) {
		struct buffer *out = &lists->list[i];

		if (!bytes_eq(name, bytes_cstr(names[i])))
			continue;
		buffer_add_cstr(out, out->n > 0 ? ",{" : "{");
		add_attributes(out, node, &first);
		buffer_add_byte(out, '}');
	}
}

static void
add_lists(struct buffer *out, struct element_lists *lists, bool *first)
{
	static const char *const names[LISTS] = { "SourceItems", "Parameters",
		"ModifiedProperties" };

	for (size_t i = 0; i < LISTS; i++) {
		if (lists->list[i].n > 0) {
			buffer_printf(out, "%s\"%s\":[", *first ? "" : ",",
			    names[i]);
			*first = false;
			buffer_add_bytes(out, buffer_bytes(&lists->list[i]));
			buffer_add_byte(out, ']');
		}
		buffer_release(&lists->list[i]);
	}
}

/* The next node of the tree below root, in document order. */
static xmlNodePtr
next_node(xmlNodePtr root, xmlNodePtr node)
{
	if (node->type == XML_ELEMENT_NODE && node->children != NULL)
		return node->children;
	while (node != root && node->next == NULL)
		node = node->parent;
	return node == root ? NULL : node->next;
}

/* False: the element is not well-formed (what could be read is there). */
static bool
event_object(struct bytes text, struct buffer *out)
{
	struct element_lists lists = { { BUFFER_EMPTY } };
	xmlParserCtxtPtr context = xmlNewParserCtxt();
	xmlDocPtr document = NULL;
	xmlNodePtr root = NULL;
	bool first = true, whole = false;

	if (context != NULL && text.n <= LIMIT_RECORD_BYTES)
		document = xmlCtxtReadMemory(context, (const char *)text.p,
		    (int)text.n, NULL, "UTF-8", XML_PARSE_NONET |
		    XML_PARSE_RECOVER | XML_PARSE_NOERROR |
		    XML_PARSE_NOWARNING);
	if (document != NULL) {
		whole = context->wellFormed == 1;
		root = xmlDocGetRootElement(document);
	}
	buffer_reset(out);
	buffer_add_byte(out, '{');
	if (root != NULL)
		add_attributes(out, root, &first);
	for (xmlNodePtr node = root; node != NULL;
	     node = next_node(root, node))
		if (node != root && node->type == XML_ELEMENT_NODE)
			add_child(&lists, node);
	add_lists(out, &lists, &first);
	buffer_add_byte(out, '}');
	xmlFreeDoc(document);
	xmlFreeParserCtxt(context);
	return whole;
}

/* <ItemId="..." as published: <Item Id="..." was meant. */
static struct bytes
mended(struct arena *arena, struct bytes text)
{
	struct buffer out = BUFFER_EMPTY;
	size_t at;

	if (bytes_find(text, BYTES_LIT("<ItemId=")) == SIZE_MAX)
		return text;
	while ((at = bytes_find(text, BYTES_LIT("<ItemId="))) != SIZE_MAX) {
		buffer_add(&out, text.p, at);
		buffer_add_cstr(&out, "<Item Id=");
		text = bytes_skip(text, at + 8);
	}
	buffer_add_bytes(&out, text);
	text = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	return text;
}

/* ---- text of a CLIXML string */

static size_t
entity(struct bytes text, struct buffer *out)
{
	static const struct {
		const char *name;
		uint8_t c;
	} entities[] = { { "&quot;", '"' }, { "&amp;", '&' }, { "&lt;", '<' },
		{ "&gt;", '>' }, { "&apos;", '\'' } };

	for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
		if (bytes_starts(text, bytes_cstr(entities[i].name))) {
			buffer_add_byte(out, entities[i].c);
			return strlen(entities[i].name);
		}
	return 0;
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = byte_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* _x000D_: a UTF-16 unit; line breaks and tabs are all that is met. */
static size_t
escape(struct bytes text, struct buffer *out)
{
	uint8_t encoded[4];
	uint32_t code = 0;

	if (text.n < 7 || text.p[1] != 'x' || text.p[6] != '_')
		return 0;
	for (size_t i = 2; i < 6; i++) {
		int digit = hex_digit(text.p[i]);

		if (digit < 0)
			return 0;
		code = code * 16 + (uint32_t)digit;
	}
	buffer_add(out, encoded, text_encode(code, encoded));
	return 7;
}

static struct bytes
clixml_text(struct arena *arena, struct bytes text)
{
	struct buffer out = BUFFER_EMPTY;

	for (size_t i = 0; i < text.n;) {
		struct bytes rest = bytes_skip(text, i);
		size_t taken = 0;

		if (text.p[i] == '&')
			taken = entity(rest, &out);
		else if (text.p[i] == '_')
			taken = escape(rest, &out);
		if (taken == 0)
			buffer_add_byte(&out, text.p[i]);
		i += taken > 0 ? taken : 1;
	}
	text = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	return text;
}

/* ---- run */

struct markup_run {
	const struct markup *markup;
	struct ual *ual;
	struct sink *sink;
	struct bytes data;
	uint64_t base;
	bool plain, clixml;
	struct buffer object;
	struct arena arena; /* one item */
	int64_t said;
};

struct element {
	struct bytes text; /* of an event: with its tags */
	bool cut;
	size_t next;
};

/* A start tag that closes itself: "/>" before any other tag. */
static size_t
self_closed(struct bytes text)
{
	bool quoted = false;

	for (size_t i = 1; i < text.n; i++) {
		if (text.p[i] == '"')
			quoted = !quoted;
		if (!quoted && text.p[i] == '>')
			return text.p[i - 1] == '/' ? i + 1 : SIZE_MAX;
	}
	return SIZE_MAX;
}

static bool
next_element(struct markup_run *run, size_t at, struct element *element)
{
	struct bytes mark = run->markup->start, rest;
	size_t begin = bytes_find(bytes_skip(run->data, at), mark), end, other;

	if (begin == SIZE_MAX)
		return false;
	begin += at;
	rest = bytes_skip(run->data, begin);
	end = run->clixml ? SIZE_MAX : self_closed(rest);
	if (end == SIZE_MAX) {
		end = bytes_find(rest, run->markup->end);
		end = end == SIZE_MAX ? SIZE_MAX : end + run->markup->end.n;
	}
	/* An element without end must not swallow the next. */
	other = bytes_find(bytes_slice(rest, mark.n, end), mark);
	element->cut = end == SIZE_MAX || other != SIZE_MAX;
	if (other != SIZE_MAX)
		end = other + mark.n;
	element->text = bytes_slice(rest, 0, end);
	element->next = begin + element->text.n;
	return true;
}

static struct bytes
element_record(struct markup_run *run, const struct element *element,
    bool *whole)
{
	struct bytes text = element->text;

	*whole = !element->cut;
	if (run->clixml) {
		text = bytes_slice(text, run->markup->start.n,
		    element->cut ? text.n
				 : text.n - run->markup->end.n);
		text = clixml_text(&run->arena, text);
		buffer_reset(&run->object);
		buffer_add_bytes(&run->object, text);
	} else if (!event_object(mended(&run->arena,
	                             text_repair_utf8(&run->arena, text)),
	               &run->object)) {
		*whole = false;
	}
	memset(buffer_reserve(&run->object, JSON_PADDING), 0, JSON_PADDING);
	return bytes_of(run->object.p, run->object.n);
}

static void
say_element(struct markup_run *run, const struct element *element)
{
	struct ual_place place = { run->said, BYTES_NONE, RECORD_NONE,
		RECORD_NONE, RECORD_NONE, RECORD_NONE, RECORD_NONE };
	uint64_t offset = run->base +
			  (uint64_t)(element->text.p - run->data.p);
	struct bytes text;
	bool whole;

	place.locator = arena_printf(&run->arena, "offset=%llu+%zu",
	    (unsigned long long)offset, element->text.n);
	if (run->plain) {
		place.raw_offset = (int64_t)offset;
		place.raw_bytes = (int64_t)element->text.n;
	}
	if (ual_say_too_long(element->text, place.locator, run->sink))
		return;
	text = element_record(run, element, &whole);
	if (element->cut || !ual_say(run->ual, text, &place, run->sink)) {
		ual_salvage(bytes_slice(element->text, 0, LIMIT_SALVAGE_BYTES),
		    place.locator, run->sink, element->cut);
		return;
	}
	run->said++;
	if (!whole)
		sink_problem(run->sink, place.locator, PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0, "the element is not well-formed: what "
		    "stands before the damage was read");
}

static void
run_elements(struct markup_run *run)
{
	struct element block[UAL_BLOCK];
	size_t at = 0, count;

	do {
		count = 0;
		while (count < UAL_BLOCK &&
		       next_element(run, at, &block[count]))
			at = block[count++].next;
		if (count == 0)
			return;
		run->said = 0;
		if (sink_item_begin(run->sink,
		        arena_printf(&run->arena, "offset=%llu",
		            (unsigned long long)(run->base +
			        (uint64_t)(block[0].text.p -
			            run->data.p))))) {
			sink_item_size(run->sink, count);
			for (size_t i = 0; i < count; i++)
				say_element(run, &block[i]);
			sink_item_end(run->sink);
		}
		arena_reset(&run->arena);
	} while (count == UAL_BLOCK);
}

static enum outcome
run_for(const struct input *input, struct bytes spec, struct sink *sink,
    const struct markup *markup)
{
	struct markup_run run = { .markup = markup, .sink = sink,
		.clixml = markup == &clixml_markup };
	struct arena arena;
	uint8_t head[2] = { 0 };

	arena_init(&arena);
	run.base = spec_number(spec, "begin", 0);
	run.data = input_slice(input, &arena, run.base,
	    spec_number(spec, "end", input->size));
	if (run.data.p == NULL) {
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_SOURCE_LOST, 0, "the file cannot be read: I/O "
		    "error or it became shorter");
		arena_release(&arena);
		return OUTCOME_SOURCE_LOST;
	}
	input_read(input, 0, head, 2);
	run.plain = !is_utf16(bytes_of(head, 2));
	if (!run.plain)
		run.data = text_from_utf16le(&arena, run.data);
	arena_init(&run.arena);
	run.ual = ual_new();
	run_elements(&run);
	ual_free(run.ual);
	buffer_release(&run.object);
	arena_release(&run.arena);
	arena_release(&arena);
	return OUTCOME_OK;
}

static enum outcome
event_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	return run_for(input, spec, sink, &event_markup);
}

static enum outcome
clixml_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	return run_for(input, spec, sink, &clixml_markup);
}

const struct parser parser_exchange_audit_xml = {
	.name = "exchange_audit_xml",
	.title = "Exchange mailbox or admin audit (XML)",
	.audit = true,
	.probe = event_probe,
	.plan = event_plan,
	.run = event_run,
};

const struct parser parser_ual_clixml = {
	.name = "ual_clixml",
	.title = "Microsoft 365 unified audit log (PowerShell CLIXML)",
	.audit = true,
	.probe = clixml_probe,
	.plan = clixml_plan,
	.run = clixml_run,
};
