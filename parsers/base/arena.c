#include "parsers/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "parsers/base/die.h"

enum { ARENA_BLOCK = 64 * 1024, ARENA_ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(ARENA_ALIGN) uint8_t data[];
};

void
arena_init(struct arena *arena)
{
	*arena = (struct arena){ NULL, NULL, 0, 0 };
}

void
arena_release(struct arena *arena)
{
	struct arena_block *block = arena->first;

	while (block != NULL) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	arena_init(arena);
}

void
arena_reset(struct arena *arena)
{
	struct arena_block *block = arena->first;

	if (block != NULL && block->size == ARENA_BLOCK) {
		struct arena rest = { block->next, NULL, 0, 0 };

		arena_release(&rest);
		block->next = NULL;
		arena->current = block;
		arena->used = 0;
		arena->total = 0;
		return;
	}
	arena_release(arena);
}

static void
arena_grow(struct arena *arena, size_t size)
{
	size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
	struct arena_block *block;

	if (room > SIZE_MAX - sizeof *block)
		die_machine("an allocation of %zu bytes is too large", size);
	block = malloc(sizeof *block + room);
	if (block == NULL)
		die_machine("out of memory (%zu bytes wanted)", size);
	block->next = NULL;
	block->size = room;
	if (arena->current != NULL)
		arena->current->next = block;
	else
		arena->first = block;
	arena->current = block;
	arena->used = 0;
}

uint8_t *
arena_raw(struct arena *arena, size_t size)
{
	uint8_t *p;
	size_t room;

	if (size > SIZE_MAX - ARENA_ALIGN)
		die_machine("an allocation of %zu bytes is too large", size);
	room = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	if (arena->current == NULL ||
	    arena->current->size - arena->used < room)
		arena_grow(arena, room);
	p = arena->current->data + arena->used;
	arena->used += room;
	arena->total += room;
	return p;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_raw(arena, size), 0, size);
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		die_machine("an array of %zu x %zu is too large", count, size);
	return arena_alloc(arena, total);
}

struct bytes
arena_dup(struct arena *arena, struct bytes b)
{
	uint8_t *p;

	if (b.p == NULL)
		return b;
	p = arena_raw(arena, b.n);
	if (b.n > 0)
		memcpy(p, b.p, b.n);
	return bytes_of(p, b.n);
}

char *
arena_cstr(struct arena *arena, struct bytes b)
{
	char *s = (char *)arena_raw(arena, b.n + 1);

	if (b.n > 0)
		memcpy(s, b.p, b.n);
	s[b.n] = '\0';
	return s;
}

struct bytes
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments, again;
	char *s;
	int n;

	va_start(arguments, format);
	va_copy(again, arguments);
	n = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	BUG_ON(n < 0);
	s = (char *)arena_raw(arena, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, format, again);
	va_end(again);
	return bytes_of(s, (size_t)n);
}
