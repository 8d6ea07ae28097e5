/*
 * Reconstruction (contract 3): events and messages of the case -> who was in
 * which mailbox, and how sure it is that each message was had.  Each step
 * deletes its own rows and writes them anew.
 */
#ifndef FORENSICS_ACCESS_RECONSTRUCT_H
#define FORENSICS_ACCESS_RECONSTRUCT_H

#include "forensics/access/incident.h"
#include "forensics/case/case.h"

struct reconstruct_options {
	bool count_suspicious;
};

/* Two mailbox entries that match one path alike end the process (status 2)
 * with both lines. */
void reconstruct_run(struct case_file *file, const struct incident *incident,
    const struct reconstruct_options *options);

bool reconstruct_done(struct case_file *file);

/* The steps, in order. */
void mailboxes_build(struct case_file *file, const struct incident *incident);
void places_build(struct case_file *file);
void events_judge(struct case_file *file, const struct incident *incident);
void attribution_run(struct case_file *file, const struct incident *incident);
void sessions_derive(struct case_file *file);
void presence_build(struct case_file *file, const struct incident *incident);
void folder_paths_build(struct case_file *file);
void access_items_build(struct case_file *file);
void sessions_build(struct case_file *file);
void coverage_build(struct case_file *file, const struct incident *incident);
void exposure_build(struct case_file *file, const struct incident *incident,
    const struct reconstruct_options *options);
void missing_items_build(struct case_file *file,
    const struct incident *incident);

/* A problem row of this stage; source 0: none. */
void reconstruct_problem(struct case_file *file, int64_t source,
    struct bytes locator, const char *kind, const char *severity,
    struct bytes detail);

/* A path of a record as compared below the mailbox root: \Inbox\A ->
 * Inbox/A. */
struct bytes record_path(struct arena *arena, struct bytes path);

#endif
