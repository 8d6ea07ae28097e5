/* Numbers from a seed (splitmix64) and text that grows. */
#include "testdata/text/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t
random_next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

unsigned
random_below(struct random *random, unsigned n)
{
	return (unsigned)((random_next(random) >> 32) * n >> 32);
}

bool
random_one_in(struct random *random, unsigned n)
{
	return random_below(random, n) == 0;
}

uint64_t
random_size(struct random *random, uint64_t low, uint64_t high)
{
	/* Halvings in integers: the same on every machine. */
	uint64_t top = high;

	while (top > 2 * low && !random_one_in(random, 16))
		top /= 2;
	return low + random_next(random) % (top - low + 1);
}

void
text_reset(struct text *text)
{
	text->n = 0;
	if (text->p != NULL)
		text->p[0] = '\0';
}

void
text_free(struct text *text)
{
	free(text->p);
	memset(text, 0, sizeof(*text));
}

void
text_add(struct text *text, const void *p, size_t n)
{
	if (text->n + n + 1 > text->room) {
		text->room = 2 * (text->n + n + 1);
		text->p = realloc(text->p, text->room);
		if (text->p == NULL)
			abort();
	}
	if (n > 0)
		memcpy(text->p + text->n, p, n);
	text->n += n;
	text->p[text->n] = '\0';
}

void
text_put(struct text *text, const char *s)
{
	text_add(text, s, strlen(s));
}

void
text_format(struct text *text, const char *format, ...)
{
	char buffer[1024];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(buffer, sizeof(buffer), format, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(buffer))
		abort();
	text_add(text, buffer, (size_t)n);
}
