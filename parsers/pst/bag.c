/* Property context, [MS-PST] 2.3.3. */
#include <stdlib.h>

#include "parsers/pst/ltp.h"

/* A property id has 16 bits. */
enum { RECORD_DATA = 6, RECORDS_MOST = 65536 };

/* Width of a fixed type; 0: variable or unknown. */
unsigned
pst_fixed_size(uint16_t type)
{
	switch (type) {
	case 0x0002:
		return 2;
	case 0x000B:
		return 1;
	case 0x0003:
	case 0x0004:
	case 0x000A:
		return 4;
	case 0x0005:
	case 0x0006:
	case 0x0007:
	case 0x0014:
	case 0x0040:
		return 8;
	case 0x0048:
		return 16;
	default:
		return 0;
	}
}

struct record {
	uint16_t id, type;
	uint32_t order;
	const uint8_t *value; /* dwValueHnid in the heap */
};

struct reading {
	struct arena *arena;
	struct pst_bth bth;
	struct record *list;
	size_t count, room;
	bool sorted;
};

static void
take_record(void *context, const uint8_t *key, const uint8_t *data)
{
	struct reading *r = context;
	struct record *more;

	if (r->bth.key != 2 || r->bth.data < RECORD_DATA ||
	    r->count == RECORDS_MOST)
		return;
	if (r->count == r->room) {
		r->room = r->room ? r->room * 2 : 128;
		more = arena_array(r->arena, r->room, sizeof *more);
		if (r->count > 0)
			memcpy(more, r->list, r->count * sizeof *more);
		r->list = more;
	}
	r->list[r->count] = (struct record){ pst_le16(key), pst_le16(data),
		(uint32_t)r->count, data + 2 };
	if (r->count > 0 && r->list[r->count - 1].id >= r->list[r->count].id)
		r->sorted = false;
	r->count++;
}

static struct bytes
property_value(struct pst_object *o, uint16_t type, const uint8_t *stored)
{
	unsigned size = pst_fixed_size(type);
	uint32_t hnid = pst_le32(stored);
	struct bytes value;

	if (type == 0 || type == 1)
		return BYTES_LIT("");
	if (size > 0 && size <= 4)
		return bytes_of(stored, size);
	/* A fixed value of 8 or 16 bytes, and the 8 bytes of an object, lie
	 * in the heap; 0 is no value. */
	if (size > 4 && hnid == 0)
		return BYTES_NONE;
	value = pst_value(o, hnid);
	if (size > 4 && bytes_present(value) && value.n < size)
		return BYTES_NONE;
	return size > 4 ? bytes_slice(value, 0, size) : value;
}

static int
compare_records(const void *left, const void *right)
{
	const struct record *a = left, *b = right;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* Records come in order, unless the BTree is damaged; the first counts. */
static void
sort_records(struct reading *r)
{
	size_t kept = 0;

	if (r->sorted)
		return;
	qsort(r->list, r->count, sizeof *r->list, compare_records);
	for (size_t i = 0; i < r->count; i++)
		if (kept == 0 || r->list[kept - 1].id != r->list[i].id)
			r->list[kept++] = r->list[i];
	r->count = kept;
}

static bool
records_read(struct pst_object *o, struct reading *r)
{
	bool whole;

	*r = (struct reading){ .arena = o->arena, .sorted = true };
	r->bth = (struct pst_bth){ 0, 0, take_record, r };
	if (o->client != PST_CLIENT_PC)
		pst_say(o->store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
		    "node 0x%x: heap of client 0x%x, read as properties "
		    "([MS-PST] 2.3.3)", o->node.nid, o->client);
	whole = pst_bth_walk(o, o->root, &r->bth);
	sort_records(r);
	return whole;
}

static void
bag_fill(struct pst_object *o, const struct reading *r, uint16_t skip,
    struct pst_bag *out)
{
	struct mapi_property *list = arena_array(o->arena, r->count,
	    sizeof *list);

	out->raw = arena_array(o->arena, r->count, sizeof *out->raw);
	for (size_t i = 0; i < r->count; i++) {
		list[i].id = r->list[i].id;
		list[i].type = r->list[i].type;
		out->raw[i] = pst_le32(r->list[i].value);
		if (list[i].id != skip)
			list[i].value = property_value(o, list[i].type,
			    r->list[i].value);
	}
	out->bag = (struct mapi_bag){ list, r->count };
}

bool
pst_bag_read(struct pst_object *o, uint16_t skip, struct pst_bag *out)
{
	struct reading r;

	out->whole = records_read(o, &r);
	bag_fill(o, &r, skip, out);
	return r.count > 0;
}

bool
pst_bag_pick(struct pst_object *o, const uint16_t *ids, size_t count,
    struct pst_bag *out)
{
	struct reading r;
	size_t kept = 0;
	bool some;

	out->whole = records_read(o, &r);
	some = r.count > 0;
	for (size_t i = 0; i < r.count; i++)
		for (size_t k = 0; k < count; k++)
			if (r.list[i].id == ids[k])
				r.list[kept++] = r.list[i];
	r.count = kept;
	bag_fill(o, &r, 0, out);
	return some;
}

const struct mapi_property *
pst_bag_find(const struct mapi_bag *bag, uint16_t id)
{
	size_t low = 0, high = bag->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bag->list[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < bag->count && bag->list[low].id == id ? &bag->list[low]
							    : NULL;
}

uint32_t
pst_bag_raw(const struct pst_bag *bag, uint16_t id)
{
	const struct mapi_property *p = pst_bag_find(&bag->bag, id);

	return p != NULL ? bag->raw[p - bag->bag.list] : 0;
}

uint64_t
pst_bag_number(const struct mapi_bag *bag, uint16_t id, uint64_t missing)
{
	const struct mapi_property *p = pst_bag_find(bag, id);
	uint64_t value = 0;

	if (p == NULL || p->value.n == 0 || p->value.n > 8 ||
	    pst_fixed_size(p->type) != p->value.n)
		return missing;
	for (size_t i = p->value.n; i > 0; i--)
		value = value << 8 | p->value.p[i - 1];
	return value;
}
