/* Where the log speaks and where it is silent, and what the intruder did. */
#include "parsers/base/utc.h"
#include "reports/html/svg.h"

enum {
	LEFT = 190,
	LANE = 26,
	BARS = 90,
	BAR_TOP = 22,
	SUMMARY_LANES = 12, /* mailboxes on page one */
};

static const char patterns[] =
    "<defs>"
    "<pattern id=\"hatch\" width=\"6\" height=\"6\" "
    "patternUnits=\"userSpaceOnUse\"><path d=\"M0 6L6 0\" class=\"hatch\"/>"
    "</pattern><pattern id=\"cross\" width=\"6\" height=\"6\" "
    "patternUnits=\"userSpaceOnUse\"><path d=\"M0 6L6 0M0 0L6 6\" "
    "class=\"hatch\"/></pattern><pattern id=\"dots\" width=\"6\" "
    "height=\"6\" patternUnits=\"userSpaceOnUse\"><circle cx=\"2\" cy=\"2\" "
    "r=\"1\" class=\"dot\"/></pattern></defs>\n";

static void
write_patterns(struct page *page)
{
	if (!page->patterns)
		page_raw(page, patterns);
	page->patterns = true;
}

static void
legend(struct page *page, int y)
{
	static const struct svg_key keys[] = {
	    {"f-covered", "drawn.covered"},
	    {"f-gap", "drawn.gap"},
	    {"f-throttled", "drawn.throttled"},
	    {"f-audit_off", "drawn.audit_off"},
	    {"f-outside", "drawn.outside"},
	    {"f-adversary", "drawn.marks"},
	    {NULL, NULL},
	};

	svg_legend(page, 40, y, keys);
}

static void
coverage_piece(struct page *page, struct case_rows *rows,
    const struct svg_span *span, int y)
{
	int64_t from = case_number(rows, 0), to = case_number(rows, 1);
	struct bytes status = case_text(rows, 2);
	char class[32];
	int x;

	if (from == UTC_NONE || from < span->from)
		from = span->from;
	if (to == UTC_NONE || to > span->to)
		to = span->to;
	if (to <= from)
		return;
	snprintf(class, sizeof class, "f-%.*s", (int)status.n,
	    (const char *)status.p);
	x = svg_x(span, from);
	page_rawf(page,
	    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"14\" class=\"%s\">"
	    "<title>",
	    x, y, svg_x(span, to) - x < 1 ? 1 : svg_x(span, to) - x, class);
	page_word(page, "tag", status);
	page_raw(page, ": ");
	page_plain(
	    page, "drawn.span", say_time("from", from), say_time("to", to));
	page_raw(page, "; ");
	page_sentence(page, case_text(rows, 3));
	page_raw(page, "</title></rect>\n");
}

static void
coverage_lane(
    struct page *page, int64_t mailbox, const struct svg_span *span, int y)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT from_us, to_us, status, reason FROM coverage"
	    " WHERE mailbox_no = ?1 ORDER BY from_us, to_us, status");

	case_bind_number(rows, 1, mailbox);
	while (case_next(rows))
		coverage_piece(page, rows, span, y);
	case_done(rows);
}

/* When the intruder was in that mailbox: one mark an hour. */
static void
intruder_marks(
    struct page *page, int64_t mailbox, const struct svg_span *span, int y)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT DISTINCT e.time_us / 3600000000 * 3600000000"
	    " FROM judged_events j JOIN events e USING (event)"
	    " WHERE j.mailbox_no = ?1 AND j.attribution = 'adversary'"
	    " AND e.time_us IS NOT NULL ORDER BY 1");
	int last = -1;

	case_bind_number(rows, 1, mailbox);
	while (case_next(rows)) {
		int x = svg_x(span, case_number(rows, 0));

		if (x != last)
			svg_rect(page, x, y, 3, 5, "f-adversary");
		last = x;
	}
	case_done(rows);
	page_raw(page, "\n");
}

