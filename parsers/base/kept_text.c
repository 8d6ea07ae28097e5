#include "parsers/base/kept_text.h"

#include <zstd.h>

#include "parsers/base/cursor.h"
#include "parsers/base/die.h"
#include "parsers/base/limits.h"

enum { LEVEL = 1, HIDDEN = 0x80 };

static void
add_varint(struct buffer *out, uint64_t value)
{
	while (value >= 0x80) {
		buffer_add_byte(out, (uint8_t)(value | 0x80));
		value >>= 7;
	}
	buffer_add_byte(out, (uint8_t)value);
}

static uint64_t
take_varint(struct cursor *c)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = cursor_u8(c);

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	c->failed = true;
	return 0;
}

static struct bytes
take_sized(struct cursor *c)
{
	uint64_t n = take_varint(c);

	if (n > cursor_left(c)) {
		c->failed = true;
		return BYTES_NONE;
	}
	return cursor_take(c, (size_t)n);
}

static uint64_t
zigzag(int64_t value)
{
	return ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
}

static int64_t
unzigzag(uint64_t value)
{
	return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

static void
add_map(struct buffer *out, const struct kept_offset_pair *map, size_t count)
{
	size_t text = 0;
	int64_t shift = 0;

	add_varint(out, count);
	for (size_t i = 0; i < count; i++) {
		int64_t next = (int64_t)map[i].part - (int64_t)map[i].text;

		BUG_ON(map[i].text < text);
		add_varint(out, map[i].text - text);
		add_varint(out, zigzag(next - shift));
		text = map[i].text;
		shift = next;
	}
}

void
kept_piece_add(struct buffer *pieces, const struct kept_piece *piece,
    bool same_part, const struct kept_offset_pair *map, size_t map_count)
{
	buffer_add_byte(pieces,
	    (uint8_t)(piece->kind | (piece->hidden ? HIDDEN : 0)));
	add_varint(pieces, same_part ? 0 : piece->part.n + 1);
	if (!same_part)
		buffer_add_bytes(pieces, piece->part);
	if (piece->kind == KEPT_FLOW)
		add_map(pieces, map, map_count);
	if (piece->kind == KEPT_CELL) {
		add_varint(pieces, piece->row);
		add_varint(pieces, piece->column.n);
		buffer_add_bytes(pieces, piece->column);
	}
	add_varint(pieces, piece->text.n);
	buffer_add_bytes(pieces, piece->text);
}

/* Past the pairs, which are read when somebody asks. */
static void
take_map(struct cursor *c, struct kept_piece *piece)
{
	size_t from;
	uint64_t count = take_varint(c);

	/* Two bytes a pair at least: no count makes us go on for long. */
	if (count > cursor_left(c) / 2) {
		c->failed = true;
		return;
	}
	from = c->at;
	for (uint64_t i = 0; i < count * 2 && !c->failed; i++)
		take_varint(c);
	piece->map_count = (size_t)count;
	if (!c->failed)
		piece->map = bytes_slice(c->data, from, c->at);
}

bool
kept_piece_next(struct bytes *pieces, struct kept_piece *piece)
{
	struct cursor c = cursor_over(*pieces);
	struct bytes part = piece->part;
	uint8_t kind = cursor_u8(&c);
	uint64_t length = take_varint(&c);

	if (length > 0 && length - 1 > cursor_left(&c))
		return false;
	if (length > 0)
		part = cursor_take(&c, (size_t)(length - 1));
	*piece = (struct kept_piece){ .kind = kind & (HIDDEN - 1),
		.hidden = kind & HIDDEN, .part = part };
	if (piece->kind < KEPT_HEADERS || piece->kind >= KEPT_KINDS)
		return false;
	if (piece->kind == KEPT_FLOW)
		take_map(&c, piece);
	if (piece->kind == KEPT_CELL) {
		piece->row = take_varint(&c);
		piece->column = take_sized(&c);
	}
	piece->text = take_sized(&c);
	if (c.failed)
		return false;
	*pieces = bytes_skip(*pieces, c.at);
	return true;
}

size_t
kept_text_offset(const struct kept_piece *piece, size_t part_offset)
{
	struct cursor c = cursor_over(piece->map);
	size_t best = SIZE_MAX;
	int64_t text = 0, shift = 0;

	if (piece->map_count == 0)
		return part_offset < piece->text.n ? part_offset : SIZE_MAX;
	for (size_t i = 0; i < piece->map_count; i++) {
		int64_t part, at;

		/* The map came out of a worker: its sums may be anything. */
		if (__builtin_add_overflow(text, take_varint(&c), &text) ||
		    __builtin_add_overflow(shift, unzigzag(take_varint(&c)),
			&shift) ||
		    __builtin_add_overflow(text, shift, &part) ||
		    __builtin_sub_overflow(part_offset, shift, &at))
			return best;
		/* The last pair at or before it. */
		if (part <= (int64_t)part_offset && at >= text &&
		    (uint64_t)at < piece->text.n)
			best = (size_t)at;
	}
	return best;
}

void
kept_pack(struct bytes pieces, struct buffer *packed)
{
	static ZSTD_CCtx *context;
	size_t room = ZSTD_compressBound(pieces.n), n;

	if (context == NULL)
		context = ZSTD_createCCtx();
	if (context == NULL)
		die_machine("out of memory");
	n = ZSTD_compressCCtx(context, buffer_reserve(packed, room), room,
	    pieces.p, pieces.n, LEVEL);
	if (ZSTD_isError(n))
		die_machine("zstd: %s", ZSTD_getErrorName(n));
	packed->n += n;
}

bool
kept_unpack(struct bytes packed, struct buffer *pieces)
{
	static ZSTD_DCtx *context;
	unsigned long long size = ZSTD_getFrameContentSize(packed.p, packed.n);
	size_t n;

	buffer_reset(pieces);
	/* Unknown and error are the two largest numbers. */
	if (size > LIMIT_KEPT_UNPACKED)
		return false;
	if (context == NULL)
		context = ZSTD_createDCtx();
	if (context == NULL)
		die_machine("out of memory");
	n = ZSTD_decompressDCtx(context, buffer_reserve(pieces, (size_t)size),
	    (size_t)size, packed.p, packed.n);
	if (ZSTD_isError(n))
		return false;
	pieces->n = n;
	return true;
}
