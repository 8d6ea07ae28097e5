/* A small sorted set of texts, and its JSON array. */
#ifndef FORENSICS_PEOPLE_WORDS_H
#define FORENSICS_PEOPLE_WORDS_H

#include "parsers/base/arena.h"

struct word_set {
	struct bytes *list; /* sorted in byte order; texts are borrowed */
	size_t count, room;
};

void words_add(struct word_set *set, struct bytes word);
void words_release(struct word_set *set);
struct bytes words_json(struct arena *arena, const struct word_set *set);

#endif
