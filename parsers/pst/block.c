/* One block: find, read, check, inflate, decode. [MS-PST] 2.2.2.8.1, 5.1-5.5 */
#include "parsers/pst/block.h"

#include <stdlib.h>
#include <zlib.h>

#include "parsers/base/die.h"
#include "parsers/base/limits.h"

/* ---- checks */

static void
say_block(struct pst_store *store, enum problem_kind kind,
    const struct pst_place *place, const char *what)
{
	pst_say(store, kind, OUTCOME_PARTIAL, 0,
	    "block 0x%llx at byte %llu: %s ([MS-PST] 2.2.2.8.1)",
	    (unsigned long long)place->bid, (unsigned long long)place->ib,
	    what);
}

/* NULL: the trailer fits block and place. */
static const char *
trailer_wrong(const struct pst_store *store, const struct pst_place *place,
    const uint8_t *stored, size_t room)
{
	const uint8_t *t = stored + room - store->form->trailer;
	bool ansi = store->form->id == 4;
	uint64_t bid = ansi ? pst_le32(t + 4) : pst_le64(t + 8);
	uint32_t crc = pst_le32(t + (ansi ? 8 : 4));

	if (crc != pst_crc(stored, place->cb))
		return "checksum wrong, used as it is";
	if (pst_le16(t) != place->cb || pst_bid(bid) != place->bid ||
	    pst_le16(t + 2) != pst_signature(place->ib, bid))
		return "trailer does not fit its place, used as it is";
	return NULL;
}

static void
check_trailer(struct pst_store *store, const struct pst_place *place,
    const uint8_t *stored, size_t room)
{
	const char *wrong = trailer_wrong(store, place, stored, room);

	if (wrong != NULL)
		say_block(store, PROBLEM_BAD_CHECKSUM, place, wrong);
}

bool
pst_block_sound(struct pst_store *store, const struct pst_place *place)
{
	size_t room = pst_block_room(store->form, place->cb);

	return place->ib < store->size &&
	       input_read(store->input, place->ib, store->stored, room) ==
		   (int64_t)room &&
	       trailer_wrong(store, place, store->stored, room) == NULL;
}

/* The block as stored into `to`; how many of its cb bytes are there. */
static size_t
stored_read(struct pst_store *store, const struct pst_place *place,
    uint8_t *to)
{
	size_t room = pst_block_room(store->form, place->cb);
	int64_t n;

	if (place->ib >= store->size) {
		say_block(store, PROBLEM_TRUNCATED, place,
		    "lies past the end of the file");
		return 0;
	}
	n = input_read(store->input, place->ib, to, room);
	if (n < 0) {
		say_block(store, PROBLEM_UNREADABLE, place, "cannot be read");
		return 0;
	}
	if ((size_t)n == room)
		check_trailer(store, place, to, room);
	else
		say_block(store, PROBLEM_TRUNCATED, place,
		    "the file ends inside it");
	return (size_t)n < place->cb ? (size_t)n : place->cb;
}

/* ---- content */

static size_t
inflate_block(struct pst_store *store, const struct pst_place *place,
    const uint8_t *in, size_t n, uint8_t *to)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)in,
		.avail_in = (uInt)n, .next_out = to,
		.avail_out = place->inflated };
	int status;

	if (inflateInit(&z) != Z_OK)
		die_machine("out of memory");
	status = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	if (status != Z_STREAM_END || z.total_out != place->inflated)
		say_block(store, PROBLEM_DAMAGED, place,
		    "compressed data damaged or of another size");
	return z.total_out;
}

static struct bytes
block_into(struct pst_store *store, const struct pst_place *place,
    enum pst_crypt method, uint8_t *to)
{
	bool packed = place->inflated != place->cb;
	uint8_t *stored = packed ? store->stored : to;
	size_t n = stored_read(store, place, stored);

