#include "parsers/mail/message.h"

#include "parsers/base/buffer.h"
#include "parsers/base/hash.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "parsers/documents/text.h"
#include "parsers/mail/mime.h"

struct bytes
json_array(struct arena *arena, const struct bytes *list, size_t count)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes json;

	buffer_add_byte(&out, '[');
	for (size_t i = 0; i < count; i++) {
		buffer_add_cstr(&out, i ? ",\"" : "\"");
		for (size_t k = 0; k < list[i].n; k++) {
			uint8_t c = list[i].p[k];

			if (c == '"' || c == '\\')
				buffer_add_byte(&out, '\\');
			if (c < 0x20)
				buffer_printf(&out, "\\u%04x", c);
			else
				buffer_add_byte(&out, c);
		}
		buffer_add_byte(&out, '"');
	}
	buffer_add_byte(&out, ']');
	json = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	return json;
}

struct bytes
message_body_hash(struct arena *arena, struct bytes body)
{
	uint8_t *out;
	size_t n = 0;

	if (body.p == NULL)
		return BYTES_NONE;
	out = arena_raw(arena, body.n);
	for (size_t i = 0; i < body.n; i++)
		if (body.p[i] != '\r' || (i + 1 < body.n &&
		                             body.p[i + 1] != '\n'))
			out[n++] = body.p[i] == '\r' ? '\n' : body.p[i];
	while (n > 0 && (out[n - 1] == '\n' || out[n - 1] == '\r'))
		n--;
	return sha256_hex(arena, bytes_of(out, n));
}

void
message_addresses_say(struct message_run *run, int64_t idx, const char *role,
    struct bytes raw)
{
	size_t count;
	struct mail_address *list = header_addresses(run->arena, raw, &count);

	for (size_t i = 0; i < count; i++) {
		struct record_address address;

		record_clear(RECORD_KIND_ADDRESS, &address);
		address.idx = idx;
		address.role = bytes_cstr(role);
		address.position = (int64_t)i;
		address.name = text_repair_utf8(run->arena, list[i].name);
		address.address = text_repair_utf8(run->arena,
		    list[i].address);
		sink_record(run->sink, RECORD_KIND_ADDRESS, &address);
	}
}

static const struct {
	const char *field, *role;
} address_fields[] = { { "From", "from" }, { "Sender", "sender" },
	{ "Reply-To", "reply_to" }, { "To", "to" }, { "Cc", "cc" },
	{ "Bcc", "bcc" }, { "Delivered-To", "delivered_to" } };

static struct bytes
shown_recipients(struct arena *arena, const struct header *header)
{
	static const char *const fields[] = { "To", "Cc", "Bcc" };
	struct bytes *shown = NULL, json;
	size_t total = 0, room = 0;

	for (size_t f = 0; f < 3; f++) {
		size_t count;
		struct mail_address *list = header_addresses(arena,
		    header_raw(header, fields[f]), &count);

		if (total + count > room) {
			struct bytes *more;

			room = (total + count) * 2;
			more = arena_array(arena, room, sizeof *more);
			if (total > 0)
				memcpy(more, shown, total * sizeof *more);
			shown = more;
		}
		for (size_t i = 0; i < count; i++)
			shown[total++] = text_repair_utf8(arena,
			    address_shown(arena, &list[i]));
	}
	json = json_array(arena, shown, total);
	return json;
}

/* Contract 3, Arrival: the topmost Received whose date can be read. */
static int64_t
received_time(const struct header *header, struct bytes *text)
{
	for (size_t i = 0; i < header->count; i++) {
		struct bytes value = header->list[i].value;
		size_t at = SIZE_MAX;
		int64_t us;

		if (!bytes_eq_nocase(header->list[i].name,
		        BYTES_LIT("Received")))
			continue;
		for (size_t k = value.n; k > 0; k--)
			if (value.p[k - 1] == ';') {
				at = k;
				break;
			}
		if (at == SIZE_MAX)
			continue;
		us = utc_from_mail(bytes_skip(value, at));
		if (us == UTC_NONE)
			continue;
		*text = bytes_trim(bytes_skip(value, at));
		return us;
	}
	return UTC_NONE;
}

