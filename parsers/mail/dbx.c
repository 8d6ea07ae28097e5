/*
 * A folder of Outlook Express 5 and 6 (DBX).  No specification; the layout is
 * that of Schloh's and Tesic's description of the format: a tree of pointers
 * to message infos, and each message a chain of segments.
 *
 * All numbers are little endian, all places file offsets.  Each object begins
 * with its own place, which is checked; a node or a segment is visited once.
 */
#include <stdio.h>
#include <stdlib.h>

#include "parsers/base/buffer.h"
#include "parsers/base/cursor.h"
#include "parsers/base/limits.h"
#include "parsers/base/scan.h"
#include "parsers/mail/message.h"

enum {
	HEADER_BYTES = 0x24BC,
	COUNT_AT = 0xC4,
	ROOT_AT = 0xE4,
	NODE_BYTES = 0x27C,
	NODE_ENTRIES = 51,     /* what fits into a node */
	INFO_HEADER = 12,
	SEGMENT_HEADER = 16,
	VALUE_MESSAGE = 0x04,  /* of an info: where the message is */
	VALUE_FLAGS = 0x01,
	FLAG_READ = 0x80,
	UNIT_MESSAGES = 2000,
	CHAIN_MOST = 4 * 1024 * 1024, /* segments of one message */
};

static const uint8_t magic[] = { 0xCF, 0xAD, 0x12, 0xFE };
/* Behind it the class of what the file holds: C5 messages, C6 folders. */
static const uint8_t of_messages[] = { 0xC5, 0xFD, 0x74, 0x6F };

static unsigned
dbx_probe(struct bytes head, uint64_t size)
{
	(void)size;
	return bytes_starts(head, bytes_of(magic, sizeof magic)) &&
		       bytes_starts(bytes_skip(head, 4), bytes_of(of_messages,
		           sizeof of_messages))
		   ? 64 : 0;
}

struct dbx {
	const struct input *input;
	struct sink *sink;
	struct arena arena; /* of the infos */
	uint64_t *infos;    /* in the tree's order */
	size_t count, room;
	size_t bad;         /* pointers that lead nowhere */
};

static uint64_t
number_at(const struct dbx *dbx, uint64_t at)
{
	uint8_t raw[4] = { 0 };

	if (input_read(dbx->input, at, raw, 4) != 4)
		return 0;
	return (uint64_t)raw[0] | (uint64_t)raw[1] << 8 |
	       (uint64_t)raw[2] << 16 | (uint64_t)raw[3] << 24;
}

/* ---- the tree */

static void
add_info(struct dbx *dbx, uint64_t at)
{
	if (dbx->count == dbx->room) {
		size_t room = dbx->room ? dbx->room * 2 : 1024;
		uint64_t *more = arena_array(&dbx->arena, room, sizeof *more);

		if (dbx->count > 0)
			memcpy(more, dbx->infos,
			    dbx->count * sizeof *dbx->infos);
		dbx->infos = more;
		dbx->room = room;
	}
	dbx->infos[dbx->count++] = at;
}

struct places { /* nodes still to be read, last first */
	uint64_t *list;
	size_t count, most;
};

static void
push(struct dbx *dbx, struct places *todo, uint64_t at)
{
	if (at == 0)
		return;
	if (todo->count < todo->most)
		todo->list[todo->count++] = at;
	else
		dbx->bad++;
}

/* Its entries' infos, and its children for later. */
static void
read_node(struct dbx *dbx, uint64_t at, struct places *todo)
{
	uint8_t raw[NODE_BYTES] = { 0 };
	struct cursor c = cursor_over(bytes_of(raw, sizeof raw));
	uint64_t own, child, entries;

	if (input_read(dbx->input, at, raw, sizeof raw) < 0x18) {
		dbx->bad++;
		return;
	}
	own = cursor_le(&c, 4);
	cursor_take(&c, 4);
	child = cursor_le(&c, 4);
	cursor_take(&c, 5);
	entries = cursor_le(&c, 1);
	cursor_take(&c, 6);
	if (own != at || entries > NODE_ENTRIES) {
		dbx->bad++;
		return;
	}
	push(dbx, todo, child);
	for (uint64_t i = 0; i < entries; i++) {
		uint64_t info = cursor_le(&c, 4);

		if (info != 0)
			add_info(dbx, info);
		push(dbx, todo, cursor_le(&c, 4));
		cursor_take(&c, 4);
	}
}

