/* The two ways to say what goes into a store. */
#ifndef PSTGEN_PSTGEN_H
#define PSTGEN_PSTGEN_H

#include "testdata/pstgen/store.h"

/* Reads a spec (README.md describes it) and writes its folders and messages. */
void spec_read(struct store *store, const char *path);

/* Fills the store with made-up mail until it has about so many bytes. */
void bulk_fill(struct store *store, uint64_t bytes, uint64_t seed);

#endif
