#include "parsers/mail/message.h"

#include "parsers/base/hash.h"
#include "parsers/base/limits.h"
#include "parsers/base/sniff.h"
#include "parsers/base/text.h"
#include "parsers/documents/document.h"
#include "parsers/mail/cms.h"
#include "parsers/mail/mbox_lines.h"
#include "parsers/mail/message_private.h"
#include "parsers/mapi/inside.h"
#include "parsers/mapi/tnef.h"

static const struct {
	const char *field, *role;
} address_fields[] = { { "From", "from" }, { "Sender", "sender" },
	{ "Reply-To", "reply_to" }, { "To", "to" }, { "Cc", "cc" },
	{ "Bcc", "bcc" }, { "Delivered-To", "delivered_to" } };

struct decoded { /* a leaf, decoded once */
	struct bytes content; /* transfer encoding undone */
	struct bytes text;    /* UTF-8, for text bodies */
	enum text_quality quality;
	size_t bad;
};

/* A message in hand. */
struct saying {
	struct message_run *run;
	const struct message_origin *origin;
	const struct header *header;
	const struct mime *mime;
	struct decoded *decoded;
	int64_t idx;
};

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

static bool
is_message_type(struct bytes type)
{
	return bytes_eq(type, BYTES_LIT("message/rfc822")) ||
	       bytes_eq(type, BYTES_LIT("message/global"));
}

/* Or a file that says ".eml" and holds a header. */
static bool
is_message(const struct mime_part *part, struct bytes content)
{
	struct bytes end = BYTES_LIT(".eml");

	if (is_message_type(part->type.type))
		return true;
	return part->name.n > end.n && !part->encrypted &&
	       bytes_eq_nocase(bytes_skip(part->name, part->name.n - end.n),
	           end) && mbox_is_mail_header(content);
}

