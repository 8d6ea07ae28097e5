/*
 * The second opinion: the same store through libpff.  Used for a store in
 * which our own reader finds nothing, and to compare (`inspect
 * --cross-check`).  The only place that sees libpff.h.
 */
#ifndef PARSERS_PST_SECOND_H
#define PARSERS_PST_SECOND_H

#include "parsers/parser.h"

/* Says the messages of all folders: live items with the locators that our
 * reader gives them.  SOURCE_LOST: libpff cannot open it either (said). */
enum outcome pst_second_run(const struct input *input, struct sink *sink);

#endif
