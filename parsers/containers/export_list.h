/* What a list of an export package promises, gathered and said. */
#ifndef PARSERS_CONTAINERS_EXPORT_LIST_H
#define PARSERS_CONTAINERS_EXPORT_LIST_H

#include "parsers/parser.h"

struct export_promise {
	struct bytes path; /* with '/', up to the file that holds the item */
	struct bytes hash; /* hex; absent: not stated, or not of that file */
	uint64_t bytes;    /* UINT64_MAX likewise */
};

struct export_list {
	struct arena arena;
	struct export_promise *list;
	size_t count, room;
	uint64_t pathless; /* rows that name no file */
	bool too_many;
};

void export_list_init(struct export_list *list);
void export_list_release(struct export_list *list);

/* `path` as written: backslashes, and what lies inside a store, go. */
void export_list_add(struct export_list *list, struct bytes path,
    struct bytes hash, uint64_t bytes);

/* One RECORD_PROMISE a file, in the order of their paths, as one item. */
void export_list_say(struct export_list *list, struct sink *sink);

#endif
