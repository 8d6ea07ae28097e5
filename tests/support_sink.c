#include "tests/support_sink.h"

#include <stdio.h>
#include <stdlib.h>

#include "parsers/base/buffer.h"

static void *
more(void *list, size_t *room, size_t count, size_t size)
{
	if (count < *room)
		return list;
	*room = *room * 2 + 16;
	list = realloc(list, *room * size);
	if (list == NULL)
		abort();
	return list;
}

static bool
item_begin(struct sink *sink, struct bytes locator)
{
	struct kept *kept = (struct kept *)sink;

	if (kept->in_item)
		abort();
	kept->in_item = true;
	kept->items = more(kept->items, &kept->item_room, kept->item_count,
	    sizeof *kept->items);
	kept->items[kept->item_count++] = arena_dup(&kept->arena, locator);
	return true;
}

static void
item_size(struct sink *sink, uint64_t records)
{
	(void)sink;
	(void)records;
}

static void
item_end(struct sink *sink)
{
	struct kept *kept = (struct kept *)sink;

	if (!kept->in_item)
		abort();
	kept->in_item = false;
}

static void
keep_record(struct sink *sink, enum record_kind kind, const void *record)
{
	struct kept *kept = (struct kept *)sink;
	const struct record_shape *shape = &record_shapes[kind];
	char *copy = arena_alloc(&kept->arena, shape->size);

	memcpy(copy, record, shape->size);
	for (size_t i = 0; i < shape->count; i++) {
		struct bytes *text = (void *)(copy + shape->fields[i].offset);

		if (shape->fields[i].text)
			*text = arena_dup(&kept->arena, *text);
	}
	kept->records[kind] = more(kept->records[kind], &kept->room[kind],
	    kept->count[kind], sizeof(void *));
	kept->records[kind][kept->count[kind]++] = copy;
}

static void
keep_text(struct sink *sink, const struct text_flow *flow)
{
	struct kept *kept = (struct kept *)sink;
	struct text_map *map = arena_array(&kept->arena, flow->map_count + 1,
	    sizeof *map);

	if (flow->map_count > 0)
		memcpy(map, flow->map, flow->map_count * sizeof *map);
	kept->flows = more(kept->flows, &kept->flow_room, kept->flow_count,
	    sizeof *kept->flows);
	kept->flows[kept->flow_count++] = (struct kept_flow){ flow->idx,
		arena_dup(&kept->arena, flow->part),
		arena_dup(&kept->arena, flow->text), map, flow->map_count,
		flow->hidden, flow->body };
}

static void
keep_row(struct sink *sink, const struct text_row *row)
{
	struct kept *kept = (struct kept *)sink;
	struct text_cell *cells = arena_array(&kept->arena, row->count + 1,
	    sizeof *cells);

	for (size_t i = 0; i < row->count; i++) {
		cells[i].text = arena_dup(&kept->arena, row->cells[i].text);
		cells[i].column = arena_dup(&kept->arena,
		    row->cells[i].column);
	}
	kept->rows = more(kept->rows, &kept->row_room, kept->row_count,
	    sizeof *kept->rows);
	kept->rows[kept->row_count++] = (struct kept_row){ row->idx,
		arena_dup(&kept->arena, row->part), row->table, row->row,
		cells, row->count, row->header, row->hidden, row->body };
}

static void
keep_headers(struct sink *sink, int64_t idx, struct bytes text)
{
	struct kept *kept = (struct kept *)sink;

	kept->headers = more(kept->headers, &kept->headers_room,
	    kept->headers_count, sizeof *kept->headers);
	kept->headers[kept->headers_count++] = (struct kept_flow){ .idx = idx,
		.text = arena_dup(&kept->arena, text) };
}

static const struct sink_ops ops = { item_begin, item_size, item_end,
	keep_record, keep_text, keep_row, keep_headers };

void
kept_init(struct kept *kept)
{
	memset(kept, 0, sizeof *kept);
	kept->sink.ops = &ops;
	arena_init(&kept->sink.item);
	arena_init(&kept->arena);
}

void
kept_release(struct kept *kept)
{
	arena_release(&kept->sink.item);
	arena_release(&kept->arena);
	for (size_t i = 0; i < RECORD_KINDS; i++)
		free(kept->records[i]);
	free(kept->flows);
	free(kept->headers);
	free(kept->rows);
	free(kept->items);
}

const void *
kept_record(const struct kept *kept, enum record_kind kind, size_t i)
{
	if (i < kept->count[kind])
		return kept->records[kind][i];
	fprintf(stderr, "no record %zu of %s: there are %zu\n", i,
	    record_shapes[kind].table, kept->count[kind]);
	abort();
}

size_t
kept_problems(const struct kept *kept, const char *kind)
{
	size_t count = 0;

	for (size_t i = 0; i < kept->count[RECORD_KIND_PROBLEM]; i++)
		count += bytes_eq(kept_problem(kept, i)->kind,
		    bytes_cstr(kind));
	return count;
}

struct bytes
kept_text(struct kept *kept, int64_t idx, const char *part, bool hidden)
{
	struct buffer all = BUFFER_EMPTY;
	struct bytes text;
	bool found = false;

	for (size_t i = 0; i < kept->flow_count; i++) {
		const struct kept_flow *flow = &kept->flows[i];

		if (flow->idx != idx || flow->hidden != hidden ||
		    !bytes_eq(flow->part, bytes_cstr(part)))
			continue;
		found = true;
		buffer_add_bytes(&all, flow->text);
	}
	text = found ? arena_dup(&kept->arena, buffer_bytes(&all))
		     : BYTES_NONE;
	buffer_release(&all);
	return text;
}

enum outcome
kept_run(struct kept *kept, const struct parser *parser,
    const struct input *input)
{
	enum outcome worst = OUTCOME_OK, outcome;
	size_t first = kept->count[RECORD_KIND_UNIT];

	if (parser->plan == NULL)
		return parser->run(input, BYTES_LIT(""), &kept->sink);
	worst = parser->plan(input, &kept->sink);
	if (worst == OUTCOME_SOURCE_LOST)
		return worst;
	for (size_t i = first; i < kept->count[RECORD_KIND_UNIT]; i++) {
		const struct record_unit *unit = kept_record(kept,
		    RECORD_KIND_UNIT, i);

		outcome = parser->run(input, unit->spec, &kept->sink);
		worst = outcome > worst ? outcome : worst;
	}
	return worst;
}

enum outcome
kept_run_bytes(struct kept *kept, const struct parser *parser, struct bytes b)
{
	uint8_t *copy = malloc(b.n ? b.n : 1);
	struct input input = { .fd = -1, .size = b.n };
	enum outcome outcome;

	if (copy == NULL)
		abort();
	if (b.n > 0)
		memcpy(copy, b.p, b.n);
	input.memory = bytes_of(copy, b.n);
	outcome = kept_run(kept, parser, &input);
	free(copy);
	return outcome;
}
