/* Outlook message files ([MS-OXMSG]): a compound file, one message. */
#include <stdlib.h>

#include "parsers/base/cursor.h"
#include "parsers/base/limits.h"
#include "parsers/cfb/cfb.h"
#include "parsers/mapi/bag.h"
#include "parsers/mapi/msg.h"
#include "parsers/mapi/names.h"

enum { MULTIPLE = 0x1000 };

struct msg { /* one file */
	struct cfb cfb;
	struct arena *arena;
	struct sink *sink;
	struct mapi_names names;
};

struct storage { /* a message in the file */
	struct msg *msg;
	uint32_t entry;
	uint32_t *attachments; /* entries */
};

struct attachment_store {
	struct msg *msg;
	uint32_t data; /* stream, or storage of an OLE object */
};

/* ---- properties */

static bool
hex_number(struct bytes text, uint32_t *out)
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
	       hex_number(bytes_skip(name, 12), tag);
}

static bool
is_cut(struct msg *msg, uint32_t entry, struct bytes locator, bool whole)
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

	if (count > LIMIT_MAPI_VALUES)
		count = LIMIT_MAPI_VALUES;
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
		is_cut(msg, entry, locator, whole);
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
			is_cut(msg, i, locator, whole);
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

/* `header`: bytes before the entries, 2.4.1. */
static struct mapi_bag
storage_bag(struct msg *msg, uint32_t parent, size_t header,
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

		is_cut(msg, entry, locator, whole);
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

static void
names_load(struct msg *msg)
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

/* ---- messages */

struct numbered {
	uint32_t number, entry;
};

static int
by_number(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* The storages "PREFIX#00000000" of a message, in the order of numbers. */
static uint32_t *
numbered_storages(struct msg *msg, uint32_t parent, struct bytes prefix,
    size_t *count)
{
	const struct cfb *cfb = &msg->cfb;
	struct numbered *list;
	uint32_t *entries;
	size_t most = 0;

	*count = 0;
	for (uint32_t i = cfb->entries[parent].first; i != CFB_NONE;
	     i = cfb->entries[i].next)
		most++;
	list = arena_array(msg->arena, most, sizeof *list);
	entries = arena_array(msg->arena, most, sizeof *entries);
	for (uint32_t i = cfb->entries[parent].first; i != CFB_NONE;
	     i = cfb->entries[i].next) {
		struct bytes name = cfb->entries[i].name;

		if (cfb->entries[i].type == CFB_STORAGE &&
		    bytes_starts_nocase(name, prefix) &&
		    hex_number(bytes_skip(name, prefix.n),
		        &list[*count].number))
			list[(*count)++].entry = i;
	}
	qsort(list, *count, sizeof *list, by_number);
	for (size_t i = 0; i < *count; i++)
		entries[i] = list[i].entry;
	return entries;
}

static bool message_load(struct msg *msg, uint32_t entry, size_t header,
    struct mapi_message *message);

/* An OLE object is a storage: its streams one after the other, in the order
 * of the directory, storages inside before their siblings. */
static bool
storage_data(const struct cfb *cfb, uint32_t root,
    void (*piece)(void *to, struct bytes bytes), void *to)
{
	uint32_t at = cfb->entries[root].first;
	bool whole = true;

	while (at != CFB_NONE) {
		const struct cfb_entry *entry = &cfb->entries[at];

		if (entry->type == CFB_STREAM)
			whole = cfb_read(cfb, at, piece, to) && whole;
		if (entry->first != CFB_NONE) {
			at = entry->first;
			continue;
		}
		while (at != root && cfb->entries[at].next == CFB_NONE)
			at = cfb->entries[at].parent;
		if (at == root)
			break;
		at = cfb->entries[at].next;
	}
	return whole;
}

static bool
attachment_data(void *context, struct mapi_attachment *attachment,
    void (*piece)(void *to, struct bytes bytes), void *to)
{
	struct attachment_store *store = attachment->store;
	const struct cfb *cfb = &store->msg->cfb;
	bool whole;

	(void)context;
	whole = cfb->entries[store->data].type == CFB_STREAM
		    ? cfb_read(cfb, store->data, piece, to)
		    : storage_data(cfb, store->data, piece, to);
	is_cut(store->msg, store->data, attachment->locator, whole);
	return whole;
}

static void
take_object(struct msg *msg, uint32_t entry, struct mapi_attachment *out)
{
	struct attachment_store *store = arena_alloc(msg->arena,
	    sizeof *store);

	store->msg = msg;
	store->data = entry;
	out->store = store;
	out->data = attachment_data;
	out->data_bytes = msg->cfb.entries[entry].size;
}

static bool
attachment_load(void *context, struct arena *arena,
    struct mapi_message *message, size_t i, struct mapi_attachment *out)
{
	struct storage *storage = message->store;
	struct msg *msg = storage->msg;
	uint32_t entry = storage->attachments[i], data, object;

	(void)context;
	out->locator = arena_printf(arena, "%.*s%sattachment=%zu",
	    (int)message->locator.n, (const char *)message->locator.p,
	    message->locator.n ? "/" : "", i + 1);
	out->bag = storage_bag(msg, entry, 8, out->locator);
	data = cfb_find(&msg->cfb, entry, BYTES_LIT("__substg1.0_37010102"));
	object = cfb_find(&msg->cfb, entry, BYTES_LIT("__substg1.0_3701000D"));
	if (object != CFB_NONE &&
	    cfb_find(&msg->cfb, object,
	        BYTES_LIT("__properties_version1.0")) != CFB_NONE) {
		out->embedded = arena_alloc(arena, sizeof *out->embedded);
		out->embedded->locator = out->locator;
		out->embedded->state = BYTES_LIT("embedded");
		message_load(msg, object, 24, out->embedded);
	} else if (data != CFB_NONE)
		take_object(msg, data, out);
	else if (object != CFB_NONE)
		take_object(msg, object, out);
	return true;
}

/* `header`: 32 bytes at the top, 24 in an embedded message (2.4.1). */
static bool
message_load(struct msg *msg, uint32_t entry, size_t header,
    struct mapi_message *message)
{
	struct storage *storage = arena_alloc(msg->arena, sizeof *storage);
	struct mapi_bag *recipients;
	uint32_t *list;

	storage->msg = msg;
	storage->entry = entry;
	message->bag = storage_bag(msg, entry, header, message->locator);
	message->names = msg->names;
	list = numbered_storages(msg, entry, BYTES_LIT("__recip_version1.0_#"),
	    &message->recipient_count);
	recipients = arena_array(msg->arena, message->recipient_count,
	    sizeof *recipients);
	for (size_t i = 0; i < message->recipient_count; i++)
		recipients[i] = storage_bag(msg, list[i], 8,
		    message->locator);
	message->recipients = recipients;
	storage->attachments = numbered_storages(msg, entry,
	    BYTES_LIT("__attach_version1.0_#"), &message->attachment_count);
	message->attachment = attachment_load;
	message->store = storage;
	return message->bag.count > 0;
}

bool
msg_is(struct bytes file)
{
	return cfb_is(file) &&
	       (bytes_find(file, BYTES_LIT("_\0_\0p\0r\0o\0p\0e\0r\0t\0i\0e\0"
					   "s\0_\0v\0e\0r\0s\0i\0o\0n\0")) !=
		       SIZE_MAX ||
		   bytes_find(file, BYTES_LIT("_\0_\0n\0a\0m\0e\0i\0d\0_\0"
					      "v\0e\0r\0")) != SIZE_MAX);
}

bool
msg_open(struct sink *sink, struct arena *arena, struct bytes file,
    struct mapi_message *message)
{
	struct msg *msg = arena_alloc(arena, sizeof *msg);
	const char *problem;

	msg->arena = arena;
	msg->sink = sink;
	if (!cfb_open(&msg->cfb, arena, file, &problem)) {
		sink_problem(sink, message->locator, PROBLEM_DAMAGED,
		    OUTCOME_ITEM_LOST, 1, "%s", problem);
		return false;
	}
	if (msg->cfb.damaged)
		sink_problem(sink, message->locator, PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0,
		    "the directory has links that lead nowhere or back "
		    "([MS-CFB] 2.6.4)");
	names_load(msg);
	message->as_stored = file;
	if (message_load(msg, 0, 32, message))
		return true;
	sink_problem(sink, message->locator, PROBLEM_DAMAGED,
	    OUTCOME_ITEM_LOST, 1, "a compound file without a message's "
	    "properties ([MS-OXMSG] 2.4)");
	return false;
}

/* ---- the parser */

/* The names stand in the directory, which may lie past the head; then the
 * magic alone is weak: old Office documents have it too. */
static unsigned
msg_probe(struct bytes head, uint64_t size)
{
	if (!cfb_is(head))
		return 0;
	if (msg_is(head))
		return 96;
	return size > head.n ? 4 : 0;
}

static enum outcome
msg_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct mapi_message message = { .locator = BYTES_LIT(""),
		.state = BYTES_LIT("live") };
	enum outcome outcome = OUTCOME_ITEM_LOST;
	struct bytes file;

	(void)spec;
	if (!sink_item_begin(sink, BYTES_LIT("")))
		return OUTCOME_OK;
	if (input->size > LIMIT_ITEM_BYTES)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_LIMIT_SIZE,
		    OUTCOME_ITEM_LOST, 1, "a message of more than %zu bytes",
		    LIMIT_ITEM_BYTES);
	else {
		file = input_slice(input, &sink->item, 0, input->size);
		if (!bytes_present(file))
			sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
			    OUTCOME_ITEM_LOST, 1, "the file cannot be read: "
			    "I/O error or it became shorter");
		else if (msg_open(sink, &sink->item, file, &message)) {
			mapi_message_say(sink, &message);
			outcome = OUTCOME_OK;
		}
	}
	sink_item_end(sink);
	return outcome;
}

const struct parser parser_msg = {
	.name = "msg",
	.title = "Outlook message (MSG)",
	.probe = msg_probe,
	.run = msg_run,
};
