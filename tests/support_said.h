/* A sink that writes down what a parser says, one line a thing:
 *	message idx=0 locator=nid=0x24 subject=Hello
 *	text 0 body|Hello|
 * Absent fields are left out; line ends inside values show as \n. */
#ifndef TESTS_SUPPORT_SAID_H
#define TESTS_SUPPORT_SAID_H

#include "parsers/base/buffer.h"
#include "parsers/parser.h"

struct said {
	struct sink sink;
	struct buffer out; /* NUL-terminated */
};

void said_init(struct said *said);
void said_release(struct said *said);
/* Forgets what was said so far; the item's arena is reset as well. */
void said_reset(struct said *said);

/* Is there a line that holds all these pieces, in this order?  The list
 * ends with NULL.  Prints what was said when there is none. */
bool said_line(const struct said *said, const char *first, ...)
    __attribute__((sentinel));
size_t said_count(const struct said *said, const char *piece);

#endif
