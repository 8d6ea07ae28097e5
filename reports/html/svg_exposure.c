/* Messages of each mailbox by exposure: bars with their numbers. */
#include "reports/html/svg.h"

enum { LANE = 30 };

static const struct svg_bar mailbox_bar = { .left = 230, .height = 16,
	.end = 70, .baseline = 12, .label_most = 27,
	.parts = SVG_EXPOSURES, .number_room = 34 };

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
	svg_legend(page, 40, 4, svg_exposures);
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
		svg_bar_row(page, &mailbox_bar, rows, case_number(rows, 1),
		    y);
		y += LANE;
	}
	case_done(rows);
	svg_close(page, "drawn.exposure_caption");
}