/* No more nodes than the file has room for: cycles end. */
static void
read_tree(struct dbx *dbx)
{
	size_t most = dbx->input->size / NODE_BYTES + 1, visited = 0;
	struct places todo = { .most = most + NODE_ENTRIES };

	todo.list = arena_array(&dbx->arena, todo.most, sizeof *todo.list);
	push(dbx, &todo, number_at(dbx, ROOT_AT));
	while (todo.count > 0) {
		uint64_t at = todo.list[--todo.count];

		if (visited++ == most) {
			dbx->bad += todo.count + 1;
			return;
		}
		read_node(dbx, at, &todo);
	}
}

static int
compare_places(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* In the order of the file, each once. */
static void
settle_infos(struct dbx *dbx)
{
	size_t kept = 0;

	if (dbx->count == 0)
		return;
	qsort(dbx->infos, dbx->count, sizeof *dbx->infos, compare_places);
	for (size_t i = 0; i < dbx->count; i++)
		if (i == 0 || dbx->infos[i] != dbx->infos[kept - 1])
			dbx->infos[kept++] = dbx->infos[i];
	dbx->count = kept;
}

/* ---- plan */

static void
say_unit(struct sink *sink, uint64_t from, uint64_t to, size_t items)
{
	struct record_unit unit;
	char spec[80];

	record_clear(RECORD_KIND_UNIT, &unit);
	snprintf(spec, sizeof spec, "begin=%llu end=%llu",
	    (unsigned long long)from, (unsigned long long)to);
	unit.spec = bytes_cstr(spec);
	unit.items = (int64_t)items;
	sink_record(sink, RECORD_KIND_UNIT, &unit);
}

static void
say_folder(struct dbx *dbx, uint64_t promised)
{
	struct record_folder folder;

	record_clear(RECORD_KIND_FOLDER, &folder);
	folder.folder_id = BYTES_LIT("");
	folder.kind = BYTES_LIT("mail");
	folder.expected = (int64_t)promised;
	folder.associated = 0;
	sink_record(dbx->sink, RECORD_KIND_FOLDER, &folder);
}

static void
open_dbx(struct dbx *dbx, const struct input *input, struct sink *sink)
{
	*dbx = (struct dbx){ .input = input, .sink = sink };
	arena_init(&dbx->arena);
	read_tree(dbx);
	settle_infos(dbx);
}

static enum outcome
dbx_plan(const struct input *input, struct sink *sink)
{
	struct dbx dbx;
	uint64_t promised;
	enum outcome outcome = OUTCOME_OK;

	if (input->size < HEADER_BYTES) {
		sink_problem(sink, BYTES_LIT(""), PROBLEM_TRUNCATED,
		    OUTCOME_SOURCE_LOST, 0, "the file ends inside its header");
		return OUTCOME_SOURCE_LOST;
	}
	open_dbx(&dbx, input, sink);
	promised = number_at(&dbx, COUNT_AT);
	/* A count that the file has no room for is no promise. */
	if (promised > input->size / INFO_HEADER) {
		promised = dbx.count;
		dbx.bad++;
	}
	say_folder(&dbx, promised);
	if (dbx.bad > 0 || dbx.count < promised) {
		outcome = OUTCOME_ITEM_LOST;
		sink_problem(sink, BYTES_LIT(""), PROBLEM_DAMAGED,
		    OUTCOME_ITEM_LOST, dbx.count < promised
			? (int64_t)(promised - dbx.count) : 0,
		    "the index is damaged: it promises %llu messages and leads "
		    "to %zu, %zu of its pointers lead nowhere",
		    (unsigned long long)promised, dbx.count, dbx.bad);
	}
	for (size_t i = 0; i < dbx.count; i += UNIT_MESSAGES) {
		size_t end = i + UNIT_MESSAGES < dbx.count
				 ? i + UNIT_MESSAGES : dbx.count;

		say_unit(sink, i, end, end - i);
	}
	arena_release(&dbx.arena);
	return outcome;
}

/* ---- a message */

struct info {
	uint64_t message, flags;
	bool found;
};

static uint64_t
value_of(struct bytes data, uint32_t entry)
{
	struct cursor c;

	if ((entry & 0x80) != 0)
		return entry >> 8;
	c = cursor_over(bytes_skip(data, entry >> 8));
	return cursor_le(&c, 4);
}

static struct info
read_info(const struct dbx *dbx, struct arena *arena, uint64_t at)
{
	struct info info = { .found = false };
	struct cursor c = cursor_over(input_slice(dbx->input, arena, at,
	    at + INFO_HEADER));
	uint64_t own = cursor_le(&c, 4), length = cursor_le(&c, 4), count;
	struct bytes body, data;

	cursor_take(&c, 2);
	count = cursor_le(&c, 1);
	if (c.failed || own != at || length < count * 4 ||
	    length > LIMIT_HEADER_BYTES)
		return info;
	body = input_slice(dbx->input, arena, at + INFO_HEADER,
	    at + INFO_HEADER + length);
	data = bytes_skip(body, (size_t)count * 4);
	c = cursor_over(body);
	for (uint64_t i = 0; i < count; i++) {
		uint32_t entry = (uint32_t)cursor_le(&c, 4);

		if ((entry & 0x7F) == VALUE_MESSAGE) {
			info.message = value_of(data, entry);
			info.found = info.message != 0;
		} else if ((entry & 0x7F) == VALUE_FLAGS)
			info.flags = value_of(data, entry);
	}
	return info;
}

/* The segments one after the other; *why when the chain breaks. */
static void
read_chain(const struct dbx *dbx, uint64_t at, struct buffer *out,
    const char **why)
{
	for (size_t n = 0; at != 0; n++) {
		uint8_t raw[SEGMENT_HEADER];
		struct cursor c = cursor_over(bytes_of(raw, sizeof raw));
		uint64_t own, length, next;
		uint8_t *place;

		*why = "a segment lies outside the file";
		if (input_read(dbx->input, at, raw, sizeof raw) !=
			SEGMENT_HEADER)
			return;
		own = cursor_le(&c, 4);
		cursor_take(&c, 4);
		length = cursor_le(&c, 4);
		next = cursor_le(&c, 4);
		*why = "a segment does not know its own place";
		if (own != at)
			return;
		*why = "the message is too large or its chain never ends";
		if (n == CHAIN_MOST || out->n + length > LIMIT_ITEM_BYTES ||
		    length > dbx->input->size)
			return;
		place = buffer_reserve(out, (size_t)length);
		*why = "a segment is cut";
		if (input_read(dbx->input, at + SEGMENT_HEADER, place,
		        (size_t)length) != (int64_t)length)
			return;
		out->n += (size_t)length;
		at = next;
	}
	*why = NULL;
}

static void
say_message(struct dbx *dbx, struct arena *arena, struct bytes locator,
    struct bytes text, uint64_t flags)
{
	struct message_run run = { .sink = dbx->sink, .arena = arena };
	struct bytes unread = BYTES_LIT("unread");
	struct message_origin origin = { .locator = locator,
		.parent_idx = RECORD_NONE,
		.folder_id = BYTES_LIT(""),
		.state = BYTES_LIT("live"),
		.content = text,
		.flags = &unread,
		.flag_count = (flags & FLAG_READ) == 0 };

	message_say(&run, text, &origin);
}

static void
run_message(struct dbx *dbx, uint64_t at)
{
	struct arena *arena = &dbx->sink->item;
	struct buffer text = BUFFER_EMPTY;
	const char *why = "the index entry does not say where";
	struct bytes locator;
	struct info info;
	char place[32];

	snprintf(place, sizeof place, "offset=%llu", (unsigned long long)at);
	if (!sink_item_begin(dbx->sink, bytes_cstr(place)))
		return;
	locator = arena_dup(arena, bytes_cstr(place));
	info = read_info(dbx, arena, at);
	if (info.found)
		read_chain(dbx, info.message, &text, &why);
	if (text.n > 0)
		say_message(dbx, arena, locator,
		    arena_dup(arena, buffer_bytes(&text)), info.flags);
	if (why != NULL)
		sink_problem(dbx->sink, locator, PROBLEM_DAMAGED,
		    text.n > 0 ? OUTCOME_PARTIAL : OUTCOME_ITEM_LOST,
		    text.n == 0, "a message cannot be read%s: %s",
		    text.n > 0 ? " to its end" : "", why);
	sink_item_end(dbx->sink);
	buffer_release(&text);
}

static enum outcome
dbx_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	uint64_t from = spec_number(spec, "begin", 0), to;
	struct dbx dbx;

	open_dbx(&dbx, input, sink);
	to = spec_number(spec, "end", dbx.count);
	for (uint64_t i = from; i < to && i < dbx.count; i++)
		run_message(&dbx, dbx.infos[i]);
	arena_release(&dbx.arena);
	return OUTCOME_OK;
}

const struct parser parser_dbx = {
	.name = "dbx",
	.title = "folder of Outlook Express (DBX)",
	.probe = dbx_probe,
	.plan = dbx_plan,
	.run = dbx_run,
};
