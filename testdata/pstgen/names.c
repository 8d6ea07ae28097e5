/* The map of named properties, node 0x61 (section 2.4.7). */
#include "testdata/pstgen/store_private.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 251 };

/* The sets that specs may name; the two first have fixed numbers. */
static const struct {
	const char *name;
	uint8_t guid[16];
} sets[] = {
    {"mapi", {0x28, 3, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46}},
    {"public", {0x29, 3, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46}},
    {"internet", {0x86, 3, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46}},
    {"appointment", {2, 0x20, 6, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46}},
    {"task", {3, 0x20, 6, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46}},
    {"address", {4, 0x20, 6, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46}},
    {"common", {8, 0x20, 6, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46}},
};
enum { SETS = sizeof(sets) / sizeof(*sets), FIXED_SETS = 2 };

static unsigned
set_number(const char *name)
{
	for (unsigned i = 0; i < SETS; i++)
		if (strcmp(sets[i].name, name) == 0)
			return i + 1;
	generator_die("no property set \"%s\"", name);
}

unsigned
store_name(
    struct store *store, const char *set, const char *word, unsigned number)
{
	set_number(set);
	for (size_t i = 0; i < store->name_count; i++) {
		const struct name_entry *entry = &store->names[i];

		if (strcmp(entry->set, set) != 0 ||
		    (entry->word == NULL) != (word == NULL))
			continue;
		if (word == NULL ? entry->number == number
				 : strcmp(entry->word, word) == 0)
			return 0x8000 + (unsigned)i;
	}
	store->names = grow(store->names, store->name_count, &store->name_room,
	    sizeof(*store->names));
	store->names[store->name_count++] = (struct name_entry){
	    strdup(set), word == NULL ? NULL : strdup(word), number};
	return 0x8000 + (unsigned)store->name_count - 1;
}

struct blob {
	uint8_t *p;
	size_t n, room;
};

static void
blob_add(struct blob *blob, const void *p, size_t n)
{
	while (blob->n + n > blob->room)
		blob->p = grow(blob->p, blob->room, &blob->room, 1);
	if (n > 0)
		memcpy(blob->p + blob->n, p, n);
	blob->n += n;
}

/* Appends the string's bytes; returns where they start. */
static uint32_t
add_string(struct blob *strings, const char *word, uint32_t *crc)
{
	/* UTF-16 in every form of the file. */
	const struct form *wide = form_find("unicode");
	uint32_t at = (uint32_t)strings->n;
	uint8_t head[4], zeros[4] = {0};
	size_t n;
	uint8_t *p = form_text(wide, word, strlen(word), &n);

	put32(head, n);
	blob_add(strings, head, 4);
	blob_add(strings, p, n);
	blob_add(strings, zeros, (4 - n % 4) % 4);
	*crc = form_crc(p, n);
	free(p);
	return at;
}

void
store_write_names(struct store *store)
{
	struct blob guids = {0}, entries = {0}, strings = {0};
	struct blob *buckets = calloc(BUCKETS, sizeof(*buckets));
	struct subnodes subnodes = {0};
	struct pc pc;
	uint64_t data;

	for (size_t i = FIXED_SETS; i < SETS; i++)
		blob_add(&guids, sets[i].guid, 16);
	for (size_t i = 0; i < store->name_count; i++) {
		const struct name_entry *name = &store->names[i];
		uint8_t entry[8];
		uint32_t hashed = name->number, id = name->number;
		unsigned kind = set_number(name->set) << 1;

		if (name->word != NULL) {
			id = add_string(&strings, name->word, &hashed);
			kind |= 1;
		}
		put32(entry, id);
		put16(entry + 4, kind);
		put16(entry + 6, i);
		blob_add(&entries, entry, 8);
		put32(entry, hashed);
		blob_add(&buckets[(hashed ^ kind) % BUCKETS], entry, 8);
	}
	pc_begin(&pc, store->ndb, &subnodes);
	pc_number(&pc, PROP(0x0001, T_INT32), BUCKETS);
	pc_binary(&pc, PROP(0x0002, T_BINARY), guids.p, guids.n);
	pc_binary(&pc, PROP(0x0003, T_BINARY), entries.p, entries.n);
	pc_binary(&pc, PROP(0x0004, T_BINARY), strings.p, strings.n);
	for (unsigned i = 0; i < BUCKETS; i++)
		if (buckets[i].n > 0)
			pc_binary(&pc, PROP(0x1000 + i, T_BINARY), buckets[i].p,
			    buckets[i].n);
	data = pc_end(&pc);
	ndb_node(
	    store->ndb, 0x61, data, subnodes_end(&subnodes, store->ndb), 0);
	for (size_t i = 0; i < BUCKETS; i++)
		free(buckets[i].p);
	free(buckets);
	free(guids.p);
	free(entries.p);
	free(strings.p);
}
