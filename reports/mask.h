/*
 * Masking in evidence text (contract 7): what was found in a message is not
 * shown in its subject, its file names, or any other text of the reports,
 * the terminal or the log.
 *
 * Two reaches.  In a text of the message where the value was found, every
 * spelling of every value is masked.  In any other text of the case, values
 * that cannot be mistaken for a word (mask.c: is_unmistakable) are: a folder
 * or an inbox rule may repeat a number that some message holds.  Contact data
 * is left alone there: addresses are what people are told by.
 *
 * Letters and digits decide, so that 078051120 and 078 05 1120 are masked
 * where 078-05-1120 was found; only whole runs of letters and digits match.
 */
#ifndef REPORTS_MASK_H
#define REPORTS_MASK_H

#include "forensics/case/case.h"

struct mask;

/* Reads the findings of the case; with `unmask` nothing is ever masked. */
struct mask *mask_new(struct case_file *file, bool unmask);
void mask_free(struct mask *mask);

/* Text of no message in particular: `message` is INT64_MIN. The result is
 * the text itself or lies in the arena. */
struct bytes mask_text(struct mask *mask, struct arena *arena,
    int64_t message, struct bytes text);

bool mask_is_off(const struct mask *mask);

#endif
