/*
 * A format of the tests' own, "LINES", and a registry that knows nothing
 * else.  The first line says how it is planned:
 *
 *	LINES units=3 [plan=crash|lost|none] [fold=1] [strike=1]
 *
 * Each further line is an item whose first word is what happens in it:
 * mail, event, embedded, problem, crash, hang, memory, kill, lie, open,
 * socket, decode, orphan, twice, between (crash after it).
 */
#ifndef TESTS_LINES_PARSER_H
#define TESTS_LINES_PARSER_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parsers/base/die.h"
#include "parsers/base/text.h"
#include "parsers/parser.h"

static unsigned
lines_probe(struct bytes head, uint64_t size)
{
	(void)size;
	return bytes_starts(head, BYTES_LIT("LINES ")) ? 48 : 0;
}

static struct bytes
lines_content(const struct input *input, struct arena *arena)
{
	return input_slice(input, arena, 0, input->size);
}

static bool
header_has(struct bytes content, const char *words)
{
	struct bytes line = bytes_slice(content, 0,
	    bytes_find_byte(content, '\n'));

	return bytes_find(line, bytes_cstr(words)) != SIZE_MAX;
}

static uint64_t
header_units(struct bytes content)
{
	uint64_t units;

	return bytes_to_u64(bytes_slice(content, 12, 13), &units) ? units : 1;
}

static void
lines_folders(struct sink *sink, bool folds)
{
	static const char *const ids[] = { "nid=1", "nid=2" };

	for (size_t i = 0; folds && i < 2; i++) {
		struct record_folder folder;

		record_clear(RECORD_KIND_FOLDER, &folder);
		folder.folder_id = bytes_cstr(ids[i]);
		folder.path = i ? BYTES_LIT("Sent") : BYTES_LIT("Inbox");
		folder.kind = BYTES_LIT("mail");
		folder.expected = 7;
		sink_record(sink, RECORD_KIND_FOLDER, &folder);
	}
}

static enum outcome
lines_plan(const struct input *input, struct sink *sink)
{
	enum outcome outcome = OUTCOME_OK;
	struct arena arena;
	struct bytes content;
	uint64_t units;

	arena_init(&arena);
	content = lines_content(input, &arena);
	units = header_units(content);
	lines_folders(sink, header_has(content, "fold=1"));
	if (header_has(content, "plan=crash"))
		raise(SIGSEGV);
	for (uint64_t i = 0; i < units; i++) {
		struct record_unit unit;

		record_clear(RECORD_KIND_UNIT, &unit);
		unit.spec = arena_printf(&arena, "%d/%d", (int)i, (int)units);
		unit.items = header_has(content, "strike=1") ? 9 : RECORD_NONE;
		sink_record(sink, RECORD_KIND_UNIT, &unit);
	}
	if (header_has(content, "plan=lost"))
		outcome = OUTCOME_SOURCE_LOST;
	arena_release(&arena);
	return outcome;
}

static void
say_message(struct sink *sink, int64_t idx, struct bytes locator,
    struct bytes line)
{
	struct record_message message;
	struct record_address address;
	struct text_flow flow = { .part = BYTES_LIT("body"), .text = line,
		.idx = idx };

	record_clear(RECORD_KIND_MESSAGE, &message);
	message.idx = idx;
	message.parent_idx = idx > 0 ? idx - 1 : RECORD_NONE;
	message.locator = locator;
	message.folder_id = BYTES_LIT("nid=2");
	message.state = idx ? BYTES_LIT("embedded") : BYTES_LIT("live");
	message.subject = line;
	message.recipients = BYTES_LIT("[\"a@example.org\"]");
	sink_record(sink, RECORD_KIND_MESSAGE, &message);
	record_clear(RECORD_KIND_ADDRESS, &address);
	address.idx = idx;
	address.role = BYTES_LIT("to");
	address.position = 0;
	address.address = BYTES_LIT("a@example.org");
	sink_record(sink, RECORD_KIND_ADDRESS, &address);
	sink_text(sink, &flow);
}

static void
say_event(struct sink *sink, struct bytes locator)
{
	struct record_event event;
	struct record_event_item item;

	record_clear(RECORD_KIND_EVENT, &event);
	event.idx = 0;
	event.locator = locator;
	event.record_id = locator;
	event.ips = BYTES_LIT("[]");
	sink_record(sink, RECORD_KIND_EVENT, &event);
	record_clear(RECORD_KIND_EVENT_ITEM, &item);
	item.idx = 0;
	item.position = 0;
	item.item_id = BYTES_LIT("AAA=");
	sink_record(sink, RECORD_KIND_EVENT_ITEM, &item);
}

/* An address of a message that the item does not hold. */
static void
say_orphan(struct sink *sink)
{
	struct record_address address;

	record_clear(RECORD_KIND_ADDRESS, &address);
	address.idx = 5;
	address.position = 0;
	address.role = BYTES_LIT("to");
	sink_record(sink, RECORD_KIND_ADDRESS, &address);
}

