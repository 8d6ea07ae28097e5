/* A message's own text, and the files that stand in it. */
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/documents/text.h"
#include "parsers/mail/message_private.h"

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
	message_attachment_begin(s, &a, arena_printf(arena, "%.*s/attachment=%u",
	    (int)part->number.n, (const char *)part->number.p, i + 1), name,
	    content);
	message_attachment_type(&a, arena, BYTES_LIT("application/octet-stream"), content);
	if (file->unended || bad > 0)
		sink_problem(s->run->sink, a.locator,
		    file->unended ? PROBLEM_TRUNCATED : PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0, "a file in the text (%s) %s",
		    file->yenc ? "yEnc" : "uuencode",
		    file->unended ? "has no end" : "holds lines that are none");
	message_attachment_text(s, &a, BYTES_NONE, content);
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
		sink_problem(s->run->sink, message_part_locator(s->run->arena,
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

void
message_body_say(struct saying *s, const struct mime_part *part,
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
		sink_problem(s->run->sink, message_part_locator(s->run->arena,
		    s->origin->locator, part->number), PROBLEM_ENCRYPTED,
		    OUTCOME_PARTIAL, 0,
		    "an OpenPGP message stands in the text (RFC 9580)");
}

/* How many files stand in the plain bodies: they count as attachments. */
size_t
message_count_inline(const struct mime_part *part, const struct decoded *d,
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
