/* Whole messages: records, bodies, attachments, what cannot be read. */
#include "tests/support_check.h"

#include "parsers/mail/message.h"
#include "tests/support_sink.h"

extern const struct parser parser_eml, parser_emlx;

static struct kept kept;

static void
read_mail(struct bytes mail)
{
	kept_release(&kept);
	kept_init(&kept);
	kept_run_bytes(&kept, &parser_eml, mail);
}

#define read_text(text) read_mail(BYTES_LIT(text))
#define MIXED                                                                  \
	"Subject: s\nMIME-Version: 1.0\n"                                      \
	"Content-Type: multipart/mixed; boundary=b\n\n"

static size_t
attachments(void)
{
	return kept.count[RECORD_KIND_ATTACHMENT];
}

static void
test_header_fields(void **state)
{
	const struct record_message *m;

	(void)state;
	read_text("Received: from a by b; Tue, 3 Jan 2023 10:00:05 +0000\n"
		  "Received: from c by a; Tue, 3 Jan 2023 10:00:01 +0000\n"
		  "Delivered-To: bob@y.org\n"
		  "From: =?utf-8?q?J=C3=BC?= <j@x.org>, second@x.org\n"
		  "To: bob@y.org, \"C, D\" <c@y.org>\nCc: e@y.org\n"
		  "Subject: =?utf-8?q?a?=\n =?utf-8?q?b?=\n"
		  "Date: Tue, 3 Jan 2023 11:00:00 +0100\n"
		  "Message-ID: <1@x.org>\nThread-Index: AAA=\n\nhi\n");
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 1);
	m = kept_message(&kept, 0);
	assert_text(m->subject, "ab");
	assert_text(m->sender, "J\u00fc <j@x.org>");
	assert_text(m->sender_address, "j@x.org");
	assert_text(m->recipients,
	    "[\"bob@y.org\",\"C, D <c@y.org>\",\"e@y.org\"]");
	assert_text(m->internet_message_id, "<1@x.org>");
	assert_text(m->delivered_to, "bob@y.org");
	assert_int_equal(m->sent_us, 1672740000000000);
	assert_int_equal(m->received_us, 1672740005000000);
	assert_int_equal(m->arrival_us, m->received_us);
	assert_text(m->state, "live");
	assert_text(m->locator, "");
	assert_absent(m->folder_id);
	assert_int_equal(m->attachments, 0);
	assert_int_equal(kept.count[RECORD_KIND_ADDRESS], 6);
	/* sha256 of "hi": trailing line breaks are no body. */
	assert_text(m->body_sha256,
	    "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4"
	    );
	assert_text(kept_text(&kept, 0, "headers/Subject", false), "ab");
	assert_text(kept_text(&kept, 0, "1", false), "hi\n");
}

/* Contract 3: the topmost Received whose date can be read, else Date. */
static void
test_arrival(void **state)
{
	(void)state;
	read_text("Received: by x\nReceived: from a; soon\n"
		  "Received: from c; Tue, 3 Jan 2023 10:00:01 +0000\n"
		  "Date: Mon, 2 Jan 2023 10:00:00 +0000\n\n");
	assert_int_equal(kept_message(&kept, 0)->arrival_us,
	    1672740001000000);
	read_text("Date: Mon, 2 Jan 2023 10:00:00\n\n");
	assert_int_equal(kept_message(&kept, 0)->arrival_us,
	    1672653600000000);
	read_text("Date: whenever\nTo: a@b\n\n");
	assert_int_equal(kept_message(&kept, 0)->arrival_us, RECORD_NONE);
	assert_text(kept_message(&kept, 0)->sent_text, "whenever");
	/* A semicolon in a comment is not the one before the date. */
	read_text("Received: from c (a;b); Tue, 3 Jan 2023 10:00:01 +0000\n"
		  "\n");
	assert_int_equal(kept_message(&kept, 0)->received_us,
	    1672740001000000);
}

static void
test_content_hash_is_the_file(void **state)
{
	(void)state;
	/* sha256 of all bytes, BOM and empty line before the header. */
	read_text("\xef\xbb\xbf\nSubject: x\n\nbody\n");
	assert_int_equal(kept_message(&kept, 0)->bytes, 21);
	assert_text(kept_message(&kept, 0)->subject, "x");
	assert_text(kept_message(&kept, 0)->content_sha256,
	    "8d09c4821b127f6131c4b868c1ae19a2e2174b3d0aa0f27445fd2a803cc11344"
	    );
}

