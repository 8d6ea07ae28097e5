/*
 * HTML to text, tolerant and without a tree: a tokenizer, a flow of text,
 * and the innermost table's rows.  Never fails; tables in tables beyond
 * LIMIT_HTML_TABLES are text of the cell they stand in, cells of a row beyond
 * LIMIT_CSV_COLUMNS text of the flow.
 */
#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/documents/html_entities.h"
#include "parsers/documents/text.h"

enum { CELLS_MOST = LIMIT_CSV_COLUMNS };

struct html_table {
	unsigned number, row;
	size_t first_cell; /* in cells[] of the reader */
	bool header;       /* a th in this row */
	bool in_row;
};

struct html_cell {
	size_t begin, end; /* in the cell text */
};

struct html {
	const struct text_target *target;
	struct arena *arena;
	struct bytes in;
	size_t at;
	struct buffer flow, hidden, cell_text;
	struct buffer map, hidden_map; /* of struct text_map */
	struct html_table tables[LIMIT_HTML_TABLES];
	size_t table_depth, tables_within; /* past the limit */
	unsigned table_count;
	struct html_cell cells[CELLS_MOST];
	size_t cell_count;
	bool in_cell;
	size_t hidden_depth;       /* of elements inside a hidden one */
	struct bytes hidden_tag;
	bool space;                /* white space seen, not yet written */
	bool loose;                /* quotes do not balance: not believed */
};

struct html_tag {
	struct bytes name; /* lower-case comparisons only */
	struct bytes attributes;
	bool closing, self_closing;
};

#define tag_is(tag, literal) is_name((tag)->name, BYTES_LIT(literal))

/* Lengths first: most names differ there. */
static inline bool
is_name(struct bytes name, struct bytes literal)
{
	return name.n == literal.n && bytes_eq_nocase(name, literal);
}

#define NAME(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

static const struct bytes blocks[] = { NAME("p"), NAME("div"), NAME("table"),
	NAME("tr"), NAME("ul"), NAME("ol"), NAME("li"), NAME("h1"), NAME("h2"),
	NAME("h3"), NAME("h4"), NAME("h5"), NAME("h6"), NAME("hr"),
	NAME("pre"), NAME("blockquote"), NAME("section"), NAME("article"),
	NAME("header"), NAME("footer"), NAME("form"), NAME("dl"), NAME("dt"),
	NAME("dd"), NAME("address"), NAME("center"), NAME("body"),
	NAME("html"), NAME("title"), NAME("thead"), NAME("tbody"),
	NAME("tfoot"), NAME("caption"), NAME("fieldset") };

static const struct bytes voids[] = { NAME("br"), NAME("hr"), NAME("img"),
	NAME("input"), NAME("meta"), NAME("link"), NAME("area"), NAME("base"),
	NAME("col"), NAME("wbr"), NAME("source"), NAME("embed") };

static bool
is_block(const struct html_tag *tag)
{
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
		if (is_name(tag->name, blocks[i]))
			return true;
	return false;
}

static bool
is_void(const struct html_tag *tag)
{
	for (size_t i = 0; i < sizeof voids / sizeof voids[0]; i++)
		if (is_name(tag->name, voids[i]))
			return true;
	return false;
}

static struct buffer *
current(struct html *h)
{
	return h->hidden_depth > 0 ? &h->hidden
	       : h->in_cell        ? &h->cell_text
				   : &h->flow;
}

static void
add_place(struct buffer *map, size_t text, size_t source)
{
	struct text_map *last = NULL, next = { text, source };

	if (map->n > 0)
		last = (struct text_map *)(void *)(map->p + map->n) - 1;
	if (last != NULL && last->part + (next.text - last->text) == source)
		return;
	if (last != NULL && last->text == next.text)
		*last = next;
	else
		buffer_add(map, &next, sizeof next);
}

/* Remember where in the source a flow's text comes from, when that is not
 * simply further on.  Cells have places of their own. */
static void
mark(struct html *h, size_t source)
{
	struct buffer *out = current(h);

	if (out == &h->flow)
		add_place(&h->map, out->n, source);
	else if (out == &h->hidden)
		add_place(&h->hidden_map, out->n, source);
}

