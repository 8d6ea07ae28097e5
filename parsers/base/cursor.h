/*
 * A sticky cursor: reads past the end give zeros and set `failed`, so a
 * structure is read whole and checked once at its end.
 */
#ifndef PARSERS_BASE_CURSOR_H
#define PARSERS_BASE_CURSOR_H

#include "parsers/base/bytes.h"

struct cursor {
	struct bytes data;
	size_t at;
	bool failed;
};

static inline struct cursor
cursor_over(struct bytes data)
{
	return (struct cursor){ data, 0, false };
}

static inline size_t
cursor_left(const struct cursor *c)
{
	return c->failed ? 0 : c->data.n - c->at;
}

/* The next n bytes, or an absent slice and failed. */
static inline struct bytes
cursor_take(struct cursor *c, size_t n)
{
	struct bytes taken;

	if (c->failed || n > c->data.n - c->at) {
		c->failed = true;
		return BYTES_NONE;
	}
	taken = bytes_slice(c->data, c->at, c->at + n);
	c->at += n;
	return taken;
}

static inline uint64_t
cursor_le(struct cursor *c, size_t width)
{
	struct bytes b = cursor_take(c, width);
	uint64_t value = 0;

	for (size_t i = b.n; i > 0; i--)
		value = value << 8 | b.p[i - 1];
	return value;
}

static inline uint64_t
cursor_be(struct cursor *c, size_t width)
{
	struct bytes b = cursor_take(c, width);
	uint64_t value = 0;

	for (size_t i = 0; i < b.n; i++)
		value = value << 8 | b.p[i];
	return value;
}

static inline uint8_t
cursor_u8(struct cursor *c)
{
	return (uint8_t)cursor_le(c, 1);
}

static inline uint16_t
cursor_le16(struct cursor *c)
{
	return (uint16_t)cursor_le(c, 2);
}

static inline uint32_t
cursor_le32(struct cursor *c)
{
	return (uint32_t)cursor_le(c, 4);
}

static inline uint64_t
cursor_le64(struct cursor *c)
{
	return cursor_le(c, 8);
}

#endif
