#include "parsers/documents/archive_text.h"

#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/containers/archive.h"

enum { PIECE_BYTES = 64 * 1024, MEMBERS_MOST = 10000, REASON_MOST = 400 };

struct archive_text {
	struct document_reader *reader;
	struct archive_reader *archive;
	size_t packed;
	struct buffer content; /* of the member in hand */
	struct buffer unread;  /* names with reasons */
	unsigned members, read, encrypted, left_out;
	bool bounds; /* the ratio or the size is reached */
};

static bool
is_in_bounds(const struct archive_text *t)
{
	uint64_t n = t->reader->unpacked;

	return n <= LIMIT_TEXT_BYTES &&
	       (n <= LIMIT_ARCHIVE_FREE ||
		   n / LIMIT_ARCHIVE_RATIO <= t->packed);
}

static bool
unpack(struct archive_text *t)
{
	int64_t got;

	buffer_reset(&t->content);
	for (;;) {
		uint8_t *place = buffer_reserve(&t->content, PIECE_BYTES);

		got = archive_take(t->archive, place, PIECE_BYTES);
		if (got <= 0)
			return got == 0;
		t->content.n += (size_t)got;
		t->reader->unpacked += (uint64_t)got;
		if (!is_in_bounds(t)) {
			t->bounds = true;
			return false;
		}
	}
}

static void
add_unread(struct archive_text *t, struct bytes path, struct bytes reason)
{
	if (t->unread.n > REASON_MOST) {
		t->left_out++;
		return;
	}
	buffer_printf(&t->unread, "%s%.*s (%.*s)", t->unread.n ? ", " : "",
	    (int)(path.n < 100 ? path.n : 100), (const char *)path.p,
	    (int)reason.n, (const char *)reason.p);
}

static bool
is_mail(struct bytes content)
{
	bool tie;
	const struct parser *parser = parser_for(
	    bytes_slice(content, 0, 65536), content.n, &tie);

	return parser != NULL && strcmp(parser->name, "eml") == 0;
}

static void
say_member(struct archive_text *t, struct bytes path)
{
	struct document_reader inner = *t->reader;
	struct arena *arena = inner.arena;
	struct document document = { .name = path,
		.content = buffer_bytes(&t->content) };
	struct document_answer answer;

	inner.target.part = arena_printf(arena, "%.*s/member=%.*s",
	    (int)inner.target.part.n, (const char *)inner.target.part.p,
	    (int)path.n, (const char *)path.p);
	inner.locator = arena_printf(arena, "%.*s/member=%.*s",
	    (int)inner.locator.n, (const char *)inner.locator.p, (int)path.n,
	    (const char *)path.p);
	inner.depth++;
	if (inner.message != NULL && is_mail(document.content)) {
		inner.message(&inner, document.content);
		t->read++;
		return;
	}
	answer = document_say(&inner, &document);
	t->reader->unpacked = inner.unpacked;
	if (bytes_eq(answer.text, BYTES_LIT("read")) ||
	    bytes_eq(answer.text, BYTES_LIT("none")))
		t->read++;
	else
		add_unread(t, path, answer.reason);
}

static void
take_member(struct archive_text *t, const struct archive_member *member)
{
	/* The path lives until the next step only; a nested one steps. */
	struct bytes path = arena_dup(t->reader->arena, member->path);

	if (!member->file)
		return;
	t->members++;
	if (member->encrypted) {
		t->encrypted++;
		add_unread(t, path, BYTES_LIT("encrypted"));
	} else if (!unpack(t)) {
		add_unread(t, path, t->bounds
			? BYTES_LIT("unpacks to too much")
			: BYTES_LIT("damaged"));
	} else
		say_member(t, path);
}

static struct document_answer
answer_of(struct archive_text *t, bool broken)
{
	struct document_answer answer = { BYTES_LIT("read"), BYTES_NONE };
	struct arena *arena = t->reader->arena;

	if (t->members > 0 && t->encrypted == t->members)
		answer.text = BYTES_LIT("encrypted");
	else if (t->read == 0 && t->members > 0)
		answer.text = BYTES_LIT("not_read");
	else if (t->members == 0)
		answer.text = broken ? BYTES_LIT("not_read")
				     : BYTES_LIT("none");
	if (t->unread.n > 0)
		answer.reason = text_repair_utf8(arena, arena_printf(arena,
		    "archive: %u of %u members read; not: %.*s%s", t->read,
		    t->members, (int)t->unread.n, (const char *)t->unread.p,
		    t->left_out ? " ..." : ""));
	else if (broken)
		answer.reason = BYTES_LIT("archive: damaged");
	else if (t->members == 0)
		answer.reason = BYTES_LIT("archive: empty");
	return answer;
}

static void
say_limits(struct archive_text *t, bool broken)
{
	struct sink *sink = t->reader->target.sink;

	if (t->bounds)
		sink_problem(sink, t->reader->locator, PROBLEM_LIMIT_RATIO,
		    OUTCOME_PARTIAL, 0, "an attached archive unpacks to more "
		    "than %d times its size, or %zu bytes; the rest is not "
		    "read", LIMIT_ARCHIVE_RATIO, LIMIT_TEXT_BYTES);
	if (t->members >= MEMBERS_MOST)
		sink_problem(sink, t->reader->locator, PROBLEM_LIMIT_MEMBERS,
		    OUTCOME_PARTIAL, 0, "an attached archive with more than "
		    "%d members; the rest is not read", MEMBERS_MOST);
	if (broken)
		sink_problem(sink, t->reader->locator, PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0, "an attached archive cannot be read "
		    "on after %u members", t->members);
}

struct document_answer
archive_text_say(struct document_reader *reader, struct bytes content)
{
	struct input input = { .fd = -1, .memory = content,
		.size = content.n };
	struct archive_text t = { .reader = reader, .packed = content.n };
	enum archive_step step = ARCHIVE_END;
	struct archive_member member;
	struct document_answer answer;

	if (reader->depth >= LIMIT_ARCHIVE_DEPTH) {
		sink_problem(reader->target.sink, reader->locator,
		    PROBLEM_LIMIT_DEPTH, OUTCOME_PARTIAL, 0, "archives in "
		    "archives deeper than %d are not read",
		    LIMIT_ARCHIVE_DEPTH);
		return (struct document_answer){ BYTES_LIT("not_read"),
			BYTES_LIT("archives nest too deep") };
	}
	t.archive = archive_open(&input);
	while (!t.bounds && t.members < MEMBERS_MOST &&
	       (step = archive_next(t.archive, &member)) == ARCHIVE_MEMBER)
		take_member(&t, &member);
	say_limits(&t, step == ARCHIVE_BROKEN);
	answer = answer_of(&t, step == ARCHIVE_BROKEN);
	archive_close(t.archive);
	buffer_release(&t.content);
	buffer_release(&t.unread);
	return answer;
}
