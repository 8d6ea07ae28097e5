/*
 * The three on-disk forms of a store and their sizes, [MS-PST] 2.2.2:
 *
 *	A   wVer 14, 15      32-bit ids, 512-byte pages
 *	U   wVer 21, 23      64-bit ids, 512-byte pages
 *	4K  wVer 36, 37      64-bit ids, 4096-byte pages, zlib blocks
 *
 * [MS-PST] does not describe the 4K form.
 */
#ifndef PARSERS_PST_FORM_H
#define PARSERS_PST_FORM_H

#include "parsers/base/bytes.h"

enum {
	PST_PAGE_MOST = 4096,
	PST_BLOCK_MOST = 65536,
	/* Levels of a BTree on disk: 8 of 20 entries each hold 2^34. */
	PST_BT_LEVELS = 8,
};

enum pst_crypt { PST_CRYPT_NONE, PST_CRYPT_PERMUTE, PST_CRYPT_CYCLIC };

enum pst_ptype {
	PST_PAGE_BBT = 0x80,
	PST_PAGE_NBT = 0x81,
	PST_PAGE_AMAP = 0x84,
};

struct pst_form {
	const char *name;
	/* Width of BID and IB. */
	unsigned id;
	unsigned page, page_body;       /* size; bytes under the CRC */
	unsigned page_type, page_crc, page_bid; /* offsets in the trailer */
	unsigned bt_area, bt_count, bt_max, bt_size, bt_level;
	unsigned bt_count_width;
	unsigned branch, bbt_leaf, nbt_leaf; /* entry sizes */
	unsigned align, trailer;        /* of blocks */
	unsigned data_most;             /* bytes in one data block */
	unsigned list_header;           /* SLBLOCK, SIBLOCK; XBLOCK has 8 */
	unsigned heap_index_bits;
	uint64_t amap_first, amap_step;
	/* Offsets in the HEADER. */
	unsigned h_next_block, h_next_page, h_eof, h_nbt, h_bbt, h_crypt;
	bool zlib;
};

extern const struct pst_form pst_form_ansi, pst_form_unicode, pst_form_4k;

/* By wVer; NULL when it is none of ours. */
const struct pst_form *pst_form_of(unsigned version);

/* Reflected CRC-32, initial value 0, no final xor, [MS-PST] 5.3. */
uint32_t pst_crc(const uint8_t *p, size_t n);

/* [MS-PST] 5.5 */
uint16_t pst_signature(uint64_t ib, uint64_t bid);

/* Bytes of a block on disk: data, padding, trailer. */
static inline size_t
pst_block_room(const struct pst_form *form, size_t cb)
{
	return (cb + form->trailer + form->align - 1) & ~(size_t)(form->align - 1);
}

/* In place.  `key` is the low half of the block's BID. [MS-PST] 5.1, 5.2 */
void pst_decode(enum pst_crypt method, uint32_t key, uint8_t *p, size_t n);
void pst_encode(enum pst_crypt method, uint32_t key, uint8_t *p, size_t n);

static inline uint32_t
pst_le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static inline uint16_t
pst_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint64_t
pst_le64(const uint8_t *p)
{
	return (uint64_t)pst_le32(p) | (uint64_t)pst_le32(p + 4) << 32;
}

/* A BID or IB in this form's width. */
static inline uint64_t
pst_id(const struct pst_form *form, const uint8_t *p)
{
	return form->id == 4 ? pst_le32(p) : pst_le64(p);
}

/* Bit 0 of a block id is reserved and no part of it. */
static inline uint64_t
pst_bid(uint64_t bid)
{
	return bid & ~UINT64_C(1);
}

static inline bool
pst_bid_internal(uint64_t bid)
{
	return (bid & 2) != 0;
}

#endif
