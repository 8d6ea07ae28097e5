#include "reports/html/svg.h"

#include "parsers/base/utc.h"

enum { LABELS_MOST = 9 };

int
svg_x(const struct svg_span *span, int64_t us)
{
	double part =
	    (double)(us - span->from) / (double)(span->to - span->from);

	if (part < 0)
		part = 0;
	if (part > 1)
		part = 1;
	return span->left + (int)(part * (SVG_WIDTH - SVG_RIGHT - span->left));
}

void
svg_open(struct page *page, int height, const char *label)
{
	page_rawf(page,
	    "<figure><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"Drawing\"><svg viewBox=\"0 0 %d %d\" role=\"img\" "
	    "aria-label=\"%s\">\n",
	    SVG_WIDTH, height, label);
}

void
svg_close(struct page *page, const char *caption)
{
	page_rawf(page, "</svg></div><figcaption>%s</figcaption></figure>\n",
	    caption);
}

void
svg_rect(
    struct page *page, int x, int y, int width, int height, const char *class)
{
	page_rawf(page,
	    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
	    "class=\"%s\"/>",
	    x, y, width < 1 ? 1 : width, height, class);
}

static void
tick(struct page *page, int x, int top, int y, const char *text)
{
	page_rawf(page,
	    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"rule\"/>"
	    "<text x=\"%d\" y=\"%d\" class=\"soft\">%s</text>\n",
	    x, top, x, y + 5, x + 3, y + 15, text);
}

void
svg_axis(struct page *page, const struct svg_span *span, int top, int y)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t days = (span->to - span->from) / UTC_DAY + 1;
	int64_t step = (days / LABELS_MOST + 1) * UTC_DAY;
	int64_t day = span->from - span->from % UTC_DAY;
	int year = 0;

	for (; day < span->to; day += step) {
		struct utc_parts p = utc_split(day);
		int x = svg_x(span, day);
		char text[32];

		if (day < span->from || x > SVG_WIDTH - SVG_RIGHT - 50)
			continue;
		if (p.year != year)
			snprintf(text, sizeof text, "%d %s %d", p.day,
			    months[p.month - 1], p.year);
		else
			snprintf(text, sizeof text, "%d %s", p.day,
			    months[p.month - 1]);
		year = p.year;
		tick(page, x, top, y, text);
	}
	page_rawf(page,
	    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" "
	    "class=\"axis\"/>\n",
	    span->left, y, SVG_WIDTH - SVG_RIGHT, y);
}

void
svg_hours(struct page *page, const struct svg_span *span, int top, int y)
{
	for (int hour = 0; hour < 24; hour += 2) {
		char text[16];

		snprintf(text, sizeof text, "%02d:00", hour);
		tick(page, svg_x(span, span->from + hour * UTC_HOUR), top, y,
		    text);
	}
	page_rawf(page,
	    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" "
	    "class=\"axis\"/>\n",
	    span->left, y, SVG_WIDTH - SVG_RIGHT, y);
}

void
svg_label(struct page *page, int x, int y, struct bytes text, size_t most)
{
	size_t n = text.n < most ? text.n : most;

	while (n > 0 && n < text.n && (text.p[n] & 0xc0) == 0x80)
		n--;
	page_rawf(page, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", x, y);
	page_text(page, bytes_slice(text, 0, n));
	page_rawf(page, "%s</text>\n", n < text.n ? "&hellip;" : "");
}

struct svg_span
svg_span_of_case(struct page *page, int left)
{
	struct svg_span span = {0, 0, left};
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT min(a) / 86400000000 * 86400000000,"
	    " (max(b) / 86400000000 + 1) * 86400000000 FROM ("
	    " SELECT min(from_us) AS a, max(to_us) AS b FROM coverage"
	    " UNION ALL SELECT min(to_us), max(from_us) FROM coverage"
	    " UNION ALL SELECT min(first_us), max(last_us) FROM sessions"
	    "  WHERE attribution = 'adversary')");

	if (case_next(rows) && !case_is_null(rows, 0)) {
		span.from = case_number(rows, 0);
		span.to = case_number(rows, 1);
	}
	case_done(rows);
	return span;
}
