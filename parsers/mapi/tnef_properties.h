/* The property lists inside TNEF attributes ([MS-OXTNEF] 2.1.3.4). */
#ifndef PARSERS_MAPI_TNEF_PROPERTIES_H
#define PARSERS_MAPI_TNEF_PROPERTIES_H

#include "parsers/base/cursor.h"
#include "parsers/mapi/bag.h"

/* TNEF says a name beside each named property; ids are ours, in order. */
struct tnef_names {
	struct arena *arena;
	struct mapi_name *list;
	size_t count, room;
};

/* One list; false when it is cut. */
bool tnef_properties_read(struct cursor *c, struct mapi_bag_builder *builder,
    struct tnef_names *names);

#endif
