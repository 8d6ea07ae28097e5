/* Property contexts (section 2.3.3) and text in the file's own form. */
#include "testdata/pstgen/ltp.h"

#include <stdlib.h>
#include <string.h>

/* Windows-1252, 0x80 to 0x9f; 0 where it has no character. */
static const uint16_t windows_1252[32] = {
    0x20ac,
    0,
    0x201a,
    0x0192,
    0x201e,
    0x2026,
    0x2020,
    0x2021,
    0x02c6,
    0x2030,
    0x0160,
    0x2039,
    0x0152,
    0,
    0x017d,
    0,
    0,
    0x2018,
    0x2019,
    0x201c,
    0x201d,
    0x2022,
    0x2013,
    0x2014,
    0x02dc,
    0x2122,
    0x0161,
    0x203a,
    0x0153,
    0,
    0x017e,
    0x0178,
};

/* One character of well-formed UTF-8. */
static uint32_t
next_char(const uint8_t **p)
{
	const uint8_t *s = *p;
	size_t more = *s < 0x80 ? 0 : *s < 0xe0 ? 1 : *s < 0xf0 ? 2 : 3;
	uint32_t c = *s & (more == 0 ? 0x7fu : 0x3fu >> more);

	for (size_t i = 1; i <= more; i++)
		c = c << 6 | (s[i] & 0x3fu);
	*p = s + more + 1;
	return c;
}

static uint8_t
to_1252(uint32_t c)
{
	if (c < 0x80 || (c >= 0xa0 && c < 0x100))
		return (uint8_t)c;
	for (size_t i = 0; i < 32; i++)
		if (windows_1252[i] == c)
			return (uint8_t)(0x80 + i);
	return '?';
}

uint8_t *
form_text(const struct form *form, const char *text, size_t n, size_t *out)
{
	const uint8_t *p = (const uint8_t *)text, *end = p + n;
	uint8_t *to = malloc(2 * n + 2);
	size_t used = 0;

	while (p < end) {
		uint32_t c = next_char(&p);

		if (!form->wide) {
			to[used++] = to_1252(c);
			continue;
		}
		if (c >= 0x10000) {
			put16(to + used, 0xd800 + ((c - 0x10000) >> 10));
			used += 2;
			c = 0xdc00 + (c & 0x3ff);
		}
		put16(to + used, c);
		used += 2;
	}
	*out = used;
	return to;
}

void
pc_begin(struct pc *pc, struct ndb *ndb, struct subnodes *subnodes)
{
	memset(pc, 0, sizeof(*pc));
	heap_begin(&pc->heap, ndb, 0xbc);
	pc->subnodes = subnodes;
	pc->header = heap_add(&pc->heap, NULL, 8);
}

static void
add(struct pc *pc, uint32_t tag, uint32_t value)
{
	uint8_t *p;

	pc->records = grow(pc->records, pc->count, &pc->room, 8);
	p = pc->records + 8 * pc->count++;
	put16(p, tag >> 16);
	put16(p + 2, tag & 0xffff);
	put32(p + 4, value);
}

void
pc_number(struct pc *pc, uint32_t tag, uint32_t value)
{
	add(pc, tag, value);
}

void
pc_number64(struct pc *pc, uint32_t tag, uint64_t value)
{
	uint8_t p[8];

	put64(p, value);
	add(pc, tag, heap_add(&pc->heap, p, 8));
}

void
pc_binary(struct pc *pc, uint32_t tag, const void *p, size_t n)
{
	struct tree tree;
	uint32_t nid;

	if (n <= HEAP_ITEM_MAX) {
		add(pc, tag, heap_add(&pc->heap, p, n));
		return;
	}
	tree_begin(&tree, pc->heap.ndb);
	tree_add(&tree, p, n);
	nid = subnodes_value_nid(pc->subnodes);
	subnodes_add(pc->subnodes, nid, tree_end(&tree), 0);
	add(pc, tag, nid);
}

void
pc_text(struct pc *pc, unsigned id, const char *text, size_t n)
{
	const struct form *form = ndb_form(pc->heap.ndb);
	size_t size;
	uint8_t *p = form_text(form, text, n, &size);

	pc_binary(pc, PROP(id, form->wide ? T_STRING : T_STRING8), p, size);
	free(p);
}

void
pc_string(struct pc *pc, unsigned id, const char *text)
{
	if (text != NULL)
		pc_text(pc, id, text, strlen(text));
}

void
pc_subnode(struct pc *pc, uint32_t tag, uint32_t nid)
{
	add(pc, tag, nid);
}

void
pc_object(struct pc *pc, unsigned id, uint32_t nid, uint64_t bytes)
{
	uint8_t p[8];

	put32(p, nid);
	put32(p + 4, bytes);
	add(pc, PROP(id, T_OBJECT), heap_add(&pc->heap, p, 8));
}

static int
compare_records(const void *left, const void *right)
{
	const uint8_t *a = left, *b = right;
	unsigned x = a[0] | (unsigned)a[1] << 8;
	unsigned y = b[0] | (unsigned)b[1] << 8;

	return (x > y) - (x < y);
}

uint64_t
pc_end(struct pc *pc)
{
	if (pc->count > 0)
		qsort(pc->records, pc->count, 8, compare_records);
	for (size_t i = 1; i < pc->count; i++)
		if (memcmp(pc->records + 8 * i, pc->records + 8 * i - 8, 2) ==
		    0)
			generator_die("property %02x%02x written twice",
			    pc->records[8 * i + 1], pc->records[8 * i]);
	heap_tree(&pc->heap, pc->header, 2, 6, pc->records, pc->count);
	free(pc->records);
	return heap_end(&pc->heap, pc->header);
}
