#include "parsers/mail/message.h"

#include "parsers/base/hash.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/documents/text.h"
#include "parsers/mail/message_private.h"
#include "parsers/mapi/tnef.h"

static const struct {
	const char *field, *role;
} address_fields[] = { { "From", "from" }, { "Sender", "sender" },
	{ "Reply-To", "reply_to" }, { "To", "to" }, { "Cc", "cc" },
	{ "Bcc", "bcc" }, { "Delivered-To", "delivered_to" } };

static struct decoded
decode_part(struct arena *arena, const struct mime_part *part)
{
	struct decoded d = { .quality = TEXT_CLEAN };
	struct bytes charset = part->type.charset;

	d.content = mime_decode(arena, part, &d.bad);
	if (!mime_is_body(part))
		return d;
	if (charset.n == 0 && bytes_eq(part->type.type, BYTES_LIT("text/html")))
		charset = text_markup_charset(d.content);
	d.text = text_to_utf8(arena, charset, d.content, &d.quality);
	return d;
}

static void
take_bodies(struct saying *s, struct record_message *m)
{
	for (size_t i = 0; i < s->mime->count; i++) {
		const struct mime_part *part = &s->mime->list[i];
		bool html = bytes_eq(part->type.type, BYTES_LIT("text/html"));
		struct bytes *place = html ? &m->html_sha256
					   : &m->body_sha256;

		if (!mime_is_body(part)) {
			m->attachments += 1 + (int64_t)tnef_attachments(
						  s->decoded[i].content);
			continue;
		}
		m->attachments += (int64_t)message_count_inline(part, &s->decoded[i],
		    s->run->arena);
		if (place->p == NULL)
			*place = message_body_hash(s->run->arena,
			    s->decoded[i].text);
	}
}

/* ---- problems */

static void
charset_problem(struct message_run *run, struct bytes locator,
    const struct decoded *d, struct bytes charset)
{
	int n = (int)(charset.n < 60 ? charset.n : 60);
	const char *name = (const char *)charset.p;

	if (d->quality == TEXT_UNKNOWN)
		sink_problem(run->sink, locator, PROBLEM_CHARSET,
		    OUTCOME_PARTIAL, 0, "charset '%.*s' is not known; read as "
		    "UTF-8 or windows-1252", n, name);
	else if (d->quality == TEXT_LOSSY)
		sink_problem(run->sink, locator, PROBLEM_CHARSET,
		    OUTCOME_PARTIAL, 0, "bytes that are not of charset '%.*s' "
		    "became U+FFFD", n, name);
	else if (d->quality == TEXT_GUESSED)
		sink_problem(run->sink, locator, PROBLEM_CHARSET, OUTCOME_OK,
		    0, "charset '%.*s' does not say how to read the text: "
		    "guessed", n, name);
}

static void
part_problems(struct saying *s, struct bytes locator, const struct decoded *d,
    const struct mime_part *part)
{
	charset_problem(s->run, locator, d, part->type.charset);
	if (d->bad > 0)
		sink_problem(s->run->sink, locator, PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0,
		    "%zu bytes of the transfer encoding do not decode "
		    "(RFC 2045 6)", d->bad);
	if (part->odd_encoding)
		sink_problem(s->run->sink, locator, PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0, "transfer encoding '%.*s' is not "
		    "known: taken as it stands (RFC 2045 6.4)",
		    (int)(part->encoding.n < 60 ? part->encoding.n : 60),
		    (const char *)part->encoding.p);
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
		    OUTCOME_OK, 0, "a multipart without the border it names "
		    "(RFC 2046 5.1.1); read as one text");
	if (mime->guessed)
		sink_problem(run->sink, locator, PROBLEM_DAMAGED, OUTCOME_OK,
		    0, "a multipart that names no border, or a wrong one "
		    "(RFC 2046 5.1.1); the one its text begins with is taken");
	if (mime->unclosed)
		sink_problem(run->sink, locator, PROBLEM_DAMAGED, OUTCOME_OK,
		    0, "a multipart has no closing border (RFC 2046 5.1.1): "
		    "the message may be cut");
}

/* ---- the whole */

