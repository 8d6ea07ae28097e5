/*
 * Where bytes go: one position that only grows, stepping over the allocation
 * maps at their fixed places (section 2.2.2.7.2) and filling them in.
 */
#include "testdata/pstgen/ndb_private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
	OUT_SIZE = 1 << 20,
	MAPS_A_GROUP = 8, /* maps under one PMap */
	FMAP_FIRST = 128,
	FMAP_EVERY = 496,
	FPMAP_FIRST = 8192,
	FPMAP_EVERY = 31744,
};

void
ndb_write_at(struct ndb *ndb, const void *p, size_t n, uint64_t offset)
{
	const uint8_t *from = p;

	while (n > 0) {
		ssize_t done = pwrite(ndb->fd, from, n, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			generator_die("%s: %s", ndb->path, strerror(errno));
		from += done;
		n -= (size_t)done;
		offset += (uint64_t)done;
	}
}

uint64_t
ndb_position(const struct ndb *ndb)
{
	return ndb->out_offset + ndb->out_used;
}

static void
flush(struct ndb *ndb)
{
	ndb_write_at(ndb, ndb->out, ndb->out_used, ndb->out_offset);
	ndb->out_offset += ndb->out_used;
	ndb->out_used = 0;
}

void
ndb_put(struct ndb *ndb, const void *p, size_t n)
{
	const uint8_t *from = p;

	while (n > 0) {
		size_t part = OUT_SIZE - ndb->out_used;

		if (part > n)
			part = n;
		memcpy(ndb->out + ndb->out_used, from, part);
		ndb->out_used += part;
		from += part;
		n -= part;
		if (ndb->out_used == OUT_SIZE)
			flush(ndb);
	}
}

static void
put_zeros(struct ndb *ndb, uint64_t n)
{
	static const uint8_t zeros[4096];

	while (n > 0) {
		size_t part = n < sizeof(zeros) ? (size_t)n : sizeof(zeros);

		ndb_put(ndb, zeros, part);
		n -= part;
	}
}

static void
mark(struct ndb *ndb, uint64_t offset, size_t n)
{
	uint64_t unit = (offset - ndb->map_offset) / ndb->options.form->align;
	uint64_t end =
	    (offset - ndb->map_offset + n - 1) / ndb->options.form->align;

	for (; unit <= end; unit++)
		ndb->map[unit / 8] |= (uint8_t)(0x80 >> (unit % 8));
}

void
page_sign(const struct form *form, uint8_t *p, uint8_t type, uint64_t bid,
    uint64_t offset)
{
	bool plain = type >= 0x82 && type <= 0x85;
	uint32_t crc = form_crc(p, form->page_body);
	uint8_t *t = p + form->page_body;

	memset(t, 0, form->page - form->page_body);
	t[0] = t[1] = type;
	put16(t + 2, plain ? 0 : form_signature(offset, bid));
	if (!form->wide) {
		put32(t + 4, bid);
		put32(t + 8, crc);
	} else {
		put32(t + 4, crc);
		put64(t + 8, bid);
	}
}

/* A page of ones: the maps that nobody reads any more. */
static void
put_full_map(struct ndb *ndb, uint8_t type)
{
	const struct form *form = ndb->options.form;
	uint64_t offset = ndb_position(ndb);
	uint8_t page[4096];

	memset(page, 0xff, sizeof(page));
	if (!form->wide)
		memset(page, 0, 4);
	page_sign(form, page, type, offset, offset);
	mark(ndb, offset, form->page);
	ndb_put(ndb, page, form->page);
}

static void
finish_map(struct ndb *ndb)
{
	const struct form *form = ndb->options.form;
	size_t bytes = (size_t)(form->map_covers / form->align / 8);
	uint8_t page[4096] = {0};

	if (ndb->map_offset == 0)
		return;
	for (size_t i = 0; i < bytes; i++)
		ndb->free_bytes +=
		    (uint64_t)(8 - __builtin_popcount(ndb->map[i])) *
		    form->align;
	memcpy(page + (form->wide ? 0 : 4), ndb->map, bytes);
	page_sign(form, page, 0x84, ndb->map_offset, ndb->map_offset);
	flush(ndb);
	ndb_write_at(ndb, page, form->page, ndb->map_offset);
}

static void
begin_region(struct ndb *ndb)
{
	const struct form *form = ndb->options.form;
	uint64_t k = ndb->map_count++;
	uint64_t start = form->first_map + k * form->map_covers;

	put_zeros(ndb, start - ndb_position(ndb));
	finish_map(ndb);
	memset(ndb->map, 0, form->page);
	ndb->map_offset = start;
	mark(ndb, start, form->page);
	put_zeros(ndb, form->page); /* the map itself: finish_map() */
	if (form->large)
		return;
	if (k % MAPS_A_GROUP == 0)
		put_full_map(ndb, 0x83);
	if (k >= FMAP_FIRST && (k - FMAP_FIRST) % FMAP_EVERY == 0)
		put_full_map(ndb, 0x82);
	if (form->wide && k >= FPMAP_FIRST &&
	    (k - FPMAP_FIRST) % FPMAP_EVERY == 0)
		put_full_map(ndb, 0x85);
}

uint64_t
ndb_allocate(struct ndb *ndb, size_t n, size_t align)
{
	const struct form *form = ndb->options.form;

	for (;;) {
		uint64_t at = (ndb_position(ndb) + align - 1) / align * align;
		uint64_t end =
		    form->first_map + ndb->map_count * form->map_covers;

		if (ndb->map_count > 0 && at + n <= end) {
			put_zeros(ndb, at - ndb_position(ndb));
			mark(ndb, at, n);
			return at;
		}
		begin_region(ndb);
	}
}

void
ndb_finish_maps(struct ndb *ndb)
{
	const struct form *form = ndb->options.form;
	uint64_t end = form->first_map + ndb->map_count * form->map_covers;

	/* Outlook's files end where their last map's region does. */
	put_zeros(ndb, end - ndb_position(ndb));
	finish_map(ndb);
	flush(ndb);
}
