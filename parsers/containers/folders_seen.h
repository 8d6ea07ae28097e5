/* Which folders of an archive were said already: a set of texts. */
#ifndef PARSERS_CONTAINERS_FOLDERS_SEEN_H
#define PARSERS_CONTAINERS_FOLDERS_SEEN_H

#include "parsers/base/arena.h"

struct folders_seen {
	struct bytes *slots; /* a power of two of them; absent: free */
	size_t count, room;
	struct arena arena;
};

void folders_seen_init(struct folders_seen *seen);
void folders_seen_release(struct folders_seen *seen);

/* True when it is new. */
bool folders_seen_add(struct folders_seen *seen, struct bytes folder);

#endif
