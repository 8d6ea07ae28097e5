/*
 * The scan, [MS-PST] 2.2.2.7.1 and 2.2.2.8.1 read backwards: a block's
 * trailer is the last bytes of its room, so every place where one can end is
 * tried: signature first, checksum after.  Chance passes both once in 2^48.
 */
#include "parsers/pst/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "parsers/base/die.h"
#include "parsers/base/limits.h"

enum {
	CHUNK = 1024 * 1024,
	BITMAP_MOST = 16 * 1024 * 1024,
};

struct pst_pool {
	struct pst_place *places;
	size_t place_count, place_room;
	/* Signature right, checksum wrong: damaged, and better than none. */
	struct pst_place *weak;
	size_t weak_count, weak_room;
	struct pst_pool_entry *entries;
	size_t entry_count, entry_room;
	bool full; /* a limit was reached */
};

struct scan {
	struct pst_store *store;
	struct pst_pool *pool;
	const struct pst_form *form;
	/* A bit per unit that live things cover whole; NULL: scan all. */
	uint8_t *covered;
	uint64_t unit;
	uint8_t *chunk; /* the block before it can begin at most so early */
	uint64_t base;  /* file offset of chunk[0] */
	size_t n;
};

static void *
grow(void *p, size_t *room, size_t size)
{
	*room = *room ? *room * 2 : 1024;
	p = realloc(p, *room * size);
	if (p == NULL)
		die_machine("out of memory");
	return p;
}

static bool
pool_has_room(struct pst_pool *pool, size_t count)
{
	if (count < pst_limits.pool)
		return true;
	pool->full = true;
	return false;
}

static void
add_place(struct pst_pool *pool, const struct pst_place *place)
{
	if (!pool_has_room(pool, pool->place_count))
		return;
	if (pool->place_count == pool->place_room)
		pool->places = grow(pool->places, &pool->place_room,
		    sizeof *pool->places);
	pool->places[pool->place_count++] = *place;
}

static void
add_weak(struct pst_pool *pool, const struct pst_place *place)
{
	if (!pool_has_room(pool, pool->weak_count))
		return;
	if (pool->weak_count == pool->weak_room)
		pool->weak = grow(pool->weak, &pool->weak_room,
		    sizeof *pool->weak);
	pool->weak[pool->weak_count++] = *place;
}

static void
add_entry(struct pst_pool *pool, const struct pst_node *node,
    uint64_t page_bid, bool weak)
{
	if (node->nid == 0 || node->data == 0 ||
	    !pool_has_room(pool, pool->entry_count))
		return;
	if (pool->entry_count == pool->entry_room)
		pool->entries = grow(pool->entries, &pool->entry_room,
		    sizeof *pool->entries);
	pool->entries[pool->entry_count++] =
	    (struct pst_pool_entry){ *node, page_bid, weak };
}

static void
add_page(struct scan *scan, const struct pst_bt *bt, unsigned from)
{
	for (unsigned i = from; i < bt->slots; i++) {
		struct pst_node node;

		pst_node_entry(scan->form, bt, i, &node);
		add_entry(scan->pool, &node, bt->bid, i >= bt->count);
	}
}

/* ---- what live things cover */

static void
cover(struct scan *scan, uint64_t from, uint64_t to)
{
	uint64_t first = (from + scan->unit - 1) / scan->unit;
	uint64_t last;

	if (to > scan->store->size)
		to = scan->store->size;
	last = to / scan->unit;
	for (uint64_t u = first; u < last; u++)
		scan->covered[u >> 3] |= (uint8_t)(1U << (u & 7));
}

static bool
is_covered(const struct scan *scan, uint64_t at)
{
	uint64_t u;

	if (scan->covered == NULL)
		return false;
	u = at / scan->unit;
	return (scan->covered[u >> 3] >> (u & 7) & 1) != 0;
}

static void
cover_page(void *context, uint64_t ib)
{
	struct scan *scan = context;

	cover(scan, ib, ib + scan->form->page);
}

static void
cover_blocks(void *context, uint64_t ib, const struct pst_bt *bt)
{
	struct scan *scan = context;
	struct pst_place place;

	(void)ib;
	for (unsigned i = 0; i < bt->count; i++) {
		pst_place_entry(scan->form, bt, i, &place);
		if (place.ib < scan->store->size)
			cover(scan, place.ib,
			    place.ib + pst_block_room(scan->form, place.cb));
	}
}

