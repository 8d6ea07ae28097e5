/*
 * BTree pages, [MS-PST] 2.2.2.7.1, 2.2.2.7.7.
 *
 * Entries of a damaged page are used as far as they make sense: a look-up
 * takes the greatest key that is not past the one wanted and never relies on
 * the order; a walk goes by levels, so it ends, and by a bit per page, so
 * that no page comes twice.
 */
#include "parsers/pst/page.h"

#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/pst/pool.h"

enum { CACHE_BYTES = 1024 * 1024 };

struct pst_page_cache {
	size_t slots;
	uint64_t *ibs;  /* UINT64_MAX: free */
	uint8_t *pages;
};

static void *
memory(size_t count, size_t size)
{
	void *p = calloc(count, size);

	if (p == NULL)
		die_machine("out of memory");
	return p;
}

struct pst_page_cache *
pst_cache_new(const struct pst_form *form)
{
	struct pst_page_cache *cache = memory(1, sizeof *cache);

	cache->slots = CACHE_BYTES / form->page;
	cache->ibs = memory(cache->slots, sizeof *cache->ibs);
	cache->pages = memory(cache->slots, form->page);
	memset(cache->ibs, 0xFF, cache->slots * sizeof *cache->ibs);
	return cache;
}

void
pst_cache_free(struct pst_page_cache *cache)
{
	if (cache == NULL)
		return;
	free(cache->ibs);
	free(cache->pages);
	free(cache);
}

/* ---- one page */

static unsigned
entry_size(const struct pst_form *form, enum pst_ptype type, unsigned level)
{
	if (level > 0)
		return form->branch;
	return type == PST_PAGE_NBT ? form->nbt_leaf : form->bbt_leaf;
}

bool
pst_bt_parse(const struct pst_form *form, const uint8_t *page, uint64_t ib,
    enum pst_ptype type, struct pst_bt *out)
{
	const uint8_t *t = page + form->page_type;
	bool crc = pst_crc(page, form->page_body) ==
		   pst_le32(page + form->page_crc);
	unsigned most;

	*out = (struct pst_bt){ .entries = page };
	/* One of the two type bytes may be damaged, if all else is whole. */
	if (t[0] != type && t[1] != type)
		return false;
	if (!crc && t[0] != t[1])
		return false;
	out->bid = pst_id(form, page + form->page_bid);
	out->sound = crc && pst_le16(t + 2) == pst_signature(ib, out->bid);
	out->count = form->bt_count_width == 2
			 ? pst_le16(page + form->bt_count)
			 : page[form->bt_count];
	out->level = page[form->bt_level];
	if (out->level >= PST_BT_LEVELS)
		return false;
	out->size = page[form->bt_size];
	if (out->size < entry_size(form, type, out->level))
		out->size = entry_size(form, type, out->level);
	most = form->bt_area / out->size;
	out->slots = most;
	if (out->count > most) {
		out->count = most;
		out->sound = false;
	}
	return true;
}

/* Below a page that cannot be read hang an unknown number of items: what the
 * scan finds of them is said as well, and the rest is a loss. */
static void
say_page(struct pst_store *store, enum problem_kind kind, uint64_t ib,
    enum pst_ptype type, const char *what)
{
	if (store->pages_loud)
		pst_say(store, kind,
		    kind == PROBLEM_BAD_CHECKSUM ? OUTCOME_PARTIAL
						 : OUTCOME_ITEM_LOST, 0,
		    "%s page at byte %llu: %s ([MS-PST] 2.2.2.7)",
		    type == PST_PAGE_NBT ? "NBT" : "BBT",
		    (unsigned long long)ib, what);
}

/* The page at ib through the cache; NULL: it cannot be read. */
static const uint8_t *
page_get(struct pst_store *store, uint64_t ib)
{
	struct pst_page_cache *cache = store->cache;
	size_t size = store->form->page;
	size_t slot = (size_t)(ib / size % cache->slots);
	uint8_t *page = cache->pages + slot * size;

	if (cache->ibs[slot] == ib)
		return page;
	if (ib % size != 0 || ib >= store->size || size > store->size - ib)
		return NULL;
	cache->ibs[slot] = UINT64_MAX;
	if (input_read(store->input, ib, page, size) != (int64_t)size)
		return NULL;
	cache->ibs[slot] = ib;
	return page;
}

/* `level`: what the parent promises, or -1 for a root. */
static bool
bt_open(struct pst_store *store, uint64_t ib, enum pst_ptype type, int level,
    struct pst_bt *out)
{
	const uint8_t *page = page_get(store, ib);

	if (page == NULL) {
		say_page(store, ib < store->size ? PROBLEM_DAMAGED
						 : PROBLEM_TRUNCATED,
		    ib, type, "lies outside the file or on no page boundary");
		return false;
	}
	if (!pst_bt_parse(store->form, page, ib, type, out) ||
	    (level >= 0 && out->level != (unsigned)level)) {
		say_page(store, PROBLEM_DAMAGED, ib, type,
		    "is no such page, or of another level");
		return false;
	}
	if (!out->sound)
		say_page(store, PROBLEM_BAD_CHECKSUM, ib, type,
		    "checksum, signature or count wrong, read on");
	return true;
}

/* ---- entries */

static uint64_t
entry_key(const struct pst_store *store, enum pst_ptype type,
    const uint8_t *entry)
{
	uint64_t key = pst_id(store->form, entry);

	return type == PST_PAGE_NBT ? (uint32_t)key : pst_bid(key);
}

static uint64_t
branch_ib(const struct pst_form *form, const uint8_t *entry)
{
	return pst_id(form, entry + (size_t)2 * form->id);
}

