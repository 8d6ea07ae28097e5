/*
 * Excel 97-2003 ([MS-XLS]): cells of every sheet as rows of a table, shown
 * texts and numbers, cached results of formulas. Excel 95 likewise.
 */
#include "parsers/base/buffer.h"
#include "parsers/base/cursor.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/documents/office.h"
#include "parsers/documents/office97.h"

enum { /* 2.3 Record enumeration */
	FORMULA = 0x0006, EOF_RECORD = 0x000A, DATE_1904 = 0x0022,
	FILE_PASS = 0x002F, CONTINUE = 0x003C, CODE_PAGE = 0x0042,
	BOUND_SHEET = 0x0085, MUL_RK = 0x00BD, XF = 0x00E0, SST = 0x00FC,
	LABEL_SST = 0x00FD, LABEL = 0x0204, NUMBER = 0x0203, STRING = 0x0207,
	RK = 0x027E, RICH_LABEL = 0x00D6, FORMAT = 0x041E, BOF = 0x0809,
	COLUMNS_MOST = 256, FORMATS_MOST = 4096,
};

struct book {
	struct document_reader *reader;
	struct arena *arena;
	struct cursor in;
	bool wide;                  /* BIFF8: Unicode strings */
	bool base_1904, encrypted, cut;
	uint32_t code_page;
	struct bytes *strings;      /* SST */
	size_t string_count;
	struct bytes formats[FORMATS_MOST]; /* by ifmt */
	uint16_t *xf;               /* ifmt of each XF */
	size_t xf_count, xf_room;
	struct bytes *sheets;       /* names, in order */
	size_t sheet_count, sheet_room;
	/* the sheet in hand */
	unsigned sheet, row;        /* row from 1; 0: none yet */
	unsigned depth;             /* substreams begun: a chart is a third */
	struct text_cell cells[COLUMNS_MOST];
	unsigned cell_count;
	unsigned string_column;     /* of a formula whose text follows */
	unsigned string_row;
};

struct record {
	uint16_t type;
	struct bytes body;
};

static bool
next_record(struct book *b, struct record *r)
{
	if (cursor_left(&b->in) < 4)
		return false;
	r->type = cursor_le16(&b->in);
	r->body = cursor_take(&b->in, cursor_le16(&b->in));
	b->cut = b->in.failed;
	return !b->in.failed;
}

/* ---- strings */

/* 2.5.293 XLUnicodeRichExtendedString over records and their CONTINUEs:
 * where a piece ends within the characters, the next one says anew how wide
 * they are. */
struct pieces {
	struct book *book;
	struct cursor c;
};

static bool
next_piece(struct pieces *p)
{
	struct cursor before = p->book->in;
	struct record r;

	if (!next_record(p->book, &r) || r.type != CONTINUE) {
		p->book->in = before;
		return false;
	}
	p->c = cursor_over(r.body);
	return true;
}

static void
skip_bytes(struct pieces *p, size_t n)
{
	while (n > 0) {
		size_t here = cursor_left(&p->c);

		if (here > n)
			here = n;
		cursor_take(&p->c, here);
		n -= here;
		if (n > 0 && !next_piece(p))
			return;
	}
}

static struct bytes
rich_string(struct pieces *p)
{
	struct buffer units = BUFFER_EMPTY;
	struct bytes text;
	size_t left, runs = 0, extra = 0;
	uint8_t flags;

	if (cursor_left(&p->c) == 0)
		next_piece(p);
	left = cursor_le16(&p->c);
	flags = cursor_u8(&p->c);
	if (flags & 8)
		runs = cursor_le16(&p->c);
	if (flags & 4)
		extra = cursor_le32(&p->c);
	while (left > 0) {
		size_t width = flags & 1 ? 2 : 1;
		size_t n = cursor_left(&p->c) / width;
		struct bytes here = cursor_take(&p->c,
		    (n < left ? n : left) * width);

		for (size_t i = 0; i < here.n; i++) {
			buffer_add_byte(&units, here.p[i]);
			if (width == 1)
				buffer_add_byte(&units, 0);
		}
		left -= here.n / width;
		if (left > 0) {
			if (!next_piece(p))
				break;
			flags = cursor_u8(&p->c);
		}
	}
	text = arena_dup(p->book->arena, text_from_utf16le(p->book->arena,
					     buffer_bytes(&units)));
	buffer_release(&units);
	skip_bytes(p, runs * 4 + extra);
	return text;
}

static void
take_shared_strings(struct book *b, struct bytes body)
{
	struct pieces p = { b, cursor_over(body) };
	uint32_t count;

	cursor_le32(&p.c);
	count = cursor_le32(&p.c);
	if (count > b->in.data.n / 3) /* each takes three bytes at least */
		count = (uint32_t)(b->in.data.n / 3);
	b->strings = arena_array(b->arena, (size_t)count + 1,
	    sizeof *b->strings);
	while (b->string_count < count && !p.c.failed)
		b->strings[b->string_count++] = rich_string(&p);
}

