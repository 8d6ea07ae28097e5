/* MAPI properties -> records: bags written by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/base/hash.h"
#include "parsers/base/limits.h"
#include "parsers/mapi/property.h"
#include "tests/support_said.h"

static struct said said;

#define VALUE(s) { (const uint8_t *)(s), sizeof(s) - 1 }
#define S8(id, s) { id, MAPI_STRING8, VALUE(s) }
#define BIN(id, s) { id, MAPI_BINARY, VALUE(s) }
#define I32(id, s) { id, MAPI_INT32, VALUE(s) }
#define BOOLEAN(id, s) { id, MAPI_BOOLEAN, VALUE(s) }
#define TIME(id, s) { id, MAPI_TIME, VALUE(s) }
#define BAG(list) { list, sizeof list / sizeof *list }

/* 2020-01-01T00:00:00Z, and an hour later. */
#define NEW_YEAR "\x00\x00\x05\x69\x36\xc0\xd5\x01"
#define HOUR_LATER "\x00\x68\xc9\xca\x3e\xc0\xd5\x01"

static void
say(struct mapi_message *message)
{
	said_reset(&said);
	mapi_message_say(&said.sink, message);
}

static void
test_note(void **state)
{
	static const struct mapi_property to[] = { I32(0x0C15, "\1\0\0\0"),
		S8(0x3001, "Bob"), S8(0x3002, "SMTP"),
		S8(0x3003, "bob@example.org") };
	static const struct mapi_property cc[] = { I32(0x0C15, "\2\0\0\x10"),
		S8(0x3001, "'CAROL@example.org'"), S8(0x3002, "EX"),
		S8(0x3003, "/O=ORG/CN=CAROL"),
		S8(0x39FE, "carol@example.org") };
	static const struct mapi_bag recipients[] = { BAG(to), BAG(cc) };
	static const struct mapi_property list[] = { S8(0x001A, "IPM.Note"),
		S8(0x0037, "\1\5RE: Hello"), TIME(0x0039, NEW_YEAR),
		S8(0x0042, "Alice"), S8(0x0064, "EX"),
		S8(0x0065, "/O=ORG/CN=ALICE"), BIN(0x0071, "\1\2\3\4"),
		S8(0x0C1A, "Alice"), TIME(0x0E06, HOUR_LATER),
		I32(0x0E07, "\0\0\0\0"), I32(0x0E08, "\x39\5\0\0"),
		S8(0x1000, "Dear Bob\r\n\r\n"), S8(0x1035, "<1@example.org>"),
		BIN(0x300B, "\xab\xcd"), I32(0x3FFD, "\xe4\4\0\0"),
		S8(0x5D01, "alice@example.org") };
	struct mapi_message message = { .bag = BAG(list),
		.recipients = recipients,
		.recipient_count = 2,
		.locator = BYTES_LIT("nid=0x200024"),
		.folder_id = BYTES_LIT("nid=0x8022"),
		.state = BYTES_LIT("live") };

	(void)state;
	say(&message);
	assert_true(said_line(&said, "message idx=0 locator=nid=0x200024 "
				     "folder_id=nid=0x8022 state=live "
				     "message_class=IPM.Note "
				     "internet_message_id=<1@example.org> "
				     "subject=RE: Hello "
				     "sender=Alice <alice@example.org> "
				     "sender_address=alice@example.org "
				     "recipients=[\"Bob <bob@example.org>\","
				     "\"carol@example.org\"]",
	    "bytes=1337 attachments=0", "search_key=abcd",
	    "conversation=AQIDBA==", "flags=[\"unread\"]", NULL));
	assert_true(said_line(&said, "body_sha256=6c3d0d39ad019c43", NULL));
	assert_true(said_line(&said, "address idx=0 role=from position=0 "
				     "name=Alice address=alice@example.org",
	    NULL));
	assert_true(said_line(&said, "role=cc position=0 name= "
				     "address=carol@example.org", NULL));
	assert_true(said_line(&said, "text 0 headers/Subject|RE: Hello|",
	    NULL));
	assert_true(said_line(&said, "text 0 body|Dear Bob\\r\\n\\r\\n|",
	    NULL));
	assert_int_equal(said_count(&said, "problem "), 0);
}

