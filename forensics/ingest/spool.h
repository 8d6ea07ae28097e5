/*
 * Results that wait for their turn: whole frames, first in, first out.  What
 * does not fit into memory lies in one unlinked file in the case folder.
 */
#ifndef FORENSICS_INGEST_SPOOL_H
#define FORENSICS_INGEST_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/base/buffer.h"

struct spool_chunk;

struct spool {
	struct spool_chunk *first, *last;
};

/* One for all spools of a run. */
struct spool_store {
	const char *folder;  /* where the file is made; NULL: memory only */
	size_t memory_most;  /* bytes held before chunks go to the file */
	size_t memory;
	uint64_t file_size, on_disk;
	int fd;              /* -1 until needed */
};

void spool_store_init(struct spool_store *store, const char *folder,
    size_t memory_most);
/* A file in the folder that has no name, or -1. */
int scratch_open(const char *folder);
void spool_store_release(struct spool_store *store);

/* `frames` stay together: spool_take gives them in one piece. */
void spool_add(struct spool_store *store, struct spool *spool,
    struct bytes frames);

static inline bool
spool_is_empty(const struct spool *spool)
{
	return spool->first == NULL;
}

/* Replace *into by the oldest piece; false when there is none. */
bool spool_take(struct spool_store *store, struct spool *spool,
    struct buffer *into);

void spool_drop(struct spool_store *store, struct spool *spool);

#endif
