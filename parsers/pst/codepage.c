/*
 * The code page of an ANSI store's strings: what most of its messages say
 * (PidTagMessageCodepage, else the Windows one for PidTagInternetCodepage,
 * else the one of PidTagMessageLocaleId).  A store that says nothing: 932
 * when its 8-bit text is Shift_JIS throughout, else 0.
 */
#include "parsers/pst/census.h"

enum {
	TAG_CODEPAGE = 0x3FFD, TAG_INTERNET = 0x3FDE, TAG_LOCALE = 0x3FF1,
	TAG_SUBJECT = 0x0037, TAG_BODY = 0x1000, TAG_NAME = 0x3001,
	SAMPLES = 200, PAGES = 16,
	TEXT_LOOKED_AT = 4096,
};

static const struct {
	uint32_t other, windows;
} internet_pages[] = {
	{ 50220, 932 }, { 50221, 932 }, { 50222, 932 }, { 51932, 932 },
	{ 20932, 932 }, { 52936, 936 }, { 54936, 936 }, { 50227, 936 },
	{ 51936, 936 }, { 51949, 949 }, { 50225, 949 }, { 51950, 950 },
	{ 20866, 1251 }, { 21866, 1251 }, { 28591, 1252 }, { 28592, 1250 },
	{ 28595, 1251 }, { 28597, 1253 }, { 28598, 1255 }, { 28599, 1254 },
	{ 28605, 1252 }, { 38598, 1255 }, { 20127, 1252 },
}, locale_pages[] = {
	/* Primary language of the LCID. */
	{ 0x01, 1256 }, { 0x04, 936 }, { 0x05, 1250 }, { 0x08, 1253 },
	{ 0x0D, 1255 }, { 0x0E, 1250 }, { 0x11, 932 }, { 0x12, 949 },
	{ 0x15, 1250 }, { 0x18, 1250 }, { 0x19, 1251 }, { 0x1A, 1250 },
	{ 0x1B, 1250 }, { 0x1E, 874 }, { 0x1F, 1254 }, { 0x22, 1251 },
	{ 0x24, 1250 }, { 0x25, 1257 }, { 0x26, 1257 }, { 0x27, 1257 },
	{ 0x29, 1256 }, { 0x2A, 1258 },
};

struct votes {
	uint32_t pages[PAGES];
	unsigned counts[PAGES];
	/* 8-bit text seen: all of it two-byte Japanese so far. */
	unsigned japanese, other;
};

static uint32_t
page_of(const struct mapi_bag *bag)
{
	uint64_t page = pst_bag_number(bag, TAG_CODEPAGE, 0), locale;

	if (page != 0 && page < 65000 && page != 1200)
		return (uint32_t)page;
	page = pst_bag_number(bag, TAG_INTERNET, 0);
	for (size_t i = 0; i < sizeof internet_pages / sizeof internet_pages[0];
	     i++)
		if (internet_pages[i].other == page)
			return internet_pages[i].windows;
	if (page != 0 && page < 20000 && page != 1200)
		return (uint32_t)page;
	locale = pst_bag_number(bag, TAG_LOCALE, 0);
	if (locale == 0)
		return 0;
	if (locale == 0x0404 || locale == 0x0C04 || locale == 0x1404)
		return 950;
	for (size_t i = 0; i < sizeof locale_pages / sizeof locale_pages[0];
	     i++)
		if (locale_pages[i].other == (locale & 0x3FF))
			return locale_pages[i].windows;
	return 1252;
}

static void
vote(struct votes *v, uint32_t page)
{
	size_t i = 0;

	if (page == 0)
		return;
	while (i < PAGES && v->counts[i] > 0 && v->pages[i] != page)
		i++;
	if (i == PAGES)
		return;
	v->pages[i] = page;
	v->counts[i]++;
}

/* Lead 81-9F, E0-FC, trail 40-7E, 80-FC; half-width kana A1-DF alone are
 * what Latin letters look like, so they prove nothing. */
static void
look_at(struct votes *v, struct bytes text)
{
	text = bytes_slice(text, 0, TEXT_LOOKED_AT);
	for (size_t i = 0; i < text.n; i++) {
		uint8_t lead = text.p[i], trail;

		if (lead < 0x80 || (lead >= 0xA1 && lead <= 0xDF))
			continue;
		trail = i + 1 < text.n ? text.p[i + 1] : 0x40;
		if (lead != 0x80 && lead != 0xA0 && lead <= 0xFC &&
		    trail >= 0x40 && trail != 0x7F && trail <= 0xFC) {
			v->japanese++;
			i++;
		} else {
			v->other++;
		}
	}
}

static void
look_at_node(struct pst_census *c, struct votes *v,
    const struct pst_node *node)
{
	static const uint16_t wanted[] = { TAG_CODEPAGE, TAG_INTERNET,
		TAG_LOCALE, TAG_SUBJECT, TAG_BODY, TAG_NAME };
	static const uint16_t texts[] = { TAG_SUBJECT, TAG_BODY, TAG_NAME };
	struct pst_object object;
	struct pst_bag bag;

	arena_reset(&c->scratch);
	if (node->data == 0 ||
	    !pst_object_open(&object, c->store, &c->scratch, node) ||
	    !pst_bag_pick(&object, wanted, 6, &bag))
		return;
	vote(v, page_of(&bag.bag));
	for (size_t i = 0; i < 3; i++) {
		const struct mapi_property *p = pst_bag_find(&bag.bag,
		    texts[i]);

		if (p != NULL && p->type == MAPI_STRING8)
			look_at(v, p->value);
	}
}

void
pst_census_codepage(struct pst_census *c)
{
	struct sink *sink = c->store->sink;
	struct votes votes = { .japanese = 0 };
	size_t step = c->message_count / SAMPLES + 1, best = 0;
	struct pst_node node;

	if (c->store->form != &pst_form_ansi || c->store->codepage != 0)
		return;
	/* What is wrong with them is said when they are read. */
	c->store->sink = NULL;
	for (size_t i = 0; i < c->folder_count; i++)
		look_at_node(c, &votes, &c->folders[i].node);
	for (size_t i = 0; i < c->message_count; i += step)
		if (pst_node_find(c->store, c->messages[i].nid, &node))
			look_at_node(c, &votes, &node);
	c->store->sink = sink;
	for (size_t i = 1; i < PAGES; i++)
		if (votes.counts[i] > votes.counts[best])
			best = i;
	if (votes.counts[best] > 0)
		c->store->codepage = votes.pages[best];
	else if (votes.japanese > 8 && votes.other == 0)
		c->store->codepage = 932;
}