/* Without any property that names it, Japanese is told by its kana. */
static void
test_codepages(void **state)
{
	static const struct mapi_property japanese[] = {
		S8(0x0037, "\x82\xa0\x82\xa2\x8a\xbf") };
	static const struct mapi_property russian[] = {
		S8(0x0037, "\xcf\xf0\xe8\xe2\xe5\xf2") };
	static const struct mapi_property french[] = {
		S8(0x0037, "\xe9t\xe9") };
	static const struct mapi_property told[] = {
		S8(0x0037, "\xcf\xf0\xe8"), I32(0x3FDE, "\xb3\x6f\0\0") };
	static const struct mapi_property utf8[] = {
		S8(0x0037, "\xc3\xa9"), I32(0x3FFD, "\xb0\x04\0\0") };
	static const struct {
		struct mapi_bag bag;
		const char *subject;
		bool guessed;
	} cases[] = { { BAG(japanese), "\xe3\x81\x82\xe3\x81\x84\xe6\xbc\xa2",
			  true },
		{ BAG(russian), "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5"
				"\xd1\x82", true },
		{ BAG(french), "\xc3\xa9t\xc3\xa9", true },
		{ BAG(told), "\xd0\x9f\xd1\x80\xd0\xb8", false },
		{ BAG(utf8), "\xc3\xa9", false } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mapi_message message = { .bag = cases[i].bag };

		say(&message);
		assert_true(said_line(&said, "message", "subject=",
		    cases[i].subject, NULL));
		assert_int_equal(said_count(&said, "charset_guess"),
		    cases[i].guessed);
	}
}

/* RTF beside a body is a part of its own only when it says other words. */
static void
test_bodies(void **state)
{
	static const struct mapi_property same[] = {
		S8(0x003D, "RE: "), S8(0x0E1D, "Halves"),
		S8(0x1000, "* one\r\n"),
		BIN(0x1009, "\x20\0\0\0\x14\0\0\0MELA\0\0\0\0"
			    "{\\rtf1 \\bullet  one}") };
	static const struct mapi_property other[] = {
		S8(0x1000, "one\r\n"),
		BIN(0x1009, "\x17\0\0\0\x0b\0\0\0MELA\0\0\0\0"
			    "{\\rtf1 two}") };
	static const struct mapi_property html[] = { BIN(0x1009,
	    "\x2e\0\0\0\x22\0\0\0MELA\0\0\0\0"
	    "{\\rtf1\\fromhtml1{\\*\\htmltag <b>}x}") };
	struct mapi_message message = { .bag = BAG(same) };

	(void)state;
	say(&message);
	assert_true(said_line(&said, "subject=RE: Halves", NULL));
	assert_int_equal(said_count(&said, "problem "), 0);
	assert_int_equal(said_count(&said, "text 0 rtf"), 0);
	message.bag = (struct mapi_bag)BAG(other);
	say(&message);
	assert_true(said_line(&said, "text 0 body|one\\r\\n|", NULL));
	assert_true(said_line(&said, "text 0 rtf|two|", NULL));
	message.bag = (struct mapi_bag)BAG(html);
	say(&message);
	assert_true(said_line(&said, "text 0 html|x", NULL));
	assert_true(said_line(&said, "html_sha256=", NULL));
	assert_int_equal(said_count(&said, "body_sha256="), 0);
}

/* Contract 3, Arrival: sent items by their submit time. */
static void
test_arrival(void **state)
{
	static const struct mapi_property sent[] = { TIME(0x0039, NEW_YEAR),
		TIME(0x0E06, HOUR_LATER), I32(0x0E07, "\x21\0\0\0") };
	static const struct mapi_property to_self[] = {
		TIME(0x0039, NEW_YEAR), S8(0x007D, "From: a@example.org\r\n"),
		TIME(0x0E06, HOUR_LATER), I32(0x0E07, "\x21\0\0\0") };
	static const struct mapi_property draft[] = {
		I32(0x0E07, "\x29\0\0\0") };
	struct mapi_message message = { .bag = BAG(sent) };

	(void)state;
	say(&message);
	assert_true(said_line(&said, "arrival_us=1577836800000000",
	    "flags=[\"sent\"]", NULL));
	message.bag = (struct mapi_bag)BAG(to_self);
	say(&message);
	assert_true(said_line(&said, "arrival_us=1577840400000000", NULL));
	message.bag = (struct mapi_bag)BAG(draft);
	say(&message);
	assert_int_equal(said_count(&said, "arrival_us"), 0);
	assert_true(said_line(&said, "flags=[\"draft\"]", NULL));
}

static void
test_headers(void **state)
{
	static const struct mapi_property list[] = { S8(0x007D,
	    "Microsoft Mail Internet Headers Version 2.0\r\n"
	    "Message-ID: <7@example.org>\r\nFrom: Eve <eve@example.org>\r\n"
	    "To: a@example.org, b@example.org\r\n"
	    "Delivered-To: a@example.org\r\n"
	    "Date: Wed, 01 Jan 2020 00:00:00 +0000\r\n\r\n") };
	struct mapi_message message = { .bag = BAG(list) };

	(void)state;
	say(&message);
	assert_true(said_line(&said, "internet_message_id=<7@example.org>",
	    "sender=Eve <eve@example.org> sender_address=eve@example.org "
	    "recipients=[\"a@example.org\",\"b@example.org\"] "
	    "sent_us=1577836800000000", "delivered_to=a@example.org", NULL));
}

