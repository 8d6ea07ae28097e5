/*
 * Sentences that the stages wrote into the case are English and stay so in
 * CSV and JSONL.  For pages in another language they are recognised by the
 * English texts `said.*` of the words, and said again in that language with
 * what stood in their places.
 */
#ifndef REPORTS_SENTENCE_H
#define REPORTS_SENTENCE_H

#include "reports/language.h"

enum { SENTENCE_SLOTS = 8 };

struct sentence {
	struct bytes text; /* the language's, to be filled */
	struct bytes names[SENTENCE_SLOTS], values[SENTENCE_SLOTS];
	size_t count;
};

/* False when it is none of ours.  Values point into `english`. */
bool sentence_find(const struct language *language, struct bytes english,
    struct sentence *sentence);

/* What stood at this name is a sentence itself. */
bool sentence_is_inner(struct bytes name);

#endif
