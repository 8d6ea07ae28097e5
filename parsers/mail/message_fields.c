/* A message's header, flags and texts as fields of records. */
#include "parsers/base/buffer.h"
#include "parsers/base/hash.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "parsers/mail/message_private.h"

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
	size_t n = 0, at = 0;

	if (body.p == NULL)
		return BYTES_NONE;
	while (body.n > 0 && (body.p[body.n - 1] == '\n' ||
	                         body.p[body.n - 1] == '\r'))
		body.n--;
	if (bytes_find_byte(body, '\r') == SIZE_MAX)
		return sha256_hex(arena, body);
	out = arena_raw(arena, body.n);
	while (at < body.n) {
		size_t run = bytes_find_byte(bytes_skip(body, at), '\r');

		if (run == SIZE_MAX)
			run = body.n - at;
		memcpy(out + n, body.p + at, run);
		n += run;
		at += run;
		/* CR LF is LF, a lone CR too. */
		if (at < body.n &&
		    !(at + 1 < body.n && body.p[at + 1] == '\n'))
			out[n++] = '\n';
		at++;
	}
	return sha256_hex(arena, bytes_of(out, n));
}

void
message_addresses_say(struct message_run *run, int64_t idx, const char *role,
    struct bytes raw)
{
	size_t count;
	struct mail_address *list = header_addresses(run->arena, raw, &count);

	for (size_t i = 0; i < count && i < LIMIT_RECIPIENTS; i++) {
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
	if (count > LIMIT_RECIPIENTS)
		sink_problem(run->sink, BYTES_LIT(""), PROBLEM_LIMIT_PARTS,
		    OUTCOME_PARTIAL, 0, "more than %d addresses in the field "
		    "'%s'; the rest is left out", LIMIT_RECIPIENTS, role);
}

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

		if (count > LIMIT_RECIPIENTS)
			count = LIMIT_RECIPIENTS;
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

void
message_take_header(struct record_message *m, struct arena *arena,
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
	m->conversation = header_text(header, arena, "X-GM-THRID");
	if (m->conversation.n == 0)
		m->conversation = header_text(header, arena, "Thread-Index");
	m->message_class = BYTES_LIT("IPM.Note");
}

void
message_flag(struct message_flags *flags, struct bytes flag)
{
	for (size_t i = 0; i < flags->count; i++)
		if (bytes_eq(flags->list[i], flag))
			return;
	if (flags->count < MESSAGE_FLAGS_MOST)
		flags->list[flags->count++] = flag;
}

static bool
has_letter(struct bytes raw, uint8_t letter)
{
	return bytes_find_byte(raw, letter) != SIZE_MAX;
}

/* Netscape and Thunderbird: four hex digits, MSG_FLAG_* of nsMsgMessageFlags. */
static void
mozilla_flags(struct message_flags *flags, struct bytes raw)
{
	enum { READ = 0x1, EXPUNGED = 0x8 };
	unsigned value = 0;

	if (raw.n == 0 || raw.n > 8)
		return;
	for (size_t i = 0; i < raw.n; i++) {
		uint8_t c = byte_lower(raw.p[i]);

		if (c >= '0' && c <= '9')
			value = value << 4 | (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (unsigned)(c - 'a' + 10);
		else
			return;
	}
	if ((value & READ) == 0)
		message_flag(flags, BYTES_LIT("unread"));
	if ((value & EXPUNGED) != 0)
		message_flag(flags, BYTES_LIT("expunged"));
}

/* Gmail's Takeout writes a message's labels, in the account's language; the
 * English ones that say a state say it here. */
static void
gmail_flags(struct message_flags *flags, struct arena *arena,
    const struct header *header)
{
	struct bytes rest = header_text(header, arena, "X-Gmail-Labels"), label;

	while (rest.n > 0 && bytes_cut(&rest, ',', &label)) {
		label = bytes_trim(label);
		if (bytes_eq(label, BYTES_LIT("Unread")))
			message_flag(flags, BYTES_LIT("unread"));
		else if (bytes_eq(label, BYTES_LIT("Draft")) ||
			 bytes_eq(label, BYTES_LIT("Drafts")))
			message_flag(flags, BYTES_LIT("draft"));
		else if (bytes_eq(label, BYTES_LIT("Sent")))
			message_flag(flags, BYTES_LIT("sent"));
		if (label.n > 0)
			message_flag(flags, arena_printf(arena, "label=%.*s",
			    (int)label.n, (const char *)label.p));
	}
}

void
message_header_flags(struct message_flags *flags, struct arena *arena,
    const struct header *header)
{
	struct bytes status = header_raw(header, "Status");
	struct bytes xstatus = header_raw(header, "X-Status");

	if (status.n > 0 && !has_letter(status, 'R'))
		message_flag(flags, BYTES_LIT("unread"));
	if (has_letter(xstatus, 'T'))
		message_flag(flags, BYTES_LIT("draft"));
	if (has_letter(xstatus, 'D'))
		message_flag(flags, BYTES_LIT("expunged"));
	mozilla_flags(flags, header_raw(header, "X-Mozilla-Status"));
	gmail_flags(flags, arena, header);
	if (header_raw(header, "X-Unsent").n == 1 &&
	    header_raw(header, "X-Unsent").p[0] == '1')
		message_flag(flags, BYTES_LIT("draft"));
}
