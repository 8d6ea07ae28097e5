/* Charsets by iconv, every converter opened before confinement. */
#include <errno.h>
#include <iconv.h>
#include <stdio.h>

#include "parsers/base/text.h"

struct charset {
	const char *name; /* iconv's */
	uint32_t codepage;
	const char *aliases; /* lower case, space-separated */
	iconv_t handle;
	bool opened;
};

static struct charset charsets[] = {
	{ "UTF-8", 65001, "utf8 unicode-1-1-utf-8 utf-8-mac x-utf-8", 0, 0 },
	{ "WINDOWS-1252", 1252, "cp1252 x-ansi ansi windows1252", 0, 0 },
	{ "ISO-8859-1", 28591, "latin1 iso8859-1 iso_8859-1 l1 8859-1", 0, 0 },
	{ "ISO-2022-JP", 50220, "csiso2022jp iso-2022-jp-1 iso-2022-jp-2", 0,
	    0 },
	{ "GB18030", 54936, "gb-18030", 0, 0 },
	{ "UTF-16LE", 1200, "unicode unicodelittle", 0, 0 },
	{ "UTF-16BE", 1201, "unicodefffe", 0, 0 },
	{ "UTF-32LE", 12000, "utf-32 utf32", 0, 0 },
	{ "UTF-32BE", 12001, "", 0, 0 },
	{ "ISO-8859-2", 28592, "latin2 iso8859-2 iso_8859-2", 0, 0 },
	{ "ISO-8859-3", 28593, "iso8859-3", 0, 0 },
	{ "ISO-8859-4", 28594, "iso8859-4", 0, 0 },
	{ "ISO-8859-5", 28595, "iso8859-5", 0, 0 },
	{ "ISO-8859-6", 28596, "iso8859-6 iso-8859-6-i", 0, 0 },
	{ "ISO-8859-7", 28597, "iso8859-7", 0, 0 },
	{ "ISO-8859-8", 28598, "iso8859-8 iso-8859-8-i visual", 0, 0 },
	{ "ISO-8859-9", 28599, "iso8859-9 latin5", 0, 0 },
	{ "ISO-8859-10", 28600, "iso8859-10", 0, 0 },
	{ "ISO-8859-13", 28603, "iso8859-13", 0, 0 },
	{ "ISO-8859-14", 28604, "iso8859-14", 0, 0 },
	{ "ISO-8859-15", 28605, "iso8859-15 latin9 latin-9", 0, 0 },
	{ "ISO-8859-16", 28606, "iso8859-16", 0, 0 },
	{ "WINDOWS-1250", 1250, "cp1250", 0, 0 },
	{ "WINDOWS-1251", 1251, "cp1251", 0, 0 },
	{ "WINDOWS-1253", 1253, "cp1253", 0, 0 },
	{ "WINDOWS-1254", 1254, "cp1254", 0, 0 },
	{ "WINDOWS-1255", 1255, "cp1255", 0, 0 },
	{ "WINDOWS-1256", 1256, "cp1256", 0, 0 },
	{ "WINDOWS-1257", 1257, "cp1257", 0, 0 },
	{ "WINDOWS-1258", 1258, "cp1258", 0, 0 },
	{ "CP874", 874, "windows-874 tis-620 iso-8859-11", 0, 0 },
	{ "KOI8-R", 20866, "koi8 koi8r", 0, 0 },
	{ "KOI8-U", 21866, "koi8u", 0, 0 },
	{ "CP437", 437, "ibm437", 0, 0 },
	{ "CP850", 850, "ibm850", 0, 0 },
	{ "CP852", 852, "ibm852", 0, 0 },
	{ "CP858", 858, "ibm858", 0, 0 },
	{ "CP866", 866, "ibm866", 0, 0 },
	{ "MACINTOSH", 10000, "x-mac-roman mac", 0, 0 },
	{ "ISO-2022-KR", 50225, "csiso2022kr", 0, 0 },
	{ "ISO-2022-CN", 50227, "", 0, 0 },
	{ "EUC-JP", 51932, "x-euc-jp eucjp", 0, 0 },
	{ "CP932", 932, "shift_jis shift-jis sjis x-sjis ms_kanji windows-31j",
	    0, 0 },
	{ "CP949", 949, "ks_c_5601-1987 euc-kr euckr ksc5601 uhc", 0, 0 },
	{ "GBK", 936, "gb2312 cp936 gb_2312-80 euc-cn", 0, 0 },
	{ "BIG5-HKSCS", 950, "big5 big5hkscs cp950 x-big5", 0, 0 },
	{ "JOHAB", 1361, "", 0, 0 },
	{ "UTF-16", 0, "utf16 ucs-2 csunicode", 0, 0 },
	{ "UTF-7", 65000, "unicode-1-1-utf-7 utf7", 0, 0 },
	{ "VISCII", 0, "csviscii", 0, 0 },
	{ "TCVN", 0, "tcvn-5712", 0, 0 },
};