static struct bytes
decoded(struct sink *sink)
{
	enum text_quality q[3];
	struct bytes a = text_to_utf8(&sink->item, BYTES_LIT("windows-1252"),
	    BYTES_LIT("\x80"), &q[0]);
	struct bytes b = text_to_utf8(&sink->item, BYTES_LIT("iso-2022-jp"),
	    BYTES_LIT("\x1b$B$\"\x1b(B"), &q[1]);
	struct bytes c = text_to_utf8(&sink->item, BYTES_LIT("gb18030"),
	    BYTES_LIT("\xc4\xe3"), &q[2]);

	return arena_printf(&sink->item, "%.*s%.*s%.*s %d%d%d", (int)a.n,
	    (const char *)a.p, (int)b.n, (const char *)b.p, (int)c.n,
	    (const char *)c.p, q[0], q[1], q[2]);
}

/* Address sanitizer maps more than any limit: there it only says so. */
static void
eat_memory(struct sink *sink)
{
#ifdef __SANITIZE_ADDRESS__
	(void)sink;
	die_machine("out of memory");
#else
	for (;;)
		arena_alloc(&sink->item, 1 << 20);
#endif
}

static void
do_fault(struct sink *sink, struct bytes word)
{
	if (bytes_eq(word, BYTES_LIT("crash")))
		raise(SIGSEGV);
	if (bytes_eq(word, BYTES_LIT("kill")))
		kill(getpid(), SIGKILL);
	if (bytes_eq(word, BYTES_LIT("hang")))
		for (volatile unsigned i = 0;; i++)
			;
	if (bytes_eq(word, BYTES_LIT("memory")))
		eat_memory(sink);
	if (bytes_eq(word, BYTES_LIT("lie")) && write(4, "lies", 4) < 4)
		abort();
	if (bytes_eq(word, BYTES_LIT("socket")))
		socket(AF_INET, SOCK_STREAM, 0);
	if (bytes_eq(word, BYTES_LIT("orphan")))
		say_orphan(sink);
	if (bytes_eq(word, BYTES_LIT("problem")))
		sink_problem(sink, BYTES_LIT("x"), PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0, "a problem inside");
}

static void
do_line(struct sink *sink, struct bytes locator, struct bytes line)
{
	struct bytes rest = line, word;

	bytes_cut(&rest, ' ', &word);
	if (bytes_eq(word, BYTES_LIT("size")))
		sink_item_size(sink, 64);
	if (bytes_eq(word, BYTES_LIT("size")))
		bytes_cut(&rest, ' ', &word);
	if (bytes_eq(word, BYTES_LIT("event"))) {
		say_event(sink, locator);
		return;
	}
	if (bytes_eq(word, BYTES_LIT("decode")))
		line = decoded(sink);
	if (bytes_eq(word, BYTES_LIT("open")))
		line = open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES
			   ? BYTES_LIT("refused")
			   : BYTES_LIT("opened");
	say_message(sink, 0, locator, line);
	if (bytes_eq(word, BYTES_LIT("embedded")))
		say_message(sink, 1, locator, line);
	if (bytes_eq(word, BYTES_LIT("twice")))
		say_message(sink, 0, locator, line);
	do_fault(sink, word);
}

static enum outcome
lines_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct arena arena;
	struct bytes rest, line, from;
	uint64_t number = 0, mine, of;

	arena_init(&arena);
	rest = lines_content(input, &arena);
	bytes_cut(&spec, '/', &from);
	if (!bytes_to_u64(from, &mine) || !bytes_to_u64(spec, &of))
		return OUTCOME_SOURCE_LOST;
	bytes_line(&rest, &line);
	sink_problem(sink, BYTES_NONE, PROBLEM_CHARSET, OUTCOME_OK, 0,
	    "said before the first item of unit %d", (int)mine);
	while (bytes_line(&rest, &line)) {
		struct bytes locator = arena_printf(&arena, "line=%d",
		    (int)++number);

		if (number % of != mine || line.n == 0)
			continue;
		if (sink_item_begin(sink, locator)) {
			do_line(sink, locator, line);
			sink_item_end(sink);
		}
		sink_problem(sink, locator, PROBLEM_CHARSET, OUTCOME_OK, 0,
		    "said after an item");
		if (bytes_starts(line, BYTES_LIT("between")))
			raise(SIGSEGV);
	}
	sink_problem(sink, BYTES_NONE, PROBLEM_CHARSET, OUTCOME_OK, 0,
	    "said after the last item of unit %d", (int)mine);
	arena_release(&arena);
	return OUTCOME_OK;
}

static const struct parser lines_parser = {
	.name = "lines", .title = "lines", .probe = lines_probe,
	.plan = lines_plan, .run = lines_run,
};

static const struct parser tie_parser = {
	.name = "tie", .title = "tie", .probe = lines_probe,
	.run = lines_run,
};

const struct parser *const parsers[] = { &lines_parser, &tie_parser, NULL };

const struct parser *
parser_named(struct bytes name)
{
	for (size_t i = 0; parsers[i] != NULL; i++)
		if (bytes_eq(bytes_cstr(parsers[i]->name), name))
			return parsers[i];
	return NULL;
}

/* Contents that hold "tie=1" are claimed by both. */
const struct parser *
parser_for(struct bytes head, uint64_t size, bool *tie)
{
	*tie = header_has(head, "tie=1");
	return *tie || lines_probe(head, size) == 0 ? NULL : parsers[0];
}

#endif