static void
test_contact(void **state)
{
	static const struct mapi_property list[] = {
		S8(0x001A, "IPM.Contact"), S8(0x3001, "Alice Doe"),
		S8(0x3A07, "078-05-1120"),
		TIME(0x3A42, NEW_YEAR), S8(0x8001, "alice@example.org"),
		S8(0x8002, "blue") };
	static const struct mapi_name names[] = {
		{ 0x8001, { 4, 0x20, 6, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0,
			      0x46 }, 0x8083, BYTES_NONE },
		{ 0x8002, { 0x29, 3, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0,
			      0x46 }, 0, VALUE("Eyes") } };
	struct mapi_message message = { .bag = BAG(list),
		.names = { names, 2 } };

	(void)state;
	say(&message);
	assert_true(said_line(&said, "text 0 properties|Name: Alice Doe\\n"
				     "Date of birth: 2020-01-01\\n"
				     "Government ID number: 078-05-1120\\n"
				     "E-mail: alice@example.org\\n"
				     "Eyes: blue\\n|", NULL));
}

/* count, offsets, items: [MS-PST] 2.3.3.4.2. */
#define ONE_OFF "\0\0\0\0\x81\x2B\x1F\xA4\xBE\xA3\x10\x19\x9D\x6E\0\xDD\1\x0F" \
		"\x54\2\0\0\0\0"

static void
test_list(void **state)
{
	static const struct mapi_property list[] = {
		{ 0x8001, 0x1102, VALUE("\2\0\0\0\x0c\0\0\0\x3a\0\0\0"
					ONE_OFF "Al\0SMTP\0a@example.org\0"
					ONE_OFF "Bo\0EX\0/O=ORG\0") },
		{ 0x8002, 0x101E, VALUE("\2\0\0\0\x0c\0\0\0\x0f\0\0\0"
					"red"
					"blue") } };
	static const struct mapi_name names[] = {
		{ 0x8001, { 4, 0x20, 6, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0,
			      0x46 }, 0x8054, BYTES_NONE },
		{ 0x8002, { 0x29, 3, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0,
			      0x46 }, 0, VALUE("Keywords") } };
	struct mapi_message message = { .bag = BAG(list),
		.names = { names, 2 } };

	(void)state;
	say(&message);
	assert_true(said_line(&said, "text 0 properties|"
				     "Member: Al <a@example.org>\\n"
				     "Member: Bo </O=ORG>\\n"
				     "Keywords: red; blue\\n|", NULL));
}

/* ---- attachments */

struct piece_store { /* hands its text out in pieces of one byte */
	const struct mapi_property *bag;
	size_t count;
	struct bytes data;
	bool fails, lost;
	struct mapi_message *embedded;
	size_t reads;
};

static bool
store_data(void *context, struct mapi_attachment *attachment,
    void (*piece)(void *to, struct bytes bytes), void *to)
{
	struct piece_store *store = context;

	(void)attachment;
	store->reads++;
	for (size_t i = 0; i < store->data.n; i++)
		piece(to, bytes_slice(store->data, i, i + 1));
	return !store->fails;
}

static bool
store_attachment(void *context, struct arena *item,
    struct mapi_message *message, size_t i, struct mapi_attachment *out)
{
	struct piece_store *store = context;

	(void)item;
	(void)message;
	(void)i;
	out->bag = (struct mapi_bag){ store->bag, store->count };
	out->embedded = store->embedded;
	if (bytes_present(store->data))
		out->data = store_data;
	return !store->lost;
}

static void
say_attachment(struct piece_store *store)
{
	struct mapi_message message = { .attachment_count = 1,
		.attachment = store_attachment,
		.context = store,
		.locator = BYTES_LIT("nid=0x24") };

	say(&message);
}

