/* Frames and records to bytes and back; see frame.h for the layout. */
#include "forensics/ingest/frame.h"

#include <endian.h>

#include "parsers/base/cursor.h"
#include "parsers/base/die.h"
#include "parsers/base/limits.h"

/* Little endian whatever the machine; on the usual ones a plain store. */
static void
put_le32(uint8_t *p, uint32_t value)
{
	value = htole32(value);
	memcpy(p, &value, sizeof value);
}

static void
put_le64(uint8_t *p, uint64_t value)
{
	value = htole64(value);
	memcpy(p, &value, sizeof value);
}

static uint32_t
get_le32(const uint8_t *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof value);
	return le32toh(value);
}

static uint64_t
get_le64(const uint8_t *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof value);
	return le64toh(value);
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
	put_le32(p, (uint32_t)(FRAME_HEAD - 4 + payload));
	p[4] = (uint8_t)type;
	p[5] = (uint8_t)aux;
	put_le64(p + 6, number);
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
	put_le32(p, (uint32_t)(text.p ? text.n + 1 : 0));
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
		put_le64(p, (uint64_t)field_number(record, &shape->fields[i]));
		p += 8;
	}
	out->n += FRAME_HEAD + size;
}

/* Past the text at p; NULL when it is longer than what is left. */
static const uint8_t *
take_text(const uint8_t *p, const uint8_t *end, struct bytes *text)
{
	size_t length;

	if (end - p < 4)
		return NULL;
	length = get_le32(p);
	p += 4;
	*text = BYTES_NONE;
	if (length == 0)
		return p;
	if ((size_t)(end - p) < length - 1)
		return NULL;
	*text = bytes_of(p, length - 1);
	return p + length - 1;
}

bool
record_decode(enum record_kind kind, struct bytes payload,
    union record_any *record)
{
	const struct record_shape *shape;
	const uint8_t *p = payload.p, *end = payload.p + payload.n;

	if (kind >= RECORD_KINDS)
		return false;
	shape = &record_shapes[kind];
	for (size_t i = 0; i < shape->count && p != NULL; i++) {
		char *place = (char *)record + shape->fields[i].offset;

		if (shape->fields[i].text) {
			p = take_text(p, end, (struct bytes *)(void *)place);
			continue;
		}
		if (end - p < 8)
			return false;
		*(int64_t *)(void *)place = (int64_t)get_le64(p);
		p += 8;
	}
	return p == end;
}
