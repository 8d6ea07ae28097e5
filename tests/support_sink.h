/* A sink that keeps what a parser says, for tests and tools. */
#ifndef TESTS_SUPPORT_SINK_H
#define TESTS_SUPPORT_SINK_H

#include "parsers/parser.h"

struct kept_flow {
	int64_t idx;
	struct bytes part, text;
	const struct text_map *map;
	size_t map_count;
	bool hidden, body;
};

struct kept_row {
	int64_t idx;
	struct bytes part;
	unsigned table, row;
	struct text_cell *cells;
	size_t count;
	bool header, hidden, body;
};

struct kept {
	struct sink sink; /* hand this to the parser */
	struct arena arena;
	struct kept_flow *headers; /* idx and text alone */
	size_t headers_count, headers_room;
	void **records[RECORD_KINDS];
	size_t count[RECORD_KINDS], room[RECORD_KINDS];
	struct kept_flow *flows;
	size_t flow_count, flow_room;
	struct kept_row *rows;
	size_t row_count, row_room;
	struct bytes *items; /* locators, in order */
	size_t item_count, item_room;
	bool in_item;
};

void kept_init(struct kept *kept);
void kept_release(struct kept *kept);

/* Record i of a kind; fails the test (abort) when there is none. */
const void *kept_record(const struct kept *kept, enum record_kind kind,
    size_t i);
#define kept_message(kept, i)                                                  \
	((const struct record_message *)kept_record(kept,                      \
	    RECORD_KIND_MESSAGE, i))
#define kept_attachment(kept, i)                                               \
	((const struct record_attachment *)kept_record(kept,                   \
	    RECORD_KIND_ATTACHMENT, i))
#define kept_address(kept, i)                                                  \
	((const struct record_address *)kept_record(kept,                      \
	    RECORD_KIND_ADDRESS, i))
#define kept_problem(kept, i)                                                  \
	((const struct record_problem *)kept_record(kept,                      \
	    RECORD_KIND_PROBLEM, i))

/* How many problem rows have that kind. */
size_t kept_problems(const struct kept *kept, const char *kind);

/* All flow text of a part of message idx, hidden or not; absent when none. */
struct bytes kept_text(struct kept *kept, int64_t idx, const char *part,
    bool hidden);

/* Plan (when there is one) and run every unit of `input`. */
enum outcome kept_run(struct kept *kept, const struct parser *parser,
    const struct input *input);

/* The same over a copy of exactly b.n bytes, so that a sanitizer sees one
 * byte too far. */
enum outcome kept_run_bytes(struct kept *kept, const struct parser *parser,
    struct bytes b);

#endif
