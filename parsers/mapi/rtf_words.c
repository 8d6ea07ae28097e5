#include "parsers/mapi/rtf_words.h"

/* Ascending by name. */
static const struct rtf_word known[] = {
	{ "ansicpg", DO_ANSICPG, 0, 0 },
	{ "bin", DO_BIN, 0, 0 },
	{ "bullet", DO_TEXT, "\xe2\x80\xa2", "&bull;" },
	{ "cell", DO_TEXT, "\t", "" },
	{ "colortbl", DO_SKIP_GROUP, 0, 0 },
	{ "cpg", DO_CPG, 0, 0 },
	{ "deff", DO_DEFAULT_FONT, 0, 0 },
	{ "emdash", DO_TEXT, "\xe2\x80\x94", "&mdash;" },
	{ "emspace", DO_TEXT, " ", "&emsp;" },
	{ "endash", DO_TEXT, "\xe2\x80\x93", "&ndash;" },
	{ "enspace", DO_TEXT, " ", "&ensp;" },
	{ "f", DO_FONT, 0, 0 },
	{ "fcharset", DO_CHARSET, 0, 0 },
	{ "fonttbl", DO_FONTS, 0, 0 },
	{ "htmlrtf", DO_HTMLRTF, 0, 0 },
	{ "htmltag", DO_HTMLTAG, 0, 0 },
	{ "info", DO_SKIP_GROUP, 0, 0 },
	{ "ldblquote", DO_TEXT, "\xe2\x80\x9c", "&ldquo;" },
	{ "line", DO_TEXT, "\n", "\r\n" },
	{ "lquote", DO_TEXT, "\xe2\x80\x98", "&lsquo;" },
	{ "mac", DO_MAC, 0, 0 },
	{ "nonshppict", DO_SKIP_GROUP, 0, 0 },
	{ "objdata", DO_SKIP_GROUP, 0, 0 },
	{ "page", DO_TEXT, "\n", "\r\n" },
	{ "par", DO_TEXT, "\n", "\r\n" },
	{ "pc", DO_PC, 0, 0 },
	{ "pca", DO_PCA, 0, 0 },
	{ "pict", DO_SKIP_GROUP, 0, 0 },
	{ "plain", DO_PLAIN, 0, 0 },
	{ "rdblquote", DO_TEXT, "\xe2\x80\x9d", "&rdquo;" },
	{ "row", DO_TEXT, "\n", "" },
	{ "rquote", DO_TEXT, "\xe2\x80\x99", "&rsquo;" },
	{ "sect", DO_TEXT, "\n", "\r\n" },
	{ "stylesheet", DO_SKIP_GROUP, 0, 0 },
	{ "tab", DO_TEXT, "\t", "\t" },
	{ "u", DO_UNICODE, 0, 0 },
	{ "uc", DO_UC, 0, 0 },
};

const struct rtf_word *
rtf_word_named(struct bytes name)
{
	size_t low = 0, high = sizeof known / sizeof known[0];

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = bytes_compare(bytes_cstr(known[middle].name),
		    name);

		if (order == 0)
			return &known[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

uint32_t
rtf_charset_codepage(int32_t charset)
{
	static const struct {
		int32_t charset;
		uint32_t codepage;
	} list[] = { { 0, 1252 }, { 2, 1252 }, /* symbols: bullets */
		{ 77, 10000 }, { 128, 932 }, { 129, 949 },
		{ 130, 1361 }, { 134, 936 }, { 136, 950 }, { 161, 1253 },
		{ 162, 1254 }, { 163, 1258 }, { 177, 1255 }, { 178, 1256 },
		{ 186, 1257 }, { 204, 1251 }, { 222, 874 }, { 238, 1250 },
		{ 254, 437 }, { 255, 850 } };

	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
		if (list[i].charset == charset)
			return list[i].codepage;
	return 0;
}
