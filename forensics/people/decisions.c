/*
 * What the examiner decided after review (incident file, people:).
 *
 * A person's id is made of its first finding, so a decision names a mention
 * for good: it holds however many mentions are merged around it later.
 */
#include <stdio.h>

#include "forensics/people/person.h"
#include "parsers/base/hash.h"

static struct bytes
mention_id(struct arena *arena, const struct mention *mention)
{
	struct bytes least = BYTES_NONE;

	for (size_t i = 0; i < mention->fact_count; i++) {
		struct bytes id = mention->facts[i].finding_id;

		if (least.n == 0 || bytes_compare(id, least) < 0)
			least = id;
	}
	return id_of(arena, 'P', least);
}

struct bytes
person_id_of(struct arena *arena, struct mentions *all, size_t root)
{
	struct bytes least = BYTES_NONE;

	for (size_t i = root; i != SIZE_MAX; i = all->list[i].next) {
		const struct mention *m = &all->list[i];

		for (size_t k = 0; k < m->fact_count; k++)
			if (least.n == 0 || bytes_compare(
						m->facts[k].finding_id,
						least) < 0)
				least = m->facts[k].finding_id;
	}
	return id_of(arena, 'P', least);
}

static size_t
mention_with_id(struct arena *arena, struct mentions *all, struct bytes id)
{
	for (size_t i = 0; i < all->count; i++)
		if (bytes_eq(mention_id(arena, &all->list[i]), id))
			return i;
	return SIZE_MAX;
}

/* One row an id: which list it stands in, and that list's place. */
static const char decisions_sql[] =
    "SELECT d.key, s.value, d.fullkey || p.key FROM meta,"
    " json_each(meta.value, '$.people') p, json_each(p.value) d,"
    " json_each(CASE d.type WHEN 'array' THEN d.value"
    "  ELSE json_array(d.value) END) s"
    " WHERE meta.key = 'incident' AND s.type = 'text'"
    " ORDER BY p.key, d.key, s.key";

static void
keep_apart(struct mentions *all, struct arena *arena, size_t a, size_t b)
{
	struct mention_pair *more = arena_array(arena, all->apart_count + 1,
	    sizeof *more);

	if (all->apart_count > 0)
		memcpy(more, all->apart, all->apart_count * sizeof *more);
	more[all->apart_count++] = (struct mention_pair){ a, b };
	all->apart = more;
}

void
decisions_before(struct case_file *file, struct arena *arena,
    struct mentions *all)
{
	struct case_rows *rows = case_query_new(file, decisions_sql);
	size_t *group = arena_array(arena, all->count + 1, sizeof *group);
	size_t count = 0;
	struct bytes place = BYTES_NONE;

	while (case_next(rows)) {
		struct bytes id = case_text(rows, 1);
		size_t mention = mention_with_id(arena, all, id);

		if (mention == SIZE_MAX) {
			fprintf(stderr, "postmortem: people: '%.*s' is nobody "
					"in this case\n",
			    (int)id.n, (const char *)id.p);
			continue;
		}
		if (!bytes_eq(case_text(rows, 0), BYTES_LIT("different")))
			continue;
		if (!bytes_eq(place, case_text(rows, 2))) {
			place = arena_dup(arena, case_text(rows, 2));
			count = 0;
		}
		for (size_t i = 0; i < count; i++)
			keep_apart(all, arena, group[i], mention);
		if (count < all->count)
			group[count++] = mention;
	}
	case_done(rows);
}

void
decisions_after(struct case_file *file, struct arena *arena,
    struct mentions *all)
{
	struct case_rows *rows = case_query_new(file, decisions_sql);
	size_t first = SIZE_MAX;
	struct bytes place = BYTES_NONE;

	while (case_next(rows)) {
		size_t mention = mention_with_id(arena, all,
		    case_text(rows, 1));
		struct bytes what = case_text(rows, 0);

		if (!bytes_eq(place, case_text(rows, 2))) {
			place = arena_dup(arena, case_text(rows, 2));
			first = SIZE_MAX;
		}
		if (mention == SIZE_MAX)
			continue;
		if (bytes_eq(what, BYTES_LIT("not_a_person")))
			all->list[mention_root(all, mention)].dropped = true;
		if (bytes_eq(what, BYTES_LIT("notified")))
			all->list[mention].notified = true;
		if (!bytes_eq(what, BYTES_LIT("same")))
			continue;
		if (first == SIZE_MAX)
			first = mention;
		else
			mentions_join(all, first, mention, MERGE_PRIMARY);
	}
	case_done(rows);
}
