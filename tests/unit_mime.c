/* Parts: borders and broken borders, numbers, encodings, nesting. */
#include "tests/support_check.h"

#include "parsers/base/limits.h"
#include "parsers/mail/mime.h"

static struct arena arena;

static struct mime
walk(struct bytes text)
{
	struct header header = header_parse(&arena, text);

	return mime_walk(&arena, &header, bytes_skip(text, header.body));
}

#define walked(text) walk(BYTES_LIT(text))
#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"

static void
test_without_mime(void **state)
{
	struct mime m = walked("Subject: x\n\nhello\n");

	(void)state;
	assert_int_equal(m.count, 1);
	assert_text(m.list[0].number, "1");
	assert_text(m.list[0].type.type, "text/plain");
	assert_text(m.list[0].raw, "hello\n");
	assert_true(mime_is_body(&m.list[0]));
	assert_int_equal(walked("").count, 1);
	assert_int_equal(walked("A: b").count, 1);
}

static void
test_numbers(void **state)
{
	struct mime m = walked(MIXED
	    "preamble\n--b\n\none\n--b\n"
	    "Content-Type: multipart/alternative; boundary=c\n\n"
	    "--c\n\ntwo\n--c\nContent-Type: text/html\n\n<p>\n--c--\n"
	    "inner tail\n--b\nContent-Type: image/png; name=x.png\n\npng\n"
	    "--b--\nepilogue\n");

	(void)state;
	assert_int_equal(m.count, 4);
	assert_text(m.list[0].number, "1");
	assert_text(m.list[0].raw, "one");
	assert_text(m.list[1].number, "2.1");
	assert_text(m.list[2].number, "2.2");
	assert_text(m.list[2].raw, "<p>");
	assert_text(m.list[3].number, "3");
	assert_text(m.list[3].name, "x.png");
	assert_false(mime_is_body(&m.list[3]));
	assert_int_equal(m.outside_count, 3);
	assert_text(m.outside[0].part, "preamble");
	assert_text(m.outside[1].part, "2.epilogue");
	assert_text(bytes_trim(m.outside[1].text), "inner tail");
	assert_text(m.outside[2].part, "epilogue");
	assert_false(m.guessed || m.no_boundary || m.unclosed);
}

static void
test_borders(void **state)
{
	struct mime m;

	(void)state;
	/* CR LF before a border belongs to it; white space after it too. */
	m = walked("Content-Type: multipart/mixed; boundary=b\r\n\r\n"
		   "--b \t\r\n\r\none\r\n\r\n--b\r\n\r\ntwo\r\n--b--  \r\n");
	assert_int_equal(m.count, 2);
	assert_text(m.list[0].raw, "one\r\n");
	assert_text(m.list[1].raw, "two");
	/* A longer line is none; neither is one inside a line. */
	m = walked(MIXED "--b\n\n--bc\nx --b\n --b\n--b--\n");
	assert_int_equal(m.count, 1);
	assert_text(m.list[0].raw, "--bc\nx --b\n --b");
	/* Empty parts, and two borders in a row. */
	m = walked(MIXED "--b\n--b\n\n\n--b--\n");
	assert_int_equal(m.count, 2);
	assert_text(m.list[0].raw, "");
}

static void
test_unclosed(void **state)
{
	struct mime m = walked(MIXED "--b\n\none\n--b\nContent-Type: text/html"
				     "\n\n<p>two");

	(void)state;
	assert_int_equal(m.count, 2);
	assert_text(m.list[1].raw, "<p>two");
	assert_true(m.unclosed);
	/* The outer border ends an inner multipart that never closes. */
	m = walked(MIXED "--b\nContent-Type: multipart/mixed; boundary=c\n\n"
			 "--c\n\ninner\n--b\n\nouter\n--b--\n");
	assert_int_equal(m.count, 2);
	assert_text(m.list[0].number, "1.1");
	assert_text(m.list[0].raw, "inner");
	assert_text(m.list[1].raw, "outer");
	/* After the last border nothing is a part. */
	m = walked(MIXED "--b\n\none\n--b--\n--b\n\ntwo\n");
	assert_int_equal(m.count, 1);
	assert_int_equal(m.outside_count, 1);
}