static void
take_sender(struct record_message *m, struct arena *arena,
    const struct header *header)
{
	struct bytes raw = header_raw(header, "From");
	size_t count;
	struct mail_address *list;

	if (raw.n == 0)
		raw = header_raw(header, "Sender");
	list = header_addresses(arena, raw, &count);
	if (count == 0)
		return;
	m->sender = text_repair_utf8(arena, address_shown(arena, &list[0]));
	m->sender_address = text_repair_utf8(arena, list[0].address);
}

static void
take_header(struct record_message *m, struct arena *arena,
    const struct header *header)
{
	struct bytes received_text = BYTES_NONE;
	struct bytes id = message_id_clean(header_raw(header, "Message-ID"));

	if (id.n > 0)
		m->internet_message_id = text_repair_utf8(arena, id);
	m->edrm_mih = message_id_mih(arena, id);
	m->subject = header_text(header, arena, "Subject");
	take_sender(m, arena, header);
	m->recipients = shown_recipients(arena, header);
	m->sent_text = header_text(header, arena, "Date");
	m->sent_us = utc_from_mail(m->sent_text);
	m->received_us = received_time(header, &received_text);
	m->received_text = received_text.p == NULL
			       ? received_text
			       : header_decode(arena, received_text);
	m->arrival_us = m->received_us != UTC_NONE ? m->received_us
						   : m->sent_us;
	m->delivered_to = header_text(header, arena, "Delivered-To");
	if (m->delivered_to.n == 0)
		m->delivered_to = header_text(header, arena, "X-Original-To");
	if (m->delivered_to.n == 0)
		m->delivered_to = header_text(header, arena, "Envelope-To");
	m->conversation = header_text(header, arena, "Thread-Index");
	m->message_class = BYTES_LIT("IPM.Note");
}

struct decoded { /* a leaf, decoded once */
	struct bytes content; /* transfer encoding undone */
	struct bytes text;    /* UTF-8, for text parts */
	enum text_quality quality;
	size_t bad;
};

static bool
is_text(const struct mime_part *part)
{
	return bytes_starts(part->type.type, BYTES_LIT("text/"));
}

static struct decoded
decode_part(struct arena *arena, const struct mime_part *part)
{
	struct decoded d = { .quality = TEXT_CLEAN };

	d.content = mime_decode(arena, part, &d.bad);
	if (is_text(part))
		d.text = text_to_utf8(arena, part->type.charset, d.content,
		    &d.quality);
	return d;
}

static bool
is_message(const struct mime_part *part)
{
	return bytes_eq(part->type.type, BYTES_LIT("message/rfc822")) ||
	       bytes_eq(part->type.type, BYTES_LIT("message/global"));
}

static struct bytes
part_locator(struct arena *arena, struct bytes message, struct bytes number)
{
	return arena_printf(arena, "%.*s%spart=%.*s", (int)message.n,
	    (const char *)message.p, message.n ? "/" : "", (int)number.n,
	    (const char *)number.p);
}

static bool
name_ends(struct bytes name, const char *ending)
{
	struct bytes tail = bytes_cstr(ending);

	return name.n >= tail.n &&
	       bytes_eq_nocase(bytes_skip(name, name.n - tail.n), tail);
}

struct bytes
attachment_text_say(struct message_run *run, int64_t idx, struct bytes part,
    struct bytes type, struct bytes name, struct bytes charset,
    struct bytes content, struct bytes *reason)
{
	struct text_target target = { run->sink, idx, part };
	enum text_quality quality;
	struct bytes text;
	bool html = bytes_eq(type, BYTES_LIT("text/html")) ||
		    name_ends(name, ".html") || name_ends(name, ".htm");
	bool csv = bytes_eq(type, BYTES_LIT("text/csv")) ||
		   name_ends(name, ".csv") || name_ends(name, ".tsv");

