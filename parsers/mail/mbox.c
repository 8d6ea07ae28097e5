/*
 * mbox (RFC 4155 and its older kin): mboxo, mboxrd, mboxcl by content.
 *
 * A message runs from its From_ line to the next.  A From_ line stands at the
 * file's start or after a blank line and ends in a date; a Content-Length is
 * believed only when a From_ line or the file's end follows at just that
 * place.  Text before the first From_ line is a problem row.
 */
#include <stdio.h>

#include "parsers/base/limits.h"
#include "parsers/base/scan.h"
#include "parsers/base/utc.h"
#include "parsers/mail/message.h"

#define UNIT_BYTES (UINT64_C(8) << 20)
#define WINDOW_BYTES ((size_t)4 << 20)
enum { FROM_LINE_MOST = 1024 };

/* "From sender date": something, and a year or clock after it. */
static bool
is_from_line(struct bytes text)
{
	struct bytes line = bytes_slice(text, 0, bytes_find_byte(text, '\n'));
	bool digit_clock = false;

	if (!bytes_starts(line, BYTES_LIT("From ")) ||
	    line.n > FROM_LINE_MOST)
		return false;
	for (size_t i = 7; i + 2 < line.n && !digit_clock; i++)
		digit_clock = line.p[i] == ':' && line.p[i - 1] >= '0' &&
			      line.p[i - 1] <= '9' && line.p[i + 1] >= '0' &&
			      line.p[i + 1] <= '9';
	if (digit_clock)
		return true;
	return utc_from_mail(bytes_skip(line, 5)) != UTC_NONE;
}

static unsigned
mbox_probe(struct bytes head, uint64_t size)
{
	struct arena arena;
	struct header header;
	size_t line;
	unsigned bid = 0;

	(void)size;
	while (head.n > 0 && (head.p[0] == '\r' || head.p[0] == '\n'))
		head = bytes_skip(head, 1);
	if (!bytes_starts(head, BYTES_LIT("From ")))
		return 0;
	line = bytes_find_byte(head, '\n');
	if (line == SIZE_MAX)
		return is_from_line(head) ? 20 : 0;
	arena_init(&arena);
	header = header_parse(&arena,
	    bytes_slice(bytes_skip(head, line + 1), 0, 8192));
	if (is_from_line(head))
		bid = 40;
	else if (header.count > 0)
		bid = 24;
	arena_release(&arena);
	return bid;
}

/* A forward view of the file that grows until a whole message is in it. */
struct window {
	const struct input *input;
	uint8_t *p;
	size_t n, room;
	uint64_t base; /* file offset of p[0] */
	bool end, failed;
};

static void
window_fill(struct window *w, struct arena *arena, size_t want)
{
	int64_t got;

	if (want > w->room) {
		uint8_t *more = arena_raw(arena, want);

		if (w->n > 0)
			memcpy(more, w->p, w->n);
		w->p = more;
		w->room = want;
	}
	got = input_read(w->input, w->base + w->n, w->p + w->n,
	    w->room - w->n);
	w->failed |= got < 0;
	w->end = got < (int64_t)(w->room - w->n);
	w->n += got > 0 ? (size_t)got : 0;
}

static struct bytes
window_bytes(const struct window *w)
{
	return bytes_of(w->p, w->n);
}

/* Forget everything before `at`. */
static void
window_slide(struct window *w, size_t at)
{
	memmove(w->p, w->p + at, w->n - at);
	w->n -= at;
	w->base += at;
}

static bool
after_blank_line(struct bytes text, size_t at)
{
	if (at == 0)
		return true;
	if (at >= 2 && text.p[at - 1] == '\n' && text.p[at - 2] == '\n')
		return true;
	return at >= 3 && text.p[at - 1] == '\n' && text.p[at - 2] == '\r' &&
	       text.p[at - 3] == '\n';
}

