#include "reports/mask.h"

#include "parsers/base/buffer.h"

/* Copy text with each occurrence of value replaced. */
static struct bytes
replace_all(struct arena *arena, struct bytes text, struct bytes value,
    struct bytes masked)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes rest = text, result;
	size_t at;

	while ((at = bytes_find(rest, value)) != SIZE_MAX) {
		buffer_add_bytes(&out, bytes_slice(rest, 0, at));
		buffer_add_bytes(&out, masked);
		rest = bytes_skip(rest, at + value.n);
	}
	buffer_add_bytes(&out, rest);
	result = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	return result;
}

struct bytes
mask_text(struct case_file *file, struct arena *arena, int64_t message,
    struct bytes text, bool unmask)
{
	struct case_rows *rows;

	if (text.n == 0)
		return text;
	text = arena_dup(arena, text);
	if (unmask || message == INT64_MIN)
		return text;
	/* Longest first: a value may hold another. */
	rows = case_query(file,
	    "SELECT value, masked FROM findings WHERE message = ?1 "
	    "ORDER BY length(value) DESC, value, masked");
	case_bind_number(rows, 1, message);
	while (case_next(rows)) {
		struct bytes value = case_text(rows, 0);

		if (value.n > 0 && bytes_find(text, value) != SIZE_MAX)
			text = replace_all(arena, text, value,
			    case_text(rows, 1));
	}
	return text;
}
