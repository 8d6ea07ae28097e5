/*
 * Reconstruction (contract 3): events and messages of the case -> who was in
 * which mailbox, and how sure it is that each message was had.  Each step
 * deletes its own rows and writes them anew.
 */
#ifndef FORENSICS_ACCESS_RECONSTRUCT_H
#define FORENSICS_ACCESS_RECONSTRUCT_H

#include "forensics/access/incident.h"
#include "forensics/case/case.h"

/* SQL: event e says what a mailbox's own export holds (a rule, delegates);
 * it is nobody's access and in no session (operations.csv: found). */
#define FOUND_IN_MAILBOX(e) #e ".operation LIKE '%InMailbox'"

struct reconstruct_options {
	bool count_suspicious;
};

/* Two mailbox entries that match one path alike end the process (status 2)
 * with both lines. */
void reconstruct_run(struct case_file *file, const struct incident *incident,
    const struct reconstruct_options *options);

bool reconstruct_done(struct case_file *file);

/* The steps, in order. */
void times_settle(struct case_file *file, const struct incident *incident);
void mailboxes_build(struct case_file *file, const struct incident *incident);
void places_build(struct case_file *file);
void events_judge(struct case_file *file);
void attribution_run(struct case_file *file, const struct incident *incident);
void sessions_derive(struct case_file *file);
void attribution_report(struct case_file *file);
void presence_build(struct case_file *file, const struct incident *incident);
void folder_paths_build(struct case_file *file);
void named_items_build(struct case_file *file);
void access_items_build(struct case_file *file);
void sessions_build(struct case_file *file);
void audit_off_build(struct case_file *file);
void anomalies_find(struct case_file *file, const struct incident *incident);
void coverage_build(struct case_file *file);
void exposure_build(struct case_file *file, const struct incident *incident);
void missing_items_build(struct case_file *file);

/* A problem row of this stage; source 0: none. */
void reconstruct_problem(struct case_file *file, int64_t source,
    struct bytes locator, const char *kind, const char *severity,
    struct bytes detail);

/* SQL: event j counts as the adversary's. */
#define COUNTED(j)                                                             \
	"(" #j ".attribution = 'adversary' OR (" #j ".attribution ="           \
	" 'suspicious' AND (SELECT value FROM meta WHERE key ="                \
	" 'count_suspicious') = '1'))"

/* meta's window as SQL reads it; NULL: none. */
#define WINDOW(end)                                                            \
	"(SELECT nullif(CAST(value AS INTEGER), -9223372036854775808)"         \
	" FROM meta WHERE key = 'window_" end "')"

/* SQL: the key of a record's folder in folder_paths. */
#define FOLDER_KEY(id, path)                                                   \
	"coalesce(nullif(" id ", ''), 'path=' || nullif(" path ", ''))"

/* SQL: the destination of event e lies in the mailbox of j. */
#define SAME_MAILBOX                                                           \
	"(coalesce(e.dest_mailbox_guid, '') = '' OR j.mailbox_no IN"           \
	" (SELECT n.mailbox_no FROM mailbox_names n WHERE n.kind = 'guid'"     \
	" AND n.name = lower(e.dest_mailbox_guid)))"

#endif
