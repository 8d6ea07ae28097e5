/*
 * One item's records as a message: its original bytes, or MIME made of what
 * the store holds (RFC 5322, 2045 to 2047, 2183, 2231).  A rendering has the
 * transport headers as they were, bodies as UTF-8 and attachments as they
 * are, messages in messages inside; its first lines say what it is.
 */
#include <stdio.h>
#include <stdlib.h>

#include "forensics/ingest/frame.h"
#include "parsers/base/die.h"
#include "reports/export/eml_write.h"
#include "reports/export/export.h"
#include "reports/version.h"

struct said {
	int64_t idx;
	size_t at; /* order in which it was said */
	enum record_kind kind;
	union record_any record;
};

struct rendering {
	struct said *list; /* by idx, then as said */
	size_t count, room;
	struct buffer *messages; /* rendered ones, by position of their row */
	struct bytes origin;
	struct buffer *out;
};

/* ---- records */

static int64_t
idx_of(enum record_kind kind, const union record_any *record)
{
	switch (kind) {
	case RECORD_KIND_MESSAGE:
		return record->message.idx;
	case RECORD_KIND_ADDRESS:
		return record->address.idx;
	case RECORD_KIND_ATTACHMENT:
		return record->attachment.idx;
	case RECORD_KIND_CONTENT:
		return record->content.idx;
	default:
		return -1;
	}
}

static int
compare_said(const void *a, const void *b)
{
	const struct said *x = a, *y = b;

	if (x->idx != y->idx)
		return x->idx < y->idx ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static void
take_records(struct rendering *r, struct bytes frames)
{
	struct frame frame;

	while (frames.n > 0) {
		struct said *said;

		/* They were checked when they came. */
		BUG_ON(frame_take(&frames, &frame) != FRAME_WHOLE);
		if (r->count == r->room) {
			r->room = r->room * 2 + 64;
			r->list = reallocarray(r->list, r->room,
			    sizeof *r->list);
			if (r->list == NULL)
				die_machine("out of memory");
		}
		said = &r->list[r->count];
		said->kind = frame.aux;
		said->at = r->count;
		if (!record_decode(frame.aux, frame.payload, &said->record))
			continue;
		said->idx = idx_of(frame.aux, &said->record);
		if (said->idx >= 0)
			r->count++;
	}
	if (r->count > 0)
		qsort(r->list, r->count, sizeof *r->list, compare_said);
}

static bool
take_original(const struct rendering *r, struct buffer *out)
{
	bool any = false;

	for (size_t i = 0; i < r->count && r->list[i].idx == 0; i++) {
		const struct record_content *c = &r->list[i].record.content;

		if (r->list[i].kind != RECORD_KIND_CONTENT ||
		    !bytes_eq(c->role, BYTES_LIT("original")))
			continue;
		any = true;
		buffer_add_bytes(out, c->piece);
	}
	return any;
}

/* Pieces of one role (and part) of a message, put together. */
static bool
collect(const struct said *list, size_t count, const char *role,
    struct bytes part, struct buffer *out)
{
	bool any = false;

	buffer_reset(out);
	for (size_t i = 0; i < count; i++) {
		const struct record_content *c = &list[i].record.content;

		if (list[i].kind != RECORD_KIND_CONTENT ||
		    !bytes_eq(c->role, bytes_cstr(role)) ||
		    (part.n > 0 && !bytes_eq(c->part, part)))
			continue;
		any = true;
		buffer_add_bytes(out, c->piece);
	}
	return any;
}

/* ---- headers */

/* Fields that say how the body is made: ours is made otherwise. */
static bool
is_of_body(struct bytes line)
{
	return bytes_starts_nocase(line, BYTES_LIT("content-")) ||
	       bytes_starts_nocase(line, BYTES_LIT("mime-version:"));
}

static void
add_transport_headers(struct buffer *out, struct bytes block)
{
	struct bytes line;
	bool skipped = false;

	while (bytes_line(&block, &line)) {
		bool folded = line.n > 0 &&
			      (line.p[0] == ' ' || line.p[0] == '\t');

		if (line.n == 0)
			continue;
		if (!folded)
			skipped = is_of_body(line) ||
				  bytes_find_byte(line, ':') == SIZE_MAX;
		if (skipped)
			continue;
		for (size_t i = 0; i < line.n; i++)
			buffer_add_byte(out, line.p[i] == '\r' ||
			    line.p[i] == 0 ? ' ' : line.p[i]);
		buffer_add_cstr(out, "\r\n");
	}
}

static void
add_addresses(struct buffer *out, const struct said *list, size_t count,
    const char *field, const char *role)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		const struct record_address *a = &list[i].record.address;

		if (list[i].kind != RECORD_KIND_ADDRESS ||
		    !bytes_eq(a->role, bytes_cstr(role)))
			continue;
		buffer_printf(out, "%s", any ? ",\r\n " : field);
		any = true;
		eml_add_address(out, a->name, a->address);
	}
	if (any)
		buffer_add_cstr(out, "\r\n");
}

static void
add_field(struct buffer *out, const char *name, struct bytes value)
{
	if (value.n == 0)
		return;
	buffer_add_cstr(out, name);
	eml_add_words(out, value);
	buffer_add_cstr(out, "\r\n");
}

static void
add_made_headers(struct buffer *out, const struct said *list, size_t count,
    const struct record_message *m)
{
	add_addresses(out, list, count, "From: ", "from");
	add_addresses(out, list, count, "Sender: ", "sender");
	add_addresses(out, list, count, "Reply-To: ", "reply_to");
	add_addresses(out, list, count, "To: ", "to");
	add_addresses(out, list, count, "Cc: ", "cc");
	add_addresses(out, list, count, "Bcc: ", "bcc");
	add_field(out, "Subject: ", m->subject);
	if (m->sent_us != RECORD_NONE)
		eml_add_date(out, "Date: ", m->sent_us);
	add_field(out, "Message-ID: ", m->internet_message_id);
}

