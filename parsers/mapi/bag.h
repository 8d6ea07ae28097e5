/* Building a bag: properties in any order, then sorted, an id once. */
#ifndef PARSERS_MAPI_BAG_H
#define PARSERS_MAPI_BAG_H

#include "parsers/mapi/mapi.h"

struct mapi_bag_builder {
	struct arena *arena;
	struct mapi_property *list;
	size_t count, room;
};

void mapi_bag_add(struct mapi_bag_builder *builder, uint16_t id,
    uint16_t type, struct bytes value);

/* Of an id that was added twice the one with a value, the wider string type,
 * the smaller value, in this order. */
struct mapi_bag mapi_bag_finish(struct mapi_bag_builder *builder);

/* A variable multi-value as [MS-PST] 2.3.3.4.2 lays it out, which is what
 * the mapping reads: count, offsets, items. */
struct bytes mapi_multiple(struct arena *arena, const struct bytes *list,
    size_t count);

/* Bytes a value of a fixed type has; 0 for variable ones. */
size_t mapi_type_width(uint16_t type);

#endif
