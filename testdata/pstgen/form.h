/*
 * The three forms of the file and what differs between them: sizes, page and
 * block layout, heap ids.  [MS-PST] describes ANSI and Unicode; the third,
 * with pages of 4096 bytes, is written as its readers expect it.
 */
#ifndef PSTGEN_FORM_H
#define PSTGEN_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct form {
	const char *name;
	unsigned version; /* wVer */
	bool wide;	  /* ids and offsets of 8 bytes, strings UTF-16 */
	bool large;	  /* pages of 4096 bytes, blocks of 64 KB */
	size_t page;
	size_t page_body;    /* bytes before the page trailer */
	size_t align;	     /* of blocks; one bit of an allocation map */
	size_t trailer;	     /* of blocks */
	size_t block_max;    /* data bytes in one block */
	size_t tree_max;     /* entries of an XBLOCK */
	size_t subnode_max;  /* entries of an SLBLOCK */
	size_t subindex_max; /* entries of an SIBLOCK */
	uint64_t first_map;  /* offset of the first allocation map */
	uint64_t map_covers; /* bytes one allocation map describes */
	unsigned index_bits; /* of a heap id */
};

enum crypt { CRYPT_NONE, CRYPT_PERMUTE, CRYPT_CYCLIC };

/* NULL when no form has that name: ansi, unicode, 4k. */
const struct form *form_find(const char *name);

/* Encodes a data block in place; the key is the block's id. */
void crypt_encode(enum crypt crypt, uint64_t bid, uint8_t *p, size_t n);

/* Section 5.3: CRC-32 with neither first nor last inversion. */
uint32_t form_crc(const void *p, size_t n);

/* Section 5.5. */
uint16_t form_signature(uint64_t offset, uint64_t bid);

static inline void
put16(uint8_t *p, uint64_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static inline void
put32(uint8_t *p, uint64_t v)
{
	put16(p, v);
	put16(p + 2, v >> 16);
}

static inline void
put64(uint8_t *p, uint64_t v)
{
	put32(p, v);
	put32(p + 4, v >> 32);
}

/* An id or offset: 8 bytes, or 4 in the ANSI form. */
static inline void
put_id(const struct form *form, uint8_t *p, uint64_t v)
{
	if (form->wide)
		put64(p, v);
	else
		put32(p, v);
}

#endif
