/*
 * Deleted items and older copies: nodes of NBT pages that no live page
 * reaches, whose blocks still lie in the file.  A BID is never given twice,
 * and a block is taken only with a trailer that fits its place, so what is
 * found is what the node once held.
 */
#include <stdio.h>

#include "parsers/pst/pool.h"
#include "parsers/pst/unit.h"

enum { TAG_CLASS = 0x001A };

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
    const struct pst_node *node, bool live_too)
{
	char locator[64], folder[32];
	struct pst_item item = { .node = *node,
		.state = BYTES_LIT("recovered"), .older_copy = live_too };
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

void
pst_recover_run(struct pst_store *store, struct sink *sink)
{
	const struct pst_pool_entry *entries;
	struct arena scratch;
	size_t count;

	if (store->pool == NULL)
		pst_pool_build(store, store->rescue);
	entries = pst_pool_entries(store->pool, &count);
	arena_init(&scratch);
	for (size_t i = 0; i < count; i++) {
		const struct pst_node *node = &entries[i].node;
		struct pst_node live;
		bool live_too;

		if (pst_nid_type(node->nid) != PST_NID_MESSAGE ||
		    came_before(entries, i))
			continue;
		live_too = pst_node_find(store, node->nid, &live);
		if (live_too && live.data == node->data)
			continue;
		if (is_message(store, &scratch, node))
			say_recovered(store, sink, node, live_too);
	}
	arena_release(&scratch);
}
