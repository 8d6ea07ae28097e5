/* Attachments: by value, by reference, OLE, and the messages inside. */
#include "parsers/mapi/mapi_private.h"

#include "parsers/base/buffer.h"
#include "parsers/base/hash.h"
#include "parsers/base/limits.h"
#include "parsers/mail/cms.h"
#include "parsers/mapi/inside.h"

/* PR_ATTACH_METHOD, [MS-OXCMSG] 2.2.2.9. */
enum { ATTACH_NONE = 0, ATTACH_BY_VALUE = 1, ATTACH_BY_REFERENCE = 2,
	ATTACH_BY_REF_RESOLVE = 3, ATTACH_BY_REF_ONLY = 4,
	ATTACH_EMBEDDED = 5, ATTACH_OLE = 6, ATTACH_BY_WEB_REFERENCE = 7 };

/* One pass over the data of an attachment. */
struct reading {
	struct hasher *hasher; /* NULL on the second pass */
	struct buffer kept;
	size_t most;           /* to keep; beyond it nothing is kept */
	uint64_t bytes;
	bool overflow;
};

static void
take_piece(void *to, struct bytes piece)
{
	struct reading *reading = to;

	reading->bytes += piece.n;
	if (reading->hasher != NULL)
		hasher_add(reading->hasher, piece.p, piece.n);
	if (reading->overflow)
		return;
	if (piece.n > reading->most - reading->kept.n) {
		reading->overflow = true;
		buffer_release(&reading->kept);
		return;
	}
	buffer_add_bytes(&reading->kept, piece);
}

static struct bytes
lower(struct arena *arena, struct bytes in)
{
	uint8_t *out;

	if (in.p == NULL)
		return in;
	out = arena_raw(arena, in.n);
	for (size_t i = 0; i < in.n; i++)
		out[i] = byte_lower(in.p[i]);
	return bytes_of(out, in.n);
}

/* Long name, short name, path, shown name: the first there is. */
static struct bytes
name_of(struct mapi_loaded *loaded, const struct mapi_bag *bag)
{
	static const uint16_t ids[] = { 0x3707, 0x3704, 0x370D, 0x3708,
		0x3001 };

	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		struct bytes name = bytes_trim(
		    mapi_string(&loaded->text, bag, ids[i]));

		if (name.n > 0)
			return name;
	}
	return BYTES_LIT("");
}

static struct bytes
method_word(int64_t method)
{
	switch (method) {
	case ATTACH_BY_REFERENCE:
	case ATTACH_BY_REF_RESOLVE:
	case ATTACH_BY_REF_ONLY:
	case ATTACH_BY_WEB_REFERENCE:
		return BYTES_LIT("link");
	case ATTACH_EMBEDDED:
		return BYTES_LIT("embedded");
	case ATTACH_OLE:
		return BYTES_LIT("ole");
	default:
		return BYTES_LIT("file");
	}
}

static void
read_data(struct mapi_run *run, struct mapi_part *part, void *context)
{
	struct arena *arena = run->mail->arena;
	uint8_t sha256[SHA256_SIZE], md5[MD5_SIZE];
	struct reading reading = { .hasher = hasher_new(true),
		.most = LIMIT_MAPI_HELD - run->held };

	part->whole = part->stored.data(context, &part->stored, take_piece,
	    &reading);
	hasher_finish(reading.hasher, sha256, md5);
	hasher_free(reading.hasher);
	part->record.bytes = (int64_t)reading.bytes;
	part->record.sha256 = hex_of(arena, sha256, SHA256_SIZE);
	part->record.md5 = hex_of(arena, md5, MD5_SIZE);
	if (!reading.overflow) {
		part->held = arena_dup(arena, buffer_bytes(&reading.kept));
		run->held += part->held.n;
	}
	buffer_release(&reading.kept);
}

static void
load_embedded(struct mapi_run *run, struct mapi_part *part)
{
	struct bytes prefix = run->prefix;

	/* C recursion, bounded by the limit: load and say take under 1 KiB
	 * of stack a level (tests/unit_mapi.c goes to the limit). */
	if (run->mail->depth >= LIMIT_PST_DEPTH) {
		sink_problem(run->mail->sink, part->record.locator,
		    PROBLEM_LIMIT_DEPTH, OUTCOME_ITEM_LOST, 1,
		    "messages nest deeper than %d", LIMIT_PST_DEPTH);
		return;
	}
	run->mail->depth++;
	run->prefix = BYTES_LIT("");
	part->embedded = mapi_load(run, part->stored.embedded);
	run->prefix = prefix;
	run->mail->depth--;
	if (part->record.name.n == 0 && part->embedded->record.subject.n > 0)
		part->record.name = part->embedded->record.subject;
}

