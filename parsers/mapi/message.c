#include "parsers/mapi/mapi_private.h"

#include "parsers/base/buffer.h"
#include "parsers/base/hash.h"
#include "parsers/base/limits.h"
#include "parsers/base/utc.h"
#include "parsers/documents/text.h"

/* [MS-OXCMSG] 2.2.1.6. */
enum { MSGFLAG_READ = 0x1, MSGFLAG_UNSENT = 0x8, MSGFLAG_FROMME = 0x20,
	MSGFLAG_ASSOCIATED = 0x40 };

/* [MS-PST] 2.5.3.1.1.1: 0x01, then one character: the prefix's length. */
static struct bytes
subject_of(struct mapi_loaded *loaded)
{
	struct bytes subject = mapi_string(&loaded->text,
	    &loaded->stored->bag, PR_SUBJECT);
	uint32_t code_point;

	/* Some programs write only the two halves. */
	if (subject.n == 0) {
		struct bytes prefix = mapi_string(&loaded->text,
		    &loaded->stored->bag, 0x003D);
		struct bytes rest = mapi_string(&loaded->text,
		    &loaded->stored->bag, 0x0E1D);

		return rest.n == 0 ? subject
				   : arena_printf(loaded->text.arena,
					 "%.*s%.*s", (int)prefix.n,
					 prefix.p ? (const char *)prefix.p : "",
					 (int)rest.n, (const char *)rest.p);
	}
	if (subject.n > 0 && subject.p[0] == 1) {
		subject = bytes_skip(subject, 1);
		text_next(&subject, &code_point);
	}
	return subject;
}

static struct header
transport_headers(struct mapi_loaded *loaded)
{
	struct bytes raw = mapi_string(&loaded->text, &loaded->stored->bag,
	    PR_TRANSPORT_MESSAGE_HEADERS);

	while (raw.n > 0 && (raw.p[0] == '\r' || raw.p[0] == '\n'))
		raw = bytes_skip(raw, 1);
	return header_parse(loaded->text.arena, raw);
}

/*
 * Contract 3, Arrival.  A sent item is one from its owner that no transport
 * delivered: a message to oneself has FROMME too, but transport headers.
 * What lies in Sent Items is one whoever wrote the flags, unless it was
 * delivered (programs import their own copies with headers).
 */
static bool
is_sent_item(const struct mapi_loaded *loaded)
{
	int64_t flags = mapi_number(&loaded->stored->bag, PR_MESSAGE_FLAGS, 0);

	if (flags & MSGFLAG_UNSENT)
		return false;
	if (loaded->stored->in_sent_items)
		return !bytes_present(header_raw(&loaded->headers,
		    "Received"));
	return (flags & MSGFLAG_FROMME) && loaded->headers.count == 0;
}

static void
take_times(struct mapi_loaded *loaded)
{
	struct record_message *m = &loaded->record;
	const struct mapi_bag *bag = &loaded->stored->bag;

	m->sent_us = mapi_time(bag, PR_CLIENT_SUBMIT_TIME);
	m->received_us = mapi_time(bag, PR_MESSAGE_DELIVERY_TIME);
	m->sent_text = header_text(&loaded->headers, loaded->text.arena,
	    "Date");
	if (m->sent_us == UTC_NONE)
		m->sent_us = utc_from_mail(m->sent_text);
	m->arrival_us = m->received_us;
	if (m->arrival_us == UTC_NONE || (is_sent_item(loaded) &&
	                                     m->sent_us != UTC_NONE))
		m->arrival_us = m->sent_us;
}

static void
take_flags(struct mapi_loaded *loaded)
{
	const struct mapi_message *stored = loaded->stored;
	int64_t flags = mapi_number(&stored->bag, PR_MESSAGE_FLAGS,
	    MSGFLAG_READ);
	struct bytes list[8];
	size_t n = 0;

	if (!(flags & MSGFLAG_READ))
		list[n++] = BYTES_LIT("unread");
	if (flags & MSGFLAG_UNSENT)
		list[n++] = BYTES_LIT("draft");
	if (is_sent_item(loaded))
		list[n++] = BYTES_LIT("sent");
	if (stored->associated || (flags & MSGFLAG_ASSOCIATED))
		list[n++] = BYTES_LIT("associated");
	if (stored->older_copy)
		list[n++] = BYTES_LIT("older_copy");
	if (loaded->text.guessed)
		list[n++] = BYTES_LIT("charset_guess");
	if (n > 0)
		loaded->record.flags = json_array(loaded->text.arena, list, n);
}

