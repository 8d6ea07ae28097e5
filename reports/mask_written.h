/*
 * Values as they were written, wherever they stand in a text: the longest
 * first, what overlaps one that is masked stays as it is.  One look through
 * the text however many values there are: a message may have a million.
 */
#ifndef REPORTS_MASK_WRITTEN_H
#define REPORTS_MASK_WRITTEN_H

#include "parsers/base/arena.h"

struct written_value {
	struct bytes value, masked;
	size_t shorter; /* place of the longest value this begins with */
};

struct mask_written {
	struct written_value *list; /* ascending */
	size_t count, room;
	size_t first[257];          /* by first byte */
};

/* Both must live as long as the list. */
void mask_written_add(struct mask_written *written, struct bytes value,
    struct bytes masked);
/* After the last value, before the first text. */
void mask_written_settle(struct mask_written *written);
void mask_written_clear(struct mask_written *written);
void mask_written_free(struct mask_written *written);

/* The text itself, or in the arena. */
struct bytes mask_written_text(const struct mask_written *written,
    struct arena *arena, struct bytes text);

#endif
