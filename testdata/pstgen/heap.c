/* Heap on node and tree on heap (sections 2.3.1, 2.3.2). */
#include "testdata/pstgen/ltp.h"

#include <stdlib.h>
#include <string.h>

enum { BITMAP_FIRST = 8, BITMAP_EVERY = 128 };

static size_t
block_head(size_t number)
{
	if (number == 0)
		return 12;
	if (number >= BITMAP_FIRST &&
	    (number - BITMAP_FIRST) % BITMAP_EVERY == 0)
		return 66;
	return 2;
}

static void
add_block(struct heap *heap)
{
	struct heap_block block = {0};

	block.data = calloc(1, ndb_form(heap->ndb)->block_max);
	block.used = block_head(heap->count);
	block.starts = grow(NULL, 0, &block.room, sizeof(*block.starts));
	block.starts[0] = (uint16_t)block.used;
	heap->blocks =
	    grow(heap->blocks, heap->count, &heap->room, sizeof(*heap->blocks));
	heap->blocks[heap->count++] = block;
}

void
heap_begin(struct heap *heap, struct ndb *ndb, uint8_t client)
{
	memset(heap, 0, sizeof(*heap));
	heap->ndb = ndb;
	heap->client = client;
	add_block(heap);
}

static bool
fits(const struct heap *heap, const struct heap_block *block, size_t n)
{
	const struct form *form = ndb_form(heap->ndb);
	size_t map = 4 + 2 * (block->count + 2);

	/* The map starts at an even place, hence one more byte. */
	return block->used + n + 1 + map <= form->block_max &&
	       block->count + 1 < (size_t)1 << form->index_bits;
}

uint32_t
heap_add(struct heap *heap, const void *p, size_t n)
{
	struct heap_block *block = &heap->blocks[heap->count - 1];
	unsigned bits = ndb_form(heap->ndb)->index_bits;

	if (n == 0)
		return 0;
	if (n > HEAP_ITEM_MAX)
		generator_die("a heap item of %zu bytes", n);
	if (!fits(heap, block, n)) {
		add_block(heap);
		block = &heap->blocks[heap->count - 1];
	}
	if (heap->count > (size_t)1 << (27 - bits))
		generator_die("a heap of %zu blocks", heap->count);
	if (p != NULL)
		memcpy(block->data + block->used, p, n);
	block->used += n;
	block->count++;
	block->starts = grow(
	    block->starts, block->count, &block->room, sizeof(*block->starts));
	block->starts[block->count] = (uint16_t)block->used;
	return (uint32_t)(heap->count - 1) << (5 + bits) |
	       (uint32_t)block->count << 5;
}

uint8_t *
heap_item(const struct heap *heap, uint32_t hid)
{
	unsigned bits = ndb_form(heap->ndb)->index_bits;
	struct heap_block *block = &heap->blocks[hid >> (5 + bits)];

	return block->data +
	       block->starts[((hid >> 5) & ((1u << bits) - 1)) - 1];
}

uint64_t
heap_end(struct heap *heap, uint32_t user_root)
{
	const struct form *form = ndb_form(heap->ndb);
	struct tree tree;

	tree_begin(&tree, heap->ndb);
	for (size_t i = 0; i < heap->count; i++) {
		struct heap_block *block = &heap->blocks[i];
		size_t size = 4 + 2 * (block->count + 1);
		/* All blocks but the last are full; their maps end them. */
		size_t map = i + 1 < heap->count ? form->block_max - size
						 : (block->used + 1) / 2 * 2;

		put16(block->data, map);
		put16(block->data + map, block->count);
		for (size_t k = 0; k <= block->count; k++)
			put16(block->data + map + 4 + 2 * k, block->starts[k]);
		if (i == 0) {
			block->data[2] = 0xec;
			block->data[3] = heap->client;
			put32(block->data + 4, user_root);
		}
		tree_add_block(&tree, block->data, map + size);
		free(block->data);
		free(block->starts);
	}
	free(heap->blocks);
	return tree_end(&tree);
}

void
heap_tree(struct heap *heap, uint32_t header, size_t key, size_t entry,
    const uint8_t *records, size_t count)
{
	size_t size = key + entry;
	uint8_t *level = malloc(count * size + 1);
	unsigned depth = 0;
	uint32_t root = 0;
	uint8_t *p;

	if (count > 0)
		memcpy(level, records, count * size);
	while (count > 0) {
		size_t most = HEAP_ITEM_MAX / size;
		size_t items = (count + most - 1) / most;
		uint8_t *above = malloc(items * (key + 4));

		for (size_t i = 0; i < items; i++) {
			size_t left = count - i * most;
			uint8_t *from = level + i * most * size;

			root = heap_add(
			    heap, from, (left < most ? left : most) * size);
			memcpy(above + i * (key + 4), from, key);
			put32(above + i * (key + 4) + key, root);
		}
		free(level);
		level = above;
		size = key + 4;
		count = items;
		if (items == 1)
			break;
		depth++;
	}
	free(level);
	p = heap_item(heap, header);
	p[0] = 0xb5;
	p[1] = (uint8_t)key;
	p[2] = (uint8_t)entry;
	p[3] = (uint8_t)depth;
	put32(p + 4, root);
}
