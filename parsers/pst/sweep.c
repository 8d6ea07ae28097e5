/*
 * Every block that the block BTree names, whether an item needs it or not,
 * and every allocation page: checksum and signature, [MS-PST] 2.2.2.7.2,
 * 2.2.2.8.1.  BTree pages are checked while the plan walks over them.
 */
#include "parsers/base/buffer.h"
#include "parsers/pst/block.h"
#include "parsers/pst/unit.h"

enum { OFFSETS_MOST = 100, PST_PAGE_PMAP = 0x83 };

/* Offsets of what is damaged: the first ones, and how many in all. */
struct damaged {
	struct buffer offsets;
	uint64_t count;
};

struct sweep {
	struct pst_store *store;
	struct damaged blocks, maps;
};

static void
note(struct damaged *damaged, uint64_t ib)
{
	if (damaged->count++ < OFFSETS_MOST)
		buffer_printf(&damaged->offsets, "%s%llu",
		    damaged->offsets.n > 0 ? ", " : "",
		    (unsigned long long)ib);
}

static void
check_blocks(void *context, uint64_t ib, const struct pst_bt *bt)
{
	struct sweep *sweep = context;
	struct pst_place place;

	(void)ib;
	for (unsigned i = 0; i < bt->count; i++) {
		pst_place_entry(sweep->store->form, bt, i, &place);
		if (!pst_block_sound(sweep->store, &place))
			note(&sweep->blocks, place.ib);
	}
}

static void
check_map(struct sweep *sweep, uint64_t ib, uint8_t type)
{
	const struct pst_form *form = sweep->store->form;
	uint8_t page[PST_PAGE_MOST];

	if (input_read(sweep->store->input, ib, page, form->page) !=
	        (int64_t)form->page ||
	    page[form->page_type] != type ||
	    page[form->page_type + 1] != type ||
	    pst_id(form, page + form->page_bid) != ib ||
	    pst_crc(page, form->page_body) != pst_le32(page + form->page_crc))
		note(&sweep->maps, ib);
}

/* Allocation maps at their places; the page maps after every eighth. */
static void
check_maps(struct sweep *sweep)
{
	const struct pst_form *form = sweep->store->form;
	uint64_t k = 0;

	for (uint64_t at = form->amap_first;
	     at + form->page <= sweep->store->size; at += form->amap_step) {
		check_map(sweep, at, PST_PAGE_AMAP);
		if (k++ % 8 == 0 && !form->zlib &&
		    at + 2 * form->page <= sweep->store->size)
			check_map(sweep, at + form->page, PST_PAGE_PMAP);
	}
}

static void
say(struct sink *sink, const struct damaged *damaged, enum outcome severity,
    const char *what)
{
	if (damaged->count == 0)
		return;
	sink_problem(sink, BYTES_LIT("blocks"), PROBLEM_BAD_CHECKSUM, severity,
	    0, "%llu %s, at byte %.*s%s", (unsigned long long)damaged->count,
	    what, (int)damaged->offsets.n, (const char *)damaged->offsets.p,
	    damaged->count > OFFSETS_MOST ? " and more" : "");
}

void
pst_sweep_run(struct pst_store *store, struct sink *sink)
{
	struct sweep sweep = { .store = store };
	struct pst_walk walk = { check_blocks, NULL, &sweep };

	if (!sink_item_begin(sink, BYTES_LIT("blocks")))
		return;
	pst_walk_tree(store, PST_PAGE_BBT, &walk);
	check_maps(&sweep);
	say(sink, &sweep.blocks, OUTCOME_PARTIAL,
	    "blocks whose checksum or trailer does not fit, whether an item "
	    "needs them or not ([MS-PST] 2.2.2.8.1)");
	say(sink, &sweep.maps, OUTCOME_OK,
	    "allocation pages that do not fit; they are not needed to read "
	    "([MS-PST] 2.2.2.7.2, 2.2.2.7.3)");
	sink_item_end(sink);
	buffer_release(&sweep.blocks.offsets);
	buffer_release(&sweep.maps.offsets);
}
