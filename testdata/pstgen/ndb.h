/*
 * The lowest layer: blocks, data trees, subnode trees, nodes, the two trees of
 * pages and the header (sections 2.2.2.*).  Everything is written once, front
 * to back; only the index of blocks and nodes stays in memory (about 24 bytes
 * for each block), so that a store may be far larger than the machine.
 *
 * A generator has nobody to report to: a failed write ends the program.
 */
#ifndef PSTGEN_NDB_H
#define PSTGEN_NDB_H

#include "testdata/pstgen/form.h"

struct ndb;

struct ndb_options {
	const struct form *form;
	enum crypt crypt;
	bool ost;     /* client signature SO */
	bool deflate; /* 4K: compress blocks that become smaller */
};

struct ndb *ndb_create(const char *path, const struct ndb_options *options);
const struct form *ndb_form(const struct ndb *ndb);
uint64_t ndb_size(const struct ndb *ndb);

/* Writes the page trees and the header, closes the file, frees all. */
void ndb_close(struct ndb *ndb);

/*
 * A value of any length under one id.  tree_add() fills blocks to the full;
 * tree_add_block() ends the block in hand and writes one block exactly as given
 * (heaps and row matrices care where blocks end).
 */
struct tree {
	struct ndb *ndb;
	uint8_t *buffer;
	size_t used;
	uint64_t *blocks;
	size_t count, room;
	uint64_t total;
};

void tree_begin(struct tree *tree, struct ndb *ndb);
void tree_add(struct tree *tree, const void *p, size_t n);
void tree_add_block(struct tree *tree, const void *p, size_t n);
uint64_t tree_end(struct tree *tree); /* the root's id; 0: no byte */

/* The parts of one node, under ids local to it. */
struct subnodes {
	struct subnode {
		uint32_t nid;
		uint64_t data, sub;
	} * items;
	size_t count, room;
	uint32_t next_value; /* index of the next value in a subnode */
};

void subnodes_add(
    struct subnodes *subnodes, uint32_t nid, uint64_t data, uint64_t sub);
/* Next free id for a value or row matrix, type 0x1F. */
uint32_t subnodes_value_nid(struct subnodes *subnodes);
/* Writes the list, empties it; 0 when there was nothing. */
uint64_t subnodes_end(struct subnodes *subnodes, struct ndb *ndb);

void ndb_node(struct ndb *ndb, uint32_t nid, uint64_t data, uint64_t sub,
    uint32_t parent);
/* Next index for nodes of a type: folders from 0x401, messages 0x10001. */
uint32_t ndb_next_nid(struct ndb *ndb, unsigned type);

/* A list that doubles. */
void *grow(void *items, size_t count, size_t *room, size_t size);
void generator_die(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

#endif
