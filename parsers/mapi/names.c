#include "parsers/mapi/names.h"

#include <stdlib.h>

#include "parsers/base/cursor.h"
#include "parsers/base/text.h"

/* PS_MAPI, PS_PUBLIC_STRINGS: sets 1 and 2 ([MS-OXMSG] 2.2.3.1.2). */
static const uint8_t well_known[2][16] = {
	{ 0x28, 0x03, 0x02, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46 },
	{ 0x29, 0x03, 0x02, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46 },
};

static bool
take_set(uint8_t out[16], struct bytes guids, unsigned index)
{
	struct bytes guid = bytes_slice(guids, ((size_t)index - 3) * 16,
	    ((size_t)index - 2) * 16);

	memset(out, 0, 16);
	if (index == 0)
		return true;
	if (index < 3) {
		memcpy(out, well_known[index - 1], 16);
		return true;
	}
	if (guid.n < 16)
		return false;
	memcpy(out, guid.p, 16);
	return true;
}

static int
by_id(const void *a, const void *b)
{
	const struct mapi_name *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->lid != y->lid)
		return x->lid < y->lid ? -1 : 1;
	return memcmp(x->set, y->set, 16);
}

struct mapi_names
mapi_names_parse(struct arena *arena, struct bytes guids,
    struct bytes entries, struct bytes strings)
{
	struct cursor c = cursor_over(entries);
	size_t count = 0, kept = 0;
	struct mapi_name *list = arena_array(arena, entries.n / 8 + 1,
	    sizeof *list);

	while (cursor_left(&c) >= 8) {
		struct mapi_name *name = &list[count];
		struct cursor at;
		uint16_t kind, index;

		name->lid = cursor_le32(&c);
		kind = cursor_le16(&c);
		index = cursor_le16(&c);
		if (index >= 0x7FFF || !take_set(name->set, guids, kind >> 1))
			continue;
		name->id = (uint16_t)(0x8000 + index);
		name->text = BYTES_NONE;
		if (kind & 1) {
			at = cursor_over(bytes_skip(strings, name->lid));
			name->text = cursor_take(&at, cursor_le32(&at));
			if (at.failed)
				continue;
			name->text = text_from_utf16le(arena, name->text);
		}
		count++;
	}
	qsort(list, count, sizeof *list, by_id);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || list[kept - 1].id != list[i].id)
			list[kept++] = list[i];
	return (struct mapi_names){ list, kept };
}
