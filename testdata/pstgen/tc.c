/* Tables (section 2.3.4). */
#include "testdata/pstgen/ltp.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_ID = PROP(0x67f2, T_INT32), ROW_VERSION = PROP(0x67f3, T_INT32) };

static uint8_t
cell_size(uint32_t tag)
{
	switch (tag & 0xffff) {
	case T_BOOL:
		return 1;
	case T_INT16:
		return 2;
	case T_DOUBLE:
	case T_INT64:
	case T_TIME:
		return 8;
	default:
		return 4;
	}
}

/* Strings are of the type that the form has. */
static uint32_t
form_tag(const struct form *form, uint32_t tag)
{
	if (!form->wide && (tag & 0xffff) == T_STRING)
		return (tag & 0xffff0000) | T_STRING8;
	return tag;
}

static int
compare_columns(const void *left, const void *right)
{
	const struct tc_column *a = left, *b = right;

	return (a->tag > b->tag) - (a->tag < b->tag);
}

/* Places the cells of the sizes given after what is placed already. */
static void
place(struct tc *tc, size_t *at, uint8_t size, uint8_t *bit)
{
	for (size_t i = 0; i < tc->column_count; i++) {
		struct tc_column *column = &tc->columns[i];

		if (column->tag == ROW_ID || column->tag == ROW_VERSION ||
		    column->size != size)
			continue;
		column->offset = (uint16_t)*at;
		column->bit = (*bit)++;
		*at += size;
	}
}

void
tc_begin(struct tc *tc, struct ndb *ndb, const uint32_t *tags, size_t count)
{
	size_t at = 8;
	uint8_t bit = 2;

	memset(tc, 0, sizeof(*tc));
	heap_begin(&tc->heap, ndb, 0x7c);
	tc->header = heap_add(&tc->heap, NULL, 8);
	tc->columns = calloc(count + 2, sizeof(*tc->columns));
	for (size_t i = 0; i < count; i++)
		tc->columns[i].tag = form_tag(ndb_form(ndb), tags[i]);
	tc->columns[count].tag = ROW_ID;
	tc->columns[count + 1].tag = ROW_VERSION;
	tc->columns[count + 1].offset = 4;
	tc->columns[count + 1].bit = 1;
	tc->column_count = count + 2;
	qsort(tc->columns, count + 2, sizeof(*tc->columns), compare_columns);
	for (size_t i = 0; i < tc->column_count; i++)
		tc->columns[i].size = cell_size(tc->columns[i].tag);
	place(tc, &at, 8, &bit);
	place(tc, &at, 4, &bit);
	tc->ends[0] = (uint16_t)at;
	place(tc, &at, 2, &bit);
	tc->ends[1] = (uint16_t)at;
	place(tc, &at, 1, &bit);
	tc->ends[2] = (uint16_t)at;
	tc->ends[3] = (uint16_t)(at + (tc->column_count + 7) / 8);
}

void
tc_row(struct tc *tc, uint32_t row_id)
{
	uint8_t *row;

	tc->rows = grow(tc->rows, tc->row_count, &tc->row_room, tc->ends[3]);
	row = tc->rows + tc->row_count++ * tc->ends[3];
	memset(row, 0, tc->ends[3]);
	tc_number(tc, ROW_ID, row_id);
	tc_number(tc, ROW_VERSION, tc->row_count);
}

void
tc_number(struct tc *tc, uint32_t tag, uint64_t value)
{
	uint8_t *row = tc->rows + (tc->row_count - 1) * tc->ends[3];
	uint8_t bytes[8];

	put64(bytes, value);
	for (size_t i = 0; i < tc->column_count; i++) {
		const struct tc_column *column = &tc->columns[i];

		if (column->tag != tag)
			continue;
		memcpy(row + column->offset, bytes, column->size);
		row[tc->ends[2] + column->bit / 8] |=
		    (uint8_t)(0x80 >> (column->bit % 8));
		return;
	}
	generator_die("no column %#x", tag);
}

