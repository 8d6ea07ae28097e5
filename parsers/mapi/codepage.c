/* Which code page a message's 8-bit texts are in (PidTagMessageCodepage and
 * its substitutes, reference: [MS-OXCMSG] 2.2.1.49, [MS-OXCMAIL]). */
#include "parsers/mapi/property.h"

static const struct {
	uint32_t internet, windows;
} pages[] = { { 28591, 1252 }, { 28605, 1252 }, { 28592, 1250 },
	{ 28593, 1254 }, { 28594, 1257 }, { 28595, 1251 }, { 28596, 1256 },
	{ 28597, 1253 }, { 28598, 1255 }, { 38598, 1255 }, { 28599, 1254 },
	{ 28603, 1257 }, { 20866, 1251 }, { 21866, 1251 }, { 50220, 932 },
	{ 50221, 932 }, { 50222, 932 }, { 51932, 932 }, { 20932, 932 },
	{ 50225, 949 }, { 51949, 949 }, { 50227, 936 }, { 51936, 936 },
	{ 52936, 936 }, { 20936, 936 }, { 10000, 1252 } };

uint32_t
mapi_windows_codepage(uint32_t internet)
{
	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
		if (pages[i].internet == internet)
			return pages[i].windows;
	return internet;
}

/* Primary language of a Windows locale id -> its ANSI code page
 * ([MS-LCID]); 0 when the language has several or none. */
static uint32_t
codepage_of_locale(uint32_t locale)
{
	switch (locale & 0x3FF) {
	case 0x11:
		return 932;
	case 0x12:
		return 949;
	case 0x04: /* Taiwan, Hong Kong, Macao write traditional */
		return locale == 0x0404 || locale == 0x0C04 ||
			       locale == 0x1404
			   ? 950
			   : 936;
	case 0x1E:
		return 874;
	case 0x19: /* Russian, Ukrainian, Belarusian, Bulgarian, Macedonian */
	case 0x22:
	case 0x23:
	case 0x02:
	case 0x2F:
		return 1251;
	case 0x05: /* Czech, Polish, Slovak, Hungarian, Romanian, Slovene */
	case 0x15:
	case 0x1B:
	case 0x0E:
	case 0x18:
	case 0x24:
		return 1250;
	case 0x08:
		return 1253;
	case 0x1F:
		return 1254;
	case 0x0D:
		return 1255;
	case 0x01:
	case 0x29:
		return 1256;
	case 0x25:
	case 0x26:
	case 0x27:
		return 1257;
	case 0x2A:
		return 1258;
	default:
		return 0;
	}
}

struct census { /* of bytes above 0x7F */
	size_t high, kana, double_bytes, bad_double, runs_of_three;
};

/* Shift_JIS lead and trail bytes; kana tell Japanese from chance. */
static void
count_japanese(struct census *census, struct bytes b)
{
	for (size_t i = 0; i < b.n; i++) {
		uint8_t lead = b.p[i], trail;

		if (lead < 0x80 || (lead >= 0xA1 && lead <= 0xDF))
			continue;
		trail = i + 1 < b.n ? b.p[i + 1] : 0;
		i++;
		census->double_bytes++;
		if (trail < 0x40 || trail == 0x7F || trail > 0xFC)
			census->bad_double++;
		else if ((lead == 0x82 && trail >= 0x9F) ||
			 (lead == 0x83 && trail <= 0x96))
			census->kana++;
	}
}

static void
count_runs(struct census *census, struct bytes b)
{
	size_t run = 0;

	for (size_t i = 0; i < b.n; i++) {
		run = b.p[i] >= 0xC0 ? run + 1 : 0;
		census->runs_of_three += run == 3;
		census->high += b.p[i] >= 0x80;
	}
}

/* What the 8-bit texts of the bag look like. */
static uint32_t
guess(const struct mapi_bag *bag)
{
	struct census census = { 0 };
	bool utf8 = true;

	for (size_t i = 0; i < bag->count; i++) {
		const struct mapi_property *property = &bag->list[i];

		if (property->type != MAPI_STRING8)
			continue;
		utf8 = utf8 && text_is_utf8(property->value);
		count_japanese(&census, property->value);
		count_runs(&census, property->value);
	}
	if (census.high == 0 || utf8)
		return 0;
	if (census.double_bytes > 0 && census.bad_double == 0 &&
	    census.kana * 4 >= census.double_bytes)
		return 932;
	if (census.runs_of_three * 6 >= census.high)
		return 1251;
	return 1252;
}

/* 1200 stands for "the strings are Unicode", and 8-bit ones are then UTF-8. */
static uint32_t
usable(int64_t codepage)
{
	if (codepage == 1200 || codepage == 1201)
		return 65001;
	return codepage > 0 && codepage < 65536 && codepage != 20127
		   ? (uint32_t)codepage
		   : 0;
}

struct mapi_text
mapi_text_for(struct arena *arena, const struct mapi_message *message)
{
	struct mapi_text text = { .arena = arena };
	const struct mapi_bag *bag = &message->bag;

	text.codepage = usable(mapi_number(bag, PR_MESSAGE_CODEPAGE, 0));
	if (text.codepage == 0)
		text.codepage = mapi_windows_codepage(
		    usable(mapi_number(bag, PR_INTERNET_CPID, 0)));
	if (text.codepage == 0)
		text.codepage = codepage_of_locale((uint32_t)mapi_number(bag,
		    PR_MESSAGE_LOCALE_ID, 0));
	if (text.codepage == 0)
		text.codepage = usable(message->codepage);
	if (text.codepage == 0) {
		text.codepage = guess(bag);
		text.guessed = text.codepage != 0;
	}
	return text;
}
