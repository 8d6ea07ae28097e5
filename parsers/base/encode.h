/* Transfer encodings (RFC 2045 6.7, 6.8; RFC 4648).  Decoders never fail:
 * they take what decodes and count the bytes that did not. */
#ifndef PARSERS_BASE_ENCODE_H
#define PARSERS_BASE_ENCODE_H

#include "parsers/base/arena.h"

/* White space skipped, standard and URL-safe alphabets, padding optional. */
struct bytes base64_decode(struct arena *arena, struct bytes in, size_t *bad);

struct bytes quoted_printable_decode(struct arena *arena, struct bytes in,
    size_t *bad);

/* RFC 2047 4.2: "_" is a space. */
struct bytes q_word_decode(struct arena *arena, struct bytes in, size_t *bad);

/* "begin 644 name" ... "end"; the name is not looked at.  *bad: 1 without
 * "end", everything without "begin". */
struct bytes uudecode(struct arena *arena, struct bytes in, size_t *bad);
/* The lines between them. */
struct bytes uu_lines_decode(struct arena *arena, struct bytes in,
    size_t *bad);

/* The lines between "=ybegin" and "=yend" (yenc-draft 1.3): each byte less
 * 42, '=' escapes one more 64.  *bad: an escape at the very end. */
struct bytes yenc_decode(struct arena *arena, struct bytes in, size_t *bad);

#endif
