/* Bars in parts, a part an exposure. */
#include "reports/html/svg.h"

#define EXPOSED                                                                \
	{"f-accessed", "tag.accessed"}, {"f-taken", "tag.taken"},              \
	    {"f-synced", "tag.synced"}, {"f-presumed", "tag.presumed"},        \
	    {"f-possible", "tag.possible"}

const struct svg_key svg_exposed[SVG_EXPOSED + 1] = { EXPOSED };
const struct svg_key svg_exposures[SVG_EXPOSURES + 1] = { EXPOSED,
	{"f-not_covered", "tag.not_covered"}, {"f-not_shown", "tag.not_shown"} };

void
svg_bar_row(struct page *page, const struct svg_bar *bar,
    struct case_rows *rows, int64_t whole, int y)
{
	int x = bar->left, room = SVG_WIDTH - SVG_RIGHT - bar->left - bar->end;

	svg_label(page, bar->left - 10, y + bar->baseline, case_text(rows, 0),
	    bar->label_most);
	for (int i = 0; i < bar->parts && whole > 0; i++) {
		int64_t n = case_number(rows, 2 + i);
		int width = (int)(n * room / whole);

		if (n == 0)
			continue;
		if (width < 2)
			width = 2;
		page_rawf(page,
		    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		    "class=\"%s\"><title>",
		    x, y, width, bar->height, svg_exposures[i].class);
		page_plain(page, svg_exposures[i].words);
		page_rawf(page, ": %lld</title></rect>", (long long)n);
		if (bar->number_room > 0 && width >= bar->number_room)
			page_rawf(page, "<text x=\"%d\" y=\"%d\"%s>%lld</text>",
			    x + 5, y + bar->baseline,
			    i + 1 < SVG_EXPOSURES ? " class=\"on\"" : "",
			    (long long)n);
		x += width + 1;
	}
	page_rawf(page, "<text x=\"%d\" y=\"%d\" class=\"soft\">", x + 6,
	    y + bar->baseline);
	page_number(page, case_number(rows, 1));
	page_raw(page, "</text>\n");
}