/* Offset of the next From_ line at or after `from`, SIZE_MAX: none seen. */
static size_t
next_from(struct bytes text, size_t from)
{
	while (from < text.n) {
		size_t at = bytes_find(bytes_skip(text, from),
		    BYTES_LIT("\nFrom "));

		if (at == SIZE_MAX)
			return SIZE_MAX;
		at += from + 1;
		if (after_blank_line(text, at) &&
		    is_from_line(bytes_skip(text, at)))
			return at;
		from = at;
	}
	return SIZE_MAX;
}

/* mboxcl: where the message ends if its Content-Length tells the truth. */
static size_t
length_end(struct bytes text, bool whole, struct arena *arena)
{
	size_t line = bytes_find_byte(text, '\n'), at;
	struct header header;
	struct bytes raw;
	uint64_t length;

	if (line == SIZE_MAX)
		return SIZE_MAX;
	/* Cheap test first: most mboxes have none. */
	at = bytes_find(bytes_slice(text, 0, 16384),
	    BYTES_LIT("\nContent-Length:"));
	if (at == SIZE_MAX)
		return SIZE_MAX;
	header = header_parse(arena, bytes_skip(text, line + 1));
	raw = header_raw(&header, "Content-Length");
	if (!bytes_to_u64(raw, &length))
		return SIZE_MAX;
	at = line + 1 + header.body;
	if (length > text.n - at)
		return SIZE_MAX;
	at += (size_t)length;
	while (at < text.n && (text.p[at] == '\n' || text.p[at] == '\r'))
		at++;
	if (at == text.n)
		return whole ? at : SIZE_MAX;
	return is_from_line(bytes_skip(text, at)) && text.p[at - 1] == '\n'
		   ? at
		   : SIZE_MAX;
}

/* The end of the message at the window's start; grows the window. */
static size_t
message_end(struct window *w, struct arena *arena, struct arena *scratch)
{
	size_t searched = 0;

	for (;;) {
		struct bytes text = window_bytes(w);
		size_t end = length_end(text, w->end, scratch);

		if (end != SIZE_MAX)
			return end;
		end = next_from(text, searched);
		/* The From_ line itself must be whole to be judged. */
		if (end != SIZE_MAX &&
		    (w->end || text.n - end > FROM_LINE_MOST))
			return end;
		if (w->end || w->failed || text.n > LIMIT_ITEM_BYTES)
			return end != SIZE_MAX ? end : text.n;
		searched = text.n > FROM_LINE_MOST * 2
			       ? text.n - FROM_LINE_MOST * 2
			       : 0;
		window_fill(w, arena, w->room * 2);
	}
}

/* What to do with each message: plan counts, run says. */
struct mbox_visit {
	void (*message)(struct mbox_visit *, struct bytes text,
	    uint64_t offset);
	void (*lead)(struct mbox_visit *, struct bytes text, uint64_t offset);
	struct sink *sink;
	uint64_t unit_begin;
	int64_t unit_items, total;
};

/* Every message of [from, to) in order; false on an I/O error. */
static bool
mbox_walk(const struct input *input, uint64_t from, uint64_t to,
    struct mbox_visit *visit)
{
	struct window w = { .input = input, .base = from };
	struct arena arena, scratch;

