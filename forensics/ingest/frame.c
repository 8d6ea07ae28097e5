/* Frames and records to bytes and back; see frame.h for the layout. */
#include "forensics/ingest/frame.h"

#include "parsers/base/cursor.h"
#include "parsers/base/die.h"
#include "parsers/base/limits.h"

static void
put_le(uint8_t *p, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

enum frame_state
frame_take(struct bytes *stream, struct frame *frame)
{
	struct cursor c = cursor_over(*stream);
	size_t length = cursor_le32(&c);

	if (c.failed)
		return FRAME_MORE;
	if (length < FRAME_HEAD - 4 || length > LIMIT_FRAME_BYTES)
		return FRAME_LIE;
	if (cursor_left(&c) < length)
		return FRAME_MORE;
	frame->type = cursor_u8(&c);
	frame->aux = cursor_u8(&c);
	frame->number = cursor_le64(&c);
	frame->payload = cursor_take(&c, length - (FRAME_HEAD - 4));
	if (frame->type < FRAME_JOB || frame->type >= FRAME_TYPES)
		return FRAME_LIE;
	*stream = bytes_skip(*stream, c.at);
	return FRAME_WHOLE;
}

/* The buffer's n moves only when the frame is whole: a handler that writes
 * the buffer out after a crash never sends half a frame. */
static uint8_t *
frame_head(struct buffer *out, enum frame_type type, unsigned aux,
    uint64_t number, size_t payload)
{
	uint8_t *p = buffer_reserve(out, FRAME_HEAD + payload);

	BUG_ON(payload > LIMIT_FRAME_BYTES);
	put_le(p, FRAME_HEAD - 4 + payload, 4);
	p[4] = (uint8_t)type;
	p[5] = (uint8_t)aux;
	put_le(p + 6, number, 8);
	return p + FRAME_HEAD;
}

void
frame_add(struct buffer *out, enum frame_type type, unsigned aux,
    uint64_t number, struct bytes payload)
{
	uint8_t *p = frame_head(out, type, aux, number, payload.n);

	if (payload.n > 0)
		memcpy(p, payload.p, payload.n);
	out->n += FRAME_HEAD + payload.n;
}

static struct bytes
field_text(const void *record, const struct record_field *field)
{
	return *(const struct bytes *)((const char *)record + field->offset);
}

static int64_t
field_number(const void *record, const struct record_field *field)
{
	return *(const int64_t *)((const char *)record + field->offset);
}

size_t
record_frame_size(enum record_kind kind, const void *record)
{
	const struct record_shape *shape = &record_shapes[kind];
	size_t size = 0;

	for (size_t i = 0; i < shape->count; i++)
		size += shape->fields[i].text
			    ? 4 + field_text(record, &shape->fields[i]).n
			    : 8;
	return size;
}

static uint8_t *
put_text(uint8_t *p, struct bytes text)
{
	put_le(p, text.p ? text.n + 1 : 0, 4);
	if (text.n > 0)
		memcpy(p + 4, text.p, text.n);
	return p + 4 + text.n;
}

void
record_frame_add(struct buffer *out, enum record_kind kind, const void *record)
{
	const struct record_shape *shape = &record_shapes[kind];
	size_t size = record_frame_size(kind, record);
	uint8_t *p = frame_head(out, FRAME_RECORD, kind, 0, size);

	for (size_t i = 0; i < shape->count; i++) {
		if (shape->fields[i].text) {
			p = put_text(p, field_text(record, &shape->fields[i]));
			continue;
		}
		put_le(p, (uint64_t)field_number(record, &shape->fields[i]), 8);
		p += 8;
	}
	out->n += FRAME_HEAD + size;
}

static struct bytes
take_text(struct cursor *c)
{
	size_t length = cursor_le32(c);

	return length == 0 ? BYTES_NONE : cursor_take(c, length - 1);
}

bool
record_decode(enum record_kind kind, struct bytes payload,
    union record_any *record)
{
	const struct record_shape *shape;
	struct cursor c = cursor_over(payload);

	if (kind >= RECORD_KINDS)
		return false;
	shape = &record_shapes[kind];
	for (size_t i = 0; i < shape->count; i++) {
		char *place = (char *)record + shape->fields[i].offset;

		if (shape->fields[i].text)
			*(struct bytes *)place = take_text(&c);
		else
			*(int64_t *)place = (int64_t)cursor_le64(&c);
	}
	return !c.failed && c.at == payload.n;
}
