/*
 * Where a person lives, from a postal address alone (contract 7, Residence).
 */
#ifndef FORENSICS_PEOPLE_RESIDENCE_H
#define FORENSICS_PEOPLE_RESIDENCE_H

#include "parsers/base/arena.h"

struct residence {
	struct bytes code;   /* ISO 3166-1, UK for GB, US-CA; "" unknown */
	bool by_postcode;    /* a postcode's shape alone told it */
};

/* A named country wins, then a postcode's shape, then a US state with ZIP. */
struct residence residence_of(struct arena *arena, struct bytes address);

/* A table's state column, "OH", "Ohio" or "OH 43215": US-OH; "" when it is no
 * state of the US or the ZIP lies elsewhere. */
struct bytes residence_of_state(struct arena *arena, struct bytes text);

/* Member states share law row EU. */
bool residence_in_eu(struct bytes code);

#endif
