/*
 * Masking in a message's own text: what was found is masked exactly where it
 * was found (part and offset, contract 7), and every other spelling of it as
 * in any text of the message (mask.h).
 */
#ifndef REPORTS_MASK_PIECE_H
#define REPORTS_MASK_PIECE_H

#include "parsers/base/kept_text.h"
#include "reports/mask.h"

struct mask_places; /* where the findings of one message stand */

/* In the arena, as everything here. */
struct mask_places *mask_places_load(struct case_file *file,
    struct arena *arena, int64_t message);

/* The piece's text, masked. */
struct bytes mask_piece(struct mask *mask, const struct mask_places *places,
    struct arena *arena, const struct kept_piece *piece);

/*
 * A header block, masked.  Where something was found in a header, or the
 * block hides it from us, fields are unfolded and encoded words left out:
 * the decoded field says what may be shown.
 */
struct bytes mask_headers(struct mask *mask, const struct mask_places *places,
    struct arena *arena, struct bytes text);

#endif
