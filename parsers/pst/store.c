/* HEADER and ROOT, [MS-PST] 2.2.2.6, 2.2.2.5; problems of a store. */
#include "parsers/pst/store.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/limits.h"
#include "parsers/pst/block.h"
#include "parsers/pst/pool.h"

enum {
	HEADER_BYTES = 564,
	PARTIAL_FROM = 8, PARTIAL_TO = 479, FULL_TO = 524, FULL_AT = 524,
};

struct pst_limits pst_limits = {
	.blocks = LIMIT_PST_BLOCKS,
	.subnodes = LIMIT_PST_SUBNODES,
	.pool = LIMIT_PST_POOL,
	.embedded = LIMIT_PST_EMBEDDED,
	.folders = LIMIT_PST_FOLDERS,
	.nodes = LIMIT_PST_NODES,
};

/* ---- problems */

static void
say_rest(struct pst_store *store)
{
	if (store->sink != NULL && store->unsaid > 0)
		sink_problem(store->sink, store->locator, PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0,
		    "%u further problems of this place are not listed",
		    store->unsaid);
	store->said = store->unsaid = 0;
}

void
pst_at(struct pst_store *store, struct bytes locator)
{
	say_rest(store);
	store->locator = locator;
}

void
pst_say(struct pst_store *store, enum problem_kind kind,
    enum outcome severity, int64_t items_lost, const char *format, ...)
{
	char detail[512];
	va_list arguments;

	if (store->sink == NULL)
		return;
	if (store->said >= PST_SAID_MOST && items_lost == 0) {
		store->unsaid++;
		return;
	}
	store->said++;
	va_start(arguments, format);
	vsnprintf(detail, sizeof detail, format, arguments);
	va_end(arguments);
	sink_problem(store->sink, store->locator, kind, severity, items_lost,
	    "%s", detail);
}

/* ---- the header */

/* A header that was overwritten: the first AMap page shows the form. */
static const struct pst_form *
form_by_amap(const struct input *input)
{
	static const struct pst_form *const forms[] = { &pst_form_unicode,
		&pst_form_ansi, &pst_form_4k };
	uint8_t page[PST_PAGE_MOST];

	for (size_t i = 0; i < 3; i++) {
		const struct pst_form *form = forms[i];

		if (input_read(input, form->amap_first, page, form->page) !=
		    (int64_t)form->page)
			continue;
		if (page[form->page_type] == PST_PAGE_AMAP &&
		    page[form->page_type + 1] == PST_PAGE_AMAP &&
		    pst_id(form, page + form->page_bid) == form->amap_first)
			return form;
	}
	return NULL;
}

static void
read_roots(struct pst_store *store, const uint8_t *h)
{
	const struct pst_form *form = store->form;

	store->nbt.bid = pst_id(form, h + form->h_nbt);
	store->nbt.ib = pst_id(form, h + form->h_nbt + form->id);
	store->bbt.bid = pst_id(form, h + form->h_bbt);
	store->bbt.ib = pst_id(form, h + form->h_bbt + form->id);
	store->next_block = pst_id(form, h + form->h_next_block);
	store->next_page = pst_id(form, h + form->h_next_page);
}

static void
check_header(struct pst_store *store, const uint8_t *h)
{
	const struct pst_form *form = store->form;
	uint64_t end = pst_id(form, h + form->h_eof);

	if (pst_crc(h + PARTIAL_FROM, PARTIAL_TO - PARTIAL_FROM) !=
	        pst_le32(h + 4) ||
	    (form->id == 8 && pst_crc(h + PARTIAL_FROM,
	                          FULL_TO - PARTIAL_FROM) !=
	                          pst_le32(h + FULL_AT))) {
		store->header_damaged = true;
		pst_say(store, PROBLEM_BAD_CHECKSUM, OUTCOME_PARTIAL, 0,
		    "header: checksum wrong, read on ([MS-PST] 2.2.2.6)");
	}
	if (end > store->size)
		pst_say(store, PROBLEM_TRUNCATED, OUTCOME_ITEM_LOST, 0,
		    "the store ends at byte %llu, and says it has %llu "
		    "([MS-PST] 2.2.2.5)",
		    (unsigned long long)store->size, (unsigned long long)end);
	else if (end < store->size)
		pst_say(store, PROBLEM_COUNT_MISMATCH, OUTCOME_OK, 0,
		    "%llu bytes after the end that the header gives "
		    "([MS-PST] 2.2.2.5)",
		    (unsigned long long)(store->size - end));
}

static void
read_crypt(struct pst_store *store, unsigned method)
{
	if (method <= PST_CRYPT_CYCLIC) {
		store->crypt = (enum pst_crypt)method;
		return;
	}
	store->crypt = PST_CRYPT_PERMUTE;
	if (method == 0x10)
		pst_say(store, PROBLEM_ENCRYPTED, OUTCOME_PARTIAL, 0,
		    "protected by Windows information protection: its blocks "
		    "may not be readable ([MS-PST] 2.2.2.6)");
	else
		pst_say(store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
		    "bCryptMethod %u is none of ours, each block is tried "
		    "([MS-PST] 2.2.2.6)", method);
}

static enum outcome
read_header(struct pst_store *store)
{
	uint8_t h[HEADER_BYTES] = { 0 };
	int64_t n = input_read(store->input, 0, h, sizeof h);
	bool magic = n >= 512 && memcmp(h, "!BDN", 4) == 0;

	store->version = pst_le16(h + 10);
	store->form = n < 512 ? NULL : pst_form_of(store->version);
	store->ost = h[8] == 'S' && h[9] == 'O';
	if (!magic || store->form == NULL) {
		const struct pst_form *seen = form_by_amap(store->input);

		store->form = seen != NULL ? seen : store->form;
		store->header_damaged = true;
		if (store->form == NULL) {
			pst_say(store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
			    "wVer %u is no form of a store that we know "
			    "([MS-PST] 2.2.2.6)", store->version);
			return OUTCOME_SOURCE_LOST;
		}
		pst_say(store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
		    "header overwritten: read as %s by its first AMap page",
		    store->form->name);
	}
	read_roots(store, h);
	check_header(store, h);
	read_crypt(store, h[store->form->h_crypt]);
	return store->header_damaged ? OUTCOME_PARTIAL : OUTCOME_OK;
}

enum outcome
pst_open(struct pst_store *store, const struct input *input,
    struct sink *sink)
{
	enum outcome outcome;

	*store = (struct pst_store){ .input = input, .size = input->size,
		.sink = sink };
	arena_init(&store->arena);
	outcome = read_header(store);
	if (outcome == OUTCOME_SOURCE_LOST)
		return outcome;
	store->cache = pst_cache_new(store->form);
	store->stored = malloc((size_t)3 * PST_BLOCK_ROOM);
	if (store->stored == NULL)
		die_machine("out of memory");
	store->lists[0] = store->stored + PST_BLOCK_ROOM;
	store->lists[1] = store->lists[0] + PST_BLOCK_ROOM;
	return outcome;
}

void
pst_close(struct pst_store *store)
{
	say_rest(store);
	pst_cache_free(store->cache);
	pst_pool_free(store->pool);
	free(store->stored);
	arena_release(&store->arena);
	*store = (struct pst_store){ 0 };
}
