#include "reports/html/svg.h"

#include "parsers/base/utc.h"

enum {
	WIDTH = 960,
	LEFT = 60,        /* room for the axis labels */
	LANE_LEFT = 250,  /* room for session names */
	DAYS_HEIGHT = 190,
	BAR_TOP = 24,
	BAR_ROOM = 120,
	LANE = 26,
	SESSIONS_MOST = 40,
	LABELS_MOST = 8,
};

struct span {
	int64_t from, to; /* microseconds, from < to */
};

static struct span
span_of(struct page *page, const char *sql)
{
	struct case_rows *rows = case_query_new(page->file, sql);
	struct span span = { 0, 0 };

	if (case_next(rows) && !case_is_null(rows, 0)) {
		span.from = case_number(rows, 0);
		span.to = case_number(rows, 1);
	}
	case_done(rows);
	return span;
}

static int
x_at(const struct span *span, int left, int64_t us)
{
	double part = (double)(us - span->from) /
		      (double)(span->to - span->from);

	return left + (int)(part * (WIDTH - left - 10));
}

static void
date_label(struct page *page, int x, int y, int64_t us)
{
	struct utc_parts p = utc_split(us);

	page_rawf(page,
	    "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" fill=\"#5a6675\">"
	    "%04d-%02d-%02d</text>\n",
	    x, y, p.year, p.month, p.day);
}

/* Ticks at whole days, at most LABELS_MOST of them. */
static void
date_axis(struct page *page, const struct span *span, int left, int y)
{
	int64_t days = (span->to - span->from) / UTC_DAY + 1;
	int64_t step = (days / LABELS_MOST + 1) * UTC_DAY;
	int64_t day = span->from - span->from % UTC_DAY;

	page_rawf(page,
	    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" "
	    "stroke=\"#8b97a5\"/>\n",
	    left, y, WIDTH - 10, y);
	for (; day <= span->to; day += step) {
		int x = x_at(span, left, day < span->from ? span->from : day);

		page_rawf(page,
		    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" "
		    "stroke=\"#8b97a5\"/>\n",
		    x, y, x, y + 4);
		if (x < WIDTH - 40)
			date_label(page, x < left + 30 ? left + 30 : x, y + 17,
			    day);
	}
}

void
svg_days(struct page *page)
{
	struct span span = span_of(page,
	    "SELECT min(time_us) / 86400000000 * 86400000000,"
	    " (max(time_us) / 86400000000 + 1) * 86400000000"
	    " FROM judged_events JOIN events USING (event)"
	    " WHERE attribution = 'adversary'");
	struct case_rows *rows;
	int64_t most;

	if (span.to <= span.from)
		return;
	most = page_count(page,
	    "SELECT max(n) FROM (SELECT count(*) AS n FROM judged_events"
	    " JOIN events USING (event) WHERE attribution = 'adversary'"
	    " GROUP BY time_us / 86400000000)");
	page_rawf(page,
	    "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Records of "
	    "the adversary a day, UTC\" width=\"%d\" height=\"%d\">\n"
	    "<text x=\"%d\" y=\"14\" fill=\"#1b2430\">Audit records of the "
	    "intruder, per UTC day (highest: %lld)</text>\n",
	    WIDTH, DAYS_HEIGHT, WIDTH, DAYS_HEIGHT, LEFT, (long long)most);
	rows = case_query_new(page->file,
	    "SELECT time_us / 86400000000 * 86400000000 AS day, count(*),"
	    " sum(j.access_type IN ('bind', 'sync'))"
	    " FROM judged_events j JOIN events USING (event)"
	    " WHERE attribution = 'adversary' GROUP BY day ORDER BY day");
	while (case_next(rows)) {
		int64_t day = case_number(rows, 0), n = case_number(rows, 1);
		int x = x_at(&span, LEFT, day);
		int next = x_at(&span, LEFT, day + UTC_DAY);
		int height = (int)(n * BAR_ROOM / most);
		int width = next - x > 40 ? 40 : next - x - 1;

		if (height < 2)
			height = 2;
		page_rawf(page,
		    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		    "fill=\"#9b1c1c\"><title>%lld records, %lld of them "
		    "reading mail</title></rect>\n",
		    x, BAR_TOP + BAR_ROOM - height, width < 1 ? 1 : width,
		    height, (long long)n, (long long)case_number(rows, 2));
	}
	case_done(rows);
	date_axis(page, &span, LEFT, BAR_TOP + BAR_ROOM);
	page_raw(page, "</svg>\n");
}

static void
session_lane(struct page *page, struct case_rows *rows,
    const struct span *span, int y)
{
	int64_t first = case_number(rows, 1), last = case_number(rows, 2);
	int x = x_at(span, LANE_LEFT, first);
	int width = x_at(span, LANE_LEFT, last) - x;
	struct bytes name = bytes_slice(case_text(rows, 0), 0, 36);

	page_rawf(page,
	    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#1b2430\">",
	    LANE_LEFT - 8, y + 14);
	page_text(page, name);
	page_rawf(page,
	    "</text>\n<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" "
	    "stroke=\"#d7dde4\"/>\n<rect x=\"%d\" y=\"%d\" width=\"%d\" "
	    "height=\"12\" fill=\"#9b1c1c\"><title>",
	    LANE_LEFT, y + 10, WIDTH - 10, y + 10, x, y + 4,
	    width < 3 ? 3 : width);
	page_time(page, first);
	page_raw(page, " to ");
	page_time(page, last);
	page_rawf(page, ", %lld records</title></rect>\n",
	    (long long)case_number(rows, 3));
}

void
svg_sessions(struct page *page)
{
	struct span span = span_of(page,
	    "SELECT min(first_us) - 3600000000, max(last_us) + 3600000000"
	    " FROM sessions WHERE attribution = 'adversary'");
	int64_t count = page_count(page,
	    "SELECT count(*) FROM sessions WHERE attribution = 'adversary'");
	int lanes = count > SESSIONS_MOST ? SESSIONS_MOST : (int)count;
	int height = lanes * LANE + 40, y = 8;
	struct case_rows *rows;

	if (span.to <= span.from)
		return;
	page_rawf(page,
	    "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Sessions of "
	    "the adversary over time, UTC\" width=\"%d\" height=\"%d\">\n",
	    WIDTH, height, WIDTH, height);
	rows = case_query_new(page->file,
	    "SELECT session, first_us, last_us, events FROM sessions"
	    " WHERE attribution = 'adversary' ORDER BY first_us, session");
	while (case_next(rows) && lanes-- > 0) {
		session_lane(page, rows, &span, y);
		y += LANE;
	}
	case_done(rows);
	date_axis(page, &span, LANE_LEFT, y + 4);
	page_raw(page, "</svg>\n");
	if (count > SESSIONS_MOST)
		page_rawf(page,
		    "<p>The first %d of %lld sessions are drawn; the table has "
		    "all.</p>\n",
		    SESSIONS_MOST, (long long)count);
}
