/*
 * Messages whose node entry is gone from the file: property contexts in
 * blocks that no node names.  Their subnodes (recipients, attachments, long
 * values) are those of the nearest list block that fits, by block number.
 */
#ifndef PARSERS_PST_CARVE_H
#define PARSERS_PST_CARVE_H

#include "parsers/pst/pool.h"

struct pst_carved {
	uint64_t data, sub; /* sub 0: no list block fits */
};

struct pst_carving {
	struct pst_carved *list; /* by data */
	size_t count, room;
};

/* `known`: BIDs of data of nodes that are said already, ascending. */
void pst_carve(struct pst_store *store, const uint64_t *known,
    size_t known_count, struct pst_carving *out);
void pst_carve_release(struct pst_carving *carving);

#endif
