/*
 * Overlaps (contract 7): with keyword beats without, strong beats weak,
 * longer beats shorter; the rest are no rows.
 */
#include "forensics/exposure/engine.h"

/* Secrets are told by their own prefix; the rest by keyword and check. */
static bool
beats(const struct candidate *a, const struct candidate *b)
{
	bool keyword_a = a->keyword || a->detector == NULL;
	bool keyword_b = b->keyword || b->detector == NULL;
	int strength_a = a->detector ? (int)a->detector->strength : 9;
	int strength_b = b->detector ? (int)b->detector->strength : 9;

	if (keyword_a != keyword_b)
		return keyword_a;
	if (strength_a != strength_b)
		return strength_a > strength_b;
	/* A token that tells its expiry tells more than the header it is in. */
	if ((a->expires.n > 0) != (b->expires.n > 0))
		return a->expires.n > 0;
	if (a->generic != b->generic)
		return b->generic;
	if (a->to - a->from != b->to - b->from)
		return a->to - a->from > b->to - b->from;
	if (a->distance != b->distance)
		return a->distance < b->distance;
	if (a->keyed != b->keyed)
		return !a->keyed;
	return a < b; /* the table's order */
}

static bool
overlap(const struct candidate *a, const struct candidate *b)
{
	return a->from < b->to && b->from < a->to;
}

enum { GROUP_MOST = 64 };

/* Inside a group that hangs together: the best stands, what it covers goes,
 * and again with what is left. */
static void
choose(struct candidate *list, size_t count)
{
	bool decided[GROUP_MOST] = {false};

	for (;;) {
		size_t best = SIZE_MAX;

		for (size_t i = 0; i < count; i++)
			if (!list[i].dropped && !decided[i] &&
			    (best == SIZE_MAX || beats(&list[i], &list[best])))
				best = i;
		if (best == SIZE_MAX)
			break;
		decided[best] = true;
		for (size_t i = 0; i < count; i++)
			if (!decided[i] && !list[i].dropped &&
			    overlap(&list[i], &list[best]))
				list[i].dropped = true;
	}
}

/* Where a long group was cut, two may still overlap. */
static void
keep_best(struct candidates *all)
{
	size_t kept = 0;

	for (size_t i = 0; i < all->count; i++) {
		struct candidate *c = &all->list[i];

		if (c->dropped)
			continue;
		if (kept > 0 && overlap(&all->list[kept - 1], c)) {
			if (beats(c, &all->list[kept - 1]))
				all->list[kept - 1] = *c;
			continue;
		}
		all->list[kept++] = *c;
	}
	all->count = kept;
}

void
overlaps_drop(struct engine *e, struct block *block)
{
	struct candidates *all = &e->found;
	size_t kept = 0;

	(void)block;
	for (size_t i = 0; i < all->count; i++)
		if (!all->list[i].dropped)
			all->list[kept++] = all->list[i];
	all->count = kept;
	for (size_t from = 0, to; from < all->count; from = to) {
		size_t end = all->list[from].to;

		to = from + 1;
		while (to < all->count && to - from < GROUP_MOST &&
		       all->list[to].from < end) {
			if (all->list[to].to > end)
				end = all->list[to].to;
			to++;
		}
		if (to - from > 1)
			choose(all->list + from, to - from);
	}
	keep_best(all);
}