/* Mailboxes that matter: held, or entered. *y moves below them. */
static void
coverage_lanes(struct page *page, const struct svg_span *span, int *y, int most)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT mailbox_no, mailbox, first_adversary_us, last_adversary_us"
	    " FROM mailboxes WHERE held = 1 OR first_adversary_us IS NOT NULL"
	    " ORDER BY first_adversary_us IS NULL, mailbox LIMIT ?1");

	case_bind_number(rows, 1, most);
	while (case_next(rows)) {
		svg_label(page, LEFT - 10, *y + 11, case_text(rows, 1), 24);
		coverage_lane(page, case_number(rows, 0), span, *y);
		if (!case_is_null(rows, 2))
			intruder_marks(
			    page, case_number(rows, 0), span, *y + 16);
		*y += LANE;
	}
	case_done(rows);
}

static int
lane_count(struct page *page, int most)
{
	int64_t n =
	    page_sum(page, "SELECT count(*) FROM mailboxes WHERE held = 1"
			   " OR first_adversary_us IS NOT NULL");

	return n > most ? most : (int)n;
}

static void
day_bars(struct page *page, const struct svg_span *span)
{
	int64_t most = page_sum(page,
	    "SELECT max(n) FROM (SELECT count(*) AS n FROM judged_events"
	    " JOIN events USING (event) WHERE attribution = 'adversary'"
	    " AND time_us IS NOT NULL GROUP BY time_us / 86400000000)");
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT time_us / 86400000000 * 86400000000 AS day, count(*)"
	    " FROM judged_events JOIN events USING (event)"
	    " WHERE attribution = 'adversary' AND time_us IS NOT NULL"
	    " GROUP BY day ORDER BY day");

	while (case_next(rows)) {
		int64_t day = case_number(rows, 0), n = case_number(rows, 1);
		int x = svg_x(span, day);
		int width = svg_x(span, day + UTC_DAY) - x - 1;
		int height = (int)(n * BARS / most);

		if (height < 2)
			height = 2;
		page_rawf(page,
		    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		    "class=\"f-adversary\"><title>",
		    x, BAR_TOP + BARS - height, width < 1 ? 1 : width, height);
		page_plain(
		    page, "drawn.day", say_day("day", day), say_number("n", n));
		page_raw(page, "</title></rect>\n");
	}
	case_done(rows);
	page_rawf(page,
	    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" class=\"soft\">"
	    "%lld</text>\n<text x=\"%d\" y=\"%d\" text-anchor=\"end\" "
	    "class=\"soft\">0</text>\n",
	    LEFT - 10, BAR_TOP + 8, (long long)most, LEFT - 10, BAR_TOP + BARS);
	svg_say(page, LEFT, 14, NULL, "drawn.per_day");
}

void
svg_overview(struct page *page)
{
	struct svg_span span = svg_span_of_case(page, LEFT);
	int lanes = lane_count(page, SUMMARY_LANES);
	int y = BAR_TOP + BARS + 34, height = y + lanes * LANE + 48;

	if (span.to <= span.from)
		return;
	svg_open(page, height, "drawn.overview");
	write_patterns(page);
	day_bars(page, &span);
	svg_say(page, LEFT, y - 10, NULL, "drawn.covers");
	coverage_lanes(page, &span, &y, SUMMARY_LANES);
	svg_axis(page, &span, BAR_TOP, y + 2);
	legend(page, y + 28);
	svg_close(page, "drawn.overview_caption");
}

void
svg_coverage(struct page *page)
{
	struct svg_span span = svg_span_of_case(page, LEFT);
	int y = 8;

	if (span.to <= span.from)
		return;
	svg_open(page, y + lane_count(page, SVG_MAILBOXES_MOST) * LANE + 48,
	    "drawn.coverage");
	write_patterns(page);
	coverage_lanes(page, &span, &y, SVG_MAILBOXES_MOST);
	svg_axis(page, &span, 4, y + 2);
	legend(page, y + 28);
	svg_close(page, "drawn.coverage_caption");
}
