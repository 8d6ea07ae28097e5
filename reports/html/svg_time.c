/* When the intruder worked: a heat map of hours, a lane for each session. */
#include "parsers/base/utc.h"
#include "reports/html/svg.h"

enum {
	HEAT_LEFT = 110,
	CELL = 38,
	ROW = 20,
	LANE_LEFT = 330,
	LANE = 22,
	LANE_HEIGHT = 12,
	TICKS_MOST = 200, /* of one lane */
};

/* One row a day, 24 cells: steps of the number's logarithm. */
static void
heat_row(struct page *page, int64_t day, const int64_t hours[24], int64_t most,
    int y)
{
	struct utc_parts p = utc_split(day);

	page_rawf(page,
	    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" class=\"soft\">"
	    "%04d-%02d-%02d</text>",
	    HEAT_LEFT - 10, y + 14, p.year, p.month, p.day);
	for (int h = 0; h < 24; h++) {
		const char *class = svg_heat_class(hours[h], most);

		svg_rect(
		    page, HEAT_LEFT + h * CELL, y, CELL - 2, ROW - 2, class);
		if (hours[h] > 0)
			page_rawf(page,
			    "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\"%s>"
			    "%lld</text>",
			    HEAT_LEFT + h * CELL + CELL / 2 - 1, y + 14,
			    class[1] > '2' ? " class=\"on\"" : "",
			    (long long)hours[h]);
	}
	page_raw(page, "\n");
}

static void
heat_rows(struct page *page, int64_t most, int y)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT time_us / 86400000000 * 86400000000 AS day,"
	    " time_us / 3600000000 % 24 AS hour, count(*)"
	    " FROM judged_events JOIN events USING (event)"
	    " WHERE attribution = 'adversary' AND time_us >= 0"
	    " GROUP BY day, hour ORDER BY day, hour");
	int64_t hours[24] = {0}, day = UTC_NONE;
	int written = 0;

	while (case_next(rows) && written < SVG_DAYS_MOST) {
		if (day != UTC_NONE && case_number(rows, 0) != day) {
			heat_row(page, day, hours, most, y);
			y += ROW;
			written++;
			memset(hours, 0, sizeof hours);
		}
		day = case_number(rows, 0);
		hours[case_number(rows, 1)] = case_number(rows, 2);
	}
	if (day != UTC_NONE && written < SVG_DAYS_MOST)
		heat_row(page, day, hours, most, y);
	case_done(rows);
}

void
svg_heat(struct page *page)
{
	int64_t days = page_sum(page,
	    "SELECT count(DISTINCT time_us / 86400000000) FROM judged_events"
	    " JOIN events USING (event) WHERE attribution = 'adversary'"
	    " AND time_us >= 0");
	int64_t most = page_sum(page,
	    "SELECT max(n) FROM (SELECT count(*) AS n FROM judged_events"
	    " JOIN events USING (event) WHERE attribution = 'adversary'"
	    " AND time_us >= 0 GROUP BY time_us / 3600000000)");
	int lanes = days > SVG_DAYS_MOST ? SVG_DAYS_MOST : (int)days;

	if (days == 0)
		return;
	svg_open(page, 28 + lanes * ROW, "drawn.heat");
	for (int h = 0; h < 24; h++)
		page_rawf(page,
		    "<text x=\"%d\" y=\"16\" text-anchor=\"middle\" "
		    "class=\"soft\">%02d</text>",
		    HEAT_LEFT + h * CELL + CELL / 2 - 1, h);
	page_raw(page, "\n");
	heat_rows(page, most, 24);
	svg_close(page,
	    days > SVG_DAYS_MOST ? "drawn.heat_first" : "drawn.heat_caption");
}

/* The times of one lane, rounded so that a lane has not too many. */
static void
lane_ticks(struct page *page, struct case_rows *rows,
    const struct svg_span *span, int y, const char *class)
{
	int64_t last = UTC_NONE;

	while (case_next(rows)) {
		int64_t us = case_number(rows, 0);

		if (us == last)
			continue;
		last = us;
		svg_rect_at(page, span, us, us, y, LANE_HEIGHT, class);
		page_raw(page, "</rect>");
	}
	page_raw(page, "\n");
}

