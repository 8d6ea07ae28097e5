/* People by kind of data and residence: a grid of numbers. */
#include "reports/html/svg.h"

enum {
	LEFT = 190,
	TOP = 130,
	ROW = 24,
	ELEMENTS_MOST = 12,
	RESIDENCES_MOST = 30,
	COLUMN = (SVG_WIDTH - LEFT - SVG_RIGHT) / ELEMENTS_MOST,
};

/* Named people with data in exposed messages, as in the table below. */
static const char cells_sql[] =
    "DROP TABLE IF EXISTS temp.grid;"
    "CREATE TEMP TABLE grid AS SELECT coalesce(nullif(p.residence, ''),"
    "  " SAID("residence.unknown") ") AS residence, e.value AS element,"
    "  count(*) AS n FROM people p, json_each(p.elements_exposed) e"
    " WHERE coalesce(p.name, '') <> '' GROUP BY 1, 2;"
    "DROP TABLE IF EXISTS temp.grid_rows;"
    "CREATE TEMP TABLE grid_rows AS SELECT residence, row_number() OVER"
    "  (ORDER BY sum(n) DESC, residence) AS at FROM grid GROUP BY residence;"
    "DROP TABLE IF EXISTS temp.grid_columns;"
    "CREATE TEMP TABLE grid_columns AS SELECT element, row_number() OVER"
    "  (ORDER BY sum(n) DESC, element) AS at FROM grid GROUP BY element";

static void
write_heads(struct page *page)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT element, at FROM temp.grid_columns WHERE at <= ?1"
	    " ORDER BY at");

	case_bind_number(rows, 1, ELEMENTS_MOST);
	while (case_next(rows)) {
		int x = LEFT + (int)(case_number(rows, 1) - 1) * COLUMN;

		page_rawf(page,
		    "<text transform=\"translate(%d %d) rotate(-32)\">",
		    x + COLUMN / 2 - 6, TOP - 8);
		page_word(page, "element", case_text(rows, 0));
		page_raw(page, "</text>\n");
	}
	case_done(rows);
	rows = case_query_new(page->file,
	    "SELECT residence, at FROM temp.grid_rows WHERE at <= ?1"
	    " ORDER BY at");
	case_bind_number(rows, 1, RESIDENCES_MOST);
	while (case_next(rows))
		svg_label(page, LEFT - 10,
		    TOP + (int)(case_number(rows, 1) - 1) * ROW + 15,
		    case_text(rows, 0), 24);
	case_done(rows);
}

static void
write_cells(struct page *page, int64_t most)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT r.at, c.at, coalesce(g.n, 0) FROM temp.grid_rows r"
	    " CROSS JOIN temp.grid_columns c LEFT JOIN temp.grid g"
	    "  ON g.residence = r.residence AND g.element = c.element"
	    " WHERE r.at <= ?1 AND c.at <= ?2 ORDER BY r.at, c.at");

	case_bind_number(rows, 1, RESIDENCES_MOST);
	case_bind_number(rows, 2, ELEMENTS_MOST);
	while (case_next(rows)) {
		int x = LEFT + (int)(case_number(rows, 1) - 1) * COLUMN;
		int y = TOP + (int)(case_number(rows, 0) - 1) * ROW;
		int64_t n = case_number(rows, 2);
		const char *class = svg_heat_class(n, most);

		svg_rect(page, x, y, COLUMN - 2, ROW - 2, class);
		if (n > 0)
			page_rawf(page,
			    "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\"%s>"
			    "%lld</text>\n",
			    x + COLUMN / 2 - 1, y + 15,
			    class[1] > '2' ? " class=\"on\"" : "",
			    (long long)n);
	}
	case_done(rows);
}

void
svg_people(struct page *page)
{
	int64_t most, lanes;

	case_run(page->file, cells_sql);
	most = page_sum(page, "SELECT max(n) FROM temp.grid");
	lanes = page_sum(page, "SELECT count(*) FROM temp.grid_rows");
	if (most == 0)
		return;
	if (lanes > RESIDENCES_MOST)
		lanes = RESIDENCES_MOST;
	svg_open(page, TOP + (int)lanes * ROW + 4, "drawn.people");
	write_heads(page);
	write_cells(page, most);
	svg_close(page, "drawn.people_caption");
}