	*reason = BYTES_NONE;
	if (content.n == 0)
		return BYTES_LIT("none");
	if (bytes_starts(type, BYTES_LIT("image/")))
		return BYTES_LIT("image");
	if (!html && !csv && !bytes_starts(type, BYTES_LIT("text/")) &&
	    !name_ends(name, ".txt") && !name_ends(name, ".log") &&
	    !name_ends(name, ".md") && !name_ends(name, ".json") &&
	    !name_ends(name, ".xml") && !name_ends(name, ".pem") &&
	    !name_ends(name, ".key") && !name_ends(name, ".env")) {
		*reason = BYTES_LIT("no reader for this format yet");
		return BYTES_LIT("not_read");
	}
	if (content.n > LIMIT_TEXT_BYTES) {
		*reason = BYTES_LIT("larger than the text limit");
		return BYTES_LIT("not_read");
	}
	if (bytes_starts(content, BYTES_LIT("\xff\xfe")))
		text = text_from_utf16le(run->arena, bytes_skip(content, 2));
	else
		text = text_to_utf8(run->arena, charset, content, &quality);
	if (html)
		html_text_say(&target, run->arena, text);
	else if (csv && csv_text_fits(text))
		csv_text_say(&target, run->arena, text);
	else
		plain_text_say(&target, text);
	return BYTES_LIT("read");
}

static void
body_say(struct message_run *run, int64_t idx, const struct mime_part *part,
    const struct decoded *d)
{
	struct text_target target = { run->sink, idx, part->number };
	bool flowed = bytes_eq_nocase(part->type.format, BYTES_LIT("flowed"));

	if (bytes_eq(part->type.type, BYTES_LIT("text/html")))
		html_text_say(&target, run->arena, d->text);
	else if (flowed)
		flowed_text_say(&target, run->arena, d->text,
		    bytes_eq_nocase(part->type.delsp, BYTES_LIT("yes")));
	else
		plain_text_say(&target, d->text);
}

static void
part_problems(struct message_run *run, struct bytes locator,
    const struct decoded *d, const struct mime_part *part)
{
	if (d->quality == TEXT_UNKNOWN)
		sink_problem(run->sink, locator, PROBLEM_CHARSET,
		    OUTCOME_PARTIAL, 0,
		    "charset '%.*s' is not known; read as UTF-8 or "
		    "windows-1252",
		    (int)(part->type.charset.n < 60 ? part->type.charset.n
						    : 60),
		    (const char *)part->type.charset.p);
	else if (d->quality == TEXT_LOSSY)
		sink_problem(run->sink, locator, PROBLEM_CHARSET,
		    OUTCOME_PARTIAL, 0,
		    "bytes that are not of charset '%.*s' became U+FFFD",
		    (int)(part->type.charset.n < 60 ? part->type.charset.n
						    : 60),
		    (const char *)part->type.charset.p);
	if (d->bad > 0)
		sink_problem(run->sink, locator, PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0,
		    "%zu bytes of the transfer encoding do not decode "
		    "(RFC 2045 6)", d->bad);
}

/* The embedded message of a part; returns its idx or RECORD_NONE. */
static int64_t
embedded_say(struct message_run *run, int64_t idx, struct bytes locator,
    struct bytes content)
{
	struct message_origin origin = { .locator = locator,
		.parent_idx = idx,
		.state = BYTES_LIT("embedded"),
		.content = content };
	int64_t embedded;

	if (run->depth >= LIMIT_MIME_DEPTH) {
		sink_problem(run->sink, locator, PROBLEM_LIMIT_DEPTH,
		    OUTCOME_ITEM_LOST, 1,
		    "messages nest deeper than %d", LIMIT_MIME_DEPTH);
		return RECORD_NONE;
	}
	run->depth++;
	embedded = message_say(run, content, &origin);
	run->depth--;
	return embedded;
}

static void
attachment_say(struct message_run *run, int64_t idx,
    const struct message_origin *origin, const struct mime_part *part,
    const struct decoded *d)
{
	struct record_attachment a;

	record_clear(RECORD_KIND_ATTACHMENT, &a);
	a.idx = idx;
	a.part = part->number;
	a.name = text_repair_utf8(run->arena,
	    part->name.p ? part->name : BYTES_LIT(""));
	a.content_type = text_repair_utf8(run->arena, part->type.type);
	a.bytes = (int64_t)d->content.n;
	a.sha256 = sha256_hex(run->arena, d->content);
	a.md5 = md5_hex(run->arena, d->content);
	a.locator = part_locator(run->arena, origin->locator, part->number);
	a.method = BYTES_LIT("file");
	if (is_message(part)) {
		a.method = BYTES_LIT("embedded");
		a.embedded_idx = embedded_say(run, idx, a.locator,
		    d->content);
		a.text = a.embedded_idx == RECORD_NONE ? BYTES_LIT("not_read")
						       : BYTES_LIT("read");
	} else if (bytes_eq(part->type.type,
		       BYTES_LIT("message/external-body"))) {
		a.method = BYTES_LIT("link");
		a.text = BYTES_LIT("none");
	} else
		a.text = attachment_text_say(run, idx, part->number,
		    part->type.type, a.name, part->type.charset, d->content,
		    &a.reason);
	sink_record(run->sink, RECORD_KIND_ATTACHMENT, &a);
}

