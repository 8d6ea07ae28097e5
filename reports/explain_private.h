/* What the parts of `explain` share: labelled lines, and the end of a chain. */
#ifndef REPORTS_EXPLAIN_PRIVATE_H
#define REPORTS_EXPLAIN_PRIVATE_H

#include <stdio.h>

#include "forensics/case/case.h"
#include "reports/mask.h"

struct explain {
	struct case_file *file;
	struct arena arena;
	struct mask *mask;
	FILE *out;
};

/* A line each; nothing for empty and unknown values.  Evidence text is
 * masked, and its controls are made visible. */
void explain_say(struct explain *e, const char *label, struct bytes value);
void explain_say_number(struct explain *e, const char *label, int64_t number);
void explain_say_time(struct explain *e, const char *label, int64_t us);
void explain_say_list(struct explain *e, const char *label,
    struct bytes array);

/* Source file, locator, hash: the end of every chain. */
void explain_say_source(struct explain *e, int64_t source,
    struct bytes locator);

/* The judged events that `where` (of ?1 = id) names; with `quote` the bytes
 * of each from the evidence.  False when there is none. */
bool explain_events(struct explain *e, const char *where, struct bytes id,
    bool quote);

/* Each record of a JSON array of ids, quoted. */
void explain_records(struct explain *e, struct bytes array);

/* explain_message.c: every place of that message; false without one. */
bool explain_message(struct explain *e, struct bytes id);

#endif