static void
junk_say(struct saying *s, const struct header *header, struct bytes number)
{
	enum text_quality quality;
	struct text_flow flow = { .idx = s->idx, .hidden = true };

	if (header->junk.n == 0)
		return;
	flow.part = number.n == 0 ? BYTES_LIT("headers")
				  : arena_printf(s->run->arena,
					"%.*s/headers", (int)number.n,
					(const char *)number.p);
	flow.text = text_to_utf8(s->run->arena, BYTES_LIT(""), header->junk,
	    &quality);
	sink_text(s->run->sink, &flow);
}

/* Preambles and epilogues: nobody is shown them, and they may hold anything. */
static void
outside_say(struct saying *s)
{
	for (size_t i = 0; i < s->mime->outside_count; i++) {
		const struct mime_outside *outside = &s->mime->outside[i];
		enum text_quality quality;
		struct text_flow flow = { .idx = s->idx,
			.part = outside->part,
			.hidden = true };

		flow.text = text_to_utf8(s->run->arena, BYTES_LIT(""),
		    outside->text, &quality);
		sink_text(s->run->sink, &flow);
	}
}

static void
parts_say(struct saying *s)
{
	for (size_t i = 0; i < s->mime->count; i++) {
		const struct mime_part *part = &s->mime->list[i];
		const struct decoded *d = &s->decoded[i];

		part_problems(s, message_part_locator(s->run->arena,
		    s->origin->locator, part->number), d, part);
		if (part->header.block.p != s->header->block.p)
			junk_say(s, &part->header, part->number);
		if (mime_is_body(part))
			message_body_say(s, part, d);
		else
			message_attachment_say(s, part, d);
	}
	outside_say(s);
}

static void
header_say(struct saying *s, const struct record_message *m,
    const struct header *header)
{
	struct text_target target = { .sink = s->run->sink, .idx = s->idx,
		.part = BYTES_LIT("headers/Subject") };
	enum text_quality quality;

	for (size_t i = 0;
	     i < sizeof address_fields / sizeof address_fields[0]; i++)
		message_addresses_say(s->run, s->idx, address_fields[i].role,
		    header_raw(header, address_fields[i].field));
	sink_headers(s->run->sink, s->idx,
	    text_to_utf8(s->run->arena, BYTES_LIT(""), header->block,
	        &quality));
	plain_text_say(&target, m->subject);
	junk_say(s, header, BYTES_LIT(""));
	mime_problems(s->run, s->origin->locator, s->mime);
}

static struct bytes
flags_of(struct saying *s, const struct header *header)
{
	struct message_flags flags = { .count = 0 };

	for (size_t i = 0; i < s->origin->flag_count; i++)
		message_flag(&flags, s->origin->flags[i]);
	message_header_flags(&flags, s->run->arena, header);
	for (size_t i = 0; i < s->mime->count; i++)
		if (s->decoded[i].quality == TEXT_GUESSED ||
		    s->decoded[i].quality == TEXT_UNKNOWN)
			message_flag(&flags, BYTES_LIT("charset_guess"));
	return flags.count > 0 ? json_array(s->run->arena, flags.list,
				     flags.count)
			       : BYTES_NONE;
}

int64_t
message_say(struct message_run *run, struct bytes text,
    const struct message_origin *origin)
{
	struct arena *arena = run->arena;
	struct header header = header_parse(arena, text);
	struct mime mime = mime_walk(arena, &header,
	    bytes_skip(text, header.body));
	struct saying s = { run, origin, &header, &mime, NULL,
		run->next_idx++ };
	struct record_message m;

	s.decoded = arena_array(arena, mime.count + 1, sizeof *s.decoded);
	record_clear(RECORD_KIND_MESSAGE, &m);
	m.idx = s.idx;
	m.parent_idx = origin->parent_idx;
	m.locator = origin->locator;
	m.folder_id = origin->folder_id;
	m.state = origin->state;
	m.bytes = (int64_t)origin->content.n;
	m.content_sha256 = sha256_hex(arena, origin->content);
	m.attachments = 0;
	message_take_header(&m, arena, &header);
	if (origin->message_class.n > 0)
		m.message_class = origin->message_class;
	for (size_t i = 0; i < mime.count; i++)
		s.decoded[i] = decode_part(arena, &mime.list[i]);
	m.flags = flags_of(&s, &header);
	take_bodies(&s, &m);
	sink_record(run->sink, RECORD_KIND_MESSAGE, &m);
	if (origin->parent_idx == RECORD_NONE)
		sink_content(run->sink, m.idx, "original", BYTES_NONE,
		    origin->content);
	header_say(&s, &m, &header);
	parts_say(&s);
	return m.idx;
}
