/* A forward view of an input that grows until a whole message is in it. */
#ifndef PARSERS_MAIL_MBOX_WINDOW_H
#define PARSERS_MAIL_MBOX_WINDOW_H

#include "parsers/parser.h"

enum { WINDOW_BYTES = 4 << 20 };

struct window {
	const struct input *input;
	uint8_t *p;       /* owned */
	size_t begin, n, room; /* the view is p[begin, begin + n) */
	uint64_t base;    /* input offset of the view */
	bool end, failed; /* nothing after the view; an I/O error */
};

void window_open(struct window *w, const struct input *input, uint64_t from);
void window_close(struct window *w);

/* More of the input behind the view, up to a little more than the longest
 * item. */
void window_grow(struct window *w);
/* Room and bytes for the next message, when the view has become small. */
void window_top_up(struct window *w);

struct bytes window_bytes(const struct window *w);

/* Forget the first n bytes of the view. */
void window_skip(struct window *w, size_t n);

#endif
