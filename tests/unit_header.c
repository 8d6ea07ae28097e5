/* Header fields: folding, encoded words, addresses, parameters, ids. */
#include "tests/support_check.h"

#include "parsers/mail/header.h"

static struct arena arena;

#define decoded(text) header_decode(&arena, BYTES_LIT(text))

static void
test_fields(void **state)
{
	struct header h = header_parse(&arena, BYTES_LIT(
	    "From: a@b\r\nSubject : folded\r\n\t text\r\nno field\r\n"
	    "X-Empty:\r\nTo:c@d\r\n\r\nBody: not a field\r\n"));

	(void)state;
	assert_int_equal(h.count, 4);
	assert_text(header_raw(&h, "from"), "a@b");
	assert_text(header_text(&h, &arena, "SUBJECT"), "folded\t text");
	assert_text(header_raw(&h, "X-Empty"), "");
	assert_text(header_raw(&h, "To"), "c@d");
	assert_absent(header_raw(&h, "Body"));
	assert_absent(header_text(&h, &arena, "Cc"));
	assert_false(h.cut);
}

static void
test_where_the_body_begins(void **state)
{
	struct bytes text = BYTES_LIT("A: b\n\nbody");

	(void)state;
	assert_int_equal(header_parse(&arena, text).body, 6);
	text = BYTES_LIT("A: b\r\n\r\nbody");
	assert_int_equal(header_parse(&arena, text).body, 8);
	text = BYTES_LIT("\nbody");
	assert_int_equal(header_parse(&arena, text).body, 1);
	text = BYTES_LIT("A: b\n");
	assert_int_equal(header_parse(&arena, text).body, 5);
	text = BYTES_LIT("A: b");
	assert_int_equal(header_parse(&arena, text).body, 4);
	assert_int_equal(header_parse(&arena, BYTES_LIT("")).body, 0);
}

/* The blank line was forgotten, or some line is no field. */
static void
test_lines_that_are_none(void **state)
{
	struct bytes text = BYTES_LIT("To: a@b\nHello Bob,\nNote: bring x\n\n");
	struct header h = header_parse(&arena, text);

	(void)state;
	assert_int_equal(h.count, 1);
	assert_int_equal(h.body, 8);
	text = BYTES_LIT("To: a@b\n--border\nContent-Type: a/b\n\n");
	h = header_parse(&arena, text);
	assert_int_equal(h.count, 1); /* a border is of the body */
	assert_int_equal(h.body, 8);
	h = header_parse(&arena, BYTES_LIT("no header at all\n\nx"));
	assert_int_equal(h.body, 0);
	h = header_parse(&arena, BYTES_LIT(">From x\nTo: a@b\n\n"));
	assert_int_equal(h.count, 1);
	assert_absent(h.junk);
	h = header_parse(&arena, BYTES_LIT("To: a@b\njunk\nCc: c@d\n\n"));
	assert_int_equal(h.count, 2);
	assert_text(h.junk, "junk\n");
}

static void
test_encoded_words(void **state)
{
	(void)state;
	assert_text(decoded("=?iso-8859-1?Q?M=FCller_x?="), "M\u00fcller x");
	assert_text(decoded("=?UTF-8?B?w7w=?= =?utf-8?b?w7w=?="),
	    "\u00fc\u00fc");
	assert_text(decoded("a =?utf-8?q?=C3=BC?= b"), "a \u00fc b");
	assert_text(decoded("=?utf-8?q?a?= b =?utf-8?q?c?="), "a b c");
	/* Folded between words: nothing is left of it. */
	assert_text(decoded("=?utf-8?q?a?=\r\n =?utf-8?q?b?="), "ab");
	/* One character split between two words. */
	assert_text(decoded("=?utf-8?q?=C3?= =?utf-8?q?=BC?="), "\u00fc");
	/* RFC 2231 5: a language. */
	assert_text(decoded("=?us-ascii*en?q?hi?="), "hi");
	assert_text(decoded("=?ISO-2022-JP?B?GyRCJCIbKEI=?="), "\u3042");
	/* Two charsets in a row. */
	assert_text(decoded("=?iso-8859-1?q?=FC?= =?koi8-r?q?=F0?="),
	    "\u00fc\u041f");
}

static void
test_broken_words(void **state)
{
	(void)state;
	assert_text(decoded("=?"), "=?");
	assert_text(decoded("=?utf-8?q?never ends"), "=?utf-8?q?never ends");
	assert_text(decoded("=?utf-8?x?abc?="), "=?utf-8?x?abc?=");
	assert_text(decoded("=?utf-8"), "=?utf-8");
	assert_text(decoded("==?utf-8?q?a?="), "=a");
	/* Spaces inside, as some mailers write them. */
	assert_text(decoded("=?utf-8?q?a b c?="), "a b c");
	/* Inside quotes and without the white space around it. */
	assert_text(decoded("x=?utf-8?q?a?=y"), "xay");
	/* Base64 without padding and with a bad byte. */
	assert_text(decoded("=?utf-8?B?w7w?="), "\u00fc");
	assert_text(decoded("=?utf-8?B?w7!w?="), "\u00fc");
	/* An equals sign before the end mark belongs to the text. */
	assert_text(decoded("=?utf-8?Q?a=3D?="), "a=");
	assert_text(decoded("=?utf-8?Q?=?="), "=");
	/* A question mark that should have been encoded. */
	assert_text(decoded("=?utf-8?Q?really?\?="), "really?");
	assert_text(decoded("=?x-martian?q?=E9?="), "\u00e9");
	assert_text(decoded("=?utf-8?q?\?="), "");
}

