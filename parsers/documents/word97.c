/*
 * Word 97-2003 ([MS-DOC]): text through the piece table (2.4.1), rows of
 * tables through the paragraph properties that end one (sprmPFTtp).
 */
#include "parsers/base/buffer.h"
#include "parsers/base/cursor.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/documents/office97.h"

enum {
	FIB_ENCRYPTED = 0x0100,   /* 2.5.2 FibBase, at 10 */
	FIB_TABLE_1 = 0x0200,
	AT_PLCF_BTE_PAPX = 0x0102,/* 2.5.6 FibRgFcLcb97 */
	AT_CLX = 0x01A2,
	PAGE = 512,
	SPRM_TTP = 0x2417,
	MARK_CELL = 7, MARK_LINE = 11, MARK_PAGE = 12, MARK_PARAGRAPH = 13,
	FIELD_BEGIN = 0x13, FIELD_RESULT = 0x14, FIELD_END = 0x15,
	CELLS_MOST = 63,          /* of a row, 2.6.3 */
};

struct row_ends { /* file offsets of the marks that end a row */
	uint32_t *list;
	size_t count, room;
};

struct word {
	struct document_reader *reader;
	struct arena *arena;
	struct bytes stream, table;
	struct row_ends ends;
	struct buffer flow, paragraph;
	struct text_cell cells[CELLS_MOST];
	unsigned cell_count, row, table_number;
	unsigned field_depth, code_depth; /* in a field; in its code */
	bool said;
};

static uint32_t
u32_at(struct bytes b, size_t at)
{
	struct cursor c = cursor_over(bytes_skip(b, at));

	return cursor_le32(&c);
}

static uint16_t
u16_at(struct bytes b, size_t at)
{
	struct cursor c = cursor_over(bytes_skip(b, at));

	return cursor_le16(&c);
}

/* ---- which paragraphs end a row (2.9.175 PapxFkp) */

static bool
ends_row(struct bytes page, unsigned run, unsigned runs)
{
	size_t at = (size_t)page.p[(runs + 1) * 4 + run * 13] * 2;
	struct cursor c;
	size_t n;

	if (at == 0 || at >= PAGE)
		return false;
	c = cursor_over(bytes_skip(page, at));
	n = cursor_u8(&c);
	n = n == 0 ? (size_t)cursor_u8(&c) * 2 : n * 2 - 1;
	c = cursor_over(bytes_slice(page, c.at + at, c.at + at + n));
	cursor_le16(&c); /* istd */
	while (cursor_left(&c) >= 3) {
		static const uint8_t sizes[] = { 1, 1, 2, 4, 2, 2, 0, 3 };
		uint16_t sprm = cursor_le16(&c);
		size_t size = sizes[sprm >> 13];

		if (sprm == SPRM_TTP)
			return cursor_u8(&c) != 0;
		if (size == 0)
			size = sprm == 0xD608 ? (size_t)cursor_le16(&c) - 1
					      : cursor_u8(&c);
		cursor_take(&c, size);
	}
	return false;
}

static void
take_page(struct word *w, struct bytes page)
{
	unsigned runs = page.p[PAGE - 1];

	if ((size_t)(runs + 1) * 4 + (size_t)runs * 13 >= PAGE)
		return;
	for (unsigned i = 0; i < runs; i++)
		if (w->ends.count < w->ends.room && ends_row(page, i, runs))
			w->ends.list[w->ends.count++] =
			    u32_at(page, (size_t)(i + 1) * 4);
}

static void
find_row_ends(struct word *w)
{
	uint32_t at = u32_at(w->stream, AT_PLCF_BTE_PAPX);
	uint32_t n = u32_at(w->stream, AT_PLCF_BTE_PAPX + 4);
	struct bytes plc = bytes_slice(w->table, at, (size_t)at + n);
	size_t pages = plc.n < 4 ? 0 : (plc.n - 4) / 8;

	w->ends.room = w->stream.n / PAGE * 29 + 1; /* 29 runs fit a page */
	w->ends.list = arena_array(w->arena, w->ends.room,
	    sizeof *w->ends.list);
	for (size_t i = 0; i < pages; i++) {
		size_t from = (size_t)(u32_at(plc, (pages + 1) * 4 + i * 4) &
				  0x3FFFFF) * PAGE;
		struct bytes page = bytes_slice(w->stream, from, from + PAGE);

		if (page.n == PAGE)
			take_page(w, page);
	}
}

/* Does the paragraph whose mark ends at this offset end a row?  Runs come in
 * file order. */
static bool
is_row_end(const struct word *w, uint32_t end)
{
	size_t low = 0, high = w->ends.count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (w->ends.list[middle] < end)
			low = middle + 1;
		else
			high = middle;
	}
	return low < w->ends.count && w->ends.list[low] == end;
}

/* ---- text */

static void
end_paragraph(struct word *w)
{
	if (w->paragraph.n == 0)
		return;
	if (w->flow.n > 0)
		buffer_add_cstr(&w->flow, "\n\n");
	buffer_add_bytes(&w->flow, buffer_bytes(&w->paragraph));
	buffer_reset(&w->paragraph);
}

static void
end_flow(struct word *w)
{
	w->said |= w->flow.n > 0;
	if (w->flow.n > 0)
		plain_text_say(&w->reader->target,
		    arena_dup(w->arena, buffer_bytes(&w->flow)));
	buffer_reset(&w->flow);
}