void
pst_node_entry(const struct pst_form *form, const struct pst_bt *bt,
    unsigned i, struct pst_node *out)
{
	const uint8_t *e = bt->entries + (size_t)i * bt->size;

	out->nid = (uint32_t)pst_id(form, e);
	out->data = pst_bid(pst_id(form, e + form->id));
	out->sub = pst_bid(pst_id(form, e + (size_t)2 * form->id));
	out->parent = pst_le32(e + (size_t)3 * form->id);
}

void
pst_place_entry(const struct pst_form *form, const struct pst_bt *bt,
    unsigned i, struct pst_place *out)
{
	const uint8_t *e = bt->entries + (size_t)i * bt->size;
	const uint8_t *sizes = e + (size_t)2 * form->id;

	out->bid = pst_bid(pst_id(form, e));
	out->ib = pst_id(form, e + form->id);
	out->cb = pst_le16(sizes);
	out->inflated = form->zlib ? pst_le16(sizes + 2) : out->cb;
	if (out->inflated == 0)
		out->inflated = out->cb;
}

/* The child to descend to: the greatest key not past the wanted one. */
static const uint8_t *
branch_for(const struct pst_store *store, enum pst_ptype type,
    const struct pst_bt *bt, uint64_t key)
{
	const uint8_t *best = NULL;
	uint64_t best_key = 0;

	for (unsigned i = 0; i < bt->count; i++) {
		const uint8_t *e = bt->entries + (size_t)i * bt->size;
		uint64_t k = entry_key(store, type, e);

		if (k <= key && (best == NULL || k >= best_key)) {
			best = e;
			best_key = k;
		}
	}
	return best;
}

/* The leaf page that should hold the key, and the entry's number. */
static bool
tree_find(struct pst_store *store, enum pst_ptype type, uint64_t key,
    struct pst_bt *bt, unsigned *entry)
{
	uint64_t ib = type == PST_PAGE_NBT ? store->nbt.ib : store->bbt.ib;
	int level = -1;

	for (;;) {
		const uint8_t *branch;

		if (!bt_open(store, ib, type, level, bt))
			return false;
		if (bt->level == 0)
			break;
		branch = branch_for(store, type, bt, key);
		if (branch == NULL)
			return false;
		ib = branch_ib(store->form, branch);
		level = (int)bt->level - 1;
	}
	for (*entry = 0; *entry < bt->count; ++*entry)
		if (entry_key(store, type,
		        bt->entries + (size_t)*entry * bt->size) == key)
			return true;
	return false;
}

bool
pst_node_find(struct pst_store *store, uint32_t nid, struct pst_node *out)
{
	struct pst_bt bt;
	unsigned i;

	if (tree_find(store, PST_PAGE_NBT, nid, &bt, &i)) {
		pst_node_entry(store->form, &bt, i, out);
		return true;
	}
	return store->rescue && pst_pool_node(store, nid, out);
}

bool
pst_place_find(struct pst_store *store, uint64_t bid, struct pst_place *out)
{
	struct pst_bt bt;
	unsigned i;

	if (tree_find(store, PST_PAGE_BBT, pst_bid(bid), &bt, &i)) {
		pst_place_entry(store->form, &bt, i, out);
		return true;
	}
	return pst_pool_place(store, bid, out);
}

/* ---- walks */

struct level {
	uint8_t page[PST_PAGE_MOST];
	struct pst_bt bt;
	unsigned at;
};

struct walker {
	struct pst_store *store;
	const struct pst_walk *walk;
	enum pst_ptype type;
	struct level *levels;
	unsigned depth;
	uint8_t *seen; /* a bit per page */
	enum outcome outcome;
};

static bool
seen_before(struct walker *w, uint64_t ib)
{
	uint64_t page = ib / w->store->form->page;
	uint8_t bit = (uint8_t)(1U << (page & 7));

	if (ib >= w->store->size)
		return false;
	if (w->seen[page >> 3] & bit)
		return true;
	w->seen[page >> 3] |= bit;
	return false;
}

static void
walk_enter(struct walker *w, uint64_t ib, int level)
{
	struct pst_bt bt;

	if (seen_before(w, ib)) {
		say_page(w->store, PROBLEM_DAMAGED, ib, w->type,
		    "is named twice, read once");
		w->outcome = OUTCOME_PARTIAL;
		return;
	}
	if (!bt_open(w->store, ib, w->type, level, &bt)) {
		w->outcome = OUTCOME_PARTIAL;
		return;
	}
	if (!bt.sound)
		w->outcome = OUTCOME_PARTIAL;
	if (w->walk->page != NULL)
		w->walk->page(w->walk->context, ib);
	if (bt.level == 0) {
		w->walk->leaf(w->walk->context, ib, &bt);
		return;
	}
	memcpy(w->levels[w->depth].page, bt.entries, w->store->form->page);
	bt.entries = w->levels[w->depth].page;
	w->levels[w->depth].bt = bt;
	w->levels[w->depth].at = 0;
	w->depth++;
}

enum outcome
pst_walk_tree(struct pst_store *store, enum pst_ptype type,
    const struct pst_walk *walk)
{
	struct walker w = { .store = store, .walk = walk, .type = type };

	w.levels = memory(PST_BT_LEVELS, sizeof *w.levels);
	w.seen = memory((size_t)(store->size / store->form->page / 8 + 1), 1);
	walk_enter(&w,
	    type == PST_PAGE_NBT ? store->nbt.ib : store->bbt.ib, -1);
	while (w.depth > 0) {
		struct level *level = &w.levels[w.depth - 1];

		if (level->at == level->bt.count) {
			w.depth--;
			continue;
		}
		walk_enter(&w,
		    branch_ib(store->form, level->bt.entries +
		        (size_t)level->at++ * level->bt.size),
		    (int)level->bt.level - 1);
	}
	free(w.levels);
	free(w.seen);
	return w.outcome;
}
