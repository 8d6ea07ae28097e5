/* A growing byte string. It owns its memory; release it. Never fails:
 * without memory the process ends (die_machine). */
#ifndef PARSERS_BASE_BUFFER_H
#define PARSERS_BASE_BUFFER_H

#include "parsers/base/bytes.h"

struct buffer {
	uint8_t *p;
	size_t n, room;
};

#define BUFFER_EMPTY ((struct buffer){ NULL, 0, 0 })

void buffer_release(struct buffer *buffer);

/* Forget the content, keep the memory. */
static inline void
buffer_reset(struct buffer *buffer)
{
	buffer->n = 0;
}

/* At least `more` bytes beyond n can be written at the result. */
uint8_t *buffer_reserve(struct buffer *buffer, size_t more);

void buffer_add(struct buffer *buffer, const void *p, size_t n);

/* Inline: escapes and decoders add byte by byte. */
static inline void
buffer_add_byte(struct buffer *buffer, uint8_t c)
{
	if (buffer->n >= buffer->room)
		buffer_reserve(buffer, 1);
	buffer->p[buffer->n++] = c;
}

void buffer_add_cstr(struct buffer *buffer, const char *s);
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline void
buffer_add_bytes(struct buffer *buffer, struct bytes b)
{
	buffer_add(buffer, b.p, b.n);
}

/* Valid until the next change; never absent (p is not NULL). */
static inline struct bytes
buffer_bytes(const struct buffer *buffer)
{
	return buffer->n ? (struct bytes){ buffer->p, buffer->n }
			 : BYTES_LIT("");
}

#endif
