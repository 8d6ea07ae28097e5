#include "parsers/mapi/tnef_properties.h"

#include "parsers/base/limits.h"
#include "parsers/base/text.h"

enum { MULTIPLE = 0x1000, NAMED = 0x8000, NAMES_MOST = 0x7FFE };

/* A GUID, then a number, or the length and UTF-16 of a text. */
static uint16_t
take_name(struct cursor *c, struct tnef_names *names)
{
	struct bytes set = cursor_take(c, 16);
	uint32_t kind = cursor_le32(c), value = cursor_le32(c);
	struct mapi_name name = { .lid = value };
	struct bytes text;

	if (kind != 0) {
		text = cursor_take(c, value);
		cursor_take(c, (4 - value % 4) % 4);
		name.lid = 0;
		name.text = text_from_utf16le(names->arena, text);
		while (name.text.n > 0 && name.text.p[name.text.n - 1] == 0)
			name.text.n--;
	}
	if (c->failed || names->count == NAMES_MOST)
		return 0;
	if (names->count == names->room) {
		size_t room = names->room ? names->room * 2 : 32;
		struct mapi_name *more = arena_array(names->arena, room,
		    sizeof *more);

		if (names->count > 0)
			memcpy(more, names->list, names->count * sizeof *more);
		names->list = more;
		names->room = room;
	}
	memcpy(name.set, set.p, 16);
	name.id = (uint16_t)(NAMED + names->count);
	names->list[names->count++] = name;
	return name.id;
}

static struct bytes
take_sized(struct cursor *c)
{
	uint32_t size = cursor_le32(c);
	struct bytes value = cursor_take(c, size);

	cursor_take(c, (4 - size % 4) % 4);
	return value;
}

/* Multi-values of a fixed type; small ones are padded one by one. */
static struct bytes
take_fixed(struct cursor *c, size_t width, uint32_t count,
    struct arena *arena)
{
	size_t stride = width < 4 ? 4 : width;
	struct bytes all;
	uint8_t *out;

	if (count > cursor_left(c) / stride)
		return cursor_take(c, SIZE_MAX);
	all = cursor_take(c, count * stride);
	if (stride == width)
		return all;
	out = arena_raw(arena, count * width);
	for (size_t i = 0; i < count; i++)
		memcpy(out + i * width, all.p + i * stride, width);
	return bytes_of(out, count * width);
}

/* Fixed types are padded to 4 bytes; all others and multi-values begin with
 * their count, which is 1 for a single value. */
static struct bytes
take_value(struct cursor *c, uint16_t type, struct arena *arena)
{
	size_t width = mapi_type_width(type & (uint16_t)~MULTIPLE);
	uint32_t count = 1;
	struct bytes *list, value = BYTES_NONE;

	if (width > 0 && (type & MULTIPLE) == 0) {
		value = bytes_slice(cursor_take(c, width < 4 ? 4 : width), 0,
		    width);
		return value;
	}
	count = cursor_le32(c);
	if (width > 0)
		return take_fixed(c, width, count, arena);
	if (count > cursor_left(c) / 4)
		return cursor_take(c, SIZE_MAX);
	list = arena_array(arena, count, sizeof *list);
	for (uint32_t i = 0; i < count && !c->failed; i++)
		list[i] = take_sized(c);
	if (c->failed)
		return BYTES_NONE;
	if (type & MULTIPLE)
		return mapi_multiple(arena, list, count);
	return count > 0 ? list[0] : BYTES_LIT("");
}

bool
tnef_properties_read(struct cursor *c, struct mapi_bag_builder *builder,
    struct tnef_names *names)
{
	uint32_t count = cursor_le32(c);

	for (uint32_t i = 0; i < count && !c->failed; i++) {
		uint16_t type = cursor_le16(c), id = cursor_le16(c);
		struct bytes value;

		if (id >= NAMED)
			id = take_name(c, names);
		value = take_value(c, type, builder->arena);
		if (!c->failed && id != 0)
			mapi_bag_add(builder, id, type, value);
	}
	return !c->failed;
}
