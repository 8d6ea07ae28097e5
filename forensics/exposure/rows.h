/* Table rows: what header and labels say, gathered into blocks. */
#ifndef FORENSICS_EXPOSURE_ROWS_H
#define FORENSICS_EXPOSURE_ROWS_H

#include "forensics/exposure/engine.h"

/* A table of the item in hand, its header remembered. */
struct table {
	int64_t idx;
	struct bytes part;
	unsigned number;
	bool has_header, begun;
	struct label_sets *columns; /* of the header */
	size_t column_count;
	struct bytes person; /* of a table of labels and values */
	unsigned person_row;
	struct bytes *people; /* of a table with a column a person */
	size_t people_count;
};

/* Is this row the table's header?  Remembers it when it is. */
bool table_take_header(
    struct engine *engine, struct table *table, const struct text_row *row);

/* The row's cells into the block's original text; what later rows need of it
 * into the item's arena. */
void block_add_row(struct engine *engine, struct arena *item,
    struct block *block, struct buffer *text, struct table *table,
    const struct text_row *row);

#endif
