/*
 * Rules (contract 3, Exposure): one file each, one line in rules.c.
 *
 * A rule writes rows into TEMP hits: a place, the event that made the rule
 * hold (NULL: none), begin and end of the access, and words for a court.
 * exposure.c makes verdicts of them.  What a rule may read:
 *
 *	TEMP adversary_events(event, time_us, until_us, mailbox_no, operation,
 *		access_type, throttled): those that count
 *	TEMP stays(place, mailbox_no, folded, from_us, to_us, arrival_us,
 *		left_us): where each message lay; folded NULL: unknown folder;
 *		ends NULL: open
 *	TEMP named_items, imi_places (access_items.c); folder_paths
 */
#ifndef FORENSICS_ACCESS_RULE_H
#define FORENSICS_ACCESS_RULE_H

#include "forensics/access/reconstruct.h"

struct rule {
	const char *name;
	const char *exposure;
	void (*run)(struct case_file *file, const struct incident *incident);
	bool names_records; /* access_records and sessions are the rule's */
};

/* Strongest first; NULL-terminated names. */
extern const struct rule rules[];

void rule_r1_run(struct case_file *file, const struct incident *incident);
void rule_r1c_run(struct case_file *file, const struct incident *incident);
void rule_r1s_run(struct case_file *file, const struct incident *incident);
void rule_r2_run(struct case_file *file, const struct incident *incident);
void rule_r2u_run(struct case_file *file, const struct incident *incident);
void rule_r3_run(struct case_file *file, const struct incident *incident);
void rule_r6_run(struct case_file *file, const struct incident *incident);
void rule_r7_run(struct case_file *file, const struct incident *incident);
void rule_r7f_run(struct case_file *file, const struct incident *incident);

/* folder_history.c: fills TEMP stays. */
void stays_build(struct case_file *file);

#define HOUR_US "3600000000"
#define DAY_US "86400000000"

/* SQL: the stay meets [T, T + length]. */
#define STAY_MEETS(t, length)                                                  \
	"(s.from_us IS NULL OR s.from_us <= " t " + " length ")"               \
	" AND (s.to_us IS NULL OR s.to_us > " t ")"                            \
	" AND (s.arrival_us IS NULL OR s.arrival_us <= " t " + " length ")"    \
	" AND (s.left_us IS NULL OR s.left_us >= " t ")"

#endif
