/* Transfer encodings: what decodes, what is damaged, every truncation. */
#include "tests/support_check.h"

#include "parsers/base/encode.h"

static struct arena arena;
static size_t bad;

static void
test_base64(void **state)
{
	(void)state;
	assert_text(base64_decode(&arena, BYTES_LIT("SGVsbG8="), &bad),
	    "Hello");
	assert_text(base64_decode(&arena, BYTES_LIT("SGVs\r\n bG8"), &bad),
	    "Hello");
	assert_int_equal(bad, 0);
	/* Parts that were encoded apart and glued. */
	assert_text(base64_decode(&arena, BYTES_LIT("SGk=SGk="), &bad), "HiHi");
	/* RFC 4648 5. */
	assert_memory_equal(base64_decode(&arena, BYTES_LIT("-_8="), &bad).p,
	    "\xfb\xff", 2);
	assert_text(base64_decode(&arena, BYTES_LIT(""), &bad), "");
}

static void
test_base64_damage(void **state)
{
	struct bytes out;

	(void)state;
	out = base64_decode(&arena, BYTES_LIT("SG!Vs\x80" "bG8="), &bad);
	assert_text(out, "Hello");
	assert_int_equal(bad, 2);
	/* Six bits left over are no byte. */
	assert_text(base64_decode(&arena, BYTES_LIT("SGVsbG9h\nQ"), &bad),
	    "Helloa");
	assert_text(base64_decode(&arena, BYTES_LIT("===="), &bad), "");
}

/* Every length around the eight that a fast path would take at once. */
static void
test_base64_lengths(void **state)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t plain[300];
	char coded[500];

	(void)state;
	for (size_t i = 0; i < sizeof plain; i++)
		plain[i] = (uint8_t)(i * 7 + 3);
	for (size_t n = 0; n <= sizeof plain; n++) {
		size_t c = 0;

		for (size_t i = 0; i < n; i += 3) {
			uint32_t v = (uint32_t)plain[i] << 16;

			v |= i + 1 < n ? (uint32_t)plain[i + 1] << 8 : 0;
			v |= i + 2 < n ? plain[i + 2] : 0;
			coded[c++] = digits[v >> 18];
			coded[c++] = digits[v >> 12 & 63];
			coded[c++] = i + 1 < n ? digits[v >> 6 & 63] : '=';
			coded[c++] = i + 2 < n ? digits[v & 63] : '=';
			if (c % 77 == 76)
				coded[c++] = '\n';
		}
		struct bytes in = exact_copy(bytes_of(coded, c));
		struct bytes out = base64_decode(&arena, in, &bad);

		assert_int_equal(out.n, n);
		assert_memory_equal(out.p, plain, n);
		assert_int_equal(bad, 0);
		exact_free(in);
	}
}

static void
test_quoted_printable(void **state)
{
	(void)state;
	assert_text(quoted_printable_decode(&arena,
	    BYTES_LIT("a=3Db=\r\nc =20\r\nd \t \r\ne"), &bad),
	    "a=bc  \r\nd\r\ne");
	assert_int_equal(bad, 0);
	assert_text(quoted_printable_decode(&arena, BYTES_LIT("x=e9=C9"),
	    &bad), "x\xe9\xc9");
	/* A soft break with white space after the sign, and at the end. */
	assert_text(quoted_printable_decode(&arena, BYTES_LIT("a= \t\nb="),
	    &bad), "ab");
	assert_int_equal(bad, 0);
}

static void
test_quoted_printable_damage(void **state)
{
	(void)state;
	assert_text(quoted_printable_decode(&arena, BYTES_LIT("1=2 =ZZ=4"),
	    &bad), "1=2 =ZZ=4");
	assert_int_equal(bad, 3);
	assert_text(q_word_decode(&arena, BYTES_LIT("a_b=5Fc"), &bad),
	    "a b_c");
}

static void
test_uuencode(void **state)
{
	(void)state;
	assert_text(uudecode(&arena, BYTES_LIT(
	    "text\nbegin 644 cat.txt\n#0V%T\n`\nend\n"), &bad), "Cat");
	assert_int_equal(bad, 0);
	assert_text(uudecode(&arena, BYTES_LIT(
	    "begin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n"), &bad), "Cat");
	assert_int_equal(bad, 0);
	/* No end: what is there, and one bad. */
	assert_text(uudecode(&arena, BYTES_LIT("begin 644 x\n#0V%T"), &bad),
	    "Cat");
	assert_int_equal(bad, 1);
	/* No begin: it is something else, left as it stands. */
	assert_text(uudecode(&arena, BYTES_LIT("plain"), &bad), "plain");
	assert_int_equal(bad, 5);
	/* Trailing spaces were trimmed off: they count as zeros. */
	assert_int_equal(uu_lines_decode(&arena, BYTES_LIT("#0V"), &bad).n, 3);
}

static void
test_yenc(void **state)
{
	(void)state;
	/* 'C' + 42 = 'm', 'a' + 42 = 0x8b, 't' + 42 = 0x9e. */
	assert_text(yenc_decode(&arena, BYTES_LIT("m\x8b\x9e\r\n"), &bad),
	    "Cat");
	/* NUL + 42 = '*', and 0x13 + 42 = '=' which is escaped "=}". */
	assert_memory_equal(yenc_decode(&arena, BYTES_LIT("*=}"), &bad).p,
	    "\0\x13", 2);
	assert_int_equal(bad, 0);
	yenc_decode(&arena, BYTES_LIT("m="), &bad);
	assert_int_equal(bad, 1);
	/* A doubled dot at a line's start is one. */
	assert_int_equal(yenc_decode(&arena, BYTES_LIT("m\n..m"), &bad).n, 3);
}

static void
decode_all(struct bytes in)
{
	base64_decode(&arena, in, &bad);
	quoted_printable_decode(&arena, in, &bad);
	q_word_decode(&arena, in, &bad);
	uudecode(&arena, in, &bad);
	uu_lines_decode(&arena, in, &bad);
	yenc_decode(&arena, in, &bad);
	arena_reset(&arena);
}

static void
test_truncations(void **state)
{
	(void)state;
	every_truncation(BYTES_LIT("SGVsbG8gd29ybGQhIFNHVnNiRzhnZDI5eWJHUWg="),
	    decode_all);
	every_truncation(BYTES_LIT("a=3Db= \r\nc =20\r\nd \t\r\n=e=f=\n="),
	    decode_all);
	every_truncation(BYTES_LIT("begin 644 c\r\n#0V%T\r\nM\r\n`\r\nend\r\n"),
	    decode_all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_base64_damage),
		cmocka_unit_test(test_base64_lengths),
		cmocka_unit_test(test_quoted_printable),
		cmocka_unit_test(test_quoted_printable_damage),
		cmocka_unit_test(test_uuencode),
		cmocka_unit_test(test_yenc),
		cmocka_unit_test(test_truncations),
	};
	int status;

	arena_init(&arena);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return status;
}