	if (n == 0 && place->cb > 0)
		return BYTES_NONE;
	if (packed)
		n = inflate_block(store, place, stored, n, to);
	if (!pst_bid_internal(place->bid))
		pst_decode(method, (uint32_t)place->bid, to, n);
	return bytes_of(to, n);
}

static bool
place_of(struct pst_store *store, uint64_t bid, struct pst_place *place)
{
	if (!pst_place_find(store, bid, place)) {
		pst_say(store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
		    "block 0x%llx is in no block tree ([MS-PST] 2.2.2.7.7.3)",
		    (unsigned long long)bid);
		return false;
	}
	return true;
}

static size_t
room_of(const struct pst_store *store, const struct pst_place *place)
{
	size_t room = pst_block_room(store->form, place->cb);

	return room > place->inflated ? room : place->inflated;
}

struct bytes
pst_block_read(struct pst_store *store, struct arena *arena, uint64_t bid,
    enum pst_crypt method)
{
	struct pst_place place;

	if (!place_of(store, bid, &place))
		return BYTES_NONE;
	return block_into(store, &place, method,
	    arena_raw(arena, room_of(store, &place)));
}

static struct bytes
list_read(struct pst_store *store, uint8_t *room, uint64_t bid)
{
	struct pst_place place;

	return place_of(store, bid, &place)
		   ? block_into(store, &place, store->crypt, room)
		   : BYTES_NONE;
}

/* ---- data trees, [MS-PST] 2.2.2.8.3.2 */

enum { XBLOCK_HEADER = 8 };

/* Each block of an honest tree takes room of its own. */
static size_t
blocks_most(const struct pst_store *store)
{
	uint64_t most = store->size / store->form->align + 1;

	return most < pst_limits.blocks ? (size_t)most : pst_limits.blocks;
}

/* BIDs of an XBLOCK or XXBLOCK; count 0 when it is none of that level. */
static const uint8_t *
list_open(struct pst_store *store, uint8_t *room, uint64_t bid,
    unsigned level, size_t *count, uint64_t *bytes)
{
	struct bytes block = list_read(store, room, bid);
	size_t most;

	*count = 0;
	if (!bytes_present(block))
		return NULL;
	if (block.n < XBLOCK_HEADER || block.p[0] != 1 ||
	    (level != 0 && block.p[1] != level)) {
		pst_say(store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
		    "block 0x%llx lists no data blocks "
		    "([MS-PST] 2.2.2.8.3.2)", (unsigned long long)bid);
		return NULL;
	}
	most = (block.n - XBLOCK_HEADER) / store->form->id;
	*count = pst_le16(block.p + 2);
	*bytes = pst_le32(block.p + 4);
	if (*count > most) {
		pst_say(store, PROBLEM_COUNT_MISMATCH, OUTCOME_PARTIAL, 0,
		    "block 0x%llx lists %zu blocks and has room for %zu "
		    "([MS-PST] 2.2.2.8.3.2)", (unsigned long long)bid, *count,
		    most);
		*count = most;
	}
	return block.p;
}

struct growing {
	struct pst_tree *tree;
	struct arena *arena;
	size_t room;
};

static void
add_bid(struct growing *g, uint64_t bid)
{
	if (g->tree->count == g->room) {
		size_t room = g->room ? g->room * 2 : 16;
		uint64_t *more = arena_array(g->arena, room, sizeof *more);

		if (g->tree->count > 0)
			memcpy(more, g->tree->bids,
			    g->tree->count * sizeof *more);
		g->tree->bids = more;
		g->room = room;
	}
	g->tree->bids[g->tree->count++] = bid;
}

static void
add_list(struct pst_store *store, struct growing *g, const uint8_t *list,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t bid = pst_bid(pst_id(store->form,
		    list + XBLOCK_HEADER + i * store->form->id));

		if (g->tree->count == blocks_most(store)) {
			pst_say(store, PROBLEM_LIMIT_SIZE, OUTCOME_PARTIAL, 0,
			    "a value of more than %zu blocks",
			    blocks_most(store));
			g->tree->whole = false;
			return;
		}
		add_bid(g, bid);
	}
}