static void
test_attachments(void **state)
{
	const struct record_attachment *a;

	(void)state;
	read_text(MIXED "--b\n\ntext\n--b\nContent-Type: text/csv; name=t.csv\n"
			"Content-Transfer-Encoding: base64\n\nYSxiCmMsZAo=\n"
			"--b\nContent-Type: image/png\nContent-Disposition: "
			"attachment; filename=p.png\n\n\x89PNG\r\n\x1a\n\n"
			"--b--\n");
	assert_int_equal(kept_message(&kept, 0)->attachments, 2);
	assert_int_equal(attachments(), 2);
	a = kept_attachment(&kept, 0);
	assert_text(a->part, "2");
	assert_text(a->name, "t.csv");
	assert_text(a->content_type, "text/csv");
	assert_int_equal(a->bytes, 8);
	/* sha256 and md5 of "a,b\nc,d\n". */
	assert_text(a->sha256,
	    "eafde52e304486ad92291694fa17012481621e71d08c45a643e23ed504d061cd"
	    );
	assert_text(a->text, "read");
	assert_text(a->method, "file");
	assert_text(a->locator, "part=2");
	assert_int_equal(kept.row_count, 2);
	assert_text(kept_attachment(&kept, 1)->text, "image");
}

static void
test_disguise(void **state)
{
	const struct record_attachment *a;

	(void)state;
	read_text(MIXED "--b\nContent-Type: image/jpeg; name=a.jpg\n\n%PDF-1.4"
			"\n--b--\n");
	a = kept_attachment(&kept, 0);
	assert_text(a->content_type, "application/pdf");
	assert_true(bytes_starts(a->reason,
	    BYTES_LIT("declared as image/jpeg")));
}

static void
test_embedded(void **state)
{
	(void)state;
	read_text(MIXED
	    "--b\nContent-Type: message/rfc822\n\nSubject: one\n"
	    "Content-Type: multipart/mixed; boundary=c\n\n--c\n"
	    "Content-Type: message/rfc822\n\nSubject: two\n\ndeep\n--c--\n"
	    "--b--\n");
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 3);
	assert_text(kept_message(&kept, 1)->subject, "one");
	assert_int_equal(kept_message(&kept, 1)->parent_idx, 0);
	assert_text(kept_message(&kept, 1)->state, "embedded");
	assert_text(kept_message(&kept, 2)->locator, "part=1/part=1");
	assert_int_equal(kept_message(&kept, 2)->parent_idx, 1);
	assert_int_equal(kept_attachment(&kept, 0)->idx, 1);
	assert_int_equal(kept_attachment(&kept, 0)->embedded_idx, 2);
	assert_text(kept_attachment(&kept, 1)->method, "embedded");
	assert_text(kept_text(&kept, 2, "1", false), "deep");
}

/* Files that are messages by name and content, whatever type they carry. */
static void
test_eml_files(void **state)
{
	(void)state;
	read_text(MIXED "--b\nContent-Type: application/octet-stream; "
			"name=a.EML\nContent-Transfer-Encoding: base64\n\n"
			"U3ViamVjdDogaW5zaWRlCgp4Cg==\n--b\n"
			"Content-Type: text/plain; name=b.eml\n\n"
			"no header, prose\n--b--\n");
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 2);
	assert_text(kept_message(&kept, 1)->subject, "inside");
	assert_text(kept_attachment(&kept, 0)->method, "embedded");
	assert_text(kept_attachment(&kept, 1)->method, "file");
}

static void
test_report(void **state)
{
	(void)state;
	read_text("Content-Type: multipart/report; boundary=b\n\n--b\n\nfailed\n"
		  "--b\nContent-Type: message/delivery-status\n\n"
		  "Final-Recipient: rfc822; bob@y.org\n--b\n"
		  "Content-Type: text/rfc822-headers\n\nSubject: back\n"
		  "--b--\n");
	assert_int_equal(attachments(), 2);
	assert_text(kept_attachment(&kept, 0)->text, "read");
	assert_text(kept_text(&kept, 0, "2", false),
	    "Final-Recipient: rfc822; bob@y.org");
	assert_text(kept_attachment(&kept, 1)->text, "read");
}

