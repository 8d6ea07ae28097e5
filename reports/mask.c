#include "reports/mask.h"

#include <stdlib.h>

#include "parsers/base/buffer.h"
#include "parsers/base/die.h"
#include "reports/mask_written.h"

enum {
	KEY_LEAST = 4,	/* shorter ones are masked as written only */
	KEY_MOST = 128, /* letters and digits: the longest looked for */
	WIDE_LEAST = 8, /* outside the message of the finding */
	GAP_MOST = 3,	/* other bytes between two runs of a value */
	FIRST_SLOTS = 64,
	USUAL_SLOTS = 4096,
	PREFIX_BITS = 65536,
};

struct mask_entry {
	struct bytes key, value, masked;
};

/* Values by key: open addressing, at most half full. */
struct mask_set {
	struct arena arena;
	struct mask_entry *slots;
	size_t room, count, longest;
	uint64_t prefixes[PREFIX_BITS / 64]; /* of keys: what may be there */
};

struct mask {
	struct case_file *file;
	bool unmask;
	struct mask_set wide; /* the whole case */
	struct mask_set near; /* the message in hand */
	struct mask_written written; /* its values, as written */
	int64_t message;
};

static bool
is_key_byte(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c >= 0x80;
}

static struct bytes
key_of(struct arena *arena, struct bytes value)
{
	uint8_t *key = arena_raw(arena, value.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < value.n; i++)
		if (is_key_byte(value.p[i]))
			key[n++] = byte_lower(value.p[i]);
	return bytes_of(key, n);
}

/* The bit of the first KEY_LEAST bytes: most runs of letters end here. */
static size_t
prefix_bit(const uint8_t *key)
{
	uint32_t first;

	memcpy(&first, key, KEY_LEAST);
	return first * UINT32_C(2654435761) >> 16;
}

static size_t
key_hash(struct bytes key)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < key.n; i++)
		hash = (hash ^ key.p[i]) * 1099511628211u;
	return (size_t)(hash ^ hash >> 29);
}

static struct mask_entry *
set_slot(const struct mask_set *set, struct bytes key)
{
	size_t at = key_hash(key) & (set->room - 1);

	while (
	    set->slots[at].key.p != NULL && !bytes_eq(set->slots[at].key, key))
		at = (at + 1) & (set->room - 1);
	return &set->slots[at];
}

static void
set_grow(struct mask_set *set)
{
	struct mask_entry *old = set->slots;
	size_t room = set->room;

	set->room = room ? room * 2 : FIRST_SLOTS;
	set->slots = calloc(set->room, sizeof *set->slots);
	if (set->slots == NULL)
		die_machine("out of memory");
	for (size_t i = 0; i < room; i++)
		if (old[i].key.p != NULL)
			*set_slot(set, old[i].key) = old[i];
	free(old);
}

static void
set_clear(struct mask_set *set)
{
	arena_reset(&set->arena);
	/* One message with a million findings must not cost all others. */
	if (set->room > USUAL_SLOTS) {
		free(set->slots);
		set->slots = NULL;
		set->room = 0;
		set_grow(set);
	} else if (set->count > 0) {
		memset(set->slots, 0, set->room * sizeof *set->slots);
	}
	if (set->count > 0)
		memset(set->prefixes, 0, sizeof set->prefixes);
	set->count = 0;
	set->longest = 0;
}

static void
set_add(struct mask_set *set, struct bytes value, struct bytes masked)
{
	struct bytes key = key_of(&set->arena, value);
	struct mask_entry *slot;

	if (key.n == 0)
		key = arena_dup(&set->arena, value);
	if (set->count * 2 >= set->room)
		set_grow(set);
	slot = set_slot(set, key);
	if (slot->key.p != NULL)
		return;
	slot->key = key;
	slot->value = arena_dup(&set->arena, value);
	slot->masked = arena_dup(&set->arena, masked);
	set->count++;
	if (key.n >= KEY_LEAST)
		set->prefixes[prefix_bit(key.p) / 64] |=
		    UINT64_C(1) << prefix_bit(key.p) % 64;
	if (key.n > set->longest)
		set->longest = key.n;
}

/* No word of any language: long, and with digits in it. */
static bool
is_unmistakable(struct bytes value)
{
	size_t digits = 0, signs = 0, length = 0;

	for (size_t i = 0; i < value.n; i++) {
		uint8_t c = value.p[i];

		digits += c >= '0' && c <= '9';
		length += is_key_byte(c);
		signs += !is_key_byte(c);
	}
	return length >= WIDE_LEAST && length <= KEY_MOST &&
	       (digits >= 4 || (digits >= 1 && signs >= 1));
}

