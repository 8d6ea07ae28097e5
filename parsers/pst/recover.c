/*
 * Deleted items and older copies: nodes of NBT pages that no live page
 * reaches, whose blocks still lie in the file.  A BID is never given twice,
 * and a block is taken only with a trailer that fits its place, so what is
 * found is what the node once held.
 */
#include <stdio.h>
#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/pst/carve.h"
#include "parsers/pst/unit.h"

enum { TAG_CLASS = 0x001A, STATES_MOST = 256 };

/* BIDs of data: those of live messages (a deleted copy may share them), and
 * those of every node that is known. */
struct bids {
	struct pst_store *store;
	uint64_t *list;
	size_t count, room;
};

static void
add_bid(struct bids *bids, uint64_t bid)
{
	if (bids->count == bids->room) {
		bids->room = bids->room ? bids->room * 2 : 1024;
		bids->list = realloc(bids->list,
		    bids->room * sizeof *bids->list);
		if (bids->list == NULL)
			die_machine("out of memory");
	}
	bids->list[bids->count++] = bid;
}

static int
compare_bids(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

static void
sort_bids(struct bids *bids)
{
	if (bids->count > 1)
		qsort(bids->list, bids->count, sizeof *bids->list,
		    compare_bids);
}

static bool
has_bid(const struct bids *bids, uint64_t bid)
{
	return bids->count > 0 &&
	       bsearch(&bid, bids->list, bids->count, sizeof bid,
	           compare_bids) != NULL;
}

struct recovery {
	struct pst_store *store;
	struct sink *sink;
	struct arena scratch;
	struct bids live;  /* of live messages */
	struct bids known; /* of all nodes, live or found by the scan */
};

static void
take_live(void *context, uint64_t ib, const struct pst_bt *bt)
{
	struct recovery *r = context;
	struct pst_node node;

	(void)ib;
	for (unsigned i = 0; i < bt->count; i++) {
		pst_node_entry(r->store->form, bt, i, &node);
		if (pst_nid_type(node.nid) == PST_NID_MESSAGE)
			add_bid(&r->live, node.data);
		add_bid(&r->known, node.data);
	}
}

/* A property context with a message class. */
static bool
is_message(struct pst_store *store, struct arena *arena,
    const struct pst_node *node)
{
	static const uint16_t wanted[] = { TAG_CLASS };
	struct sink *sink = store->sink;
	struct pst_object object;
	struct pst_bag bag;
	bool found;

	arena_reset(arena);
	store->sink = NULL;
	found = pst_object_open(&object, store, arena, node) &&
		object.client == PST_CLIENT_PC &&
		pst_bag_pick(&object, wanted, 1, &bag) && bag.bag.count == 1;
	store->sink = sink;
	return found;
}

static bool
folder_is_there(struct pst_store *store, uint32_t nid)
{
	struct pst_node node;

	return (pst_nid_type(nid) == PST_NID_FOLDER ||
	           pst_nid_type(nid) == PST_NID_SEARCH) &&
	       pst_node_find(store, nid, &node);
}

static void
say_recovered(struct recovery *r, const struct pst_node *node, bool older)
{
	char locator[64], folder[32];
	struct pst_item item = { .node = *node,
		.state = BYTES_LIT("recovered"), .older_copy = older };
	int n;

	n = node->nid == 0
		? snprintf(locator, sizeof locator, "bid=0x%llx",
		      (unsigned long long)node->data)
		: snprintf(locator, sizeof locator, "nid=0x%x/bid=0x%llx",
		      node->nid, (unsigned long long)node->data);
	item.locator = bytes_of(locator, (size_t)n);
	if (folder_is_there(r->store, node->parent)) {
		n = snprintf(folder, sizeof folder, "nid=0x%x", node->parent);
		item.folder_id = bytes_of(folder, (size_t)n);
	}
	if (!sink_item_begin(r->sink, item.locator))
		return;
	pst_at(r->store, item.locator);
	pst_item_say(r->store, &item);
	pst_at(r->store, BYTES_NONE);
	sink_item_end(r->sink);
}

/* The same state of the same node came before in the sorted list; or so many
 * states did that only a hostile file has them. */
static bool
came_before(const struct pst_pool_entry *entries, size_t i)
{
	for (size_t k = i; k > 0; k--) {
		if (i - k == STATES_MOST)
			return true;
		if (entries[k - 1].node.nid != entries[i].node.nid)
			return false;
		if (entries[k - 1].node.data == entries[i].node.data)
			return true;
	}
	return false;
}

static void
recover_entry(struct recovery *r, const struct pst_node *node)
{
	struct pst_node now;
	bool is_there = pst_node_find(r->store, node->nid, &now);

	if (is_there && now.data == node->data)
		return;
	if (is_message(r->store, &r->scratch, node))
		say_recovered(r, node,
		    is_there || has_bid(&r->live, node->data));
}

/* A rule that was deleted, or what it was before. */
static void
recover_associated(struct recovery *r, const struct pst_node *node)
{
	char locator[64];
	struct pst_item item = { .node = *node,
		.state = BYTES_LIT("recovered") };
	struct pst_node now;
	int n;

	if ((pst_node_find(r->store, node->nid, &now) &&
	        now.data == node->data) ||
	    !is_message(r->store, &r->scratch, node))
		return;
	n = snprintf(locator, sizeof locator, "nid=0x%x/bid=0x%llx",
	    node->nid, (unsigned long long)node->data);
	item.locator = bytes_of(locator, (size_t)n);
	if (!sink_item_begin(r->sink, item.locator))
		return;
	pst_at(r->store, item.locator);
	pst_item_found(r->store, &item);
	pst_at(r->store, BYTES_NONE);
	sink_item_end(r->sink);
}

static void
recover_nodes(struct recovery *r)
{
	size_t count;
	const struct pst_pool_entry *entries = pst_pool_entries(r->store->pool,
	    &count);

	for (size_t i = 0; i < count; i++) {
		add_bid(&r->known, entries[i].node.data);
		if (pst_nid_type(entries[i].node.nid) == PST_NID_MESSAGE &&
		    !came_before(entries, i))
			recover_entry(r, &entries[i].node);
		if (pst_nid_type(entries[i].node.nid) == PST_NID_ASSOCIATED &&
		    !came_before(entries, i))
			recover_associated(r, &entries[i].node);
	}
}

static void
recover_blocks(struct recovery *r)
{
	struct pst_carving carving;

	sort_bids(&r->known);
	pst_carve(r->store, r->known.list, r->known.count, &carving);
	for (size_t i = 0; i < carving.count; i++) {
		struct pst_node node = { .data = carving.list[i].data,
			.sub = carving.list[i].sub };

		say_recovered(r, &node, false);
	}
	pst_carve_release(&carving);
}

void
pst_recover_run(struct pst_store *store, struct sink *sink)
{
	struct recovery r = { .store = store, .sink = sink };
	struct pst_walk walk = { take_live, NULL, &r };

	if (store->pool == NULL)
		pst_pool_build(store, store->rescue);
	arena_init(&r.scratch);
	pst_walk_tree(store, PST_PAGE_NBT, &walk);
	sort_bids(&r.live);
	recover_nodes(&r);
	recover_blocks(&r);
	arena_release(&r.scratch);
	free(r.live.list);
	free(r.known.list);
}
