#include "parsers/mail/olm_mime.h"

#include <stdio.h>

#include "parsers/base/limits.h"
#include "parsers/base/utc.h"

/* One line: what is no text of a field becomes a blank. */
static void
put_field(struct buffer *out, const char *name, struct bytes value)
{
	if (bytes_trim(value).n == 0)
		return;
	buffer_printf(out, "%s: ", name);
	for (size_t i = 0; i < value.n; i++)
		buffer_add_byte(out, value.p[i] < 0x20 || value.p[i] == 0x7f
					 ? ' ' : value.p[i]);
	buffer_add_byte(out, '\n');
}

/* ISO as Outlook writes it, without a zone: UTC. */
static void
put_time(struct buffer *out, const char *name, const char *before,
    struct bytes value)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
		"May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int64_t us = utc_from_iso(bytes_trim(value));
	struct utc_parts t;

	if (us == UTC_NONE) {
		/* Some versions write RFC 5322's form. */
		if (utc_from_mail(value) != UTC_NONE) {
			buffer_printf(out, "%s: %s", name, before);
			put_field(out, "", value);
		}
		return;
	}
	t = utc_split(us);
	buffer_printf(out, "%s: %s%d %s %04d %02d:%02d:%02d +0000\n", name,
	    before, t.day, months[t.month - 1], t.year, t.hour, t.minute,
	    t.second);
}

static void
put_header(struct buffer *out, const struct olm_item *item)
{
	put_time(out, "Received", "from olm; ", item->received);
	put_field(out, "From", buffer_bytes(&item->from));
	put_field(out, "Sender", buffer_bytes(&item->sender));
	put_field(out, "Reply-To", buffer_bytes(&item->reply_to));
	put_field(out, "To", buffer_bytes(&item->to));
	put_field(out, "Cc", buffer_bytes(&item->cc));
	put_field(out, "Bcc", buffer_bytes(&item->bcc));
	put_field(out, "Subject", item->subject);
	put_field(out, "Message-ID", item->message_id);
	put_time(out, "Date", "", item->sent);
	buffer_add_cstr(out, "MIME-Version: 1.0\n");
}

/* ---- parts */

struct part {
	struct bytes type, name, id, content;
};

static bool
is_html(struct bytes text)
{
	text = bytes_trim(bytes_slice(text, 0, 4096));
	return bytes_starts_nocase(text, BYTES_LIT("<html")) ||
	       bytes_starts_nocase(text, BYTES_LIT("<!doctype html")) ||
	       bytes_starts_nocase(text, BYTES_LIT("<head")) ||
	       bytes_starts_nocase(text, BYTES_LIT("<body"));
}

static size_t
body_parts(const struct olm_item *item, struct part *parts)
{
	struct bytes plain = BYTES_LIT("text/plain; charset=utf-8");
	struct bytes html = BYTES_LIT("text/html; charset=utf-8");
	size_t count = 0;

	if (item->body.n > 0 || (item->html.n == 0 && item->rest.n == 0))
		parts[count++] = (struct part){ .content = item->body,
			.type = is_html(item->body) ? html : plain };
	if (item->html.n > 0 && !bytes_eq(item->html, item->body))
		parts[count++] = (struct part){ .content = item->html,
			.type = html };
	if (item->rest.n > 0)
		parts[count++] = (struct part){ .content = item->rest,
			.type = plain };
	return count;
}

static struct bytes
attachment_bytes(const struct olm_attachment *a, const struct input *input,
    struct sink *sink, struct arena *arena, struct bytes locator)
{
	const char *why = "it lies in no archive";
	struct bytes content = BYTES_NONE;

	if (a->url.n == 0)
		why = "the message does not say where it is";
	else if (input->beside != NULL)
		content = input->beside(input, arena, a->url, &why);
	if (bytes_present(content))
		return content;
	sink_problem(sink, locator, PROBLEM_NO_DATA, OUTCOME_PARTIAL, 0,
	    "the attachment '%.*s' cannot be read: %s",
	    (int)(a->name.n < 200 ? a->name.n : 200), (const char *)a->name.p,
	    why);
	return BYTES_LIT("");
}

