/* Spans of time that the log covers or not (coverage.c), and what makes gaps
 * for everybody (coverage_gaps.c). */
#ifndef FORENSICS_ACCESS_COVERAGE_H
#define FORENSICS_ACCESS_COVERAGE_H

#include "forensics/access/reconstruct.h"
#include "parsers/base/utc.h"

enum span_status { /* strongest first */
	SPAN_GAP,
	SPAN_AUDIT_OFF,
	SPAN_THROTTLED,
	SPAN_COVERED,
	SPAN_OUTSIDE, /* beside covered, never under it */
	SPAN_STATUSES
};

struct span {
	int64_t from_us, to_us; /* half open */
	enum span_status status;
	struct bytes reason;
};

struct spans {
	struct span *list;
	size_t count, room;
};

struct cover {
	struct case_file *file;
	struct arena arena;
	struct spans tenant; /* gaps of all mailboxes */
	int64_t first_us, end_us;           /* of the Exchange records */
	int64_t window_from_us, window_end_us; /* end: the first after it */
};

/* Empty and unknown spans are none. */
void spans_add(struct spans *spans, int64_t from, int64_t to,
    enum span_status status, struct bytes reason);

/* Fills c->tenant and TEMP unreadable(mailbox_no, from_us, to_us). */
void coverage_gaps_load(struct cover *c);

#endif
