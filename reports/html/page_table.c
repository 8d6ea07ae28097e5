#include "reports/html/page_table.h"

#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/utc.h"
#include "reports/html/links.h"

static const char *
cell_class(enum cell_kind kind)
{
	switch (kind) {
	case CELL_NUMBER:
	case CELL_COUNT:
		return "n";
	case CELL_TIME:
		return "t";
	case CELL_ROW:
	case CELL_ID:
		return "id h";
	case CELL_IDS:
	case CELL_CODE:
		return "id h";
	case CELL_SHOWN:
		return "s";
	case CELL_DUE:
		return "h";
	case CELL_WORD:
		return "k";
	case CELL_HASH:
		return "id c";
	case CELL_LONG:
	case CELL_SAID:
		return "w";
	case CELL_TEXT:
	case CELL_LIST:
	case CELL_SAIDS:
		return "p";
	case CELL_TAG:
		return "k";
	default:
		return NULL;
	}
}

static bool
is_number(enum cell_kind kind)
{
	return kind == CELL_NUMBER || kind == CELL_COUNT;
}

static void
write_row_id(struct page *page, struct bytes id)
{
	struct bytes anchor;

	id = arena_dup(&page->arena, id);
	anchor = page_anchor(&page->arena, id);
	if (!page->whole && id.n > 0 && page_anchor_is_new(page, anchor))
		page_rawf(page, "<span id=\"%.*s\"></span>", (int)anchor.n,
		    (const char *)anchor.p);
	page_id(page, id);
}

static void
write_number(struct page *page, int64_t number, const char *href)
{
	if (number == INT64_MIN)
		return;
	if (href == NULL || number == 0)
		page_number(page, number);
	else
		page_count(page, href, number);
}

static void
write_anchor(struct page *page, struct bytes id)
{
	struct bytes anchor =
	    page_anchor(&page->arena, arena_dup(&page->arena, id));

	if (!page->whole && page_anchor_is_new(page, anchor))
		page_rawf(page, "<span id=\"%.*s\"></span>", (int)anchor.n,
		    (const char *)anchor.p);
}

static void
write_count(struct page *page, struct bytes text)
{
	size_t at = bytes_find_byte(text, ' ');
	struct bytes id =
	    arena_dup(&page->arena, bytes_skip(text, at + 1));
	struct bytes where = links_find(page->file, &page->arena, id);
	struct bytes anchor = page_anchor(&page->arena, id);
	uint64_t number = 0;

	bytes_to_u64(bytes_slice(text, 0, at), &number);
	if (where.n > 0)
		page_rawf(page, "<a href=\"%.*s#%.*s\">", (int)where.n,
		    (const char *)where.p, (int)anchor.n,
		    (const char *)anchor.p);
	page_number(page, (int64_t)number);
	if (where.n > 0)
		page_raw(page, "</a>");
}

static void
write_cell(struct page *page, const struct page_table *table,
    struct case_rows *rows, int at, const struct page_column *column)
{
	enum cell_kind kind = column->kind;

	switch (kind) {
	case CELL_NUMBER:
		write_number(page, case_number(rows, at), column->href);
		break;
	case CELL_COUNT:
		write_count(page, case_text(rows, at));
		break;
	case CELL_ANCHOR:
		write_anchor(page, case_text(rows, at));
		break;
	case CELL_TIME:
		page_time(page, case_number(rows, at));
		break;
	case CELL_DUE:
		page_due(page, case_text(rows, at));
		break;
	case CELL_LIST:
		page_list(page, case_text(rows, at), column->href);
		break;
	case CELL_IDS:
		page_id_list(page, case_text(rows, at));
		break;
	case CELL_SAID:
		page_sentence(page, case_text(rows, at));
		break;
	case CELL_SAIDS:
		page_sentence_list(page, case_text(rows, at));
		break;
	case CELL_TAG:
		page_tag(page, case_text(rows, at));
		break;
	case CELL_ROW:
		write_row_id(page, case_text(rows, at));
		break;
	case CELL_ID:
		page_id(page, case_text(rows, at));
		break;
	case CELL_SHOWN:
		BUG_ON(!table->message);
		page_text_of(page, case_number(rows, 0), case_text(rows, at));
		break;
	case CELL_TEXT:
	case CELL_LONG:
	case CELL_WORD:
		if (column->href != NULL)
			page_word(page, column->href, case_text(rows, at));
		else
			page_text_cut(page, case_text(rows, at));
		break;
	case CELL_CODE:
	case CELL_HASH:
		page_text_cut(page, case_text(rows, at));
		break;
	}
}