static void
mime_problems(struct message_run *run, struct bytes locator,
    const struct mime *mime)
{
	if (mime->too_deep)
		sink_problem(run->sink, locator, PROBLEM_LIMIT_DEPTH,
		    OUTCOME_PARTIAL, 0,
		    "multiparts nest deeper than %d; the rest is one part",
		    LIMIT_MIME_DEPTH);
	if (mime->too_many)
		sink_problem(run->sink, locator, PROBLEM_LIMIT_PARTS,
		    OUTCOME_PARTIAL, 0, "more than %d parts; the rest is left "
		    "out", LIMIT_MIME_PARTS);
	if (mime->header_cut)
		sink_problem(run->sink, locator, PROBLEM_LIMIT_HEADER,
		    OUTCOME_PARTIAL, 0, "a header longer than %d bytes; the "
		    "rest of it is left out", LIMIT_HEADER_BYTES);
	if (mime->no_boundary)
		sink_problem(run->sink, locator, PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0, "a multipart whose boundary is missing "
		    "(RFC 2046 5.1.1); read as one text");
}

/* First text body of each kind: what body_sha256 and html_sha256 are of. */
static void
take_bodies(struct record_message *m, struct arena *arena,
    const struct mime *mime, const struct decoded *decoded)
{
	for (size_t i = 0; i < mime->count; i++) {
		const struct mime_part *part = &mime->list[i];
		bool html = bytes_eq(part->type.type, BYTES_LIT("text/html"));
		struct bytes *place = html ? &m->html_sha256
					   : &m->body_sha256;

		if (!mime_is_body(part)) {
			m->attachments++;
			continue;
		}
		if (place->p == NULL)
			*place = message_body_hash(arena, decoded[i].text);
	}
}

static void
header_texts_say(struct message_run *run, const struct record_message *m)
{
	struct text_target target = { run->sink, m->idx,
		BYTES_LIT("headers/Subject") };

	plain_text_say(&target, m->subject);
}

int64_t
message_say(struct message_run *run, struct bytes text,
    const struct message_origin *origin)
{
	struct arena *arena = run->arena;
	struct header header = header_parse(arena, text);
	struct mime mime = mime_walk(arena, &header,
	    bytes_skip(text, header.body));
	struct decoded *decoded = arena_array(arena, mime.count + 1,
	    sizeof *decoded);
	struct record_message m;

	record_clear(RECORD_KIND_MESSAGE, &m);
	m.idx = run->next_idx++;
	m.parent_idx = origin->parent_idx;
	m.locator = origin->locator;
	m.folder_id = origin->folder_id;
	m.state = origin->state;
	m.flags = origin->flags;
	m.bytes = (int64_t)origin->content.n;
	m.content_sha256 = sha256_hex(arena, origin->content);
	m.attachments = 0;
	take_header(&m, arena, &header);
	for (size_t i = 0; i < mime.count; i++)
		decoded[i] = decode_part(arena, &mime.list[i]);
	take_bodies(&m, arena, &mime, decoded);
	sink_record(run->sink, RECORD_KIND_MESSAGE, &m);
	for (size_t i = 0;
	     i < sizeof address_fields / sizeof address_fields[0]; i++)
		message_addresses_say(run, m.idx, address_fields[i].role,
		    header_raw(&header, address_fields[i].field));
	header_texts_say(run, &m);
	mime_problems(run, origin->locator, &mime);
	for (size_t i = 0; i < mime.count; i++) {
		const struct mime_part *part = &mime.list[i];

		part_problems(run,
		    part_locator(arena, origin->locator, part->number),
		    &decoded[i], part);
		if (mime_is_body(part))
			body_say(run, m.idx, part, &decoded[i]);
		else
			attachment_say(run, m.idx, origin, part, &decoded[i]);
	}
	return m.idx;
}