static void
lane_frame(struct page *page, struct case_rows *rows,
    const struct svg_span *span, int y)
{
	svg_rect_at(page, span, case_number(rows, 1), case_number(rows, 2), y,
	    LANE_HEIGHT, "h1");
	page_raw(page, "<title>");
	page_plain(page, "drawn.span", say_time("from", case_number(rows, 1)),
	    say_time("to", case_number(rows, 2)));
	page_raw(page, "; ");
	page_plain(
	    page, "drawn.records", say_number("n", case_number(rows, 3)));
	page_raw(page, "; ");
	page_list(page, case_text(rows, 4), NULL);
	page_raw(page, "</title></rect>");
}

/* Second, minute, hour or day: the finest that has not more than TICKS_MOST
 * of them. */
static int64_t
ticks_step(struct case_rows *counts)
{
	static const int64_t steps[] = {
	    UTC_SECOND, 60 * UTC_SECOND, UTC_HOUR, UTC_DAY};
	int at = 3;

	if (case_next(counts))
		for (at = 0; at < 3; at++)
			if (case_number(counts, at) <= TICKS_MOST)
				break;
	case_done(counts);
	return steps[at];
}

#define DISTINCT_TIMES                                                         \
	"SELECT count(DISTINCT e.time_us / 1000000),"                          \
	" count(DISTINCT e.time_us / 60000000),"                               \
	" count(DISTINCT e.time_us / 3600000000)"
#define SESSION_TIMES                                                          \
	" FROM judged_events j JOIN events e USING (event)"                    \
	" WHERE j.session = ?1 AND e.time_us >= ?2 AND e.time_us < ?3"
#define OTHER_TIMES                                                            \
	" FROM judged_events j JOIN events e USING (event)"                    \
	" WHERE j.mailbox_no = ?1 AND j.attribution <> 'adversary'"            \
	" AND e.time_us >= ?2 AND e.time_us < ?3"

static void
session_lane(struct page *page, struct case_rows *rows,
    const struct svg_span *span, int y)
{
	struct bytes session = arena_dup(&page->arena, case_text(rows, 0));
	struct json_list ips =
	    json_list_over(arena_dup(&page->arena, case_text(rows, 4)));
	struct bytes ip = BYTES_NONE;
	struct case_rows *times, *counts;

	json_list_next(&ips, &page->arena, &ip);
	svg_label(page, LANE_LEFT - 140, y + 11, session, 23);
	svg_label(page, LANE_LEFT - 10, y + 11, ip, 18);
	lane_frame(page, rows, span, y);
	counts = case_query_new(page->file, DISTINCT_TIMES SESSION_TIMES);
	times = case_query_new(page->file,
	    "SELECT DISTINCT e.time_us / ?4 * ?4" SESSION_TIMES " ORDER BY 1");
	case_bind_text(counts, 1, session);
	case_bind_number(counts, 2, span->from);
	case_bind_number(counts, 3, span->to);
	case_bind_text(times, 1, session);
	case_bind_number(times, 2, span->from);
	case_bind_number(times, 3, span->to);
	case_bind_number(times, 4, ticks_step(counts));
	lane_ticks(page, times, span, y, "f-adversary");
	case_done(times);
}

static void
others_lane(struct page *page, struct case_rows *rows,
    const struct svg_span *span, int y)
{
	int64_t mailbox = case_number(rows, 0);
	struct case_rows *counts =
	    case_query_new(page->file, DISTINCT_TIMES OTHER_TIMES);
	struct case_rows *times = case_query_new(page->file,
	    "SELECT DISTINCT e.time_us / ?4 * ?4" OTHER_TIMES " ORDER BY 1");

	svg_label(page, LANE_LEFT - 10, y + 11, case_text(rows, 1), 44);
	case_bind_number(counts, 1, mailbox);
	case_bind_number(counts, 2, span->from);
	case_bind_number(counts, 3, span->to);
	case_bind_number(times, 1, mailbox);
	case_bind_number(times, 2, span->from);
	case_bind_number(times, 3, span->to);
	case_bind_number(times, 4, ticks_step(counts));
	lane_ticks(page, times, span, y, "f-other");
	case_done(times);
}