static void
test_eight_bit(void **state)
{
	(void)state;
	/* RFC 6532. */
	assert_text(decoded("Gr\xc3\xbc\xc3\x9f" "e"), "Gr\u00fc\u00dfe");
	/* And as mailers of the nineties wrote it. */
	assert_text(decoded("Gr\xfc\xdf" "e"), "Gr\u00fc\u00dfe");
	assert_text(decoded("\x1b$B$\"\x1b(B"), "\u3042");
}

static struct mail_address *list;
static size_t count;

static void
addresses(const char *raw)
{
	list = header_addresses(&arena, bytes_cstr(raw), &count);
}

static void
test_addresses(void **state)
{
	(void)state;
	addresses("Jane Doe <jane@x.org>, \"Doe, John\" <john@x.org>, b@y.org");
	assert_int_equal(count, 3);
	assert_text(list[0].name, "Jane Doe");
	assert_text(list[0].address, "jane@x.org");
	assert_text(list[1].name, "Doe, John");
	assert_text(list[2].address, "b@y.org");
	assert_text(list[2].name, "");
	assert_text(address_shown(&arena, &list[1]), "Doe, John <john@x.org>");
	assert_text(address_shown(&arena, &list[2]), "b@y.org");
	addresses("a@b.org (Jane (the) Doe)");
	assert_text(list[0].name, "Jane (the) Doe");
	assert_text(list[0].address, "a@b.org");
	addresses("A Group: x@y.org, Z <z@y.org>;, w@y.org");
	assert_int_equal(count, 3);
	assert_text(list[0].address, "x@y.org");
	assert_text(list[2].address, "w@y.org");
	addresses("undisclosed-recipients:;");
	assert_int_equal(count, 0);
	addresses("=?utf-8?q?J=C3=BCrgen?= <j@x.org>");
	assert_text(list[0].name, "J\u00fcrgen");
	addresses("\"=?utf-8?q?J=C3=BCrgen?=\" <j@x.org>");
	assert_text(list[0].name, "J\u00fcrgen");
}

static void
test_odd_addresses(void **state)
{
	(void)state;
	addresses("John Doe <jdoe@machine(comment).  example>");
	assert_text(list[0].address, "jdoe@machine.example");
	addresses("<@a.org,@b.org:c@d.org>");
	assert_text(list[0].address, "c@d.org");
	addresses("Whomever");
	assert_text(list[0].name, "Whomever");
	assert_text(list[0].address, "");
	addresses("mailing list dev@tika.apache.org");
	assert_text(list[0].name, "mailing list");
	assert_text(list[0].address, "dev@tika.apache.org");
	addresses("Jane <jane@x.org");
	assert_text(list[0].address, "jane@x.org");
	addresses("Jane <jane@x.org>; Bob <bob@x.org>");
	assert_int_equal(count, 2);
	addresses("\"never closed <a@b.org>");
	assert_int_equal(count, 1);
	addresses("<>");
	assert_int_equal(count, 0);
	addresses(",,;, ,");
	assert_int_equal(count, 0);
	addresses("\"a>b\"@c.org, <\"q>r\"@c.org>");
	assert_int_equal(count, 2);
	assert_text(list[1].address, "\"q>r\"@c.org");
	addresses("<a@b.org> (comment)");
	assert_text(list[0].name, "comment");
	/* Two addresses in one: RFC 5322 has no such, mailers do. */
	addresses("<a@b.org> <c@d.org>");
	assert_int_equal(count, 2);
}

static void
test_content_type(void **state)
{
	struct content_type t;

	(void)state;
	t = content_type_parse(&arena, BYTES_LIT(
	    "Text/HTML; charset=\"UTF-8\" ;; format=flowed; DelSp=yes;"
	    " name=a.txt"));
	assert_text(t.type, "text/html");
	assert_text(t.charset, "UTF-8");
	assert_text(t.format, "flowed");
	assert_text(t.delsp, "yes");
	assert_text(t.name, "a.txt");
	assert_text(content_type_parse(&arena, BYTES_NONE).type, "text/plain");
	assert_text(content_type_parse(&arena, BYTES_LIT("text")).type,
	    "text/plain");
	assert_text(content_type_parse(&arena, BYTES_LIT("; x=y")).type,
	    "text/plain");
	t = content_type_parse(&arena, BYTES_LIT(
	    "multipart/mixed; boundary=\"a b\\\"c;d\"; x"));
	assert_text(t.boundary, "a b\"c;d");
	/* Comments (RFC 2045 5.1). */
	t = content_type_parse(&arena, BYTES_LIT(
	    "text/plain (really); charset=us-ascii (Plain text)"));
	assert_text(t.type, "text/plain");
	assert_text(t.charset, "us-ascii");
	t = content_type_parse(&arena, BYTES_LIT(
	    "multipart/mixed boundary=xyz"));
	assert_text(t.type, "multipart/mixed");
	assert_text(t.boundary, "xyz");
}

