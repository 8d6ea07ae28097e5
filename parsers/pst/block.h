/*
 * Blocks, data trees and subnode trees, [MS-PST] 2.2.2.8.
 *
 * A block whose trailer does not fit is said (bad_checksum with its offset)
 * and used as it is; one that cannot be read at all is said and absent.
 */
#ifndef PARSERS_PST_BLOCK_H
#define PARSERS_PST_BLOCK_H

#include "parsers/pst/page.h"

/* Room that a block needs while it is read: a whole one as stored, or
 * inflated. */
enum { PST_BLOCK_ROOM = PST_BLOCK_MOST + 512 };

/* The data blocks of a node, in order. */
struct pst_tree {
	uint64_t *bids;
	size_t count;
	uint64_t bytes; /* promised: of the block, or lcbTotal */
	bool whole;     /* no list block was lost or cut by a limit */
};

/* Decoded, in the arena.  `method`: the store's, or another for a try. */
struct bytes pst_block_read(struct pst_store *store, struct arena *arena,
    uint64_t bid, enum pst_crypt method);

/* The block can be read whole, and its trailer fits; says nothing. */
bool pst_block_sound(struct pst_store *store, const struct pst_place *place);

/* bid 0: an empty tree. */
bool pst_tree_open(struct pst_store *store, struct arena *arena,
    uint64_t bid, struct pst_tree *out);

/* All of it, at most `most` bytes; absent when nothing could be read. */
struct bytes pst_tree_bytes(struct pst_store *store, struct arena *arena,
    const struct pst_tree *tree, uint64_t most);

/* Piece by piece through one buffer; false when some is missing. */
bool pst_tree_stream(struct pst_store *store, const struct pst_tree *tree,
    void (*piece)(void *to, struct bytes bytes), void *to);

/* Subnodes of a node, ascending by NID; bid 0: none. */
struct pst_subs {
	struct pst_node *list;
	size_t count, room;
};

bool pst_subs_read(struct pst_store *store, struct arena *arena,
    uint64_t bid, struct pst_subs *out);
const struct pst_node *pst_subs_find(const struct pst_subs *subs,
    uint32_t nid);

#endif
