/* winmail.dat written by hand: alone, in an EML, and damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/mapi/tnef.h"
#include "tests/support_said.h"

extern const struct parser parser_tnef, parser_eml;

static struct said said;
static struct buffer file;

static void
put(struct buffer *out, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		buffer_add_byte(out, (uint8_t)(value >> (8 * i)));
}

static void
begin(struct buffer *out)
{
	buffer_reset(out);
	put(out, 0x223E9F78, 4);
	put(out, 1, 2);
}

static void
attribute(struct buffer *out, unsigned level, uint32_t id, struct bytes value)
{
	uint16_t sum = 0;

	put(out, level, 1);
	put(out, id, 4);
	put(out, value.n, 4);
	buffer_add_bytes(out, value);
	for (size_t i = 0; i < value.n; i++)
		sum = (uint16_t)(sum + value.p[i]);
	put(out, sum, 2);
}

/* ---- property lists */

static void
pad(struct buffer *list, size_t n)
{
	put(list, 0, (4 - n % 4) % 4);
}

static void
add_text(struct buffer *list, uint16_t id, const char *text)
{
	put(list, 0x1E, 2);
	put(list, id, 2);
	put(list, 1, 4);
	put(list, strlen(text) + 1, 4);
	buffer_add(list, text, strlen(text) + 1);
	pad(list, strlen(text) + 1);
}

static void
add_number(struct buffer *list, uint16_t id, uint32_t value)
{
	put(list, 0x03, 2);
	put(list, id, 2);
	put(list, value, 4);
}

/* A multi-value of 16 bits, each padded to 4. */
static void
add_shorts(struct buffer *list, uint16_t id)
{
	put(list, 0x1002, 2);
	put(list, id, 2);
	put(list, 2, 4);
	put(list, 7, 4);
	put(list, 8, 4);
}

/* PS_PUBLIC_STRINGS, by text. */
static void
add_named(struct buffer *list, const char *name, const char *value)
{
	static const uint8_t set[16] = { 0x29, 3, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0,
		0, 0, 0, 0, 0x46 };
	size_t length = strlen(name) * 2 + 2;

	put(list, 0x1E, 2);
	put(list, 0x8765, 2);
	buffer_add(list, set, 16);
	put(list, 1, 4);
	put(list, length, 4);
	for (size_t i = 0; i <= strlen(name); i++)
		put(list, (uint8_t)name[i], 2);
	pad(list, length);
	put(list, 1, 4);
	put(list, strlen(value), 4);
	buffer_add(list, value, strlen(value));
	pad(list, strlen(value));
}

static void
add_object(struct buffer *list, struct bytes inner)
{
	static const uint8_t iid[16] = { 7, 3, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0,
		0, 0, 0, 0x46 };

	put(list, 0x0D, 2);
	put(list, 0x3701, 2);
	put(list, 1, 4);
	put(list, 16 + inner.n, 4);
	buffer_add(list, iid, 16);
	buffer_add_bytes(list, inner);
	pad(list, inner.n);
}

static void
write_inner(struct buffer *out)
{
	begin(out);
	attribute(out, 1, 0x00018004, BYTES_LIT("Inner\0"));
	attribute(out, 1, 0x0002800C, BYTES_LIT("inner body\0"));
}

static void
write_usual(struct buffer *out)
{
	struct buffer list = BUFFER_EMPTY, inner = BUFFER_EMPTY;

	begin(out);
	attribute(out, 1, 0x00069007, BYTES_LIT("\xe3\4\0\0\0\0\0\0"));
	attribute(out, 1, 0x00018004, BYTES_LIT("\xcf\xf0\xe8\0"));
	attribute(out, 1, 0x00038005,
	    BYTES_LIT("\xe4\7\1\0\1\0\0\0\0\0\0\0\3\0"));
	put(&list, 4, 4);
	add_text(&list, 0x1000, "the body");
	add_shorts(&list, 0x1205);
	add_named(&list, "Eyes", "blue");
	add_number(&list, 0x0E07, 1);
	attribute(out, 1, 0x00069003, buffer_bytes(&list));
	attribute(out, 2, 0x00069002, BYTES_LIT("\1\0\0\0\0\0"));
	attribute(out, 2, 0x0006800F, BYTES_LIT("abc"));
	attribute(out, 2, 0x00018010, BYTES_LIT("A~1.TXT\0"));
	buffer_reset(&list);
	put(&list, 1, 4);
	add_text(&list, 0x3707, "a long name.txt");
	attribute(out, 2, 0x00069005, buffer_bytes(&list));
	attribute(out, 2, 0x00069002, BYTES_LIT("\1\0\0\0\0\0"));
	write_inner(&inner);
	buffer_reset(&list);
	put(&list, 2, 4);
	add_number(&list, 0x3705, 5);
	add_object(&list, buffer_bytes(&inner));
	attribute(out, 2, 0x00069005, buffer_bytes(&list));
	buffer_release(&inner);
	buffer_release(&list);
}

static enum outcome
run(const struct parser *parser, struct bytes b)
{
	struct input input = { .fd = -1, .memory = b, .size = b.n };

	said_reset(&said);
	return parser->run(&input, BYTES_NONE, &said.sink);
}

