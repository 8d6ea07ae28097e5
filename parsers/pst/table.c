/*
 * Table context, [MS-PST] 2.3.4.
 *
 * Rows never cross blocks: row r is in block r / P at (r % P) x row size,
 * with P = rows that fit one full block.
 */
#include "parsers/pst/ltp.h"

#include <stdlib.h>

#include "parsers/base/limits.h"

enum { TCINFO = 22, COLUMN = 8, TABLE_TYPE = 0x7C };

static bool
bad_table(struct pst_table *t, const char *what)
{
	pst_say(t->object.store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
	    "table 0x%x: %s ([MS-PST] 2.3.4)", t->object.node.nid, what);
	return false;
}

/* ---- the row index */

static void
add_row(struct pst_table *t, uint32_t id, uint32_t index, size_t *room)
{
	struct pst_row *more;

	if (t->row_count == *room) {
		*room = *room ? *room * 2 : 64;
		more = arena_array(t->object.arena, *room, sizeof *more);
		if (t->row_count > 0)
			memcpy(more, t->rows, t->row_count * sizeof *more);
		t->rows = more;
	}
	t->rows[t->row_count++] = (struct pst_row){ id, index };
}

struct indexing {
	struct pst_table *table;
	struct pst_bth bth;
	size_t room;
};

static void
take_row(void *context, const uint8_t *key, const uint8_t *data)
{
	struct indexing *x = context;

	if (x->bth.key != 4 || x->bth.data < 2)
		return;
	add_row(x->table, pst_le32(key),
	    x->bth.data >= 4 ? pst_le32(data) : pst_le16(data), &x->room);
}