static void
rule_line(struct page *page, int y)
{
	page_rawf(page,
	    "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"rule\"/>\n",
	    LANE_LEFT, y, SVG_WIDTH - SVG_RIGHT, y);
}

static int
session_lanes(struct page *page, const struct svg_span *span, int y)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT session, first_us, last_us, events, ips FROM sessions"
	    " WHERE attribution = 'adversary' AND first_us < ?3"
	    " AND last_us >= ?2 ORDER BY first_us, session LIMIT ?1");

	case_bind_number(rows, 1, SVG_SESSIONS_MOST);
	case_bind_number(rows, 2, span->from);
	case_bind_number(rows, 3, span->to);
	while (case_next(rows)) {
		rule_line(page, y + LANE_HEIGHT / 2);
		session_lane(page, rows, span, y);
		y += LANE;
	}
	case_done(rows);
	return y;
}

static int
others_lanes(struct page *page, const struct svg_span *span, int y)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT mailbox_no, mailbox FROM mailboxes WHERE"
	    " first_adversary_us IS NOT NULL ORDER BY mailbox LIMIT ?1");

	case_bind_number(rows, 1, SVG_MAILBOXES_MOST);
	while (case_next(rows)) {
		rule_line(page, y + LANE_HEIGHT / 2);
		others_lane(page, rows, span, y);
		y += LANE;
	}
	case_done(rows);
	return y;
}

static int
lanes_of(struct page *page, const struct svg_span *span)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT min(?1, (SELECT count(*) FROM sessions WHERE attribution ="
	    " 'adversary' AND first_us < ?3 AND last_us >= ?2))"
	    " + min(?4, (SELECT count(*) FROM mailboxes WHERE"
	    " first_adversary_us IS NOT NULL))");
	int lanes;

	case_bind_number(rows, 1, SVG_SESSIONS_MOST);
	case_bind_number(rows, 2, span->from);
	case_bind_number(rows, 3, span->to);
	case_bind_number(rows, 4, SVG_MAILBOXES_MOST);
	case_next(rows);
	lanes = (int)case_number(rows, 0);
	case_done(rows);
	return lanes;
}

static void
lanes(struct page *page, const struct svg_span *span, const char *label,
    const char *caption)
{
	bool day = span->to - span->from <= UTC_DAY;
	int y = 24;

	svg_open_zoom(page, 78 + LANE * lanes_of(page, span), label, span);
	svg_say(page, LANE_LEFT, 14, NULL, "drawn.sessions");
	y = session_lanes(page, span, y);
	svg_say(page, LANE_LEFT, y + 16, NULL, "drawn.others");
	y = others_lanes(page, span, y + 26);
	if (day)
		svg_hours(page, span, 20, y + 2);
	else
		svg_axis(page, span, 20, y + 2);
	svg_close(page, caption);
}

void
svg_lanes(struct page *page)
{
	int64_t sessions = page_sum(page,
	    "SELECT count(*) FROM sessions WHERE attribution = 'adversary'"
	    " AND first_us IS NOT NULL");
	struct svg_span span = svg_span_of_case(page, LANE_LEFT);

	if (sessions == 0 || span.to <= span.from)
		return;
	lanes(page, &span, "drawn.lanes",
	    sessions > SVG_SESSIONS_MOST ? "drawn.lanes_first"
					 : "drawn.lanes_caption");
}

void
svg_busy_days(struct page *page)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT day FROM (SELECT time_us / 86400000000 * 86400000000 AS"
	    "  day, count(*) AS n FROM judged_events JOIN events USING (event)"
	    "  WHERE attribution = 'adversary' AND session IS NOT NULL AND"
	    "  time_us >= 0 GROUP BY day HAVING n >= ?2 ORDER BY n DESC, day "
	    "LIMIT ?1)"
	    " ORDER BY day");

	case_bind_number(rows, 1, SVG_BUSY_DAYS);
	case_bind_number(rows, 2, SVG_BUSY_LEAST);
	while (case_next(rows)) {
		struct svg_span span = {case_number(rows, 0),
		    case_number(rows, 0) + UTC_DAY, LANE_LEFT};

		page_block(
		    page, "h3", "drawn.one_day", say_day("day", span.from));
		lanes(page, &span, "drawn.day_lanes", "drawn.day_caption");
	}
	case_done(rows);
}
