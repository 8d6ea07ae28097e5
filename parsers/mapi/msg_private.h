/* Shared by msg*.c. */
#ifndef PARSERS_MAPI_MSG_PRIVATE_H
#define PARSERS_MAPI_MSG_PRIVATE_H

#include "parsers/cfb/cfb.h"
#include "parsers/mapi/bag.h"

struct msg { /* one file */
	struct cfb cfb;
	struct arena *arena;
	struct sink *sink;
	struct mapi_names names;
};

/* Eight hex digits. */
bool msg_hex_number(struct bytes text, uint32_t *out);

/* !whole, with a problem row. */
bool msg_is_cut(struct msg *msg, uint32_t entry, struct bytes locator,
    bool whole);

/* The properties of a storage; `header`: bytes before the entries of its
 * property stream, 2.4.1. */
struct mapi_bag msg_bag(struct msg *msg, uint32_t parent, size_t header,
    struct bytes locator);

void msg_names_load(struct msg *msg);

#endif
