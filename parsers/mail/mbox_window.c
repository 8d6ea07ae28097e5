#include "parsers/mail/mbox_window.h"

#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/limits.h"

/* One whole item, and enough after it to see where it ends. */
#define WINDOW_MOST (LIMIT_ITEM_BYTES + 64 * 1024)

static void
window_fill(struct window *w)
{
	size_t room = w->room - w->begin - w->n;
	int64_t got;

	if (room == 0)
		return;
	got = input_read(w->input, w->base + w->n, w->p + w->begin + w->n,
	    room);
	w->failed |= got < 0;
	w->n += got > 0 ? (size_t)got : 0;
	w->end = w->failed || got < (int64_t)room ||
		 w->base + w->n >= w->input->size;
}

static void
window_resize(struct window *w, size_t room)
{
	uint8_t *p;

	if (w->begin > 0)
		memmove(w->p, w->p + w->begin, w->n);
	w->begin = 0;
	p = realloc(w->p, room);
	if (p == NULL)
		die_machine("out of memory (%zu bytes wanted)", room);
	w->p = p;
	w->room = room;
}

void
window_open(struct window *w, const struct input *input, uint64_t from)
{
	uint64_t left = input->size > from ? input->size - from : 0;

	*w = (struct window){ .input = input, .base = from };
	window_resize(w, left < WINDOW_BYTES ? (size_t)left + 1
					     : WINDOW_BYTES);
	window_fill(w);
}

void
window_close(struct window *w)
{
	free(w->p);
	w->p = NULL;
}

void
window_grow(struct window *w)
{
	if (w->begin < w->room / 4)
		window_resize(w, w->room * 2 < WINDOW_MOST ? w->room * 2
							   : WINDOW_MOST);
	else
		window_resize(w, w->room);
	window_fill(w);
}

void
window_top_up(struct window *w)
{
	if (w->end || w->n >= WINDOW_BYTES / 4)
		return;
	/* A giant message's room is not kept. */
	window_resize(w, w->room > WINDOW_BYTES * 4 ? WINDOW_BYTES : w->room);
	window_fill(w);
}

struct bytes
window_bytes(const struct window *w)
{
	return bytes_of(w->p + w->begin, w->n);
}

void
window_skip(struct window *w, size_t n)
{
	w->begin += n;
	w->n -= n;
	w->base += n;
}
