/*
 * What a scan of the file finds without its BTrees: every block whose trailer
 * fits its place, and every node entry of every sound NBT leaf page, live or
 * left behind.  Outlook writes copy-on-write, so old pages and blocks stay
 * until their room is used again, and a BID is never given twice.
 */
#ifndef PARSERS_PST_POOL_H
#define PARSERS_PST_POOL_H

#include "parsers/pst/page.h"

struct pst_pool_entry {
	struct pst_node node;
	uint64_t page_bid;
	bool weak; /* from a slot beyond the page's count */
};

/*
 * Scan; once per store.  With `all`, everything; else what no live block or
 * page covers (and the unused slots of live NBT pages).
 */
void pst_pool_build(struct pst_store *store, bool all);
void pst_pool_free(struct pst_pool *pool);

/* By NID, then newest state first. */
const struct pst_pool_entry *pst_pool_entries(const struct pst_pool *pool,
    size_t *count);

/* Every block, ascending by BID. */
void pst_pool_places(const struct pst_pool *pool,
    void (*each)(void *context, const struct pst_place *place),
    void *context);

/* The newest state of a node.  Scans first, when the trees are damaged. */
bool pst_pool_node(struct pst_store *store, uint32_t nid,
    struct pst_node *out);
/* A block with that BID.  Scans first, when the trees are damaged. */
bool pst_pool_place(struct pst_store *store, uint64_t bid,
    struct pst_place *out);

#endif