/* Live NBT leaves: only what their unused slots still hold. */
static void
cover_nodes(void *context, uint64_t ib, const struct pst_bt *bt)
{
	struct scan *scan = context;

	(void)ib;
	add_page(scan, bt, bt->count);
}

static void
cover_live(struct scan *scan)
{
	struct pst_walk blocks = { cover_blocks, cover_page, scan };
	struct pst_walk nodes = { cover_nodes, cover_page, scan };

	scan->unit = scan->form->align;
	while (scan->store->size / scan->unit / 8 > BITMAP_MOST)
		scan->unit *= 2;
	scan->covered = calloc(
	    (size_t)(scan->store->size / scan->unit / 8 + 1), 1);
	if (scan->covered == NULL)
		die_machine("out of memory");
	pst_walk_tree(scan->store, PST_PAGE_BBT, &blocks);
	pst_walk_tree(scan->store, PST_PAGE_NBT, &nodes);
}

/* ---- pages and blocks of a chunk */

static void
try_page(struct scan *scan, uint64_t ib, const uint8_t *page)
{
	const struct pst_form *form = scan->form;
	struct pst_bt bt;

	if (page[form->page_type] != PST_PAGE_NBT ||
	    page[form->page_type + 1] != PST_PAGE_NBT || is_covered(scan, ib))
		return;
	if (pst_bt_parse(form, page, ib, PST_PAGE_NBT, &bt) && bt.sound &&
	    bt.level == 0)
		add_page(scan, &bt, 0);
}

static bool
block_fits(struct scan *scan, uint64_t ib, size_t cb, uint32_t crc)
{
	uint8_t *stored = scan->store->stored;

	if (ib >= scan->base && ib + cb <= scan->base + scan->n)
		return pst_crc(scan->chunk + (ib - scan->base), cb) == crc;
	return input_read(scan->store->input, ib, stored, cb) ==
		   (int64_t)cb &&
	       pst_crc(stored, cb) == crc;
}

/* Chance makes one right signature in 65536. */
static bool
is_plausible(const struct pst_store *store, uint64_t bid)
{
	return store->header_damaged ? bid < UINT32_MAX
				     : bid < store->next_block;
}

/* `t`: the trailer of a block that would end at `end`. */
static void
try_block(struct scan *scan, uint64_t end, const uint8_t *t)
{
	const struct pst_form *form = scan->form;
	size_t cb = pst_le16(t), room = pst_block_room(form, cb);
	bool ansi = form->id == 4;
	uint64_t bid = ansi ? pst_le32(t + 4) : pst_le64(t + 8);
	uint32_t crc = pst_le32(t + (ansi ? 8 : 4));
	struct pst_place place;

	if (bid < 2 || cb == 0 || room > end)
		return;
	if (pst_le16(t + 2) != pst_signature(end - room, bid) &&
	    pst_le16(t + 2) != pst_signature(end - room, pst_bid(bid)))
		return;
	if (is_covered(scan, end - form->trailer))
		return;
	place = (struct pst_place){ pst_bid(bid), end - room, (uint32_t)cb,
		(uint32_t)cb };
	if (form->zlib && pst_le16(t + 18) != 0)
		place.inflated = pst_le16(t + 18);
	if (block_fits(scan, end - room, cb, crc))
		add_place(scan->pool, &place);
	else if (scan->covered == NULL && is_plausible(scan->store, bid))
		add_weak(scan->pool, &place);
}

static void
scan_chunk(struct scan *scan)
{
	const struct pst_form *form = scan->form;
	size_t t = form->trailer, at;

	for (at = 0; at + form->page <= scan->n; at += form->page)
		try_page(scan, scan->base + at, scan->chunk + at);
	for (at = form->align; at <= scan->n; at += form->align)
		try_block(scan, scan->base + at, scan->chunk + at - t);
}

/* Holes of a sparse file hold nothing. */
static uint64_t
skip_hole(const struct input *input, uint64_t at)
{
	off_t data;

	if (input->fd < 0)
		return at;
	data = lseek(input->fd, (off_t)at, SEEK_DATA);
	if (data < 0)
		return errno == ENXIO ? UINT64_MAX : at;
	return (uint64_t)data & ~(uint64_t)(PST_PAGE_MOST - 1);
}