static void
test_alone(void **state)
{
	(void)state;
	write_usual(&file);
	assert_true(parser_tnef.probe(buffer_bytes(&file), file.n) > 0);
	assert_int_equal(run(&parser_tnef, buffer_bytes(&file)), OUTCOME_OK);
	assert_int_equal(said_count(&said, "problem "), 0);
	assert_true(said_line(&said, "message idx=0", "subject="
				     "\xd0\x9f\xd1\x80\xd0\xb8 ",
	    "sent_us=1577836800000000", "attachments=2", NULL));
	assert_true(said_line(&said, "text 0 body|the body|", NULL));
	assert_true(said_line(&said, "text 0 properties|Eyes: blue\\n|",
	    NULL));
	assert_true(said_line(&said, "attachment idx=0 part=attachment=1 "
				     "name=a long name.txt", "bytes=3", NULL));
	assert_true(said_line(&said, "text 0 attachment=1|abc|", NULL));
	assert_true(said_line(&said, "message idx=1 parent_idx=0 "
				     "locator=attachment=2 state=embedded "
				     "subject=Inner", NULL));
	assert_true(said_line(&said, "text 1 body|inner body|", NULL));
}

static void
add_base64(struct buffer *out, struct bytes in)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				     "mnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < in.n; i += 3) {
		uint32_t v = (uint32_t)in.p[i] << 16;

		v |= i + 1 < in.n ? (uint32_t)in.p[i + 1] << 8 : 0;
		v |= i + 2 < in.n ? in.p[i + 2] : 0;
		for (size_t k = 0; k < 4; k++)
			buffer_add_byte(out, k <= in.n - i
				? (uint8_t)digits[v >> (18 - 6 * k) & 63]
				: '=');
		if (i % 57 == 54)
			buffer_add_cstr(out, "\r\n");
	}
}

/* In an EML: parts below the MIME part, of the same message. */
static void
test_in_mail(void **state)
{
	struct buffer mail = BUFFER_EMPTY;

	(void)state;
	write_usual(&file);
	buffer_add_cstr(&mail,
	    "From: a@example.org\r\nSubject: outer\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
	    "text\r\n--b\r\nContent-Type: application/ms-tnef;"
	    " name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	add_base64(&mail, buffer_bytes(&file));
	buffer_add_cstr(&mail, "\r\n--b--\r\n");
	run(&parser_eml, buffer_bytes(&mail));
	buffer_release(&mail);
	assert_int_equal(said_count(&said, "problem "), 0);
	/* winmail.dat and the two in it. */
	assert_true(said_line(&said, "message idx=0", "attachments=3", NULL));
	assert_true(said_line(&said, "text 0 2/body|the body|", NULL));
	assert_true(said_line(&said, "text 0 2/properties|Eyes: blue", NULL));
	assert_true(said_line(&said, "text 0 2/attachment=1|abc|", NULL));
	assert_true(said_line(&said, "attachment idx=0 part=2/attachment=1 "
				     "name=a long name.txt",
	    "locator=part=2/attachment=1", NULL));
	assert_true(said_line(&said, "attachment idx=0 part=2 "
				     "name=winmail.dat", "text=read", NULL));
	/* Parts of the message inside are relative to it. */
	assert_true(said_line(&said, "text 1 body|inner body|", NULL));
	assert_true(said_line(&said, "message idx=1 parent_idx=0 "
				     "locator=part=2/attachment=2", NULL));
}

static void
test_truncations(void **state)
{
	(void)state;
	write_usual(&file);
	for (size_t n = 0; n < file.n; n++) {
		uint8_t *copy = malloc(n ? n : 1);

		assert_non_null(copy);
		memcpy(copy, file.p, n);
		run(&parser_tnef, bytes_of(copy, n));
		/* A stream may end between two attributes. */
		assert_true(said_count(&said, "problem ") > 0 ||
			    said_count(&said, "message idx=0") == 1);
		free(copy);
	}
	run(&parser_tnef, bytes_slice(buffer_bytes(&file), 0, file.n - 3));
	assert_true(said_line(&said, "kind=truncated", NULL));
}

static void
test_damage(void **state)
{
	(void)state;
	write_usual(&file);
	file.p[15]++; /* in the value of the first attribute */
	run(&parser_tnef, buffer_bytes(&file));
	assert_true(said_line(&said, "kind=bad_checksum", NULL));
	write_usual(&file);
	buffer_add_cstr(&file, "junk");
	run(&parser_tnef, buffer_bytes(&file));
	assert_true(said_line(&said, "kind=damaged severity=note", NULL));
	assert_true(said_line(&said, "message idx=1", NULL));
}

static int
set_up(void **state)
{
	(void)state;
	said_init(&said);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	said_release(&said);
	buffer_release(&file);
	file = BUFFER_EMPTY;
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* `unit_tnef --write FILE`: the usual stream, as a seed for fuzz_tnef. */
int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { TEST(test_alone),
		TEST(test_in_mail), TEST(test_truncations),
		TEST(test_damage) };

	if (argc == 3 && strcmp(argv[1], "--write") == 0) {
		FILE *out = fopen(argv[2], "wb");

		write_usual(&file);
		return out == NULL ||
		       fwrite(file.p, 1, file.n, out) != file.n ||
		       fclose(out) != 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
