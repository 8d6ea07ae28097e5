#include "parsers/mapi/property.h"

#include "parsers/base/cursor.h"
#include "parsers/base/limits.h"
#include "parsers/base/utc.h"

enum { MULTIPLE = 0x1000 };

const struct mapi_property *
mapi_find(const struct mapi_bag *bag, uint16_t id)
{
	size_t low = 0, high = bag->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bag->list[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < bag->count && bag->list[low].id == id ? &bag->list[low]
							   : NULL;
}

/* Terminators that a store kept are not of the text. */
static struct bytes
without_nul(struct bytes b)
{
	while (b.n > 0 && b.p[b.n - 1] == 0)
		b.n--;
	return b;
}

static struct bytes
from_utf16(struct mapi_text *text, struct bytes value)
{
	if (value.n % 2 != 0)
		text->lossy = true;
	return without_nul(text_from_utf16le(text->arena,
	    bytes_slice(value, 0, value.n & ~(size_t)1)));
}

static struct bytes
from_string8(struct mapi_text *text, struct bytes value)
{
	enum text_quality quality;
	/* A UTF-8 code page and other bytes: the page is of the body only. */
	uint32_t codepage = text->codepage == 65001 && !text_is_utf8(value)
				? 0
				: text->codepage;
	struct bytes out = text_from_codepage(text->arena, codepage,
	    without_nul(value), &quality);

	text->lossy |= quality == TEXT_LOSSY;
	text->unknown |= quality == TEXT_UNKNOWN;
	return out.p ? out : BYTES_LIT("");
}

struct bytes
mapi_string_value(struct mapi_text *text, const struct mapi_property *property)
{
	if (property == NULL || !bytes_present(property->value))
		return BYTES_NONE;
	if (property->type == MAPI_UNICODE)
		return from_utf16(text, property->value);
	if (property->type == MAPI_STRING8)
		return from_string8(text, property->value);
	return BYTES_NONE;
}

struct bytes
mapi_string(struct mapi_text *text, const struct mapi_bag *bag, uint16_t id)
{
	return mapi_string_value(text, mapi_find(bag, id));
}

struct bytes
mapi_binary(const struct mapi_bag *bag, uint16_t id)
{
	const struct mapi_property *property = mapi_find(bag, id);

	return property != NULL && property->type == MAPI_BINARY
		   ? property->value
		   : BYTES_NONE;
}

static size_t
number_width(uint16_t type)
{
	switch (type) {
	case MAPI_BOOLEAN:
		return 1; /* stores leave junk in the upper byte */
	case MAPI_INT16:
		return 2;
	case MAPI_INT32:
		return 4;
	case MAPI_INT64:
	case MAPI_TIME:
		return 8;
	default:
		return 0;
	}
}

int64_t
mapi_number(const struct mapi_bag *bag, uint16_t id, int64_t missing)
{
	const struct mapi_property *property = mapi_find(bag, id);
	struct cursor c;
	uint64_t value;
	size_t width;

	if (property == NULL)
		return missing;
	width = number_width(property->type);
	c = cursor_over(property->value);
	value = cursor_le(&c, width);
	return width == 0 || c.failed ? missing : (int64_t)value;
}

int64_t
mapi_time(const struct mapi_bag *bag, uint16_t id)
{
	const struct mapi_property *property = mapi_find(bag, id);
	struct cursor c;
	uint64_t value;

	if (property == NULL || property->type != MAPI_TIME)
		return UTC_NONE;
	c = cursor_over(property->value);
	value = cursor_le64(&c);
	return c.failed ? UTC_NONE : utc_from_filetime(value);
}

/* [MS-PST] 2.3.3.4.2: count, offsets, items; item i ends where i+1 begins.
 * Items that do not fit are left out. */
struct bytes *
mapi_binaries(struct mapi_text *text, const struct mapi_property *property,
    size_t *count)
{
	struct cursor c;
	struct bytes *list;
	uint32_t promised, from;

	*count = 0;
	if (property == NULL || property->value.n < 4)
		return NULL;
	c = cursor_over(property->value);
	promised = cursor_le32(&c);
	text->cut_values |= promised > (property->value.n - 4) / 4 ||
			    promised > LIMIT_MAPI_VALUES;
	if (promised > (property->value.n - 4) / 4)
		promised = (uint32_t)((property->value.n - 4) / 4);
	if (promised > LIMIT_MAPI_VALUES)
		promised = LIMIT_MAPI_VALUES;
	list = arena_array(text->arena, promised + 1, sizeof *list);
	from = promised > 0 ? cursor_le32(&c) : 0;
	for (uint32_t i = 0; i < promised; i++) {
		uint32_t to = i + 1 < promised
				  ? cursor_le32(&c)
				  : (uint32_t)property->value.n;

		if (from <= to && to <= property->value.n)
			list[(*count)++] = bytes_slice(property->value, from,
			    to);
		else
			text->cut_values = true;
		from = to;
	}
	return list;
}

struct bytes *
mapi_strings(struct mapi_text *text, const struct mapi_property *property,
    size_t *count)
{
	struct bytes *list;
	struct mapi_property one = { 0 };

	*count = 0;
	if (property == NULL || (property->type != (MULTIPLE | MAPI_UNICODE) &&
				    property->type != (MULTIPLE | MAPI_STRING8)))
		return NULL;
	list = mapi_binaries(text, property, count);
	one.type = property->type & (uint16_t)~MULTIPLE;
	for (size_t i = 0; i < *count; i++) {
		one.value = list[i];
		list[i] = mapi_string_value(text, &one);
	}
	return list;
}

static bool
names_ascend(const struct mapi_names *names)
{
	for (size_t i = 1; i < names->count; i++)
		if (names->list[i - 1].id >= names->list[i].id)
			return false;
	return true;
}

static const struct mapi_name *
name_of_id(const struct mapi_names *names, bool ascend, uint16_t id)
{
	size_t low = 0, high = names->count;

	while (ascend && low < high) {
		size_t middle = low + (high - low) / 2;

		if (names->list[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < names->count; low++) {
		if (names->list[low].id == id)
			return &names->list[low];
		if (ascend)
			break;
	}
	return NULL;
}

struct mapi_named_list
mapi_names_resolve(struct arena *arena, const struct mapi_message *message)
{
	const struct mapi_bag *bag = &message->bag;
	struct mapi_named_list out = { 0 };
	bool ascend = names_ascend(&message->names);

	out.list = arena_array(arena, bag->count, sizeof *out.list);
	for (size_t i = bag->count; i > 0 && bag->list[i - 1].id >= 0x8000;
	     i--) {
		const struct mapi_name *name = name_of_id(&message->names,
		    ascend, bag->list[i - 1].id);

		if (name != NULL)
			out.list[out.count++] = (struct mapi_named){ name,
				&bag->list[i - 1] };
	}
	return out;
}

const struct mapi_property *
mapi_named(const struct mapi_named_list *named, uint32_t set, uint32_t lid)
{
	static const uint8_t tail[12] = { 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0,
		0x46 };

	for (size_t i = 0; i < named->count; i++) {
		const struct mapi_name *name = named->list[i].name;
		struct cursor c = cursor_over(bytes_of(name->set, 16));

		if (name->lid == lid && !bytes_present(name->text) &&
		    cursor_le32(&c) == set &&
		    memcmp(name->set + 4, tail, sizeof tail) == 0)
			return named->list[i].property;
	}
	return NULL;
}

/* ---- entry ids */

static const uint8_t one_off_provider[16] = { 0x81, 0x2B, 0x1F, 0xA4, 0xBE,
	0xA3, 0x10, 0x19, 0x9D, 0x6E, 0x00, 0xDD, 0x01, 0x0F, 0x54, 0x02 };
static const uint8_t exchange_provider[16] = { 0xDC, 0xA7, 0x40, 0xC8, 0xC0,
	0x42, 0x10, 0x1A, 0xB4, 0xB9, 0x08, 0x00, 0x2B, 0x2F, 0xE1, 0x82 };

/* Up to its terminator, which must be there. */
static struct bytes
take_terminated(struct mapi_text *text, struct cursor *c, bool unicode)
{
	struct mapi_property one = { .type = unicode ? MAPI_UNICODE
						     : MAPI_STRING8 };
	size_t width = unicode ? 2 : 1, n = 0, left = cursor_left(c);
	const uint8_t *p = left > 0 ? c->data.p + c->at : NULL;

	while (n + width <= left && (p[n] != 0 || (unicode && p[n + 1] != 0)))
		n += width;
	one.value = cursor_take(c, n);
	cursor_take(c, width);
	return c->failed ? BYTES_LIT("") : mapi_string_value(text, &one);
}

bool
mapi_entry_parse(struct mapi_text *text, struct bytes entry_id,
    struct mapi_entry *out)
{
	struct cursor c = cursor_over(entry_id);
	struct bytes provider;
	uint16_t flags;

	*out = (struct mapi_entry){ BYTES_LIT(""), BYTES_LIT(""),
		BYTES_LIT("") };
	cursor_le32(&c);
	provider = cursor_take(&c, 16);
	if (c.failed)
		return false;
	if (memcmp(provider.p, exchange_provider, 16) == 0) {
		cursor_take(&c, 8); /* version, type */
		out->type = BYTES_LIT("EX");
		out->address = take_terminated(text, &c, false);
		return !c.failed;
	}
	if (memcmp(provider.p, one_off_provider, 16) != 0)
		return false;
	cursor_le16(&c); /* version */
	flags = cursor_le16(&c);
	out->name = take_terminated(text, &c, flags & 0x8000);
	out->type = take_terminated(text, &c, flags & 0x8000);
	out->address = take_terminated(text, &c, flags & 0x8000);
	return !c.failed;
}