/* A string of `n` characters: BIFF8 flags and units, or bytes of the code
 * page. */
static struct bytes
short_string(struct book *b, struct cursor *c, size_t n)
{
	enum text_quality quality;

	if (!b->wide)
		return text_from_codepage(b->arena,
		    b->code_page == 1200 ? 1252 : b->code_page,
		    cursor_take(c, n), &quality);
	if (cursor_u8(c) & 1)
		return text_from_utf16le(b->arena, cursor_take(c, n * 2));
	return text_from_codepage(b->arena, 28591, cursor_take(c, n),
	    &quality);
}

/* ---- rows */

static void
end_row(struct book *b)
{
	struct text_row row = { .idx = b->reader->target.idx,
		.cells = b->cells, .count = b->cell_count,
		.table = b->sheet, .row = b->row };
	struct bytes name = b->sheet > 0 && b->sheet <= b->sheet_count
				? b->sheets[b->sheet - 1]
				: BYTES_LIT("");

	if (b->cell_count > 0) {
		row.part = office_part(b->reader, "/sheet=%.*s", (int)name.n,
		    (const char *)name.p).part;
		sink_row(b->reader->target.sink, &row);
	}
	b->cell_count = 0;
	b->row = 0;
}

static struct bytes
column_name(struct arena *arena, unsigned column)
{
	return column < 26 ? arena_printf(arena, "%c", 'A' + (int)column)
			   : arena_printf(arena, "%c%c",
				 'A' + (int)column / 26 - 1,
				 'A' + (int)column % 26);
}

static void
put_cell(struct book *b, unsigned row, unsigned column, struct bytes text)
{
	if (column >= COLUMNS_MOST)
		return;
	if (b->row != row + 1)
		end_row(b);
	b->row = row + 1;
	while (b->cell_count <= column) {
		b->cells[b->cell_count] = (struct text_cell){ BYTES_LIT(""),
			column_name(b->arena, b->cell_count) };
		b->cell_count++;
	}
	b->cells[column].text = text;
}

/* ---- numbers */

static struct bytes
built_in_format(unsigned id)
{
	bool date = (id >= 14 && id <= 17) || id == 22 ||
		    (id >= 27 && id <= 36) || (id >= 50 && id <= 58);

	return date ? BYTES_LIT("yyyy-mm-dd") : BYTES_LIT("General");
}

static bool
is_date(struct book *b, struct bytes format)
{
	return bytes_starts(sheet_shown(b->arena, BYTES_LIT("1"), format),
	    BYTES_LIT("1899-12-31"));
}

static void
put_number(struct book *b, unsigned row, unsigned column, unsigned xf,
    double value)
{
	unsigned id = xf < b->xf_count ? b->xf[xf] : 0;
	struct bytes format = id < FORMATS_MOST && b->formats[id].n > 0
				  ? b->formats[id]
				  : built_in_format(id);

	if (b->base_1904 && is_date(b, format))
		value += 1462; /* from 1904-01-01 to 1899-12-30 */
	put_cell(b, row, column, sheet_shown(b->arena,
				     arena_printf(b->arena, "%.15g", value),
				     format));
}

