#include "forensics/exposure/halves.h"

#include <stdlib.h>

#include "parsers/base/die.h"

static int
compare_values(const struct waiting *a, const struct waiting *b)
{
	int order = bytes_compare(a->alternative, b->alternative);

	if (a->finding.idx != b->finding.idx)
		return a->finding.idx < b->finding.idx ? -1 : 1;
	if (order == 0)
		order = bytes_compare(a->finding.class, b->finding.class);
	if (order == 0)
		order =
		    bytes_compare(a->finding.normalized, b->finding.normalized);
	return order;
}

static int
compare_waiting(const void *x, const void *y)
{
	const struct waiting *a = *(struct waiting *const *)x;
	const struct waiting *b = *(struct waiting *const *)y;
	int order = compare_values(a, b);

	if (order != 0)
		return order;
	if (a->half != b->half)
		return a->half < b->half ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static int
rank(const struct record_finding *f)
{
	return f->level.p[0] == 'h' ? 3 : f->level.p[0] == 'm' ? 2 : 1;
}

static void
take_over(struct record_finding *to, const struct record_finding *from)
{
	if (rank(from) > rank(to)) {
		to->level = from->level;
		to->element = from->element;
	}
	if (to->account.n == 0)
		to->account = from->account;
	if (to->system.n == 0)
		to->system = from->system;
	if (to->name.n > 0 || from->name.n == 0)
		return;
	to->name = from->name;
	to->link = from->link;
	to->group_key = from->group_key;
}

/* Equal values of one alternative: the first half's stay. */
static void
join_run(struct waiting **run, size_t count)
{
	struct waiting *named = NULL, *surest = NULL;
	size_t kept = 0;

	while (kept < count && run[kept]->half == run[0]->half)
		kept++;
	for (size_t i = kept; i < count; i++) {
		run[i]->dropped = true;
		if (named == NULL && run[i]->finding.name.n > 0)
			named = run[i];
		if (surest == NULL ||
		    rank(&run[i]->finding) > rank(&surest->finding))
			surest = run[i];
	}
	for (size_t i = 0; i < kept && surest != NULL; i++) {
		take_over(&run[i]->finding, &surest->finding);
		if (named != NULL)
			take_over(&run[i]->finding, &named->finding);
	}
}

void
halves_join(struct waiting *list, size_t count)
{
	struct waiting **sorted;
	size_t to;

	if (count < 2)
		return;
	sorted = malloc(count * sizeof *sorted);
	if (sorted == NULL)
		die_machine("out of memory");
	for (size_t i = 0; i < count; i++)
		sorted[i] = &list[i];
	qsort(sorted, count, sizeof *sorted, compare_waiting);
	for (size_t from = 0; from < count; from = to) {
		to = from + 1;
		while (
		    to < count && compare_values(sorted[from], sorted[to]) == 0)
			to++;
		join_run(sorted + from, to - from);
	}
	free(sorted);
}