/* Script, style, comments: read as they stand, a paragraph of their own. */
static void
add_hidden(struct html *h, struct bytes text)
{
	add_place(&h->hidden_map, h->hidden.n, (size_t)(text.p - h->in.p));
	buffer_add_bytes(&h->hidden, text);
	buffer_add_cstr(&h->hidden, "\n\n");
}

/* Where what is written now began: of the cell in hand, or of the flow. */
static size_t
cell_begin(const struct html *h)
{
	return h->in_cell && h->hidden_depth == 0 && h->cell_count > 0
		   ? h->cells[h->cell_count - 1].begin
		   : 0;
}

static void
write_text(struct html *h, struct bytes text, size_t source)
{
	struct buffer *out = current(h);

	if (h->space && out->n > cell_begin(h) && out->p[out->n - 1] != '\n')
		buffer_add_byte(out, ' ');
	h->space = false;
	mark(h, source);
	buffer_add_bytes(out, text);
}

static bool
is_white(uint8_t c)
{
	return c == ' ' || (c >= 9 && c <= 13);
}

/* Words with single spaces between them: they stand as they are. */
static size_t
take_words(const struct html *h, size_t from, size_t end)
{
	size_t at = from;

	while (at < end && h->in.p[at] != '&') {
		if (!is_white(h->in.p[at]))
			at++;
		else if (h->in.p[at] == ' ' && at + 1 < end &&
			 !is_white(h->in.p[at + 1]) && h->in.p[at + 1] != '&')
			at += 2;
		else
			break;
	}
	return at;
}

static void
take_entity(struct html *h, size_t end)
{
	size_t from = h->at, used;
	uint8_t decoded[8];
	size_t n = html_entity(bytes_slice(h->in, from, end), decoded, &used);

	if (n == 0) {
		write_text(h, BYTES_LIT("&"), from);
		h->at++;
		return;
	}
	write_text(h, bytes_of(decoded, n), from);
	h->at += used;
	mark(h, h->at);
}

/* Text up to the next '<': white space runs as one, entities decoded. */
static void
take_text(struct html *h, size_t end)
{
	while (h->at < end) {
		size_t from = h->at;

		if (is_white(h->in.p[from])) {
			h->space = true;
			h->at++;
		} else if (h->in.p[from] == '&') {
			take_entity(h, end);
		} else {
			h->at = take_words(h, from, end);
			write_text(h, bytes_slice(h->in, from, h->at), from);
		}
	}
}

/* A line break, or a paragraph's end. */
static void
break_flow(struct html *h, bool paragraph)
{
	struct buffer *out = current(h);

	h->space = false;
	if (out->n == cell_begin(h))
		return;
	if (out->p[out->n - 1] != '\n')
		buffer_add_byte(out, '\n');
	if (paragraph && !(h->in_cell && h->hidden_depth == 0) && (out->n < 2 || out->p[out->n - 2] != '\n'))
		buffer_add_byte(out, '\n');
}

static void
say_row(struct html *h, struct html_table *table)
{
	size_t count = h->cell_count - table->first_cell;
	struct text_cell *cells;
	struct text_row row = { .idx = h->target->idx,
		.table = table->number,
		.row = table->row,
		.header = table->header };

	if (count == 0)
		return;
	cells = arena_array(h->arena, count, sizeof *cells);
	for (size_t i = 0; i < count; i++) {
		struct html_cell *cell = &h->cells[table->first_cell + i];

		cells[i].text = arena_dup(h->arena,
		    bytes_trim(bytes_slice(buffer_bytes(&h->cell_text),
			cell->begin, cell->end)));
		cells[i].column = arena_printf(h->arena, "%zu", i + 1);
	}
	row.part = arena_printf(h->arena, "%.*s/table=%u",
	    (int)h->target->part.n, (const char *)h->target->part.p,
	    table->number);
	row.cells = cells;
	row.count = count;
	sink_row(h->target->sink, &row);
	h->cell_text.n = h->cells[table->first_cell].begin;
	h->cell_count = table->first_cell;
}

static struct html_table *
table_now(struct html *h)
{
	return h->table_depth > 0 ? &h->tables[h->table_depth - 1] : NULL;
}

static void
end_cell(struct html *h)
{
	struct html_table *table = table_now(h);

	if (h->in_cell && table != NULL && h->cell_count > table->first_cell)
		h->cells[h->cell_count - 1].end = h->cell_text.n;
	h->in_cell = false;
	h->space = false;
}

