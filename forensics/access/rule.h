/*
 * Rules (contract 3, Exposure): one file each, one line in rules.c.
 *
 * A rule writes rows into TEMP hits: a place, the event that made the rule
 * hold (NULL: none), begin and end of the access, words for a court, a flag.
 * exposure.c makes verdicts of them.  What a rule may read:
 *
 *	TEMP adversary_events(event, time_us, until_us, mailbox_no, operation,
 *		access_type, present): those that count; present: whoever did
 *		it was in that mailbox
 *	TEMP adversary_names(event, time_us, until_us, mailbox_no, operation,
 *		name): the items they name
 *	TEMP stays(place, mailbox_no, folded, from_us, to_us, arrival_us,
 *		left_us): where each message lay; folded NULL: unknown folder;
 *		ends NULL: open.  One row a path the folder has
 *	TEMP name_places, imi_places (named_items.c); folder_paths
 *
 * Rules run in the order of the table; R2u reads what R2 left behind.
 */
#ifndef FORENSICS_ACCESS_RULE_H
#define FORENSICS_ACCESS_RULE_H

#include "forensics/access/reconstruct.h"

struct rule {
	const char *name;
	const char *exposure;
	void (*run)(struct case_file *file, const struct incident *incident);
};

/* Strongest first; NULL-terminated names. */
extern const struct rule rules[];

void rule_r1_run(struct case_file *file, const struct incident *incident);
void rule_r1c_run(struct case_file *file, const struct incident *incident);
void rule_r1s_run(struct case_file *file, const struct incident *incident);
void rule_r4_run(struct case_file *file, const struct incident *incident);
void rule_r5_run(struct case_file *file, const struct incident *incident);
void rule_r2_run(struct case_file *file, const struct incident *incident);
void rule_r2u_run(struct case_file *file, const struct incident *incident);
void rule_r3_run(struct case_file *file, const struct incident *incident);
void rule_r6_run(struct case_file *file, const struct incident *incident);
void rule_r9_run(struct case_file *file, const struct incident *incident);
void rule_r7_run(struct case_file *file, const struct incident *incident);
void rule_r7f_run(struct case_file *file, const struct incident *incident);

/* rule_r1c.c: TEMP lacking(mailbox_no, name) -> TEMP stand_ins. */
void stand_ins_find(struct case_file *file);

/* folder_moves.c: fills TEMP stays. */
void stays_build(struct case_file *file);

#define HOUR_US "3600000000"
#define DAY_US "86400000000"

/* SQL: the stay meets [from, to], both ends counting. */
#define STAY_MEETS(from, to)                                                   \
	"(s.from_us IS NULL OR s.from_us <= " to ")"                           \
	" AND (s.to_us IS NULL OR s.to_us >= " from ")" IN_MAILBOX(from, to)

/* SQL: wherever it lay, the message was in M at some time in [from, to]. */
#define IN_MAILBOX(from, to)                                                   \
	" AND (s.arrival_us IS NULL OR s.arrival_us <= " to ")"                \
	" AND (s.left_us IS NULL OR s.left_us >= " from ")"

/* SQL: the paths of the folder of event e in the mailbox of event a. */
#define FOLDER_OF_EVENT                                                        \
	"folder_paths p ON p.mailbox_no = a.mailbox_no AND p.folder_id = "     \
	FOLDER_KEY("e.folder_id", "e.folder_path")

#endif