static void
add_headers(struct rendering *r, struct buffer *out, const struct said *list,
    size_t count, const struct record_message *m)
{
	struct buffer block = BUFFER_EMPTY;

	buffer_printf(out, "X-Postmortem-Rendered: by postmortem "
		POSTMORTEM_VERSION "; the evidence holds the parts of this "
		"message,\r\n not these bytes\r\n");
	if (m->idx == 0)
		add_field(out, "X-Postmortem-Source: ", r->origin);
	if (collect(list, count, "headers", BYTES_NONE, &block))
		add_transport_headers(out, buffer_bytes(&block));
	else
		add_made_headers(out, list, count, m);
	buffer_release(&block);
}

/* ---- bodies and attachments */

static bool
add_body(struct buffer *out, const struct said *list, size_t count,
    const char *role, const char *type, const char *boundary)
{
	struct buffer text = BUFFER_EMPTY;
	bool there = collect(list, count, role, BYTES_NONE, &text);

	if (there) {
		buffer_printf(out, "--%s\r\nContent-Type: %s; charset=utf-8"
				   "\r\n", boundary, type);
		eml_add_base64(out, buffer_bytes(&text));
	}
	buffer_release(&text);
	return there;
}

/* Plain, what RTF says beyond it, HTML; a multipart has a part at least. */
static void
add_bodies(struct buffer *out, const struct said *list, size_t count,
    const char *boundary)
{
	bool any = add_body(out, list, count, "plain", "text/plain", boundary);

	any |= add_body(out, list, count, "rtf", "text/plain", boundary);
	any |= add_body(out, list, count, "html", "text/html", boundary);
	if (!any)
		buffer_printf(out, "--%s\r\n\r\n", boundary);
	buffer_printf(out, "--%s--\r\n", boundary);
}

static const struct buffer *
rendered_of(const struct rendering *r, int64_t idx)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->list[i].kind == RECORD_KIND_MESSAGE &&
		    r->list[i].record.message.idx == idx)
			return &r->messages[i];
	return NULL;
}

static void
add_attachment(struct rendering *r, struct buffer *out,
    const struct said *list, size_t count, const struct record_attachment *a,
    const char *boundary)
{
	struct buffer content = BUFFER_EMPTY;
	const struct buffer *inner = NULL;
	bool there = collect(list, count, "attachment", a->part, &content);

	if (!there && a->embedded_idx != RECORD_NONE)
		inner = rendered_of(r, a->embedded_idx);
	buffer_printf(out, "--%s\r\n", boundary);
	if (inner != NULL && inner->n > 0) {
		buffer_add_cstr(out, "Content-Type: message/rfc822\r\n\r\n");
		buffer_add_bytes(out, buffer_bytes(inner));
		buffer_add_cstr(out, "\r\n");
	} else if (there) {
		eml_add_part_head(out, a->content_type, a->name);
		eml_add_base64(out, buffer_bytes(&content));
	} else {
		eml_add_part_head(out, BYTES_LIT("text/plain"), a->name);
		buffer_add_cstr(out, "X-Postmortem-Rendered: the store does "
				     "not give this attachment's bytes\r\n");
		eml_add_base64(out, BYTES_LIT(""));
	}
	buffer_release(&content);
}

/* `from` is the place of the message's row; its records are around it. */
static void
render_message(struct rendering *r, size_t row)
{
	const struct record_message *m = &r->list[row].record.message;
	struct buffer *out = &r->messages[row];
	size_t from = row, to = row;
	const struct said *list;
	char outer[64], inner[64];

	while (from > 0 && r->list[from - 1].idx == m->idx)
		from--;
	while (to < r->count && r->list[to].idx == m->idx)
		to++;
	list = &r->list[from];
	snprintf(outer, sizeof outer, "=_postmortem_%lld",
	    (long long)m->idx);
	snprintf(inner, sizeof inner, "=_postmortem_%lld_body",
	    (long long)m->idx);
	add_headers(r, out, list, to - from, m);
	buffer_printf(out, "MIME-Version: 1.0\r\nContent-Type: "
		"multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n"
		"Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n",
	    outer, outer, inner);
	add_bodies(out, list, to - from, inner);
	for (size_t i = from; i < to; i++)
		if (r->list[i].kind == RECORD_KIND_ATTACHMENT)
			add_attachment(r, out, list, to - from,
			    &r->list[i].record.attachment, outer);
	buffer_printf(out, "--%s--\r\n", outer);
}

/* Children have larger numbers: from the last to the first. */
static void
render(struct rendering *r)
{
	r->messages = calloc(r->count + 1, sizeof *r->messages);
	if (r->messages == NULL)
		die_machine("out of memory");
	for (size_t i = r->count; i-- > 0;)
		if (r->list[i].kind == RECORD_KIND_MESSAGE)
			render_message(r, i);
	for (size_t i = 0; i < r->count; i++) {
		if (r->list[i].kind == RECORD_KIND_MESSAGE &&
		    r->list[i].idx == 0)
			buffer_add_bytes(r->out,
			    buffer_bytes(&r->messages[i]));
		buffer_release(&r->messages[i]);
	}
	free(r->messages);
}

bool
export_render(struct bytes frames, struct bytes origin, struct buffer *out)
{
	struct rendering r = { .origin = origin, .out = out };
	bool original;

	take_records(&r, frames);
	original = take_original(&r, out);
	if (!original)
		render(&r);
	free(r.list);
	return original;
}
