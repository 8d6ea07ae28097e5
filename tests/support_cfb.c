#include "tests/support_cfb.h"

#include <stdio.h>
#include <stdlib.h>

enum { SECTOR = 512, MINI = 64, CUTOFF = 4096 };
static const uint32_t end_of_chain = 0xFFFFFFFE, no_entry = 0xFFFFFFFF,
		      free_sector = 0xFFFFFFFF, fat_sector = 0xFFFFFFFD;

struct cfb_writer *
cfb_writer_new(void)
{
	struct cfb_writer *writer = calloc(1, sizeof *writer);

	if (writer == NULL)
		abort();
	strcpy(writer->entries[0].name, "Root Entry");
	writer->entries[0].storage = true;
	writer->entries[0].parent = -1;
	writer->count = 1;
	return writer;
}

void
cfb_writer_free(struct cfb_writer *writer)
{
	for (int i = 0; i < writer->count; i++)
		buffer_release(&writer->entries[i].data);
	free(writer);
}

static int
add(struct cfb_writer *writer, int parent, const char *name, bool storage)
{
	int i = writer->count++;

	if (i >= CFB_WRITE_MOST)
		abort();
	snprintf(writer->entries[i].name, sizeof writer->entries[i].name,
	    "%s", name);
	writer->entries[i].parent = parent;
	writer->entries[i].storage = storage;
	return i;
}

int
cfb_write_storage(struct cfb_writer *writer, int parent, const char *name)
{
	return add(writer, parent, name, true);
}

int
cfb_write_stream(struct cfb_writer *writer, int parent, const char *name,
    struct bytes data)
{
	int i = add(writer, parent, name, false);

	buffer_add_bytes(&writer->entries[i].data, data);
	return i;
}

static void
put(struct buffer *out, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		buffer_add_byte(out, (uint8_t)(value >> (8 * i)));
}

static void
pad(struct buffer *out, size_t unit)
{
	while (out->n % unit != 0)
		buffer_add_byte(out, 0);
}

struct layout {
	uint32_t start[CFB_WRITE_MOST];
	uint32_t fat[65536], fat_count;
	uint32_t minifat[65536], minifat_count;
	struct buffer sectors, mini;
};

static uint32_t
lay(struct layout *l, struct bytes data)
{
	uint32_t first = l->fat_count;

	if (data.n == 0)
		return end_of_chain;
	buffer_add_bytes(&l->sectors, data);
	pad(&l->sectors, SECTOR);
	while (l->fat_count < l->sectors.n / SECTOR) {
		l->fat[l->fat_count] = l->fat_count + 1;
		l->fat_count++;
	}
	l->fat[l->fat_count - 1] = end_of_chain;
	return first;
}

static uint32_t
lay_mini(struct layout *l, struct bytes data)
{
	uint32_t first = l->minifat_count;

	if (data.n == 0)
		return end_of_chain;
	buffer_add_bytes(&l->mini, data);
	pad(&l->mini, MINI);
	while (l->minifat_count < l->mini.n / MINI) {
		l->minifat[l->minifat_count] = l->minifat_count + 1;
		l->minifat_count++;
	}
	l->minifat[l->minifat_count - 1] = end_of_chain;
	return first;
}

/* Siblings as a list that leans right: a tree of the plainest kind. */
static uint32_t
next_of(const struct cfb_writer *w, int parent, int after)
{
	for (int i = after + 1; i < w->count; i++)
		if (w->entries[i].parent == parent)
			return (uint32_t)i;
	return no_entry;
}

static void
put_entry(struct buffer *out, const struct cfb_writer *w,
    const struct layout *l, int i)
{
	const char *name = w->entries[i].name;
	size_t from = out->n, length = strlen(name);

	for (size_t k = 0; k < length; k++)
		put(out, (uint8_t)name[k], 2);
	while (out->n < from + 64)
		buffer_add_byte(out, 0);
	put(out, length * 2 + 2, 2);
	put(out, i == 0 ? 5 : w->entries[i].storage ? 1 : 2, 1);
	put(out, 1, 1);
	put(out, no_entry, 4);
	put(out, i == 0 ? no_entry : next_of(w, w->entries[i].parent, i), 4);
	put(out, w->entries[i].storage ? next_of(w, i, 0) : no_entry, 4);
	while (out->n < from + 116)
		buffer_add_byte(out, 0);
	put(out, i == 0 ? l->start[0] : l->start[i], 4);
	put(out, i == 0 ? l->mini.n : w->entries[i].data.n, 8);
}

static void
put_words(struct buffer *out, const uint32_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put(out, list[i], 4);
	while (out->n % SECTOR != 0)
		put(out, free_sector, 4);
}

static void
put_header(struct buffer *out, const struct layout *l, uint32_t directory,
    uint32_t minifat, uint32_t minifat_sectors, uint32_t fat_first,
    uint32_t fat_sectors)
{
	buffer_add(out, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
	put(out, 0, 8);
	put(out, 0, 8);
	put(out, 0x3E, 2);
	put(out, 3, 2);
	put(out, 0xFFFE, 2);
	put(out, 9, 2);
	put(out, 6, 2);
	put(out, 0, 6);
	put(out, 0, 4);
	put(out, fat_sectors, 4);
	put(out, directory, 4);
	put(out, 0, 4);
	put(out, CUTOFF, 4);
	put(out, minifat, 4);
	put(out, minifat_sectors, 4);
	put(out, end_of_chain, 4);
	put(out, 0, 4);
	for (uint32_t i = 0; i < 109; i++)
		put(out, i < fat_sectors ? fat_first + i : free_sector, 4);
	(void)l;
}

void
cfb_write(struct cfb_writer *w, struct buffer *out)
{
	struct layout *l = calloc(1, sizeof *l);
	struct buffer part = BUFFER_EMPTY;
	uint32_t directory, minifat, minifat_sectors, fat_first, fat_sectors;

	if (l == NULL)
		abort();
	for (int i = 1; i < w->count; i++) {
		struct bytes data = buffer_bytes(&w->entries[i].data);

		l->start[i] = data.n < CUTOFF ? lay_mini(l, data)
					      : lay(l, data);
	}
	l->start[0] = lay(l, buffer_bytes(&l->mini));
	put_words(&part, l->minifat, l->minifat_count);
	minifat_sectors = (uint32_t)(part.n / SECTOR);
	minifat = lay(l, buffer_bytes(&part));
	buffer_reset(&part);
	for (int i = 0; i < w->count; i++)
		put_entry(&part, w, l, i);
	directory = lay(l, buffer_bytes(&part));
	buffer_reset(&part);
	fat_first = l->fat_count;
	fat_sectors = 1;
	while (fat_sectors * (SECTOR / 4) < fat_first + fat_sectors)
		fat_sectors++;
	for (uint32_t i = 0; i < fat_sectors; i++)
		l->fat[l->fat_count++] = fat_sector;
	put_header(out, l, directory, minifat, minifat_sectors, fat_first,
	    fat_sectors);
	buffer_add_bytes(out, buffer_bytes(&l->sectors));
	put_words(out, l->fat, l->fat_count);
	buffer_release(&part);
	buffer_release(&l->sectors);
	buffer_release(&l->mini);
	free(l);
}
