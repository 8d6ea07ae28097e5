#include "parsers/cfb/cfb.h"

#include <stdlib.h>

#include "parsers/base/buffer.h"
#include "parsers/base/cursor.h"
#include "parsers/base/text.h"

enum { HEADER = 512, ENTRY = 128, HEADER_DIFAT = 109 };

/* Sector numbers above are marks, [MS-CFB] 2.1. */
static const uint32_t max_sector = 0xFFFFFFFA;

static const uint8_t magic[8] = { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A,
	0xE1 };

bool
cfb_is(struct bytes head)
{
	return head.n >= HEADER && memcmp(head.p, magic, sizeof magic) == 0;
}

/* A sector; shorter at the end of a cut file, absent past it. */
static struct bytes
sector_at(const struct cfb *cfb, uint32_t sector)
{
	uint64_t from = ((uint64_t)sector + 1) * cfb->sector;

	if (sector > max_sector || from >= cfb->file.n)
		return BYTES_NONE;
	return bytes_slice(cfb->file, (size_t)from,
	    (size_t)from + cfb->sector);
}

static uint32_t
u32_at(struct bytes b, size_t at)
{
	struct cursor c = cursor_over(bytes_skip(b, at));

	return cursor_le32(&c);
}

/* ---- the tables */

struct header {
	uint32_t fat_sectors, directory, minifat, minifat_sectors, difat,
	    difat_sectors;
};

static bool
header_read(struct cfb *cfb, struct header *header)
{
	struct cursor c = cursor_over(bytes_slice(cfb->file, 0, HEADER));
	uint16_t shift, mini_shift;

	cursor_take(&c, 8 + 16 + 4); /* magic, clsid, versions */
	cursor_le16(&c);             /* byte order */
	shift = cursor_le16(&c);
	mini_shift = cursor_le16(&c);
	cursor_take(&c, 6 + 4); /* reserved, directory sectors */
	header->fat_sectors = cursor_le32(&c);
	header->directory = cursor_le32(&c);
	cursor_le32(&c); /* transaction */
	cfb->cutoff = cursor_le32(&c);
	header->minifat = cursor_le32(&c);
	header->minifat_sectors = cursor_le32(&c);
	header->difat = cursor_le32(&c);
	header->difat_sectors = cursor_le32(&c);
	if (c.failed || shift < 7 || shift > 16 || mini_shift < 4 ||
	    mini_shift > shift)
		return false;
	cfb->sector = UINT32_C(1) << shift;
	cfb->mini_sector = UINT32_C(1) << mini_shift;
	return true;
}

static void
add_fat_sector(struct cfb *cfb, uint32_t sector, size_t room)
{
	struct bytes b = sector_at(cfb, sector);

	for (size_t i = 0; i < cfb->sector / 4 && cfb->fat_count < room; i++)
		cfb->fat[cfb->fat_count++] =
		    i * 4 + 4 <= b.n ? u32_at(b, i * 4) : max_sector;
}

/* 2.5: 109 numbers in the header, the rest in a chain of sectors. */
static void
fat_load(struct cfb *cfb, struct arena *arena, const struct header *header)
{
	size_t sectors = cfb->file.n / cfb->sector + 1;
	uint32_t difat = header->difat;
	size_t per = cfb->sector / 4 - 1;

	cfb->fat = arena_array(arena, sectors, sizeof *cfb->fat);
	for (size_t i = 0; i < HEADER_DIFAT; i++) {
		uint32_t sector = u32_at(cfb->file, 76 + i * 4);

		if (sector <= max_sector)
			add_fat_sector(cfb, sector, sectors);
	}
	for (size_t n = 0; n < sectors && cfb->fat_count < sectors; n++) {
		struct bytes b = sector_at(cfb, difat);

		if (b.n < cfb->sector)
			break;
		for (size_t i = 0; i < per; i++)
			if (u32_at(b, i * 4) <= max_sector)
				add_fat_sector(cfb, u32_at(b, i * 4), sectors);
		difat = u32_at(b, per * 4);
	}
}