static void
promise_problem(struct mapi_run *run, const struct mapi_part *part,
    int64_t method)
{
	if (method == ATTACH_EMBEDDED && part->stored.embedded == NULL)
		sink_problem(run->mail->sink, part->record.locator,
		    PROBLEM_NO_DATA, OUTCOME_ITEM_LOST, 1,
		    "an embedded message is announced (PR_ATTACH_METHOD 5) "
		    "and not there");
	else if ((method == ATTACH_BY_VALUE || method == ATTACH_OLE) &&
		 part->stored.data == NULL)
		sink_problem(run->mail->sink, part->record.locator,
		    PROBLEM_NO_DATA, OUTCOME_PARTIAL, 0,
		    "attachment data is announced (PR_ATTACH_METHOD %d, "
		    "%lld bytes) and not there", (int)method,
		    (long long)mapi_number(&part->stored.bag, 0x0E20, 0));
}

static void
load_part(struct mapi_run *run, struct mapi_loaded *loaded, size_t i)
{
	struct mapi_part *part = &loaded->parts[i];
	struct record_attachment *a = &part->record;
	struct arena *arena = run->mail->arena;
	struct mapi_message *message = loaded->stored;
	const struct mapi_bag *bag = &part->stored.bag;
	int64_t method;

	record_clear(RECORD_KIND_ATTACHMENT, a);
	part->lost = !message->attachment(message->context, arena, message, i,
	    &part->stored);
	a->part = arena_printf(arena, "%.*sattachment=%zu",
	    (int)loaded->prefix.n, (const char *)loaded->prefix.p, i + 1);
	a->locator = part->stored.locator;
	if (!bytes_present(a->locator))
		a->locator = message->locator.n == 0
				 ? a->part
				 : arena_printf(arena, "%.*s/%.*s",
				       (int)message->locator.n,
				       (const char *)message->locator.p,
				       (int)a->part.n,
				       (const char *)a->part.p);
	if (part->lost)
		return;
	method = mapi_number(bag, 0x3705, part->stored.embedded
					      ? ATTACH_EMBEDDED
					      : ATTACH_BY_VALUE);
	a->name = name_of(loaded, bag);
	a->content_type = lower(arena, bytes_trim(
	    mapi_string(&loaded->text, bag, 0x370E)));
	a->hidden = mapi_number(bag, 0x7FFE, 0) != 0;
	a->method = method_word(method);
	promise_problem(run, part, method);
	if (part->stored.embedded != NULL)
		load_embedded(run, part);
	else if (part->stored.data != NULL)
		read_data(run, part, message->context);
}

void
mapi_parts_load(struct mapi_run *run, struct mapi_loaded *loaded)
{
	size_t count = loaded->stored->attachment_count;

	/* Shared by all messages of the item: a store whose messages hold
	 * each other twice grows without bound otherwise. */
	if (count > LIMIT_MIME_PARTS - run->attachments) {
		count = LIMIT_MIME_PARTS - run->attachments;
		sink_problem(run->mail->sink, loaded->stored->locator,
		    PROBLEM_LIMIT_PARTS, OUTCOME_PARTIAL, 0,
		    "more than %d attachments in one item; the rest is left "
		    "out", LIMIT_MIME_PARTS);
	}
	run->attachments += count;
	loaded->parts = arena_array(run->mail->arena, count,
	    sizeof *loaded->parts);
	loaded->part_count = count;
	for (size_t i = 0; i < count; i++)
		load_part(run, loaded, i);
}

/* ---- say */

/* The data again, for what was not held. */
static struct bytes
content_again(struct mapi_part *part, void *context, struct buffer *out)
{
	struct reading reading = { .most = LIMIT_TEXT_BYTES };

	part->stored.data(context, &part->stored, take_piece, &reading);
	*out = reading.kept;
	return buffer_bytes(out);
}

static bool
name_ends(struct bytes name, struct bytes tail)
{
	return name.n >= tail.n &&
	       bytes_eq_nocase(bytes_skip(name, name.n - tail.n), tail);
}

/*
 * A mail message as a file; and the MIME entity that is all of a signed
 * message in a store ([MS-OXOSMIME] 2.2.2), read as a message in it.
 */
