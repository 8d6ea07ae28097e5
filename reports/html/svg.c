#include "reports/html/svg.h"

#include "parsers/base/utc.h"

enum { LABELS_MOST = 9, LETTER = 7 };

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

static void
open_figure(struct page *page, const char *label)
{
	page_raw(page, "<figure><div class=\"scroll\" tabindex=\"0\" "
		       "role=\"region\" aria-label=\"");
	page_plain(page, label);
	page_raw(page, "\">");
}

static void
open_svg(struct page *page, int height, const char *label, const char *zoom)
{
	page_rawf(page,
	    "<svg viewBox=\"0 0 %d %d\"%s role=\"img\" aria-label=\"",
	    SVG_WIDTH, height, zoom);
	page_plain(page, label);
	page_raw(page, "\">\n");
}

void
svg_open(struct page *page, int height, const char *label)
{
	open_figure(page, label);
	open_svg(page, height, label, "");
}

void
svg_open_zoom(struct page *page, int height, const char *label,
    const struct svg_span *span)
{
	char zoom[160];

	snprintf(zoom, sizeof zoom,
	    " data-from=\"%lld\" data-to=\"%lld\" data-left=\"%d\""
	    " data-right=\"%d\"",
	    (long long)(span->from / UTC_SECOND),
	    (long long)(span->to / UTC_SECOND), span->left,
	    SVG_WIDTH - SVG_RIGHT);
	open_figure(page, label);
	open_svg(page, height, label, zoom);
}

void
svg_rect_at(struct page *page, const struct svg_span *span, int64_t from,
    int64_t to, int y, int height, const char *class)
{
	int x = svg_x(span, from), width = svg_x(span, to) - x;

	page_rawf(page,
	    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
	    "class=\"%s\" data-t=\"%lld\" data-u=\"%lld\">",
	    x, y, width < 2 ? 2 : width, height, class,
	    (long long)(from / UTC_SECOND), (long long)(to / UTC_SECOND));
}

