#include "parsers/mapi/tnef.h"

#include "parsers/base/limits.h"
#include "parsers/base/utc.h"
#include "parsers/mapi/tnef_properties.h"

/* Attribute ids, [MS-OXTNEF] 2.1.3.2 (the low half; the high is the type). */
enum {
	ATT_FROM = 0x8000, ATT_SUBJECT = 0x8004, ATT_DATE_SENT = 0x8005,
	ATT_DATE_RECD = 0x8006, ATT_MESSAGE_CLASS = 0x8008, ATT_BODY = 0x800C,
	ATT_ATTACH_DATA = 0x800F, ATT_ATTACH_TITLE = 0x8010,
	ATT_ATTACH_RENDDATA = 0x9002, ATT_MSG_PROPS = 0x9003,
	ATT_RECIP_TABLE = 0x9004, ATT_ATTACHMENT = 0x9005,
	ATT_OEM_CODEPAGE = 0x9007, ATT_TRANSPORT_NAME = 0x9001,
};

enum { LEVEL_MESSAGE = 1, LEVEL_ATTACHMENT = 2, SIGNATURE = 0x223E9F78,
	PR_ATTACH_DATA = 0x3701, PR_ATTACH_METHOD = 0x3705 };

/* IID_IMessage: an object that is a message is a TNEF stream again. */
static const uint8_t iid_message[16] = { 0x07, 0x03, 0x02, 0, 0, 0, 0, 0,
	0xC0, 0, 0, 0, 0, 0, 0, 0x46 };

struct part { /* an attachment while it is read */
	struct mapi_bag_builder builder;
	struct bytes data, object;
	bool has_data;
};

struct tnef {
	struct sink *sink;
	struct arena *arena;
	struct mapi_bag_builder builder;
	struct tnef_names names;
	struct part *parts;
	size_t count, room;
	struct mapi_bag *recipients;
	size_t recipient_count;
	uint32_t codepage;
	bool cut, bad_sum, cut_list, junk;
};

bool
tnef_is(struct bytes head)
{
	struct cursor c = cursor_over(head);

	return cursor_le32(&c) == SIGNATURE && !c.failed;
}

static struct part *
part_new(struct tnef *t)
{
	struct part *part;

	if (t->count == t->room) {
		size_t room = t->room ? t->room * 2 : 8;
		struct part *more = arena_array(t->arena, room, sizeof *more);

		if (t->count > 0)
			memcpy(more, t->parts, t->count * sizeof *more);
		t->parts = more;
		t->room = room;
	}
	part = &t->parts[t->count++];
	*part = (struct part){ .builder = { .arena = t->arena } };
	return part;
}

/* Attributes of an attachment before its attAttachRenddata begin one. */
static struct part *
part_now(struct tnef *t)
{
	return t->count > 0 ? &t->parts[t->count - 1] : part_new(t);
}

/* DTR: year, month, day, hour, minute, second, weekday as 16 bits. */
static struct bytes
filetime(struct tnef *t, struct bytes value)
{
	struct cursor c = cursor_over(value);
	int n[6];
	int64_t us;
	uint64_t ticks;
	uint8_t *out;

	for (size_t i = 0; i < 6; i++)
		n[i] = cursor_le16(&c);
	us = c.failed ? UTC_NONE
		      : utc_make(n[0], n[1], n[2], n[3], n[4], n[5], 0);
	if (us == UTC_NONE)
		return BYTES_NONE;
	ticks = ((uint64_t)us + UINT64_C(11644473600000000)) * 10;
	out = arena_raw(t->arena, 8);
	for (size_t i = 0; i < 8; i++)
		out[i] = (uint8_t)(ticks >> (8 * i));
	return bytes_of(out, 8);
}

static void
add_time(struct tnef *t, uint16_t id, struct bytes value)
{
	struct bytes time = filetime(t, value);

	if (bytes_present(time))
		mapi_bag_add(&t->builder, id, MAPI_TIME, time);
}

