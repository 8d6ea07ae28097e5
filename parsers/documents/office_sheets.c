/*
 * Excel (ECMA-376 part 1, 18): each sheet's rows, cells as they are shown:
 * `PART/sheet=Staff/row=17/col=B`.  Hidden sheets and rows say so.
 */
#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"
#include "parsers/documents/office.h"
#include "parsers/documents/xml.h"

enum { FORMATS_MOST = 100000, SHEETS_MOST = 10000 };

struct texts {
	struct bytes *list;
	size_t count, room;
};

struct sheets {
	struct document_reader *reader;
	const struct package *package;
	struct texts strings;   /* xl/sharedStrings.xml */
	struct texts formats;   /* of each cell style (cellXfs) */
	bool whole;
};

struct sheet {
	struct sheets *book;
	struct xml *xml;
	struct text_target target;
	struct text_cell cells[LIMIT_CSV_COLUMNS];
	size_t cell_count;
	unsigned row;
	struct buffer value;
	struct bytes column, format;
	bool hidden, row_hidden, in_value, shared, text;
	bool too_wide;
};

static void
add_text(struct texts *texts, struct arena *arena, struct bytes text)
{
	if (texts->count == texts->room) {
		size_t room = texts->room ? texts->room * 2 : 256;
		struct bytes *list = arena_array(arena, room, sizeof *list);

		if (texts->count > 0)
			memcpy(list, texts->list,
			    texts->count * sizeof *list);
		texts->list = list;
		texts->room = room;
	}
	texts->list[texts->count++] = arena_dup(arena, text);
}

static struct bytes
text_at(const struct texts *texts, uint64_t i)
{
	return i < texts->count ? texts->list[i] : BYTES_LIT("");
}

/* <si> elements; runs join, phonetic ones (rPh) are left out. */
static void
load_strings(struct sheets *book)
{
	struct bytes content = package_find(book->package,
	    "xl/sharedStrings.xml");
	struct buffer text = BUFFER_EMPTY;
	unsigned phonetic = 0;
	bool inside = false;
	enum xml_event event;
	struct xml *xml;

	if (content.p == NULL)
		return;
	xml = xml_open(content);
	while ((event = xml_next(xml)) != XML_END) {
		if (event == XML_TEXT && inside && phonetic == 0)
			buffer_add_bytes(&text, xml_text(xml));
		else if (event != XML_TEXT && xml_is(xml, "t"))
			inside = event == XML_OPEN;
		else if (event != XML_TEXT && xml_is(xml, "rPh"))
			phonetic = event == XML_OPEN;
		else if (event == XML_CLOSE && xml_is(xml, "si")) {
			add_text(&book->strings, book->reader->arena,
			    buffer_bytes(&text));
			buffer_reset(&text);
		}
	}
	book->whole &= !xml_damaged(xml);
	buffer_release(&text);
	xml_close(xml);
}

/* 18.8.30: formats that stand in no file. */
static struct bytes
builtin_format(uint64_t id)
{
	if ((id >= 14 && id <= 17) || id == 22)
		return BYTES_LIT("yyyy-mm-dd");
	if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47))
		return BYTES_LIT("hh:mm:ss");
	return BYTES_LIT("");
}

struct format_code {
	uint64_t id;
	struct bytes code;
};

static void
load_formats(struct sheets *book)
{
	struct bytes content = package_find(book->package, "xl/styles.xml");
	struct arena *arena = book->reader->arena;
	struct format_code *codes = NULL;
	size_t count = 0;
	bool in_cells = false;
	enum xml_event event;
	struct xml *xml;

	if (content.p == NULL)
		return;
	codes = arena_array(arena, 512, sizeof *codes);
	xml = xml_open(content);
	while ((event = xml_next(xml)) != XML_END) {
		if (event == XML_TEXT)
			continue;
		if (xml_is(xml, "cellXfs"))
			in_cells = event == XML_OPEN;
		if (event == XML_OPEN && xml_is(xml, "numFmt") &&
		    count < 512)
			codes[count++] = (struct format_code){
				xml_number(xml, "numFmtId", 0),
				xml_attribute(xml, arena, "formatCode") };
		if (event == XML_OPEN && in_cells && xml_is(xml, "xf") &&
		    book->formats.count < FORMATS_MOST) {
			uint64_t id = xml_number(xml, "numFmtId", 0);
			struct bytes code = builtin_format(id);

			for (size_t i = 0; i < count; i++)
				if (codes[i].id == id)
					code = codes[i].code;
			add_text(&book->formats, arena, code);
		}
	}
	book->whole &= !xml_damaged(xml);
	xml_close(xml);
}

/* "B17": "B". */
static struct bytes
letters_of(struct bytes reference)
{
	size_t n = 0;

	while (n < reference.n && byte_lower(reference.p[n]) >= 'a' &&
	       byte_lower(reference.p[n]) <= 'z')
		n++;
	return bytes_slice(reference, 0, n);
}

static void
begin_cell(struct sheet *s)
{
	struct arena *arena = s->book->reader->arena;
	struct bytes type = xml_attribute(s->xml, arena, "t");

	s->column = letters_of(xml_attribute(s->xml, arena, "r"));
	s->shared = bytes_eq(type, BYTES_LIT("s"));
	s->text = type.n > 0 && !bytes_eq(type, BYTES_LIT("n"));
	s->format = text_at(&s->book->formats, xml_number(s->xml, "s", 0));
	buffer_reset(&s->value);
}

