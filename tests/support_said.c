#include "tests/support_said.h"

#include <stdarg.h>
#include <stdio.h>

static void
add_value(struct buffer *out, struct bytes value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] == '\n')
			buffer_add_cstr(out, "\\n");
		else if (value.p[i] == '\r')
			buffer_add_cstr(out, "\\r");
		else if (value.p[i] == 0)
			buffer_add_cstr(out, "\\0");
		else
			buffer_add_byte(out, value.p[i]);
}

static void
end_line(struct buffer *out)
{
	buffer_add_byte(out, '\n');
	*buffer_reserve(out, 1) = 0;
}

static struct buffer *
out_of(struct sink *sink)
{
	return &((struct said *)(void *)sink)->out;
}

static bool
on_begin(struct sink *sink, struct bytes locator)
{
	buffer_add_cstr(out_of(sink), "begin ");
	add_value(out_of(sink), locator);
	end_line(out_of(sink));
	return true;
}

static void
on_size(struct sink *sink, uint64_t records)
{
	(void)sink;
	(void)records;
}

static void
on_end(struct sink *sink)
{
	(void)sink;
}

static void
on_record(struct sink *sink, enum record_kind kind, const void *record)
{
	static const char *const names[RECORD_KINDS] = { "source", "folder",
		"message", "address", "attachment", "finding", "event",
		"event_item", "event_folder", "problem", "unit", "text",
		"member", "promise" };
	const struct record_shape *shape = &record_shapes[kind];
	struct buffer *out = out_of(sink);

	buffer_add_cstr(out, names[kind]);
	for (size_t i = 0; i < shape->count; i++) {
		const struct record_field *f = &shape->fields[i];
		const void *place = (const char *)record + f->offset;
		struct bytes text = BYTES_NONE;
		int64_t number = RECORD_NONE;

		if (f->text)
			text = *(const struct bytes *)place;
		else
			number = *(const int64_t *)place;
		if (f->text ? text.p == NULL : number == RECORD_NONE)
			continue;
		buffer_printf(out, " %s=", f->name);
		if (f->text)
			add_value(out, text);
		else
			buffer_printf(out, "%lld", (long long)number);
	}
	end_line(out);
}

static void
on_text(struct sink *sink, const struct text_flow *flow)
{
	struct buffer *out = out_of(sink);

	buffer_printf(out, "%s %lld ", flow->hidden ? "hidden" : "text",
	    (long long)flow->idx);
	add_value(out, flow->part);
	buffer_add_byte(out, '|');
	add_value(out, flow->text);
	buffer_add_byte(out, '|');
	end_line(out);
}

static void
on_row(struct sink *sink, const struct text_row *row)
{
	struct buffer *out = out_of(sink);

	buffer_printf(out, "row %lld ", (long long)row->idx);
	add_value(out, row->part);
	for (size_t i = 0; i < row->count; i++) {
		buffer_add_byte(out, '|');
		add_value(out, row->cells[i].text);
	}
	buffer_add_byte(out, '|');
	end_line(out);
}

static const struct sink_ops ops = { on_begin, on_size, on_end, on_record,
	on_text, on_row, NULL };

void
said_init(struct said *said)
{
	*said = (struct said){ .sink = { .ops = &ops } };
	arena_init(&said->sink.item);
	*buffer_reserve(&said->out, 1) = 0;
}

void
said_release(struct said *said)
{
	arena_release(&said->sink.item);
	buffer_release(&said->out);
}

void
said_reset(struct said *said)
{
	arena_reset(&said->sink.item);
	buffer_reset(&said->out);
	*buffer_reserve(&said->out, 1) = 0;
}

static bool
holds(struct bytes line, const char *first, va_list more)
{
	for (const char *piece = first; piece != NULL;
	     piece = va_arg(more, const char *)) {
		size_t at = bytes_find(line, bytes_cstr(piece));

		if (at == SIZE_MAX)
			return false;
		line = bytes_skip(line, at + strlen(piece));
	}
	return true;
}

bool
said_line(const struct said *said, const char *first, ...)
{
	struct bytes rest = buffer_bytes(&said->out), line;
	bool found = false;

	while (!found && bytes_cut(&rest, '\n', &line)) {
		va_list more;

		va_start(more, first);
		found = holds(line, first, more);
		va_end(more);
	}
	if (!found)
		fprintf(stderr, "no line with '%s' ... in:\n%.*s\n", first,
		    (int)said->out.n, (const char *)said->out.p);
	return found;
}

size_t
said_count(const struct said *said, const char *piece)
{
	struct bytes rest = buffer_bytes(&said->out);
	size_t at, count = 0;

	while ((at = bytes_find(rest, bytes_cstr(piece))) != SIZE_MAX) {
		count++;
		rest = bytes_skip(rest, at + strlen(piece));
	}
	return count;
}