/* TRP structure (2.1.3.3.6... attFrom): sizes, name, "TYPE:address". */
static void
add_from(struct tnef *t, struct bytes value)
{
	struct cursor c = cursor_over(value);
	uint16_t name_bytes, address_bytes;
	struct bytes name, address;
	size_t colon;

	cursor_le16(&c); /* kind */
	cursor_le16(&c); /* size */
	name_bytes = cursor_le16(&c);
	address_bytes = cursor_le16(&c);
	name = cursor_take(&c, name_bytes);
	address = cursor_take(&c, address_bytes);
	if (c.failed)
		return;
	colon = bytes_find_byte(address, ':');
	mapi_bag_add(&t->builder, 0x0C1A, MAPI_STRING8, name);
	if (colon != SIZE_MAX)
		mapi_bag_add(&t->builder, 0x0C1F, MAPI_STRING8,
		    bytes_skip(address, colon + 1));
}

static void
read_properties(struct tnef *t, struct bytes value,
    struct mapi_bag_builder *builder)
{
	struct cursor c = cursor_over(value);

	t->cut_list |= !tnef_properties_read(&c, builder, &t->names);
}

static void
read_recipients(struct tnef *t, struct bytes value)
{
	struct cursor c = cursor_over(value);
	uint32_t rows = cursor_le32(&c);

	if (rows > value.n / 4)
		rows = (uint32_t)(value.n / 4);
	t->recipients = arena_array(t->arena, rows, sizeof *t->recipients);
	t->recipient_count = 0;
	while (t->recipient_count < rows && !c.failed) {
		struct mapi_bag_builder builder = { .arena = t->arena };

		t->cut_list |= !tnef_properties_read(&c, &builder, &t->names);
		t->recipients[t->recipient_count++] =
		    mapi_bag_finish(&builder);
	}
}

static void
message_attribute(struct tnef *t, uint16_t id, struct bytes value)
{
	struct cursor c = cursor_over(value);

	switch (id) {
	case ATT_FROM:
		add_from(t, value);
		break;
	case ATT_SUBJECT:
		mapi_bag_add(&t->builder, 0x0037, MAPI_STRING8, value);
		break;
	case ATT_DATE_SENT:
		add_time(t, 0x0039, value);
		break;
	case ATT_DATE_RECD:
		add_time(t, 0x0E06, value);
		break;
	case ATT_MESSAGE_CLASS:
		mapi_bag_add(&t->builder, 0x001A, MAPI_STRING8, value);
		break;
	case ATT_BODY:
		mapi_bag_add(&t->builder, 0x1000, MAPI_STRING8, value);
		break;
	case ATT_MSG_PROPS:
		read_properties(t, value, &t->builder);
		break;
	case ATT_RECIP_TABLE:
		read_recipients(t, value);
		break;
	case ATT_OEM_CODEPAGE:
		t->codepage = cursor_le32(&c);
		break;
	default:
		break;
	}
}

static void
attachment_attribute(struct tnef *t, uint16_t id, struct bytes value)
{
	struct part *part = id == ATT_ATTACH_RENDDATA ? part_new(t)
						      : part_now(t);

	switch (id) {
	case ATT_ATTACH_TITLE:
		mapi_bag_add(&part->builder, 0x3704, MAPI_STRING8, value);
		break;
	case ATT_ATTACH_DATA:
		part->data = value;
		part->has_data = true;
		break;
	case ATT_ATTACHMENT:
		read_properties(t, value, &part->builder);
		break;
	default:
		break;
	}
}

static uint16_t
sum_of(struct bytes value)
{
	uint16_t sum = 0;

	for (size_t i = 0; i < value.n; i++)
		sum = (uint16_t)(sum + value.p[i]);
	return sum;
}

