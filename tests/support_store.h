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

/* Offset of the first BTree page of a type and level; SIZE_MAX: none. */
size_t store_page(struct bytes store, unsigned type, unsigned level);

/* The spec of a small store that has one of everything. */
extern const char store_spec[];

#endif
