/*
 * Open Document (ODF 1.2): text documents as a flow with tables, sheets as
 * rows, drawings and slides as pages of text.
 */
#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"
#include "parsers/documents/office.h"
#include "parsers/documents/xml.h"

/* Empty cells and rows are repeated to the sheet's edge: only their number
 * counts then. */
enum { REPEATS_MOST = 1000 };

struct odf {
	struct document_reader *reader;
	struct xml *xml;
	struct buffer flow, cell;
	struct text_target place; /* of the flow in hand */
	struct bytes table_part;
	struct text_cell cells[LIMIT_CSV_COLUMNS];
	size_t cell_count;
	uint64_t column, row, repeat, cell_repeat;
	unsigned table, slide, depth, in_paragraph;
	bool in_cell, sheets, hidden;
};

static struct bytes
column_name(struct odf *o, uint64_t column)
{
	char text[8];
	size_t n = sizeof text;

	if (!o->sheets)
		return arena_printf(o->reader->arena, "%llu",
		    (unsigned long long)column + 1);
	do {
		text[--n] = (char)('A' + column % 26);
		column /= 26;
	} while (column-- > 0 && n > 0);
	return arena_dup(o->reader->arena,
	    bytes_of(text + n, sizeof text - n));
}

static void
say_flow(struct odf *o)
{
	struct bytes text = buffer_bytes(&o->flow);

	if (bytes_trim(text).n > 0)
		plain_text_say(&o->place, arena_dup(o->reader->arena, text));
	buffer_reset(&o->flow);
}

static void
end_row(struct odf *o)
{
	struct text_row row = { .idx = o->place.idx, .part = o->table_part,
		.table = o->table, .row = (unsigned)o->row + 1,
		.cells = o->cells, .count = o->cell_count,
		.hidden = o->hidden };

	if (o->cell_count > 0)
		sink_row(o->place.sink, &row);
	o->row += o->repeat;
	o->cell_count = 0;
	o->column = 0;
}

static void
end_cell(struct odf *o, uint64_t repeat)
{
	struct bytes text = arena_dup(o->reader->arena,
	    bytes_trim(buffer_bytes(&o->cell)));

	o->in_cell = false;
	if (repeat > REPEATS_MOST || text.n == 0) {
		o->column += repeat;
		buffer_reset(&o->cell);
		return;
	}
	for (; repeat > 0; repeat--, o->column++)
		if (o->cell_count < LIMIT_CSV_COLUMNS)
			o->cells[o->cell_count++] = (struct text_cell){ text,
				column_name(o, o->column) };
	buffer_reset(&o->cell);
}

static void
begin_table(struct odf *o)
{
	struct bytes name = xml_attribute(o->xml, o->reader->arena, "name");

	if (o->depth++ > 0)
		return;
	o->table++;
	o->row = o->column = 0;
	o->table_part = o->sheets
			    ? office_part(o->reader, "/sheet=%.*s",
				  (int)name.n, (const char *)name.p).part
			    : office_part(o->reader, "/table=%u",
				  o->table).part;
}

static bool
table_tag(struct odf *o, bool open)
{
	if (xml_is(o->xml, "table")) {
		if (open)
			begin_table(o);
		else if (o->depth > 0)
			o->depth--;
	} else if (xml_is(o->xml, "table-row") && o->depth == 1) {
		if (open) {
			struct bytes shown = xml_attribute(o->xml,
			    o->reader->arena, "visibility");

			o->repeat = xml_number(o->xml,
			    "number-rows-repeated", 1);
			o->hidden = shown.n > 0 && !bytes_eq(shown,
			    BYTES_LIT("visible"));
		} else
			end_row(o);
	} else if ((xml_is(o->xml, "table-cell") ||
	               xml_is(o->xml, "covered-table-cell")) &&
		   o->depth == 1) {
		if (open) {
			o->in_cell = true;
			o->cell_repeat = xml_number(o->xml,
			    "number-columns-repeated", 1);
		} else
			end_cell(o, o->cell_repeat);
	} else
		return false;
	return true;
}

static struct buffer *
place(struct odf *o)
{
	return o->in_cell ? &o->cell : &o->flow;
}

static void
begin_page(struct odf *o)
{
	say_flow(o);
	o->place = office_part(o->reader, "/slide=%u", ++o->slide);
}

static void
take_tag(struct odf *o, bool open)
{
	if (table_tag(o, open))
		return;
	if (xml_is(o->xml, "p") || xml_is(o->xml, "h")) {
		o->in_paragraph += open ? 1 : o->in_paragraph > 0 ? -1u : 0;
		if (!open)
			buffer_add_cstr(place(o), o->in_cell ? "\n" : "\n\n");
	} else if (open && xml_is(o->xml, "s")) {
		uint64_t n = xml_number(o->xml, "c", 1);

		for (; n > 0 && n <= REPEATS_MOST; n--)
			buffer_add_byte(place(o), ' ');
	} else if (open && xml_is(o->xml, "tab"))
		buffer_add_byte(place(o), '\t');
	else if (open && xml_is(o->xml, "line-break"))
		buffer_add_byte(place(o), '\n');
	else if (open && xml_is(o->xml, "spreadsheet"))
		o->sheets = true;
	else if (open && xml_is(o->xml, "page"))
		begin_page(o);
}

bool
open_document_say(struct document_reader *reader,
    const struct package *package)
{
	struct odf *o = arena_alloc(reader->arena, sizeof *o);
	enum xml_event event;
	bool whole;

	o->reader = reader;
	o->place = reader->target;
	o->xml = xml_open(package_find(package, "content.xml"));
	while ((event = xml_next(o->xml)) != XML_END) {
		if (event != XML_TEXT)
			take_tag(o, event == XML_OPEN);
		else if (o->in_paragraph > 0)
			buffer_add_bytes(place(o), xml_text(o->xml));
	}
	say_flow(o);
	whole = !xml_damaged(o->xml);
	xml_close(o->xml);
	buffer_release(&o->flow);
	buffer_release(&o->cell);
	return whole;
}