static struct bytes
part_locator(struct arena *arena, struct bytes message, struct bytes part)
{
	return arena_printf(arena, "%.*s%spart=%.*s", (int)message.n,
	    (const char *)message.p, message.n ? "/" : "", (int)part.n,
	    (const char *)part.p);
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

/* ---- documents */

struct document_place {
	struct message_run *run;
	int64_t idx;
};

/* A mail message inside an archive that hangs on a message. */
static void
archived_message(struct document_reader *reader, struct bytes content)
{
	struct document_place *place = reader->context;

	embedded_say(place->run, place->idx, reader->locator, content);
}

static struct document_answer
document_of(struct message_run *run, int64_t idx, struct bytes locator,
    struct bytes part, const struct document *document)
{
	struct document_place place = { run, idx };
	struct document_reader reader = { .target = { run->sink, idx, part },
		.arena = run->arena,
		.locator = locator,
		.message = archived_message,
		.context = &place };
	bool body = sink_body(run->sink, false);
	struct document_answer answer = document_say(&reader, document);

	sink_body(run->sink, body);
	return answer;
}

struct bytes
attachment_text_say(struct message_run *run, int64_t idx, struct bytes part,
    struct bytes type, struct bytes name, struct bytes charset,
    struct bytes content, struct bytes *reason)
{
	struct document document = { type, name, charset, content };
	struct document_answer answer = document_of(run, idx,
	    part_locator(run->arena, BYTES_LIT(""), part), part, &document);

	*reason = answer.reason;
	return answer.text;
}

/* ---- attachments */

/* S/MIME (RFC 8551 3.2.2) and PGP/MIME (RFC 3156): what is inside cannot be
 * read, and for which reason.  NULL: it is none of them. */
static const char *
sealed_reason(const struct mime_part *part, bool *encrypted)
{
	struct bytes type = part->type.type;
	bool smime = bytes_eq(type, BYTES_LIT("application/pkcs7-mime")) ||
		     bytes_eq(type, BYTES_LIT("application/x-pkcs7-mime"));

	*encrypted = true;
	if (part->encrypted)
		return "in a multipart/encrypted (RFC 1847, RFC 3156)";
	if (!smime)
		return NULL;
	if (bytes_eq_nocase(part->type.smime_type, BYTES_LIT("certs-only"))) {
		*encrypted = false;
		return "certificates";
	}
	*encrypted = !bytes_starts_nocase(part->type.smime_type,
	    BYTES_LIT("signed"));
	return *encrypted ? "S/MIME encrypted (RFC 8551)"
			  : "S/MIME signed as one piece (RFC 8551): its "
			    "content is not opened";
}

static void
sealed_say(struct saying *s, struct record_attachment *a, const char *reason,
    bool encrypted)
{
	a->text = encrypted ? BYTES_LIT("encrypted") : BYTES_LIT("not_read");
	a->reason = bytes_cstr(reason);
	sink_problem(s->run->sink, a->locator,
	    encrypted ? PROBLEM_ENCRYPTED : PROBLEM_UNKNOWN_FORMAT,
	    OUTCOME_PARTIAL, 0, "%s", reason);
}

/* The entity of a message that is signed as one piece, as one in it. */
static bool
signed_say(struct saying *s, struct record_attachment *a, struct bytes content)
{
	struct bytes inner = cms_signed_content(s->run->arena, content);

	if (!bytes_present(inner))
		return false;
	a->embedded_idx = embedded_say(s->run, s->idx, a->locator, inner);
	return a->embedded_idx != RECORD_NONE;
}

/* Detached signatures and keys hold no text of anybody. */
static bool
is_signature(struct bytes type)
{
	return bytes_eq(type, BYTES_LIT("application/pkcs7-signature")) ||
	       bytes_eq(type, BYTES_LIT("application/x-pkcs7-signature")) ||
	       bytes_eq(type, BYTES_LIT("application/pgp-signature"));
}

/* The declared type, unless the content proves another. */
static void
take_type(struct record_attachment *a, struct arena *arena,
    struct bytes declared, struct bytes content)
{
	struct bytes proven = sniff_type(content);
	bool generic = declared.n == 0 ||
		       bytes_eq(declared, BYTES_LIT("application/octet-stream"));
	size_t slash = bytes_find_byte(proven, '/');
	bool disguise = !generic && slash != SIZE_MAX &&
			(bytes_starts(declared, BYTES_LIT("image/")) ||
			    bytes_starts(declared, BYTES_LIT("text/")) ||
			    bytes_starts(declared, BYTES_LIT("audio/"))) &&
			!bytes_starts(declared,
			    bytes_slice(proven, 0, slash + 1)) &&
			!bytes_eq(declared, BYTES_LIT("text/rtf"));

	a->content_type = text_repair_utf8(arena, declared);
	if (proven.p != NULL && (generic || disguise))
		a->content_type = proven;
	if (disguise)
		a->reason = text_repair_utf8(arena, arena_printf(arena,
		    "declared as %.*s", (int)declared.n,
		    (const char *)declared.p));
}

static void
add_reason(struct record_attachment *a, struct arena *arena,
    struct bytes reason)
{
	if (reason.n == 0)
		return;
	a->reason = a->reason.n == 0
			? reason
			: arena_printf(arena, "%.*s; %.*s", (int)a->reason.n,
			      (const char *)a->reason.p, (int)reason.n,
			      (const char *)reason.p);
}

static void
attachment_begin(struct saying *s, struct record_attachment *a,
    struct bytes part, struct bytes name, struct bytes content)
{
	struct arena *arena = s->run->arena;

	record_clear(RECORD_KIND_ATTACHMENT, a);
	a->idx = s->idx;
	a->part = part;
	a->name = text_repair_utf8(arena, name.p ? name : BYTES_LIT(""));
	a->bytes = (int64_t)content.n;
	a->sha256 = sha256_hex(arena, content);
	a->md5 = md5_hex(arena, content);
	a->locator = part_locator(arena, s->origin->locator, part);
	a->method = BYTES_LIT("file");
}

static void
attachment_text(struct saying *s, struct record_attachment *a,
    struct bytes charset, struct bytes content)
{
	struct document document = { a->content_type, a->name, charset,
		content };
	struct document_answer answer = document_of(s->run, s->idx, a->locator,
	    a->part, &document);

	a->text = answer.text;
	add_reason(a, s->run->arena, answer.reason);
	if (bytes_eq(answer.text, BYTES_LIT("encrypted")))
		sink_problem(s->run->sink, a->locator, PROBLEM_ENCRYPTED,
		    OUTCOME_PARTIAL, 0, "an attachment cannot be read: %.*s",
		    (int)answer.reason.n, (const char *)answer.reason.p);
}

static void
attachment_say(struct saying *s, const struct mime_part *part,
    const struct decoded *d)
{
	struct record_attachment a;
	bool encrypted;
	const char *sealed = sealed_reason(part, &encrypted);

	attachment_begin(s, &a, part->number, part->name, d->content);
	take_type(&a, s->run->arena, part->type.type, d->content);
	if (is_message(part, d->content)) {
		a.method = BYTES_LIT("embedded");
		a.embedded_idx = embedded_say(s->run, s->idx, a.locator,
		    d->content);
		a.text = a.embedded_idx == RECORD_NONE ? BYTES_LIT("not_read")
						       : BYTES_LIT("read");
		if (a.embedded_idx == RECORD_NONE)
			a.reason = BYTES_LIT("messages nest too deep");
	} else if (bytes_eq(part->type.type,
		       BYTES_LIT("message/external-body"))) {
		a.method = BYTES_LIT("link");
		a.text = BYTES_LIT("none");
		a.reason = BYTES_LIT("lies elsewhere, never fetched");
	} else if (sealed != NULL && signed_say(s, &a, d->content)) {
		a.text = BYTES_LIT("read");
	} else if (sealed != NULL && d->content.n > 0) {
		sealed_say(s, &a, sealed, encrypted);
	} else if (is_signature(part->type.type)) {
		a.text = BYTES_LIT("none");
		a.reason = BYTES_LIT("signature");
	} else if (mapi_inside_say(s->run, s->idx, part->number, a.locator,
		       d->content, &a.embedded_idx)) {
		a.text = BYTES_LIT("read");
		if (a.embedded_idx != RECORD_NONE)
			a.method = BYTES_LIT("embedded");
	} else
		attachment_text(s, &a, part->type.charset, d->content);
	sink_record(s->run->sink, RECORD_KIND_ATTACHMENT, &a);
}

/* ---- bodies */

static void
inline_file_say(struct saying *s, const struct mime_part *part, unsigned i,
    const struct inline_file *file)
{
	struct arena *arena = s->run->arena;
	struct record_attachment a;
	enum text_quality quality;
	struct bytes content, name = text_to_utf8(arena, BYTES_LIT(""),
	    file->name, &quality);
	size_t bad;

	content = inline_file_decode(arena, file, &bad);
	attachment_begin(s, &a, arena_printf(arena, "%.*s/attachment=%u",
	    (int)part->number.n, (const char *)part->number.p, i + 1), name,
	    content);
	take_type(&a, arena, BYTES_LIT("application/octet-stream"), content);
	if (file->unended || bad > 0)
		sink_problem(s->run->sink, a.locator,
		    file->unended ? PROBLEM_TRUNCATED : PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0, "a file in the text (%s) %s",
		    file->yenc ? "yEnc" : "uuencode",
		    file->unended ? "has no end" : "holds lines that are none");
	attachment_text(s, &a, BYTES_NONE, content);
	sink_record(s->run->sink, RECORD_KIND_ATTACHMENT, &a);
}

/* A piece of a plain body, which begins at `from` in the part's text. */
static void
plain_piece_say(struct saying *s, const struct mime_part *part,
    struct bytes text, size_t from)
{
	struct text_map map = { 0, from };
	struct text_flow flow = { .idx = s->idx,
		.part = part->number,
		.text = text,
		.map = &map,
		.map_count = 1 };

	if (text.n > 0)
		sink_text(s->run->sink, &flow);
}

/* Files inside are attachments; the text around them is read without. */
static unsigned
plain_body_say(struct saying *s, const struct mime_part *part,
    const struct decoded *d)
{
	struct inline_file *files = (struct inline_file *)(void *)arena_raw(
	    s->run->arena, (LIMIT_INLINE_FILES + 1) * sizeof *files);
	size_t n = inline_files(d->text, files, LIMIT_INLINE_FILES + 1), at = 0;

	if (n > LIMIT_INLINE_FILES) {
		n = LIMIT_INLINE_FILES;
		sink_problem(s->run->sink, part_locator(s->run->arena,
		    s->origin->locator, part->number), PROBLEM_LIMIT_PARTS,
		    OUTCOME_PARTIAL, 0, "more than %d files in the text; the "
		    "rest is read as text", LIMIT_INLINE_FILES);
	}

	for (size_t i = 0; i < n; i++) {
		plain_piece_say(s, part,
		    bytes_slice(d->text, at, files[i].begin), at);
		at = files[i].end;
	}
	plain_piece_say(s, part, bytes_skip(d->text, at), at);
	/* Their bytes are the content's: a charset changes yEnc. */
	n = inline_files(d->content, files, n);
	for (size_t i = 0; i < n; i++)
		inline_file_say(s, part, (unsigned)i, &files[i]);
	return (unsigned)n;
}

static bool
is_flowed(const struct mime_part *part)
{
	return bytes_eq_nocase(part->type.format, BYTES_LIT("flowed"));
}

static void
body_say(struct saying *s, const struct mime_part *part,
    const struct decoded *d)
{
	struct text_target target = { s->run->sink, s->idx, part->number };

	sink_half(s->run->sink, part->alternative, part->half);
	sink_body(s->run->sink, true);
	if (bytes_eq(part->type.type, BYTES_LIT("text/html")))
		html_text_say(&target, s->run->arena, d->text);
	else if (is_flowed(part))
		flowed_text_say(&target, s->run->arena, d->text,
		    bytes_eq_nocase(part->type.delsp, BYTES_LIT("yes")));
	else
		plain_body_say(s, part, d);
	sink_body(s->run->sink, false);
	sink_half(s->run->sink, BYTES_NONE, 0);
	if (bytes_find_line(bytes_slice(d->text, 0, 65536), 0,
	        BYTES_LIT("-----BEGIN PGP MESSAGE-----")) != SIZE_MAX)
		sink_problem(s->run->sink, part_locator(s->run->arena,
		    s->origin->locator, part->number), PROBLEM_ENCRYPTED,
		    OUTCOME_PARTIAL, 0,
		    "an OpenPGP message stands in the text (RFC 9580)");
}

/* How many files stand in the plain bodies: they count as attachments. */
static size_t
count_inline(const struct mime_part *part, const struct decoded *d,
    struct arena *arena)
{
	struct inline_file *files;

	if (!bytes_eq(part->type.type, BYTES_LIT("text/plain")) ||
	    is_flowed(part))
		return 0;
	files = (struct inline_file *)(void *)arena_raw(arena,
	    LIMIT_INLINE_FILES * sizeof *files);
	return inline_files(d->content, files, LIMIT_INLINE_FILES);
}

/* First text body of each kind: what body_sha256 and html_sha256 are of. */
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
		m->attachments += (int64_t)count_inline(part, &s->decoded[i],
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

		part_problems(s, part_locator(s->run->arena,
		    s->origin->locator, part->number), d, part);
		if (part->header.block.p != s->header->block.p)
			junk_say(s, &part->header, part->number);
		if (mime_is_body(part))
			body_say(s, part, d);
		else
			attachment_say(s, part, d);
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
