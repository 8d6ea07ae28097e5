/* Heap on node and BTree on heap, [MS-PST] 2.3.1, 2.3.2. */
#include "parsers/pst/ltp.h"

#include "parsers/base/limits.h"

enum { HEAP_SIGNATURE = 0xEC, BTH_TYPE = 0xB5, BTH_LEVELS = 8 };
enum { BLOCK_UNREAD, BLOCK_READ, BLOCK_LOST };

static bool
is_heap(struct bytes block)
{
	static const uint8_t clients[] = { 0xBC, 0x7C, 0xB5, 0xAC, 0x6C, 0x8C,
		0x9C, 0xA5, 0xCC };

	if (block.n < 12 || block.p[2] != HEAP_SIGNATURE)
		return false;
	for (size_t i = 0; i < sizeof clients; i++)
		if (block.p[3] == clients[i])
			return true;
	return false;
}

/* ExMerge wrote permuted data into stores that say none, and some blocks
 * are plain in stores that say permute. */
static struct bytes
first_block(struct pst_object *o)
{
	struct pst_store *store = o->store;
	struct bytes block = pst_block_read(store, o->arena, o->tree.bids[0],
	    store->crypt);

	o->method = store->crypt;
	if (!bytes_present(block) || is_heap(block))
		return block;
	for (int m = PST_CRYPT_NONE; m <= PST_CRYPT_CYCLIC; m++) {
		struct sink *sink = store->sink;
		struct bytes other;

		if (m == (int)store->crypt)
			continue;
		/* What is wrong with the block was just said. */
		store->sink = NULL;
		other = pst_block_read(store, o->arena, o->tree.bids[0],
		    (enum pst_crypt)m);
		store->sink = sink;
		if (!is_heap(other))
			continue;
		o->method = (enum pst_crypt)m;
		pst_say(store, PROBLEM_DAMAGED, OUTCOME_OK, 0,
		    "node 0x%x is encoded in another way than the header "
		    "says ([MS-PST] 2.2.2.6)", o->node.nid);
		return other;
	}
	return block;
}

bool
pst_object_open(struct pst_object *o, struct pst_store *store,
    struct arena *arena, const struct pst_node *node)
{
	struct bytes block;

	*o = (struct pst_object){ .store = store, .arena = arena,
		.node = *node };
	if (!pst_tree_open(store, arena, node->data, &o->tree))
		return false;
	if (o->tree.count == 0) {
		pst_say(store, PROBLEM_NO_DATA, OUTCOME_PARTIAL, 0,
		    "node 0x%x has no data", node->nid);
		return false;
	}
	o->blocks = arena_array(arena, o->tree.count, sizeof *o->blocks);
	o->state = arena_alloc(arena, o->tree.count);
	block = first_block(o);
	if (!bytes_present(block))
		return false;
	if (block.n < 12 || block.p[2] != HEAP_SIGNATURE) {
		pst_say(store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
		    "node 0x%x holds no heap ([MS-PST] 2.3.1.2)", node->nid);
		return false;
	}
	o->blocks[0] = block;
	o->state[0] = BLOCK_READ;
	o->client = block.p[3];
	o->root = pst_le32(block.p + 4);
	return true;
}

static struct bytes
heap_block(struct pst_object *o, size_t i)
{
	if (o->state[i] == BLOCK_UNREAD) {
		o->blocks[i] = pst_block_read(o->store, o->arena,
		    o->tree.bids[i], o->method);
		o->state[i] = bytes_present(o->blocks[i]) ? BLOCK_READ
							  : BLOCK_LOST;
	}
	return o->blocks[i];
}

static struct bytes
bad_item(struct pst_object *o, uint32_t hid, const char *what)
{
	pst_say(o->store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
	    "node 0x%x: heap item 0x%x %s ([MS-PST] 2.3.1.5)", o->node.nid,
	    hid, what);
	return BYTES_NONE;
}

/* The page map of a block: item i runs from offset i - 1 to offset i. */
struct bytes
pst_heap_item(struct pst_object *o, uint32_t hid)
{
	unsigned bits = o->store->form->heap_index_bits;
	uint32_t index = hid >> 5 & ((1U << bits) - 1);
	size_t number = hid >> (5 + bits), map, from, to;
	struct bytes block;

	if ((hid & 0x1F) != 0 || index == 0 || number >= o->tree.count)
		return bad_item(o, hid, "cannot be");
	block = heap_block(o, number);
	if (block.n < 2)
		return BYTES_NONE;
	map = pst_le16(block.p);
	if (map + 4 > block.n)
		return bad_item(o, hid, "is in a block without a page map");
	if (index > pst_le16(block.p + map) ||
	    map + 4 + 2 * ((size_t)index + 1) > block.n)
		return bad_item(o, hid, "is not in its block's page map");
	from = pst_le16(block.p + map + 4 + 2 * ((size_t)index - 1));
	to = pst_le16(block.p + map + 4 + 2 * (size_t)index);
	if (from > to || to > map)
		return bad_item(o, hid, "lies outside its block");
	return bytes_slice(block, from, to);
}