/* Places in the table above. */
enum { CHARSETS = sizeof charsets / sizeof charsets[0], CHARSET_UTF8 = 0,
	CHARSET_1252 = 1, CHARSET_8859_1 = 2, CHARSET_2022_JP = 3,
	CHARSET_GB18030 = 4, CHARSET_16LE = 5, CHARSET_16BE = 6,
	CHARSET_32LE = 7, CHARSET_32BE = 8 };

void
text_warm_up(void)
{
	for (size_t i = 0; i < CHARSETS; i++) {
		struct charset *c = &charsets[i];
		char in[4] = { 'A', 0, 0, 0 }, out[16], *from = in, *to = out;
		size_t left = 2, room = sizeof out;

		if (c->opened)
			continue;
		c->handle = iconv_open("UTF-8", c->name);
		c->opened = c->handle != (iconv_t)-1;
		/* Some converters load their tables with the first text. */
		if (c->opened)
			iconv(c->handle, &from, &left, &to, &room);
	}
}

static bool
has_alias(const struct charset *c, struct bytes name)
{
	struct bytes rest = bytes_cstr(c->aliases), alias;

	if (bytes_eq_nocase(bytes_cstr(c->name), name))
		return true;
	while (bytes_cut(&rest, ' ', &alias))
		if (bytes_eq_nocase(alias, name))
			return true;
	return false;
}

static struct charset *
charset_named(struct bytes name)
{
	uint64_t codepage = 0;
	size_t digits = 0;

	for (size_t i = 0; i < CHARSETS; i++)
		if (has_alias(&charsets[i], name))
			return &charsets[i];
	/* cp1252, cp-1252, windows-1252, ibm437, 1252 */
	while (digits < name.n && name.p[name.n - 1 - digits] >= '0' &&
	       name.p[name.n - 1 - digits] <= '9')
		digits++;
	if (digits < 3 || !bytes_to_u64(bytes_skip(name, name.n - digits),
	                      &codepage))
		return NULL;
	for (size_t i = 0; i < CHARSETS; i++)
		if (charsets[i].codepage == codepage && codepage != 0)
			return &charsets[i];
	return NULL;
}

static void
add_replacement(char **to, size_t *room)
{
	if (*room < 3)
		return;
	memcpy(*to, "\xef\xbf\xbd", 3);
	*to += 3;
	*room -= 3;
}

/* Convert what converts; each byte that does not becomes U+FFFD. */
static struct bytes
convert(struct arena *arena, struct charset *c, struct bytes in, bool *lossy)
{
	size_t most = in.n * 4 + 16, room = most, left = in.n;
	char *out = (char *)arena_raw(arena, most), *to = out;
	char *from = (char *)(uintptr_t)in.p;

	*lossy = false;
	iconv(c->handle, NULL, NULL, NULL, NULL);
	while (left > 0 &&
	       iconv(c->handle, &from, &left, &to, &room) == (size_t)-1) {
		*lossy = true;
		if (errno == E2BIG || room < 8)
			break;
		add_replacement(&to, &room);
		from++;
		left--;
		iconv(c->handle, NULL, NULL, NULL, NULL);
	}
	return bytes_of(out, (size_t)(to - out));
}

static struct bytes
convert_with(struct arena *arena, struct charset *c, struct bytes in,
    enum text_quality *quality)
{
	bool lossy;
	struct bytes out;

	text_warm_up();
	if (c == &charsets[CHARSET_UTF8] || !c->opened) {
		out = text_repair_utf8(arena, in);
		*quality = out.p == in.p ? TEXT_CLEAN : TEXT_LOSSY;
		return out;
	}
	out = convert(arena, c, in, &lossy);
	*quality = lossy ? TEXT_LOSSY : TEXT_CLEAN;
	return text_repair_utf8(arena, out);
}

