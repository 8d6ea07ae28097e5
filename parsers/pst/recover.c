/*
 * Deleted items and older copies: nodes of NBT pages that no live page
 * reaches, whose blocks still lie in the file.  A BID is never given twice,
 * and a block is taken only with a trailer that fits its place, so what is
 * found is what the node once held.
 */
#include <stdio.h>
#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/pst/pool.h"
#include "parsers/pst/unit.h"

enum { TAG_CLASS = 0x001A };

/* BIDs of live messages' data: a deleted copy may share them. */
struct live {
	struct pst_store *store;
	uint64_t *data;
	size_t count, room;
};

static void
take_live(void *context, uint64_t ib, const struct pst_bt *bt)
{
	struct live *live = context;
	struct pst_node node;

	(void)ib;
	for (unsigned i = 0; i < bt->count; i++) {
		pst_node_entry(live->store->form, bt, i, &node);
		if (pst_nid_type(node.nid) != PST_NID_MESSAGE)
			continue;
		if (live->count == live->room) {
			live->room = live->room ? live->room * 2 : 1024;
			live->data = realloc(live->data,
			    live->room * sizeof *live->data);
			if (live->data == NULL)
				die_machine("out of memory");
		}
		live->data[live->count++] = node.data;
	}
}

static int
compare_bids(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

static void
live_read(struct live *live, struct pst_store *store)
{
	struct pst_walk walk = { take_live, NULL, live };

	*live = (struct live){ .store = store };
	pst_walk_tree(store, PST_PAGE_NBT, &walk);
	if (live->count > 0)
		qsort(live->data, live->count, sizeof *live->data,
		    compare_bids);
}

static bool
is_live(const struct live *live, uint64_t data)
{
	return live->count > 0 &&
	       bsearch(&data, live->data, live->count, sizeof data,
	           compare_bids) != NULL;
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
say_recovered(struct pst_store *store, struct sink *sink,
    const struct pst_node *node, bool older)
{
	char locator[64], folder[32];
	struct pst_item item = { .node = *node,
		.state = BYTES_LIT("recovered"), .older_copy = older };
	int n = snprintf(locator, sizeof locator, "nid=0x%x/bid=0x%llx",
	    node->nid, (unsigned long long)node->data);

	item.locator = bytes_of(locator, (size_t)n);
	if (folder_is_there(store, node->parent)) {
		n = snprintf(folder, sizeof folder, "nid=0x%x", node->parent);
		item.folder_id = bytes_of(folder, (size_t)n);
	}
	if (!sink_item_begin(sink, item.locator))
		return;
	pst_at(store, item.locator);
	pst_item_say(store, &item);
	pst_at(store, BYTES_NONE);
	sink_item_end(sink);
}

/* The same state of the same node came before in the sorted list. */
static bool
came_before(const struct pst_pool_entry *entries, size_t i)
{
	for (size_t k = i; k > 0; k--) {
		if (entries[k - 1].node.nid != entries[i].node.nid)
			return false;
		if (entries[k - 1].node.data == entries[i].node.data)
			return true;
	}
	return false;
}

static void
recover_entry(struct pst_store *store, struct sink *sink,
    struct arena *scratch, const struct live *live,
    const struct pst_node *node)
{
	struct pst_node now;
	bool is_there = pst_node_find(store, node->nid, &now);

	if (is_there && now.data == node->data)
		return;
	if (is_message(store, scratch, node))
		say_recovered(store, sink, node,
		    is_there || is_live(live, node->data));
}

void
pst_recover_run(struct pst_store *store, struct sink *sink)
{
	const struct pst_pool_entry *entries;
	struct arena scratch;
	struct live live;
	size_t count;

	if (store->pool == NULL)
		pst_pool_build(store, store->rescue);
	entries = pst_pool_entries(store->pool, &count);
	live_read(&live, store);
	arena_init(&scratch);
	for (size_t i = 0; i < count; i++)
		if (pst_nid_type(entries[i].node.nid) == PST_NID_MESSAGE &&
		    !came_before(entries, i))
			recover_entry(store, sink, &scratch, &live,
			    &entries[i].node);
	arena_release(&scratch);
	free(live.data);
}