static void
add_lists(struct pst_store *store, struct growing *g, const uint8_t *lists,
    size_t count)
{
	for (size_t i = 0; i < count && g->tree->whole; i++) {
		uint64_t bid = pst_id(store->form,
		    lists + XBLOCK_HEADER + i * store->form->id);
		size_t inner;
		uint64_t bytes;
		const uint8_t *list = list_open(store, store->lists[1], bid,
		    1, &inner, &bytes);

		if (list == NULL)
			g->tree->whole = false;
		else
			add_list(store, g, list, inner);
	}
}

bool
pst_tree_open(struct pst_store *store, struct arena *arena, uint64_t bid,
    struct pst_tree *out)
{
	struct growing g = { out, arena, 0 };
	struct pst_place place;
	const uint8_t *list;
	size_t count;

	*out = (struct pst_tree){ .whole = true };
	if (bid == 0)
		return true;
	if (!pst_bid_internal(bid)) {
		if (!place_of(store, bid, &place))
			return false;
		add_bid(&g, bid);
		out->bytes = place.inflated;
		return true;
	}
	list = list_open(store, store->lists[0], bid, 0, &count, &out->bytes);
	if (list == NULL)
		return false;
	if (list[1] == 1)
		add_list(store, &g, list, count);
	else
		add_lists(store, &g, list, count);
	return true;
}

/* Offset of each block's end, as far as `most` goes. */
static size_t
tree_room(struct pst_store *store, const struct pst_tree *tree, uint64_t most,
    size_t *blocks)
{
	uint64_t total = 0;
	struct pst_place place;

	for (*blocks = 0; *blocks < tree->count; ++*blocks) {
		if (!pst_place_find(store, tree->bids[*blocks], &place))
			continue;
		if (total + place.inflated > most)
			break;
		total += place.inflated;
	}
	return (size_t)total;
}

struct bytes
pst_tree_bytes(struct pst_store *store, struct arena *arena,
    const struct pst_tree *tree, uint64_t most)
{
	size_t blocks, room, n = 0;
	struct pst_place place;
	bool some = tree->count == 0;
	uint8_t *to;

	room = tree_room(store, tree, most, &blocks);
	to = arena_raw(arena, room + PST_BLOCK_ROOM);
	for (size_t i = 0; i < blocks; i++) {
		struct bytes block;

		if (!place_of(store, tree->bids[i], &place))
			continue;
		block = block_into(store, &place, store->crypt, to + n);
		some |= bytes_present(block);
		n += block.n;
	}
	if (blocks < tree->count)
		pst_say(store, PROBLEM_LIMIT_SIZE, OUTCOME_PARTIAL, 0,
		    "a value of more than %llu bytes: the rest is left out",
		    (unsigned long long)most);
	return some ? bytes_of(to, n) : BYTES_NONE;
}

bool
pst_tree_stream(struct pst_store *store, const struct pst_tree *tree,
    void (*piece)(void *to, struct bytes bytes), void *to)
{
	uint8_t *room = malloc(PST_BLOCK_ROOM);
	bool whole = tree->whole;

	if (room == NULL)
		die_machine("out of memory");
	for (size_t i = 0; i < tree->count; i++) {
		struct pst_place place;
		struct bytes block = BYTES_NONE;

		if (place_of(store, tree->bids[i], &place))
			block = block_into(store, &place, store->crypt, room);
		whole &= bytes_present(block);
		if (block.n > 0)
			piece(to, block);
	}
	free(room);
	return whole;
}

/* ---- subnode trees, [MS-PST] 2.2.2.8.3.3 */

