/*
 * A work unit of a store: words that name items, readable alone.
 *
 *	cp=932 sent=32898 rescue=1 f8082 l200024 l200044 o2000a4 p2000c4 recover
 *
 * sent: the folder of sent items (NID, decimal)
 * f: the folder (NID, hex) of the items that follow; f0: unknown
 * l: live; o: no table lists it (recovered); p: recovered, and promised
 * a: an associated item (FAI), for what it makes the mailbox do
 * recover: what lies outside the trees, after all items
 */
#ifndef PARSERS_PST_UNIT_H
#define PARSERS_PST_UNIT_H

#include "parsers/pst/census.h"

/* Says SOURCE_INFO, FOLDERs, UNITs and what the tables promise in vain. */
void pst_plan_say(struct pst_census *census, struct sink *sink);

/* Items of one unit. */
void pst_unit_run(struct pst_store *store, struct bytes spec,
    struct sink *sink);

/* Checksums of all blocks and allocation pages, as one item `blocks`. */
void pst_sweep_run(struct pst_store *store, struct sink *sink);

/* Items in free pages and blocks; the store's pool is built for it. */
void pst_recover_run(struct pst_store *store, struct sink *sink);

#endif
