/* Where the words of the tables stand in a text: one pass by hyperscan. */
#ifndef FORENSICS_EXPOSURE_WORDS_H
#define FORENSICS_EXPOSURE_WORDS_H

#include "forensics/exposure/rules.h"

struct word_hit {
	size_t from, to;
	const struct word *word;
	struct sets sets; /* the word's, less what a longer word overrules */
};

struct word_hits {
	struct word_hit *list; /* by `to`, then `from` */
	size_t count, room;
	struct sets seen; /* every set that has a hit */
};

/* Index of the first hit that ends after `at`. */
static inline size_t
hits_after(const struct word_hits *hits, size_t at)
{
	size_t low = 0, high = hits->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (hits->list[middle].to <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct words_scanner;

struct words_scanner *words_scanner_new(const struct rules *rules);
void words_scanner_free(struct words_scanner *scanner);

/* Whole words only; brief ones in capitals or before ':', '#', '=', "no".
 * The result is valid until the next call. */
const struct word_hits *words_find(
    struct words_scanner *scanner, struct bytes text);

/* The same for a short text of its own, a column's header: every word of it
 * counts in any case, and "dateOfBirth" or "SSN_NUMBER" are words. */
struct label_sets {
	struct sets any;   /* of words in it */
	struct sets whole; /* of a word that is all of it */
};
struct label_sets words_of_label(
    struct words_scanner *scanner, struct arena *arena, struct bytes label);

#endif
