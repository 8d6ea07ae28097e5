/* Blocks, data trees, subnode trees (section 2.2.2.8) and the list of nodes. */
#include "testdata/pstgen/ndb_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { OUT_SIZE = 1 << 20, BLOCK_ROOM = 65536 };

void
generator_die(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	fputs("generator: ", stderr);
	vfprintf(stderr, format, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

void *
grow(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	*room = *room == 0 ? 8 : 2 * *room;
	items = realloc(items, *room * size);
	if (items == NULL)
		generator_die("out of memory");
	return items;
}

struct ndb *
ndb_create(const char *path, const struct ndb_options *options)
{
	struct ndb *ndb = calloc(1, sizeof(*ndb));

	ndb->options = *options;
	ndb->path = path;
	ndb->fd = open(path, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0666);
	if (ndb->fd < 0)
		generator_die("%s: %s", path, strerror(errno));
	ndb->out = malloc(OUT_SIZE);
	ndb->scratch = malloc(BLOCK_ROOM);
	ndb->map = calloc(1, options->form->page);
	ndb->next_block = 4;
	ndb->next_page = 1;
	for (size_t i = 0; i < 32; i++)
		ndb->next_index[i] = 0x400;
	ndb->next_index[0x03] = 0x4000;
	ndb->next_index[0x04] = 0x10000;
	ndb->next_index[0x08] = 0x8000;
	return ndb;
}

const struct form *
ndb_form(const struct ndb *ndb)
{
	return ndb->options.form;
}

uint64_t
ndb_size(const struct ndb *ndb)
{
	return ndb_position(ndb);
}

void
ndb_close(struct ndb *ndb)
{
	struct page_ref nodes = ndb_write_node_tree(ndb);
	struct page_ref blocks = ndb_write_block_tree(ndb);

	ndb_finish_maps(ndb);
	ndb_write_header(ndb, nodes, blocks);
	if (close(ndb->fd) != 0)
		generator_die("%s: %s", ndb->path, strerror(errno));
	free(ndb->out);
	free(ndb->scratch);
	free(ndb->map);
	free(ndb->blocks);
	free(ndb->nodes);
	free(ndb);
}

uint32_t
ndb_next_nid(struct ndb *ndb, unsigned type)
{
	return ++ndb->next_index[type] << 5 | type;
}

void
ndb_node(
    struct ndb *ndb, uint32_t nid, uint64_t data, uint64_t sub, uint32_t parent)
{
	uint32_t *highest = &ndb->next_index[nid & 31];

	ndb->nodes = grow(
	    ndb->nodes, ndb->node_count, &ndb->node_room, sizeof(*ndb->nodes));
	ndb->nodes[ndb->node_count++] =
	    (struct node_entry){nid, parent, data, sub};
	if (nid >> 5 > *highest)
		*highest = nid >> 5;
}

/* Compressed where that is allowed and helps; returns the stored size. */
static size_t
deflate_block(const struct ndb *ndb, uint8_t *to, size_t n)
{
	uint8_t packed[BLOCK_ROOM];
	uLongf room = n;

	if (!ndb->options.deflate || n < 64)
		return n;
	if (compress2(packed, &room, to, n, 6) != Z_OK || room >= n)
		return n;
	memcpy(to, packed, room);
	return room;
}

static uint64_t
put_block(struct ndb *ndb, const void *p, size_t n, bool internal)
{
	const struct form *form = ndb->options.form;
	uint64_t bid = ndb->next_block | (internal ? 2 : 0);
	uint8_t *to = ndb->scratch, *trailer;
	size_t stored = n, whole;
	uint64_t offset;

	if (n > form->block_max)
		generator_die("a block of %zu bytes", n);
	ndb->next_block += 4;
	memcpy(to, p, n);
	if (!internal) {
		crypt_encode(ndb->options.crypt, bid, to, n);
		stored = deflate_block(ndb, to, n);
	}
	whole = (stored + form->trailer + form->align - 1) / form->align *
		form->align;
	memset(to + stored, 0, whole - stored);
	offset = ndb_allocate(ndb, whole, form->align);
	trailer = to + whole - form->trailer;
	put16(trailer, stored);
	put16(trailer + 2, form_signature(offset, bid));
	put32(trailer + (form->wide ? 4 : 8), form_crc(to, stored));
	put_id(form, trailer + (form->wide ? 8 : 4), bid);
	if (form->large) {
		put16(trailer + 16, 2);
		put16(trailer + 18, n);
	}
	ndb_put(ndb, to, whole);
	ndb->blocks = grow(ndb->blocks, ndb->block_count, &ndb->block_room,
	    sizeof(*ndb->blocks));
	ndb->blocks[ndb->block_count++] =
	    (struct block_entry){bid, offset, (uint16_t)stored, (uint16_t)n};
	return bid;
}

void
tree_begin(struct tree *tree, struct ndb *ndb)
{
	memset(tree, 0, sizeof(*tree));
	tree->ndb = ndb;
}

void
tree_add_block(struct tree *tree, const void *p, size_t n)
{
	if (tree->used > 0) {
		size_t used = tree->used;

		tree->used = 0;
		tree_add_block(tree, tree->buffer, used);
	}
	tree->blocks =
	    grow(tree->blocks, tree->count, &tree->room, sizeof(*tree->blocks));
	tree->blocks[tree->count++] = put_block(tree->ndb, p, n, false);
	tree->total += n;
}

void
tree_add(struct tree *tree, const void *p, size_t n)
{
	size_t most = ndb_form(tree->ndb)->block_max;
	const uint8_t *from = p;

	if (tree->buffer == NULL)
		tree->buffer = malloc(most);
	while (n > 0) {
		size_t part = most - tree->used;

		if (part > n)
			part = n;
		memcpy(tree->buffer + tree->used, from, part);
		tree->used += part;
		from += part;
		n -= part;
		if (tree->used == most) {
			tree->used = 0;
			tree_add_block(tree, tree->buffer, most);
		}
	}
}

/* An XBLOCK (level 1) or XXBLOCK (level 2) over count ids. */
static uint64_t
put_tree_block(struct ndb *ndb, const uint64_t *ids, size_t count,
    unsigned level, uint64_t total)
{
	const struct form *form = ndb->options.form;
	size_t id = form->wide ? 8 : 4;
	uint8_t *p = calloc(1, 8 + count * id);
	uint64_t bid;

	p[0] = 1;
	p[1] = (uint8_t)level;
	put16(p + 2, count);
	put32(p + 4, total);
	for (size_t i = 0; i < count; i++)
		put_id(form, p + 8 + i * id, ids[i]);
	bid = put_block(ndb, p, 8 + count * id, true);
	free(p);
	return bid;
}

static uint64_t
put_tree_root(struct tree *tree)
{
	size_t most = ndb_form(tree->ndb)->tree_max;
	size_t size = ndb_form(tree->ndb)->block_max;
	size_t count = (tree->count + most - 1) / most;
	uint64_t *above, bid;

	if (tree->count <= 1)
		return tree->count == 0 ? 0 : tree->blocks[0];
	if (count == 1)
		return put_tree_block(
		    tree->ndb, tree->blocks, tree->count, 1, tree->total);
	if (count > most)
		generator_die("a value of %zu blocks", tree->count);
	above = calloc(count, sizeof(*above));
	for (size_t i = 0; i < count; i++) {
		size_t first = i * most;
		size_t n = i + 1 < count ? most : tree->count - first;
		uint64_t bytes = i + 1 < count
				     ? (uint64_t)most * size
				     : tree->total - (uint64_t)first * size;

		above[i] = put_tree_block(
		    tree->ndb, tree->blocks + first, n, 1, bytes);
	}
	bid = put_tree_block(tree->ndb, above, count, 2, tree->total);
	free(above);
	return bid;
}

uint64_t
tree_end(struct tree *tree)
{
	uint64_t bid;

	if (tree->used > 0) {
		size_t used = tree->used;

		tree->used = 0;
		tree_add_block(tree, tree->buffer, used);
	}
	bid = put_tree_root(tree);
	free(tree->buffer);
	free(tree->blocks);
	memset(tree, 0, sizeof(*tree));
	return bid;
}

void
subnodes_add(
    struct subnodes *subnodes, uint32_t nid, uint64_t data, uint64_t sub)
{
	subnodes->items = grow(subnodes->items, subnodes->count,
	    &subnodes->room, sizeof(*subnodes->items));
	subnodes->items[subnodes->count++] = (struct subnode){nid, data, sub};
}

uint32_t
subnodes_value_nid(struct subnodes *subnodes)
{
	return ++subnodes->next_value << 5 | 0x1f;
}

static int
compare_subnodes(const void *left, const void *right)
{
	const struct subnode *a = left, *b = right;

	return (a->nid > b->nid) - (a->nid < b->nid);
}

/* An SLBLOCK of some subnodes. */
static uint64_t
put_subnode_block(struct ndb *ndb, const struct subnode *items, size_t count)
{
	const struct form *form = ndb->options.form;
	size_t id = form->wide ? 8 : 4, head = form->wide ? 8 : 4;
	uint8_t *p = calloc(1, head + count * 3 * id);
	uint64_t bid;

	p[0] = 2;
	put16(p + 2, count);
	for (size_t i = 0; i < count; i++) {
		uint8_t *entry = p + head + i * 3 * id;

		put_id(form, entry, items[i].nid);
		put_id(form, entry + id, items[i].data);
		put_id(form, entry + 2 * id, items[i].sub);
	}
	bid = put_block(ndb, p, head + count * 3 * id, true);
	free(p);
	return bid;
}

/* An SIBLOCK over as many SLBLOCKs as it takes. */
static uint64_t
put_subnode_index(struct ndb *ndb, const struct subnodes *subnodes)
{
	const struct form *form = ndb->options.form;
	size_t id = form->wide ? 8 : 4, head = form->wide ? 8 : 4;
	size_t most = form->subnode_max;
	size_t count = (subnodes->count + most - 1) / most;
	uint8_t *p = calloc(1, head + count * 2 * id);
	uint64_t bid;

	if (count > form->subindex_max)
		generator_die("%zu parts of one node", subnodes->count);
	p[0] = 2;
	p[1] = 1;
	put16(p + 2, count);
	for (size_t i = 0; i < count; i++) {
		const struct subnode *first = subnodes->items + i * most;
		size_t left = subnodes->count - i * most;
		uint8_t *entry = p + head + i * 2 * id;

		put_id(form, entry, first->nid);
		put_id(form, entry + id,
		    put_subnode_block(ndb, first, left < most ? left : most));
	}
	bid = put_block(ndb, p, head + count * 2 * id, true);
	free(p);
	return bid;
}

uint64_t
subnodes_end(struct subnodes *subnodes, struct ndb *ndb)
{
	uint64_t bid = 0;

	if (subnodes->count > 0)
		qsort(subnodes->items, subnodes->count,
		    sizeof(*subnodes->items), compare_subnodes);
	for (size_t i = 1; i < subnodes->count; i++)
		if (subnodes->items[i].nid == subnodes->items[i - 1].nid)
			generator_die("subnode %#x written twice",
			    subnodes->items[i].nid);
	if (subnodes->count > ndb->options.form->subnode_max)
		bid = put_subnode_index(ndb, subnodes);
	else if (subnodes->count > 0)
		bid = put_subnode_block(ndb, subnodes->items, subnodes->count);
	free(subnodes->items);
	memset(subnodes, 0, sizeof(*subnodes));
	return bid;
}
