/*
 * mbox (RFC 4155 and its older kin): mboxo, mboxrd, mboxcl and cl2 by
 * content.
 *
 * A message runs from its From_ line to the next (mbox_lines.h says which
 * lines are).  A Content-Length is believed only when a From_ line or the
 * file's end follows at just that place.  Text before the first From_ line is
 * a problem row, a message longer than the limit is lost with a row, and a
 * record without a header costs nothing of what follows.
 */
#include <stdio.h>

#include "parsers/base/limits.h"
#include "parsers/base/scan.h"
#include "parsers/mail/mbox_lines.h"
#include "parsers/mail/mbox_window.h"
#include "parsers/mail/message.h"

#define UNIT_BYTES (UINT64_C(8) << 20)

/* A byte order mark and empty lines before the first From_ line. */
static struct bytes
mbox_start(struct bytes text)
{
	if (bytes_starts(text, BYTES_LIT("\xef\xbb\xbf")))
		text = bytes_skip(text, 3);
	while (text.n > 0 && (text.p[0] == '\r' || text.p[0] == '\n'))
		text = bytes_skip(text, 1);
	return text;
}

static unsigned
mbox_probe(struct bytes head, uint64_t size)
{
	size_t line;

	(void)size;
	head = mbox_start(head);
	if (!bytes_starts(head, BYTES_LIT("From ")))
		return 0;
	line = bytes_find_byte(head, '\n');
	if (line == SIZE_MAX)
		return mbox_is_dated(head) ? 20 : 0;
	if (mbox_is_dated(head))
		return 40;
	return mbox_is_mail_header(bytes_skip(head, line + 1)) ? 24 : 0;
}

/* What to do with each message: plan counts, run says. */
struct mbox_visit {
	/* `text` is short of `size` for a message longer than the limit. */
	void (*message)(struct mbox_visit *, struct bytes text, uint64_t size,
	    uint64_t offset);
	void (*lead)(struct mbox_visit *, struct bytes text, uint64_t offset);
	void (*note)(struct mbox_visit *, enum from_line, uint64_t offset);
	struct sink *sink;
	struct arena scratch;
	uint64_t unit_begin;
	uint64_t noted; /* where the last doubtful line stood: said once */
	int64_t unit_items, total, notes;
};

/*
 * Offset of the next From_ line at or after `from`; SIZE_MAX: none that can
 * be judged yet.  What is cut off by the view's end is left for later.
 */
static size_t
next_from(struct mbox_visit *visit, const struct window *w, size_t from)
{
	struct bytes text = window_bytes(w);
	size_t judged = w->end ? text.n
			: text.n > FROM_AHEAD + FROM_LINE_MOST
			    ? text.n - FROM_AHEAD - FROM_LINE_MOST
			    : 0;

	while (from < judged) {
		size_t at = bytes_find_line(bytes_slice(text, 0,
		    judged + 5 < text.n ? judged + 5 : text.n), from + 1,
		    BYTES_LIT("From "));
		enum from_line line;

		if (at == SIZE_MAX)
			return SIZE_MAX;
		line = mbox_from_line(text, at);
		if ((line == FROM_PARTS_NOTED || line == FROM_TEXT_NOTED) &&
		    w->base + at > visit->noted) {
			visit->noted = w->base + at;
			visit->note(visit, line, w->base + at);
		}
		if (line == FROM_PARTS || line == FROM_PARTS_NOTED)
			return at;
		from = at;
	}
	return SIZE_MAX;
}

/* The body's length that its header states and where it begins; false: it
 * states none, or more than is believed. */
static bool
stated_length(struct mbox_visit *visit, struct bytes text, size_t *body,
    size_t *length)
{
	size_t line = bytes_find_byte(text, '\n');
	struct header header;
	uint64_t wide;

	/* Cheap test first: most mboxes have none. */
	if (line == SIZE_MAX || bytes_find_line(bytes_slice(text, 0, 16384),
	        line + 1, BYTES_LIT("Content-Length:")) == SIZE_MAX)
		return false;
	arena_reset(&visit->scratch);
	header = header_parse(&visit->scratch, bytes_skip(text, line + 1));
	if (!bytes_to_u64(header_raw(&header, "Content-Length"), &wide) ||
	    wide > LIMIT_CONTENT_LENGTH)
		return false;
	*body = line + 1 + header.body;
	*length = (size_t)wide;
	return true;
}

/* mboxcl: where the message ends if its Content-Length tells the truth. */
static size_t
length_end(struct mbox_visit *visit, struct window *w)
{
	struct bytes text = window_bytes(w);
	size_t at, length;

	if (!stated_length(visit, text, &at, &length))
		return SIZE_MAX;
	while (!w->end && length + FROM_AHEAD > text.n - at) {
		window_grow(w);
		text = window_bytes(w);
	}
	if (length > text.n - at)
		return SIZE_MAX;
	at += length;
	while (at < text.n && (text.p[at] == '\n' || text.p[at] == '\r'))
		at++;
	if (at == text.n)
		return w->end ? at : SIZE_MAX;
	if (text.p[at - 1] != '\n' ||
	    !bytes_starts(bytes_skip(text, at), BYTES_LIT("From ")))
		return SIZE_MAX;
	return mbox_from_line(text, at) == FROM_PARTS ? at : SIZE_MAX;
}

