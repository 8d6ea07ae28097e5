#include "parsers/documents/pdf_names.h"

#include <stdlib.h>
#include <string.h>

static const uint16_t win_ansi_80[32] = {
	0x20AC, 0x2022, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x2022, 0x017D, 0x2022,
	0x2022, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
	0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x2022, 0x017E, 0x0178,
};

static const uint16_t mac_roman_80[128] = {
	0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1,
	0x00E0, 0x00E2, 0x00E4, 0x00E3, 0x00E5, 0x00E7, 0x00E9, 0x00E8,
	0x00EA, 0x00EB, 0x00ED, 0x00EC, 0x00EE, 0x00EF, 0x00F1, 0x00F3,
	0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9, 0x00FB, 0x00FC,
	0x2020, 0x00B0, 0x00A2, 0x00A3, 0x00A7, 0x2022, 0x00B6, 0x00DF,
	0x00AE, 0x00A9, 0x2122, 0x00B4, 0x00A8, 0x2260, 0x00C6, 0x00D8,
	0x221E, 0x00B1, 0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202, 0x2211,
	0x220F, 0x03C0, 0x222B, 0x00AA, 0x00BA, 0x03A9, 0x00E6, 0x00F8,
	0x00BF, 0x00A1, 0x00AC, 0x221A, 0x0192, 0x2248, 0x2206, 0x00AB,
	0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3, 0x00D5, 0x0152, 0x0153,
	0x2013, 0x2014, 0x201C, 0x201D, 0x2018, 0x2019, 0x00F7, 0x25CA,
	0x00FF, 0x0178, 0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02,
	0x2021, 0x00B7, 0x201A, 0x201E, 0x2030, 0x00C2, 0x00CA, 0x00C1,
	0x00CB, 0x00C8, 0x00CD, 0x00CE, 0x00CF, 0x00CC, 0x00D3, 0x00D4,
	0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC,
	0x00AF, 0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7,
};

