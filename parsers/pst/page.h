/*
 * Pages and the two BTrees made of them, [MS-PST] 2.2.2.7: the node BTree
 * (NID to node) and the block BTree (BID to place in the file).
 */
#ifndef PARSERS_PST_PAGE_H
#define PARSERS_PST_PAGE_H

#include "parsers/pst/store.h"

/* NID types, [MS-PST] 2.2.2.1. */
enum pst_nid_type {
	PST_NID_FOLDER = 0x02,
	PST_NID_SEARCH = 0x03,
	PST_NID_MESSAGE = 0x04,
	PST_NID_ATTACHMENT = 0x05,
	PST_NID_ASSOCIATED = 0x08,
	PST_NID_HIERARCHY = 0x0D,
	PST_NID_CONTENTS = 0x0E,
	PST_NID_FAI = 0x0F,
	PST_NID_SEARCH_CONTENTS = 0x10,
};

enum pst_nid {
	PST_NID_STORE = 0x21,
	PST_NID_NAMES = 0x61,
	PST_NID_ROOT = 0x122,
	PST_NID_RECEIVE = 0x62B,
	PST_NID_ATTACHMENTS = 0x671, /* subnode of a message */
	PST_NID_RECIPIENTS = 0x692,  /* subnode of a message */
};

static inline unsigned
pst_nid_type(uint32_t nid)
{
	return nid & 0x1F;
}

static inline uint32_t
pst_nid_sibling(uint32_t nid, enum pst_nid_type type)
{
	return (nid & ~UINT32_C(0x1F)) | type;
}

struct pst_node {
	uint32_t nid, parent;
	uint64_t data, sub;
};

struct pst_place {
	uint64_t bid, ib;
	uint32_t cb;
	uint32_t inflated; /* 4K: size after inflating; else cb */
};

struct pst_page_cache *pst_cache_new(const struct pst_form *form);
void pst_cache_free(struct pst_page_cache *cache);

/* A BTree page, checked: `count` entries of `size` bytes lie inside. */
struct pst_bt {
	const uint8_t *entries;
	unsigned count, size, level;
	unsigned slots;    /* entries that fit, used or not */
	uint64_t bid;      /* of the trailer */
	bool sound;        /* signature and checksum right */
};

/* Reads the layout of a page of that type; false: it is none.  Says nothing. */
bool pst_bt_parse(const struct pst_form *form, const uint8_t *page,
    uint64_t ib, enum pst_ptype type, struct pst_bt *out);

/* In the live trees, then (rescue) in the pool. */
bool pst_node_find(struct pst_store *store, uint32_t nid,
    struct pst_node *out);
bool pst_place_find(struct pst_store *store, uint64_t bid,
    struct pst_place *out);

/* Entry i of a leaf page. */
void pst_node_entry(const struct pst_form *form, const struct pst_bt *bt,
    unsigned i, struct pst_node *out);
void pst_place_entry(const struct pst_form *form, const struct pst_bt *bt,
    unsigned i, struct pst_place *out);

/*
 * Every leaf page of a tree in order; each page at most once.  `page` and
 * `bt` are valid during the call.  PARTIAL: some branch could not be read
 * (a problem row says which).
 */
struct pst_walk {
	void (*leaf)(void *context, uint64_t ib, const struct pst_bt *bt);
	/* Every page, branches too; may be NULL. */
	void (*page)(void *context, uint64_t ib);
	void *context;
};
enum outcome pst_walk_tree(struct pst_store *store, enum pst_ptype type,
    const struct pst_walk *walk);

#endif
