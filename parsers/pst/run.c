/* The items of one unit, in the order of its words. */
#include <stdio.h>

#include "parsers/base/scan.h"
#include "parsers/pst/unit.h"

struct runner {
	struct pst_store *store;
	struct sink *sink;
	struct bytes folder_id; /* absent: unknown */
	uint32_t folder, sent;  /* NIDs; sent: of Sent Items, 0: unknown */
	char room[32];
};

static bool
hex_number(struct bytes text, uint32_t *out)
{
	*out = 0;
	if (text.n == 0 || text.n > 8)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = byte_lower(text.p[i]);

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		*out = *out << 4 | (uint32_t)(c <= '9' ? c - '0'
						       : c - 'a' + 10);
	}
	return true;
}

static void
set_folder(struct runner *r, uint32_t nid)
{
	int n = snprintf(r->room, sizeof r->room, "nid=0x%x", nid);

	r->folder = nid;
	r->folder_id = nid == 0 ? BYTES_NONE : bytes_of(r->room, (size_t)n);
}

static void
say_item(struct runner *r, char how, uint32_t nid, struct bytes locator)
{
	struct pst_item item = { .locator = locator,
		.folder_id = r->folder_id, .listed = how == 'p',
		.in_sent_items = r->folder != 0 && r->folder == r->sent };

	item.state = how == 'l' ? BYTES_LIT("live") : BYTES_LIT("recovered");
	pst_at(r->store, locator);
	if (!pst_node_find(r->store, nid, &item.node) ||
	    (!pst_item_say(r->store, &item) &&
	        (how == 'o' || !pst_item_say_row(r->store, &item, r->folder))))
		pst_say(r->store, PROBLEM_DAMAGED, OUTCOME_ITEM_LOST, 1,
		    "message 0x%x cannot be read ([MS-PST] 2.4.5)", nid);
	pst_at(r->store, BYTES_NONE);
}

static void
say_associated(struct runner *r, uint32_t nid, struct bytes locator)
{
	struct pst_item item = { .locator = locator,
		.folder_id = r->folder_id, .state = BYTES_LIT("live") };

	pst_at(r->store, locator);
	if (!pst_node_find(r->store, nid, &item.node) ||
	    !pst_item_found(r->store, &item))
		pst_say(r->store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
		    "associated item 0x%x cannot be read: a rule or setting "
		    "may be lost ([MS-PST] 2.4.4.6)", nid);
	pst_at(r->store, BYTES_NONE);
}

static void
run_word(struct runner *r, struct bytes word)
{
	char locator[32];
	uint32_t nid;
	int n;

	if (bytes_eq(word, BYTES_LIT("recover"))) {
		pst_sweep_run(r->store, r->sink);
		pst_recover_run(r->store, r->sink);
		return;
	}
	if (word.n < 2 || !hex_number(bytes_skip(word, 1), &nid))
		return;
	if (word.p[0] == 'f') {
		set_folder(r, nid);
		return;
	}
	n = snprintf(locator, sizeof locator, "nid=0x%x", nid);
	if (!sink_item_begin(r->sink, bytes_of(locator, (size_t)n)))
		return;
	if (word.p[0] == 'a')
		say_associated(r, nid, bytes_of(locator, (size_t)n));
	else
		say_item(r, (char)word.p[0], nid,
		    bytes_of(locator, (size_t)n));
	sink_item_end(r->sink);
}

void
pst_unit_run(struct pst_store *store, struct bytes spec, struct sink *sink)
{
	struct runner r = { .store = store, .sink = sink };
	struct bytes rest = spec, word;

	store->codepage = (uint32_t)spec_number(spec, "cp", 0);
	store->rescue = spec_number(spec, "rescue", 0) != 0;
	r.sent = (uint32_t)spec_number(spec, "sent", 0);
	/* The plan has said what is wrong with all this. */
	store->sink = NULL;
	pst_store_read(store);
	pst_names_read(store);
	store->sink = sink;
	while (bytes_cut(&rest, ' ', &word))
		run_word(&r, word);
}