static void
test_sealed(void **state)
{
	(void)state;
	read_text("Content-Type: application/pkcs7-mime; "
		  "smime-type=enveloped-data; name=smime.p7m\n"
		  "Content-Transfer-Encoding: base64\n\nMIIB\n");
	assert_text(kept_attachment(&kept, 0)->text, "encrypted");
	assert_int_equal(kept_problems(&kept, "encrypted"), 1);
	read_text("Content-Type: application/x-pkcs7-mime; "
		  "smime-type=signed-data\n\nMIIB\n");
	assert_text(kept_attachment(&kept, 0)->text, "not_read");
	assert_int_equal(kept_problems(&kept, "encrypted"), 0);
	assert_int_equal(kept_problems(&kept, "unknown_format"), 1);
	read_text("Content-Type: multipart/encrypted; boundary=b\n\n"
		  "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
		  "--b\nContent-Type: application/octet-stream\n\n"
		  "-----BEGIN PGP MESSAGE-----\n--b--\n");
	assert_text(kept_attachment(&kept, 1)->text, "encrypted");
	assert_int_equal(kept_problems(&kept, "encrypted"), 1);
	read_text("Content-Type: multipart/signed; boundary=b\n\n--b\n\nshown\n"
		  "--b\nContent-Type: application/pgp-signature\n\nxyz\n"
		  "--b--\n");
	assert_text(kept_text(&kept, 0, "1", false), "shown");
	assert_text(kept_attachment(&kept, 0)->text, "none");
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	read_text("Subject: x\n\n-----BEGIN PGP MESSAGE-----\nabc\n");
	assert_int_equal(kept_problems(&kept, "encrypted"), 1);
}

static void
test_external_body(void **state)
{
	(void)state;
	read_text(MIXED "--b\nContent-Type: message/external-body; "
			"access-type=URL; URL=\"http://x\"\n\n"
			"Content-Type: image/png\n\n--b--\n");
	assert_text(kept_attachment(&kept, 0)->method, "link");
	assert_text(kept_attachment(&kept, 0)->text, "none");
}

static void
test_inline_files(void **state)
{
	struct bytes text;

	(void)state;
	read_text("Subject: u\n\nbefore\nbegin 644 cat.txt\n#0V%T\n`\nend\n"
		  "between\n=ybegin line=128 size=3 name=dog.txt\n"
		  "m\x8b\x9e\n=yend size=3\nafter\n");
	assert_int_equal(kept_message(&kept, 0)->attachments, 2);
	assert_text(kept_attachment(&kept, 0)->name, "cat.txt");
	assert_text(kept_attachment(&kept, 0)->part, "1/attachment=1");
	assert_int_equal(kept_attachment(&kept, 0)->bytes, 3);
	assert_text(kept_attachment(&kept, 1)->name, "dog.txt");
	assert_text(kept_text(&kept, 0, "1/attachment=2", false), "Cat");
	text = kept_text(&kept, 0, "1", false);
	assert_text(text, "before\nbetween\nafter\n");
	assert_int_equal(kept.flows[2].map[0].part, 37);
	/* Prose that begins so is prose. */
	read_text("Subject: u\n\nbegin 644 things we know\nand go on\n");
	assert_int_equal(attachments(), 0);
	read_text("Subject: u\n\nbegin 64 cat.txt\n#0V%T\n`\nend\n");
	assert_int_equal(attachments(), 0);
	read_text("Subject: u\n\nbegin 644 cat.txt\n#0V%T\n");
	assert_int_equal(kept_problems(&kept, "truncated"), 1);
	assert_int_equal(attachments(), 1);
}