static void
end_cell(struct word *w)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	struct text_cell *cell = &w->cells[w->cell_count];

	if (w->cell_count == CELLS_MOST)
		return;
	cell->text = arena_dup(w->arena, buffer_bytes(&w->paragraph));
	cell->column = w->cell_count < 26
			   ? bytes_of(letters + w->cell_count, 1)
			   : arena_printf(w->arena, "A%c",
				 letters[w->cell_count % 26]);
	w->cell_count++;
	buffer_reset(&w->paragraph);
}

static void
end_row(struct word *w)
{
	struct bytes part = w->reader->target.part;
	struct text_row row = { .idx = w->reader->target.idx,
		.cells = w->cells, .count = w->cell_count };

	if (w->row == 0)
		w->table_number++;
	row.part = arena_printf(w->arena, "%.*s/table=%u", (int)part.n,
	    (const char *)part.p, w->table_number);
	row.table = w->table_number;
	row.row = ++w->row;
	w->said |= row.count > 0;
	if (row.count > 0)
		sink_row(w->reader->target.sink, &row);
	w->cell_count = 0;
	buffer_reset(&w->paragraph);
}

/* A field's code (HYPERLINK "...") is not shown, its result is. */
static bool
take_field_mark(struct word *w, uint32_t c)
{
	if (c == FIELD_BEGIN) {
		w->field_depth++;
		w->code_depth = w->field_depth;
	} else if (c == FIELD_RESULT) {
		w->code_depth = 0;
	} else if (c == FIELD_END) {
		w->field_depth -= w->field_depth > 0;
		w->code_depth = 0;
	} else {
		return false;
	}
	return true;
}

static void
take_character(struct word *w, uint32_t c, uint32_t end)
{
	uint8_t utf8[4];

	if (take_field_mark(w, c) || w->code_depth > 0)
		return;
	if (c == MARK_CELL && is_row_end(w, end)) {
		end_row(w);
	} else if (c == MARK_CELL) {
		end_cell(w);
	} else if (c == MARK_PARAGRAPH || c == MARK_PAGE) {
		if (w->cell_count > 0) { /* within a cell */
			buffer_add_byte(&w->paragraph, ' ');
			return;
		}
		end_paragraph(w);
		w->row = 0;
	} else if (c == MARK_LINE) {
		buffer_add_byte(&w->paragraph, '\n');
	} else if (c == '\t' || c >= 32) {
		buffer_add(&w->paragraph, utf8, text_encode(c, utf8));
	}
}

static void
take_piece(struct word *w, uint32_t fc, uint32_t characters)
{
	bool narrow = fc & 0x40000000; /* 2.9.73 FcCompressed */
	size_t from = narrow ? (fc & 0x3FFFFFFF) / 2 : fc;
	size_t width = narrow ? 1 : 2;
	struct bytes raw = bytes_slice(w->stream, from,
	    from + (size_t)characters * width);
	enum text_quality quality;
	struct bytes text = narrow ? text_from_codepage(w->arena, 1252, raw,
					 &quality)
				   : text_from_utf16le(w->arena, raw);
	size_t end = from;
	uint32_t c;

	while (text_next(&text, &c)) {
		end += width * (c > 0xFFFF ? 2 : 1);
		take_character(w, c, (uint32_t)end);
	}
}

/* 2.9.38 Clx: property changes, then the piece table. */
static struct bytes
piece_table(const struct word *w)
{
	uint32_t at = u32_at(w->stream, AT_CLX);
	uint32_t n = u32_at(w->stream, AT_CLX + 4);
	struct cursor c = cursor_over(
	    bytes_slice(w->table, at, (size_t)at + n));

	while (cursor_left(&c) > 5) {
		uint8_t kind = cursor_u8(&c);

		if (kind == 2)
			return cursor_take(&c, cursor_le32(&c));
		if (kind != 1)
			break;
		cursor_take(&c, cursor_le16(&c));
	}
	return BYTES_NONE;
}

static void
take_pieces(struct word *w, struct bytes plc)
{
	size_t pieces = (plc.n - 4) / 12;

	for (size_t i = 0; i < pieces; i++) {
		uint32_t from = u32_at(plc, i * 4);
		uint32_t to = u32_at(plc, (i + 1) * 4);

		if (to > from)
			take_piece(w, u32_at(plc, (pieces + 1) * 4 + i * 8 +
						      2), to - from);
	}
	end_paragraph(w);
	end_flow(w);
}

struct document_answer
word97_say(struct document_reader *reader, const struct cfb *cfb,
    struct bytes stream)
{
	struct word w = { .reader = reader, .arena = reader->arena,
		.stream = stream };
	uint16_t flags = u16_at(stream, 10);
	uint32_t entry = cfb_find(cfb, 0, flags & FIB_TABLE_1
					      ? BYTES_LIT("1Table")
					      : BYTES_LIT("0Table"));
	struct bytes plc;
	bool whole;

	if (flags & FIB_ENCRYPTED)
		return (struct document_answer){ BYTES_LIT("encrypted"),
			BYTES_LIT("Word file that wants a password") };
	if (entry != CFB_NONE)
		w.table = cfb_stream(cfb, reader->arena, entry,
		    LIMIT_TEXT_BYTES, &whole);
	plc = piece_table(&w);
	if (u16_at(stream, 0) != 0xA5EC || plc.n < 16)
		return (struct document_answer){ BYTES_LIT("not_read"),
			BYTES_LIT("Word file without a piece table (Word 95 "
				  "or damaged)") };
	find_row_ends(&w);
	take_pieces(&w, plc);
	buffer_release(&w.flow);
	buffer_release(&w.paragraph);
	if (!w.said)
		return (struct document_answer){ BYTES_LIT("image"),
			BYTES_LIT("Word file without text; pictures are not "
				  "read") };
	return (struct document_answer){ BYTES_LIT("read"), BYTES_LIT("") };
}