/* 2.1.3.1: level, id, length, data, checksum. */
static void
read_attributes(struct tnef *t, struct bytes stream)
{
	struct cursor c = cursor_over(stream);

	cursor_take(&c, 6); /* signature, key */
	while (cursor_left(&c) > 0) {
		uint8_t level = cursor_u8(&c);
		uint32_t id = cursor_le32(&c), length = cursor_le32(&c);
		struct bytes value;

		if (level != LEVEL_MESSAGE && level != LEVEL_ATTACHMENT) {
			t->junk = true;
			return;
		}
		/* A cut attribute is still worth its beginning. */
		t->cut = c.failed || length > cursor_left(&c);
		value = cursor_take(&c, t->cut ? cursor_left(&c) : length);
		if (c.failed)
			return;
		if (!t->cut)
			t->bad_sum |= sum_of(value) != cursor_le16(&c);
		if (level == LEVEL_MESSAGE)
			message_attribute(t, (uint16_t)id, value);
		else
			attachment_attribute(t, (uint16_t)id, value);
	}
	t->cut |= c.failed;
}

static void
problems_say(const struct tnef *t, struct bytes locator)
{
	if (t->cut || t->cut_list)
		sink_problem(t->sink, locator, PROBLEM_TRUNCATED,
		    OUTCOME_PARTIAL, 0, t->cut
			? "winmail.dat ends inside an attribute "
			  "([MS-OXTNEF] 2.1.3.1)"
			: "a property list in winmail.dat ends too early "
			  "([MS-OXTNEF] 2.1.3.4)");
	if (t->bad_sum)
		sink_problem(t->sink, locator, PROBLEM_BAD_CHECKSUM,
		    OUTCOME_PARTIAL, 0, "an attribute of winmail.dat does not "
		    "fit its checksum, read on ([MS-OXTNEF] 2.1.3.1)");
	if (t->junk)
		sink_problem(t->sink, locator, PROBLEM_DAMAGED, OUTCOME_OK, 0,
		    "bytes that are no attribute end winmail.dat "
		    "([MS-OXTNEF] 2.1.3.1)");
}

/* ---- as a MAPI message */

static bool
part_data(void *context, struct mapi_attachment *attachment,
    void (*piece)(void *to, struct bytes bytes), void *to)
{
	const struct part *part = attachment->store;

	(void)context;
	piece(to, part->data);
	return true;
}

/* PR_ATTACH_DATA_BIN or _OBJ out of the bag: attAttachData may repeat it. */
static struct mapi_bag
without_data(struct part *part, struct mapi_bag bag)
{
	struct mapi_property *list = arena_array(part->builder.arena,
	    bag.count, sizeof *list);
	size_t n = 0;

	for (size_t i = 0; i < bag.count; i++) {
		const struct mapi_property *p = &bag.list[i];

		if (p->id != PR_ATTACH_DATA) {
			list[n++] = *p;
		} else if (p->type == MAPI_OBJECT && p->value.n >= 16) {
			part->object = p->value;
		} else if (p->type == MAPI_BINARY && part->data.n == 0) {
			part->data = p->value;
			part->has_data = true;
		}
	}
	return (struct mapi_bag){ list, n };
}

static bool
attachment_load(void *context, struct arena *arena,
    struct mapi_message *message, size_t i, struct mapi_attachment *out)
{
	struct tnef *t = message->store;
	struct part *part = &t->parts[i];

	(void)context;
	out->locator = arena_printf(arena, "%.*s%sattachment=%zu",
	    (int)message->locator.n, (const char *)message->locator.p,
	    message->locator.n ? "/" : "", i + 1);
	out->bag = without_data(part, mapi_bag_finish(&part->builder));
	out->store = part;
	if (part->object.n > 16) {
		struct bytes inner = bytes_skip(part->object, 16);

		if (memcmp(part->object.p, iid_message, 16) == 0 &&
		    tnef_is(inner)) {
			out->embedded = arena_alloc(arena,
			    sizeof *out->embedded);
			out->embedded->locator = out->locator;
			out->embedded->state = BYTES_LIT("embedded");
			tnef_open(t->sink, arena, inner, out->embedded);
			return true;
		}
		part->data = inner;
		part->has_data = true;
	}
	out->data_bytes = part->data.n;
	if (part->has_data)
		out->data = part_data;
	return true;
}