static struct bytes
base64(struct arena *arena, struct bytes in)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				     "mnopqrstuvwxyz0123456789+/";
	uint8_t *out = arena_raw(arena, in.n / 3 * 4 + 4);
	size_t n = 0;

	for (size_t i = 0; i < in.n; i += 3) {
		uint32_t v = (uint32_t)in.p[i] << 16;

		v |= i + 1 < in.n ? (uint32_t)in.p[i + 1] << 8 : 0;
		v |= i + 2 < in.n ? in.p[i + 2] : 0;
		for (size_t k = 0; k < 4; k++)
			out[n + k] = k <= in.n - i
					 ? (uint8_t)digits[v >> (18 - 6 * k) & 63]
					 : '=';
		n += 4;
	}
	return bytes_of(out, n);
}

static void
take_ids(struct mapi_loaded *loaded)
{
	struct record_message *m = &loaded->record;
	const struct mapi_bag *bag = &loaded->stored->bag;
	struct arena *arena = loaded->text.arena;
	struct bytes id = message_id_clean(mapi_string(&loaded->text, bag,
	    PR_INTERNET_MESSAGE_ID));
	struct bytes key = mapi_binary(bag, PR_SEARCH_KEY);
	struct bytes index = mapi_binary(bag, 0x0071);
	struct bytes entry = loaded->stored->entry_id;

	if (id.n == 0)
		id = message_id_clean(header_raw(&loaded->headers,
		    "Message-ID"));
	if (id.n > 0)
		m->internet_message_id = text_repair_utf8(arena, id);
	m->edrm_mih = message_id_mih(arena, id);
	if (key.n > 0)
		m->search_key = hex_of(arena, key.p, key.n);
	if (entry.n > 0)
		m->item_id = hex_of(arena, entry.p, entry.n);
	/* As mail's Thread-Index has it. */
	if (index.n > 0)
		m->conversation = base64(arena, index);
}

static struct bytes
shown_recipients(const struct mapi_loaded *loaded)
{
	const struct mapi_people *people = &loaded->people;
	struct arena *arena = loaded->text.arena;
	struct bytes *shown = arena_array(arena, people->count + 1,
	    sizeof *shown);
	size_t n = 0;

	for (size_t i = 0; i < people->count; i++)
		if (strcmp(people->list[i].role, "sender") != 0)
			shown[n++] = text_repair_utf8(arena,
			    address_shown(arena, &people->list[i].who));
	return json_array(arena, shown, n);
}

static void
take_people(struct mapi_loaded *loaded)
{
	struct record_message *m = &loaded->record;
	const struct mail_address *from = &loaded->people.from;

	if (from->name.n > 0 || from->address.n > 0)
		m->sender = address_shown(loaded->text.arena, from);
	if (from->address.n > 0)
		m->sender_address = from->address;
	m->recipients = shown_recipients(loaded);
	m->delivered_to = loaded->people.delivered_to;
}

static void
take_bodies(struct mapi_loaded *loaded)
{
	struct record_message *m = &loaded->record;
	const struct mapi_bodies *bodies = &loaded->bodies;
	struct arena *arena = loaded->text.arena;

	m->body_sha256 = message_body_hash(arena, bodies->plain);
	m->html_sha256 = message_body_hash(arena, bodies->html);
}

static void
take_size(struct mapi_loaded *loaded)
{
	const struct mapi_message *stored = loaded->stored;

	loaded->record.bytes = bytes_present(stored->as_stored)
				   ? (int64_t)stored->as_stored.n
				   : mapi_number(&stored->bag, 0x0E08,
					 RECORD_NONE);
}

static void
text_problems(struct mapi_run *run, const struct mapi_loaded *loaded)
{
	const struct mapi_text *text = &loaded->text;

	if (text->cut_values)
		sink_problem(run->mail->sink, loaded->stored->locator,
		    PROBLEM_LIMIT_PARTS, OUTCOME_PARTIAL, 0,
		    "a multi-valued property is cut, or has more than %d "
		    "values; the rest is left out", LIMIT_MAPI_VALUES);
	if (text->unknown)
		sink_problem(run->mail->sink, loaded->stored->locator,
		    PROBLEM_CHARSET, OUTCOME_PARTIAL, 0,
		    "code page %u is not known; read as UTF-8 or "
		    "windows-1252", text->codepage);
	if (text->lossy)
		sink_problem(run->mail->sink, loaded->stored->locator,
		    PROBLEM_CHARSET, OUTCOME_PARTIAL, 0,
		    "bytes that are not of code page %u became U+FFFD",
		    text->codepage);
	if (text->guessed)
		sink_problem(run->mail->sink, loaded->stored->locator,
		    PROBLEM_CHARSET, OUTCOME_OK, 0,
		    "no property names the code page; read as %u by the "
		    "look of the texts", text->codepage);
}