/* RFC 1468: the escapes that only ISO-2022-JP has. */
static bool
has_jp_escape(struct bytes in)
{
	size_t at = bytes_find_byte(in, 0x1b);

	if (at == SIZE_MAX) /* most text, and one look is cheap */
		return false;
	at = bytes_find(in, BYTES_LIT("\x1b$"));
	return at != SIZE_MAX && at + 2 < in.n &&
	       (in.p[at + 2] == 'B' || in.p[at + 2] == '@') &&
	       bytes_find(in, BYTES_LIT("\x1b(")) != SIZE_MAX;
}

/* Without a charset: UTF-8 when it is, else what Windows mailers send. */
static struct bytes
guess(struct arena *arena, struct bytes in, enum text_quality *quality)
{
	struct bytes out;

	*quality = TEXT_CLEAN;
	if (text_is_ascii(in) && !has_jp_escape(in))
		return in;
	if (!text_is_ascii(in) && text_is_utf8(in))
		return in;
	out = convert_with(arena, text_is_ascii(in)
		  ? &charsets[CHARSET_2022_JP] : &charsets[CHARSET_1252],
	    in, quality);
	if (*quality == TEXT_CLEAN)
		*quality = TEXT_GUESSED;
	return out;
}

static bool
is_ascii_name(struct bytes name)
{
	static const char *const names[] = { "us-ascii", "ascii",
		"ansi_x3.4-1968", "646", "iso646-us", "unknown-8bit",
		"x-unknown", "unknown", "default", "default_charset", "8bit",
		"7bit", "none", "null", "x-user-defined", "_autodetect",
		NULL };

	for (size_t i = 0; names[i] != NULL; i++)
		if (bytes_eq_nocase(name, bytes_cstr(names[i])))
			return true;
	return false;
}

/* Text in it stays as it is when it is ASCII. */
static bool
keeps_ascii(const struct charset *c)
{
	return bytes_find(bytes_cstr(c->name), BYTES_LIT("2022")) ==
		   SIZE_MAX && bytes_find(bytes_cstr(c->name),
			BYTES_LIT("UTF-")) == SIZE_MAX;
}

static bool
has_c1(struct bytes in)
{
	for (size_t i = 0; i < in.n; i++)
		if (in.p[i] >= 0x80 && in.p[i] < 0xa0)
			return true;
	return false;
}

/* One sequence of several bytes that is UTF-8: the name may be right. */
static bool
has_utf8_sequence(struct bytes in)
{
	for (size_t i = 0; i < in.n; i++) {
		size_t n = in.p[i] >= 0xf0 ? 4 : in.p[i] >= 0xe0 ? 3 : 2;

		if (in.p[i] >= 0xc2 && i + n <= in.n &&
		    text_is_utf8(bytes_slice(in, i, i + n)))
			return true;
	}
	return false;
}

static struct bytes
read_utf8(struct arena *arena, struct bytes in, enum text_quality *quality)
{
	struct bytes out;

	*quality = TEXT_CLEAN;
	if (text_is_utf8(in))
		return in;
	/* Mailers that write UTF-8 on everything and never convert. */
	if (!has_utf8_sequence(in))
		return guess(arena, in, quality);
	out = text_repair_utf8(arena, in);
	*quality = TEXT_LOSSY;
	return out;
}

/* RFC 1843: GB2312 in seven bits between ~{ and ~}. */
static struct bytes
read_hz(struct arena *arena, struct bytes in, enum text_quality *quality)
{
	uint8_t *out = arena_raw(arena, in.n);
	bool wide = false;
	size_t n = 0;

	for (size_t i = 0; i < in.n; i++) {
		uint8_t next = i + 1 < in.n ? in.p[i + 1] : 0;

		if (in.p[i] == '~' && (next == '{' || next == '}')) {
			wide = next == '{';
			i++;
		} else if (in.p[i] == '~' && next == '~' && !wide) {
			out[n++] = in.p[i++];
		} else if (in.p[i] == '~' && next == '\n') {
			i++;
		} else {
			wide &= in.p[i] != '\n';
			out[n++] = wide ? in.p[i] | 0x80 : in.p[i];
		}
	}
	return convert_with(arena, &charsets[CHARSET_GB18030],
	    bytes_of(out, n), quality);
}