/* The end of the message at the view's start; grows the view.  False: it is
 * longer than the limit. */
static bool
message_end(struct mbox_visit *visit, struct window *w, size_t *end)
{
	size_t searched = 0;

	*end = length_end(visit, w);
	if (*end != SIZE_MAX)
		return true;
	for (;;) {
		size_t n = window_bytes(w).n;

		*end = next_from(visit, w, searched);
		if (*end != SIZE_MAX)
			return true;
		if (w->end || w->failed) {
			*end = n;
			return true;
		}
		if (n > LIMIT_ITEM_BYTES)
			return false;
		searched = n > FROM_AHEAD + FROM_LINE_MOST + 1
			       ? n - FROM_AHEAD - FROM_LINE_MOST - 1
			       : 0;
		window_grow(w);
	}
}

/* Past a message that is too long to be held: up to the next From_ line. */
static void
skip_giant(struct mbox_visit *visit, struct window *w)
{
	uint64_t begin = w->base;
	size_t end = SIZE_MAX;

	while (end == SIZE_MAX && !w->failed) {
		size_t n = window_bytes(w).n;
		size_t keep = FROM_AHEAD + FROM_LINE_MOST + 4;

		end = next_from(visit, w, 0);
		if (end == SIZE_MAX && w->end)
			end = n;
		if (end == SIZE_MAX) {
			window_skip(w, n - keep);
			window_top_up(w);
		}
	}
	window_skip(w, end == SIZE_MAX ? 0 : end);
	visit->message(visit, BYTES_NONE, w->base - begin, begin);
}

/* Text before the first From_ line. */
static void
walk_lead(struct mbox_visit *visit, struct window *w)
{
	struct bytes text = window_bytes(w), start = mbox_start(text);
	size_t first = (size_t)(start.p - text.p);

	if (text.n == 0)
		return;
	if (!bytes_starts(start, BYTES_LIT("From ")) &&
	    !message_end(visit, w, &first))
		first = window_bytes(w).n;
	if (first > 0) {
		visit->lead(visit, bytes_slice(window_bytes(w), 0, first),
		    w->base);
		window_skip(w, first);
	}
}

/* Every message of [from, to) in order; false on an I/O error. */
static bool
mbox_walk(const struct input *input, uint64_t from, uint64_t to,
    struct mbox_visit *visit)
{
	struct window w;

	arena_init(&visit->scratch);
	window_open(&w, input, from);
	if (from == 0)
		walk_lead(visit, &w);
	while (w.base < to && !w.failed) {
		size_t end;

		window_top_up(&w);
		if (w.n == 0)
			break;
		if (!message_end(visit, &w, &end)) {
			skip_giant(visit, &w);
			continue;
		}
		visit->message(visit,
		    bytes_slice(window_bytes(&w), 0, end), end, w.base);
		window_skip(&w, end);
	}
	window_close(&w);
	arena_release(&visit->scratch);
	return !w.failed;
}

static void
plan_unit(struct mbox_visit *visit, uint64_t end)
{
	struct record_unit unit;
	char spec[80];

	record_clear(RECORD_KIND_UNIT, &unit);
	snprintf(spec, sizeof spec, "begin=%llu end=%llu",
	    (unsigned long long)visit->unit_begin, (unsigned long long)end);
	unit.spec = bytes_cstr(spec);
	unit.items = visit->unit_items;
	sink_record(visit->sink, RECORD_KIND_UNIT, &unit);
	visit->unit_begin = end;
	visit->unit_items = 0;
}

static void
plan_message(struct mbox_visit *visit, struct bytes text, uint64_t size,
    uint64_t offset)
{
	(void)text;
	visit->unit_items++;
	visit->total++;
	if (offset + size - visit->unit_begin >= UNIT_BYTES)
		plan_unit(visit, offset + size);
}

static void
plan_lead(struct mbox_visit *visit, struct bytes text, uint64_t offset)
{
	if (mbox_start(text).n > 0)
		sink_problem(visit->sink, BYTES_LIT(""), PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0,
		    "%zu bytes at offset %llu before the first From_ line "
		    "(RFC 4155) belong to no message", text.n,
		    (unsigned long long)offset);
}

static void
plan_note(struct mbox_visit *visit, enum from_line line, uint64_t offset)
{
	char locator[32];

	if (visit->notes++ >= LIMIT_MBOX_NOTES)
		return;
	snprintf(locator, sizeof locator, "offset=%llu",
	    (unsigned long long)offset);
	sink_problem(visit->sink, bytes_cstr(locator), PROBLEM_DAMAGED,
	    OUTCOME_OK, 0,
	    line == FROM_PARTS_NOTED
		? "a From_ line without an empty line before it (RFC 4155): "
		  "taken as the next message, since a header follows"
		: "a line like a From_ line (RFC 4155) with no header after "
		  "it: taken as text of the message");
}

