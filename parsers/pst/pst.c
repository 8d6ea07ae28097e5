/* Outlook stores, [MS-PST]: the two kinds and their way into records. */
#include "parsers/pst/pst.h"
#include "parsers/pst/second.h"
#include "parsers/pst/unit.h"

/* The unit of a store that is read by libpff. */
#define SECOND BYTES_LIT("libpff")

/* Magic and client signature; wVer decides whether we read it. */
static unsigned
bid_for(struct bytes head, const char *client)
{
	if (head.n < 12 || !bytes_starts(head, BYTES_LIT("!BDN")))
		return 0;
	return bytes_eq(bytes_slice(head, 8, 10), bytes_cstr(client)) ? 48 : 0;
}

/* A header that was overwritten, and the first AMap page is in its place. */
static bool
has_amap(struct bytes head)
{
	static const struct pst_form *const forms[] = { &pst_form_unicode,
		&pst_form_ansi };

	for (size_t i = 0; i < 2; i++) {
		const struct pst_form *form = forms[i];
		size_t at = (size_t)form->amap_first;
		const uint8_t *page = head.p + at;

		if (head.n < at + form->page)
			return false;
		if (page[form->page_type] == PST_PAGE_AMAP &&
		    page[form->page_type + 1] == PST_PAGE_AMAP &&
		    pst_id(form, page + form->page_bid) == at &&
		    pst_crc(page, form->page_body) ==
		        pst_le32(page + form->page_crc))
			return true;
	}
	return false;
}

static unsigned
pst_probe(struct bytes head, uint64_t size)
{
	unsigned bid = bid_for(head, "SM");

	(void)size;
	if (bid == 0)
		bid = bid_for(head, "AB");
	/* Neither client: still a store, of a damaged header. */
	if (bid == 0 && bid_for(head, "SO") == 0 &&
	    bytes_starts(head, BYTES_LIT("!BDN")))
		bid = 32;
	if (bid == 0 && bid_for(head, "SO") == 0 && has_amap(head))
		bid = 60;
	return bid;
}

static unsigned
ost_probe(struct bytes head, uint64_t size)
{
	(void)size;
	return bid_for(head, "SO");
}

/* Nothing at all: libpff may know better. */
static void
plan_second(struct sink *sink)
{
	struct record_unit unit;

	sink_problem(sink, BYTES_NONE, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
	    "our reader finds no folder and no message: read by libpff");
	record_clear(RECORD_KIND_UNIT, &unit);
	unit.spec = SECOND;
	sink_record(sink, RECORD_KIND_UNIT, &unit);
}

enum outcome
pst_plan(const struct input *input, struct sink *sink)
{
	struct pst_census census;
	struct pst_store store;
	bool nothing = true;

	if (pst_open(&store, input, sink) != OUTCOME_SOURCE_LOST) {
		pst_names_read(&store);
		pst_census_take(&census, &store);
		nothing = census.folder_count == 0 && census.message_count == 0;
		if (!nothing)
			pst_plan_say(&census, sink);
		pst_census_release(&census);
	}
	if (nothing)
		plan_second(sink);
	pst_close(&store);
	return OUTCOME_OK;
}

enum outcome
pst_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct pst_store store;
	enum outcome outcome;

	if (bytes_eq(spec, SECOND))
		return pst_second_run(input, sink);
	outcome = pst_open(&store, input, NULL);
	if (outcome != OUTCOME_SOURCE_LOST)
		pst_unit_run(&store, spec, sink);
	pst_close(&store);
	return outcome == OUTCOME_SOURCE_LOST ? outcome : OUTCOME_OK;
}

const struct parser parser_pst = {
	.name = "pst",
	.title = "Outlook store (PST)",
	.probe = pst_probe,
	.plan = pst_plan,
	.run = pst_run,
};

const struct parser parser_ost = {
	.name = "ost",
	.title = "Outlook offline store (OST)",
	.probe = ost_probe,
	.plan = pst_plan,
	.run = pst_run,
};
