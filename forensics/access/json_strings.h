/*
 * Strings of the JSON lists in the case (parsers/record.h): arrays of texts
 * and of [name, value] pairs, as our own writers make them.
 */
#ifndef FORENSICS_ACCESS_JSON_STRINGS_H
#define FORENSICS_ACCESS_JSON_STRINGS_H

#include "parsers/base/arena.h"

/* Next string, whatever array it stands in; null counts as an empty one.
 * The arena is used only where escapes must be undone. */
bool json_strings_next(struct bytes *rest, struct arena *arena,
    struct bytes *text);

/* Value of the first pair whose name is that, in any case; absent: none. */
struct bytes json_pairs_find(struct bytes pairs, struct arena *arena,
    const char *name);

#endif
