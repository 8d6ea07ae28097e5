/* Outlook for Mac: items from XML, attachments from the archive around. */
#include "tests/support_check.h"

#include "parsers/base/limits.h"
#include "parsers/containers/zip_index.h"
#include "tests/support_sink.h"
#include "tests/support_zip.h"

extern const struct parser parser_olm, parser_zip;

static struct kept kept;

#define PLACE "Accounts/al@x.org/com.microsoft.__Messages/Inbox/"
#define FILES PLACE "com.microsoft.__Attachments/"

static const char mail[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<emails elementCount=\"1\"><email xml:space=\"preserve\">"
    "<OPFMessageCopyAttachmentList>"
    "<messageAttachment OPFAttachmentContentType=\"text/plain\""
    " OPFAttachmentName=\"a &quot;b&quot;.txt\" OPFAttachmentURL=\"" FILES
    "1\"/><messageAttachment OPFAttachmentName=\"in.eml\""
    " OPFAttachmentURL=\"" FILES "2\"/>"
    "<messageAttachment OPFAttachmentName=\"gone\" OPFAttachmentURL=\"" FILES
    "3\"/></OPFMessageCopyAttachmentList>"
    "<OPFMessageCopyBody>plain\x02 mixed_olm_0</OPFMessageCopyBody>"
    "<OPFMessageCopyHTMLBody>&lt;b&gt;rich&lt;/b&gt;"
    "</OPFMessageCopyHTMLBody><OPFMessageCopyFromAddresses>"
    "<emailAddress OPFContactEmailAddressAddress=\"m@x.org\""
    " OPFContactEmailAddressName=\"M, &quot;X&quot;\"/>"
    "</OPFMessageCopyFromAddresses><OPFMessageCopyToAddresses>"
    "<emailAddress OPFContactEmailAddressAddress=\"al@x.org\"/>"
    "<emailAddress OPFContactEmailAddressAddress=\"b@x.org\"/>"
    "</OPFMessageCopyToAddresses>"
    "<OPFMessageCopyMessageID>id@x.org</OPFMessageCopyMessageID>"
    "<OPFMessageCopySubject>One\ntwo</OPFMessageCopySubject>"
    "<OPFMessageCopySentTime>2023-05-16T10:00:00</OPFMessageCopySentTime>"
    "<OPFMessageCopyReceivedTime>2023-05-16T10:00:05"
    "</OPFMessageCopyReceivedTime>"
    "<OPFMessageGetIsRead>0E0</OPFMessageGetIsRead></email></emails>";

static void
again(void)
{
	kept_release(&kept);
	kept_init(&kept);
}

static void
test_archive(void **state)
{
	struct zip zip = { .count = 0 };
	struct bytes file;
	const struct record_message *m;

	(void)state;
	zip_add(&zip, PLACE "message_1.xml", bytes_cstr(mail), ZIP_DEFLATED);
	zip_add(&zip, FILES "1", BYTES_LIT("file one\n--mixed_olm_1\n"),
	    ZIP_DEFLATED);
	zip_add(&zip, FILES "2", BYTES_LIT("From: q@x.org\nSubject: in\n\n"),
	    ZIP_STORED);
	file = zip_finish(&zip);
	again();
	kept_run_bytes(&kept, &parser_zip, file);
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 2);
	m = kept_message(&kept, 0);
	assert_text(m->locator, "member=" PLACE "message_1.xml");
	assert_text(m->subject, "One two");
	assert_text(m->internet_message_id, "id@x.org");
	assert_text(m->sender, "M, \"X\" <m@x.org>");
	assert_text(m->recipients, "[\"al@x.org\",\"b@x.org\"]");
	assert_int_equal(m->sent_us, INT64_C(1684231200000000));
	assert_int_equal(m->arrival_us, INT64_C(1684231205000000));
	assert_text(m->flags, "[\"unread\"]");
	assert_int_equal(m->attachments, 3);
	assert_text(kept_text(&kept, 0, "1.1", false), "plain  mixed_olm_0");
	assert_text(kept_text(&kept, 0, "1.2", false), "rich");
	assert_text(kept_text(&kept, 0, "2", false),
	    "file one\n--mixed_olm_1\n");
	assert_text(kept_attachment(&kept, 0)->name, "a \"b\".txt");
	assert_text(kept_message(&kept, 1)->subject, "in");
	assert_text(kept_message(&kept, 1)->state, "embedded");
	/* One attachment is nowhere, and that is said; a note for the rest. */
	assert_int_equal(kept_problems(&kept, "no_data"), 1);
	assert_int_equal(kept_problems(&kept, "unknown_format"), 1);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 2);
	zip_release(&zip);
}

