/*
 * Word (ECMA-376 part 1, 17): paragraphs as a flow, tables as rows, deleted
 * text hidden; headers, footers, notes and comments as members.  A table in a
 * cell is text of that cell.
 */
#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"
#include "parsers/documents/office.h"
#include "parsers/documents/xml.h"

struct word {
	struct document_reader *reader;
	struct xml *xml;
	struct buffer flow, deleted, cell;
	struct text_cell cells[LIMIT_CSV_COLUMNS];
	size_t cell_count;
	unsigned table, row, depth; /* of tables */
	bool in_text, in_deleted, in_cell;
};

static struct buffer *
place(struct word *w)
{
	return w->in_deleted ? &w->deleted : w->in_cell ? &w->cell : &w->flow;
}

static void
say_row(struct word *w)
{
	struct text_target target = office_part(w->reader, "/table=%u",
	    w->table);
	struct text_row row = { .idx = target.idx, .part = target.part,
		.table = w->table, .row = ++w->row, .cells = w->cells,
		.count = w->cell_count };

	if (w->cell_count > 0)
		sink_row(target.sink, &row);
	w->cell_count = 0;
}

static void
end_cell(struct word *w)
{
	struct arena *arena = w->reader->arena;

	w->in_cell = false;
	if (w->cell_count < LIMIT_CSV_COLUMNS) {
		w->cells[w->cell_count] = (struct text_cell){
			arena_dup(arena, bytes_trim(buffer_bytes(&w->cell))),
			arena_printf(arena, "%zu", w->cell_count + 1) };
		w->cell_count++;
	} else /* beyond the limit: it is read as text */
		buffer_add_bytes(&w->flow, buffer_bytes(&w->cell));
	buffer_reset(&w->cell);
}

static void
table_tag(struct word *w, enum xml_event event)
{
	bool open = event == XML_OPEN;

	if (xml_is(w->xml, "tbl")) {
		w->depth += open ? 1 : w->depth > 0 ? -1u : 0;
		if (open && w->depth == 1) {
			w->table++;
			w->row = 0;
		}
	} else if (w->depth != 1) {
		return;
	} else if (xml_is(w->xml, "tc")) {
		if (open)
			w->in_cell = true;
		else
			end_cell(w);
	} else if (xml_is(w->xml, "tr") && !open)
		say_row(w);
}

static void
paragraph_end(struct word *w)
{
	buffer_add_cstr(place(w), w->in_cell ? "\n" : "\n\n");
}

static void
take_tag(struct word *w, enum xml_event event)
{
	bool open = event == XML_OPEN;

	if (xml_is(w->xml, "t"))
		w->in_text = open;
	else if (xml_is(w->xml, "delText"))
		w->in_text = w->in_deleted = open;
	else if (open && xml_is(w->xml, "tab"))
		buffer_add_byte(place(w), '\t');
	else if (open && (xml_is(w->xml, "br") || xml_is(w->xml, "cr")))
		buffer_add_byte(place(w), '\n');
	else if (open && xml_is(w->xml, "noBreakHyphen"))
		buffer_add_byte(place(w), '-');
	else if (!open && xml_is(w->xml, "p"))
		paragraph_end(w);
	else
		table_tag(w, event);
}

static void
say_flow(struct word *w, const struct text_target *target,
    struct buffer *text, bool hidden)
{
	struct text_flow flow = { .idx = target->idx, .part = target->part,
		.hidden = hidden };

	flow.text = arena_dup(w->reader->arena, buffer_bytes(text));
	if (bytes_trim(flow.text).n > 0)
		sink_text(target->sink, &flow);
	buffer_release(text);
}

static bool
document_body_say(struct document_reader *reader, struct bytes content)
{
	struct word *w = arena_alloc(reader->arena, sizeof *w);
	enum xml_event event;
	bool whole;

	w->reader = reader;
	w->xml = xml_open(content);
	while ((event = xml_next(w->xml)) != XML_END) {
		if (event != XML_TEXT)
			take_tag(w, event);
		else if (w->in_text)
			buffer_add_bytes(place(w), xml_text(w->xml));
	}
	if (w->in_cell)
		end_cell(w);
	say_row(w);
	say_flow(w, &reader->target, &w->flow, false);
	say_flow(w, &reader->target, &w->deleted, true);
	buffer_release(&w->cell);
	whole = !xml_damaged(w->xml);
	xml_close(w->xml);
	return whole;
}

/* word/header1.xml, footnotes.xml, comments.xml ... */
static bool
is_beside(struct bytes path)
{
	static const char *const begins[] = { "word/header", "word/footer",
		"word/footnotes", "word/endnotes", "word/comments.", NULL };

	for (size_t i = 0; begins[i] != NULL; i++)
		if (bytes_starts(path, bytes_cstr(begins[i])) &&
		    bytes_ends(path, BYTES_LIT(".xml")))
			return true;
	return false;
}

bool
word_say(struct document_reader *reader, const struct package *package)
{
	bool whole = document_body_say(reader,
	    package_find(package, "word/document.xml"));

	for (size_t i = 0; i < package->count; i++) {
		const struct package_member *member = &package->list[i];
		struct text_target target;

		if (!is_beside(member->path))
			continue;
		target = office_part(reader, "/member=%.*s",
		    (int)member->path.n, (const char *)member->path.p);
		whole &= office_flow_say(reader, &target, member->content);
	}
	return whole;
}
