/*
 * The directory of a zip, for members wanted by their path while others are
 * read in order (APPNOTE 4.3.12 to 4.3.16, zip64 included).  Everything in it
 * is checked against the file's size; what does not hold is left out.
 */
#ifndef PARSERS_CONTAINERS_ZIP_INDEX_H
#define PARSERS_CONTAINERS_ZIP_INDEX_H

#include "parsers/parser.h"

struct zip_index;

/* Never NULL: of what is no zip, an index without members. */
struct zip_index *zip_index_open(const struct input *input);
void zip_index_close(struct zip_index *index);

/* The member's bytes in the arena, stored or inflated, its CRC checked; absent
 * with *why (a text that lives for ever) when there is none or it is
 * encrypted, damaged or larger than LIMIT_ITEM_BYTES. */
struct bytes zip_index_take(const struct zip_index *index, struct arena *arena,
    struct bytes path, const char **why);

#endif