/* A whole chain of sectors, at most `most` bytes. */
static struct bytes
chain_load(struct cfb *cfb, struct arena *arena, uint32_t sector,
    uint64_t most)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes all;

	for (size_t n = 0; n < cfb->fat_count && out.n < most &&
			   sector < cfb->fat_count;
	     n++) {
		struct bytes b = sector_at(cfb, sector);

		if (b.n == 0)
			break;
		buffer_add_bytes(&out, b);
		sector = cfb->fat[sector];
	}
	all = arena_dup(arena, bytes_slice(buffer_bytes(&out), 0,
				   most < SIZE_MAX ? (size_t)most : SIZE_MAX));
	buffer_release(&out);
	return all;
}

static void
minifat_load(struct cfb *cfb, struct arena *arena, const struct header *header)
{
	struct bytes table = chain_load(cfb, arena, header->minifat,
	    (uint64_t)header->minifat_sectors * cfb->sector);

	cfb->minifat_count = table.n / 4;
	cfb->minifat = arena_array(arena, cfb->minifat_count,
	    sizeof *cfb->minifat);
	for (size_t i = 0; i < cfb->minifat_count; i++)
		cfb->minifat[i] = u32_at(table, i * 4);
}

/* ---- the directory */

static void
entry_read(struct arena *arena, struct bytes b, bool wide,
    struct cfb_entry *entry)
{
	struct cursor c = cursor_over(bytes_skip(b, 64));
	uint16_t length = cursor_le16(&c);
	struct bytes clsid;

	if (length > 64)
		length = 64;
	entry->name = text_from_utf16le(arena,
	    bytes_slice(b, 0, length >= 2 ? length - 2u : 0));
	entry->type = cursor_u8(&c);
	cursor_u8(&c); /* colour */
	entry->left = cursor_le32(&c);
	entry->right = cursor_le32(&c);
	entry->child = cursor_le32(&c);
	clsid = cursor_take(&c, 16);
	if (clsid.n == 16)
		memcpy(entry->clsid, clsid.p, 16);
	cursor_take(&c, 4 + 8 + 8); /* state, times */
	entry->start = cursor_le32(&c);
	entry->size = cursor_le64(&c);
	/* 2.6.1: version 3 writers leave junk in the upper half. */
	if (!wide)
		entry->size &= 0xFFFFFFFF;
	entry->parent = entry->first = entry->next = CFB_NONE;
}