static void
test_attachment(void **state)
{
	static const struct mapi_property bag[] = { S8(0x3704, "A~1.TXT"),
		I32(0x3705, "\1\0\0\0"), S8(0x3707, "a long name.txt"),
		S8(0x370E, "Text/Plain"), BOOLEAN(0x7FFE, "\1") };
	struct piece_store store = { .bag = bag, .count = 5,
		.data = BYTES_LIT("abc") };

	(void)state;
	say_attachment(&store);
	assert_true(said_line(&said, "attachment idx=0 part=attachment=1 "
				     "name=a long name.txt "
				     "content_type=text/plain bytes=3 "
				     "sha256=ba7816bf8f01cfea414140de5dae2223b"
				     "00361a396177a9cb410ff61f20015ad md5="
				     "900150983cd24fb0d6963f7d28e17f72 "
				     "method=file hidden=1 text=read "
				     "locator=nid=0x24/attachment=1", NULL));
	assert_true(said_line(&said, "text 0 attachment=1|abc|", NULL));
	assert_int_equal(store.reads, 1);
	store.data = BYTES_NONE;
	say_attachment(&store);
	assert_true(said_line(&said, "problem locator=nid=0x24/attachment=1 "
				     "kind=no_data severity=partial", NULL));
	store.lost = true;
	say_attachment(&store);
	assert_true(said_line(&said, "attachment", "text=not_read", NULL));
}

/* A message signed as one piece: the entity in it is read. */
static void
test_signed(void **state)
{
	static const struct mapi_property bag[] = {
		I32(0x3705, "\1\0\0\0"), S8(0x3707, "smime.p7m") };
	/* ContentInfo, SignedData 1, no digests, data, no signers. */
	static const uint8_t der[] = { 0x30, 0x39, 0x06, 0x09, 0x2A, 0x86, 0x48,
		0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02, 0xA0, 0x2C, 0x30, 0x2A,
		0x02, 0x01, 0x01, 0x31, 0x00, 0x30, 0x21, 0x06, 0x09, 0x2A,
		0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01, 0xA0, 0x14,
		0x04, 0x12, 'S', 'u', 'b', 'j', 'e', 'c', 't', ':', ' ', 's',
		'\r', '\n', '\r', '\n', 't', 'e', 'x', 't', 0x31, 0x00 };
	struct piece_store store = { .bag = bag, .count = 2,
		.data = { der, sizeof der } };
	uint8_t sealed[sizeof der];

	(void)state;
	say_attachment(&store);
	assert_true(said_line(&said, "message idx=1 parent_idx=0",
	    "subject=s", NULL));
	assert_true(said_line(&said, "text 1 ", "|text|", NULL));
	assert_true(said_line(&said, "attachment idx=0",
	    "embedded_idx=1 text=read", NULL));
	memcpy(sealed, der, sizeof der);
	sealed[12] = 3; /* enveloped */
	store.data.p = sealed;
	say_attachment(&store);
	assert_true(said_line(&said, "problem", "kind=encrypted", NULL));
	assert_true(said_line(&said, "attachment", "text=encrypted", NULL));
}

/* More than is held between the looks is read twice; its text is the same. */
static void
test_held(void **state)
{
	static const struct mapi_property bag[] = {
		I32(0x3705, "\1\0\0\0"), S8(0x3707, "big.txt") };
	uint8_t *big = malloc(LIMIT_MAPI_HELD + 1);
	struct piece_store store = { .bag = bag, .count = 2 };
	struct mapi_message message = { .attachment = store_attachment,
		.context = &store };

	(void)state;
	assert_non_null(big);
	memset(big, 'a', LIMIT_MAPI_HELD + 1);
	for (size_t extra = 0; extra < 2; extra++) {
		store.data = bytes_of(big, LIMIT_MAPI_HELD + extra);
		store.reads = 0;
		say_attachment(&store);
		assert_int_equal(store.reads, 1 + extra);
		assert_true(said_line(&said, "text 0 attachment=1|aaa", NULL));
	}
	/* Together: the first is held, the second is not. */
	store.data = bytes_of(big, LIMIT_MAPI_HELD - 10);
	store.reads = 0;
	message.attachment_count = 2;
	say(&message);
	assert_int_equal(store.reads, 3);
	free(big);
}

/* A chain of messages to the limit, and one past it. */
static void
test_depth(void **state)
{
	static struct piece_store stores[LIMIT_PST_DEPTH + 2];
	static struct mapi_message messages[LIMIT_PST_DEPTH + 2];
	static const struct mapi_property bag[] = { I32(0x3705,
	    "\5\0\0\0") };

	(void)state;
	for (size_t i = 0; i < LIMIT_PST_DEPTH + 2; i++) {
		stores[i] = (struct piece_store){ .bag = bag, .count = 1 };
		messages[i] = (struct mapi_message){
			.attachment = store_attachment, .context = &stores[i] };
		if (i == 0)
			continue;
		stores[i].embedded = &messages[i - 1];
		messages[i].attachment_count = 1;
	}
	say(&messages[LIMIT_PST_DEPTH]);
	assert_int_equal(said_count(&said, "limit_depth"), 0);
	assert_int_equal(said_count(&said, "message idx="),
	    LIMIT_PST_DEPTH + 1);
	assert_true(said_line(&said, "message idx=1 parent_idx=0", NULL));
	assert_true(said_line(&said, "attachment idx=0", "method=embedded",
	    "embedded_idx=1 text=read", NULL));
	say(&messages[LIMIT_PST_DEPTH + 1]);
	assert_int_equal(said_count(&said, "limit_depth"), 1);
}

