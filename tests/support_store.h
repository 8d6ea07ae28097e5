/* Stores for tests, made by build/MODE/pstgen beside the test. */
#ifndef TESTS_SUPPORT_STORE_H
#define TESTS_SUPPORT_STORE_H

#include "parsers/base/buffer.h"

/* Runs pstgen with these options over a spec text and reads the store.
 * Aborts when the generator fails.  `cut`: without the zero bytes at the
 * end, which only cost time in tests. */
struct buffer store_made(const char *options, const char *spec);

/* Length up to the last byte that is not zero. */
size_t store_used(struct bytes store);

/* Unicode form: makes the checksum and signature of the page at ib right. */
void store_mend_page(uint8_t *store, uint64_t ib);

/* The same for a block's checksum. */
void store_mend_block(uint8_t *store, uint64_t ib, size_t cb);

/* Offset of the NBT leaf entry of a node; SIZE_MAX: none. */
size_t store_node(struct bytes store, uint32_t nid);

/* Offset of the first block that begins with these n bytes, at or after
 * `from`, and its size; SIZE_MAX: none. */
size_t store_block(struct bytes store, size_t from, const uint8_t *head,
    size_t n, size_t *cb);

/* Offset of the first BTree page of a type and level; SIZE_MAX: none. */
size_t store_page(struct bytes store, unsigned type, unsigned level);

/* The spec of a small store that has one of everything. */
extern const char store_spec[];

#endif
