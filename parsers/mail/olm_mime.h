/* An item of an Outlook for Mac archive, from its XML to MIME. */
#ifndef PARSERS_MAIL_OLM_MIME_H
#define PARSERS_MAIL_OLM_MIME_H

#include "parsers/base/buffer.h"
#include "parsers/documents/xml.h"
#include "parsers/parser.h"

struct olm_attachment {
	struct bytes name, type, id, url;
	struct olm_attachment *next;
};

struct olm_item {
	struct arena *arena;
	const char *message_class;
	struct bytes subject, message_id, sent, received, body, html, source;
	/* As header fields write them. */
	struct buffer from, sender, reply_to, to, cc, bcc;
	struct bytes rest;  /* lines "Name: text" of contacts, events, ... */
	bool unread;
	struct olm_attachment *attachments, **last;
	size_t attachment_count;
};

/* From after the item's start tag to its end tag; release in any case. */
void olm_item_read(struct olm_item *item, struct xml *xml);
void olm_item_release(struct olm_item *item);

/* The message in the arena; attachments that cannot be had are problem rows
 * at `locator` and empty parts. */
struct bytes olm_mime(const struct olm_item *item, const struct input *input,
    struct sink *sink, struct arena *arena, struct bytes locator);

#endif