void
svg_close(struct page *page, const char *caption)
{
	page_raw(page, "</svg></div>");
	page_block(page, "figcaption", caption);
	page_raw(page, "</figure>\n");
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
tick(struct page *page, int x, int top, int y)
{
	page_rawf(page,
	    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"rule\"/>"
	    "<text x=\"%d\" y=\"%d\" class=\"soft\">",
	    x, top, x, y + 5, x + 3, y + 15);
}

/* "16 May", with the year when it is another. */
static void
tick_day(struct page *page, const struct utc_parts *p, bool with_year)
{
	char day[8], month[8], year[8];

	snprintf(day, sizeof day, "%d", p->day);
	snprintf(month, sizeof month, "%d", p->month);
	snprintf(year, sizeof year, "%d", p->year);
	page_plain(page, with_year ? "date.short_year" : "date.short",
	    say_cstr("day", day),
	    say_text("month",
		language_word(page->options->words, "mon", bytes_cstr(month))),
	    say_cstr("year", with_year ? year : ""));
	page_raw(page, "</text>\n");
}

void
svg_say(struct page *page, int x, int y, const char *class, const char *key)
{
	page_rawf(page, "<text x=\"%d\" y=\"%d\"", x, y);
	if (class != NULL)
		page_rawf(page, " class=\"%s\"", class);
	page_raw(page, ">");
	page_plain(page, key);
	page_raw(page, "</text>\n");
}

/* Characters, about: the words hold no markup here. */
static int
text_width(struct bytes text)
{
	int n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += (text.p[i] & 0xc0) != 0x80;
	return n * LETTER;
}

void
svg_legend(struct page *page, int x, int y, const struct svg_key *keys)
{
	for (; keys->class != NULL; keys++) {
		svg_rect(page, x, y, 14, 10, keys->class);
		svg_say(page, x + 20, y + 9, NULL, keys->words);
		x += 20 + 24 + text_width(language_text(page->options->words,
				   keys->words));
	}
}

void
svg_axis(struct page *page, const struct svg_span *span, int top, int y)
{
	int64_t days = (span->to - span->from) / UTC_DAY + 1;
	int64_t step = (days / LABELS_MOST + 1) * UTC_DAY;
	int64_t day = span->from - span->from % UTC_DAY;
	int year = 0;

	
	page_raw(page, "<g class=\"ticks\">");
	for (; day < span->to; day += step) {
		struct utc_parts p = utc_split(day);
		int x = svg_x(span, day);

		if (day < span->from || x > SVG_WIDTH - SVG_RIGHT - 50)
			continue;
		tick(page, x, top, y);
		tick_day(page, &p, p.year != year);
		year = p.year;
	}
	page_raw(page, "</g>");
	page_rawf(page,
	    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" "
	    "class=\"axis\"/>\n",
	    span->left, y, SVG_WIDTH - SVG_RIGHT, y);
}

void
svg_hours(struct page *page, const struct svg_span *span, int top, int y)
{
	page_raw(page, "<g class=\"ticks\">");
	for (int hour = 0; hour < 24; hour += 2) {
		tick(page, svg_x(span, span->from + hour * UTC_HOUR), top, y);
		page_rawf(page, "%02d:00</text>\n", hour);
	}
	page_raw(page, "</g>");
	page_rawf(page,
	    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" "
	    "class=\"axis\"/>\n",
	    span->left, y, SVG_WIDTH - SVG_RIGHT, y);
}

static void
write_label(struct page *page, struct bytes text, size_t most)
{
	size_t n = text.n < most ? text.n : most;

	while (n > 0 && n < text.n && (text.p[n] & 0xc0) == 0x80)
		n--;
	page_text(page, bytes_slice(text, 0, n));
	page_rawf(page, "%s</text>\n", n < text.n ? "&hellip;" : "");
}

void
svg_label(struct page *page, int x, int y, struct bytes text, size_t most)
{
	page_rawf(page, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", x, y);
	write_label(page, text, most);
}

void
svg_label_right(
    struct page *page, int x, int y, struct bytes text, size_t most)
{
	page_rawf(page, "<text x=\"%d\" y=\"%d\">", x, y);
	write_label(page, text, most);
}

const char *
svg_heat_class(int64_t n, int64_t most)
{
	if (n == 0)
		return "h0";
	if (n * 20 <= most)
		return "h1";
	if (n * 5 <= most)
		return "h2";
	return n * 2 <= most ? "h3" : "h4";
}

/* The window of the incident file, and all that the intruder did. */
static void
span_of_incident(struct page *page, struct svg_span *span)
{
	struct bytes from = page_incident(page, "$.window.from");
	struct bytes to = page_incident(page, "$.window.to");
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT min(e.time_us), max(e.time_us) FROM judged_events j"
	    " JOIN events e USING (event) WHERE j.attribution = 'adversary'");
	int64_t first = utc_from_iso(from), last = utc_from_iso(to);

	if (case_next(rows) && !case_is_null(rows, 0)) {
		if (first == UTC_NONE || case_number(rows, 0) < first)
			first = case_number(rows, 0);
		if (last == UTC_NONE || case_number(rows, 1) > last)
			last = case_number(rows, 1);
	}
	case_done(rows);
	if (first != UTC_NONE && last != UTC_NONE && last >= first) {
		span->from = first;
		span->to = last + UTC_DAY;
	}
}

/* Without window and intruder: the log. */
static void
span_of_log(struct page *page, struct svg_span *span)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT min(a), max(b) FROM (SELECT min(from_us) AS a,"
	    " max(to_us) AS b FROM coverage UNION ALL SELECT min(to_us),"
	    " max(from_us) FROM coverage)");

	if (case_next(rows) && !case_is_null(rows, 0)) {
		span->from = case_number(rows, 0);
		span->to = case_number(rows, 1);
	}
	case_done(rows);
}

struct svg_span
svg_span_of_case(struct page *page, int left)
{
	struct svg_span span = {0, 0, left};
	int64_t room;

	span_of_incident(page, &span);
	if (span.to <= span.from)
		span_of_log(page, &span);
	if (span.to <= span.from)
		return span;
	room = (span.to - span.from) / 20;
	span.from = (span.from - room) / UTC_DAY * UTC_DAY;
	span.to = ((span.to + room) / UTC_DAY + 1) * UTC_DAY;
	return span;
}