/* In byte order of name. */
static const struct glyph_name {
	const char *name;
	uint16_t code;
} glyph_names[] = {
	{ "AE", 0x00C6 }, { "Aacute", 0x00C1 }, { "Abreve", 0x0102 },
	{ "Acircumflex", 0x00C2 }, { "Adieresis", 0x00C4 },
	{ "Agrave", 0x00C0 }, { "Amacron", 0x0100 }, { "Aogonek", 0x0104 },
	{ "Aring", 0x00C5 }, { "Atilde", 0x00C3 }, { "Cacute", 0x0106 },
	{ "Ccaron", 0x010C }, { "Ccedilla", 0x00C7 },
	{ "Ccircumflex", 0x0108 }, { "Cdotaccent", 0x010A },
	{ "Dcaron", 0x010E }, { "Eacute", 0x00C9 }, { "Ebreve", 0x0114 },
	{ "Ecaron", 0x011A }, { "Ecircumflex", 0x00CA },
	{ "Edieresis", 0x00CB }, { "Edotaccent", 0x0116 },
	{ "Egrave", 0x00C8 }, { "Emacron", 0x0112 }, { "Eogonek", 0x0118 },
	{ "Eth", 0x00D0 }, { "Euro", 0x20AC }, { "Gbreve", 0x011E },
	{ "Gcedilla", 0x0122 }, { "Gcircumflex", 0x011C },
	{ "Gdotaccent", 0x0120 }, { "Hcircumflex", 0x0124 },
	{ "Iacute", 0x00CD }, { "Ibreve", 0x012C }, { "Icircumflex", 0x00CE },
	{ "Idieresis", 0x00CF }, { "Idotaccent", 0x0130 },
	{ "Igrave", 0x00CC }, { "Imacron", 0x012A }, { "Iogonek", 0x012E },
	{ "Itilde", 0x0128 }, { "Jcircumflex", 0x0134 },
	{ "Kcedilla", 0x0136 }, { "Lacute", 0x0139 }, { "Lcaron", 0x013D },
	{ "Lcedilla", 0x013B }, { "Lslash", 0x0141 }, { "Nacute", 0x0143 },
	{ "Ncaron", 0x0147 }, { "Ncedilla", 0x0145 }, { "Ntilde", 0x00D1 },
	{ "OE", 0x0152 }, { "Oacute", 0x00D3 }, { "Obreve", 0x014E },
	{ "Ocircumflex", 0x00D4 }, { "Odieresis", 0x00D6 },
	{ "Ograve", 0x00D2 }, { "Ohungarumlaut", 0x0150 },
	{ "Omacron", 0x014C }, { "Oslash", 0x00D8 }, { "Otilde", 0x00D5 },
	{ "Racute", 0x0154 }, { "Rcaron", 0x0158 }, { "Rcedilla", 0x0156 },
	{ "Sacute", 0x015A }, { "Scaron", 0x0160 }, { "Scedilla", 0x015E },
	{ "Scircumflex", 0x015C }, { "Tcaron", 0x0164 },
	{ "Tcedilla", 0x0162 }, { "Thorn", 0x00DE }, { "Uacute", 0x00DA },
	{ "Ubreve", 0x016C }, { "Ucircumflex", 0x00DB },
	{ "Udieresis", 0x00DC }, { "Ugrave", 0x00D9 },
	{ "Uhungarumlaut", 0x0170 }, { "Umacron", 0x016A },
	{ "Uogonek", 0x0172 }, { "Uring", 0x016E }, { "Utilde", 0x0168 },
	{ "Wcircumflex", 0x0174 }, { "Yacute", 0x00DD },
	{ "Ycircumflex", 0x0176 }, { "Ydieresis", 0x0178 },
	{ "Zacute", 0x0179 }, { "Zcaron", 0x017D }, { "Zdotaccent", 0x017B },
	{ "aacute", 0x00E1 }, { "abreve", 0x0103 }, { "acircumflex", 0x00E2 },
	{ "acute", 0x00B4 }, { "adieresis", 0x00E4 }, { "ae", 0x00E6 },
	{ "agrave", 0x00E0 }, { "amacron", 0x0101 }, { "ampersand", 0x0026 },
	{ "aogonek", 0x0105 }, { "aring", 0x00E5 }, { "asciicircum", 0x005E },
	{ "asciitilde", 0x007E }, { "asterisk", 0x002A }, { "at", 0x0040 },
	{ "atilde", 0x00E3 }, { "backslash", 0x005C }, { "bar", 0x007C },
	{ "braceleft", 0x007B }, { "braceright", 0x007D },
	{ "bracketleft", 0x005B }, { "bracketright", 0x005D },
	{ "brokenbar", 0x00A6 }, { "bullet", 0x2022 }, { "cacute", 0x0107 },
	{ "ccaron", 0x010D }, { "ccedilla", 0x00E7 },
	{ "ccircumflex", 0x0109 }, { "cdotaccent", 0x010B },
	{ "cedilla", 0x00B8 }, { "cent", 0x00A2 }, { "circumflex", 0x02C6 },
	{ "colon", 0x003A }, { "comma", 0x002C }, { "copyright", 0x00A9 },
	{ "currency", 0x00A4 }, { "dagger", 0x2020 }, { "daggerdbl", 0x2021 },
	{ "dcaron", 0x010F }, { "degree", 0x00B0 }, { "dieresis", 0x00A8 },
	{ "divide", 0x00F7 }, { "dollar", 0x0024 }, { "dotlessi", 0x0131 },
	{ "eacute", 0x00E9 }, { "ebreve", 0x0115 }, { "ecaron", 0x011B },
	{ "ecircumflex", 0x00EA }, { "edieresis", 0x00EB },
	{ "edotaccent", 0x0117 }, { "egrave", 0x00E8 }, { "eight", 0x0038 },
	{ "ellipsis", 0x2026 }, { "emacron", 0x0113 }, { "emdash", 0x2014 },
	{ "endash", 0x2013 }, { "eogonek", 0x0119 }, { "equal", 0x003D },
	{ "eth", 0x00F0 }, { "exclam", 0x0021 }, { "exclamdown", 0x00A1 },
	{ "ff", 0xFB00 }, { "ffi", 0xFB03 }, { "ffl", 0xFB04 },
	{ "fi", 0xFB01 }, { "five", 0x0035 }, { "fl", 0xFB02 },
	{ "florin", 0x0192 }, { "four", 0x0034 }, { "fraction", 0x2044 },
	{ "gbreve", 0x011F }, { "gcedilla", 0x0123 },
	{ "gcircumflex", 0x011D }, { "gdotaccent", 0x0121 },
	{ "germandbls", 0x00DF }, { "grave", 0x0060 }, { "greater", 0x003E },
	{ "guillemotleft", 0x00AB }, { "guillemotright", 0x00BB },
	{ "guilsinglleft", 0x2039 }, { "guilsinglright", 0x203A },
	{ "hcircumflex", 0x0125 }, { "hyphen", 0x002D }, { "iacute", 0x00ED },
	{ "ibreve", 0x012D }, { "icircumflex", 0x00EE },
	{ "idieresis", 0x00EF }, { "igrave", 0x00EC }, { "imacron", 0x012B },
	{ "iogonek", 0x012F }, { "itilde", 0x0129 }, { "jcircumflex", 0x0135 },
	{ "kcedilla", 0x0137 }, { "lacute", 0x013A }, { "lcaron", 0x013E },
	{ "lcedilla", 0x013C }, { "less", 0x003C }, { "logicalnot", 0x00AC },
	{ "lslash", 0x0142 }, { "macron", 0x00AF }, { "minus", 0x2212 },
	{ "mu", 0x00B5 }, { "multiply", 0x00D7 }, { "nacute", 0x0144 },
	{ "nbspace", 0x00A0 }, { "ncaron", 0x0148 }, { "ncedilla", 0x0146 },
	{ "nine", 0x0039 }, { "ntilde", 0x00F1 }, { "numbersign", 0x0023 },
	{ "oacute", 0x00F3 }, { "obreve", 0x014F }, { "ocircumflex", 0x00F4 },
	{ "odieresis", 0x00F6 }, { "oe", 0x0153 }, { "ograve", 0x00F2 },
	{ "ohungarumlaut", 0x0151 }, { "omacron", 0x014D }, { "one", 0x0031 },
	{ "onehalf", 0x00BD }, { "onequarter", 0x00BC },
	{ "onesuperior", 0x00B9 }, { "ordfeminine", 0x00AA },
	{ "ordmasculine", 0x00BA }, { "oslash", 0x00F8 }, { "otilde", 0x00F5 },
	{ "paragraph", 0x00B6 }, { "parenleft", 0x0028 },
	{ "parenright", 0x0029 }, { "percent", 0x0025 }, { "period", 0x002E },
	{ "periodcentered", 0x00B7 }, { "perthousand", 0x2030 },
	{ "plus", 0x002B }, { "plusminus", 0x00B1 }, { "question", 0x003F },
	{ "questiondown", 0x00BF }, { "quotedbl", 0x0022 },
	{ "quotedblbase", 0x201E }, { "quotedblleft", 0x201C },
	{ "quotedblright", 0x201D }, { "quoteleft", 0x2018 },
	{ "quoteright", 0x2019 }, { "quotesinglbase", 0x201A },
	{ "quotesingle", 0x0027 }, { "racute", 0x0155 }, { "rcaron", 0x0159 },
	{ "rcedilla", 0x0157 }, { "registered", 0x00AE }, { "sacute", 0x015B },
	{ "scaron", 0x0161 }, { "scedilla", 0x015F },
	{ "scircumflex", 0x015D }, { "section", 0x00A7 },
	{ "semicolon", 0x003B }, { "seven", 0x0037 }, { "sfthyphen", 0x00AD },
	{ "six", 0x0036 }, { "slash", 0x002F }, { "space", 0x0020 },
	{ "sterling", 0x00A3 }, { "tcaron", 0x0165 }, { "tcedilla", 0x0163 },
	{ "thorn", 0x00FE }, { "three", 0x0033 }, { "threequarters", 0x00BE },
	{ "threesuperior", 0x00B3 }, { "tilde", 0x02DC },
	{ "trademark", 0x2122 }, { "two", 0x0032 }, { "twosuperior", 0x00B2 },
	{ "uacute", 0x00FA }, { "ubreve", 0x016D }, { "ucircumflex", 0x00FB },
	{ "udieresis", 0x00FC }, { "ugrave", 0x00F9 },
	{ "uhungarumlaut", 0x0171 }, { "umacron", 0x016B },
	{ "underscore", 0x005F }, { "uogonek", 0x0173 }, { "uring", 0x016F },
	{ "utilde", 0x0169 }, { "wcircumflex", 0x0175 }, { "yacute", 0x00FD },
	{ "ycircumflex", 0x0177 }, { "ydieresis", 0x00FF }, { "yen", 0x00A5 },
	{ "zacute", 0x017A }, { "zcaron", 0x017E }, { "zdotaccent", 0x017C },
	{ "zero", 0x0030 },
};

