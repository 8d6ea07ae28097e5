/* Sizes of each form, [MS-PST] 2.2.2.6, 2.2.2.7.7, 2.2.2.8; CRC, signature. */
#include "parsers/pst/form.h"

#include <zlib.h>

const struct pst_form pst_form_ansi = {
	.name = "ANSI", .id = 4,
	.page = 512, .page_body = 500,
	.page_type = 500, .page_crc = 508, .page_bid = 504,
	.bt_area = 496, .bt_count = 496, .bt_max = 497, .bt_size = 498,
	.bt_level = 499, .bt_count_width = 1,
	.branch = 12, .bbt_leaf = 12, .nbt_leaf = 16,
	.align = 64, .trailer = 12, .data_most = 8180,
	.list_header = 4, .heap_index_bits = 11,
	.amap_first = 0x4400, .amap_step = 253952,
	.h_next_block = 24, .h_next_page = 28, .h_eof = 168,
	.h_nbt = 184, .h_bbt = 192, .h_crypt = 461,
};

const struct pst_form pst_form_unicode = {
	.name = "Unicode", .id = 8,
	.page = 512, .page_body = 496,
	.page_type = 496, .page_crc = 500, .page_bid = 504,
	.bt_area = 488, .bt_count = 488, .bt_max = 489, .bt_size = 490,
	.bt_level = 491, .bt_count_width = 1,
	.branch = 24, .bbt_leaf = 24, .nbt_leaf = 32,
	.align = 64, .trailer = 16, .data_most = 8176,
	.list_header = 8, .heap_index_bits = 11,
	.amap_first = 0x4400, .amap_step = 253952,
	.h_next_block = 516, .h_next_page = 32, .h_eof = 184,
	.h_nbt = 216, .h_bbt = 232, .h_crypt = 513,
};

const struct pst_form pst_form_4k = {
	.name = "Unicode 4K", .id = 8,
	.page = 4096, .page_body = 4072,
	.page_type = 4072, .page_crc = 4076, .page_bid = 4080,
	.bt_area = 4056, .bt_count = 4056, .bt_max = 4058, .bt_size = 4060,
	.bt_level = 4061, .bt_count_width = 2,
	.branch = 24, .bbt_leaf = 24, .nbt_leaf = 32,
	.align = 512, .trailer = 24, .data_most = 65512,
	.list_header = 8, .heap_index_bits = 14,
	.amap_first = 0x22000, .amap_step = 16678912,
	.h_next_block = 516, .h_next_page = 32, .h_eof = 184,
	.h_nbt = 216, .h_bbt = 232, .h_crypt = 513,
	.zlib = true,
};

const struct pst_form *
pst_form_of(unsigned version)
{
	switch (version) {
	case 14:
	case 15:
		return &pst_form_ansi;
	case 21:
	case 23:
		return &pst_form_unicode;
	case 36:
	case 37:
		return &pst_form_4k;
	default:
		return NULL;
	}
}

/* zlib inverts before and after; start and end undo it. */
uint32_t
pst_crc(const uint8_t *p, size_t n)
{
	return (uint32_t)(crc32_z(0xFFFFFFFFU, p, n) ^ 0xFFFFFFFFU);
}

uint16_t
pst_signature(uint64_t ib, uint64_t bid)
{
	uint32_t x = (uint32_t)(ib ^ bid);

	return (uint16_t)((x >> 16) ^ x);
}