	arena_init(&arena);
	arena_init(&scratch);
	/* One byte more than the file: its end is seen at the first fill. */
	window_fill(&w, &arena, input->size < WINDOW_BYTES
				    ? (size_t)input->size + 1
				    : WINDOW_BYTES);
	if (!is_from_line(window_bytes(&w)) && w.n > 0) {
		size_t first = bytes_starts(window_bytes(&w),
				   BYTES_LIT("From "))
				   ? 0
				   : message_end(&w, &arena, &scratch);

		if (first > 0) {
			visit->lead(visit, bytes_of(w.p, first), w.base);
			window_slide(&w, first);
		}
	}
	while (w.base < to && !w.failed) {
		size_t end;

		if (w.n < WINDOW_BYTES / 4 && !w.end)
			window_fill(&w, &arena, w.room);
		if (w.n == 0)
			break;
		end = message_end(&w, &arena, &scratch);
		visit->message(visit, bytes_of(w.p, end), w.base);
		window_slide(&w, end);
		arena_reset(&scratch);
		/* A giant message's window is not kept. */
		if (w.room > WINDOW_BYTES * 4) {
			w.n = w.room = 0;
			w.p = NULL;
			arena_reset(&arena);
			window_fill(&w, &arena, WINDOW_BYTES);
		}
	}
	arena_release(&scratch);
	arena_release(&arena);
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
plan_message(struct mbox_visit *visit, struct bytes text, uint64_t offset)
{
	visit->unit_items++;
	visit->total++;
	if (offset + text.n - visit->unit_begin >= UNIT_BYTES)
		plan_unit(visit, offset + text.n);
}

static void
plan_lead(struct mbox_visit *visit, struct bytes text, uint64_t offset)
{
	if (bytes_trim(text).n > 0)
		sink_problem(visit->sink, BYTES_LIT(""), PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0,
		    "%zu bytes at offset %llu before the first From_ line "
		    "(RFC 4155) belong to no message", text.n,
		    (unsigned long long)offset);
}

static enum outcome
mbox_plan(const struct input *input, struct sink *sink)
{
	struct mbox_visit visit = { .message = plan_message,
		.lead = plan_lead,
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
	if (readable)
		return OUTCOME_OK;
	sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
	    OUTCOME_SOURCE_LOST, 0, "the file cannot be read to its end: I/O "
	    "error");
	return OUTCOME_SOURCE_LOST;
}

/* Status and X-Status of the mail user agent. */
static struct bytes
status_flags(struct arena *arena, struct bytes text)
{
	struct header header = header_parse(arena, text);
	struct bytes status = header_raw(&header, "Status");
	struct bytes xstatus = header_raw(&header, "X-Status");
	struct bytes list[2];
	size_t count = 0;

	if (status.n > 0 && bytes_find_byte(status, 'R') == SIZE_MAX)
		list[count++] = BYTES_LIT("unread");
	if (bytes_find_byte(xstatus, 'T') != SIZE_MAX)
		list[count++] = BYTES_LIT("draft");
	return count > 0 ? json_array(arena, list, count) : BYTES_NONE;
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
	uint8_t *out;
	size_t n = 0, at = 0;

	if (bytes_find(text, BYTES_LIT("\n>")) == SIZE_MAX)
		return text;
	out = arena_raw(arena, text.n);
	while (at < text.n) {
		size_t end = bytes_find_byte(bytes_skip(text, at), '\n');
		struct bytes line = bytes_slice(text, at,
		    end == SIZE_MAX ? text.n : at + end + 1);
		size_t quotes = 0;

		while (quotes < line.n && line.p[quotes] == '>')
			quotes++;
		at += line.n;
		if (quotes > 0 && bytes_starts(bytes_skip(line, quotes),
		                      BYTES_LIT("From ")))
			line = bytes_skip(line, 1);
		memcpy(out + n, line.p, line.n);
		n += line.n;
	}
	return bytes_of(out, n);
}

static void
run_message(struct mbox_visit *visit, struct bytes text, uint64_t offset)
{
	struct sink *sink = visit->sink;
	struct message_run run = { .sink = sink, .arena = &sink->item };
	struct message_origin origin = { .parent_idx = RECORD_NONE,
		.folder_id = BYTES_LIT(""),
		.state = BYTES_LIT("live") };
	char locator[64];

	snprintf(locator, sizeof locator, "offset=%llu+%zu",
	    (unsigned long long)offset, text.n);
	if (!sink_item_begin(sink, bytes_cstr(locator)))
		return;
	origin.locator = arena_dup(&sink->item, bytes_cstr(locator));
	origin.content = message_content(text);
	origin.flags = status_flags(&sink->item, origin.content);
	if (text.n > LIMIT_ITEM_BYTES)
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

static enum outcome
mbox_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct mbox_visit visit = { .message = run_message,
		.lead = run_lead,
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
