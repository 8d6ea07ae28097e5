/*
 * Merging mentions into persons, contract 7:
 *	(a) an equal primary value and compatible names
 *	(b) compatible full names, equal date of birth, one equal tertiary
 *	(c) equal full names and two equal tertiary values
 * Never when a primary value or the date of birth differs; never on a name
 * alone.  What stays apart in conflict is flagged, and each is counted.
 */
#include <stdlib.h>

#include "forensics/people/person.h"

struct entry { /* a value and who says it */
	const struct fact *fact;
	size_t mention;
};

struct entries {
	struct entry *list;
	size_t count;
};

size_t
mention_root(struct mentions *all, size_t i)
{
	while (all->list[i].root != i) {
		all->list[i].root = all->list[all->list[i].root].root;
		i = all->list[i].root;
	}
	return i;
}

void
mentions_join(struct mentions *all, size_t a, size_t b,
    enum merge_reason reason)
{
	struct mention *into, *from;

	a = mention_root(all, a);
	b = mention_root(all, b);
	if (a == b)
		return;
	if (b < a) { /* the earlier mention stays the root: same result */
		size_t swap = a;

		a = b;
		b = swap;
	}
	into = &all->list[a];
	from = &all->list[b];
	all->list[into->last].next = b;
	into->last = from->last;
	from->root = a;
	if (from->reason < reason)
		reason = from->reason;
	if (reason < into->reason)
		into->reason = reason;
	into->review |= from->review;
}

#define EACH_MEMBER(all, root, i)                                              \
	for (size_t i = (root); i != SIZE_MAX; i = (all)->list[i].next)

static void
flag_both(struct mentions *all, size_t a, size_t b, enum review why)
{
	all->list[a].review |= why;
	all->list[b].review |= why;
}

static bool
facts_conflict(const struct fact *a, const struct fact *b)
{
	return a->tier == b->tier && a->tier <= TIER_SECONDARY &&
	       bytes_eq(a->class, b->class) &&
	       !bytes_eq(a->normalized, b->normalized);
}

static bool
mentions_conflict(const struct mention *a, const struct mention *b)
{
	for (size_t i = 0; i < a->fact_count; i++)
		for (size_t k = 0; k < b->fact_count; k++)
			if (facts_conflict(&a->facts[i], &b->facts[k]))
				return true;
	return false;
}

/* Did the examiner say that these are two people? */
static bool
are_apart(struct mentions *all, size_t a, size_t b)
{
	for (size_t i = 0; i < all->apart_count; i++) {
		size_t x = mention_root(all, all->apart[i].a);
		size_t y = mention_root(all, all->apart[i].b);

		if ((x == a && y == b) || (x == b && y == a))
			return true;
	}
	return false;
}

static bool
persons_conflict(struct mentions *all, size_t a, size_t b)
{
	EACH_MEMBER(all, a, i)
		EACH_MEMBER(all, b, k)
			if (mentions_conflict(&all->list[i], &all->list[k]))
				return true;
	return false;
}

/* The weakest match between the names of two persons; `strictly` as in
 * name_compare_strictly.  A person without a name matches nothing. */
static enum name_match
persons_names(struct mentions *all, size_t a, size_t b, bool strictly)
{
	enum name_match worst = NAME_EXACT;
	bool compared = false;

	EACH_MEMBER(all, a, i) {
		EACH_MEMBER(all, b, k) {
			const struct name *x = &all->list[i].name;
			const struct name *y = &all->list[k].name;
			enum name_match match;

			if (x->count == 0 || y->count == 0)
				continue;
			match = strictly ? name_compare_strictly(x, y)
					 : name_compare(x, y);
			worst = match > worst ? match : worst;
			compared = true;
		}
	}
	return compared ? worst : NAME_DIFFERENT;
}

static bool
has_name(struct mentions *all, size_t root)
{
	EACH_MEMBER(all, root, i)
		if (all->list[i].name.count > 0)
			return true;
	return false;
}

static bool
has_full_name(struct mentions *all, size_t root)
{
	EACH_MEMBER(all, root, i)
		if (name_is_full(&all->list[i].name))
			return true;
	return false;
}

static bool
says(struct mentions *all, size_t root, const struct fact *fact)
{
	EACH_MEMBER(all, root, i) {
		const struct mention *m = &all->list[i];

		for (size_t k = 0; k < m->fact_count; k++)
			if (bytes_eq(m->facts[k].class, fact->class) &&
			    bytes_eq(m->facts[k].normalized, fact->normalized))
				return true;
	}
	return false;
}

/* Distinct tertiary values that both persons have, counted up to `most`. */
static size_t
shared_tertiaries(struct mentions *all, size_t a, size_t b, size_t most)
{
	const struct fact *seen[2] = { NULL, NULL };
	size_t count = 0;

	EACH_MEMBER(all, a, i) {
		const struct mention *m = &all->list[i];

		for (size_t k = 0; k < m->fact_count && count < most; k++) {
			const struct fact *fact = &m->facts[k];

			if (fact->tier != TIER_TERTIARY || !says(all, b, fact))
				continue;
			if (count == 1 && bytes_eq(seen[0]->class, fact->class) &&
			    bytes_eq(seen[0]->normalized, fact->normalized))
				continue;
			seen[count++] = fact;
		}
	}
	return count;
}

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = bytes_compare(x->fact->class, y->fact->class);

	if (order == 0)
		order = bytes_compare(x->fact->normalized,
		    y->fact->normalized);
	if (order == 0)
		order = x->mention < y->mention ? -1 : x->mention > y->mention;
	return order;
}

