/* What hangs on a message: its type, its text, the messages inside it. */
#include "parsers/base/hash.h"
#include "parsers/base/limits.h"
#include "parsers/base/sniff.h"
#include "parsers/base/text.h"
#include "parsers/documents/document.h"
#include "parsers/mail/cms.h"
#include "parsers/mail/mbox_lines.h"
#include "parsers/mail/message_private.h"
#include "parsers/mapi/inside.h"

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

struct bytes
message_part_locator(struct arena *arena, struct bytes message, struct bytes part)
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
	    message_part_locator(run->arena, BYTES_LIT(""), part), part, &document);

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
void
message_attachment_type(struct record_attachment *a, struct arena *arena,
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

void
message_attachment_begin(struct saying *s, struct record_attachment *a,
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
	a->locator = message_part_locator(arena, s->origin->locator, part);
	a->method = BYTES_LIT("file");
}

void
message_attachment_text(struct saying *s, struct record_attachment *a,
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

static bool
is_fragment(const struct mime_part *part)
{
	return bytes_eq(part->type.type, BYTES_LIT("message/partial"));
}

static void
embedded_attachment(struct saying *s, struct record_attachment *a,
    struct bytes content)
{
	a->method = BYTES_LIT("embedded");
	a->embedded_idx = embedded_say(s->run, s->idx, a->locator, content);
	a->text = a->embedded_idx == RECORD_NONE ? BYTES_LIT("not_read")
						 : BYTES_LIT("read");
	if (a->embedded_idx == RECORD_NONE)
		a->reason = BYTES_LIT("messages nest too deep");
}

static int
shown_length(struct bytes text)
{
	return (int)(text.n < 200 ? text.n : 200);
}

/*
 * A piece of a message (RFC 2046 5.2.2).  The first one begins with that
 * message's header and is read as far as it goes; the others are text from
 * its middle.  The pieces are not put together, and that is said.
 */
static void
fragment_say(struct saying *s, struct record_attachment *a,
    const struct mime_part *part, struct bytes content)
{
	const struct content_type *type = &part->type;
	struct text_target target = { s->run->sink, s->idx, part->number };
	enum text_quality quality;
	struct bytes id = text_repair_utf8(s->run->arena,
	    type->id.p ? type->id : BYTES_LIT(""));

	sink_problem(s->run->sink, a->locator, PROBLEM_TRUNCATED,
	    OUTCOME_PARTIAL, 0, "piece %.*s of %.*s of the message '%.*s' "
	    "(RFC 2046 5.2.2): each piece is read alone",
	    shown_length(type->number), (const char *)type->number.p,
	    type->total.n ? shown_length(type->total) : 1,
	    type->total.n ? (const char *)type->total.p : "?",
	    shown_length(id), (const char *)id.p);
	if (bytes_eq(type->number, BYTES_LIT("1"))) {
		embedded_attachment(s, a, content);
		return;
	}
	plain_text_say(&target, text_to_utf8(s->run->arena, BYTES_LIT(""),
	    content, &quality));
	a->text = BYTES_LIT("read");
	a->reason = BYTES_LIT("a piece of a message: only as it stands");
}

void
message_attachment_say(struct saying *s, const struct mime_part *part,
    const struct decoded *d)
{
	struct record_attachment a;
	bool encrypted;
	const char *sealed = sealed_reason(part, &encrypted);

	message_attachment_begin(s, &a, part->number, part->name, d->content);
	message_attachment_type(&a, s->run->arena, part->type.type, d->content);
	if (is_message(part, d->content)) {
		embedded_attachment(s, &a, d->content);
	} else if (is_fragment(part)) {
		fragment_say(s, &a, part, d->content);
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
		message_attachment_text(s, &a, part->type.charset, d->content);
	sink_record(s->run->sink, RECORD_KIND_ATTACHMENT, &a);
}