static int
compare_rows(const void *left, const void *right)
{
	const struct pst_row *a = left, *b = right;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

/* Ascending; a row id named twice counts once. */
static void
sort_rows(struct pst_table *t)
{
	size_t kept = 0;

	if (t->row_count > 1)
		qsort(t->rows, t->row_count, sizeof *t->rows, compare_rows);
	for (size_t i = 0; i < t->row_count; i++)
		if (kept == 0 || t->rows[kept - 1].id != t->rows[i].id)
			t->rows[kept++] = t->rows[i];
	t->row_count = kept;
}

/* ---- the matrix */

static size_t
rows_a_block(const struct pst_table *t)
{
	return t->object.store->form->data_most / t->row_size;
}

static bool
matrix_open(struct pst_table *t)
{
	const struct pst_node *sub;
	struct pst_object *o = &t->object;

	if (t->rows_open)
		return true;
	t->rows_block = SIZE_MAX;
	t->rows_open = true;
	if ((t->matrix & 0x1F) == 0) {
		t->rows_block = 0;
		t->rows_bytes = t->matrix ? pst_heap_item(o, t->matrix)
					  : BYTES_NONE;
		return true;
	}
	sub = pst_object_sub(o, t->matrix);
	if (sub == NULL ||
	    !pst_tree_open(o->store, o->arena, sub->data, &t->rows_tree))
		return bad_table(t, "its row matrix is not there");
	return true;
}

/* Block b of the matrix; absent past its end or when it is lost. */
static struct bytes
matrix_block(struct pst_table *t, size_t b)
{
	if (!matrix_open(t))
		return BYTES_NONE;
	if (t->rows_block == b)
		return t->rows_bytes;
	if (b >= t->rows_tree.count)
		return BYTES_NONE;
	t->rows_bytes = pst_block_read(t->object.store, t->object.arena,
	    t->rows_tree.bids[b], t->object.method);
	t->rows_block = b;
	return t->rows_bytes;
}

/* Without an index, each row of the matrix that has an id. */
static void
rows_by_matrix(struct pst_table *t)
{
	size_t blocks, room = 0, known = t->row_count, most = rows_a_block(t);

	if (!matrix_open(t))
		return;
	blocks = (t->matrix & 0x1F) == 0 ? 1 : t->rows_tree.count;
	for (size_t b = 0; b < blocks; b++) {
		struct bytes block = matrix_block(t, b);

		for (size_t r = 0; r < most; r++) {
			struct bytes row = bytes_slice(block,
			    r * t->row_size, (r + 1) * t->row_size);

			if (row.n < t->row_size)
				break;
			if (pst_le32(row.p) != 0)
				add_row(t, pst_le32(row.p),
				    (uint32_t)(b * most + r), &room);
		}
	}
	if (t->row_count > known)
		bad_table(t, "its index is damaged, rows taken from the "
			     "matrix");
}

/* ---- opening */

static bool
columns_read(struct pst_table *t, struct bytes info)
{
	const uint8_t *at = info.p + TCINFO;

	t->columns = arena_array(t->object.arena, t->column_count,
	    sizeof *t->columns);
	for (unsigned i = 0; i < t->column_count; i++, at += COLUMN) {
		struct pst_column *c = &t->columns[i];

		*c = (struct pst_column){ pst_le16(at + 2), pst_le16(at),
			pst_le16(at + 4), at[6], at[7] };
		if (c->at + (unsigned)c->size > t->bits_at ||
		    t->bits_at + c->bit / 8U >= t->row_size)
			return bad_table(t, "a column lies outside its rows");
	}
	return true;
}

static bool
info_read(struct pst_table *t, uint32_t *index)
{
	struct bytes info = pst_heap_item(&t->object, t->object.root);

	if (!bytes_present(info))
		return false;
	if (info.n < TCINFO || info.p[0] != TABLE_TYPE)
		return bad_table(t, "no table description");
	t->column_count = info.p[1];
	t->bits_at = pst_le16(info.p + 6);
	t->row_size = pst_le16(info.p + 8);
	*index = pst_le32(info.p + 10);
	t->matrix = pst_le32(info.p + 14);
	if (info.n < TCINFO + COLUMN * (size_t)t->column_count)
		return bad_table(t, "more columns than described");
	if (t->row_size < 4 || t->bits_at > t->row_size ||
	    t->row_size > t->object.store->form->data_most)
		return bad_table(t, "rows of an impossible size");
	return columns_read(t, info);
}

bool
pst_table_open(struct pst_table *t, struct pst_store *store,
    struct arena *arena, const struct pst_node *node)
{
	struct indexing x = { .table = t };
	uint32_t index;

	*t = (struct pst_table){ .whole = true };
	if (!pst_object_open(&t->object, store, arena, node))
		return false;
	/* Search folders of OSTs: tables of another kind, with no rows of
	 * their own. */
	if (t->object.client != PST_CLIENT_TC)
		return bad_table(t, "a heap of another kind");
	if (!info_read(t, &index))
		return false;
	x.bth = (struct pst_bth){ 0, 0, take_row, &x };
	if (index == 0)
		t->whole = t->matrix == 0;
	else
		t->whole = pst_bth_walk(&t->object, index, &x.bth);
	if (!t->whole)
		rows_by_matrix(t);
	sort_rows(t);
	return true;
}

struct bytes
pst_table_row(struct pst_table *t, size_t i)
{
	size_t most = rows_a_block(t), r = t->rows[i].index;
	struct bytes block = matrix_block(t, r / most), row;

	row = bytes_slice(block, r % most * t->row_size,
	    (r % most + 1) * t->row_size);
	if (row.n < t->row_size) {
		bad_table(t, "a row lies outside its matrix");
		return BYTES_NONE;
	}
	if (pst_le32(row.p) != t->rows[i].id) {
		bad_table(t, "a row is another than its index says");
		return BYTES_NONE;
	}
	return row;
}

/* ---- cells */

static struct bytes
cell_value(struct pst_table *t, const struct pst_column *c, struct bytes row)
{
	unsigned size = pst_fixed_size(c->type);
	const uint8_t *cell = row.p + c->at;
	struct bytes value;

	if (size > 0 && size <= 8)
		return c->size >= size ? bytes_of(cell, size) : BYTES_NONE;
	if (c->size < 4)
		return BYTES_NONE;
	value = pst_value(&t->object, pst_le32(cell));
	return size > 0 && value.n < size ? BYTES_NONE : value;
}

struct mapi_bag
pst_table_bag(struct pst_table *t, struct bytes row)
{
	struct mapi_property *list = arena_array(t->object.arena,
	    t->column_count, sizeof *list);
	size_t count = 0;

	for (unsigned i = 0; i < t->column_count; i++) {
		const struct pst_column *c = &t->columns[i];
		uint8_t bits = row.p[t->bits_at + c->bit / 8U];

		if ((bits & 0x80U >> c->bit % 8U) == 0)
			continue;
		/* Columns ascend by tag; a second one of an id is ignored. */
		if (count > 0 && list[count - 1].id >= c->id)
			continue;
		list[count++] = (struct mapi_property){ c->id, c->type,
			cell_value(t, c, row) };
	}
	return (struct mapi_bag){ list, count };
}
