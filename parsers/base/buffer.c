#include "parsers/base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "parsers/base/die.h"

void
buffer_release(struct buffer *buffer)
{
	free(buffer->p);
	*buffer = BUFFER_EMPTY;
}

uint8_t *
buffer_reserve(struct buffer *buffer, size_t more)
{
	size_t need, room;
	uint8_t *p;

	if (__builtin_add_overflow(buffer->n, more, &need) ||
	    need > SIZE_MAX / 2)
		die_machine("a buffer of %zu bytes is too large", more);
	if (need <= buffer->room && buffer->p != NULL)
		return buffer->p + buffer->n;
	room = buffer->room ? buffer->room : 256;
	while (room < need)
		room *= 2;
	p = realloc(buffer->p, room);
	if (p == NULL)
		die_machine("out of memory (%zu bytes wanted)", room);
	buffer->p = p;
	buffer->room = room;
	return p + buffer->n;
}

void
buffer_add(struct buffer *buffer, const void *p, size_t n)
{
	if (n == 0)
		return;
	memcpy(buffer_reserve(buffer, n), p, n);
	buffer->n += n;
}

void
buffer_add_cstr(struct buffer *buffer, const char *s)
{
	buffer_add(buffer, s, strlen(s));
}

void
buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list arguments, again;
	int n;

	va_start(arguments, format);
	va_copy(again, arguments);
	n = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	BUG_ON(n < 0);
	buffer_reserve(buffer, (size_t)n + 1);
	vsnprintf((char *)buffer->p + buffer->n, (size_t)n + 1, format, again);
	va_end(again);
	buffer->n += (size_t)n;
}