static void
test_wrong_borders(void **state)
{
	struct mime m;

	(void)state;
	m = walked("Content-Type: multipart/mixed\n\n--x\nContent-Type: "
		   "text/html\n\n<p>\n--x--\n");
	assert_true(m.guessed);
	assert_int_equal(m.count, 1);
	assert_text(m.list[0].type.type, "text/html");
	m = walked(MIXED "--other\n\ntext\n--other--\n");
	assert_true(m.guessed);
	assert_text(m.list[0].raw, "text");
	m = walked(MIXED "no border anywhere\n");
	assert_true(m.no_boundary);
	assert_int_equal(m.count, 1);
	assert_text(m.list[0].raw, "no border anywhere\n");
	assert_true(mime_is_body(&m.list[0]));
	m = walked("Content-Type: multipart/mixed\n\nnothing\n");
	assert_true(m.no_boundary);
	assert_true(mime_is_body(&m.list[0]));
	m = walked(MIXED "\n");
	assert_int_equal(m.count, 0);
	/* A signature's "-- " and a rule of dashes are no borders. */
	m = walked("Content-Type: multipart/mixed\n\n-- \n\n----\nx\n");
	assert_true(m.no_boundary);
}

static void
test_digest(void **state)
{
	struct mime m = walked(
	    "Content-Type: multipart/digest; boundary=b\n\n"
	    "--b\n\nSubject: one\n\nx\n--b\nContent-Type: text/plain\n\ny\n"
	    "--b--\n");

	(void)state;
	assert_int_equal(m.count, 2);
	assert_text(m.list[0].type.type, "message/rfc822");
	assert_text(m.list[1].type.type, "text/plain");
}

static void
test_encrypted(void **state)
{
	struct mime m = walked(
	    "Content-Type: multipart/encrypted; boundary=b; protocol=x\n\n"
	    "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
	    "--b\nContent-Type: text/plain\n\n-----BEGIN\n--b--\n");

	(void)state;
	assert_int_equal(m.count, 2);
	assert_false(m.list[0].encrypted);
	assert_true(m.list[1].encrypted);
	assert_false(mime_is_body(&m.list[1]));
}

static struct bytes
decode_first(const char *text, size_t *bad)
{
	struct mime m = walk(bytes_cstr(text));

	return mime_decode(&arena, &m.list[0], bad);
}

static void
test_encodings(void **state)
{
	size_t bad;

	(void)state;
	assert_text(decode_first("Content-Transfer-Encoding: BASE64\n\nSGk=",
	    &bad), "Hi");
	assert_text(decode_first(
	    "Content-Transfer-Encoding: base64; x=y\n\nSGk=", &bad), "Hi");
	assert_text(decode_first(
	    "Content-Transfer-Encoding: quoted-printable\n\n=48i", &bad),
	    "Hi");
	assert_text(decode_first("Content-Transfer-Encoding: x-uuencode\n\n"
	    "begin 644 a\n#0V%T\n`\nend\n", &bad), "Cat");
	assert_text(decode_first("Content-Transfer-Encoding: x-yenc\n\n"
	    "=ybegin line=9 size=3 name=c\nm\x8b\x9e\n=yend size=3\n", &bad),
	    "Cat");
	assert_text(decode_first("Content-Transfer-Encoding: 7bit\n\n=48",
	    &bad), "=48");
	assert_true(walked("Content-Transfer-Encoding: base9000\n\nx")
	    .list[0].odd_encoding);
	assert_false(walked("Content-Transfer-Encoding: 8BIT\n\nx")
	    .list[0].odd_encoding);
}

static void
test_bodies(void **state)
{
	(void)state;
	assert_true(mime_is_body(&walked("Content-Type: text/html\n\nx")
	    .list[0]));
	assert_true(mime_is_body(&walked(
	    "Content-Disposition: inline\n\nx").list[0]));
	assert_false(mime_is_body(&walked(
	    "Content-Disposition: attachment\n\nx").list[0]));
	assert_false(mime_is_body(&walked(
	    "Content-Type: text/plain; name=a.txt\n\nx").list[0]));
	assert_false(mime_is_body(&walked(
	    "Content-Type: text/calendar\n\nx").list[0]));
}

static void
walk_cut(struct bytes cut)
{
	struct mime m = walk(cut);
	size_t bad;

	for (size_t i = 0; i < m.count; i++)
		mime_decode(&arena, &m.list[i], &bad);
	arena_reset(&arena);
}

static void
test_truncations(void **state)
{
	(void)state;
	every_truncation(BYTES_LIT(MIXED
	    "pre\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nSGk=\r\n"
	    "--b\r\nContent-Type: multipart/digest; boundary=\"c d\"\r\n\r\n"
	    "--c d\r\n\r\nSubject: x\r\n\r\ny\r\n--c d--\r\n--b--\r\npost"),
	    walk_cut);
	every_truncation(BYTES_LIT(
	    "Content-Type: multipart/mixed\n\n--x\nContent-Type: a/b\n\n--x--"),
	    walk_cut);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_mime),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_borders),
		cmocka_unit_test(test_unclosed),
		cmocka_unit_test(test_wrong_borders),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_truncations),
	};
	int status;

	arena_init(&arena);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return status;
}