static void
test_flowed(void **state)
{
	(void)state;
	read_text("Content-Type: text/plain; format=flowed\n\n"
		  "one \ntwo\nthree\n-- \nsig\n");
	assert_text(kept_text(&kept, 0, "1", false),
	    "one two\nthree\n-- \nsig\n");
	read_text("Content-Type: text/plain; format=flowed; delsp=yes\n\n"
		  "one \ntwo\n");
	assert_text(kept_text(&kept, 0, "1", false), "onetwo\n");
	read_text("Content-Type: text/plain; format=flowed\n\n"
		  "> a \n> b\n> c\nd\n");
	assert_text(kept_text(&kept, 0, "1", false), "> a b\n> c\nd\n");
	/* Another depth of quotes ends the paragraph. */
	read_text("Content-Type: text/plain; format=flowed\n\n"
		  "> a \nb");
	assert_text(kept_text(&kept, 0, "1", false), "> a \nb");
	/* A stuffed line of nothing: its space is no soft break. */
	read_text("Content-Type: text/plain; format=flowed; delsp=yes\n\n"
		  "a \n \nb\n");
	assert_text(kept_text(&kept, 0, "1", false), "a\nb\n");
}

static void
test_charsets(void **state)
{
	(void)state;
	read_text("Content-Type: text/plain; charset=iso-2022-jp\n\n"
		  "\x1b$B$\"\x1b(B");
	assert_text(kept_text(&kept, 0, "1", false), "\u3042");
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	read_text("Subject: x\n\ncaf\xe9");
	assert_text(kept_text(&kept, 0, "1", false), "caf\u00e9");
	assert_int_equal(kept_problems(&kept, "charset"), 1);
	assert_text(kept_problem(&kept, 0)->severity, "note");
	assert_text(kept_message(&kept, 0)->flags, "[\"charset_guess\"]");
	read_text("Content-Type: text/plain; charset=x-martian\n\ncaf\xe9");
	assert_text(kept_problem(&kept, 0)->severity, "partial");
	read_text("Content-Type: text/html\n\n"
		  "<meta charset=koi8-r>\xf0");
	assert_text(kept_text(&kept, 0, "1", false), "\u041f");
}

static void
test_hidden_places(void **state)
{
	(void)state;
	read_text(MIXED "secret before\n--b\n\ntext\n--b--\nsecret after\n");
	assert_text(kept_text(&kept, 0, "preamble", true), "secret before\n");
	assert_text(kept_text(&kept, 0, "epilogue", true), "secret after\n");
}

static void
test_damage(void **state)
{
	(void)state;
	read_text("Content-Transfer-Encoding: base64\n\nSGk!!h\n");
	assert_int_equal(kept_problems(&kept, "damaged"), 1);
	read_text("Content-Transfer-Encoding: base9000\n\nplain");
	assert_int_equal(kept_problems(&kept, "damaged"), 1);
	assert_text(kept_text(&kept, 0, "1", false), "plain");
}

static void
test_flags(void **state)
{
	struct input input = { .fd = -1, .memory = BYTES_LIT("To: a@b\n\n"),
		.size = 9, .name = BYTES_LIT("17.host:2,DT") };

	(void)state;
	kept_release(&kept);
	kept_init(&kept);
	kept_run(&kept, &parser_eml, &input);
	assert_text(kept_message(&kept, 0)->flags,
	    "[\"unread\",\"draft\",\"expunged\"]");
	input.name = BYTES_LIT("17.host:2,FRS");
	kept_run(&kept, &parser_eml, &input);
	assert_absent(kept_message(&kept, 1)->flags);
	read_text("X-Unsent: 1\nTo: a@b\n\n");
	assert_text(kept_message(&kept, 0)->flags, "[\"draft\"]");
}

static void
test_emlx(void **state)
{
	static const char file[] =
	    "23      \nSubject: e\nTo: a\n\nhello<plist><dict><key>flags</key>"
	    "<integer>66</integer></dict></plist>";

	(void)state;
	kept_release(&kept);
	kept_init(&kept);
	assert_true(parser_emlx.probe(bytes_cstr(file), sizeof file) > 16);
	assert_int_equal(parser_emlx.probe(BYTES_LIT("99\nSubject: x\n"), 14),
	    0);
	kept_run_bytes(&kept, &parser_emlx, bytes_cstr(file));
	assert_text(kept_text(&kept, 0, "1", false), "hello");
	assert_text(kept_message(&kept, 0)->flags,
	    "[\"unread\",\"expunged\",\"draft\"]");
	assert_int_equal(kept_message(&kept, 0)->bytes, 23);
	kept_run_bytes(&kept, &parser_emlx,
	    BYTES_LIT("2000\nSubject: x\n\nshort"));
	assert_int_equal(kept_problems(&kept, "truncated"), 1);
}