static void
open_cell(struct page *page, const struct page_table *table, size_t i)
{
	const char *class = cell_class(table->columns[i].kind);

	page_raw(page, "<td");
	if (class != NULL)
		page_rawf(page, " class=\"%s\"", class);
	if (table->stack) {
		page_raw(page, " data-label=\"");
		page_plain(page, table->columns[i].heading);
		page_raw(page, "\"");
	}
	page_raw(page, ">");
}

static bool
has_content(struct case_rows *rows, int at, enum cell_kind kind)
{
	struct bytes text = case_text(rows, at);

	if (kind == CELL_LIST || kind == CELL_IDS || kind == CELL_SAIDS)
		return text.n > 2; /* [] */
	return text.n > 0;
}

static void
write_row(
    struct page *page, const struct page_table *table, struct case_rows *rows)
{
	int at = table->message ? 1 : 0;

	page_raw(page, "<tr>");
	for (size_t i = 0; i < table->count; i++, at++) {
		const struct page_column *column = &table->columns[i];
		const char *class = cell_class(column->kind);

		if (column->heading != NULL) {
			page_raw(page, i > 0 ? "</td>" : "");
			open_cell(page, table, i);
			write_cell(page, table, rows, at, column);
		} else if (has_content(rows, at, column->kind)) {
			page_rawf(
			    page, "<div class=\"%s\">", class ? class : "");
			write_cell(page, table, rows, at, column);
			page_raw(page, "</div>");
		}
	}
	page_raw(page, "</td></tr>\n");
	arena_reset(&page->arena);
}

static void
write_open(struct page *page, const struct page_table *table)
{
	page_raw(page, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		       "aria-label=\"");
	page_plain(page, table->label ? table->label : table->caption);
	page_rawf(page, "\"><table class=\"rows%s\">\n<caption>",
	    table->stack ? " stack" : "");
	page_say(page, table->caption);
	if (table->csv != NULL)
		page_rawf(page, " <a href=\"csv/%s.csv\">%s.csv</a>",
		    table->csv, table->csv);
	page_raw(page, "</caption>\n<thead><tr>");
	for (size_t i = 0; i < table->count; i++) {
		if (table->columns[i].heading == NULL)
			continue;
		page_block(page,
		    is_number(table->columns[i].kind)
			? "th scope=\"col\" class=\"n\""
			: "th scope=\"col\"",
		    table->columns[i].heading);
	}
	page_raw(page, "</tr></thead>\n<tbody>\n");
}

static void
write_close(struct page *page)
{
	page_raw(page, "</tbody></table></div>\n");
}

/* Which pages hold the rest; this one is not a link. */
static void
write_index(struct page *page, const char *name, int64_t rows, int this_part)
{
	int parts = (int)((rows + PAGE_ROWS - 1) / PAGE_ROWS);

	page_raw(page, "<p class=\"pages\"><b>");
	page_say(page, "pages.index", say_number("rows", rows),
	    say_number("pages", parts));
	page_raw(page, "</b>");
	for (int part = 1; part <= parts; part++) {
		if (part == this_part)
			page_rawf(page, "<strong>%d</strong>", part);
		else if (part == 1)
			page_rawf(page, "<a href=\"%s.html\">1</a>", name);
		else
			page_rawf(page, "<a href=\"%s-%d.html\">%d</a>", name,
			    part, part);
	}
	page_raw(page, "</p>\n");
}

