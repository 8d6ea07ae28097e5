/* The two page trees (section 2.2.2.7.7) and the header (2.2.2.6). */
#include "testdata/pstgen/ndb_private.h"

#include <stdlib.h>
#include <string.h>

/* One level of a tree: entries of the same size, in the order of their keys. */
struct level {
	uint8_t *entries;
	size_t count, size;
	uint8_t type;
};

static void
page_describe(const struct form *form, uint8_t *page, size_t count, size_t size,
    size_t area, unsigned level)
{
	if (form->large) {
		put16(page + area, count);
		put16(page + area + 2, area / size);
		page[area + 4] = (uint8_t)size;
		page[area + 5] = (uint8_t)level;
		return;
	}
	page[area] = (uint8_t)count;
	page[area + 1] = (uint8_t)(area / size);
	page[area + 2] = (uint8_t)size;
	page[area + 3] = (uint8_t)level;
}

static struct page_ref
put_page(struct ndb *ndb, const struct level *level, size_t first, size_t count,
    size_t area, unsigned depth)
{
	const struct form *form = ndb->options.form;
	struct page_ref ref;
	uint8_t page[4096] = {0};

	if (count > 0)
		memcpy(page, level->entries + first * level->size,
		    count * level->size);
	page_describe(form, page, count, level->size, area, depth);
	ref.offset = ndb_allocate(ndb, form->page, form->page);
	ref.bid = ndb->next_page++;
	page_sign(form, page, level->type, ref.bid, ref.offset);
	ndb_put(ndb, page, form->page);
	return ref;
}

/* Bottom up, until one page holds the level.  Frees the entries. */
static struct page_ref
write_tree(struct ndb *ndb, struct level level)
{
	const struct form *form = ndb->options.form;
	size_t area = form->large ? 4056 : form->wide ? 488 : 496;
	size_t id = form->wide ? 8 : 4;

	for (unsigned depth = 0;; depth++) {
		size_t most = area / level.size;
		size_t pages = (level.count + most - 1) / most;
		struct level above = {NULL, 0, 3 * id, level.type};
		struct page_ref ref = {0, 0};

		if (pages == 0)
			pages = 1;
		above.entries = calloc(pages, above.size);
		for (size_t i = 0; i < pages; i++) {
			size_t first = i * most;
			size_t count = level.count - first;
			uint8_t *entry = above.entries + i * above.size;

			ref = put_page(ndb, &level, first,
			    count < most ? count : most, area, depth);
			if (level.count > 0)
				memcpy(entry,
				    level.entries + first * level.size, id);
			put_id(form, entry + id, ref.bid);
			put_id(form, entry + 2 * id, ref.offset);
		}
		free(level.entries);
		above.count = pages;
		level = above;
		if (pages == 1) {
			free(level.entries);
			return ref;
		}
	}
}

struct page_ref
ndb_write_block_tree(struct ndb *ndb)
{
	const struct form *form = ndb->options.form;
	size_t id = form->wide ? 8 : 4;
	struct level leaf = {
	    NULL, ndb->block_count, form->wide ? 24 : 12, 0x80};

	leaf.entries = calloc(leaf.count + 1, leaf.size);
	for (size_t i = 0; i < leaf.count; i++) {
		const struct block_entry *block = &ndb->blocks[i];
		uint8_t *p = leaf.entries + i * leaf.size;

		put_id(form, p, block->bid);
		put_id(form, p + id, block->offset);
		put16(p + 2 * id, block->stored);
		if (form->large)
			put16(p + 2 * id + 2, block->inflated);
		put16(p + 2 * id + (form->large ? 4 : 2), 2);
	}
	return write_tree(ndb, leaf);
}

static int
compare_nodes(const void *left, const void *right)
{
	const struct node_entry *a = left, *b = right;

	return (a->nid > b->nid) - (a->nid < b->nid);
}

struct page_ref
ndb_write_node_tree(struct ndb *ndb)
{
	const struct form *form = ndb->options.form;
	size_t id = form->wide ? 8 : 4;
	struct level leaf = {NULL, ndb->node_count, form->wide ? 32 : 16, 0x81};

	qsort(ndb->nodes, ndb->node_count, sizeof(*ndb->nodes), compare_nodes);
	leaf.entries = calloc(leaf.count + 1, leaf.size);
	for (size_t i = 0; i < leaf.count; i++) {
		const struct node_entry *node = &ndb->nodes[i];
		uint8_t *p = leaf.entries + i * leaf.size;

		if (i > 0 && node->nid == node[-1].nid)
			generator_die("node %#x written twice", node->nid);
		put_id(form, p, node->nid);
		put_id(form, p + id, node->data);
		put_id(form, p + 2 * id, node->sub);
		put32(p + 3 * id, node->parent);
	}
	return write_tree(ndb, leaf);
}

static void
put_root(const struct ndb *ndb, uint8_t *p, struct page_ref nodes,
    struct page_ref blocks)
{
	const struct form *form = ndb->options.form;
	size_t id = form->wide ? 8 : 4;
	uint64_t end = form->first_map + ndb->map_count * form->map_covers;

	p += 4;
	put_id(form, p, end);
	put_id(form, p + id, ndb->map_offset);
	put_id(form, p + 2 * id, ndb->free_bytes);
	put_id(form, p + 4 * id, nodes.bid);
	put_id(form, p + 5 * id, nodes.offset);
	put_id(form, p + 6 * id, blocks.bid);
	put_id(form, p + 7 * id, blocks.offset);
	p[8 * id] = 2;
}

void
ndb_write_header(struct ndb *ndb, struct page_ref nodes, struct page_ref blocks)
{
	const struct form *form = ndb->options.form;
	bool wide = form->wide;
	uint8_t p[564] = {0};

	memcpy(p, "!BDN", 4);
	memcpy(p + 8, ndb->options.ost ? "SO" : "SM", 2);
	put16(p + 10, form->version);
	put16(p + 12, ndb->options.ost ? 12 : 19);
	p[14] = p[15] = 1;
	put_id(form, p + (wide ? 516 : 24), ndb->next_block);
	put_id(form, p + (wide ? 32 : 28), ndb->next_page);
	put32(p + (wide ? 40 : 32), 1);
	for (size_t i = 0; i < 32; i++)
		put32(p + (wide ? 44 : 36) + 4 * i, ndb->next_index[i]);
	put_root(ndb, p + (wide ? 180 : 164), nodes, blocks);
	memset(p + (wide ? 256 : 204), 0xff, 256);
	p[wide ? 512 : 460] = 0x80;
	p[wide ? 513 : 461] = (uint8_t)ndb->options.crypt;
	put32(p + 4, form_crc(p + 8, 471));
	if (wide)
		put32(p + 524, form_crc(p + 8, 516));
	ndb_write_at(ndb, p, wide ? 564 : 512, 0);
}
