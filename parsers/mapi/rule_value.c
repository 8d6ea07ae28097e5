/* Values inside rules, and the lists that parameters are. */
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "parsers/mapi/mapi.h"
#include "parsers/mapi/rule.h"

void
rule_parameter_add(struct rule_parameters *p, const char *name,
    struct bytes value)
{
	if (p->count == p->room) {
		size_t room = p->room ? p->room * 2 : 16;
		struct rule_parameter *more = arena_array(p->arena, room,
		    sizeof *more);

		if (p->count > 0)
			memcpy(more, p->list, p->count * sizeof *more);
		p->list = more;
		p->room = room;
	}
	p->list[p->count++] = (struct rule_parameter){ name, value };
}

struct bytes
rule_list_add(struct arena *arena, struct bytes list, struct bytes value)
{
	/* Nobody writes such a list; copies of it would fill the arena. */
	if (list.n > LIMIT_RULE_LIST)
		return bytes_ends(list, BYTES_LIT("; (more)"))
			   ? list
			   : arena_printf(arena, "%.*s; (more)", (int)list.n,
				 (const char *)list.p);
	return list.n == 0 ? value
			   : arena_printf(arena, "%.*s; %.*s", (int)list.n,
				 (const char *)list.p, (int)value.n,
				 value.p ? (const char *)value.p : "");
}

struct bytes
rule_extended_rest(struct bytes blob)
{
	struct cursor c = cursor_over(blob);
	size_t names = cursor_le16(&c);

	/* Ids, then the names in so many bytes. */
	if (names > 0) {
		cursor_take(&c, names * 2);
		cursor_take(&c, cursor_le32(&c));
	}
	return c.failed ? BYTES_NONE : bytes_skip(blob, c.at);
}

/* ---- one value */

static struct bytes
string8(struct arena *arena, struct cursor *c)
{
	struct bytes left = bytes_skip(c->data, c->at);
	size_t n = bytes_find_byte(left, 0);
	enum text_quality quality;

	if (n == SIZE_MAX) {
		c->failed = true;
		return BYTES_NONE;
	}
	left = cursor_take(c, n);
	cursor_take(c, 1);
	return text_is_utf8(left) ? text_repair_utf8(arena, left)
				  : text_from_codepage(arena, 1252, left,
				        &quality);
}

static struct bytes
string16(struct arena *arena, struct cursor *c)
{
	struct bytes left = bytes_skip(c->data, c->at);
	size_t n = 0;

	while (n + 2 <= left.n && (left.p[n] != 0 || left.p[n + 1] != 0))
		n += 2;
	if (n + 2 > left.n) {
		c->failed = true;
		return BYTES_NONE;
	}
	left = cursor_take(c, n);
	cursor_take(c, 2);
	return text_from_utf16le(arena, left);
}

/* Search keys are texts with a NUL; other binary values are counted. */
static struct bytes
binary(struct arena *arena, struct bytes b)
{
	struct bytes text = b;

	while (text.n > 0 && text.p[text.n - 1] == 0)
		text.n--;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < ' ' || text.p[i] > '~')
			return arena_printf(arena, "(%zu bytes)", b.n);
	return arena_dup(arena, text);
}

static struct bytes
strings(struct arena *arena, struct cursor *c, uint16_t type)
{
	uint32_t count = cursor_le32(c);
	struct bytes all = BYTES_LIT("");

	while (count-- > 0 && !c->failed)
		all = rule_list_add(arena, all,
		    type == MAPI_UNICODE ? string16(arena, c)
					 : string8(arena, c));
	return all;
}

struct bytes
rule_value_read(struct arena *arena, struct cursor *c, uint16_t type,
    bool extended)
{
	switch (type) {
	case MAPI_INT16:
		return arena_printf(arena, "%d", (int16_t)cursor_le16(c));
	case MAPI_INT32:
	case 0x000A: /* PtypErrorCode */
		return arena_printf(arena, "%d", (int32_t)cursor_le32(c));
	case MAPI_BOOLEAN:
		return cursor_u8(c) ? BYTES_LIT("True") : BYTES_LIT("False");
	case MAPI_INT64:
		return arena_printf(arena, "%lld",
		    (long long)cursor_le64(c));
	case MAPI_TIME:
		return utc_text(arena,
		    utc_from_filetime(cursor_le64(c)));
	case MAPI_STRING8:
		return string8(arena, c);
	case MAPI_UNICODE:
		return string16(arena, c);
	case 0x1000 | MAPI_STRING8:
		return strings(arena, c, MAPI_STRING8);
	case 0x1000 | MAPI_UNICODE:
		return strings(arena, c, MAPI_UNICODE);
	case MAPI_GUID:
		return binary(arena, cursor_take(c, 16));
	case MAPI_BINARY:
		return binary(arena,
		    cursor_take(c, extended ? cursor_le32(c)
					    : cursor_le16(c)));
	default:
		c->failed = true;
		return BYTES_NONE;
	}
}