static struct bytes
type_of(const struct olm_attachment *a)
{
	return bytes_find_byte(a->type, '/') == SIZE_MAX
		   ? BYTES_LIT("application/octet-stream")
		   : a->type;
}

static void
put_quoted(struct buffer *out, struct bytes text)
{
	buffer_add_byte(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, text.p[i] < 0x20 ? ' ' : text.p[i]);
	}
	buffer_add_byte(out, '"');
}

static void
put_part(struct buffer *out, const struct part *part)
{
	put_field(out, "Content-Type", part->type);
	buffer_add_cstr(out, "Content-Transfer-Encoding: binary\n");
	if (bytes_present(part->name)) {
		buffer_add_cstr(out, "Content-Disposition: attachment; "
				     "filename=");
		put_quoted(out, part->name);
		buffer_add_byte(out, '\n');
	}
	put_field(out, "Content-ID", part->id);
	buffer_add_byte(out, '\n');
	buffer_add_bytes(out, part->content);
}

/* A number so that "_olm_NUMBER" stands in none of them. */
static unsigned
choose_number(const struct part *parts, size_t count)
{
	unsigned number = 0;
	char mark[32];
	bool met = true;

	while (met) {
		snprintf(mark, sizeof mark, "_olm_%u", number);
		met = false;
		for (size_t i = 0; i < count; i++)
			met |= bytes_find(parts[i].content,
			           bytes_cstr(mark)) != SIZE_MAX;
		number += met;
	}
	return number;
}

static void
put_multipart(struct buffer *out, const char *kind, unsigned number,
    const struct part *parts, size_t count)
{
	buffer_printf(out, "Content-Type: multipart/%s; "
	    "boundary=\"%s_olm_%u\"\n\n", kind, kind, number);
	for (size_t i = 0; i < count; i++) {
		buffer_printf(out, "--%s_olm_%u\n", kind, number);
		put_part(out, &parts[i]);
		buffer_add_byte(out, '\n');
	}
	buffer_printf(out, "--%s_olm_%u--\n", kind, number);
}

/* What the text and the HTML say is the same message, with files beside. */
static void
put_body(struct buffer *out, const struct part *parts, size_t bodies,
    size_t count)
{
	unsigned number = choose_number(parts, count);

	if (count == 1 && bodies == 1) {
		put_part(out, &parts[0]);
		return;
	}
	if (bodies == count) {
		put_multipart(out, "alternative", number, parts, count);
		return;
	}
	buffer_printf(out, "Content-Type: multipart/mixed; "
	    "boundary=\"mixed_olm_%u\"\n\n--mixed_olm_%u\n", number, number);
	if (bodies == 1)
		put_part(out, &parts[0]);
	else
		put_multipart(out, "alternative", number, parts, bodies);
	for (size_t i = bodies; i < count; i++) {
		buffer_printf(out, "\n--mixed_olm_%u\n", number);
		put_part(out, &parts[i]);
	}
	buffer_printf(out, "\n--mixed_olm_%u--\n", number);
}

struct bytes
olm_mime(const struct olm_item *item, const struct input *input,
    struct sink *sink, struct arena *arena, struct bytes locator)
{
	size_t most = item->attachment_count < LIMIT_MIME_PARTS
			  ? item->attachment_count : LIMIT_MIME_PARTS;
	struct part *parts = arena_array(arena, most + 3, sizeof *parts);
	size_t count = body_parts(item, parts), bodies = count;
	struct buffer out = BUFFER_EMPTY;
	struct bytes message;

	for (struct olm_attachment *a = item->attachments; a != NULL;
	     a = a->next)
		parts[count++] = (struct part){ .type = type_of(a),
			.name = a->name.n > 0 ? a->name : a->id,
			.id = a->id,
			.content = attachment_bytes(a, input, sink, arena,
			    locator) };
	put_header(&out, item);
	put_body(&out, parts, bodies, count);
	message = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	return message;
}
