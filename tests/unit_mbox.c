/* mbox: the rule of the From_ lines, variants, units, damage. */
#include "tests/support_check.h"

#include "parsers/mail/mbox_lines.h"
#include "tests/support_sink.h"

extern const struct parser parser_mbox;

static struct kept kept;

static void
read_box(struct bytes box)
{
	kept_release(&kept);
	kept_init(&kept);
	kept_run_bytes(&kept, &parser_mbox, box);
}

#define read_text(text) read_box(BYTES_LIT(text))
#define DATED "From a@x.org Mon Jan  2 10:00:00 2023\n"
#define MESSAGE(n) DATED "Subject: " n "\n\nbody " n "\n\n"

static size_t
messages(void)
{
	return kept.count[RECORD_KIND_MESSAGE];
}

static void
test_plain(void **state)
{
	const struct record_folder *folder;

	(void)state;
	read_text(MESSAGE("1") MESSAGE("2"));
	assert_int_equal(messages(), 2);
	assert_text(kept_message(&kept, 0)->locator, "offset=0+58");
	assert_text(kept_message(&kept, 1)->locator, "offset=58+58");
	assert_text(kept_message(&kept, 1)->subject, "2");
	assert_int_equal(kept_message(&kept, 1)->bytes, 19);
	folder = kept_record(&kept, RECORD_KIND_FOLDER, 0);
	assert_int_equal(folder->expected, 2);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
}

/* content_sha256 is of the bytes after the From_ line up to the blank line
 * that ends it, `>From` not undone: sha256("Subject: q\n\n>From x\n"). */
static void
test_content_hash(void **state)
{
	(void)state;
	read_text(DATED "Subject: q\n\n>From x\n\n" MESSAGE("2"));
	assert_text(kept_message(&kept, 0)->content_sha256,
	    "4370ad8e37e95a29764f111157c3825638646ae90f5fec747f853e0641773d62"
	    );
	assert_text(kept_text(&kept, 0, "1", false), "From x\nbody 2\n");
	/* CR LF: the same rule, another hash. */
	read_text("From a Mon Jan  2 10:00:00 2023\r\nSubject: q\r\n\r\n"
		  ">From x\r\n\r\n");
	assert_int_equal(kept_message(&kept, 0)->bytes, 23);
}

static void
test_mboxrd(void **state)
{
	(void)state;
	read_text(DATED "Subject: q\n\n>From a\n>>From b\nx >From c\n> From d\n"
			"\n");
	assert_text(kept_text(&kept, 0, "1", false),
	    "From a\n>From b\nx >From c\n> From d\n");
}

static enum from_line
judge(const char *before, const char *after)
{
	char text[1000];

	snprintf(text, sizeof text, "%s%s", before, after);
	return mbox_from_line(bytes_cstr(text), strlen(before));
}

static void
test_rule_of_lines(void **state)
{
	const char *blank = "text\n\n", *none = "text\n";

	(void)state;
	assert_int_equal(judge(blank, DATED "Subject: x\n"), FROM_PARTS);
	assert_int_equal(judge(blank, DATED "\nno header\n"), FROM_PARTS);
	assert_int_equal(judge(blank, DATED), FROM_PARTS);
	assert_int_equal(judge(blank, DATED DATED), FROM_PARTS);
	assert_int_equal(judge(blank, DATED "prose goes on\n"),
	    FROM_TEXT_NOTED);
	assert_int_equal(judge(blank, "From - \nFrom: a@b\n"), FROM_PARTS);
	assert_int_equal(judge(blank, "From 18@xxx\nX-GM-THRID: 1\n"),
	    FROM_PARTS);
	assert_int_equal(judge(blank, "From Russia with love\n\n"),
	    FROM_TEXT);
	assert_int_equal(judge(blank, "From Russia with love\nYear: 1963\n\n"
				      "From: x\n"), FROM_TEXT);
	assert_int_equal(judge(none, DATED "Subject: x\n"),
	    FROM_PARTS_NOTED);
	assert_int_equal(judge(none, "From - \nSubject: x\n"),
	    FROM_PARTS_NOTED);
	assert_int_equal(judge(none, DATED "prose\n"), FROM_TEXT);
	assert_int_equal(judge(none, "From my view\nSubject: x\n"),
	    FROM_TEXT);
	assert_int_equal(judge("text\r\n\r\n", DATED "To: x\r\n"),
	    FROM_PARTS);
	assert_int_equal(judge("", DATED "To: x\n"), FROM_PARTS);
}