uint32_t
pdf_code_win_ansi(uint8_t code)
{
	return code >= 0x80 && code < 0xA0 ? win_ansi_80[code - 0x80] : code;
}

uint32_t
pdf_code_mac_roman(uint8_t code)
{
	return code >= 0x80 ? mac_roman_80[code - 0x80] : code;
}

static int
compare_names(const void *key, const void *entry)
{
	return strcmp(key, ((const struct glyph_name *)entry)->name);
}

static uint32_t
hexadecimal(const char *digits, size_t least, size_t most)
{
	char *end;
	unsigned long code = strtoul(digits, &end, 16);
	size_t n = (size_t)(end - digits);

	return n >= least && n <= most && code < 0x110000 &&
		       (*end == '\0' || n == 4)
		   ? (uint32_t)code
		   : 0;
}

uint32_t
pdf_glyph_unicode(const char *name)
{
	char bare[32];
	size_t n = strcspn(name, "._");
	const struct glyph_name *found;

	if (n == 0 || n >= sizeof bare)
		return 0;
	memcpy(bare, name, n);
	bare[n] = '\0';
	if (n == 1)
		return (uint8_t)bare[0];
	found = bsearch(bare, glyph_names,
	    sizeof glyph_names / sizeof glyph_names[0], sizeof glyph_names[0],
	    compare_names);
	if (found != NULL)
		return found->code;
	if (strncmp(bare, "uni", 3) == 0)
		return hexadecimal(bare + 3, 4, 4);
	if (bare[0] == 'u')
		return hexadecimal(bare + 1, 4, 6);
	return 0;
}
