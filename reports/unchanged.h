/*
 * Is there anything to write?  Reports follow from the case, this program,
 * its tables and the options, and from nothing else: a hash of all of them
 * stands in the custody log with each report written (`made_from`).  When it
 * is the same again, and what was written then is still whole, a report
 * would be the same bytes.
 */
#ifndef REPORTS_UNCHANGED_H
#define REPORTS_UNCHANGED_H

#include "forensics/case/case.h"

/* 64 hex digits.  `value_key_file`, `exchange`: NULL when not given. */
struct bytes report_made_from(struct case_file *file, struct arena *arena,
    bool unmask, const char *value_key_file, const char *exchange);

/* The newest report is made from just that, and neither it nor the case
 * differs from the manifest.  False: write it. */
bool report_stands(struct case_file *file, struct bytes made_from);

#endif
