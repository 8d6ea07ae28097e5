#include "parsers/mapi/bag.h"

#include <stdlib.h>

void
mapi_bag_add(struct mapi_bag_builder *builder, uint16_t id, uint16_t type,
    struct bytes value)
{
	if (builder->count == builder->room) {
		size_t room = builder->room ? builder->room * 2 : 64;
		struct mapi_property *more = arena_array(builder->arena, room,
		    sizeof *more);

		if (builder->count > 0)
			memcpy(more, builder->list,
			    builder->count * sizeof *more);
		builder->list = more;
		builder->room = room;
	}
	builder->list[builder->count++] =
	    (struct mapi_property){ id, type, value };
}

/* A total order, so that the choice among equals depends on evidence alone. */
static int
by_id(const void *a, const void *b)
{
	const struct mapi_property *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (bytes_present(x->value) != bytes_present(y->value))
		return bytes_present(x->value) ? -1 : 1;
	if (x->type != y->type)
		return x->type > y->type ? -1 : 1;
	return bytes_compare(x->value, y->value);
}

struct mapi_bag
mapi_bag_finish(struct mapi_bag_builder *builder)
{
	size_t n = 0;

	if (builder->count == 0)
		return (struct mapi_bag){ NULL, 0 };
	qsort(builder->list, builder->count, sizeof *builder->list, by_id);
	for (size_t i = 0; i < builder->count; i++)
		if (n == 0 || builder->list[n - 1].id != builder->list[i].id)
			builder->list[n++] = builder->list[i];
	return (struct mapi_bag){ builder->list, n };
}

static void
put_u32(uint8_t *p, size_t value)
{
	for (size_t i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

struct bytes
mapi_multiple(struct arena *arena, const struct bytes *list, size_t count)
{
	size_t total = 4 + 4 * count, at = total;
	uint8_t *out;

	for (size_t i = 0; i < count; i++)
		total += list[i].n;
	out = arena_raw(arena, total);
	put_u32(out, count);
	for (size_t i = 0; i < count; i++) {
		put_u32(out + 4 + 4 * i, at);
		if (list[i].n > 0)
			memcpy(out + at, list[i].p, list[i].n);
		at += list[i].n;
	}
	return bytes_of(out, total);
}

size_t
mapi_type_width(uint16_t type)
{
	switch (type) {
	case MAPI_BOOLEAN:
	case MAPI_INT16:
		return 2;
	case MAPI_INT32:
	case 0x0004: /* float */
	case 0x000A: /* error */
		return 4;
	case MAPI_INT64:
	case MAPI_TIME:
	case 0x0005: /* double, currency, OLE date */
	case 0x0006:
	case 0x0007:
		return 8;
	case MAPI_GUID:
		return 16;
	default:
		return 0;
	}
}
