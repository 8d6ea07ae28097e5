/* Named properties, [MS-PST] 2.4.7: node 0x61. */
#include "parsers/pst/message.h"

#include "parsers/base/text.h"

enum {
	STREAM_GUIDS = 0x0002, STREAM_ENTRIES = 0x0003, STREAM_TEXTS = 0x0004,
	ENTRY = 8, GUID = 16, NAMED_FIRST = 0x8000,
};

/* wGuid 1 and 2, [MS-PST] 2.4.7.1; the first four bytes differ. */
static const uint8_t ps_mapi[GUID] = { 0x28, 0x03, 0x02, 0, 0, 0, 0, 0, 0xC0,
	0, 0, 0, 0, 0, 0, 0x46 };
static const uint8_t ps_public_strings[GUID] = { 0x29, 0x03, 0x02, 0, 0, 0, 0,
	0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46 };

struct streams {
	struct bytes guids, entries, texts;
};

static bool
set_of(const struct streams *s, unsigned index, uint8_t out[GUID])
{
	struct bytes guid;

	if (index == 1 || index == 2) {
		memcpy(out, index == 1 ? ps_mapi : ps_public_strings, GUID);
		return true;
	}
	if (index == 0)
		return true;
	guid = bytes_slice(s->guids, (size_t)(index - 3) * GUID,
	    (size_t)(index - 2) * GUID);
	if (guid.n < GUID)
		return false;
	memcpy(out, guid.p, GUID);
	return true;
}

static bool
text_of(struct pst_store *store, const struct streams *s, uint32_t at,
    struct bytes *out)
{
	struct bytes rest = bytes_skip(s->texts, at);
	uint32_t length;

	if (at > s->texts.n || rest.n < 4)
		return false;
	length = pst_le32(rest.p);
	if (length > rest.n - 4)
		return false;
	*out = text_from_utf16le(&store->arena, bytes_slice(rest, 4,
	    (size_t)4 + length));
	return true;
}

static bool
read_name(struct pst_store *store, const struct streams *s,
    const uint8_t *entry, struct mapi_name *out)
{
	uint32_t value = pst_le32(entry);
	unsigned kind = pst_le16(entry + 4), index = pst_le16(entry + 6);

	*out = (struct mapi_name){ .lid = value };
	if (index > 0xFFFF - NAMED_FIRST || !set_of(s, kind >> 1, out->set))
		return false;
	out->id = (uint16_t)(NAMED_FIRST + index);
	return (kind & 1) == 0 || text_of(store, s, value, &out->text);
}

static struct bytes
stream_of(const struct pst_bag *bag, uint16_t id)
{
	const struct mapi_property *p = pst_bag_find(&bag->bag, id);

	return p ? p->value : BYTES_NONE;
}

void
pst_names_read(struct pst_store *store)
{
	struct pst_node node;
	struct pst_object object;
	struct pst_bag bag;
	struct streams s;
	struct mapi_name *list;
	size_t count, bad = 0, kept = 0;

	/* ExMerge leaves it out. */
	if (!pst_node_find(store, PST_NID_NAMES, &node) ||
	    !pst_object_open(&object, store, &store->arena, &node) ||
	    !pst_bag_read(&object, 0, &bag))
		return;
	s = (struct streams){ stream_of(&bag, STREAM_GUIDS),
		stream_of(&bag, STREAM_ENTRIES), stream_of(&bag, STREAM_TEXTS) };
	count = s.entries.n / ENTRY;
	list = arena_array(&store->arena, count, sizeof *list);
	for (size_t i = 0; i < count; i++) {
		if (read_name(store, &s, s.entries.p + i * ENTRY, &list[kept]))
			kept++;
		else
			bad++;
	}
	store->names = (struct mapi_names){ list, kept };
	if (bad > 0)
		pst_say(store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
		    "%zu of %zu property names cannot be read "
		    "([MS-PST] 2.4.7)", bad, count);
}
