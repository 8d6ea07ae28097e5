/*
 * The middle layer: heaps, trees on a heap, property contexts and tables
 * (section 2.3).
 */
#ifndef PSTGEN_LTP_H
#define PSTGEN_LTP_H

#include "testdata/pstgen/ndb.h"

/* Property types; PROP(id, type) is a tag. */
enum {
	T_INT16 = 0x0002,
	T_INT32 = 0x0003,
	T_DOUBLE = 0x0005,
	T_BOOL = 0x000b,
	T_OBJECT = 0x000d,
	T_INT64 = 0x0014,
	T_STRING8 = 0x001e,
	T_STRING = 0x001f,
	T_TIME = 0x0040,
	T_GUID = 0x0048,
	T_BINARY = 0x0102,
	T_INT32S = 0x1003,
	T_STRINGS = 0x101f,
	T_BINARIES = 0x1102,
};
#define PROP(id, type) ((uint32_t)(id) << 16 | (type))

struct heap {
	struct ndb *ndb;
	struct heap_block {
		uint8_t *data;
		size_t used;
		uint16_t *starts; /* of items; the last is the end */
		size_t count, room;
	} * blocks;
	size_t count, room;
	uint8_t client;
};

enum { HEAP_ITEM_MAX = 3580 };

void heap_begin(struct heap *heap, struct ndb *ndb, uint8_t client);
/* n up to HEAP_ITEM_MAX; p NULL: zeros.  Returns the heap id, 0 for n == 0. */
uint32_t heap_add(struct heap *heap, const void *p, size_t n);
/* The bytes of an item, to be filled in later. */
uint8_t *heap_item(const struct heap *heap, uint32_t hid);
/* Writes the heap as one data tree and frees it. */
uint64_t heap_end(struct heap *heap, uint32_t user_root);
/* count records of key + entry bytes in order; fills the header item. */
void heap_tree(struct heap *heap, uint32_t header, size_t key, size_t entry,
    const uint8_t *records, size_t count);

/* A property context: properties in any order, each id once. */
struct pc {
	struct heap heap;
	struct subnodes *subnodes; /* where large values go; the caller's */
	uint8_t *records;
	size_t count, room;
	uint32_t header;
};

void pc_begin(struct pc *pc, struct ndb *ndb, struct subnodes *subnodes);
/* Fixed types of up to 4 bytes. */
void pc_number(struct pc *pc, uint32_t tag, uint32_t value);
/* Fixed types of 8 bytes: times in 100 ns since 1601, 64-bit numbers. */
void pc_number64(struct pc *pc, uint32_t tag, uint64_t value);
void pc_binary(struct pc *pc, uint32_t tag, const void *p, size_t n);
/* UTF-8 in; UTF-16, or in the ANSI form Windows-1252, out. NULL: nothing. */
void pc_string(struct pc *pc, unsigned id, const char *text);
void pc_text(struct pc *pc, unsigned id, const char *text, size_t n);
/* A value already written as a subnode. */
void pc_subnode(struct pc *pc, uint32_t tag, uint32_t nid);
void pc_object(struct pc *pc, unsigned id, uint32_t nid, uint64_t bytes);
uint64_t pc_end(struct pc *pc);

/* A table: columns once, then rows; cells not set are absent. */
struct tc {
	struct heap heap;
	struct subnodes subnodes;
	struct tc_column {
		uint32_t tag;
		uint16_t offset;
		uint8_t size, bit;
	} * columns;
	size_t column_count;
	uint16_t ends[4]; /* of 4/8-, 2-, 1-byte cells, existence bits */
	uint8_t *rows;
	size_t row_count, row_room;
	uint32_t header; /* heap id of the row index */
};

void tc_begin(
    struct tc *tc, struct ndb *ndb, const uint32_t *tags, size_t count);
void tc_row(struct tc *tc, uint32_t row_id);
/* Cells of the row begun last. */
void tc_number(struct tc *tc, uint32_t tag, uint64_t value);
void tc_string(struct tc *tc, unsigned id, const char *text);
void tc_binary(struct tc *tc, uint32_t tag, const void *p, size_t n);
/* Data tree of the table; *sub its subnodes or 0. */
uint64_t tc_end(struct tc *tc, uint64_t *sub);

/* Text as the form stores it; the result is malloc'ed. */
uint8_t *form_text(
    const struct form *form, const char *text, size_t n, size_t *out);

#endif
