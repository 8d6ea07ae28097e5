/* Charsets by name and by guess, UTF-8, NFC, folding, escapes. */
#include "tests/support_check.h"

#include "parsers/base/text.h"

static struct arena arena;
static enum text_quality quality;

#define decode(charset, in)                                                    \
	text_to_utf8(&arena, BYTES_LIT(charset), BYTES_LIT(in), &quality)

static void
test_by_name(void **state)
{
	(void)state;
	assert_text(decode("iso-8859-1", "M\xfcller"), "M\u00fcller");
	assert_int_equal(quality, TEXT_CLEAN);
	assert_text(decode("Windows-1252", "\x80 \x93x\x94"),
	    "\u20ac \u201cx\u201d");
	assert_text(decode("ISO-2022-JP", "\x1b$B$\"\x1b(B!"), "\u3042!");
	assert_text(decode("GB18030", "\xc4\xe3\x81\x30\x81\x30"),
	    "\u4f60\xc2\x80");
	assert_text(decode("gb2312", "\xc4\xe3"), "\u4f60");
	assert_text(decode("hz-gb-2312", "~{Dc~} ~~x"), "\u4f60 ~x");
	assert_text(decode("Shift_JIS", "\x82\xa0"), "\u3042");
	assert_text(decode("EUC-JP", "\xa4\xa2"), "\u3042");
	assert_text(decode("ks_c_5601-1987", "\xb0\xa1"), "\uac00");
	assert_text(decode("Big5", "\xa4\xa4"), "\u4e2d");
	assert_text(decode("koi8-r", "\xf0"), "\u041f");
	assert_text(decode("cp1251", "\xcf"), "\u041f");
	assert_text(decode("utf-7", "Hi +AOk-"), "Hi \u00e9");
	assert_text(decode("utf-16le", "A\0\xe9\0"), "A\u00e9");
	assert_text(decode("utf-8", "\xc3\xa9"), "\u00e9");
	assert_int_equal(quality, TEXT_CLEAN);
}

static void
test_broken_names(void **state)
{
	(void)state;
	assert_text(decode("\"iso-8859-1\"", "\xe9"), "\u00e9");
	assert_int_equal(quality, TEXT_CLEAN);
	assert_text(decode("charset=koi8-r", "\xf0"), "\u041f");
	assert_text(decode("us-ascii</field>", "x"), "x");
	assert_int_equal(quality, TEXT_CLEAN);
	assert_text(decode(" utf-8; format=flowed", "\xc3\xa9"), "\u00e9");
	assert_int_equal(quality, TEXT_CLEAN);
}

static void
test_guesses(void **state)
{
	(void)state;
	/* Valid UTF-8 without a name is no guess worth a flag. */
	assert_text(decode("", "\xc3\xa9"), "\u00e9");
	assert_int_equal(quality, TEXT_CLEAN);
	assert_text(decode("us-ascii", "caf\xe9"), "caf\u00e9");
	assert_int_equal(quality, TEXT_GUESSED);
	assert_text(decode("", "\x1b$B$\"\x1b(B"), "\u3042");
	assert_int_equal(quality, TEXT_GUESSED);
	/* A currency sign in ASCII is no escape. */
	assert_text(decode("", "a $B b"), "a $B b");
	assert_int_equal(quality, TEXT_CLEAN);
	/* Called UTF-8, and not one valid sequence: it is none. */
	assert_text(decode("utf-8", "caf\xe9 \xe8"), "caf\u00e9 \u00e8");
	assert_int_equal(quality, TEXT_GUESSED);
	/* Called UTF-8, and mostly so: the bad byte is shown as bad. */
	assert_text(decode("utf-8", "\xc3\xa9 \xe8"), "\u00e9 \ufffd");
	assert_int_equal(quality, TEXT_LOSSY);
	/* Latin-1 with C1 bytes is windows-1252. */
	assert_text(decode("iso-8859-1", "\x93q\x94"), "\u201cq\u201d");
	assert_int_equal(quality, TEXT_CLEAN);
	assert_text(decode("x-martian", "caf\xe9"), "caf\u00e9");
	assert_int_equal(quality, TEXT_UNKNOWN);
	assert_text(decode("x-martian", "cafe"), "cafe");
	assert_int_equal(quality, TEXT_GUESSED);
	assert_text(decode("unknown-8bit", "cafe"), "cafe");
	assert_int_equal(quality, TEXT_CLEAN);
}

static void
test_marks_win(void **state)
{
	(void)state;
	assert_text(decode("iso-8859-1", "\xef\xbb\xbf\xc3\xa9"), "\u00e9");
	assert_text(decode("", "\xff\xfe" "A\0\xe9\0"), "A\u00e9");
	assert_text(decode("", "\xfe\xff\0A\0\xe9"), "A\u00e9");
}