static void
test_headerless_record(void **state)
{
	(void)state;
	read_text(MESSAGE("1") DATED "\nno header, only text\n\n" MESSAGE("3")
		  DATED MESSAGE("5"));
	assert_int_equal(messages(), 5);
	assert_text(kept_message(&kept, 2)->subject, "3");
	assert_text(kept_message(&kept, 4)->subject, "5");
	assert_absent(kept_message(&kept, 1)->subject);
	assert_text(kept_text(&kept, 0, "1", false),
	    "body 1\nno header, only text\nbody 3\nbody 5\n");
}

static void
test_missing_blank_line(void **state)
{
	(void)state;
	read_text(DATED "Subject: 1\n\nbody\n" MESSAGE("2"));
	assert_int_equal(messages(), 2);
	assert_int_equal(kept_problems(&kept, "damaged"), 1);
	assert_text(kept_problem(&kept, 0)->severity, "note");
	assert_text(kept_problem(&kept, 0)->locator, "offset=55");
}

static void
test_unquoted_prose(void **state)
{
	(void)state;
	read_text(DATED "Subject: 1\n\nI wrote:\n\n" DATED
			"and so on\n\n" MESSAGE("2"));
	assert_int_equal(messages(), 2);
	assert_int_equal(kept_problems(&kept, "damaged"), 1);
	assert_true(bytes_find(kept_text(&kept, 0, "1", false),
	    BYTES_LIT("and so on")) != SIZE_MAX);
}

static void
test_content_length(void **state)
{
	(void)state;
	/* A whole message stands unquoted in the body (mboxcl2). */
	read_text(DATED "Content-Length: 72\n\nforwarded:\n\n" MESSAGE("in")
		  "\n" MESSAGE("2"));
	assert_int_equal(messages(), 2);
	assert_text(kept_message(&kept, 1)->subject, "2");
	/* A length that lies is not believed. */
	read_text(DATED "Content-Length: 5\n\nlonger than five\n\n"
		  MESSAGE("2"));
	assert_int_equal(messages(), 2);
	read_text(DATED "Content-Length: 99999\n\nshort\n\n" MESSAGE("2"));
	assert_int_equal(messages(), 2);
	read_text(DATED "Content-Length: 18446744073709551615\n\nshort\n\n"
		  MESSAGE("2"));
	assert_int_equal(messages(), 2);
}

static void
test_kinds_of_mailer(void **state)
{
	(void)state;
	read_text("From 184@xxx\nX-GM-THRID: 184\n"
		  "X-Gmail-Labels: Inbox,Unread,\n"
		  " =?UTF-8?Q?Caf=C3=A9?=\nSubject: a\n\nx\n\n");
	assert_text(kept_message(&kept, 0)->conversation, "184");
	assert_text(kept_message(&kept, 0)->flags,
	    "[\"label=Inbox\",\"unread\",\"label=Unread\",\"label=Caf\u00e9\"]"
	    );
	read_text("From - \nX-Mozilla-Status: 0009\nSubject: a\n\nx\n\n");
	assert_text(kept_message(&kept, 0)->flags, "[\"expunged\"]");
	read_text(DATED "Status: O\nX-Status: T\nSubject: a\n\nx\n\n");
	assert_text(kept_message(&kept, 0)->flags, "[\"unread\",\"draft\"]");
	read_text(DATED "Status: RO\nSubject: a\n\nx\n\n");
	assert_absent(kept_message(&kept, 0)->flags);
}