static enum outcome
mbox_plan(const struct input *input, struct sink *sink)
{
	struct mbox_visit visit = { .message = plan_message,
		.lead = plan_lead,
		.note = plan_note,
		.sink = sink };
	struct record_folder folder;
	bool readable = mbox_walk(input, 0, input->size, &visit);

	if (visit.unit_begin < input->size)
		plan_unit(&visit, input->size);
	record_clear(RECORD_KIND_FOLDER, &folder);
	folder.folder_id = BYTES_LIT("");
	folder.kind = BYTES_LIT("mail");
	folder.expected = visit.total;
	folder.associated = 0;
	sink_record(sink, RECORD_KIND_FOLDER, &folder);
	if (visit.notes > LIMIT_MBOX_NOTES)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_DAMAGED, OUTCOME_OK,
		    0, "%lld doubtful From_ lines in all",
		    (long long)visit.notes);
	if (readable)
		return OUTCOME_OK;
	sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
	    OUTCOME_SOURCE_LOST, 0, "the file cannot be read to its end: I/O "
	    "error");
	return OUTCOME_SOURCE_LOST;
}

/* Content: after the From_ line, up to the blank line that ends it. */
static struct bytes
message_content(struct bytes text)
{
	size_t line = bytes_find_byte(text, '\n');
	struct bytes content = line == SIZE_MAX
				   ? bytes_skip(text, text.n)
				   : bytes_skip(text, line + 1);
	size_t n = content.n;

	if (n >= 2 && content.p[n - 1] == '\n' && content.p[n - 2] == '\n')
		content.n--;
	else if (n >= 3 && content.p[n - 1] == '\n' &&
		 content.p[n - 2] == '\r' && content.p[n - 3] == '\n')
		content.n -= 2;
	return content;
}

/* mboxrd: one '>' off every ">From " line of the body. */
static struct bytes
unquote(struct arena *arena, struct bytes text)
{
	size_t n = 0, from = 0, scan = 0, at;
	uint8_t *out = NULL;

	while ((at = bytes_find(bytes_skip(text, scan),
	            BYTES_LIT(">From "))) != SIZE_MAX) {
		size_t line = at + scan;

		at += scan;
		scan = at + 1;
		while (line > 0 && text.p[line - 1] == '>')
			line--;
		if (line > 0 && text.p[line - 1] != '\n')
			continue;
		if (out == NULL)
			out = arena_raw(arena, text.n);
		memcpy(out + n, text.p + from, at - from);
		n += at - from;
		from = at + 1;
	}
	if (out == NULL)
		return text;
	memcpy(out + n, text.p + from, text.n - from);
	return bytes_of(out, n + text.n - from);
}

static void
run_message(struct mbox_visit *visit, struct bytes text, uint64_t size,
    uint64_t offset)
{
	struct sink *sink = visit->sink;
	struct message_run run = { .sink = sink, .arena = &sink->item };
	struct message_origin origin = { .parent_idx = RECORD_NONE,
		.folder_id = BYTES_LIT(""),
		.state = BYTES_LIT("live") };
	char locator[64];

	snprintf(locator, sizeof locator, "offset=%llu+%llu",
	    (unsigned long long)offset, (unsigned long long)size);
	if (!sink_item_begin(sink, bytes_cstr(locator)))
		return;
	origin.locator = arena_dup(&sink->item, bytes_cstr(locator));
	origin.content = message_content(text);
	if (text.n < size || size > LIMIT_ITEM_BYTES)
		sink_problem(sink, origin.locator, PROBLEM_LIMIT_SIZE,
		    OUTCOME_ITEM_LOST, 1, "a message of more than %zu bytes",
		    LIMIT_ITEM_BYTES);
	else
		message_say(&run, unquote(&sink->item, origin.content),
		    &origin);
	sink_item_end(sink);
}

static void
run_lead(struct mbox_visit *visit, struct bytes text, uint64_t offset)
{
	(void)visit;
	(void)text;
	(void)offset;
}

static void
run_note(struct mbox_visit *visit, enum from_line line, uint64_t offset)
{
	(void)visit;
	(void)line;
	(void)offset;
}

static enum outcome
mbox_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct mbox_visit visit = { .message = run_message,
		.lead = run_lead,
		.note = run_note,
		.sink = sink };
	uint64_t from = spec_number(spec, "begin", 0);
	uint64_t to = spec_number(spec, "end", input->size);

	if (mbox_walk(input, from, to, &visit))
		return OUTCOME_OK;
	sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
	    OUTCOME_SOURCE_LOST, 0, "the file cannot be read: I/O error");
	return OUTCOME_SOURCE_LOST;
}

const struct parser parser_mbox = {
	.name = "mbox",
	.title = "mailbox file (mbox)",
	.probe = mbox_probe,
	.plan = mbox_plan,
	.run = mbox_run,
};