static void
end_row(struct html *h)
{
	struct html_table *table = table_now(h);

	end_cell(h);
	if (table == NULL || !table->in_row)
		return;
	say_row(h, table);
	table->in_row = table->header = false;
}

static void
begin_row(struct html *h)
{
	struct html_table *table = table_now(h);

	end_row(h);
	if (table == NULL)
		return;
	table->in_row = true;
	table->row++;
	table->first_cell = h->cell_count;
}

static void
begin_cell(struct html *h, bool header)
{
	struct html_table *table = table_now(h);

	if (table == NULL)
		return;
	if (!table->in_row)
		begin_row(h);
	end_cell(h);
	if (h->cell_count >= CELLS_MOST)
		return;
	table->header |= header;
	h->in_cell = true;
	h->cells[h->cell_count++] = (struct html_cell){ h->cell_text.n,
		h->cell_text.n };
}

/* A table inside a cell: its rows are its own; the cell goes on after it. */
static void
begin_table(struct html *h)
{
	if (h->table_depth == LIMIT_HTML_TABLES) {
		h->tables_within++;
		return;
	}
	end_cell(h);
	h->tables[h->table_depth++] = (struct html_table){
		++h->table_count, 0, h->cell_count, false, false };
}

static void
end_table(struct html *h)
{
	if (h->tables_within > 0) {
		h->tables_within--;
		return;
	}
	if (h->table_depth == 0)
		return;
	end_row(h);
	h->table_depth--;
	h->in_cell = h->table_depth > 0 && table_now(h)->in_row &&
		     h->cell_count > table_now(h)->first_cell;
}

static void
take_table_tag(struct html *h, const struct html_tag *tag)
{
	bool cell = tag_is(tag, "td") || tag_is(tag, "th");

	if (tag_is(tag, "table"))
		tag->closing ? end_table(h) : begin_table(h);
	else if (h->tables_within > 0)
		return;
	else if (tag_is(tag, "tr"))
		tag->closing ? end_row(h) : begin_row(h);
	else if (cell && tag->closing)
		end_cell(h);
	else if (cell)
		begin_cell(h, tag_is(tag, "th"));
}

static bool
hides(const struct html_tag *tag)
{
	struct bytes style = tag->attributes;
	size_t at;

	if (tag->closing || is_void(tag))
		return false;
	if (tag_is(tag, "style") || tag_is(tag, "script") ||
	    tag_is(tag, "noscript") || tag_is(tag, "template"))
		return true;
	at = bytes_find_nocase(style, BYTES_LIT("display"));
	if (at == SIZE_MAX)
		return false;
	style = bytes_trim(bytes_skip(style, at + 7));
	if (style.n == 0 || style.p[0] != ':')
		return false;
	return bytes_starts_nocase(bytes_trim(bytes_skip(style, 1)),
	    BYTES_LIT("none"));
}

/* Inside a hidden element: count its own name up and down. */
static void
take_hidden_tag(struct html *h, const struct html_tag *tag)
{
	if (!bytes_eq_nocase(tag->name, h->hidden_tag))
		return;
	if (!tag->closing && !tag->self_closing)
		h->hidden_depth++;
	else if (tag->closing)
		h->hidden_depth--;
	if (h->hidden_depth == 0)
		h->space = false;
}

/* Script and style are text up to their end tag, whatever stands in it. */
static bool
take_raw_element(struct html *h, const struct html_tag *tag)
{
	struct bytes rest = bytes_skip(h->in, h->at);
	size_t end = 0;

	if (tag->closing || (!tag_is(tag, "script") && !tag_is(tag, "style")))
		return false;
	for (;;) {
		size_t at = bytes_find(bytes_skip(rest, end), BYTES_LIT("</"));

		if (at == SIZE_MAX) {
			end = rest.n;
			break;
		}
		end += at;
		if (bytes_starts_nocase(bytes_skip(rest, end + 2), tag->name))
			break;
		end += 2;
	}
	add_hidden(h, bytes_slice(rest, 0, end));
	h->at += end;
	return true;
}

