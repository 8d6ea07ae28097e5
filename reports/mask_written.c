#include "reports/mask_written.h"

#include <stdlib.h>

#include "parsers/base/buffer.h"
#include "parsers/base/die.h"

#define NONE SIZE_MAX

struct match {
	size_t from, to, value;
};

struct matches {
	struct match *list;
	size_t count, room;
};

void
mask_written_add(struct mask_written *written, struct bytes value,
    struct bytes masked)
{
	/* A replacement that holds the value would mask nothing. */
	if (value.n == 0 || bytes_find(masked, value) != SIZE_MAX)
		return;
	if (written->count == written->room) {
		written->room = written->room * 2 + 16;
		written->list = reallocarray(written->list, written->room,
		    sizeof *written->list);
		if (written->list == NULL)
			die_machine("out of memory");
	}
	written->list[written->count++] =
	    (struct written_value){value, masked, NONE};
}

static int
compare_values(const void *a, const void *b)
{
	const struct written_value *x = a, *y = b;
	int order = bytes_compare(x->value, y->value);

	return order ? order : bytes_compare(x->masked, y->masked);
}

void
mask_written_settle(struct mask_written *written)
{
	struct written_value *list = written->list;
	size_t at = 0, n = 0;

	if (written->count > 0)
		qsort(list, written->count, sizeof *list, compare_values);
	/* Of equal ones the first. */
	for (size_t i = 0; i < written->count; i++)
		if (n == 0 || !bytes_eq(list[n - 1].value, list[i].value))
			list[n++] = list[i];
	written->count = n;
	for (size_t i = 0; i < n; i++) {
		size_t before = i == 0 ? NONE : i - 1;

		while (before != NONE &&
		       !bytes_starts(list[i].value, list[before].value))
			before = list[before].shorter;
		list[i].shorter = before;
	}
	for (int c = 0; c < 257; c++) {
		while (at < n && list[at].value.p[0] < c)
			at++;
		written->first[c] = at;
	}
}

void
mask_written_clear(struct mask_written *written)
{
	written->count = 0;
}

void
mask_written_free(struct mask_written *written)
{
	free(written->list);
}

/* The last value that is not after the rest of the text: those the rest
 * begins with are it or what it begins with. */
static size_t
not_after(const struct mask_written *written, struct bytes rest)
{
	size_t low = written->first[rest.p[0]];
	size_t high = written->first[rest.p[0] + 1], begin = low;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bytes_compare(written->list[middle].value, rest) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low == begin ? NONE : low - 1;
}

static void
match_add(struct matches *matches, size_t from, size_t to, size_t value)
{
	if (matches->count == matches->room) {
		matches->room = matches->room * 2 + 16;
		matches->list = reallocarray(matches->list, matches->room,
		    sizeof *matches->list);
		if (matches->list == NULL)
			die_machine("out of memory");
	}
	matches->list[matches->count++] = (struct match){from, to, value};
}

static void
find_all(const struct mask_written *written, struct bytes text,
    struct matches *matches)
{
	for (size_t i = 0; i < text.n; i++) {
		struct bytes rest = bytes_skip(text, i);
		size_t at;

		if (written->first[rest.p[0]] == written->first[rest.p[0] + 1])
			continue;
		for (at = not_after(written, rest); at != NONE;
		     at = written->list[at].shorter)
			if (bytes_starts(rest, written->list[at].value))
				match_add(matches, i,
				    i + written->list[at].value.n, at);
	}
}

static int
longest_first(const void *a, const void *b)
{
	const struct match *x = a, *y = b;
	size_t n = x->to - x->from, m = y->to - y->from;

	if (n != m)
		return n > m ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

static int
in_order(const void *a, const void *b)
{
	const struct match *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/* Those that stay; `taken` has a byte for each of the text. */
static void
choose(struct matches *matches, uint8_t *taken)
{
	size_t n = 0;

	qsort(matches->list, matches->count, sizeof *matches->list,
	    longest_first);
	for (size_t i = 0; i < matches->count; i++) {
		struct match *m = &matches->list[i];

		/* Longer ones are there: an overlap reaches an end. */
		if (taken[m->from] || taken[m->to - 1])
			continue;
		memset(taken + m->from, 1, m->to - m->from);
		matches->list[n++] = *m;
	}
	matches->count = n;
	qsort(matches->list, n, sizeof *matches->list, in_order);
}

struct bytes
mask_written_text(const struct mask_written *written, struct arena *arena,
    struct bytes text)
{
	struct matches matches = {.count = 0};
	struct buffer out = BUFFER_EMPTY;
	size_t from = 0;

	find_all(written, text, &matches);
	if (matches.count == 0)
		return text;
	choose(&matches, arena_alloc(arena, text.n));
	for (size_t i = 0; i < matches.count; i++) {
		buffer_add_bytes(
		    &out, bytes_slice(text, from, matches.list[i].from));
		buffer_add_bytes(
		    &out, written->list[matches.list[i].value].masked);
		from = matches.list[i].to;
	}
	buffer_add_bytes(&out, bytes_skip(text, from));
	text = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	free(matches.list);
	return text;
}