/* A byte order mark and the charset it stands for. */
static struct charset *
take_mark(struct bytes *in)
{
	static const struct {
		struct bytes mark;
		unsigned charset;
	} marks[] = {
		{ { (const uint8_t *)"\xef\xbb\xbf", 3 }, CHARSET_UTF8 },
		{ { (const uint8_t *)"\xff\xfe\0\0", 4 }, CHARSET_32LE },
		{ { (const uint8_t *)"\0\0\xfe\xff", 4 }, CHARSET_32BE },
		{ { (const uint8_t *)"\xff\xfe", 2 }, CHARSET_16LE },
		{ { (const uint8_t *)"\xfe\xff", 2 }, CHARSET_16BE },
	};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		if (!bytes_starts(*in, marks[i].mark))
			continue;
		*in = bytes_skip(*in, marks[i].mark.n);
		return &charsets[marks[i].charset];
	}
	return NULL;
}

/* The name without what broken headers leave around it: `"utf-8"; x`,
 * `charset=us-ascii`, `us-ascii</field>`. */
static struct bytes
bare_name(struct bytes name)
{
	size_t n = 0;

	name = bytes_trim(name);
	if (bytes_starts_nocase(name, BYTES_LIT("charset=")))
		name = bytes_trim(bytes_skip(name, 8));
	while (name.n > 0 && (name.p[0] == '"' || name.p[0] == '\''))
		name = bytes_skip(name, 1);
	while (n < name.n && name.p[n] > ' ' && name.p[n] != '"' &&
	       name.p[n] != '\'' && name.p[n] != ';' && name.p[n] != ',' &&
	       name.p[n] != '<' && name.p[n] != '>')
		n++;
	return bytes_slice(name, 0, n);
}

struct bytes
text_to_utf8(struct arena *arena, struct bytes charset, struct bytes in,
    enum text_quality *quality)
{
	struct charset *c = take_mark(&in);
	struct bytes out;

	charset = bare_name(charset);
	if (c != NULL)
		return convert_with(arena, c, in, quality);
	if (charset.n == 0 || is_ascii_name(charset))
		return guess(arena, in, quality);
	if (bytes_eq_nocase(charset, BYTES_LIT("hz-gb-2312")))
		return read_hz(arena, in, quality);
	c = charset_named(charset);
	if (c == NULL) {
		out = guess(arena, in, quality);
		*quality = text_is_ascii(in) ? TEXT_GUESSED : TEXT_UNKNOWN;
		return out;
	}
	if (c == &charsets[CHARSET_UTF8])
		return read_utf8(arena, in, quality);
	*quality = TEXT_CLEAN;
	if (keeps_ascii(c) && text_is_ascii(in))
		return in;
	if (c == &charsets[CHARSET_8859_1] && has_c1(in))
		c = &charsets[CHARSET_1252];
	return convert_with(arena, c, in, quality);
}

struct bytes
text_markup_charset(struct bytes in)
{
	struct bytes head = bytes_slice(in, 0, 1024), rest;
	size_t at = bytes_find_nocase(head, BYTES_LIT("charset=")), n = 0;

	if (at != SIZE_MAX)
		rest = bytes_skip(head, at + 8);
	else if (bytes_starts(bytes_trim(head), BYTES_LIT("<?xml")) &&
		 (at = bytes_find(head, BYTES_LIT("encoding="))) != SIZE_MAX)
		rest = bytes_skip(head, at + 9);
	else
		return BYTES_NONE;
	while (rest.n > 0 && (rest.p[0] == '"' || rest.p[0] == '\'' ||
	                         rest.p[0] == ' '))
		rest = bytes_skip(rest, 1);
	while (n < rest.n && n < 40 && rest.p[n] > ' ' && rest.p[n] != '"' &&
	       rest.p[n] != '\'' && rest.p[n] != '>' && rest.p[n] != ';' &&
	       rest.p[n] != '/' && rest.p[n] != '?')
		n++;
	return n > 0 ? bytes_slice(rest, 0, n) : BYTES_NONE;
}

struct bytes
text_from_codepage(struct arena *arena, uint32_t codepage, struct bytes in,
    enum text_quality *quality)
{
	struct bytes out;

	if (codepage == 0 || codepage == 20127)
		return guess(arena, in, quality);
	for (size_t i = 0; i < CHARSETS; i++)
		if (charsets[i].codepage == codepage)
			return convert_with(arena, &charsets[i], in, quality);
	out = guess(arena, in, quality);
	*quality = TEXT_UNKNOWN;
	return out;
}