static void
take_tag(struct html *h, const struct html_tag *tag)
{
	if (take_raw_element(h, tag))
		return;
	if (h->hidden_depth > 0) {
		take_hidden_tag(h, tag);
		if (is_block(tag) || tag_is(tag, "br"))
			break_flow(h, false);
		return;
	}
	if (hides(tag) && !tag->self_closing) {
		h->hidden_tag = tag->name;
		h->hidden_depth = 1;
		break_flow(h, true);
		return;
	}
	take_table_tag(h, tag);
	if (tag_is(tag, "br"))
		break_flow(h, false);
	else if (is_block(tag))
		break_flow(h, !tag_is(tag, "tr") && !tag_is(tag, "li"));
}

/* The end of a tag: '>' outside quotes.  Once quotes did not balance to the
 * text's end they are not believed any more: one look at the rest is enough. */
static size_t
tag_end(struct html *h, struct bytes in, size_t at)
{
	size_t begin = at, close;
	uint8_t quote = 0;

	for (; at < in.n && !h->loose; at++) {
		uint8_t c = in.p[at];

		if (quote != 0) {
			if (c == quote)
				quote = 0;
		} else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return at;
	}
	h->loose = true;
	close = bytes_find_byte(bytes_skip(in, begin), '>');
	return close == SIZE_MAX ? in.n - 1 : begin + close;
}

static void
take_comment(struct html *h)
{
	struct bytes rest = bytes_skip(h->in, h->at + 4);
	size_t end = bytes_find(rest, BYTES_LIT("-->"));
	struct bytes inside = bytes_slice(rest, 0, end);

	add_hidden(h, inside);
	h->at = end == SIZE_MAX ? h->in.n : h->at + 4 + end + 3;
}

static bool
is_name_byte(uint8_t c)
{
	c = byte_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':' ||
	       c == '-';
}

static bool
is_letter(uint8_t c)
{
	return byte_lower(c) >= 'a' && byte_lower(c) <= 'z';
}

/* At '<'.  What is no tag is text. */
static void
take_markup(struct html *h)
{
	struct bytes rest = bytes_skip(h->in, h->at);
	struct html_tag tag = { .closing = false };
	size_t name = 1, end;

	if (bytes_starts(rest, BYTES_LIT("<!--"))) {
		take_comment(h);
		return;
	}
	tag.closing = rest.n > 1 && rest.p[1] == '/';
	name += tag.closing;
	end = name;
	while (end < rest.n && is_name_byte(rest.p[end]) &&
	       (end > name || is_letter(rest.p[end])))
		end++;
	if (end == name && !(rest.n > 1 &&
	                       (rest.p[1] == '!' || rest.p[1] == '?'))) {
		write_text(h, BYTES_LIT("<"), h->at);
		h->at++;
		return;
	}
	tag.name = bytes_slice(rest, name, end);
	name = tag_end(h, rest, end);
	tag.attributes = bytes_slice(rest, end, name);
	tag.self_closing = tag.attributes.n > 0 &&
			   tag.attributes.p[tag.attributes.n - 1] == '/';
	h->at += name + 1;
	take_tag(h, &tag);
}

static void
say_flow(struct html *h, struct buffer *text, bool hidden)
{
	const struct buffer *map = hidden ? &h->hidden_map : &h->map;
	struct text_flow flow = { .idx = h->target->idx,
		.part = h->target->part,
		.text = buffer_bytes(text),
		.map = (struct text_map *)(void *)map->p,
		.map_count = map->n / sizeof(struct text_map),
		.hidden = hidden };

	if (bytes_trim(flow.text).n > 0)
		sink_text(h->target->sink, &flow);
	buffer_release(text);
}

void
html_text_say(const struct text_target *target, struct arena *arena,
    struct bytes html)
{
	struct html *h = arena_alloc(arena, sizeof *h);

	h->target = target;
	h->arena = arena;
	h->in = html;
	while (h->at < html.n) {
		size_t next = bytes_find_byte(bytes_skip(html, h->at), '<');

		if (next == SIZE_MAX)
			take_text(h, html.n);
		else {
			take_text(h, h->at + next);
			take_markup(h);
		}
	}
	h->tables_within = 0;
	while (h->table_depth > 0)
		end_table(h);
	h->in_cell = false;
	say_flow(h, &h->flow, false);
	say_flow(h, &h->hidden, true);
	buffer_release(&h->cell_text);
	buffer_release(&h->map);
	buffer_release(&h->hidden_map);
}
