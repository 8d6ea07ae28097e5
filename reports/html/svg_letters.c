/*
 * Who wrote to whom in the exposed messages: writers at the left, readers at
 * the right, a line for each pair.  The strongest WRITERS_MOST and READERS_MOST
 * are drawn, in order of their messages; the rest is told in words.
 */
#include "reports/html/page_table.h"
#include "reports/html/svg.h"

enum {
	NODES_MOST = 18,
	LINES_MOST = 80,
	NODE = 24,
	TOP = 30,
	LEFT = 330,
	RIGHT = 770,
	WIDTH_MOST = 12,
};

/* An address on each side once a message; own ones are the mailboxes'. */
static const char pairs_sql[] =
    "DROP TABLE IF EXISTS temp.letters;"
    "CREATE TEMP TABLE letters AS SELECT f.address AS writer,"
    "  t.address AS reader, count(DISTINCT f.message) AS n FROM"
    "  (SELECT DISTINCT message, lower8(address) AS address FROM addresses"
    "   WHERE role = 'from' AND address <> '') f JOIN"
    "  (SELECT DISTINCT message, lower8(address) AS address FROM addresses"
    "   WHERE role IN ('to', 'cc', 'bcc') AND address <> '') t"
    "  USING (message) WHERE message IN (SELECT message FROM places WHERE"
    "   exposure IN ('accessed', 'taken', 'synced', 'presumed', 'possible'))"
    " GROUP BY 1, 2;"
    "DROP TABLE IF EXISTS temp.writers;"
    "CREATE TEMP TABLE writers AS SELECT writer AS address, sum(n) AS n,"
    "  row_number() OVER (ORDER BY sum(n) DESC, writer) AS at"
    " FROM letters GROUP BY writer;"
    "DROP TABLE IF EXISTS temp.readers;"
    "CREATE TEMP TABLE readers AS SELECT reader AS address, sum(n) AS n,"
    "  row_number() OVER (ORDER BY sum(n) DESC, reader) AS at"
    " FROM letters GROUP BY reader;"
    "DROP TABLE IF EXISTS temp.lines;"
    "CREATE TEMP TABLE lines AS SELECT * FROM (SELECT w.at AS a, r.at AS b,"
    "  l.n AS n, row_number() OVER (ORDER BY l.n DESC, w.at, r.at) AS at"
    "  FROM letters l JOIN writers w ON w.address = l.writer"
    "  JOIN readers r ON r.address = l.reader"
    "  WHERE w.at <= 18 AND r.at <= 18) WHERE at <= 80";

static void
write_side(struct page *page, const char *sql, bool left)
{
	struct case_rows *rows = case_query_new(page->file, sql);

	case_bind_number(rows, 1, NODES_MOST);
	while (case_next(rows)) {
		int y = TOP + (int)(case_number(rows, 1) - 1) * NODE + 12;
		bool own = case_number(rows, 3) != 0;
		struct bytes shown = arena_printf(&page->arena,
		    "%.*s (%lld)", (int)case_text(rows, 0).n,
		    (const char *)case_text(rows, 0).p,
		    (long long)case_number(rows, 2));

		/* Own mailboxes are squares, others circles. */
		if (own)
			page_rawf(page,
			    "<rect x=\"%d\" y=\"%d\" width=\"9\" height=\"9\" "
			    "class=\"f-known\"/>",
			    left ? LEFT - 4 : RIGHT - 4, y - 5);
		else
			page_rawf(page,
			    "<circle cx=\"%d\" cy=\"%d\" r=\"5\" "
			    "class=\"f-outside_node\"/>",
			    left ? LEFT : RIGHT, y);
		if (left)
			svg_label(page, LEFT - 14, y + 4, shown, 46);
		else
			svg_label_right(page, RIGHT + 14, y + 4, shown, 46);
	}
	case_done(rows);
}

static void
write_lines(struct page *page)
{
	int64_t most = page_sum(page, "SELECT max(n) FROM temp.lines");
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT l.a, l.b, l.n, w.address, r.address FROM temp.lines l"
	    " JOIN temp.writers w ON w.at = l.a JOIN temp.readers r"
	    " ON r.at = l.b ORDER BY l.at DESC");

	while (case_next(rows)) {
		int y1 = TOP + (int)(case_number(rows, 0) - 1) * NODE + 12;
		int y2 = TOP + (int)(case_number(rows, 1) - 1) * NODE + 12;
		int64_t n = case_number(rows, 2);

		page_rawf(page,
		    "<path d=\"M%d %dC%d %d %d %d %d %d\" class=\"letter\" "
		    "stroke-width=\"%d\"><title>",
		    LEFT + 6, y1, LEFT + 170, y1, RIGHT - 170, y2, RIGHT - 6,
		    y2, 1 + (int)(n * (WIDTH_MOST - 1) / most));
		page_plain(page, "drawn.letter",
		    say_text("writer", case_text(rows, 3)),
		    say_text("reader", case_text(rows, 4)),
		    say_number("n", n));
		page_raw(page, "</title></path>\n");
	}
	case_done(rows);
}

static void
write_drawing(struct page *page)
{
	int64_t writers = page_sum(page, "SELECT max(at) FROM temp.writers");
	int64_t readers = page_sum(page, "SELECT max(at) FROM temp.readers");
	int64_t lanes = writers > readers ? writers : readers;
	int64_t drawn = page_sum(page, "SELECT count(*) FROM temp.lines");
	int64_t pairs = page_sum(page, "SELECT count(*) FROM temp.letters");

	if (lanes > NODES_MOST)
		lanes = NODES_MOST;
	svg_open(page, TOP + (int)lanes * NODE + 8, "drawn.letters");
	svg_say(page, LEFT - 90, 16, NULL, "drawn.writers");
	svg_say(page, RIGHT + 10, 16, NULL, "drawn.readers");
	write_lines(page);
	write_side(page,
	    "SELECT address, at, n, address IN (SELECT mailbox FROM mailboxes)"
	    " FROM temp.writers WHERE at <= ?1 ORDER BY at",
	    true);
	write_side(page,
	    "SELECT address, at, n, address IN (SELECT mailbox FROM mailboxes)"
	    " FROM temp.readers WHERE at <= ?1 ORDER BY at",
	    false);
	svg_close(page, "drawn.letters_caption");
	page_p(page, "drawn.letters_rest", say_number("drawn", drawn),
	    say_number("pairs", pairs), say_number("writers", writers),
	    say_number("readers", readers));
}

void
svg_letters(struct page *page)
{
	static const struct page_column columns[] = {
	    {"why.from", CELL_TEXT, NULL},
	    {"why.to", CELL_TEXT, NULL},
	    {"col.messages", CELL_NUMBER, NULL},
	};
	static const struct page_table table = {
	    .caption = "letters.caption",
	    .nothing = "letters.none",
	    .sql = "SELECT writer, reader, n FROM temp.letters"
		   " ORDER BY n DESC, writer, reader",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .split = "letters",
	};

	case_run(page->file, pairs_sql);
	page_heading(page, 2, "letters", "letters.title");
	if (page_sum(page, "SELECT count(*) FROM temp.letters") > 0)
		write_drawing(page);
	page_table_write(page, &table);
}
