#include "forensics/access/indicator_index.h"

#include <stdlib.h>

#include "forensics/access/json_strings.h"
#include "parsers/base/die.h"

struct indicator_index {
	const struct indicators *list;
	size_t *slots; /* index + 1 into the list; 0: free */
	size_t mask;
	size_t *others; /* ranges and user agents */
	size_t other_count;
	struct arena scratch;
};

enum { WHOLE_ADDRESS = 128 };

static struct bytes
key_of(const struct indicator *i)
{
	return i->kind == INDICATOR_IP
		   ? bytes_of(i->range.first.b, sizeof i->range.first.b)
		   : i->key;
}

static bool
is_exact(const struct indicator *i)
{
	return i->kind != INDICATOR_USER_AGENT &&
	       (i->kind != INDICATOR_IP || i->range.prefix == WHOLE_ADDRESS);
}

static size_t
hash(enum indicator_kind kind, struct bytes key)
{
	uint64_t h = 1469598103934665603u + (uint64_t)kind;

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ byte_lower(key.p[i])) * 1099511628211u;
	return (size_t)(h ^ h >> 31);
}

/* Addresses and tokens are bytes; everything else compares in any case. */
static bool
same_key(enum indicator_kind kind, struct bytes a, struct bytes b)
{
	return kind == INDICATOR_IP || kind == INDICATOR_TOKEN_ID
		   ? bytes_eq(a, b) : bytes_eq_nocase(a, b);
}

static void
add_exact(struct indicator_index *index, size_t at)
{
	const struct indicator *new = &index->list->list[at];
	size_t slot = hash(new->kind, key_of(new)) & index->mask;

	for (; index->slots[slot] != 0; slot = (slot + 1) & index->mask) {
		const struct indicator *old =
		    &index->list->list[index->slots[slot] - 1];

		if (old->kind == new->kind &&
		    same_key(new->kind, key_of(old), key_of(new)))
			return; /* the first of the list stays */
	}
	index->slots[slot] = at + 1;
}

struct indicator_index *
indicator_index_new(const struct indicators *list)
{
	struct indicator_index *index = calloc(1, sizeof *index);
	size_t slots = 16;

	while (slots < 4 * list->count)
		slots *= 2;
	if (index == NULL)
		die_machine("out of memory");
	index->list = list;
	index->mask = slots - 1;
	index->slots = calloc(slots, sizeof *index->slots);
	index->others = calloc(list->count + 1, sizeof *index->others);
	if (index->slots == NULL || index->others == NULL)
		die_machine("out of memory");
	arena_init(&index->scratch);
	for (size_t i = 0; i < list->count; i++)
		if (is_exact(&list->list[i]))
			add_exact(index, i);
		else
			index->others[index->other_count++] = i;
	return index;
}

void
indicator_index_free(struct indicator_index *index)
{
	arena_release(&index->scratch);
	free(index->slots);
	free(index->others);
	free(index);
}

static size_t
find_exact(const struct indicator_index *index, enum indicator_kind kind,
    struct bytes key)
{
	size_t slot = hash(kind, key) & index->mask;

	if (key.n == 0)
		return SIZE_MAX;
	for (; index->slots[slot] != 0; slot = (slot + 1) & index->mask) {
		const struct indicator *i =
		    &index->list->list[index->slots[slot] - 1];

		if (i->kind == kind && same_key(kind, key_of(i), key))
			return index->slots[slot] - 1;
	}
	return SIZE_MAX;
}

static size_t
find_in_list(struct indicator_index *index, enum indicator_kind kind,
    struct bytes array)
{
	size_t best = SIZE_MAX, found;
	struct bytes element;

	while (json_strings_next(&array, &index->scratch, &element)) {
		found = find_exact(index, kind, element);
		best = found < best ? found : best;
	}
	return best;
}

/* First range before `best` that one of the addresses is in. */
static size_t
find_range(struct indicator_index *index, const struct ip_address *address,
    size_t best)
{
	for (size_t i = 0; i < index->other_count; i++) {
		size_t at = index->others[i];
		const struct indicator *one = &index->list->list[at];

		if (at >= best)
			break;
		if (one->kind == INDICATOR_IP &&
		    ip_in_range(address, &one->range))
			return at;
	}
	return best;
}

static size_t
find_address(struct indicator_index *index, struct bytes ips)
{
	size_t best = SIZE_MAX, found;
	struct ip_address address;
	struct bytes element;

	while (json_strings_next(&ips, &index->scratch, &element)) {
		if (!ip_parse(element, &address))
			continue;
		found = find_exact(index, INDICATOR_IP,
		    bytes_of(address.b, sizeof address.b));
		best = found < best ? found : best;
		best = find_range(index, &address, best);
	}
	return best;
}

static size_t
find_agent(const struct indicator_index *index, struct bytes client,
    size_t best)
{
	for (size_t i = 0; i < index->other_count; i++) {
		size_t at = index->others[i];
		const struct indicator *one = &index->list->list[at];

		if (at < best && one->kind == INDICATOR_USER_AGENT &&
		    bytes_find_nocase(client, one->key) != SIZE_MAX)
			return at;
	}
	return best;
}

static size_t
find_agent_in_list(struct indicator_index *index, struct bytes clients,
    size_t best)
{
	struct bytes client;

	while (json_strings_next(&clients, &index->scratch, &client))
		best = find_agent(index, client, best);
	return best;
}

const struct indicator *
indicator_index_match(struct indicator_index *index,
    const struct event_keys *keys)
{
	size_t found[6], best = SIZE_MAX;

	if (index->list->count == 0)
		return NULL;
	found[0] = find_address(index, keys->ips);
	found[1] = find_in_list(index, INDICATOR_APP_ID, keys->app_ids);
	found[2] = find_in_list(index, INDICATOR_SESSION_ID, keys->sessions);
	found[3] = find_in_list(index, INDICATOR_DEVICE_ID, keys->device_ids);
	found[4] = find_exact(index, INDICATOR_TOKEN_ID, keys->token_id);
	found[5] = find_exact(index, INDICATOR_ACTOR,
	    bytes_trim(keys->user_id));
	for (size_t i = 0; i < 6; i++)
		best = found[i] < best ? found[i] : best;
	best = find_agent(index, keys->client_info, best);
	best = find_agent_in_list(index, keys->clients, best);
	arena_reset(&index->scratch);
	return best == SIZE_MAX ? NULL : &index->list->list[best];
}
