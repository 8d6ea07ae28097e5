/*
 * HTML to text, tolerant and without a tree: a tokenizer, a flow of text,
 * and the innermost table's rows.  Never fails; nesting is bounded by
 * LIMIT_HTML_DEPTH for hidden elements and tables.
 */
#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/documents/html_entities.h"
#include "parsers/documents/text.h"

enum { CELLS_MOST = LIMIT_CSV_COLUMNS, TABLES_MOST = 32 };

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
	struct text_map *map;
	size_t map_count, map_room;
	struct html_table tables[TABLES_MOST];
	size_t table_depth;
	unsigned table_count;
	struct html_cell cells[CELLS_MOST];
	size_t cell_count;
	bool in_cell;
	size_t hidden_depth;       /* of elements inside a hidden one */
	struct bytes hidden_tag;
	bool space;                /* white space seen, not yet written */
};

struct html_tag {
	struct bytes name; /* lower-case comparisons only */
	struct bytes attributes;
	bool closing, self_closing;
};

static bool
tag_is(const struct html_tag *tag, const char *name)
{
	return bytes_eq_nocase(tag->name, bytes_cstr(name));
}

static bool
is_block(const struct html_tag *tag)
{
	static const char *const names[] = { "p", "div", "table", "tr", "ul",
		"ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre",
		"blockquote", "section", "article", "header", "footer", "form",
		"dl", "dt", "dd", "address", "center", "body", "html", "title",
		"thead", "tbody", "tfoot", "caption", "fieldset", NULL };

	for (size_t i = 0; names[i] != NULL; i++)
		if (tag_is(tag, names[i]))
			return true;
	return false;
}

