/*
 * A message's headers and own text as the case keeps them: pieces in the
 * order they were said, packed with zstd (level 1).  The worker writes them;
 * rules and reports read them, as the hostile bytes they are.
 *
 * A piece is
 *	kind        1 byte: enum kept_kind, 0x80 = hidden
 *	part        varint: 0 = that of the piece before, else length + 1;
 *	            its bytes (contract 7: "1", "2.1/table=1"; headers: "")
 *	flow        varint count of offsets, then each as a pair of varints:
 *	            text offset, and part offset less text offset, both less
 *	            those of the pair before (the latter zigzag); no pair:
 *	            they are the same
 *	cell        varint row, varint length, its column
 *	text        varint length, bytes: UTF-8
 */
#ifndef PARSERS_BASE_KEPT_TEXT_H
#define PARSERS_BASE_KEPT_TEXT_H

#include "parsers/base/buffer.h"

enum kept_kind { KEPT_HEADERS = 1, KEPT_FLOW, KEPT_CELL, KEPT_KINDS };

struct kept_piece {
	enum kept_kind kind;
	bool hidden;
	struct bytes part;
	struct bytes map;    /* flow: encoded offsets, for kept_offset */
	size_t map_count;
	uint64_t row;        /* cell: from 1 */
	struct bytes column; /* cell: "B" or "2" */
	struct bytes text;
};

/* Offsets of a flow while it is written; the shape of a parser's text_map. */
struct kept_offset_pair {
	size_t text, part;
};

/* Appends a piece to unpacked ones.  `same_part`: as of the piece before. */
void kept_piece_add(struct buffer *pieces, const struct kept_piece *piece,
    bool same_part, const struct kept_offset_pair *map, size_t map_count);

/* Takes the next piece off `pieces`; *piece must be zeroed before the first.
 * False at the end, or where the bytes are none of ours. */
bool kept_piece_next(struct bytes *pieces, struct kept_piece *piece);

/* Where in the piece's text stands what is at `part_offset` of the part's
 * decoded text; SIZE_MAX: not in this piece. */
size_t kept_text_offset(const struct kept_piece *piece, size_t part_offset);

/* One reusable context a process for each direction. */
void kept_pack(struct bytes pieces, struct buffer *packed);

/* Replaces the content of `pieces`; false: no frame of ours, or one that
 * says it is longer than LIMIT_KEPT_UNPACKED. */
bool kept_unpack(struct bytes packed, struct buffer *pieces);

#endif
