/* See carve.h. */
#include "parsers/pst/carve.h"

#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/pst/ltp.h"

enum {
	TAG_CLASS = 0x001A, TAG_FLAGS = 0x0E07, FLAG_ASSOCIATED = 0x40,
	HEAP_SIGNATURE = 0xEC,
	/* How far apart in block numbers a message and its list block lie:
	 * 9 of 10 within 28 in real stores. */
	NEAR = 64 * 4,
};

struct pair {
	uint64_t key, value;
};

struct pairs {
	struct pair *list;
	size_t count, room;
};

struct carver {
	struct pst_store *store;
	struct arena arena;
	const uint64_t *known;
	size_t known_count;
	struct pairs heaps;   /* property contexts: BID, BID */
	struct pairs first;   /* first block of a data tree, its list */
	struct pairs inner;   /* data of a subnode, its list block */
	struct pairs lists;   /* list blocks with a recipient table */
	struct pst_carving *out;
};

static void
add_pair(struct pairs *pairs, uint64_t key, uint64_t value)
{
	if (pairs->count == pairs->room) {
		pairs->room = pairs->room ? pairs->room * 2 : 256;
		pairs->list = realloc(pairs->list,
		    pairs->room * sizeof *pairs->list);
		if (pairs->list == NULL)
			die_machine("out of memory");
	}
	pairs->list[pairs->count++] = (struct pair){ key, value };
}

static int
compare_pairs(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->value < b->value ? -1 : a->value > b->value;
}

static void
sort_pairs(struct pairs *pairs)
{
	if (pairs->count > 1)
		qsort(pairs->list, pairs->count, sizeof *pairs->list,
		    compare_pairs);
}

/* Index of the first pair whose key is not below. */
static size_t
pairs_from(const struct pairs *pairs, uint64_t key)
{
	size_t low = 0, high = pairs->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (pairs->list[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct pair *
pairs_find(const struct pairs *pairs, uint64_t key)
{
	size_t i = pairs_from(pairs, key);

	return i < pairs->count && pairs->list[i].key == key
		   ? &pairs->list[i]
		   : NULL;
}

/* ---- what each block is */

static void
sort_internal(struct carver *c, uint64_t bid, struct bytes block)
{
	const struct pst_form *form = c->store->form;

	if (block.n < 8)
		return;
	if (block.p[0] == 1 && block.p[1] == 1 && block.n >= 8U + form->id)
		add_pair(&c->first, pst_bid(pst_id(form, block.p + 8)), bid);
	if (block.p[0] == 2 && block.p[1] == 0) {
		struct pst_subs subs;

		pst_subs_read(c->store, &c->arena, bid, &subs);
		for (size_t i = 0; i < subs.count; i++)
			add_pair(&c->inner, subs.list[i].data, bid);
		if (pst_subs_find(&subs, PST_NID_RECIPIENTS) != NULL ||
		    pst_subs_find(&subs, PST_NID_ATTACHMENTS) != NULL)
			add_pair(&c->lists, bid, bid);
	}
}

static void
sort_block(void *context, const struct pst_place *place)
{
	struct carver *c = context;
	struct bytes block;

	arena_reset(&c->arena);
	block = pst_block_read(c->store, &c->arena, place->bid,
	    c->store->crypt);
	if (pst_bid_internal(place->bid))
		sort_internal(c, place->bid, block);
	else if (block.n >= 12 && block.p[2] == HEAP_SIGNATURE &&
		 block.p[3] == PST_CLIENT_PC)
		add_pair(&c->heaps, place->bid, place->bid);
}

/* ---- messages among them */

static bool
is_known(const struct carver *c, uint64_t bid)
{
	size_t low = 0, high = c->known_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->known[middle] < bid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < c->known_count && c->known[low] == bid;
}

/* A value that lies in a subnode; 0: none. */
static uint32_t
needs_subnode(const struct pst_bag *bag)
{
	for (size_t i = 0; i < bag->bag.count; i++) {
		uint32_t hnid = bag->raw[i];

		if (pst_fixed_size(bag->bag.list[i].type) == 0 &&
		    bag->bag.list[i].type > 1 && (hnid & 0x1F) != 0)
			return hnid;
	}
	return 0;
}

static bool
list_fits(struct carver *c, uint64_t list, uint32_t needed)
{
	struct pst_subs subs;

	return pst_subs_read(c->store, &c->arena, list, &subs) &&
	       (needed == 0 || pst_subs_find(&subs, needed) != NULL);
}

static uint64_t
distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static uint64_t
list_near(struct carver *c, uint64_t data, uint32_t needed)
{
	uint64_t from = data > NEAR ? data - NEAR : 0, best = 0;

	for (size_t i = pairs_from(&c->lists, from);
	     i < c->lists.count && c->lists.list[i].key <= data + NEAR; i++) {
		uint64_t list = c->lists.list[i].key;

		if (best != 0 && distance(list, data) >= distance(best, data))
			continue;
		if (list_fits(c, list, needed))
			best = list;
	}
	return best;
}

static void
add_carved(struct carver *c, uint64_t data, uint64_t sub)
{
	struct pst_carving *out = c->out;

	if (out->count == out->room) {
		out->room = out->room ? out->room * 2 : 64;
		out->list = realloc(out->list, out->room * sizeof *out->list);
		if (out->list == NULL)
			die_machine("out of memory");
	}
	out->list[out->count++] = (struct pst_carved){ data, sub };
}

static void
try_heap(struct carver *c, uint64_t bid)
{
	static const uint16_t fixed[] = { TAG_CLASS, TAG_FLAGS };
	const struct pair *tree = pairs_find(&c->first, bid);
	struct pst_node node = { .data = tree ? tree->value : bid };
	struct pst_object object;
	struct pst_bag bag, all;

	if (is_known(c, node.data) || pairs_find(&c->inner, node.data) != NULL)
		return;
	arena_reset(&c->arena);
	if (!pst_object_open(&object, c->store, &c->arena, &node) ||
	    !pst_bag_pick(&object, fixed, 2, &bag) ||
	    pst_bag_find(&bag.bag, TAG_CLASS) == NULL ||
	    (pst_bag_number(&bag.bag, TAG_FLAGS, 0) & FLAG_ASSOCIATED) != 0 ||
	    !pst_bag_read(&object, 0, &all))
		return;
	add_carved(c, node.data, list_near(c, node.data, needs_subnode(&all)));
}

void
pst_carve(struct pst_store *store, const uint64_t *known, size_t known_count,
    struct pst_carving *out)
{
	struct carver c = { .store = store, .known = known,
		.known_count = known_count, .out = out };
	struct sink *sink = store->sink;

	*out = (struct pst_carving){ NULL, 0, 0 };
	arena_init(&c.arena);
	store->sink = NULL;
	pst_pool_places(store->pool, sort_block, &c);
	sort_pairs(&c.first);
	sort_pairs(&c.inner);
	for (size_t i = 0; i < c.heaps.count; i++)
		try_heap(&c, c.heaps.list[i].key);
	store->sink = sink;
	free(c.heaps.list);
	free(c.first.list);
	free(c.inner.list);
	free(c.lists.list);
	arena_release(&c.arena);
}

void
pst_carve_release(struct pst_carving *carving)
{
	free(carving->list);
}
