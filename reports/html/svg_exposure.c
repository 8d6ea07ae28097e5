/* Messages of each mailbox by exposure: bars with their numbers. */
#include "reports/html/svg.h"

enum { LEFT = 230, LANE = 30, HEIGHT = 16, EXPOSURES = 7, NUMBER_ROOM = 34 };

static const struct svg_key exposures[EXPOSURES + 1] = {
    {"f-accessed", "tag.accessed"},
    {"f-taken", "tag.taken"},
    {"f-synced", "tag.synced"},
    {"f-presumed", "tag.presumed"},
    {"f-possible", "tag.possible"},
    {"f-not_covered", "tag.not_covered"},
    {"f-not_shown", "tag.not_shown"},
};

static void
bar(struct page *page, struct case_rows *rows, int y)
{
	int64_t total = case_number(rows, 1);
	int x = LEFT, room = SVG_WIDTH - SVG_RIGHT - LEFT - 70;

	svg_label(page, LEFT - 10, y + 12, case_text(rows, 0), 27);
	for (int i = 0; i < EXPOSURES && total > 0; i++) {
		int64_t n = case_number(rows, 2 + i);
		int width = (int)(n * room / total);

		if (n == 0)
			continue;
		if (width < 2)
			width = 2;
		page_rawf(page,
		    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		    "class=\"%s\"><title>",
		    x, y, width, HEIGHT, exposures[i].class);
		page_plain(page, exposures[i].words);
		page_rawf(page, ": %lld</title></rect>", (long long)n);
		if (width >= NUMBER_ROOM)
			page_rawf(page, "<text x=\"%d\" y=\"%d\"%s>%lld</text>",
			    x + 5, y + 12,
			    i + 1 < EXPOSURES ? " class=\"on\"" : "",
			    (long long)n);
		x += width + 1;
	}
	page_rawf(
	    page, "<text x=\"%d\" y=\"%d\" class=\"soft\">", x + 6, y + 12);
	page_number(page, total);
	page_raw(page, "</text>\n");
}

void
svg_exposure(struct page *page)
{
	int64_t held =
	    page_sum(page, "SELECT count(*) FROM mailboxes WHERE held = 1");
	int lanes = held > SVG_MAILBOXES_MOST ? SVG_MAILBOXES_MOST : (int)held;
	struct case_rows *rows;
	int y = 28;

	if (lanes == 0)
		return;
	svg_open(page, y + lanes * LANE, "drawn.exposure");
	svg_legend(page, 40, 4, exposures);
	rows = case_query_new(page->file,
	    "SELECT b.mailbox, count(p.place), sum(p.exposure = 'accessed'),"
	    " sum(p.exposure = 'taken'), sum(p.exposure = 'synced'),"
	    " sum(p.exposure = 'presumed'), sum(p.exposure = 'possible'),"
	    " sum(p.exposure = 'not_covered'), sum(p.exposure = 'not_shown')"
	    " FROM mailboxes b LEFT JOIN places p ON p.mailbox_no ="
	    " b.mailbox_no AND p.state <> 'embedded' WHERE b.held = 1"
	    " GROUP BY b.mailbox_no ORDER BY b.first_adversary_us IS NULL,"
	    " b.mailbox LIMIT ?1");
	case_bind_number(rows, 1, SVG_MAILBOXES_MOST);
	while (case_next(rows)) {
		bar(page, rows, y);
		y += LANE;
	}
	case_done(rows);
	svg_close(page, "drawn.exposure_caption");
}