static bool
is_void(const struct html_tag *tag)
{
	static const char *const names[] = { "br", "hr", "img", "input", "meta",
		"link", "area", "base", "col", "wbr", "source", "embed", NULL };

	for (size_t i = 0; names[i] != NULL; i++)
		if (tag_is(tag, names[i]))
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

/* Remember where in the source the flow's text comes from. */
static void
mark(struct html *h, size_t source)
{
	if (current(h) != &h->flow || h->map_count == h->map_room)
		return;
	if (h->map_count > 0 && h->map[h->map_count - 1].text == h->flow.n)
		h->map_count--;
	h->map[h->map_count++] = (struct text_map){ h->flow.n, source };
}

static void
write_text(struct html *h, struct bytes text, size_t source)
{
	struct buffer *out = current(h);

	if (h->space && out->n > 0 && out->p[out->n - 1] != '\n')
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

/* Text up to the next '<': white space runs as one, entities decoded. */
static void
take_text(struct html *h, size_t end)
{
	while (h->at < end) {
		size_t from = h->at;
		uint8_t decoded[8];
		size_t used, n;

		if (is_white(h->in.p[from])) {
			h->space = true;
			h->at++;
			continue;
		}
		while (h->at < end && !is_white(h->in.p[h->at]) &&
		       h->in.p[h->at] != '&')
			h->at++;
		if (h->at > from) {
			write_text(h, bytes_slice(h->in, from, h->at), from);
			continue;
		}
		n = html_entity(bytes_slice(h->in, from, end), decoded, &used);
		if (n == 0) {
			write_text(h, BYTES_LIT("&"), from);
			h->at++;
			continue;
		}
		write_text(h, bytes_of(decoded, n), from);
		h->at += used;
		mark(h, h->at);
	}
}

/* A line break, or a paragraph's end. */
static void
break_flow(struct html *h, bool paragraph)
{
	struct buffer *out = current(h);

	h->space = false;
	if (h->in_cell && h->hidden_depth == 0) {
		h->space = out->n > 0;
		return;
	}
	if (out->n == 0)
		return;
	if (out->p[out->n - 1] != '\n')
		buffer_add_byte(out, '\n');
	if (paragraph && (out->n < 2 || out->p[out->n - 2] != '\n'))
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
	end_cell(h);
	if (h->table_depth == TABLES_MOST)
		return;
	h->tables[h->table_depth++] = (struct html_table){
		++h->table_count, 0, h->cell_count, false, false };
}

static void
end_table(struct html *h)
{
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
	if (!tag->closing && !tag->self_closing &&
	    h->hidden_depth < LIMIT_HTML_DEPTH)
		h->hidden_depth++;
	else if (tag->closing)
		h->hidden_depth--;
	if (h->hidden_depth == 0)
		h->space = false;
}

static void
take_tag(struct html *h, const struct html_tag *tag)
{
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

/* The end of a tag: '>' outside quotes. */
static size_t
tag_end(struct bytes in, size_t at)
{
	uint8_t quote = 0;

	for (; at < in.n; at++) {
		uint8_t c = in.p[at];

		if (quote != 0) {
			if (c == quote)
				quote = 0;
		} else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return at;
	}
	return SIZE_MAX;
}

static void
take_comment(struct html *h)
{
	struct bytes rest = bytes_skip(h->in, h->at + 4);
	size_t end = bytes_find(rest, BYTES_LIT("-->"));
	struct bytes inside = bytes_slice(rest, 0, end);

	buffer_add_bytes(&h->hidden, inside);
	buffer_add_cstr(&h->hidden, "\n\n");
	h->at = end == SIZE_MAX ? h->in.n : h->at + 4 + end + 3;
}

static bool
is_name_byte(uint8_t c)
{
	c = byte_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':' ||
	       c == '-';
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
	while (end < rest.n && is_name_byte(rest.p[end]))
		end++;
	if (end == name && !(rest.n > 1 &&
	                       (rest.p[1] == '!' || rest.p[1] == '?'))) {
		write_text(h, BYTES_LIT("<"), h->at);
		h->at++;
		return;
	}
	tag.name = bytes_slice(rest, name, end);
	name = tag_end(rest, end);
	if (name == SIZE_MAX) { /* never closed: the rest is text */
		size_t close = bytes_find_byte(bytes_skip(rest, end), '>');

		name = close == SIZE_MAX ? rest.n - 1 : end + close;
	}
	tag.attributes = bytes_slice(rest, end, name);
	tag.self_closing = tag.attributes.n > 0 &&
			   tag.attributes.p[tag.attributes.n - 1] == '/';
	h->at += name + 1;
	take_tag(h, &tag);
}

static void
say_flow(struct html *h, struct buffer *text, bool hidden)
{
	struct text_flow flow = { .idx = h->target->idx,
		.part = h->target->part,
		.text = buffer_bytes(text),
		.map = hidden ? NULL : h->map,
		.map_count = hidden ? 0 : h->map_count,
		.hidden = hidden };

	if (bytes_trim(flow.text).n > 0)
		sink_text(h->target->sink, &flow);
	buffer_release(text);
}

static size_t
count_marks(struct bytes html)
{
	size_t count = 16;

	for (size_t i = 0; i < html.n; i++)
		count += html.p[i] == '<' || html.p[i] == '&' ||
			 is_white(html.p[i]);
	return count * 2;
}

void
html_text_say(const struct text_target *target, struct arena *arena,
    struct bytes html)
{
	struct html *h = arena_alloc(arena, sizeof *h);

	h->target = target;
	h->arena = arena;
	h->in = html;
	h->map_room = count_marks(html);
	h->map = (struct text_map *)arena_raw(arena,
	    h->map_room * sizeof *h->map);
	while (h->at < html.n) {
		size_t next = bytes_find_byte(bytes_skip(html, h->at), '<');

		if (next == SIZE_MAX)
			take_text(h, html.n);
		else {
			take_text(h, h->at + next);
			take_markup(h);
		}
	}
	while (h->table_depth > 0)
		end_table(h);
	h->in_cell = false;
	say_flow(h, &h->flow, false);
	say_flow(h, &h->hidden, true);
	buffer_release(&h->cell_text);
}