static void
scan_file(struct scan *scan)
{
	uint64_t at = 0;

	scan->chunk = malloc(CHUNK);
	if (scan->chunk == NULL)
		die_machine("out of memory");
	while ((at = skip_hole(scan->store->input, at)) < scan->store->size) {
		int64_t n = input_read(scan->store->input, at, scan->chunk,
		    CHUNK);

		scan->base = at;
		scan->n = n < 0 ? 0 : (size_t)n;
		if (n < 0)
			pst_say(scan->store, PROBLEM_UNREADABLE,
			    OUTCOME_PARTIAL, 0, "bytes %llu to %llu cannot be "
			    "read", (unsigned long long)at,
			    (unsigned long long)at + CHUNK);
		scan_chunk(scan);
		at += CHUNK;
	}
	free(scan->chunk);
}

/* ---- order */

static int
by_number(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int
compare_places(const void *left, const void *right)
{
	const struct pst_place *a = left, *b = right;
	int order = by_number(a->bid, b->bid);

	return order ? order : by_number(a->ib, b->ib);
}

/* The state with the higher BID is the later one. */
static int
compare_entries(const void *left, const void *right)
{
	const struct pst_pool_entry *a = left, *b = right;
	int order = by_number(a->node.nid, b->node.nid);

	if (order == 0)
		order = (int)a->weak - (int)b->weak;
	if (order == 0)
		order = by_number(b->page_bid, a->page_bid);
	if (order == 0)
		order = by_number(b->node.data, a->node.data);
	if (order == 0)
		order = by_number(b->node.sub, a->node.sub);
	return order ? order : by_number(a->node.parent, b->node.parent);
}

void
pst_pool_build(struct pst_store *store, bool all)
{
	struct scan scan = { .store = store, .form = store->form };
	struct pst_pool *pool = calloc(1, sizeof *pool);

	if (pool == NULL)
		die_machine("out of memory");
	scan.pool = pool;
	if (!all)
		cover_live(&scan);
	scan_file(&scan);
	free(scan.covered);
	if (pool->place_count > 0)
		qsort(pool->places, pool->place_count, sizeof *pool->places,
		    compare_places);
	if (pool->weak_count > 0)
		qsort(pool->weak, pool->weak_count, sizeof *pool->weak,
		    compare_places);
	if (pool->entry_count > 0)
		qsort(pool->entries, pool->entry_count,
		    sizeof *pool->entries, compare_entries);
	if (pool->full)
		pst_say(store, PROBLEM_LIMIT_SIZE, OUTCOME_PARTIAL, 0,
		    "more than %u blocks or nodes outside the trees: the "
		    "rest is left out", (unsigned)pst_limits.pool);
	store->pool = pool;
}

void
pst_pool_free(struct pst_pool *pool)
{
	if (pool == NULL)
		return;
	free(pool->places);
	free(pool->weak);
	free(pool->entries);
	free(pool);
}

const struct pst_pool_entry *
pst_pool_entries(const struct pst_pool *pool, size_t *count)
{
	*count = pool->entry_count;
	return pool->entries;
}

void
pst_pool_places(const struct pst_pool *pool,
    void (*each)(void *context, const struct pst_place *place), void *context)
{
	for (size_t i = 0; i < pool->place_count; i++)
		if (i == 0 || pool->places[i - 1].bid != pool->places[i].bid)
			each(context, &pool->places[i]);
}

/* ---- look-ups */

bool
pst_pool_node(struct pst_store *store, uint32_t nid, struct pst_node *out)
{
	const struct pst_pool *pool;
	size_t low = 0, high;

	if (store->pool == NULL && store->rescue)
		pst_pool_build(store, true);
	if (store->pool == NULL)
		return false;
	pool = store->pool;
	for (high = pool->entry_count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (pool->entries[middle].node.nid < nid)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == pool->entry_count || pool->entries[low].node.nid != nid)
		return false;
	*out = pool->entries[low].node;
	return true;
}

static bool
place_in(const struct pst_place *places, size_t count, uint64_t bid,
    struct pst_place *out)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (places[middle].bid < bid)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == count || places[low].bid != bid)
		return false;
	*out = places[low];
	return true;
}

bool
pst_pool_place(struct pst_store *store, uint64_t bid, struct pst_place *out)
{
	const struct pst_pool *pool;

	if (store->pool == NULL && store->rescue)
		pst_pool_build(store, true);
	pool = store->pool;
	bid = pst_bid(bid);
	return pool != NULL &&
	       (place_in(pool->places, pool->place_count, bid, out) ||
	           place_in(pool->weak, pool->weak_count, bid, out));
}
