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

/* "begin 644 name" ... "end"; the name is not looked at. */
struct bytes uudecode(struct arena *arena, struct bytes in, size_t *bad);

#endif
