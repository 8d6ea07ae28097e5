/*
 * Names of people as text has them, and when two may be one person's
 * (contract 7, Merging: "Compatible").
 */
#ifndef FORENSICS_PEOPLE_NAME_H
#define FORENSICS_PEOPLE_NAME_H

#include "parsers/base/arena.h"

enum { NAME_WORDS = 8 };

struct name {
	struct bytes word[NAME_WORDS]; /* folded; given first, surname last */
	size_t count;                  /* 0: no name */
	struct bytes suffix;           /* folded: jr, sr, ii ...; or absent */
};

/* From strongest to none. */
enum name_match {
	NAME_EXACT,     /* equal after folding */
	NAME_COMPATIBLE,/* an initial, a hyphenated surname, a middle name */
	NAME_NICKNAME,  /* compatible by a listed nickname */
	NAME_DIFFERENT,
};

/* "Dr. José Müller, Jr." and "Müller, José": titles dropped, order mended.
 * Words past NAME_WORDS are left out of the middle. */
struct name name_parse(struct arena *arena, struct bytes text);

/* Given name and surname both there, and the given name more than a letter */
bool name_is_full(const struct name *name);

/* Suffixes that differ never match; one missing matches. */
enum name_match name_compare(const struct name *a, const struct name *b);

/* The same, but a missing suffix differs from one given: father and son
 * share address and telephone. */
enum name_match name_compare_strictly(const struct name *a,
    const struct name *b);

#endif
