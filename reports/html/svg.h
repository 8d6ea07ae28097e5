/*
 * Drawings: inline SVG with classes of report.css (the page's policy forbids
 * inline styles).  Each says in words what it shows (role, aria-label, title),
 * uses shapes beside colours, and is left out when there is nothing to draw.
 */
#ifndef REPORTS_HTML_SVG_H
#define REPORTS_HTML_SVG_H

#include "reports/html/page.h"

enum {
	SVG_WIDTH = 1100,
	SVG_RIGHT = 12,       /* free at the right edge */
	SVG_MAILBOXES_MOST = 40,
	SVG_SESSIONS_MOST = 60,
	SVG_DAYS_MOST = 92,   /* rows of the heat map */
	SVG_BUSY_DAYS = 5,    /* drawn hour by hour, when they have */
	SVG_BUSY_LEAST = 10,  /* as many records */
};

struct svg_span {
	int64_t from, to; /* microseconds; nothing to draw when to <= from */
	int left;         /* x of `from`; `to` is at SVG_WIDTH - SVG_RIGHT */
};

int svg_x(const struct svg_span *span, int64_t us);
/* `label` and `caption` are keys of the words. */
void svg_open(struct page *page, int height, const char *label);
/* The same, with what the script needs to draw another stretch of `span`: then
 * what has a place in time is written by svg_rect_at. */
void svg_open_zoom(struct page *page, int height, const char *label,
    const struct svg_span *span);
/* "<rect ...>" over [from, to], left open. */
void svg_rect_at(struct page *page, const struct svg_span *span, int64_t from,
    int64_t to, int y, int height, const char *class);
void svg_close(struct page *page, const char *caption);
void svg_rect(struct page *page, int x, int y, int width, int height,
    const char *class);
/* Days or months below a drawing, UTC. */
void svg_axis(struct page *page, const struct svg_span *span, int top, int y);
/* Hours of the day that `span` is. */
void svg_hours(struct page *page, const struct svg_span *span, int top, int y);
/* A text of the words at x, y. */
void svg_say(struct page *page, int x, int y, const char *class,
    const char *key);
struct svg_key {
	const char *class, *words; /* NULL after the last */
};
/* Swatches with their words from x on, as wide as the words are. */
void svg_legend(struct page *page, int x, int y, const struct svg_key *keys);
/* A label at the left of a lane, cut to what fits. */
void svg_label(struct page *page, int x, int y, struct bytes text,
    size_t most);
/* The same at the right of a place. */
void svg_label_right(struct page *page, int x, int y, struct bytes text,
    size_t most);
/* A lane of one bar in parts: rows give its label, its sum and its parts. */
struct svg_bar {
	int left, height, end; /* end: free for the sum at the right */
	int baseline;                /* of the texts, below the bar's top */
	size_t label_most;
	int parts;
	int number_room; /* a part at least so wide shows its number; 0: none */
};
/* The parts of the exposures, strongest first: all, or those that tell. */
extern const struct svg_key svg_exposures[], svg_exposed[];
enum { SVG_EXPOSURES = 7, SVG_EXPOSED = 5 };
/* `whole` fills the room. */
void svg_bar_row(struct page *page, const struct svg_bar *bar,
    struct case_rows *rows, int64_t whole, int y);
/* h0 ... h4 by the logarithm of a number. */
const char *svg_heat_class(int64_t n, int64_t most);
/* [first, last day] that the log, the window and the intruder span. */
struct svg_span svg_span_of_case(struct page *page, int left);

/* The intruder's records a day above the coverage of each mailbox. */
void svg_overview(struct page *page);
/* Day by hour, UTC: how many records of the intruder. */
void svg_heat(struct page *page);
/* One lane a session of the intruder, one a mailbox for everybody else; then
 * the busiest days by the hour. */
void svg_lanes(struct page *page);
void svg_busy_days(struct page *page);
/* Messages of each mailbox by exposure. */
void svg_exposure(struct page *page);
/* Covered, gap, throttled, off: a calendar a mailbox. */
void svg_coverage(struct page *page);

/* Named people by kind of data and residence. */
void svg_people(struct page *page);
/* Folders of exposed messages. */
void svg_folders(struct page *page);
/* Who wrote to whom in exposed messages. */
void svg_letters(struct page *page);

#endif
