/*
 * Lists, tables and properties, [MS-PST] 2.3: the heap on a node (HN), the
 * BTree on it (BTH), a property context (PC) and a table context (TC).
 *
 * Everything lies in the arena given to pst_object_open(); values are slices
 * of heap blocks, not copies.
 */
#ifndef PARSERS_PST_LTP_H
#define PARSERS_PST_LTP_H

#include "parsers/pst/block.h"

/* bClientSig, [MS-PST] 2.3.1.2 */
enum pst_client { PST_CLIENT_PC = 0xBC, PST_CLIENT_TC = 0x7C };

/* A node with its heap. */
struct pst_object {
	struct pst_store *store;
	struct arena *arena;
	struct pst_node node;
	struct pst_tree tree;
	struct bytes *blocks; /* of the tree; absent until needed */
	uint8_t *state;       /* per block: read, lost */
	enum pst_crypt method;
	uint8_t client;
	uint32_t root;        /* hidUserRoot */
	struct pst_subs subs;
	bool subs_read, subs_whole;
};

/* False: no heap there (problem said). */
bool pst_object_open(struct pst_object *object, struct pst_store *store,
    struct arena *arena, const struct pst_node *node);

/* Absent: no such item, or in a block that is lost (said). */
struct bytes pst_heap_item(struct pst_object *object, uint32_t hid);

/* The object's own subnodes, read when first asked for. */
const struct pst_subs *pst_object_subs(struct pst_object *object);
const struct pst_node *pst_object_sub(struct pst_object *object,
    uint32_t nid);

/* A HID's item or a subnode's whole value, at most LIMIT_TEXT_BYTES. */
struct bytes pst_value(struct pst_object *object, uint32_t hnid);

/* Width of a fixed property type; 0: variable, or unknown. */
unsigned pst_fixed_size(uint16_t type);

/* Records of a BTree on the heap, in order. [MS-PST] 2.3.2
 * False: not all could be read (said). */
struct pst_bth {
	unsigned key, data; /* sizes, set by the call */
	void (*record)(void *context, const uint8_t *key,
	    const uint8_t *data);
	void *context;
};
bool pst_bth_walk(struct pst_object *object, uint32_t hid,
    struct pst_bth *bth);

/* All properties, ascending, each id once; values of `skip` stay absent.
 * raw[i] is the record's dwValueHnid.  False: not all could be read. */
struct pst_bag {
	struct mapi_bag bag;
	uint32_t *raw;
	bool whole;
};
bool pst_bag_read(struct pst_object *object, uint16_t skip,
    struct pst_bag *out);

/* Only these. */
bool pst_bag_pick(struct pst_object *object, const uint16_t *ids,
    size_t count, struct pst_bag *out);

/* NULL when the bag has no such property. */
const struct mapi_property *pst_bag_find(const struct mapi_bag *bag,
    uint16_t id);

/* dwValueHnid of a property; 0 when it is absent. */
uint32_t pst_bag_raw(const struct pst_bag *bag, uint16_t id);

/* Of fixed-size properties, sign and width as stored; else `missing`. */
uint64_t pst_bag_number(const struct mapi_bag *bag, uint16_t id,
    uint64_t missing);

/* ---- tables, [MS-PST] 2.3.4 */

struct pst_column {
	uint16_t id, type;
	uint16_t at;       /* ibData */
	uint8_t size, bit;
};

struct pst_row {
	uint32_t id, index;
};

struct pst_table {
	struct pst_object object;
	struct pst_column *columns;
	unsigned column_count;
	unsigned row_size, bits_at;
	uint32_t matrix;      /* hnidRows */
	struct pst_row *rows; /* by row id */
	size_t row_count;
	bool whole;           /* every row that the table promises is here */
	struct pst_tree rows_tree;
	bool rows_open;
	size_t rows_block;    /* which block `rows_bytes` is */
	struct bytes rows_bytes;
};

/* Row ids; no cell is read.  False: no table there (said). */
bool pst_table_open(struct pst_table *table, struct pst_store *store,
    struct arena *arena, const struct pst_node *node);

/* The bytes of row i, absent when it is lost (said). */
struct bytes pst_table_row(struct pst_table *table, size_t i);

/* All cells of a row as properties. */
struct mapi_bag pst_table_bag(struct pst_table *table, struct bytes row);

#endif
