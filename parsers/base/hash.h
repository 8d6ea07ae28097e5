/* SHA-256, MD5 and HMAC-SHA-256 by libcrypto; hex is lower case. */
#ifndef PARSERS_BASE_HASH_H
#define PARSERS_BASE_HASH_H

#include "parsers/base/arena.h"

enum { SHA256_SIZE = 32, MD5_SIZE = 16 };

/* Running SHA-256 and MD5 of one stream, side by side. */
struct hasher;

struct hasher *hasher_new(bool with_md5);
void hasher_free(struct hasher *hasher);
void hasher_add(struct hasher *hasher, const void *p, size_t n);
/* md5 may be NULL.  The hasher is ready for the next stream afterwards. */
void hasher_finish(struct hasher *hasher, uint8_t sha256[SHA256_SIZE],
    uint8_t md5[MD5_SIZE]);

void sha256_of(struct bytes b, uint8_t out[SHA256_SIZE]);
struct bytes sha256_hex(struct arena *arena, struct bytes b);
struct bytes md5_hex(struct arena *arena, struct bytes b);
void hmac_sha256(struct bytes key, struct bytes b, uint8_t out[SHA256_SIZE]);

struct bytes hex_of(struct arena *arena, const uint8_t *p, size_t n);

/* Contract 4: letter, '-', the first 16 hex digits of SHA-256(text). */
struct bytes id_of(struct arena *arena, char letter, struct bytes text);

#endif
