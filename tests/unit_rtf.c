/* Compressed RTF, and the text and HTML inside RTF. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/base/limits.h"
#include "parsers/mapi/rtf.h"

static struct arena arena;

/* [MS-OXRTFCP] 4.1.1, 4.1.2: the published examples. */
static const uint8_t hello[] = { 0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46,
	0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00, 0x72, 0x63, 0x70,
	0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c,
	0x09, 0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80,
	0x0f, 0xa0 };
static const uint8_t crossing[] = { 0x1a, 0, 0, 0, 0x1c, 0, 0, 0, 0x4c, 0x5a,
	0x46, 0x75, 0xe2, 0xd4, 0x4b, 0x51, 0x41, 0x00, 0x04, 0x20, 0x57, 0x58,
	0x59, 0x5a, 0x0d, 0x6e, 0x7d, 0x01, 0x0e, 0xb0 };

#define HELLO_TEXT "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"

static void
assert_text(struct bytes got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void
test_published(void **state)
{
	const char *problem;
	struct bytes out;

	(void)state;
	out = rtf_decompress(&arena, bytes_of(hello, sizeof hello), &problem);
	assert_null(problem);
	assert_text(out, HELLO_TEXT);
	out = rtf_decompress(&arena, bytes_of(crossing, sizeof crossing),
	    &problem);
	assert_null(problem);
	assert_text(out, "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
}

/* A cut stream gives a beginning of the text, and says so. */
static void
test_truncations(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof hello; n++) {
		uint8_t *copy = malloc(n ? n : 1);
		const char *problem;
		struct bytes out;

		assert_non_null(copy);
		memcpy(copy, hello, n);
		out = rtf_decompress(&arena, bytes_of(copy, n), &problem);
		assert_non_null(problem);
		assert_true(out.n <= strlen(HELLO_TEXT));
		if (out.n > 0)
			assert_memory_equal(out.p, HELLO_TEXT, out.n);
		free(copy);
	}
}

static void
test_checksum(void **state)
{
	uint8_t copy[sizeof hello];
	const char *problem;

	(void)state;
	memcpy(copy, hello, sizeof copy);
	copy[20] ^= 1;
	rtf_decompress(&arena, bytes_of(copy, sizeof copy), &problem);
	assert_non_null(strstr(problem, "checksum"));
}

/* The header promises 4 GiB: nothing is allocated for it. */
static void
test_promise(void **state)
{
	uint8_t copy[sizeof hello];
	const char *problem;
	struct bytes out;

	(void)state;
	memcpy(copy, hello, sizeof copy);
	memset(copy + 4, 0xff, 4);
	out = rtf_decompress(&arena, bytes_of(copy, sizeof copy), &problem);
	assert_non_null(problem);
	assert_text(out, HELLO_TEXT);
	assert_true(arena.total < 100000);
}

static void
test_uncompressed(void **state)
{
	static const uint8_t plain[] = "\x12\0\0\0\x06\0\0\0MELA\0\0\0\0{\\rtf}";
	const char *problem;

	(void)state;
	assert_text(rtf_decompress(&arena, bytes_of(plain, 22), &problem),
	    "{\\rtf}");
	assert_null(problem);
}

static void
assert_rtf(const char *rtf, const char *want, const char *complaint)
{
	const char *problem;

	assert_text(rtf_to_text(&arena, bytes_cstr(rtf), &problem), want);
	if (complaint == NULL)
		assert_null(problem);
	else
		assert_non_null(strstr(problem, complaint));
}

static void
test_text(void **state)
{
	(void)state;
	assert_rtf("{\\rtf1\\ansi one\\par two\\tab three\\line four}",
	    "one\ntwo\tthree\nfour", NULL);
	assert_rtf("{\\rtf1\\ansi\\{a\\}\\\\ b\\~c\\emdash d\\'80}",
	    "{a}\\ b\xc2\xa0"
	    "c\xe2\x80\x94"
	    "d\xe2\x82\xac",
	    NULL);
	assert_rtf("{\\rtf1{\\*\\generator X;}{\\info{\\title T}}"
		   "{\\colortbl;\\red0;}{\\pict 0011}text}",
	    "text", NULL);
	assert_rtf("{\\rtf1 a\\bin5 }}}}}b}", "ab", NULL);
	assert_rtf("{\\rtf1 open", "open", "left open");
}

static void
test_unicode(void **state)
{
	(void)state;
	assert_rtf("{\\rtf1\\uc1 \\u8364?x}", "\xe2\x82\xacx", NULL);
	assert_rtf("{\\rtf1\\uc2 \\u8364\\'a2\\'e3x}", "\xe2\x82\xacx", NULL);
	assert_rtf("{\\rtf1\\uc0 \\u-10179\\u-8704 x}",
	    "\xf0\x9f\x98\x80x", NULL);
	assert_rtf("{\\rtf1\\uc0 \\u-10179 x}", "\xef\xbf\xbdx", "U+FFFD");
}

static void
test_fonts(void **state)
{
	(void)state;
	/* Shift_JIS by the font, Cyrillic by another, the page for the rest. */
	assert_rtf("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fcharset0 "
		   "A;}{\\f1\\fcharset128 B;}{\\f2\\fcharset204 C;}}"
		   "\\f1\\'82\\'a0\\'83\\'5c\\f2\\'c4\\'e0\\plain\\'e9}",
	    "\xe3\x81\x82\xe3\x82\xbd\xd0\x94\xd0\xb0\xc3\xa9", NULL);
	/* A bullet of a symbol font is no lead byte. */
	assert_rtf("{\\rtf1\\ansi\\ansicpg950{\\fonttbl{\\f6\\fcharset2 S;}}"
		   "\\f6\\'b7}", "\xc2\xb7", NULL);
	/* The second byte may be a plain character. */
	assert_rtf("{\\rtf1\\ansi\\ansicpg932 \\'83\\\\}", "\xe3\x82\xbd",
	    NULL);
}

static void
test_html(void **state)
{
	static const char rtf[] =
	    "{\\rtf1\\ANSI\\ansicpg1251\\fromhtml1 \\deff0{\\fonttbl {\\f0"
	    "\\fmodern Courier New;}{\\f1\\fcharset161 Arial;}}"
	    "{\\*\\htmltag18 <html>}{\\*\\htmltag50 <p title=\"\\'cf\">}"
	    "\\htmlrtf \\f1 \\htmlrtf0 \\'cf{\\*\\htmltag84 &lt;}\\htmlrtf <"
	    "\\htmlrtf0 \\lquote x\\par{\\*\\mhtmltag64 <no>}"
	    "\\htmlrtf{\\b no}\\htmlrtf0 {\\*\\htmltag58 </p>}"
	    "{\\*\\htmltag27 </html>}}";
	const char *problem;

	(void)state;
	assert_int_equal(rtf_origin(bytes_cstr(rtf)), RTF_FROM_HTML);
	assert_text(rtf_to_html(&arena, bytes_cstr(rtf), &problem),
	    "<html><p title=\"\xd0\x9f\">\xce\x9f&lt;&lsquo;x\r\n"
	    "</p></html>");
	assert_null(problem);
	assert_int_equal(rtf_origin(BYTES_LIT("{\\rtf1\\ansi\\fromtext x}")),
	    RTF_FROM_TEXT);
	assert_int_equal(rtf_origin(BYTES_LIT("{\\rtf1\\ansi x}")),
	    RTF_NATIVE);
}

static void
test_depth(void **state)
{
	static char rtf[2 * LIMIT_RTF_DEPTH + 8];

	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		size_t depth = LIMIT_RTF_DEPTH - 1 + extra;

		memset(rtf, '{', depth);
		rtf[depth] = 'x';
		memset(rtf + depth + 1, '}', depth);
		rtf[2 * depth + 1] = 'y';
		rtf[2 * depth + 2] = 0;
		assert_rtf(rtf, "xy", extra ? "deeper" : NULL);
	}
}

static void
test_font_limit(void **state)
{
	(void)state;
	for (int extra = 0; extra < 2; extra++) {
		char *rtf = malloc(LIMIT_RTF_FONTS * 24 + 200);
		size_t n;

		assert_non_null(rtf);
		n = (size_t)sprintf(rtf, "{\\rtf1{\\fonttbl");
		for (int i = 1; i <= LIMIT_RTF_FONTS + extra; i++)
			n += (size_t)sprintf(rtf + n, "{\\f%d\\fcharset204}",
			    i);
		sprintf(rtf + n, "}\\f%d\\'c4}", LIMIT_RTF_FONTS);
		assert_rtf(rtf, "\xd0\x94", extra ? "more fonts" : NULL);
		free(rtf);
	}
}

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_published),
		TEST(test_truncations), TEST(test_checksum),
		TEST(test_promise), TEST(test_uncompressed), TEST(test_text),
		TEST(test_unicode), TEST(test_fonts), TEST(test_html),
		TEST(test_depth), TEST(test_font_limit) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
