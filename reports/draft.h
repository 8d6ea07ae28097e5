/*
 * Is the report a draft (contract 6)?  A run with losses or failed checks is
 * one until the examiner accepts them by name in the incident file.
 */
#ifndef REPORTS_DRAFT_H
#define REPORTS_DRAFT_H

#include "forensics/case/case.h"

struct draft {
	bool is_draft;
	int64_t open_losses;  /* problem rows that lost something */
	int64_t open_folders; /* folders whose counts do not add up, and no
			       * loss in that source explains it */
	bool selftest;        /* held */
};

struct draft draft_of(struct case_file *file);

/* Accepted problems: SQL over meta and problems, for the page that prints
 * who and why.  kind, source_id, rows, by, reason. */
extern const char draft_accepted_sql[];

#endif