static void
test_lead(void **state)
{
	(void)state;
	read_text("\xef\xbb\xbf" MESSAGE("1"));
	assert_int_equal(messages(), 1);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	read_text("\n\r\n" MESSAGE("1"));
	assert_int_equal(messages(), 1);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	read_text("garbage\n\n" MESSAGE("1"));
	assert_int_equal(messages(), 1);
	assert_text(kept_problem(&kept, 0)->severity, "partial");
	assert_text(kept_message(&kept, 0)->locator, "offset=9+58");
}

static void
test_probe(void **state)
{
	(void)state;
	assert_true(parser_mbox.probe(BYTES_LIT(MESSAGE("1")), 99) > 24);
	assert_true(parser_mbox.probe(BYTES_LIT("From -\nTo: x\n"), 99) > 16);
	assert_int_equal(parser_mbox.probe(BYTES_LIT("From me to you\n"), 9),
	    0);
	assert_int_equal(parser_mbox.probe(BYTES_LIT("From: a@b\n"), 9), 0);
	assert_int_equal(parser_mbox.probe(BYTES_LIT(""), 0), 0);
}

/* More than one unit and more than one window: the same messages whatever
 * the cut, in ascending order, without holes. */
static void
test_units(void **state)
{
	enum { MESSAGES = 400, BODY = 60000 };
	static char box[MESSAGES * (BODY + 200)];
	size_t n = 0, at = 0;

	(void)state;
	for (int i = 0; i < MESSAGES; i++) {
		n += (size_t)snprintf(box + n, 200, DATED "Subject: %d\n\n", i);
		for (int k = 0; k < BODY / 60 * (i % 7 == 0); k++)
			n += (size_t)snprintf(box + n, 100,
			    "line %055d\n", k);
		n += (size_t)snprintf(box + n, 10, "\n");
	}
	/* One long message across windows. */
	read_box(bytes_of(box, n));
	assert_int_equal(messages(), MESSAGES);
	assert_true(kept.count[RECORD_KIND_UNIT] >= 1);
	for (size_t i = 0; i < messages(); i++) {
		unsigned long long from, length;
		char locator[64] = "";

		memcpy(locator, kept_message(&kept, i)->locator.p,
		    kept_message(&kept, i)->locator.n);
		assert_int_equal(sscanf(locator, "offset=%llu+%llu", &from,
		    &length), 2);
		assert_int_equal(from, at);
		at = from + length;
	}
	assert_int_equal(at, n);
}

/* A message larger than the first window, with a From_ line that straddles
 * each place around the window's edge. */
static void
test_window_edges(void **state)
{
	enum { EDGE = 4 << 20 };
	static char box[EDGE + 100000];

	(void)state;
	for (int shift = -12000; shift < 300; shift += 171) {
		size_t n = (size_t)snprintf(box, 200, DATED "Subject: 1\n\n");

		memset(box + n, 'x', (size_t)(EDGE + shift) - n);
		for (size_t i = n + 70; i < (size_t)(EDGE + shift); i += 71)
			box[i] = '\n';
		n = (size_t)(EDGE + shift);
		n += (size_t)snprintf(box + n, 400, "\n\n" MESSAGE("2")
		    MESSAGE("3"));
		read_box(bytes_of(box, n));
		assert_int_equal(messages(), 3);
		assert_text(kept_message(&kept, 2)->subject, "3");
	}
}

static void
read_cut(struct bytes cut)
{
	parser_mbox.probe(cut, cut.n);
	read_box(cut);
}

static void
test_truncations(void **state)
{
	(void)state;
	every_truncation(BYTES_LIT("\n" MESSAGE("1")
	    "From - \r\nContent-Length: 7\r\n\r\n>From x\r\n\r\n" DATED),
	    read_cut);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_content_hash),
		cmocka_unit_test(test_mboxrd),
		cmocka_unit_test(test_rule_of_lines),
		cmocka_unit_test(test_headerless_record),
		cmocka_unit_test(test_missing_blank_line),
		cmocka_unit_test(test_unquoted_prose),
		cmocka_unit_test(test_content_length),
		cmocka_unit_test(test_kinds_of_mailer),
		cmocka_unit_test(test_lead),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_window_edges),
		cmocka_unit_test(test_truncations),
	};
	int status;

	kept_init(&kept);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	kept_release(&kept);
	return status;
}
