#include "parsers/documents/html_entities.h"

#include "parsers/base/text.h"

static const struct {
	const char *name;
	uint32_t code;
} names[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' },
	{ "apos", '\'' }, { "nbsp", 0xa0 }, { "copy", 0xa9 }, { "reg", 0xae },
	{ "trade", 0x2122 }, { "hellip", 0x2026 }, { "mdash", 0x2014 },
	{ "ndash", 0x2013 }, { "lsquo", 0x2018 }, { "rsquo", 0x2019 },
	{ "ldquo", 0x201c }, { "rdquo", 0x201d }, { "bull", 0x2022 },
	{ "middot", 0xb7 }, { "euro", 0x20ac }, { "pound", 0xa3 },
	{ "yen", 0xa5 }, { "cent", 0xa2 }, { "sect", 0xa7 }, { "deg", 0xb0 },
	{ "laquo", 0xab }, { "raquo", 0xbb }, { "shy", 0xad },
	{ "zwnj", 0x200c }, { "zwj", 0x200d }, { "ensp", 0x2002 },
	{ "emsp", 0x2003 }, { "thinsp", 0x2009 }, { "auml", 0xe4 },
	{ "ouml", 0xf6 }, { "uuml", 0xfc }, { "Auml", 0xc4 }, { "Ouml", 0xd6 },
	{ "Uuml", 0xdc }, { "szlig", 0xdf }, { "eacute", 0xe9 },
	{ "egrave", 0xe8 }, { "ecirc", 0xea }, { "euml", 0xeb },
	{ "aacute", 0xe1 }, { "agrave", 0xe0 }, { "acirc", 0xe2 },
	{ "atilde", 0xe3 }, { "aring", 0xe5 }, { "aelig", 0xe6 },
	{ "ccedil", 0xe7 }, { "iacute", 0xed }, { "igrave", 0xec },
	{ "icirc", 0xee }, { "iuml", 0xef }, { "ntilde", 0xf1 },
	{ "oacute", 0xf3 }, { "ograve", 0xf2 }, { "ocirc", 0xf4 },
	{ "otilde", 0xf5 }, { "oslash", 0xf8 }, { "uacute", 0xfa },
	{ "ugrave", 0xf9 }, { "ucirc", 0xfb }, { "yacute", 0xfd },
	{ "Eacute", 0xc9 }, { "Egrave", 0xc8 }, { "Aacute", 0xc1 },
	{ "Agrave", 0xc0 }, { "Ccedil", 0xc7 }, { "Ntilde", 0xd1 },
	{ "Oslash", 0xd8 }, { "Aring", 0xc5 }, { "AElig", 0xc6 },
	{ "commat", '@' }, { "num", '#' }, { "period", '.' },
	{ "comma", ',' }, { "colon", ':' }, { "hyphen", 0x2010 },
	{ "lpar", '(' }, { "rpar", ')' }, { "sol", '/' }, { "plus", '+' },
	{ "equals", '=' }, { "lowbar", '_' } };

static uint32_t
numeric(struct bytes digits, bool hex)
{
	uint32_t value = 0;

	for (size_t i = 0; i < digits.n; i++) {
		uint8_t c = byte_lower(digits.p[i]);
		uint32_t digit = c <= '9' ? (uint32_t)(c - '0')
					  : (uint32_t)(c - 'a' + 10);

		if (c < '0' || (c > '9' && (!hex || c < 'a' || c > 'f')) ||
		    value > 0x110000)
			return 0;
		value = value * (hex ? 16 : 10) + digit;
	}
	return value;
}

size_t
html_entity(struct bytes in, uint8_t out[8], size_t *used)
{
	size_t end = 1;
	struct bytes name;
	uint32_t code = 0;

	while (end < in.n && end < 12 && in.p[end] != ';' &&
	       in.p[end] != '&' && in.p[end] != ' ')
		end++;
	if (end >= in.n || in.p[end] != ';' || end < 2)
		return 0;
	name = bytes_slice(in, 1, end);
	if (name.p[0] == '#')
		code = name.n > 1 && byte_lower(name.p[1]) == 'x'
			   ? numeric(bytes_skip(name, 2), true)
			   : numeric(bytes_skip(name, 1), false);
	for (size_t i = 0;
	     code == 0 && i < sizeof names / sizeof names[0]; i++)
		if (bytes_eq(name, bytes_cstr(names[i].name)))
			code = names[i].code;
	if (code == 0)
		return 0;
	*used = end + 1;
	return text_encode(code, out);
}