static void
test_other_items(void **state)
{
	static const char contacts[] =
	    "<contacts><contact><OPFContactCopyDisplayName>Jane Doe"
	    "</OPFContactCopyDisplayName><OPFContactCopyHomePhone>1 202 5550147"
	    "</OPFContactCopyHomePhone><OPFContactCopyEmailAddressList>"
	    "<contactEmailAddress OPFContactEmailAddressAddress=\"j@x.org\"/>"
	    "</OPFContactCopyEmailAddressList></contact>"
	    "<contact><OPFContactCopyDisplayName>Bob"
	    "</OPFContactCopyDisplayName></contact></contacts>";

	(void)state;
	again();
	kept_run_bytes(&kept, &parser_olm, bytes_cstr(contacts));
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 2);
	assert_text(kept_message(&kept, 0)->message_class, "IPM.Contact");
	assert_text(kept_message(&kept, 1)->locator, "item=2");
	assert_text(kept_text(&kept, 0, "1", false),
	    "DisplayName: Jane Doe\nHomePhone: 1 202 5550147\n"
	    "EmailAddressList: j@x.org\nDisplayName: Bob\n");
	again();
	kept_run_bytes(&kept, &parser_olm, BYTES_LIT("<categories><category "
	    "OPFCategoryCopyName=\"x\"/></categories>"));
	assert_text(kept_problem(&kept, 0)->severity, "note");
}

static void
test_damage(void **state)
{
	(void)state;
	for (size_t n = 1; n < sizeof mail - 1; n++) {
		again();
		kept_run_bytes(&kept, &parser_olm,
		    bytes_of((const uint8_t *)mail, n));
		/* Never silence: cut is partial, or lost. */
		assert_true(kept.count[RECORD_KIND_PROBLEM] > 0);
	}
}

static void
test_probe(void **state)
{
	bool tie;

	(void)state;
	assert_ptr_equal(parser_for(bytes_cstr(mail), sizeof mail, &tie),
	    &parser_olm);
	assert_ptr_not_equal(parser_for(BYTES_LIT("<emails><a/></emails>"), 21,
	    &tie), &parser_olm);
}

/* ---- the directory of a zip */

static struct zip_index *
open_index(struct input *input, struct bytes file)
{
	*input = (struct input){ .fd = -1, .memory = file, .size = file.n };
	return zip_index_open(input);
}

static void
test_index(void **state)
{
	struct zip zip = { .count = 0 };
	struct input input;
	struct arena arena;
	struct zip_index *index;
	struct bytes file, copy;
	const char *why;

	(void)state;
	zip_add(&zip, "b", BYTES_LIT("stored"), ZIP_STORED);
	zip_add(&zip, "a", BYTES_LIT("deflated deflated"), ZIP_DEFLATED);
	zip_add(&zip, "b", BYTES_LIT("again"), ZIP_STORED);
	zip_add(&zip, "e", BYTES_LIT("locked"), ZIP_ENCRYPTED);
	file = zip_finish(&zip);
	arena_init(&arena);
	index = open_index(&input, file);
	assert_text(zip_index_take(index, &arena, BYTES_LIT("a"), &why),
	    "deflated deflated");
	assert_text(zip_index_take(index, &arena, BYTES_LIT("b"), &why),
	    "stored");
	assert_absent(zip_index_take(index, &arena, BYTES_LIT("e"), &why));
	assert_string_equal(why, "the member is encrypted");
	assert_absent(zip_index_take(index, &arena, BYTES_LIT("c"), &why));
	assert_string_equal(why, "the archive has no such member");
	zip_index_close(index);

	/* Each byte damaged, each length cut: what comes out is whole. */
	for (size_t i = 0; i < file.n; i++) {
		struct bytes got;

		copy = exact_copy(file);
		((uint8_t *)(uintptr_t)copy.p)[i] ^= 0xff;
		index = open_index(&input, copy);
		got = zip_index_take(index, &arena, BYTES_LIT("a"), &why);
		assert_true(got.p == NULL || bytes_eq(got,
		    BYTES_LIT("deflated deflated")));
		zip_index_close(index);
		exact_free(copy);
		copy = exact_copy(bytes_slice(file, 0, i));
		index = open_index(&input, copy);
		assert_absent(zip_index_take(index, &arena, BYTES_LIT("a"),
		    &why));
		zip_index_close(index);
		exact_free(copy);
	}
	arena_release(&arena);
	zip_release(&zip);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_archive),
		cmocka_unit_test(test_other_items),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_index),
	};
	int status;

	kept_init(&kept);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	kept_release(&kept);
	return status;
}