static double
real_of(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

/* 2.5.217 RkNumber */
static double
rk_value(uint32_t rk)
{
	double value = rk & 2 ? (double)((int32_t)rk >> 2)
			      : real_of((uint64_t)(rk & ~3u) << 32);

	return rk & 1 ? value / 100 : value;
}

/* ---- cells */

static void
take_formula(struct book *b, struct cursor *c, unsigned row, unsigned column,
    unsigned xf)
{
	uint64_t result = cursor_le64(c);

	if (result >> 48 != 0xFFFF)
		put_number(b, row, column, xf, real_of(result));
	else if ((result & 0xFF) == 0) { /* its text is the next STRING */
		b->string_row = row;
		b->string_column = column;
	}
}

static void
take_many(struct book *b, struct cursor *c, unsigned row, unsigned column)
{
	while (cursor_left(c) >= 8) { /* the last two bytes: last column */
		unsigned xf = cursor_le16(c);

		put_number(b, row, column++, xf, rk_value(cursor_le32(c)));
	}
}

static void
take_cell(struct book *b, const struct record *r)
{
	struct cursor c = cursor_over(r->body);
	unsigned row = cursor_le16(&c), column = cursor_le16(&c), xf;
	uint32_t at;

	if (r->type == MUL_RK) {
		take_many(b, &c, row, column);
		return;
	}
	xf = cursor_le16(&c);
	if (r->type == LABEL_SST) {
		at = cursor_le32(&c);
		if (at < b->string_count)
			put_cell(b, row, column, b->strings[at]);
	} else if (r->type == LABEL || r->type == RICH_LABEL) {
		at = cursor_le16(&c);
		put_cell(b, row, column, short_string(b, &c, at));
	} else if (r->type == NUMBER) {
		put_number(b, row, column, xf, real_of(cursor_le64(&c)));
	} else if (r->type == RK) {
		put_number(b, row, column, xf, rk_value(cursor_le32(&c)));
	} else {
		take_formula(b, &c, row, column, xf);
	}
}

/* ---- the rest of the book */

static void
take_sheet_name(struct book *b, struct bytes body)
{
	struct cursor c = cursor_over(bytes_skip(body, 6));
	size_t n = cursor_u8(&c);

	if (b->sheet_count == b->sheet_room) {
		struct bytes *more;

		b->sheet_room = b->sheet_room * 2 + 8;
		more = arena_array(b->arena, b->sheet_room, sizeof *more);
		if (b->sheet_count > 0)
			memcpy(more, b->sheets, b->sheet_count * sizeof *more);
		b->sheets = more;
	}
	b->sheets[b->sheet_count++] = short_string(b, &c, n);
}

static void
take_xf(struct book *b, struct bytes body)
{
	struct cursor c = cursor_over(body);

	if (b->xf_count == b->xf_room) {
		uint16_t *more;

		b->xf_room = b->xf_room * 2 + 64;
		more = arena_array(b->arena, b->xf_room, sizeof *more);
		if (b->xf_count > 0)
			memcpy(more, b->xf, b->xf_count * sizeof *more);
		b->xf = more;
	}
	cursor_le16(&c);
	b->xf[b->xf_count++] = cursor_le16(&c);
}

static void
take_format(struct book *b, struct bytes body)
{
	struct cursor c = cursor_over(body);
	unsigned id = cursor_le16(&c);
	size_t n = b->wide ? cursor_le16(&c) : cursor_u8(&c);

	if (id < FORMATS_MOST)
		b->formats[id] = short_string(b, &c, n);
}

static void
take_globals(struct book *b, const struct record *r)
{
	struct cursor c = cursor_over(r->body);

	if (r->type == BOF) {
		b->wide = cursor_le16(&c) >= 0x0600;
		/* Globals (5) come first; each sheet (0x10) in its turn. */
		if (cursor_le16(&c) != 5 && b->depth == 0)
			b->sheet++;
		b->depth++;
	} else if (r->type == CODE_PAGE) {
		b->code_page = cursor_le16(&c);
	} else if (r->type == DATE_1904) {
		b->base_1904 = cursor_le16(&c) != 0;
	} else if (r->type == BOUND_SHEET) {
		take_sheet_name(b, r->body);
	} else if (r->type == XF) {
		take_xf(b, r->body);
	} else if (r->type == FORMAT) {
		take_format(b, r->body);
	} else if (r->type == SST) {
		take_shared_strings(b, r->body);
	}
}

static void
take_record(struct book *b, const struct record *r)
{
	struct cursor c = cursor_over(r->body);
	size_t n;

	if (b->depth > 1 && r->type != BOF && r->type != EOF_RECORD)
		return; /* a chart's own copy of its cells */
	switch (r->type) {
	case LABEL_SST:
	case LABEL:
	case RICH_LABEL:
	case NUMBER:
	case RK:
	case MUL_RK:
	case FORMULA:
		take_cell(b, r);
		break;
	case STRING:
		n = cursor_le16(&c);
		put_cell(b, b->string_row, b->string_column,
		    short_string(b, &c, n));
		break;
	case EOF_RECORD:
		b->depth -= b->depth > 0;
		if (b->depth == 0)
			end_row(b);
		break;
	default:
		take_globals(b, r);
	}
}

struct document_answer
excel97_say(struct document_reader *reader, struct bytes stream)
{
	struct book *b = arena_alloc(reader->arena, sizeof *b);
	struct record r;

	b->reader = reader;
	b->arena = reader->arena;
	b->in = cursor_over(stream);
	b->code_page = 1252;
	while (!b->encrypted && next_record(b, &r)) {
		b->encrypted = r.type == FILE_PASS;
		take_record(b, &r);
	}
	if (b->encrypted)
		return (struct document_answer){ BYTES_LIT("encrypted"),
			BYTES_LIT("Excel file that wants a password") };
	end_row(b);
	if (b->cut)
		sink_problem(reader->target.sink, reader->locator,
		    PROBLEM_TRUNCATED, OUTCOME_PARTIAL, 0,
		    "Excel: the last record is cut ([MS-XLS] 2.1.4)");
	return (struct document_answer){ BYTES_LIT("read"), BYTES_LIT("") };
}
