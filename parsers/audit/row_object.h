/* Rows of flat tables as JSON objects of their columns, so that the forms
 * (forms.h) take them like any other record. */
#ifndef PARSERS_AUDIT_ROW_OBJECT_H
#define PARSERS_AUDIT_ROW_OBJECT_H

#include "parsers/base/buffer.h"
#include "parsers/base/csv.h"

struct row_columns {
	struct bytes name[LIMIT_CSV_COLUMNS];
	size_t count;
	bool repeats; /* two of them have one name */
};

/* Trimmed names of a header row; they live in the arena. */
void row_columns_of(struct arena *arena, const struct csv_row *header,
    struct row_columns *columns);

/* {"name":"value",...} with JSON padding; of columns named alike the first
 * that is not empty. */
struct bytes row_object(struct buffer *out, const struct row_columns *columns,
    const struct bytes *values, size_t count);

/* The same with empty values: what form_of needs to know the format. */
struct bytes row_header_object(struct buffer *out,
    const struct row_columns *columns);

#endif