static void
load_wide(struct mask *mask)
{
	struct case_rows *rows = case_query_new(mask->file,
	    "SELECT DISTINCT value, masked FROM findings"
	    " WHERE (element <> '' OR kind <> '')"
	    " AND level IN ('high', 'medium') ORDER BY value, masked");

	while (case_next(rows))
		if (is_unmistakable(case_text(rows, 0)))
			set_add(&mask->wide, case_text(rows, 0),
			    case_text(rows, 1));
	case_done(rows);
}

static void
load_near(struct mask *mask, int64_t message)
{
	struct case_rows *rows;

	if (message == mask->message)
		return;
	mask->message = message;
	set_clear(&mask->near);
	mask_written_clear(&mask->written);
	if (message == INT64_MIN)
		return;
	rows = case_query(mask->file,
	    "SELECT value, masked FROM findings WHERE message = ?1"
	    " ORDER BY value, masked");
	case_bind_number(rows, 1, message);
	while (case_next(rows))
		set_add(&mask->near, case_text(rows, 0), case_text(rows, 1));
	for (size_t i = 0; i < mask->near.room && mask->near.count > 0; i++)
		if (mask->near.slots[i].key.p != NULL)
			mask_written_add(&mask->written,
			    mask->near.slots[i].value,
			    mask->near.slots[i].masked);
	mask_written_settle(&mask->written);
}

struct mask *
mask_new(struct case_file *file, bool unmask)
{
	struct mask *mask = calloc(1, sizeof *mask);

	if (mask == NULL)
		die_machine("out of memory");
	mask->file = file;
	mask->unmask = unmask;
	mask->message = INT64_MIN;
	arena_init(&mask->wide.arena);
	arena_init(&mask->near.arena);
	set_grow(&mask->wide);
	set_grow(&mask->near);
	if (!unmask)
		load_wide(mask);
	return mask;
}

void
mask_free(struct mask *mask)
{
	arena_release(&mask->wide.arena);
	arena_release(&mask->near.arena);
	free(mask->wide.slots);
	free(mask->near.slots);
	mask_written_free(&mask->written);
	free(mask);
}

/* The longest value that begins at `at`, a run's first byte; *end is where
 * it ends. */
static const struct mask_entry *
longest_at(
    const struct mask_set *set, struct bytes text, size_t at, size_t *end)
{
	uint8_t key[KEY_MOST];
	size_t n = 0, gap = 0, most = set->longest;
	const struct mask_entry *found = NULL;

	if (most > KEY_MOST)
		most = KEY_MOST;
	for (size_t i = at; i < text.n && gap <= GAP_MOST; i++) {
		const struct mask_entry *slot;

		if (!is_key_byte(text.p[i])) {
			gap++;
			continue;
		}
		if (n == most)
			break;
		gap = 0;
		key[n++] = byte_lower(text.p[i]);
		if (n == KEY_LEAST &&
		    (set->prefixes[prefix_bit(key) / 64] >>
			    prefix_bit(key) % 64 & 1) == 0)
			return NULL;
		if (n < KEY_LEAST ||
		    (i + 1 < text.n && is_key_byte(text.p[i + 1])))
			continue;
		slot = set_slot(set, bytes_of(key, n));
		if (slot->key.p != NULL) {
			found = slot;
			*end = i + 1;
		}
	}
	return found;
}

/* Whole runs of letters and digits. */
static struct bytes
mask_runs(const struct mask_set *set, struct arena *arena, struct bytes text)
{
	struct buffer out = BUFFER_EMPTY;
	size_t from = 0, end = 0;
	bool inside = false;

	for (size_t i = 0; i < text.n && set->count > 0; i++) {
		const struct mask_entry *found = NULL;
		bool was_inside = inside;

		inside = is_key_byte(text.p[i]);
		if (inside && !was_inside)
			found = longest_at(set, text, i, &end);
		if (found == NULL)
			continue;
		buffer_add_bytes(&out, bytes_slice(text, from, i));
		buffer_add_bytes(&out, found->masked);
		from = end;
		i = end - 1;
	}
	if (from == 0)
		return text;
	buffer_add_bytes(&out, bytes_skip(text, from));
	text = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	return text;
}

bool
mask_is_off(const struct mask *mask)
{
	return mask->unmask;
}

struct bytes
mask_text(
    struct mask *mask, struct arena *arena, int64_t message, struct bytes text)
{
	if (text.n < 2 || mask->unmask)
		return text;
	load_near(mask, message);
	if (mask->near.count > 0) {
		text = mask_runs(&mask->near, arena, text);
		text = mask_written_text(&mask->written, arena, text);
	}
	return mask_runs(&mask->wide, arena, text);
}
