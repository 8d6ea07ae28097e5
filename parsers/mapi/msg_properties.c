/* Property storages of MSG files ([MS-OXMSG] 2.1, 2.4) and their names. */
#include "parsers/mapi/msg_private.h"

#include "parsers/base/cursor.h"
#include "parsers/base/limits.h"
#include "parsers/mapi/names.h"

enum { MULTIPLE = 0x1000 };

bool
msg_hex_number(struct bytes text, uint32_t *out)
{
	uint32_t value = 0;

	if (text.n != 8)
		return false;
	for (size_t i = 0; i < 8; i++) {
		uint8_t c = byte_lower(text.p[i]);

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
	}
	*out = value;
	return true;
}

static const struct bytes stream_prefix = { (const uint8_t *)"__substg1.0_",
	12 };

/* "__substg1.0_" and the tag in hex, alone (2.1.3). */
static bool
stream_tag(struct bytes name, uint32_t *tag)
{
	return bytes_starts_nocase(name, stream_prefix) &&
	       msg_hex_number(bytes_skip(name, 12), tag);
}

bool
msg_is_cut(struct msg *msg, uint32_t entry, struct bytes locator, bool whole)
{
	if (!whole)
		sink_problem(msg->sink, locator, PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0,
		    "stream '%.*s' is shorter than its size ([MS-CFB] 2.6.3)",
		    (int)msg->cfb.entries[entry].name.n,
		    (const char *)msg->cfb.entries[entry].name.p);
	return !whole;
}

/* 2.1.4.2: each value in a stream of its own, "-00000000" after the tag. */
static struct bytes
multiple_value(struct msg *msg, uint32_t parent, uint32_t tag,
    uint32_t lengths, struct bytes locator)
{
	size_t width = (tag & 0xFFFF) == (MULTIPLE | MAPI_BINARY) ? 8 : 4;
	size_t count = (size_t)(msg->cfb.entries[lengths].size / width), n = 0;
	struct bytes *list;

	if (count > LIMIT_MAPI_VALUES) {
		sink_problem(msg->sink, locator, PROBLEM_LIMIT_PARTS,
		    OUTCOME_PARTIAL, 0, "property 0x%08X has more than %d "
		    "values; the rest is left out", tag, LIMIT_MAPI_VALUES);
		count = LIMIT_MAPI_VALUES;
	}
	list = arena_array(msg->arena, count, sizeof *list);
	for (size_t i = 0; i < count; i++) {
		struct bytes name = arena_printf(msg->arena,
		    "__substg1.0_%08X-%08X", tag, (unsigned)i);
		uint32_t entry = cfb_find(&msg->cfb, parent, name);
		bool whole;

		if (entry == CFB_NONE)
			break;
		list[n++] = cfb_stream(&msg->cfb, msg->arena, entry,
		    LIMIT_TEXT_BYTES, &whole);
		msg_is_cut(msg, entry, locator, whole);
	}
	if (n < count)
		sink_problem(msg->sink, locator, PROBLEM_NO_DATA,
		    OUTCOME_PARTIAL, 0,
		    "property 0x%08X announces %zu values and has %zu "
		    "([MS-OXMSG] 2.1.4.2)", tag, count, n);
	return mapi_multiple(msg->arena, list, n);
}

static bool
is_variable_multiple(uint32_t type)
{
	return type == (MULTIPLE | MAPI_STRING8) ||
	       type == (MULTIPLE | MAPI_UNICODE) ||
	       type == (MULTIPLE | MAPI_BINARY);
}

/* The streams of a storage, those of attachment data aside. */
static void
streams_read(struct msg *msg, uint32_t parent,
    struct mapi_bag_builder *builder, struct bytes locator)
{
	const struct cfb *cfb = &msg->cfb;

	for (uint32_t i = cfb->entries[parent].first; i != CFB_NONE;
	     i = cfb->entries[i].next) {
		struct bytes value;
		uint32_t tag;
		bool whole;

		if (cfb->entries[i].type != CFB_STREAM ||
		    !stream_tag(cfb->entries[i].name, &tag) ||
		    tag == 0x37010102)
			continue;
		if (is_variable_multiple(tag & 0xFFFF)) {
			value = multiple_value(msg, parent, tag, i, locator);
		} else {
			value = cfb_stream(cfb, msg->arena, i,
			    LIMIT_TEXT_BYTES, &whole);
			msg_is_cut(msg, i, locator, whole);
		}
		mapi_bag_add(builder, (uint16_t)(tag >> 16),
		    (uint16_t)tag, value);
	}
}