static int64_t
count_rows(struct page *page, const struct page_table *table)
{
	char *sql;
	struct case_rows *rows;
	int64_t count;

	if (asprintf(&sql, "SELECT count(*) FROM (%s)", table->sql) < 0)
		die_machine("out of memory");
	rows = case_query_new(page->file, sql);
	if (table->argument != NULL)
		case_bind_cstr(rows, 1, table->argument);
	count = case_next(rows) ? case_number(rows, 0) : 0;
	case_done(rows);
	free(sql);
	return count;
}

/* At most `most` rows. */
static void
write_rows(struct page *page, const struct page_table *table,
    struct case_rows *rows, int64_t most)
{
	write_open(page, table);
	while (most-- > 0 && case_next(rows))
		write_row(page, table, rows);
	write_close(page);
}

static struct case_rows *
open_rows(struct page *page, const struct page_table *table)
{
	struct case_rows *rows = case_query_new(page->file, table->sql);

	if (table->argument != NULL)
		case_bind_cstr(rows, 1, table->argument);
	return rows;
}

/* Back to the page whose table goes on here. */
static void
write_from(struct page *page, const struct page *from)
{
	page_raw(page, "<p>");
	page_say(page, "pages.from");
	page_rawf(page, " <a href=\"%s.html\">", from->name);
	page_say(page, from->title);
	page_raw(page, "</a></p>\n");
}

/* The files NAME from part `first` on. */
static void
write_parts(struct page *page, const struct page_table *table,
    struct case_rows *rows, const char *name, int64_t count, int first)
{
	int parts = (int)((count + PAGE_ROWS - 1) / PAGE_ROWS);

	for (int part = first; part <= parts; part++) {
		struct page more;

		page_open(
		    &more, page->file, page->options, name, part, page->title);
		if (first == 1)
			write_from(&more, page);
		if (parts > 1)
			write_index(&more, name, count, part);
		write_rows(&more, table, rows, PAGE_ROWS);
		if (parts > 1)
			write_index(&more, name, count, part);
		page_close(&more);
	}
}

static void
write_cut(struct page *page, int64_t shown, int64_t count, const char *name)
{
	page_raw(page, "<p class=\"note\">");
	page_say(page, "pages.first", say_number("shown", shown),
	    say_number("rows", count));
	page_raw(page, " ");
	if (name != NULL) {
		page_rawf(page, "<a href=\"%s.html\">", name);
		page_say(page, "pages.all");
		page_raw(page, "</a>");
	} else {
		page_say(page, "pages.in_csv");
	}
	page_raw(page, "</p>\n");
}

/* One of several tables of its page. */
static void
write_section(struct page *page, const struct page_table *table, int64_t count)
{
	struct case_rows *rows = open_rows(page, table);

	write_rows(page, table, rows, SECTION_ROWS);
	case_done(rows);
	write_cut(page, SECTION_ROWS, count, table->split);
	rows = open_rows(page, table);
	write_parts(page, table, rows, table->split, count, 1);
	case_done(rows);
}

/* What its page is about. */
static void
write_whole(struct page *page, const struct page_table *table, int64_t count)
{
	struct case_rows *rows = open_rows(page, table);
	bool split = count > PAGE_ROWS;

	if (split)
		write_index(page, page->name, count, 1);
	write_rows(page, table, rows, PAGE_ROWS);
	if (split) {
		write_index(page, page->name, count, 1);
		write_parts(page, table, rows, page->name, count, 2);
	}
	case_done(rows);
}

int64_t
page_table_write(struct page *page, const struct page_table *table)
{
	bool own =
	    table->split == NULL || strcmp(table->split, page->name) == 0;
	int64_t count = count_rows(page, table);
	struct case_rows *rows;

	if (count == 0) {
		if (table->nothing != NULL)
			page_p(page, table->nothing);
	} else if (page->whole) {
		rows = open_rows(page, table);
		write_rows(page, table, rows, PRINT_ROWS);
		case_done(rows);
		if (count > PRINT_ROWS)
			write_cut(page, PRINT_ROWS, count, NULL);
	} else if (own || count <= SECTION_ROWS) {
		write_whole(page, table, count);
	} else {
		write_section(page, table, count);
	}
	return count;
}
