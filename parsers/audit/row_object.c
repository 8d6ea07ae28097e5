#include "parsers/audit/row_object.h"

#include "parsers/audit/ual_private.h"
#include "parsers/base/text.h"

void
row_columns_of(struct arena *arena, const struct csv_row *header,
    struct row_columns *columns)
{
	columns->count = header->count;
	for (size_t i = 0; i < header->count; i++) {
		struct bytes name = csv_text(arena, header->field[i]);

		name = text_repair_utf8(arena, name);
		columns->name[i] = arena_dup(arena, bytes_trim(name));
	}
	columns->repeats = false;
	for (size_t i = 1; i < columns->count && !columns->repeats; i++)
		for (size_t k = 0; k < i; k++)
			columns->repeats |= bytes_eq(columns->name[k],
			    columns->name[i]);
}

static bool
is_taken(const struct row_columns *columns, const struct bytes *values,
    size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (values[k].n > 0 && columns->name[k].n > 0 &&
		    bytes_eq(columns->name[k], columns->name[i]))
			return true;
	return false;
}

struct bytes
row_object(struct buffer *out, const struct row_columns *columns,
    const struct bytes *values, size_t count)
{
	size_t n;

	buffer_reset(out);
	buffer_add_byte(out, '{');
	for (size_t i = 0; i < count && i < columns->count; i++) {
		if (values[i].n == 0 ||
		    (columns->repeats && is_taken(columns, values, i)))
			continue;
		if (out->n > 1)
			buffer_add_byte(out, ',');
		ual_add_string(out, columns->name[i]);
		buffer_add_byte(out, ':');
		ual_add_string(out, values[i]);
	}
	buffer_add_byte(out, '}');
	n = out->n;
	memset(buffer_reserve(out, JSON_PADDING), 0, JSON_PADDING);
	return bytes_of(out->p, n);
}

struct bytes
row_header_object(struct buffer *out, const struct row_columns *columns)
{
	size_t n;

	buffer_reset(out);
	buffer_add_byte(out, '{');
	for (size_t i = 0; i < columns->count; i++) {
		if (out->n > 1)
			buffer_add_byte(out, ',');
		ual_add_string(out, columns->name[i]);
		buffer_add_cstr(out, ":\"\"");
	}
	buffer_add_byte(out, '}');
	n = out->n;
	memset(buffer_reserve(out, JSON_PADDING), 0, JSON_PADDING);
	return bytes_of(out->p, n);
}
