/*
 * Masking in evidence text (contract 7): what was found in a message is not
 * shown in its subject, its file names, or any other text of the reports.
 */
#ifndef REPORTS_MASK_H
#define REPORTS_MASK_H

#include "forensics/case/case.h"

/* The text with every value found in that message replaced by its masked
 * form; as it is with `unmask` or when nothing of it was found. */
struct bytes mask_text(struct case_file *file, struct arena *arena,
    int64_t message, struct bytes text, bool unmask);

#endif