void
tc_binary(struct tc *tc, uint32_t tag, const void *p, size_t n)
{
	struct tree tree;
	uint32_t nid;

	if (n <= HEAP_ITEM_MAX) {
		tc_number(tc, tag, heap_add(&tc->heap, p, n));
		return;
	}
	tree_begin(&tree, tc->heap.ndb);
	tree_add(&tree, p, n);
	nid = subnodes_value_nid(&tc->subnodes);
	subnodes_add(&tc->subnodes, nid, tree_end(&tree), 0);
	tc_number(tc, tag, nid);
}

void
tc_string(struct tc *tc, unsigned id, const char *text)
{
	const struct form *form = ndb_form(tc->heap.ndb);
	size_t size;
	uint8_t *p;

	if (text == NULL)
		return;
	p = form_text(form, text, strlen(text), &size);
	tc_binary(tc, form_tag(form, PROP(id, T_STRING)), p, size);
	free(p);
}

/* Rows do not cross blocks: each block but the last is full size. */
static uint32_t
put_rows(struct tc *tc)
{
	size_t size = tc->ends[3], most = ndb_form(tc->heap.ndb)->block_max;
	size_t each = most / size;
	uint8_t *block;
	struct tree tree;
	uint32_t nid;

	if (tc->row_count * size <= HEAP_ITEM_MAX)
		return heap_add(&tc->heap, tc->rows, tc->row_count * size);
	block = calloc(1, most);
	tree_begin(&tree, tc->heap.ndb);
	for (size_t i = 0; i < tc->row_count; i += each) {
		size_t n = tc->row_count - i;
		bool last = n <= each;

		n = (last ? n : each) * size;
		memcpy(block, tc->rows + i * size, n);
		tree_add_block(&tree, block, last ? n : most);
	}
	free(block);
	nid = subnodes_value_nid(&tc->subnodes);
	subnodes_add(&tc->subnodes, nid, tree_end(&tree), 0);
	return nid;
}

static int
compare_rows(const void *left, const void *right)
{
	const uint8_t *a = left, *b = right;

	for (size_t i = 4; i-- > 0;)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

static void
put_row_index(struct tc *tc)
{
	/* The ANSI form counts rows in 16 bits. */
	size_t entry = ndb_form(tc->heap.ndb)->wide ? 4 : 2;
	size_t size = 4 + entry;
	uint8_t *records = calloc(tc->row_count + 1, size);

	if (entry == 2 && tc->row_count > 0xffff)
		generator_die("a table of %zu rows", tc->row_count);
	for (size_t i = 0; i < tc->row_count; i++) {
		uint8_t *p = records + i * size;

		memcpy(p, tc->rows + i * tc->ends[3], 4);
		if (entry == 4)
			put32(p + 4, i);
		else
			put16(p + 4, i);
	}
	qsort(records, tc->row_count, size, compare_rows);
	heap_tree(&tc->heap, tc->header, 4, entry, records, tc->row_count);
	free(records);
}

uint64_t
tc_end(struct tc *tc, uint64_t *sub)
{
	uint32_t rows = tc->row_count > 0 ? put_rows(tc) : 0;
	uint32_t info = heap_add(&tc->heap, NULL, 22 + 8 * tc->column_count);
	struct ndb *ndb = tc->heap.ndb;
	uint8_t *p;

	put_row_index(tc);
	p = heap_item(&tc->heap, info);
	p[0] = 0x7c;
	p[1] = (uint8_t)tc->column_count;
	for (size_t i = 0; i < 4; i++)
		put16(p + 2 + 2 * i, tc->ends[i]);
	put32(p + 10, tc->header);
	put32(p + 14, rows);
	for (size_t i = 0; i < tc->column_count; i++) {
		const struct tc_column *column = &tc->columns[i];

		put32(p + 22 + 8 * i, column->tag);
		put16(p + 22 + 8 * i + 4, column->offset);
		p[22 + 8 * i + 6] = column->size;
		p[22 + 8 * i + 7] = column->bit;
	}
	free(tc->columns);
	free(tc->rows);
	*sub = subnodes_end(&tc->subnodes, ndb);
	return heap_end(&tc->heap, info);
}