/* 2.4: 16 bytes each: tag, flags, the value or its size.  A value that has a
 * stream is in the bag already, and wins over the promise added here. */
static void
entries_read(struct bytes list, struct mapi_bag_builder *builder)
{
	struct cursor c = cursor_over(list);

	while (cursor_left(&c) >= 16) {
		uint32_t tag = cursor_le32(&c);
		struct bytes value;
		size_t width = mapi_type_width((uint16_t)tag);
		bool empty;

		cursor_le32(&c); /* flags */
		value = cursor_take(&c, 8);
		/* Sizes count a terminator that is not stored. */
		empty = value.p[0] <= 2 && value.p[1] == 0 && value.p[2] == 0;
		if (width > 0 && width <= 8)
			mapi_bag_add(builder, (uint16_t)(tag >> 16),
			    (uint16_t)tag, bytes_slice(value, 0, width));
		else if (!empty && (tag & 0xFFFF) != MAPI_OBJECT &&
			 tag != 0x37010102 && (tag & 0xFFFF) > 1)
			mapi_bag_add(builder, (uint16_t)(tag >> 16),
			    (uint16_t)tag, BYTES_NONE);
	}
}

static void
promises_check(struct msg *msg, const struct mapi_bag *bag,
    struct bytes locator)
{
	size_t absent = 0, first = 0;

	for (size_t i = bag->count; i > 0; i--)
		if (!bytes_present(bag->list[i - 1].value)) {
			absent++;
			first = i - 1;
		}
	if (absent > 0)
		sink_problem(msg->sink, locator, PROBLEM_NO_DATA,
		    OUTCOME_PARTIAL, 0,
		    "%zu properties are announced and have no stream, the "
		    "first is 0x%04X%04X ([MS-OXMSG] 2.4.2.2)", absent,
		    bag->list[first].id, bag->list[first].type);
}

struct mapi_bag
msg_bag(struct msg *msg, uint32_t parent, size_t header,
    struct bytes locator)
{
	struct mapi_bag_builder builder = { .arena = msg->arena };
	uint32_t entry = cfb_find(&msg->cfb, parent,
	    BYTES_LIT("__properties_version1.0"));
	struct mapi_bag bag;
	bool whole;

	streams_read(msg, parent, &builder, locator);
	if (entry == CFB_NONE) {
		sink_problem(msg->sink, locator, PROBLEM_NO_DATA,
		    OUTCOME_PARTIAL, 0,
		    "no __properties_version1.0: times and numbers are "
		    "missing ([MS-OXMSG] 2.4)");
	} else {
		struct bytes list = cfb_stream(&msg->cfb, msg->arena, entry,
		    LIMIT_RECORD_BYTES, &whole);

		msg_is_cut(msg, entry, locator, whole);
		entries_read(bytes_skip(list, header), &builder);
	}
	bag = mapi_bag_finish(&builder);
	promises_check(msg, &bag, locator);
	return bag;
}

/* ---- named properties, 2.2.3 */

static struct bytes
named_stream(struct msg *msg, uint32_t parent, const char *name)
{
	uint32_t entry = cfb_find(&msg->cfb, parent, bytes_cstr(name));
	bool whole;

	if (entry == CFB_NONE)
		return BYTES_LIT("");
	return cfb_stream(&msg->cfb, msg->arena, entry, LIMIT_RECORD_BYTES,
	    &whole);
}

void
msg_names_load(struct msg *msg)
{
	uint32_t parent = cfb_find(&msg->cfb, 0,
	    BYTES_LIT("__nameid_version1.0"));

	if (parent == CFB_NONE)
		return;
	msg->names = mapi_names_parse(msg->arena,
	    named_stream(msg, parent, "__substg1.0_00020102"),
	    named_stream(msg, parent, "__substg1.0_00030102"),
	    named_stream(msg, parent, "__substg1.0_00040102"));
}
