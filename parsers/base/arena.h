/*
 * One arena per item: allocate, never free singly, reset at the item's end.
 * Allocation does not fail: a machine without memory ends the process
 * (die_machine), which in a worker costs the item in hand and nothing else.
 */
#ifndef PARSERS_BASE_ARENA_H
#define PARSERS_BASE_ARENA_H

#include "parsers/base/bytes.h"

struct arena_block;

struct arena {
	struct arena_block *first, *current;
	size_t used;  /* in the current block */
	size_t total; /* bytes handed out since the last reset */
};

void arena_init(struct arena *arena);
void arena_release(struct arena *arena);

/* Keep one block of memory, forget everything handed out. */
void arena_reset(struct arena *arena);

/* Zeroed, aligned to 16 bytes; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Not zeroed: for buffers that are filled at once. */
uint8_t *arena_raw(struct arena *arena, size_t size);

struct bytes arena_dup(struct arena *arena, struct bytes b);
char *arena_cstr(struct arena *arena, struct bytes b);
struct bytes arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