bool
tnef_open(struct sink *sink, struct arena *arena, struct bytes stream,
    struct mapi_message *message)
{
	struct tnef *t = arena_alloc(arena, sizeof *t);

	t->sink = sink;
	t->arena = t->builder.arena = t->names.arena = arena;
	if (tnef_is(stream))
		read_attributes(t, stream);
	problems_say(t, message->locator);
	message->bag = mapi_bag_finish(&t->builder);
	message->names = (struct mapi_names){ t->names.list, t->names.count };
	message->codepage = t->codepage;
	message->recipients = t->recipients;
	message->recipient_count = t->recipient_count;
	message->attachment_count = t->count;
	message->attachment = attachment_load;
	message->store = t;
	message->as_stored = stream;
	return message->bag.count > 0 || t->count > 0;
}

size_t
tnef_attachments(struct bytes stream)
{
	struct cursor c = cursor_over(bytes_skip(stream, 6));
	size_t count = 0;

	if (!tnef_is(stream))
		return 0;
	while (cursor_left(&c) > 0) {
		uint8_t level = cursor_u8(&c);
		uint32_t id = cursor_le32(&c), length = cursor_le32(&c);

		if (level != LEVEL_MESSAGE && level != LEVEL_ATTACHMENT)
			break;
		/* As part_now() and part_new() count them. */
		if (level == LEVEL_ATTACHMENT && !c.failed &&
		    (count == 0 || (uint16_t)id == ATT_ATTACH_RENDDATA))
			count++;
		cursor_take(&c, length);
		cursor_le16(&c);
	}
	return count;
}

/* ---- the parser: a winmail.dat that lies alone */

static unsigned
tnef_probe(struct bytes head, uint64_t size)
{
	struct cursor c = cursor_over(bytes_skip(head, 6));
	uint8_t level = cursor_u8(&c);

	(void)size;
	if (!tnef_is(head))
		return 0;
	return level == LEVEL_MESSAGE || level == LEVEL_ATTACHMENT ? 40 : 32;
}

static enum outcome
tnef_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct mapi_message message = { .locator = BYTES_LIT(""),
		.state = BYTES_LIT("live") };
	struct bytes stream = BYTES_NONE;
	enum outcome outcome = OUTCOME_ITEM_LOST;

	(void)spec;
	if (!sink_item_begin(sink, BYTES_LIT("")))
		return OUTCOME_OK;
	if (input->size <= LIMIT_ITEM_BYTES)
		stream = input_slice(input, &sink->item, 0, input->size);
	if (!bytes_present(stream))
		sink_problem(sink, BYTES_LIT(""),
		    input->size > LIMIT_ITEM_BYTES ? PROBLEM_LIMIT_SIZE
						   : PROBLEM_UNREADABLE,
		    OUTCOME_ITEM_LOST, 1, "the file is larger than %zu bytes, "
		    "or cannot be read", LIMIT_ITEM_BYTES);
	else if (tnef_open(sink, &sink->item, stream, &message)) {
		mapi_message_say(sink, &message);
		outcome = OUTCOME_OK;
	} else
		sink_problem(sink, BYTES_LIT(""), PROBLEM_DAMAGED,
		    OUTCOME_ITEM_LOST, 1, "winmail.dat without any attribute "
		    "that can be read ([MS-OXTNEF] 2.1.3.1)");
	sink_item_end(sink);
	return outcome;
}

const struct parser parser_tnef = {
	.name = "tnef",
	.title = "Outlook attachment container (winmail.dat, TNEF)",
	.probe = tnef_probe,
	.run = tnef_run,
};