static bool
is_mail(const struct mapi_loaded *loaded, const struct record_attachment *a)
{
	return bytes_eq(a->content_type, BYTES_LIT("message/rfc822")) ||
	       name_ends(a->name, BYTES_LIT(".eml")) ||
	       (bytes_eq_nocase(loaded->record.message_class,
		    BYTES_LIT("IPM.Note.SMIME.MultipartSigned")) &&
		   loaded->part_count == 1);
}

static bool
mail_say(struct mapi_run *run, struct mapi_loaded *loaded,
    struct record_attachment *a, struct bytes content, bool is_entity)
{
	struct message_origin origin = { .locator = a->locator,
		.parent_idx = loaded->record.idx,
		.state = BYTES_LIT("embedded"),
		.content = content };

	if (!(is_entity || is_mail(loaded, a)) || run->mail->depth >= LIMIT_PST_DEPTH)
		return false;
	run->mail->depth++;
	a->embedded_idx = message_say(run->mail, content, &origin);
	run->mail->depth--;
	return true;
}

/* S/MIME: what is signed as one piece is opened, what is encrypted is said.
 * `content` becomes the entity inside. */
static bool
is_sealed(struct mapi_run *run, struct record_attachment *a,
    struct bytes *content)
{
	struct bytes inner = cms_signed_content(run->mail->arena, *content);

	if (bytes_present(inner)) {
		*content = inner;
		a->content_type = BYTES_LIT("application/pkcs7-mime");
		return false;
	}
	if (cms_kind(*content) != CMS_KIND_ENCRYPTED)
		return false;
	a->text = BYTES_LIT("encrypted");
	a->reason = BYTES_LIT("S/MIME encrypted (RFC 8551)");
	sink_problem(run->mail->sink, a->locator, PROBLEM_ENCRYPTED,
	    OUTCOME_PARTIAL, 0, "S/MIME encrypted (RFC 8551)");
	return true;
}

static void
content_say(struct mapi_run *run, struct mapi_loaded *loaded,
    struct record_attachment *a, struct bytes content)
{
	struct bytes whole = content;

	if (is_sealed(run, a, &content))
		return;
	if (content.n > 0 &&
	    (mail_say(run, loaded, a, content, content.p != whole.p) ||
		mapi_inside_say(run->mail, loaded->record.idx, a->part,
		    a->locator, content, &a->embedded_idx))) {
		a->text = BYTES_LIT("read");
		if (a->embedded_idx != RECORD_NONE)
			a->method = BYTES_LIT("embedded");
		return;
	}
	a->text = attachment_text_say(run->mail, loaded->record.idx, a->part,
	    a->content_type.p ? a->content_type : BYTES_LIT(""), a->name,
	    BYTES_LIT(""), content, &a->reason);
}

static void
text_say(struct mapi_run *run, struct mapi_loaded *loaded,
    struct mapi_part *part)
{
	struct record_attachment *a = &part->record;
	struct buffer again = BUFFER_EMPTY;
	struct bytes content = part->held;

	if (part->stored.data == NULL) {
		a->text = BYTES_LIT("none");
		return;
	}
	if ((uint64_t)a->bytes > LIMIT_TEXT_BYTES) {
		a->text = BYTES_LIT("not_read");
		a->reason = BYTES_LIT("larger than the text limit");
		return;
	}
	if (!bytes_present(content))
		content = content_again(part, loaded->stored->context, &again);
	sink_content(run->mail->sink, a->idx, "attachment", a->part, content);
	content_say(run, loaded, a, content);
	buffer_release(&again);
}

static void
part_say(struct mapi_run *run, struct mapi_loaded *loaded,
    struct mapi_part *part)
{
	struct record_attachment *a = &part->record;

	a->idx = loaded->record.idx;
	if (part->lost) {
		a->text = BYTES_LIT("not_read");
		a->reason = BYTES_LIT("the store could not give it");
	} else if (part->embedded != NULL) {
		run->mail->depth++;
		a->embedded_idx = mapi_say(run, part->embedded, a->idx);
		run->mail->depth--;
		a->text = BYTES_LIT("read");
	} else if (part->stored.embedded != NULL) {
		a->text = BYTES_LIT("not_read");
		a->reason = BYTES_LIT("messages nest too deep");
	} else
		text_say(run, loaded, part);
	sink_record(run->mail->sink, RECORD_KIND_ATTACHMENT, a);
}

void
mapi_parts_say(struct mapi_run *run, struct mapi_loaded *loaded)
{
	for (size_t i = 0; i < loaded->part_count; i++)
		part_say(run, loaded, &loaded->parts[i]);
}