static void
test_probe(void **state)
{
	(void)state;
	assert_int_equal(parser_eml.probe(BYTES_LIT("From: a@b\nTo: c\n"), 9),
	    16);
	assert_int_equal(parser_eml.probe(BYTES_LIT("From : a@b\n"), 9), 8);
	assert_int_equal(parser_eml.probe(BYTES_LIT("From a@b\nTo: c\n"), 9),
	    0);
	assert_int_equal(parser_eml.probe(BYTES_LIT("Dear all\nhello\n"), 9),
	    0);
	assert_int_equal(parser_eml.probe(BYTES_LIT("{\nFrom: a\nTo: b\n"
	    "Subject: c\nDate: d\n"), 9), 0);
	assert_int_equal(parser_eml.probe(BYTES_LIT("<x>\nFrom: a\nTo: b\n"
	    "Subject: c\nDate: d\n"), 9), 0);
	assert_int_equal(parser_eml.probe(BYTES_LIT("junk line\nFrom: a\n"
	    "To: b\nSubject: c\n"), 9), 16);
	assert_int_equal(parser_eml.probe(BYTES_LIT(""), 0), 0);
}

static void
read_cut(struct bytes cut)
{
	parser_eml.probe(cut, cut.n);
	parser_emlx.probe(cut, cut.n);
	read_mail(cut);
	assert_int_equal(kept_message(&kept, 0)->bytes, cut.n);
}

static void
test_truncations(void **state)
{
	(void)state;
	every_truncation(BYTES_LIT(
	    "From: =?utf-8?q?J=C3=BC?= <j@x.org>\nReceived: x; 1 Jan 2023\n"
	    MIXED "p\n--b\nContent-Type: text/html\n\n<p>&eacute;<!--x-->\n"
	    "--b\nContent-Type: message/rfc822\n\nSubject: i\n\nbegin 644 a\n"
	    "#0V%T\n`\nend\n--b\nContent-Type: text/plain; format=flowed\n\n"
	    "a \nb\n--b\nContent-Disposition: attachment; filename*=u''%C3\n"
	    "Content-Transfer-Encoding: base64\n\nUEsDBA==\n--b--\n"),
	    read_cut);
}

/* RFC 2046 5.2.2: the first piece is a message as far as it goes. */
static void
test_partial(void **state)
{
	(void)state;
	read_text("Subject: out\nMIME-Version: 1.0\nContent-Type: "
		  "message/partial; id=\"a@x\"; number=1; total=2\n\n"
		  "Subject: in\nFrom: a@x.org\n\nbegin of\n");
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 2);
	assert_text(kept_message(&kept, 1)->subject, "in");
	assert_text(kept_text(&kept, 1, "1", false), "begin of\n");
	assert_text(kept_problem(&kept, 0)->detail, "piece 1 of 2 of the "
	    "message 'a@x' (RFC 2046 5.2.2): each piece is read alone");
	read_text("Subject: out\nMIME-Version: 1.0\nContent-Type: "
		  "message/partial; id=\"a@x\"; number=2\n\nthe end\n");
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 1);
	assert_text(kept_text(&kept, 0, "1", false), "the end\n");
	assert_text(kept_attachment(&kept, 0)->text, "read");
	assert_text(kept_problem(&kept, 0)->severity, "partial");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_fields),
		cmocka_unit_test(test_arrival),
		cmocka_unit_test(test_content_hash_is_the_file),
		cmocka_unit_test(test_attachments),
		cmocka_unit_test(test_disguise),
		cmocka_unit_test(test_embedded),
		cmocka_unit_test(test_eml_files),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_external_body),
		cmocka_unit_test(test_inline_files),
		cmocka_unit_test(test_flowed),
		cmocka_unit_test(test_charsets),
		cmocka_unit_test(test_hidden_places),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_emlx),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_truncations),
	};
	int status;

	kept_init(&kept);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	kept_release(&kept);
	return status;
}