/* ---- subnodes and values */

const struct pst_subs *
pst_object_subs(struct pst_object *o)
{
	if (!o->subs_read)
		o->subs_whole = pst_subs_read(o->store, o->arena, o->node.sub,
		    &o->subs);
	o->subs_read = true;
	return &o->subs;
}

const struct pst_node *
pst_object_sub(struct pst_object *o, uint32_t nid)
{
	return pst_subs_find(pst_object_subs(o), nid);
}

struct bytes
pst_value(struct pst_object *o, uint32_t hnid)
{
	const struct pst_node *sub;
	struct pst_tree tree;

	if (hnid == 0)
		return BYTES_LIT("");
	if ((hnid & 0x1F) == 0)
		return pst_heap_item(o, hnid);
	sub = pst_object_sub(o, hnid);
	if (sub == NULL) {
		pst_say(o->store, PROBLEM_NO_DATA, OUTCOME_PARTIAL, 0,
		    "node 0x%x: value in subnode 0x%x, which is not there "
		    "([MS-PST] 2.3.3.2)", o->node.nid, hnid);
		return BYTES_NONE;
	}
	if (!pst_tree_open(o->store, o->arena, sub->data, &tree))
		return BYTES_NONE;
	return pst_tree_bytes(o->store, o->arena, &tree, LIMIT_TEXT_BYTES);
}

/* ---- BTree on heap */

struct bth_level {
	struct bytes item;
	size_t at;
};

struct bth_state {
	struct pst_object *object;
	struct pst_bth *bth;
	struct bth_level levels[BTH_LEVELS + 1];
	unsigned depth, height;
	uint64_t left; /* records and items that an honest tree can have */
	bool whole;
};

static void
bth_push(struct bth_state *s, uint32_t hid)
{
	struct bytes item;

	if (s->left == 0) {
		s->whole = false;
		return;
	}
	s->left--;
	item = pst_heap_item(s->object, hid);
	if (!bytes_present(item)) {
		s->whole = false;
		return;
	}
	s->levels[s->depth++] = (struct bth_level){ item, 0 };
}

static void
bth_step(struct bth_state *s)
{
	struct bth_level *level = &s->levels[s->depth - 1];
	bool leaf = s->depth == s->height + 1;
	size_t size = s->bth->key + (leaf ? s->bth->data : 4);
	const uint8_t *record = level->item.p + level->at;

	if (level->at + size > level->item.n) {
		s->depth--;
		return;
	}
	level->at += size;
	if (leaf && s->left == 0) {
		s->whole = false;
		s->depth = 0;
		return;
	}
	s->left -= leaf;
	if (leaf)
		s->bth->record(s->bth->context, record,
		    record + s->bth->key);
	else
		bth_push(s, pst_le32(record + s->bth->key));
}

bool
pst_bth_walk(struct pst_object *o, uint32_t hid, struct pst_bth *bth)
{
	struct bth_state s = { .object = o, .bth = bth, .whole = true };
	struct bytes header = pst_heap_item(o, hid);
	uint32_t root;

	if (header.n < 8 || header.p[0] != BTH_TYPE ||
	    header.p[1] == 0 || header.p[1] > 16 || header.p[2] > 32 ||
	    header.p[3] > BTH_LEVELS) {
		if (bytes_present(header))
			pst_say(o->store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
			    "node 0x%x: no BTree header ([MS-PST] 2.3.2.1)",
			    o->node.nid);
		return false;
	}
	bth->key = header.p[1];
	bth->data = header.p[2];
	s.height = header.p[3];
	root = pst_le32(header.p + 4);
	if (root == 0)
		return true;
	/* Each honest record takes bytes of its own; zlib packs 64 at best
	 * into one (they are not all zero). */
	s.left = o->store->size / (o->store->form->zlib ? 1 : 8) * 8 + 64;
	bth_push(&s, root);
	while (s.depth > 0)
		bth_step(&s);
	return s.whole;
}