/* A message that holds itself twice ends at the limit of parts. */
static void
test_parts(void **state)
{
	static struct piece_store store;
	static struct mapi_message message;
	static const struct mapi_property bag[] = { I32(0x3705,
	    "\5\0\0\0") };

	(void)state;
	store = (struct piece_store){ .bag = bag, .count = 1,
		.embedded = &message };
	message = (struct mapi_message){ .attachment = store_attachment,
		.context = &store, .attachment_count = 2 };
	say(&message);
	assert_true(said_count(&said, "limit_parts") > 0);
	assert_true(said_count(&said, "attachment idx=") <= LIMIT_MIME_PARTS);
}

/* The canonical form, in full (README.md). */
static void
test_canonical(void **state)
{
	static const struct mapi_property bag[] = { I32(0x3705, "\1\0\0\0"),
		S8(0x3707, "a.txt") };
	static const struct mapi_property list[] = { S8(0x001A, "IPM.Note"),
		S8(0x0037, "Hi"), TIME(0x0039, NEW_YEAR),
		S8(0x0042, "Alice"), S8(0x1000, "text\r\n") };
	static const char form[] =
	    "postmortem mapi 1\nclass: 8 IPM.Note\nsubject: 2 Hi\n"
	    "sent: 20 2020-01-01T00:00:00Z\nfrom: 5 Alice\nbody: 64 "
	    "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"
	    "\nattachment: 5 a.txt\nmethod: 4 file\nsha256: 64 "
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	    "\n";
	struct piece_store store = { .bag = bag, .count = 2,
		.data = BYTES_LIT("abc") };
	struct mapi_message message = { .bag = BAG(list),
		.attachment_count = 1,
		.attachment = store_attachment,
		.context = &store };
	char want[90];

	(void)state;
	say(&message);
	snprintf(want, sizeof want, "content_sha256=%.64s",
	    (const char *)sha256_hex(&said.sink.item,
	        BYTES_LIT(form)).p);
	assert_true(said_line(&said, "message", want, NULL));
}

static void
put_u32(uint8_t *p, size_t value)
{
	for (size_t i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

static void
test_values(void **state)
{
	static uint8_t value[4 + 4 * (LIMIT_MAPI_VALUES + 1)];
	static const struct mapi_name name = { 0x8002, { 0x29, 3, 2, 0, 0, 0, 0,
		0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46 }, 0, VALUE("Keywords") };
	struct mapi_property list[] = { { 0x8002, 0x101E, BYTES_NONE } };
	struct mapi_message message = { .bag = BAG(list),
		.names = { &name, 1 } };

	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		size_t count = LIMIT_MAPI_VALUES + extra;

		put_u32(value, count);
		for (size_t i = 0; i < count; i++)
			put_u32(value + 4 + 4 * i, 4 + 4 * count);
		list[0].value = bytes_of(value, 4 + 4 * count);
		say(&message);
		assert_int_equal(said_count(&said, "limit_parts"), extra);
	}
}

static void
test_recipients(void **state)
{
	static const struct mapi_property to[] = { S8(0x3001, "Bob") };
	static struct mapi_bag recipients[LIMIT_RECIPIENTS + 1];
	struct mapi_message message = { .recipients = recipients };

	(void)state;
	for (size_t i = 0; i <= LIMIT_RECIPIENTS; i++)
		recipients[i] = (struct mapi_bag)BAG(to);
	for (size_t extra = 0; extra < 2; extra++) {
		message.recipient_count = LIMIT_RECIPIENTS + extra;
		say(&message);
		assert_int_equal(said_count(&said, "limit_parts"), extra);
		assert_int_equal(said_count(&said, "address idx="),
		    LIMIT_RECIPIENTS);
	}
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
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_note),
		TEST(test_codepages), TEST(test_bodies), TEST(test_arrival),
		TEST(test_headers), TEST(test_contact), TEST(test_list),
		TEST(test_attachment), TEST(test_held), TEST(test_signed),
		TEST(test_depth), TEST(test_parts), TEST(test_values),
		TEST(test_recipients), TEST(test_canonical) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