static void
test_parameters(void **state)
{
	struct disposition d;

	(void)state;
	d = disposition_parse(&arena, BYTES_LIT(
	    "attachment; filename*0*=iso-8859-1'en'caf%E9;"
	    " filename*1=\" two\"; filename*2*=%E9.txt"));
	assert_text(d.kind, "attachment");
	assert_text(d.file_name, "caf\u00e9 two\u00e9.txt");
	/* Out of order, and a gap ends it. */
	d = disposition_parse(&arena, BYTES_LIT(
	    "attachment; filename*1=b; filename*0=a; filename*3=d"));
	assert_text(d.file_name, "ab");
	/* The extended one wins over the plain one for old readers. */
	d = disposition_parse(&arena, BYTES_LIT(
	    "attachment; filename=\"caf_.txt\"; filename*=utf-8''caf%C3%A9.txt"
	    ));
	assert_text(d.file_name, "caf\u00e9.txt");
	d = disposition_parse(&arena, BYTES_LIT(
	    "attachment; filename*=utf-8''caf%C3%A9.txt; filename=\"c.txt\""));
	assert_text(d.file_name, "caf\u00e9.txt");
	/* RFC 2047 in a parameter: forbidden, and everywhere. */
	d = disposition_parse(&arena, BYTES_LIT(
	    "attachment; filename=\"=?utf-8?q?caf=C3=A9?=.txt\""));
	assert_text(d.file_name, "caf\u00e9.txt");
	d = disposition_parse(&arena, BYTES_LIT(
	    "attachment; filename=a b c.txt"));
	assert_text(d.file_name, "a b c.txt");
	d = disposition_parse(&arena, BYTES_LIT("ATTACHMENT; filename=\"x"));
	assert_text(d.kind, "attachment");
	assert_text(d.file_name, "x");
	d = disposition_parse(&arena, BYTES_LIT(
	    "attachment; filename*=bad%zz%4"));
	assert_text(d.file_name, "bad%zz%4");
	/* No disposition, a parameter alone. */
	d = disposition_parse(&arena, BYTES_LIT("filename=x.txt"));
	assert_text(d.file_name, "x.txt");
}

static void
test_message_ids(void **state)
{
	(void)state;
	assert_text(message_id_clean(BYTES_LIT(" <a@b> (x)")), "<a@b>");
	assert_text(message_id_clean(BYTES_LIT("x <a@b>")), "<a@b>");
	assert_text(message_id_clean(BYTES_LIT("a@b ")), "a@b");
	/* reference: vector published by Relativity. */
	assert_text(message_id_mih(&arena, BYTES_LIT(
	    "<CALckR-a8UDkRjO4xJyjd_s0GPxQWw@mail.gmail.com>")),
	    "1de319c276884bd0c9e2f1621ada26cc");
	assert_text(message_id_mih(&arena, BYTES_LIT(
	    "CALckR-a8UDkRjO4xJyjd_s0GPxQWw@mail.gmail.com")),
	    "1de319c276884bd0c9e2f1621ada26cc");
	assert_text(message_id_mih(&arena, BYTES_LIT(
	    " <CALckR-a8UDkRjO4xJyjd_s0GPxQWw@mail.gmail.com> junk")),
	    "1de319c276884bd0c9e2f1621ada26cc");
	assert_absent(message_id_mih(&arena, BYTES_LIT("")));
	assert_absent(message_id_mih(&arena, BYTES_NONE));
}

static void
parse_all(struct bytes cut)
{
	struct header h = header_parse(&arena, cut);
	size_t n;

	for (size_t i = 0; i < h.count; i++) {
		struct bytes raw = h.list[i].value;

		header_decode(&arena, raw);
		header_addresses(&arena, raw, &n);
		content_type_parse(&arena, raw);
		disposition_parse(&arena, raw);
		message_id_mih(&arena, raw);
	}
	arena_reset(&arena);
}

static void
test_truncations(void **state)
{
	(void)state;
	every_truncation(BYTES_LIT(
	    "From: \"a\\\"b\" <c@d(e(f)).g>, G: h@i;\r\n"
	    "Subject: =?utf-8?q?=C3=BC_?= =?utf-8?B?w7w=?=\r\n x\r\n"
	    "Content-Type: a/b; n*0*=u'e'%C3; n*1=\"\\\"\"; m=(c) d\r\n"
	    "Message-ID: <x@y>\r\n\r\n"), parse_all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_where_the_body_begins),
		cmocka_unit_test(test_lines_that_are_none),
		cmocka_unit_test(test_encoded_words),
		cmocka_unit_test(test_broken_words),
		cmocka_unit_test(test_eight_bit),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_odd_addresses),
		cmocka_unit_test(test_content_type),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_message_ids),
		cmocka_unit_test(test_truncations),
	};
	int status;

	arena_init(&arena);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return status;
}
