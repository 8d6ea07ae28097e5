/* The XML of an item: what its elements mean. */
#include "parsers/base/limits.h"
#include "parsers/mail/olm_mime.h"

enum { LINES_MOST = 1024 * 1024 };

/* ---- addresses */

/* "Name" <address>: quotes and backslashes in the name are escaped. */
static void
add_address(struct olm_item *item, struct buffer *list, struct xml *xml)
{
	struct bytes name = xml_attribute(xml, item->arena,
	    "OPFContactEmailAddressName");
	struct bytes address = xml_attribute(xml, item->arena,
	    "OPFContactEmailAddressAddress");

	if (name.n == 0 && address.n == 0)
		return;
	buffer_add_cstr(list, list->n > 0 ? ", \"" : "\"");
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"' || name.p[i] == '\\')
			buffer_add_byte(list, '\\');
		buffer_add_byte(list, name.p[i] < 0x20 ? ' ' : name.p[i]);
	}
	buffer_add_cstr(list, "\" <");
	for (size_t i = 0; i < address.n; i++)
		if (address.p[i] > 0x20 && address.p[i] != '<' &&
		    address.p[i] != '>')
			buffer_add_byte(list, address.p[i]);
	buffer_add_byte(list, '>');
}

static struct buffer *
address_list(struct olm_item *item, struct bytes field)
{
	const struct {
		const char *name;
		struct buffer *list;
	} lists[] = { { "MessageCopyFromAddresses", &item->from },
		{ "MessageCopySenderAddress", &item->sender },
		{ "MessageCopyReplyToAddresses", &item->reply_to },
		{ "MessageCopyToAddresses", &item->to },
		{ "MessageCopyCCAddresses", &item->cc },
		{ "MessageCopyBCCAddresses", &item->bcc } };

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (bytes_ends(field, bytes_cstr(lists[i].name)))
			return lists[i].list;
	return NULL;
}

/* ---- attachments */

static void
add_attachment(struct olm_item *item, struct xml *xml)
{
	struct olm_attachment *a;

	if (item->attachment_count++ >= LIMIT_MIME_PARTS)
		return;
	a = arena_alloc(item->arena, sizeof *a);
	a->name = xml_attribute(xml, item->arena, "OPFAttachmentName");
	a->type = xml_attribute(xml, item->arena, "OPFAttachmentContentType");
	a->id = xml_attribute(xml, item->arena, "OPFAttachmentContentID");
	a->url = xml_attribute(xml, item->arena, "OPFAttachmentURL");
	if (item->attachments == NULL)
		item->last = &item->attachments;
	*item->last = a;
	item->last = &a->next;
}

/* ---- fields */

static struct bytes *
text_field(struct olm_item *item, struct bytes name)
{
	const struct {
		const char *name;
		struct bytes *field;
	} fields[] = { { "OPFMessageCopySubject", &item->subject },
		{ "OPFMessageCopyMessageID", &item->message_id },
		{ "OPFMessageCopyInternetMessageID", &item->message_id },
		{ "OPFMessageCopySentTime", &item->sent },
		{ "OPFMessageCopyReceivedTime", &item->received },
		{ "OPFMessageCopyBody", &item->body },
		{ "OPFMessageCopyHTMLBody", &item->html },
		{ "OPFMessageCopySource", &item->source },
		{ "OPFContactCopyDisplayName", &item->subject },
		{ "OPFCalendarEventCopySummary", &item->subject },
		{ "OPFCalendarEventCopyStartTime", &item->sent },
		{ "OPFTaskCopyName", &item->subject },
		{ "OPFNoteCopyTitle", &item->subject },
		{ "OPFGroupCopyName", &item->subject } };

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		if (bytes_eq(name, bytes_cstr(fields[i].name)))
			return fields[i].field;
	return NULL;
}

/* OPFContactCopyHomePhone is "HomePhone". */
static struct bytes
shown_name(struct bytes name)
{
	size_t at = bytes_find(name, BYTES_LIT("Copy"));

	if (!bytes_starts(name, BYTES_LIT("OPF")))
		return name;
	return at == SIZE_MAX ? bytes_skip(name, 3) : bytes_skip(name, at + 4);
}

static void
take_field(struct olm_item *item, struct buffer *rest, struct bytes name,
    struct bytes text)
{
	struct bytes *field = text_field(item, name);
	struct bytes label = shown_name(name), value = bytes_trim(text);

	if (bytes_ends(name, BYTES_LIT("GetIsRead")))
		item->unread = value.n > 0 && value.p[0] == '0';
	if (field != NULL && field->n == 0)
		*field = arena_dup(item->arena, text);
	/* Mail has its fields; of the others everything may tell of people. */
	if (bytes_eq(bytes_cstr(item->message_class), BYTES_LIT("IPM.Note")) ||
	    value.n == 0 || rest->n > LINES_MOST)
		return;
	buffer_printf(rest, "%.*s: %.*s\n", (int)label.n,
	    (const char *)label.p, (int)value.n, (const char *)value.p);
}

/* An element anywhere below a field. */
static void
take_inner(struct olm_item *item, struct xml *xml, struct bytes field,
    struct buffer *rest)
{
	struct buffer *list = address_list(item, field);
	struct bytes address;

	if (xml_is(xml, "messageAttachment")) {
		add_attachment(item, xml);
		return;
	}
	if (list != NULL) {
		add_address(item, list, xml);
		return;
	}
	address = xml_attribute(xml, item->arena,
	    "OPFContactEmailAddressAddress");
	if (address.n > 0)
		take_field(item, rest, field, address);
}

void
olm_item_read(struct olm_item *item, struct xml *xml)
{
	struct buffer text = BUFFER_EMPTY, rest = BUFFER_EMPTY;
	struct bytes field = BYTES_NONE;
	unsigned depth = 1;

	for (enum xml_event e; depth > 0 && (e = xml_next(xml)) != XML_END;) {
		if (e == XML_OPEN && ++depth == 2) {
			field = arena_dup(item->arena, xml_name(xml));
			buffer_reset(&text);
		}
		if (e == XML_OPEN)
			take_inner(item, xml, field, &rest);
		else if (e == XML_TEXT && depth > 1 &&
			 text.n < LIMIT_TEXT_BYTES)
			buffer_add_bytes(&text, xml_text(xml));
		else if (e == XML_CLOSE && --depth == 1)
			take_field(item, &rest, field, buffer_bytes(&text));
	}
	item->rest = arena_dup(item->arena, buffer_bytes(&rest));
	buffer_release(&text);
	buffer_release(&rest);
}

void
olm_item_release(struct olm_item *item)
{
	buffer_release(&item->from);
	buffer_release(&item->sender);
	buffer_release(&item->reply_to);
	buffer_release(&item->to);
	buffer_release(&item->cc);
	buffer_release(&item->bcc);
}
