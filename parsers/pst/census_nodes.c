/* Folder and message nodes of the node BTree, and (damage) of the pool. */
#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/limits.h"
#include "parsers/pst/census.h"
#include "parsers/pst/pool.h"

static void *
grow(void *list, size_t *room, size_t size)
{
	*room = *room ? *room * 2 : 256;
	list = realloc(list, *room * size);
	if (list == NULL)
		die_machine("out of memory");
	return list;
}

static void
add_folder(struct pst_census *c, const struct pst_node *node, bool scanned)
{
	if (c->folder_count == pst_limits.folders) {
		c->cut = true;
		return;
	}
	if (c->folder_count == c->folder_room)
		c->folders = grow(c->folders, &c->folder_room,
		    sizeof *c->folders);
	c->folders[c->folder_count++] = (struct pst_folder){ .node = *node,
		.parent = PST_NOWHERE, .content_count = -1,
		.found_by_scan = scanned };
}

static void
add_message(struct pst_census *c, const struct pst_node *node, bool scanned)
{
	if (c->message_count == pst_limits.nodes) {
		c->cut = true;
		return;
	}
	if (c->message_count == c->message_room)
		c->messages = grow(c->messages, &c->message_room,
		    sizeof *c->messages);
	c->messages[c->message_count++] = (struct pst_ref){ node->nid,
		node->parent, PST_NOWHERE, scanned };
}

static void
add_associated(struct pst_census *c, const struct pst_node *node,
    bool scanned)
{
	if (c->associated_count == pst_limits.nodes) {
		c->cut = true;
		return;
	}
	if (c->associated_count == c->associated_room)
		c->associated = grow(c->associated, &c->associated_room,
		    sizeof *c->associated);
	c->associated[c->associated_count++] = (struct pst_ref){ node->nid,
		node->parent, PST_NOWHERE, scanned };
}

static void
take_node(struct pst_census *c, const struct pst_node *node, bool scanned)
{
	switch (pst_nid_type(node->nid)) {
	case PST_NID_FOLDER:
	case PST_NID_SEARCH:
		add_folder(c, node, scanned);
		break;
	case PST_NID_MESSAGE:
		add_message(c, node, scanned);
		break;
	case PST_NID_ASSOCIATED:
		add_associated(c, node, scanned);
		break;
	default:
		break;
	}
}

static void
take_leaf(void *context, uint64_t ib, const struct pst_bt *bt)
{
	struct pst_census *c = context;
	struct pst_node node;

	(void)ib;
	for (unsigned i = 0; i < bt->count; i++) {
		pst_node_entry(c->store->form, bt, i, &node);
		take_node(c, &node, false);
	}
}

static void
take_nothing(void *context, uint64_t ib, const struct pst_bt *bt)
{
	(void)context;
	(void)ib;
	(void)bt;
}

/* ---- order */

static int
compare_folders(const void *left, const void *right)
{
	const struct pst_folder *a = left, *b = right;

	if (a->node.nid != b->node.nid)
		return a->node.nid < b->node.nid ? -1 : 1;
	/* The live tree counts, whatever older pages say. */
	return (int)a->found_by_scan - (int)b->found_by_scan;
}

static int
compare_messages(const void *left, const void *right)
{
	const struct pst_ref *a = left, *b = right;

	if (a->nid != b->nid)
		return a->nid < b->nid ? -1 : 1;
	return (int)a->found_by_scan - (int)b->found_by_scan;
}

static size_t
sort_refs(struct pst_ref *list, size_t count)
{
	size_t kept = 0;

	if (count > 1)
		qsort(list, count, sizeof *list, compare_messages);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || list[kept - 1].nid != list[i].nid)
			list[kept++] = list[i];
	return kept;
}

static void
sort_nodes(struct pst_census *c)
{
	size_t kept = 0;

	if (c->folder_count > 1)
		qsort(c->folders, c->folder_count, sizeof *c->folders,
		    compare_folders);
	for (size_t i = 0; i < c->folder_count; i++)
		if (kept == 0 ||
		    c->folders[kept - 1].node.nid != c->folders[i].node.nid)
			c->folders[kept++] = c->folders[i];
	c->folder_count = kept;
	c->message_count = sort_refs(c->messages, c->message_count);
	c->associated_count = sort_refs(c->associated, c->associated_count);
}

uint32_t
pst_census_folder(const struct pst_census *c, uint32_t nid)
{
	size_t low = 0, high = c->folder_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->folders[middle].node.nid < nid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < c->folder_count && c->folders[low].node.nid == nid
		   ? (uint32_t)low
		   : PST_NOWHERE;
}

static struct pst_ref *
find_ref(struct pst_ref *list, size_t count, uint32_t nid)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list[middle].nid < nid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && list[low].nid == nid ? &list[low] : NULL;
}

struct pst_ref *
pst_census_message(const struct pst_census *c, uint32_t nid)
{
	return find_ref(c->messages, c->message_count, nid);
}

struct pst_ref *
pst_census_associated(const struct pst_census *c, uint32_t nid)
{
	return find_ref(c->associated, c->associated_count, nid);
}

/* The newest state of each node that no reachable page holds. */
static void
take_pool(struct pst_census *c)
{
	size_t count;
	const struct pst_pool_entry *entries;
	uint32_t last = 0;

	if (c->store->pool == NULL)
		pst_pool_build(c->store, true);
	entries = pst_pool_entries(c->store->pool, &count);
	for (size_t i = 0; i < count; i++) {
		const struct pst_node *node = &entries[i].node;

		if (entries[i].weak || node->nid == last)
			continue;
		last = node->nid;
		take_node(c, node, true);
	}
}

void
pst_census_nodes(struct pst_census *c)
{
	struct pst_walk nodes = { take_leaf, NULL, c };
	struct pst_walk blocks = { take_nothing, NULL, c };

	c->folder_count = c->message_count = c->associated_count = 0;
	c->cut = false;
	c->store->pages_loud = true;
	if (pst_walk_tree(c->store, PST_PAGE_NBT, &nodes) != OUTCOME_OK)
		c->damaged = true;
	if (pst_walk_tree(c->store, PST_PAGE_BBT, &blocks) != OUTCOME_OK)
		c->damaged = true;
	c->store->pages_loud = false;
	if (c->damaged)
		c->store->rescue = true;
	if (c->store->rescue)
		take_pool(c);
	sort_nodes(c);
	if (c->cut)
		pst_say(c->store, PROBLEM_LIMIT_SIZE, OUTCOME_ITEM_LOST, 1,
		    "more folders or messages than %u or %u",
		    (unsigned)pst_limits.folders, (unsigned)pst_limits.nodes);
}