static struct entries
entries_of(struct mentions *all, struct arena *arena, enum tier tier)
{
	struct entries e = { NULL, 0 };
	size_t most = 0;

	for (size_t i = 0; i < all->count; i++)
		most += all->list[i].fact_count;
	e.list = arena_array(arena, most + 1, sizeof *e.list);
	for (size_t i = 0; i < all->count; i++)
		for (size_t k = 0; k < all->list[i].fact_count; k++)
			if (all->list[i].facts[k].tier == tier)
				e.list[e.count++] = (struct entry){
					&all->list[i].facts[k], i };
	qsort(e.list, e.count, sizeof *e.list, compare_entries);
	return e;
}

/* End of the run of equal values that begins at `from`. */
static size_t
run_end(const struct entries *e, size_t from)
{
	size_t to = from + 1;

	while (to < e->count &&
	       bytes_eq(e->list[to].fact->class, e->list[from].fact->class) &&
	       bytes_eq(e->list[to].fact->normalized,
	           e->list[from].fact->normalized))
		to++;
	return to;
}

static bool
try_primary(struct mentions *all, size_t a, size_t b)
{
	bool nameless = !has_name(all, a) || !has_name(all, b);
	enum name_match match = persons_names(all, a, b, false);

	if (persons_conflict(all, a, b)) {
		flag_both(all, a, b, REVIEW_ID_CONFLICT);
		return false;
	}
	if (!nameless && match == NAME_DIFFERENT) {
		flag_both(all, a, b, REVIEW_NAME_CONFLICT);
		return false;
	}
	if (!nameless && match == NAME_NICKNAME)
		all->list[a].review |= REVIEW_NICKNAME;
	mentions_join(all, a, b, MERGE_PRIMARY);
	return true;
}

static bool
try_secondary(struct mentions *all, size_t a, size_t b)
{
	enum name_match match = persons_names(all, a, b, true);

	if (match == NAME_DIFFERENT || !has_full_name(all, a) ||
	    !has_full_name(all, b) || shared_tertiaries(all, a, b, 1) < 1)
		return false;
	if (persons_conflict(all, a, b)) {
		flag_both(all, a, b, REVIEW_ID_CONFLICT);
		return false;
	}
	if (match == NAME_NICKNAME)
		all->list[a].review |= REVIEW_NICKNAME;
	mentions_join(all, a, b,
	    match == NAME_NICKNAME ? MERGE_NICKNAME_SECONDARY
				   : MERGE_EXACT_NAME_SECONDARY);
	return true;
}

static bool
try_tertiary(struct mentions *all, size_t a, size_t b)
{
	if (persons_names(all, a, b, true) != NAME_EXACT ||
	    !has_full_name(all, a) || shared_tertiaries(all, a, b, 2) < 2)
		return false;
	if (persons_conflict(all, a, b)) {
		flag_both(all, a, b, REVIEW_ID_CONFLICT);
		return false;
	}
	mentions_join(all, a, b, MERGE_NAME_TERTIARY);
	return true;
}

/* Two who share a tertiary value stay apart, and the reviewer is told. */
static bool
flag_shared(struct mentions *all, size_t a, size_t b)
{
	flag_both(all, a, b, REVIEW_SHARED_TERTIARY);
	return false;
}

/* The distinct persons who say the values [from, to), in their order. */
static size_t
roots_of(struct mentions *all, const struct entries *e, size_t from, size_t to,
    size_t *roots)
{
	size_t count = 0;

	for (size_t i = from; i < to; i++) {
		size_t root = mention_root(all, e->list[i].mention);

		all->list[root].seen = from + 1;
	}
	for (size_t i = from; i < to; i++) {
		size_t root = mention_root(all, e->list[i].mention);

		if (all->list[root].seen == from + 1) {
			all->list[root].seen = 0;
			roots[count++] = root;
		}
	}
	return count;
}

/* Try every two persons that share a value, earlier mentions first. */
static bool
try_runs(struct mentions *all, const struct entries *e, size_t *roots,
    bool (*try)(struct mentions *, size_t, size_t))
{
	bool changed = false;

	for (size_t from = 0, to; from < e->count; from = to) {
		size_t count;

		to = run_end(e, from);
		count = roots_of(all, e, from, to, roots);
		for (size_t i = 0; i < count; i++) {
			for (size_t k = i + 1; k < count; k++) {
				size_t a = mention_root(all, roots[i]);
				size_t b = mention_root(all, roots[k]);

				if (a == b || are_apart(all, a, b))
					continue;
				changed |= try(all, a < b ? a : b,
				    a < b ? b : a);
			}
		}
	}
	return changed;
}

void
mentions_separate(struct mentions *all)
{
	for (size_t i = 0; i < all->count; i++) {
		struct mention *m = &all->list[i];

		m->root = m->last = i;
		m->next = SIZE_MAX;
		m->reason = MERGE_SINGLE;
		m->review = m->name.count == 0 ? REVIEW_UNNAMED : 0;
	}
}

void
mentions_merge(struct mentions *all, struct arena *arena)
{
	struct entries primary = entries_of(all, arena, TIER_PRIMARY);
	struct entries secondary = entries_of(all, arena, TIER_SECONDARY);
	struct entries tertiary = entries_of(all, arena, TIER_TERTIARY);
	size_t *roots = arena_array(arena, all->count + 1, sizeof *roots);
	bool changed = true;

	while (changed) {
		changed = try_runs(all, &primary, roots, try_primary);
		changed |= try_runs(all, &secondary, roots, try_secondary);
		changed |= try_runs(all, &tertiary, roots, try_tertiary);
	}
	try_runs(all, &tertiary, roots, flag_shared);
	for (size_t i = 0; i < all->count; i++)
		if (mention_root(all, i) == i && has_name(all, i))
			all->list[i].review &= ~(unsigned)REVIEW_UNNAMED;
}