static void
test_lossy(void **state)
{
	(void)state;
	assert_text(decode("koi8-r", "ok"), "ok");
	assert_text(decode("Shift_JIS", "a\x82"), "a\ufffd");
	assert_int_equal(quality, TEXT_LOSSY);
	assert_text(decode("windows-1252", "\x81"), "\ufffd");
	assert_int_equal(quality, TEXT_LOSSY);
	assert_text(decode("utf-16le", "A"), "\ufffd");
}

static void
test_codepages(void **state)
{
	(void)state;
	assert_text(text_from_codepage(&arena, 932, BYTES_LIT("\x82\xa0"),
	    &quality), "\u3042");
	assert_text(text_from_codepage(&arena, 1252, BYTES_LIT("\xe9"),
	    &quality), "\u00e9");
	assert_text(text_from_codepage(&arena, 99999, BYTES_LIT("\xe9"),
	    &quality), "\u00e9");
	assert_int_equal(quality, TEXT_UNKNOWN);
}

static void
test_markup(void **state)
{
	(void)state;
	assert_text(text_markup_charset(BYTES_LIT(
	    "<html><META http-equiv=x content='text/html; CHARSET=koi8-r'>")),
	    "koi8-r");
	assert_text(text_markup_charset(BYTES_LIT("<meta charset=\"gbk\">")),
	    "gbk");
	assert_text(text_markup_charset(BYTES_LIT(
	    "<?xml version='1.0' encoding='utf-16'?>")), "utf-16");
	assert_absent(text_markup_charset(BYTES_LIT("<p>charset</p>")));
	assert_absent(text_markup_charset(BYTES_LIT("<p charset=>")));
}

/* RFC 3629: what is no UTF-8. */
static void
test_utf8_validity(void **state)
{
	static const char *const bad[] = { "\x80", "\xc0\xaf", "\xc1\xbf",
		"\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe2\x82",
		"\xff", NULL };

	(void)state;
	for (size_t i = 0; bad[i] != NULL; i++)
		assert_false(text_is_utf8(bytes_cstr(bad[i])));
	assert_true(text_is_utf8(BYTES_LIT("\xf4\x8f\xbf\xbf")));
	assert_true(text_is_utf8(BYTES_LIT("\xed\x9f\xbf\xee\x80\x80")));
	/* A bad byte after long ASCII, and at each place of a word. */
	for (size_t n = 0; n < 40; n++) {
		char text[41];

		memset(text, 'a', sizeof text);
		text[n] = '\xff';
		assert_false(text_is_utf8(bytes_of(text, 41)));
		assert_false(text_is_ascii(bytes_of(text, 41)));
		assert_true(text_is_ascii(bytes_of(text, n)));
	}
	assert_text(text_repair_utf8(&arena, BYTES_LIT("a\xc3(\xff")),
	    "a\ufffd(\ufffd");
}

static void
test_folding(void **state)
{
	(void)state;
	assert_text(text_nfc(&arena, BYTES_LIT("e\xcc\x81")), "\u00e9");
	assert_text(text_fold(&arena, BYTES_LIT("Stra\xc3\x9f" "e")),
	    "strasse");
	assert_text(text_fold_name(&arena, BYTES_LIT("  \xc3\x89lodie \t N")),
	    "elodie n");
	assert_text(text_visible(&arena, BYTES_LIT("a\x1b[0m\xe2\x80\xae")),
	    "a\\x1b[0m\\u202e");
}

static void
decode_all(struct bytes cut)
{
	static const char *const names[] = { "", "utf-8", "iso-2022-jp",
		"gb18030", "shift_jis", "utf-7", "utf-16le", "hz-gb-2312",
		"big5", "windows-1252", "x-none", NULL };

	for (size_t i = 0; names[i] != NULL; i++) {
		struct bytes out = text_to_utf8(&arena, bytes_cstr(names[i]),
		    cut, &quality);

		assert_true(text_is_utf8(out));
	}
	text_markup_charset(cut);
	text_repair_utf8(&arena, cut);
	arena_reset(&arena);
}

static void
test_truncations(void **state)
{
	(void)state;
	every_truncation(BYTES_LIT("\x1b$B$\"$$\x1b(B \x82\xa0\xc4\xe3\xf0\x9f"
				   "\x98\x80 ~{Dc~} +AOk- \xef\xbb\xbf\xff\xfe"
				   "charset=\"x\""), decode_all);
	every_truncation(BYTES_LIT("\xff\xfe" "A\0\x3d\xd8\0\xde"), decode_all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_name),
		cmocka_unit_test(test_broken_names),
		cmocka_unit_test(test_guesses),
		cmocka_unit_test(test_marks_win),
		cmocka_unit_test(test_lossy),
		cmocka_unit_test(test_codepages),
		cmocka_unit_test(test_markup),
		cmocka_unit_test(test_utf8_validity),
		cmocka_unit_test(test_folding),
		cmocka_unit_test(test_truncations),
	};
	int status;

	arena_init(&arena);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return status;
}