/* Entries of an SLBLOCK (level 0) or SIBLOCK (level 1). */
static const uint8_t *
subs_open(struct pst_store *store, uint64_t bid, unsigned level_most,
    unsigned *level, size_t *count)
{
	struct bytes block = list_read(store, store->lists[1 - level_most],
	    bid);
	size_t size, most;

	*count = 0;
	if (!bytes_present(block))
		return NULL;
	if (block.n < store->form->list_header || block.p[0] != 2 ||
	    block.p[1] > level_most) {
		pst_say(store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
		    "block 0x%llx lists no subnodes ([MS-PST] 2.2.2.8.3.3)",
		    (unsigned long long)bid);
		return NULL;
	}
	*level = block.p[1];
	size = (size_t)store->form->id * (*level == 0 ? 3 : 2);
	most = (block.n - store->form->list_header) / size;
	*count = pst_le16(block.p + 2);
	if (*count > most) {
		pst_say(store, PROBLEM_COUNT_MISMATCH, OUTCOME_PARTIAL, 0,
		    "block 0x%llx lists %zu subnodes and has room for %zu "
		    "([MS-PST] 2.2.2.8.3.3)", (unsigned long long)bid, *count,
		    most);
		*count = most;
	}
	return block.p + store->form->list_header;
}

static void
subs_grow(struct arena *arena, struct pst_subs *subs, size_t count)
{
	struct pst_node *more;

	if (subs->count + count <= subs->room)
		return;
	subs->room = (subs->count + count) * 2;
	more = arena_array(arena, subs->room, sizeof *more);
	if (subs->count > 0)
		memcpy(more, subs->list, subs->count * sizeof *more);
	subs->list = more;
}

static void
subs_add(struct pst_store *store, struct arena *arena, struct pst_subs *subs,
    const uint8_t *entries, size_t count)
{
	size_t id = store->form->id;

	subs_grow(arena, subs, count);
	for (size_t i = 0; i < count; i++) {
		const uint8_t *e = entries + i * 3 * id;

		subs->list[subs->count++] = (struct pst_node){
			.nid = (uint32_t)pst_id(store->form, e),
			.data = pst_bid(pst_id(store->form, e + id)),
			.sub = pst_bid(pst_id(store->form, e + 2 * id)),
		};
	}
}

static bool
subs_add_lists(struct pst_store *store, struct arena *arena,
    struct pst_subs *subs, const uint8_t *entries, size_t lists)
{
	size_t id = store->form->id, count;
	bool whole = true;
	unsigned level;

	for (size_t i = 0; i < lists; i++) {
		const uint8_t *list;

		list = subs_open(store,
		    pst_id(store->form, entries + i * 2 * id + id), 0, &level,
		    &count);
		whole &= list != NULL;
		if (subs->count + count > pst_limits.subnodes) {
			pst_say(store, PROBLEM_LIMIT_PARTS, OUTCOME_PARTIAL, 0,
			    "more than %u subnodes in one node",
			    (unsigned)pst_limits.subnodes);
			return false;
		}
		if (list != NULL)
			subs_add(store, arena, subs, list, count);
	}
	return whole;
}

static int
compare_nids(const void *left, const void *right)
{
	const struct pst_node *a = left, *b = right;

	if (a->nid != b->nid)
		return a->nid < b->nid ? -1 : 1;
	return a->data < b->data ? -1 : a->data > b->data;
}

bool
pst_subs_read(struct pst_store *store, struct arena *arena, uint64_t bid,
    struct pst_subs *out)
{
	const uint8_t *entries;
	unsigned level;
	size_t count;
	bool whole = true;

	*out = (struct pst_subs){ NULL, 0, 0 };
	if (bid == 0)
		return true;
	entries = subs_open(store, bid, 1, &level, &count);
	if (entries == NULL)
		return false;
	if (level == 0)
		subs_add(store, arena, out, entries, count);
	else
		whole = subs_add_lists(store, arena, out, entries, count);
	if (out->count > 1)
		qsort(out->list, out->count, sizeof *out->list, compare_nids);
	return whole;
}

const struct pst_node *
pst_subs_find(const struct pst_subs *subs, uint32_t nid)
{
	size_t low = 0, high = subs->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (subs->list[middle].nid < nid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < subs->count && subs->list[low].nid == nid
		   ? &subs->list[low]
		   : NULL;
}