struct mapi_loaded *
mapi_load(struct mapi_run *run, struct mapi_message *message)
{
	struct arena *arena = run->mail->arena;
	struct mapi_loaded *loaded = arena_alloc(arena, sizeof *loaded);
	struct record_message *m = &loaded->record;

	loaded->stored = message;
	loaded->prefix = run->prefix;
	loaded->text = mapi_text_for(arena, message);
	loaded->named = mapi_names_resolve(arena, message);
	loaded->headers = transport_headers(loaded);
	record_clear(RECORD_KIND_MESSAGE, m);
	m->locator = message->locator;
	m->folder_id = message->folder_id;
	m->state = message->state;
	if (message->listed)
		m->listed = 1;
	m->message_class = mapi_string(&loaded->text, &message->bag,
	    PR_MESSAGE_CLASS);
	m->subject = subject_of(loaded);
	take_ids(loaded);
	take_times(loaded);
	take_flags(loaded);
	take_size(loaded);
	if (message->recipient_count > LIMIT_RECIPIENTS)
		sink_problem(run->mail->sink, message->locator,
		    PROBLEM_LIMIT_PARTS, OUTCOME_PARTIAL, 0,
		    "more than %d recipients; the rest is left out",
		    LIMIT_RECIPIENTS);
	mapi_people_load(loaded);
	take_people(loaded);
	mapi_bodies_load(run, loaded);
	take_bodies(loaded);
	loaded->fields = mapi_fields(loaded);
	text_problems(run, loaded);
	mapi_parts_load(run, loaded);
	m->attachments = (int64_t)message->attachment_count;
	m->content_sha256 = mapi_content_hash(loaded);
	return loaded;
}

struct bytes
mapi_part_name(const struct mapi_loaded *loaded, const char *name)
{
	return loaded->prefix.n == 0
		   ? bytes_cstr(name)
		   : arena_printf(loaded->text.arena, "%.*s%s",
			 (int)loaded->prefix.n, (const char *)loaded->prefix.p,
			 name);
}

static void
text_say(struct mapi_run *run, const struct mapi_loaded *loaded,
    const char *part, struct bytes text)
{
	struct text_target target = { .sink = run->mail->sink,
		.idx = loaded->record.idx, .part = mapi_part_name(loaded, part) };

	plain_text_say(&target, text);
}

static void
parts_say(struct mapi_run *run, struct mapi_loaded *loaded)
{
	mapi_bodies_say(run, loaded);
	sink_body(run->mail->sink, true);
	text_say(run, loaded, "properties", loaded->fields);
	sink_body(run->mail->sink, false);
	mapi_parts_say(run, loaded);
}

int64_t
mapi_say(struct mapi_run *run, struct mapi_loaded *loaded, int64_t parent_idx)
{
	struct record_message *m = &loaded->record;

	m->idx = run->mail->next_idx++;
	m->parent_idx = parent_idx;
	sink_record(run->mail->sink, RECORD_KIND_MESSAGE, m);
	mapi_people_say(run, loaded);
	sink_headers(run->mail->sink, m->idx, loaded->headers.block);
	sink_content(run->mail->sink, m->idx, "headers", BYTES_NONE,
	    loaded->headers.block);
	text_say(run, loaded, "headers/Subject", m->subject);
	parts_say(run, loaded);
	return m->idx;
}

void
mapi_parts_of(struct mapi_run *run, struct mapi_message *message, int64_t idx)
{
	struct mapi_loaded *loaded = mapi_load(run, message);

	loaded->record.idx = idx;
	parts_say(run, loaded);
}

void
mapi_message_say(struct sink *sink, struct mapi_message *message)
{
	struct message_run mail = { .sink = sink, .arena = &sink->item };
	struct mapi_run run = { .mail = &mail };

	mapi_say(&run, mapi_load(&run, message), RECORD_NONE);
}
