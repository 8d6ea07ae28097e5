/*
 * Text as the detectors read it (contract 7, Text): NFKC for digits and
 * letters, invisible characters removed, spaces and dashes of all kinds as
 * one, line breaks as LF, a line that ends in a dash joined to the next.
 * Plain ASCII with LF is left where it is.
 */
#ifndef FORENSICS_EXPOSURE_NORMAL_H
#define FORENSICS_EXPOSURE_NORMAL_H

#include "parsers/base/buffer.h"

/* From `normal` on (up to the next entry) the text stands at `text`. */
struct normal_piece {
	size_t normal, text;
};

struct normal {
	struct bytes text; /* normalised; the input itself when clean */
	struct buffer room;
	struct normal_piece *pieces;
	size_t count, pieces_room;
};

/* Reuses the memory of the last call. */
void normal_set(struct normal *normal, struct bytes text);
void normal_release(struct normal *normal);

/* Offset in the text given to normal_set. */
size_t normal_origin(const struct normal *normal, size_t offset);
/* The other way: where a place of that text is in the normalised one. */
size_t normal_place(const struct normal *normal, size_t origin);

#endif
