/*
 * Compound files ([MS-CFB]): storages and streams in one file.  Over bytes
 * in memory; every chain is bounded by the sectors there are, every entry of
 * the directory is reached once, so no cycle can hold a reader.
 *
 * All memory is the arena's.
 */
#ifndef PARSERS_CFB_CFB_H
#define PARSERS_CFB_CFB_H

#include "parsers/base/arena.h"

/* No such entry. */
#define CFB_NONE UINT32_MAX

enum cfb_type { CFB_UNUSED = 0, CFB_STORAGE = 1, CFB_STREAM = 2, CFB_ROOT = 5 };

struct cfb_entry {
	struct bytes name; /* UTF-8 */
	uint8_t type;
	uint8_t clsid[16];
	uint32_t parent;   /* CFB_NONE: of the root, and of lost entries */
	uint32_t first;    /* child, in the order of entry numbers */
	uint32_t next;     /* sibling */
	uint32_t start;    /* sector */
	uint64_t size;
	uint32_t left, right, child; /* as stored */
};

struct cfb {
	struct bytes file;
	uint32_t sector, mini_sector; /* bytes */
	uint32_t cutoff;
	uint32_t *fat, *minifat;
	size_t fat_count, minifat_count;
	struct bytes mini;    /* the mini stream */
	struct cfb_entry *entries; /* 0 is the root */
	uint32_t count;
	bool damaged;         /* some chain or link was cut short */
};

bool cfb_is(struct bytes head);

/* False, with our words, when it is none or has no directory. */
bool cfb_open(struct cfb *cfb, struct arena *arena, struct bytes file,
    const char **problem);

/* The child of that name, any ASCII case ([MS-CFB] 2.6.4); CFB_NONE. */
uint32_t cfb_find(const struct cfb *cfb, uint32_t parent, struct bytes name);

/* Its bytes in pieces; false when they end before the size it promises. */
bool cfb_read(const struct cfb *cfb, uint32_t entry,
    void (*piece)(void *to, struct bytes bytes), void *to);

/* The whole stream, in one piece; shorter when damaged, with *whole false.
 * At most `most` bytes. */
struct bytes cfb_stream(const struct cfb *cfb, struct arena *arena,
    uint32_t entry, uint64_t most, bool *whole);

#endif
