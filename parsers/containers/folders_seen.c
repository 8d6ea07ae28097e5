#include "parsers/containers/folders_seen.h"

#include <stdlib.h>

#include "parsers/base/die.h"

void
folders_seen_init(struct folders_seen *seen)
{
	*seen = (struct folders_seen){ .count = 0 };
	arena_init(&seen->arena);
}

void
folders_seen_release(struct folders_seen *seen)
{
	free(seen->slots);
	arena_release(&seen->arena);
}

/* FNV-1a. */
static size_t
hash(struct bytes text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < text.n; i++)
		h = (h ^ text.p[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 32);
}

static struct bytes *
slot_of(const struct folders_seen *seen, struct bytes folder)
{
	size_t i = hash(folder) & (seen->room - 1);

	while (seen->slots[i].p != NULL && !bytes_eq(seen->slots[i], folder))
		i = (i + 1) & (seen->room - 1);
	return &seen->slots[i];
}

static void
grow(struct folders_seen *seen)
{
	struct folders_seen more = *seen;

	more.room = seen->room ? seen->room * 2 : 64;
	more.slots = calloc(more.room, sizeof *more.slots);
	if (more.slots == NULL)
		die_machine("out of memory");
	for (size_t i = 0; i < seen->room; i++)
		if (seen->slots[i].p != NULL)
			*slot_of(&more, seen->slots[i]) = seen->slots[i];
	free(seen->slots);
	*seen = more;
}

bool
folders_seen_add(struct folders_seen *seen, struct bytes folder)
{
	struct bytes *slot;

	if (seen->count * 2 >= seen->room)
		grow(seen);
	slot = slot_of(seen, folder);
	if (slot->p != NULL)
		return false;
	*slot = arena_dup(&seen->arena,
	    folder.p != NULL ? folder : BYTES_LIT(""));
	seen->count++;
	return true;
}
