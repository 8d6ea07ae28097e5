/* A rule's actions, [MS-OXORULE] 2.2.5: what they do, and to whom. */
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/mapi/mapi.h"
#include "parsers/mapi/rule.h"

enum { OP_MOVE = 1, OP_COPY, OP_REPLY, OP_OOF_REPLY, OP_DEFER, OP_BOUNCE,
	OP_FORWARD, OP_DELEGATE, OP_TAG, OP_DELETE, OP_READ };

/* ActionFlavor of OP_FORWARD: keep sender, no notes (both: a redirect), as
 * attachment, as a text message. */
enum { FLAVOR_PRESERVE = 1, FLAVOR_PLAIN = 2, FLAVOR_ATTACHMENT = 4,
	FLAVOR_SMS = 8 };

struct actions {
	struct rule_parameters *out;
	struct arena *arena;
	bool extended;
};

static uint32_t
count_read(const struct actions *a, struct cursor *c)
{
	return a->extended ? cursor_le32(c) : cursor_le16(c);
}

/* The best address that a recipient's properties give. */
static struct bytes
recipient_read(const struct actions *a, struct cursor *c)
{
	struct bytes smtp = BYTES_NONE, address = BYTES_NONE,
		     name = BYTES_NONE;
	uint32_t count;

	cursor_u8(c);
	count = count_read(a, c);
	while (count-- > 0 && !c->failed) {
		uint32_t tag = cursor_le32(c);
		struct bytes value = rule_value_read(a->arena, c,
		    (uint16_t)tag, a->extended);

		switch (tag >> 16) {
		case 0x39FE:
			smtp = value;
			break;
		case 0x3003:
			address = value;
			break;
		case 0x3001:
			name = value;
			break;
		case 0x300B: /* search key: SMTP:ADDRESS */
			if (smtp.n == 0 && bytes_starts_nocase(value,
			                       BYTES_LIT("SMTP:")))
				smtp = bytes_skip(value, 5);
			break;
		default:
			break;
		}
	}
	return smtp.n > 0 ? smtp : address.n > 0 ? address : name;
}

static struct bytes
recipients_read(const struct actions *a, struct cursor *c)
{
	uint32_t count = count_read(a, c);
	struct bytes all = BYTES_LIT("");

	while (count-- > 0 && !c->failed) {
		struct bytes one = recipient_read(a, c);

		all = rule_list_add(a->arena, all,
		    one.n > 0 ? one : BYTES_LIT("(no address)"));
	}
	return all;
}

/* The folder's entry id, in hex: nothing in the rule has its name. */
static struct bytes
folder_read(const struct actions *a, struct cursor *c)
{
	struct bytes id;

	if (!a->extended)
		cursor_u8(c); /* FolderInThisStore */
	cursor_take(c, count_read(a, c));
	id = cursor_take(c, count_read(a, c));
	return c->failed ? BYTES_LIT("a folder")
			 : arena_printf(a->arena, "a folder (%zu bytes of id)",
			       id.n);
}

static const char *
forward_name(uint32_t flavor)
{
	if (flavor & FLAVOR_ATTACHMENT)
		return "ForwardAsAttachmentTo";
	if (flavor & FLAVOR_SMS)
		return "SendTextMessageNotificationTo";
	return (flavor & (FLAVOR_PRESERVE | FLAVOR_PLAIN)) ==
	               (FLAVOR_PRESERVE | FLAVOR_PLAIN)
		   ? "RedirectTo"
		   : "ForwardTo";
}

static bool
action_read(const struct actions *a, struct bytes block)
{
	struct cursor c = cursor_over(block);
	unsigned type = cursor_u8(&c);
	uint32_t flavor = cursor_le32(&c);

	cursor_le32(&c); /* ActionFlags */
	switch (type) {
	case OP_MOVE:
		rule_parameter_add(a->out, "MoveToFolder", folder_read(a, &c));
		break;
	case OP_COPY:
		rule_parameter_add(a->out, "CopyToFolder", folder_read(a, &c));
		break;
	case OP_REPLY:
	case OP_OOF_REPLY:
		rule_parameter_add(a->out, "ReplyWith",
		    type == OP_REPLY ? BYTES_LIT("a template")
				     : BYTES_LIT("the out of office text"));
		break;
	case OP_DEFER:
		rule_parameter_add(a->out, "ClientAction",
		    arena_printf(a->arena, "%zu bytes for Outlook alone",
		        cursor_left(&c)));
		break;
	case OP_BOUNCE:
		rule_parameter_add(a->out, "RejectWith",
		    arena_printf(a->arena, "code %u", cursor_le32(&c)));
		break;
	case OP_FORWARD:
		rule_parameter_add(a->out, forward_name(flavor),
		    recipients_read(a, &c));
		break;
	case OP_DELEGATE:
		rule_parameter_add(a->out, "DelegateTo",
		    recipients_read(a, &c));
		break;
	case OP_TAG:
		rule_parameter_add(a->out, "SetProperty",
		    arena_printf(a->arena, "0x%04x",
		        cursor_le32(&c) >> 16));
		break;
	case OP_DELETE:
		rule_parameter_add(a->out, "DeleteMessage", BYTES_LIT("True"));
		break;
	case OP_READ:
		rule_parameter_add(a->out, "MarkAsRead", BYTES_LIT("True"));
		break;
	default:
		rule_parameter_add(a->out, "OtherAction",
		    arena_printf(a->arena, "type %u", type));
	}
	return !c.failed;
}

bool
rule_actions_read(struct rule_parameters *out, struct bytes blob,
    bool extended)
{
	struct actions a = { out, out->arena, extended };
	struct cursor c;
	uint32_t count;
	size_t done = 0;
	bool whole = true;

	if (extended)
		blob = rule_extended_rest(blob);
	c = cursor_over(blob);
	if (extended)
		cursor_le32(&c); /* RuleVersion */
	count = count_read(&a, &c);
	while (count-- > 0 && !c.failed && done++ < LIMIT_RULE_TERMS) {
		uint32_t n = count_read(&a, &c);
		/* What a damaged length cuts off is still read. */
		struct bytes block = n <= cursor_left(&c)
					 ? cursor_take(&c, n)
					 : cursor_take(&c, cursor_left(&c));

		whole &= action_read(&a, block) && n == block.n;
	}
	return whole && !c.failed && count == UINT32_MAX;
}