static void
end_cell(struct sheet *s)
{
	struct arena *arena = s->book->reader->arena;
	struct bytes value = bytes_trim(buffer_bytes(&s->value));
	uint64_t index;

	if (value.n == 0)
		return;
	if (s->cell_count == LIMIT_CSV_COLUMNS) {
		s->too_wide = true;
		return;
	}
	if (s->shared)
		value = bytes_to_u64(value, &index)
			    ? text_at(&s->book->strings, index)
			    : BYTES_LIT("");
	else if (!s->text)
		value = sheet_shown(arena, value, s->format);
	s->cells[s->cell_count++] = (struct text_cell){
		arena_dup(arena, value), s->column };
}

static void
end_row(struct sheet *s)
{
	struct text_row row = { .idx = s->target.idx,
		.part = s->target.part, .row = s->row, .cells = s->cells,
		.count = s->cell_count,
		.hidden = s->hidden || s->row_hidden };

	if (s->cell_count > 0)
		sink_row(s->target.sink, &row);
	s->cell_count = 0;
}

static void
take_tag(struct sheet *s, enum xml_event event)
{
	bool open = event == XML_OPEN;

	if (xml_is(s->xml, "row")) {
		if (!open) {
			end_row(s);
			return;
		}
		s->row = (unsigned)xml_number(s->xml, "r", s->row + 1);
		s->row_hidden = xml_number(s->xml, "hidden", 0) == 1;
	} else if (xml_is(s->xml, "c")) {
		if (open)
			begin_cell(s);
		else
			end_cell(s);
	} else if (xml_is(s->xml, "v") || xml_is(s->xml, "t"))
		s->in_value = open;
}

static void
sheet_say(struct sheets *book, struct bytes name, bool hidden,
    struct bytes content)
{
	struct sheet *s = arena_alloc(book->reader->arena, sizeof *s);
	enum xml_event event;

	s->book = book;
	s->hidden = hidden;
	s->target = office_part(book->reader, "/sheet=%.*s", (int)name.n,
	    (const char *)name.p);
	s->xml = xml_open(content);
	while ((event = xml_next(s->xml)) != XML_END) {
		if (event != XML_TEXT)
			take_tag(s, event);
		else if (s->in_value)
			buffer_add_bytes(&s->value, xml_text(s->xml));
	}
	end_row(s);
	if (s->too_wide)
		sink_problem(s->target.sink, book->reader->locator,
		    PROBLEM_LIMIT_PARTS, OUTCOME_PARTIAL, 0,
		    "sheet '%.*s': cells beyond %d columns are not read",
		    (int)name.n, (const char *)name.p, LIMIT_CSV_COLUMNS);
	book->whole &= !xml_damaged(s->xml);
	buffer_release(&s->value);
	xml_close(s->xml);
}

/* The member that a relationship of the workbook names. */
static struct bytes
related_sheet(struct sheets *book, struct bytes id)
{
	struct arena *arena = book->reader->arena;
	struct xml *xml = xml_open(package_find(book->package,
	    "xl/_rels/workbook.xml.rels"));
	struct bytes target = BYTES_NONE, path;
	enum xml_event event;

	while (id.n > 0 && target.p == NULL &&
	       (event = xml_next(xml)) != XML_END)
		if (event == XML_OPEN && xml_is(xml, "Relationship") &&
		    bytes_eq(xml_attribute(xml, arena, "Id"), id))
			target = xml_attribute(xml, arena, "Target");
	xml_close(xml);
	if (target.p == NULL)
		return target;
	path = bytes_starts(target, BYTES_LIT("/"))
		   ? bytes_skip(target, 1)
		   : arena_printf(arena, "xl/%.*s", (int)target.n,
			 (const char *)target.p);
	return package_find(book->package, arena_cstr(arena, path));
}

bool
sheets_say(struct document_reader *reader, const struct package *package)
{
	struct sheets book = { .reader = reader, .package = package,
		.whole = true };
	struct xml *xml = xml_open(package_find(package, "xl/workbook.xml"));
	enum xml_event event;
	unsigned count = 0;

	load_strings(&book);
	load_formats(&book);
	while ((event = xml_next(xml)) != XML_END && count < SHEETS_MOST) {
		struct bytes name, state, content;

		if (event != XML_OPEN || !xml_is(xml, "sheet"))
			continue;
		count++;
		name = xml_attribute(xml, reader->arena, "name");
		state = xml_attribute(xml, reader->arena, "state");
		content = related_sheet(&book,
		    xml_attribute(xml, reader->arena, "id"));
		if (content.p != NULL)
			sheet_say(&book, name, state.n > 0 &&
			    !bytes_eq(state, BYTES_LIT("visible")), content);
		else
			book.whole = false;
	}
	book.whole &= !xml_damaged(xml);
	xml_close(xml);
	for (size_t i = 0; i < package->count; i++) {
		const struct package_member *member = &package->list[i];
		struct text_target target;

		if (!bytes_starts(member->path, BYTES_LIT("xl/comments")) &&
		    !bytes_starts(member->path, BYTES_LIT("xl/drawings/draw")))
			continue;
		target = office_part(reader, "/member=%.*s",
		    (int)member->path.n, (const char *)member->path.p);
		office_flow_say(reader, &target, member->content);
	}
	return book.whole;
}