static void
directory_load(struct cfb *cfb, struct arena *arena, uint32_t sector)
{
	struct bytes all = chain_load(cfb, arena, sector, cfb->file.n);

	cfb->count = (uint32_t)(all.n / ENTRY);
	cfb->entries = arena_array(arena, cfb->count, sizeof *cfb->entries);
	for (uint32_t i = 0; i < cfb->count; i++)
		entry_read(arena, bytes_slice(all, (size_t)i * ENTRY,
				      ((size_t)i + 1) * ENTRY),
		    cfb->sector > 512, &cfb->entries[i]);
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

struct walk { /* over the tree of siblings of one storage after the other */
	uint32_t *stack, *found, *queue;
	bool *seen;
};

/* The siblings of a storage are a tree (2.6.4); each entry is taken once. */
static size_t
find_children(struct cfb *cfb, uint32_t parent, struct walk *walk)
{
	size_t depth = 0, count = 0;

	walk->stack[depth++] = cfb->entries[parent].child;
	while (depth > 0) {
		uint32_t at = walk->stack[--depth];
		struct cfb_entry *entry;

		if (at == CFB_NONE)
			continue;
		if (at >= cfb->count || walk->seen[at]) {
			cfb->damaged = true;
			continue;
		}
		walk->seen[at] = true;
		entry = &cfb->entries[at];
		entry->parent = parent;
		walk->found[count++] = at;
		walk->stack[depth++] = entry->left;
		walk->stack[depth++] = entry->right;
	}
	qsort(walk->found, count, sizeof *walk->found, by_number);
	return count;
}

/* From the root, storage by storage; children in entry order. */
static void
tree_link(struct cfb *cfb, struct arena *arena)
{
	size_t n = cfb->count, head = 0, tail = 0;
	struct walk walk = { arena_array(arena, 2 * n + 2, sizeof(uint32_t)),
		arena_array(arena, n + 1, sizeof(uint32_t)),
		arena_array(arena, n + 1, sizeof(uint32_t)),
		arena_array(arena, n + 1, sizeof(bool)) };

	walk.seen[0] = true;
	walk.queue[tail++] = 0;
	while (head < tail) {
		uint32_t parent = walk.queue[head++];
		size_t count = find_children(cfb, parent, &walk);

		for (size_t i = count; i > 0; i--) {
			struct cfb_entry *entry =
			    &cfb->entries[walk.found[i - 1]];

			entry->next = cfb->entries[parent].first;
			cfb->entries[parent].first = walk.found[i - 1];
		}
		for (size_t i = 0; i < count; i++)
			if (cfb->entries[walk.found[i]].type == CFB_STORAGE)
				walk.queue[tail++] = walk.found[i];
	}
}

bool
cfb_open(struct cfb *cfb, struct arena *arena, struct bytes file,
    const char **problem)
{
	struct header header;

	*cfb = (struct cfb){ .file = file };
	*problem = NULL;
	if (!cfb_is(file) || !header_read(cfb, &header)) {
		*problem = "no compound file header ([MS-CFB] 2.2)";
		return false;
	}
	fat_load(cfb, arena, &header);
	directory_load(cfb, arena, header.directory);
	if (cfb->count == 0 || cfb->entries[0].type != CFB_ROOT) {
		*problem = "no directory where the header says "
			   "([MS-CFB] 2.6)";
		return false;
	}
	minifat_load(cfb, arena, &header);
	cfb->mini = chain_load(cfb, arena, cfb->entries[0].start,
	    cfb->entries[0].size);
	tree_link(cfb, arena);
	return true;
}

uint32_t
cfb_find(const struct cfb *cfb, uint32_t parent, struct bytes name)
{
	if (parent >= cfb->count)
		return CFB_NONE;
	for (uint32_t i = cfb->entries[parent].first; i != CFB_NONE;
	     i = cfb->entries[i].next)
		if (bytes_eq_nocase(cfb->entries[i].name, name))
			return i;
	return CFB_NONE;
}

/* ---- streams */

struct chain { /* of sectors or mini sectors */
	const uint32_t *table;
	size_t count;
	uint32_t unit;
	bool mini;
};

static struct bytes
chain_unit(const struct cfb *cfb, const struct chain *chain, uint32_t at)
{
	if (chain->mini)
		return bytes_slice(cfb->mini, (size_t)at * chain->unit,
		    ((size_t)at + 1) * chain->unit);
	return sector_at(cfb, at);
}

bool
cfb_read(const struct cfb *cfb, uint32_t entry,
    void (*piece)(void *to, struct bytes bytes), void *to)
{
	const struct cfb_entry *e = &cfb->entries[entry];
	bool mini = e->size < cfb->cutoff;
	struct chain chain = { mini ? cfb->minifat : cfb->fat,
		mini ? cfb->minifat_count : cfb->fat_count,
		mini ? cfb->mini_sector : cfb->sector, mini };
	uint64_t left = e->size;
	uint32_t at = e->start;

	for (size_t n = 0; left > 0 && at < chain.count && n < chain.count;
	     n++) {
		struct bytes b = chain_unit(cfb, &chain, at);

		if (b.n > left)
			b.n = (size_t)left;
		if (b.n > 0)
			piece(to, b);
		left -= b.n;
		if (b.n < chain.unit)
			break;
		at = chain.table[at];
	}
	return left == 0;
}

struct gather {
	struct buffer out;
	uint64_t most;
};

static void
take_piece(void *to, struct bytes piece)
{
	struct gather *gather = to;

	if (gather->out.n < gather->most)
		buffer_add_bytes(&gather->out,
		    bytes_slice(piece, 0,
		        (size_t)(gather->most - gather->out.n)));
}

struct bytes
cfb_stream(const struct cfb *cfb, struct arena *arena, uint32_t entry,
    uint64_t most, bool *whole)
{
	struct gather gather = { BUFFER_EMPTY, most };
	struct bytes all;

	*whole = cfb_read(cfb, entry, take_piece, &gather) &&
		 cfb->entries[entry].size <= most;
	all = arena_dup(arena, buffer_bytes(&gather.out));
	buffer_release(&gather.out);
	return all;
}
