/* What the writer of blocks, the maps and the page trees share. */
#ifndef PSTGEN_NDB_PRIVATE_H
#define PSTGEN_NDB_PRIVATE_H

#include "testdata/pstgen/ndb.h"

struct block_entry {
	uint64_t bid, offset;
	uint16_t stored, inflated;
};

struct node_entry {
	uint32_t nid, parent;
	uint64_t data, sub;
};

struct ndb {
	struct ndb_options options;
	const char *path;
	int fd;
	uint8_t *out; /* written but not yet in the file */
	size_t out_used;
	uint64_t out_offset; /* of out[0] in the file */
	uint8_t *scratch;
	uint8_t *map;	     /* of the region in hand */
	uint64_t map_offset; /* where that map lies; 0: none yet */
	uint64_t map_count;
	uint64_t free_bytes; /* by the maps written so far */
	uint64_t next_block, next_page;
	uint32_t next_index[32];
	struct block_entry *blocks;
	size_t block_count, block_room;
	struct node_entry *nodes;
	size_t node_count, node_room;
};

/*
 * Makes room for n bytes at a multiple of align, writing the maps that lie on
 * the way, marks it allocated, and returns its offset; ndb_put() then writes
 * exactly that many bytes there.
 */
uint64_t ndb_allocate(struct ndb *ndb, size_t n, size_t align);
void ndb_put(struct ndb *ndb, const void *p, size_t n);
uint64_t ndb_position(const struct ndb *ndb);
void ndb_write_at(struct ndb *ndb, const void *p, size_t n, uint64_t offset);
/* Fills the last region's map and writes it and all buffered bytes. */
void ndb_finish_maps(struct ndb *ndb);

/* Signs the page at p and puts it into the file; returns its offset. */
void page_sign(const struct form *form, uint8_t *p, uint8_t type, uint64_t bid,
    uint64_t offset);

struct page_ref {
	uint64_t bid, offset;
};

struct page_ref ndb_write_block_tree(struct ndb *ndb);
struct page_ref ndb_write_node_tree(struct ndb *ndb);
void ndb_write_header(
    struct ndb *ndb, struct page_ref nodes, struct page_ref blocks);

#endif
