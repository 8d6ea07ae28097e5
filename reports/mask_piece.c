#include "reports/mask_piece.h"

struct mask_place {
	struct bytes part, value, masked;
	int64_t offset; /* INT64_MIN: of a cell */
};

struct mask_places {
	struct mask_place *list; /* by part and offset */
	size_t count;
	int64_t message;
	bool in_headers;
};

struct mask_places *
mask_places_load(struct case_file *file, struct arena *arena, int64_t message)
{
	struct case_rows *rows = case_query(file,
	    "SELECT part, text_offset, value, masked, count(*) OVER ()"
	    " FROM findings WHERE message = ?1 ORDER BY CAST(part AS BLOB),"
	    " text_offset, length(value) DESC, finding_id");
	struct mask_places *places = arena_alloc(arena, sizeof *places);

	places->message = message;
	case_bind_number(rows, 1, message);
	while (case_next(rows)) {
		struct mask_place *place;

		if (places->list == NULL)
			places->list = arena_array(arena,
			    (size_t)case_number(rows, 4), sizeof *place);
		place = &places->list[places->count++];
		place->part = arena_dup(arena, case_text(rows, 0));
		place->offset = case_number(rows, 1);
		place->value = arena_dup(arena, case_text(rows, 2));
		place->masked = arena_dup(arena, case_text(rows, 3));
		places->in_headers |= bytes_find(place->part,
					  BYTES_LIT("headers")) != SIZE_MAX;
	}
	return places;
}

/* The first place of that part. */
static size_t
first_of(const struct mask_places *places, struct bytes part)
{
	size_t low = 0, high = places->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bytes_compare(places->list[middle].part, part) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct bytes
part_of(struct arena *arena, const struct kept_piece *piece)
{
	if (piece->kind != KEPT_CELL)
		return piece->part;
	return arena_printf(arena, "%.*s/row=%llu/col=%.*s",
	    (int)piece->part.n, (const char *)piece->part.p,
	    (unsigned long long)piece->row, (int)piece->column.n,
	    (const char *)piece->column.p);
}

/* Where the found value stands in the piece; SIZE_MAX: not as written. */
static size_t
stands_at(const struct mask_place *place, const struct kept_piece *piece,
    size_t from)
{
	struct bytes rest = bytes_skip(piece->text, from);
	size_t at;

	if (place->value.n == 0)
		return SIZE_MAX;
	if (place->offset == INT64_MIN) {
		at = bytes_find(rest, place->value);
		return at == SIZE_MAX ? at : from + at;
	}
	at = place->offset < 0 ? SIZE_MAX : kept_text_offset(piece,
					       (size_t)place->offset);
	if (at == SIZE_MAX || at < from ||
	    !bytes_starts(bytes_skip(piece->text, at), place->value))
		return SIZE_MAX;
	return at;
}

static void
add_masked(struct mask *mask, struct arena *arena, int64_t message,
    struct buffer *out, struct bytes text)
{
	buffer_add_bytes(out, mask_text(mask, arena, message, text));
}

struct bytes
mask_piece(struct mask *mask, const struct mask_places *places,
    struct arena *arena, const struct kept_piece *piece)
{
	struct bytes part = part_of(arena, piece), result;
	struct buffer out = BUFFER_EMPTY;
	size_t from = 0;

	if (mask_is_off(mask))
		return piece->text;
	for (size_t i = first_of(places, part); i < places->count &&
	     bytes_eq(places->list[i].part, part); i++) {
		const struct mask_place *place = &places->list[i];
		size_t at = stands_at(place, piece, from);

		if (at == SIZE_MAX)
			continue;
		add_masked(mask, arena, places->message, &out,
		    bytes_slice(piece->text, from, at));
		buffer_add_bytes(&out, place->masked);
		from = at + place->value.n;
	}
	add_masked(mask, arena, places->message, &out,
	    bytes_skip(piece->text, from));
	result = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	return result;
}

/* RFC 5322 2.2.3: a line break before white space is none. */
static struct bytes
unfolded(struct arena *arena, struct bytes text)
{
	uint8_t *out = arena_raw(arena, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		uint8_t next = i + 1 < text.n ? text.p[i + 1] : '\n';

		if (text.p[i] == '\r')
			continue;
		if (text.p[i] == '\n' && (next == ' ' || next == '\t'))
			continue;
		out[n++] = text.p[i];
	}
	return bytes_of(out, n);
}

/* "=?charset?B?...?=" (RFC 2047 2) may say what was found: "=?...?=". */
static struct bytes
without_encoded_words(struct arena *arena, struct bytes text)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes rest = text;
	size_t at;

	while ((at = bytes_find(rest, BYTES_LIT("=?"))) != SIZE_MAX) {
		size_t end = at + 2;

		buffer_add_bytes(&out, bytes_slice(rest, 0, at));
		while (end < rest.n && rest.p[end] != ' ' &&
		       rest.p[end] != '\n' && rest.p[end] != '\t')
			end++;
		buffer_add_cstr(&out, "=?...?=");
		rest = bytes_skip(rest, end);
	}
	buffer_add_bytes(&out, rest);
	text = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	return text;
}

struct bytes
mask_headers(struct mask *mask, const struct mask_places *places,
    struct arena *arena, struct bytes text)
{
	if (mask_is_off(mask))
		return text;
	if (places->in_headers)
		text = without_encoded_words(arena, unfolded(arena, text));
	return mask_text(mask, arena, places->message, text);
}
