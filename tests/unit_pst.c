/* Stores of every form and encoding: folders, items, what they hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/base/limits.h"
#include "parsers/pst/form.h"
#include "tests/support_sink.h"
#include "tests/support_store.h"

extern const struct parser parser_pst, parser_ost, parser_pst_cross;

static const char *const forms[] = {
	"-f unicode -c permute", "-f unicode -c none", "-f unicode -c cyclic",
	"-f ansi -c permute", "-f ansi -c none", "-f ansi -c cyclic",
	"-f 4k -c permute", "-f 4k -c none", "-f 4k -c cyclic",
	"-f 4k -c none -z", "-f 4k -c permute -z",
};

static void
read_store(struct kept *kept, const char *options, const char *spec)
{
	struct buffer store = store_made(options, spec);

	kept_init(kept);
	kept_run_bytes(kept, &parser_pst, buffer_bytes(&store));
	buffer_release(&store);
}

static const struct record_message *
message_of(const struct kept *kept, const char *subject)
{
	for (size_t i = 0; i < kept->count[RECORD_KIND_MESSAGE]; i++)
		if (bytes_eq(kept_message(kept, i)->subject,
		        bytes_cstr(subject)))
			return kept_message(kept, i);
	fail_msg("no message '%s'", subject);
	return NULL;
}

static const struct record_folder *
folder_at(const struct kept *kept, const char *path)
{
	for (size_t i = 0; i < kept->count[RECORD_KIND_FOLDER]; i++) {
		const struct record_folder *f = kept_record(kept,
		    RECORD_KIND_FOLDER, i);

		if (bytes_eq(f->path, bytes_cstr(path)) &&
		    bytes_eq(f->kind, BYTES_LIT("mail")))
			return f;
	}
	fail_msg("no folder '%s'", path);
	return NULL;
}

#define assert_bytes(got, text)                                                \
	assert_true(bytes_eq(got, bytes_cstr(text)))

/* ---- numbers of the specification */

static void
test_checksum_and_signature(void **state)
{
	static const uint8_t text[] = "123456789";

	(void)state;
	/* The common CRC-32 of this is CBF43926; ours starts at 0 and ends
	 * without a xor. */
	assert_int_equal(pst_crc(text, 9), 0x2dfd2d88);
	assert_int_equal(pst_crc(text, 0), 0);
	assert_int_equal(pst_crc((const uint8_t *)"\0\0\0\0", 4), 0);
	assert_int_equal(pst_signature(0x4400, 0x24), 0x4424);
	assert_int_equal(pst_signature(UINT64_C(0x112345678), 0x8),
	    0x1234 ^ 0x5670);
}

/* Against the definition, bit by bit, at every length around the steps. */
static void
test_checksum_lengths(void **state)
{
	uint8_t bytes[400];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 37 + (i >> 3));
	for (size_t n = 0; n <= sizeof bytes; n++) {
		uint32_t crc = 0;

		for (size_t i = 0; i < n; i++) {
			crc ^= bytes[i];
			for (int bit = 0; bit < 8; bit++)
				crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
		}
		assert_int_equal(pst_crc(bytes, n), crc);
	}
}

static void
test_permute_vector(void **state)
{
	/* From a real store. */
	static const uint8_t coded[] = { 0x60, 0x36, 0xff, 0x93, 0x4c, 0x41,
		0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0xa6, 0x13, 0x6e, 0x41 };
	static const uint8_t plain[] = { 0x3c, 0x01, 0xec, 0xbc, 0x20, 0, 0, 0,
		0, 0, 0, 0, 0xb5, 0x02, 0x06, 0 };
	uint8_t room[16];

	(void)state;
	memcpy(room, coded, 16);
	pst_decode(PST_CRYPT_PERMUTE, 0, room, 16);
	assert_memory_equal(room, plain, 16);
	pst_encode(PST_CRYPT_PERMUTE, 0, room, 16);
	assert_memory_equal(room, coded, 16);
}

static void
test_cyclic_is_its_own_inverse(void **state)
{
	uint8_t room[600], before[600];

	(void)state;
	for (size_t i = 0; i < sizeof room; i++)
		before[i] = room[i] = (uint8_t)(i * 7);
	pst_encode(PST_CRYPT_CYCLIC, 0x12345678, room, sizeof room);
	assert_memory_not_equal(room, before, sizeof room);
	pst_decode(PST_CRYPT_CYCLIC, 0x12345678, room, sizeof room);
	assert_memory_equal(room, before, sizeof room);
}

/* ---- every form */

static void
check_folders(const struct kept *kept)
{
	const struct record_folder *inbox = folder_at(kept, "Inbox");

	assert_int_equal(inbox->expected, 2);
	assert_int_equal(inbox->associated, 1);
	assert_bytes(inbox->special, "inbox");
	assert_int_equal(folder_at(kept, "Inbox/Projects")->expected, 1);
	assert_true(bytes_eq(folder_at(kept, "Inbox/Projects")->parent_id,
	    inbox->folder_id));
	assert_int_equal(folder_at(kept, "Empty")->expected, 0);
	assert_bytes(folder_at(kept, "Deleted Items")->special, "deleted");
	/* The subtree itself: items in it have no folder name. */
	assert_int_equal(folder_at(kept, "")->expected, 0);
}

static void
check_messages(struct kept *kept)
{
	const struct record_message *m = message_of(kept, "Budget for June");

	assert_int_equal(kept->count[RECORD_KIND_MESSAGE], 7);
	assert_bytes(m->state, "live");
	assert_bytes(m->internet_message_id, "<one@example.org>");
	assert_bytes(m->sender_address, "alice@example.org");
	assert_true(bytes_eq(m->folder_id,
	    folder_at(kept, "Inbox")->folder_id));
	assert_bytes(m->locator, "nid=0x200024");
	assert_int_equal(m->attachments, 1);
	assert_int_equal(m->received_us, INT64_C(1685613605000000));
	m = message_of(kept, "The letter");
	assert_bytes(m->state, "embedded");
	assert_int_equal(m->parent_idx, 0);
	assert_true(bytes_starts(m->locator, BYTES_LIT("nid=0x200044/"
						       "attachment=0x")));
	m = message_of(kept, "Not listed");
	assert_bytes(m->state, "recovered");
	assert_true(bytes_eq(m->folder_id,
	    folder_at(kept, "Inbox")->folder_id));
	assert_int_equal(m->listed, RECORD_NONE);
	m = message_of(kept, "Nowhere");
	assert_bytes(m->state, "recovered");
	assert_false(bytes_present(m->folder_id));
}

static const struct record_attachment *
attachment_named(const struct kept *kept, const char *name)
{
	for (size_t i = 0; i < kept->count[RECORD_KIND_ATTACHMENT]; i++)
		if (bytes_eq(kept_attachment(kept, i)->name, bytes_cstr(name)))
			return kept_attachment(kept, i);
	fail_msg("no attachment '%s'", name);
	return NULL;
}

static void
check_attachments(const struct kept *kept)
{
	assert_int_equal(kept->count[RECORD_KIND_ATTACHMENT], 3);
	assert_int_equal(attachment_named(kept, "plan.txt")->bytes, 12);
	/* sha256 of "twelve bytes" */
	assert_bytes(attachment_named(kept, "plan.txt")->sha256,
	    "d4ce2c527afe674c7a086bd74e256019e3d5dcdb31eeb6eaadef5ada8c4383b9");
	/* More than one block. */
	assert_int_equal(attachment_named(kept, "big.bin")->bytes, 30000);
}

static void
test_every_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct kept kept;

		print_message("form %s\n", forms[i]);
		read_store(&kept, forms[i], store_spec);
		assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
		check_folders(&kept);
		check_messages(&kept);
		check_attachments(&kept);
		kept_release(&kept);
	}
}

static bool
is_flagged(const struct kept *kept, const char *subject, const char *flag)
{
	return bytes_find(message_of(kept, subject)->flags,
	           bytes_cstr(flag)) != SIZE_MAX;
}

/* Contract 3, Arrival: what lies in Sent Items arrived when it was sent. */
static void
test_sent_items(void **state)
{
#define TIMES "sent 2023-06-01T10:00:00Z\nreceived 2023-06-01T12:00:00Z\n"
	static const char spec[] =
	    "folder Sent Items\n"
	    "message\nsubject plain\n" TIMES "end\n"
	    "message\nsubject draft\nflags draft\n" TIMES "end\n"
	    "message\nsubject imported\n" TIMES
	    "headers <<X\nSubject: imported\nX\nend\n"
	    "message\nsubject delivered\n" TIMES
	    "headers <<X\nReceived: by x; Thu, 1 Jun 2023 12:00:00 +0000\n"
	    "X\nend\n"
	    "folder Inbox\n"
	    "message\nsubject elsewhere\n" TIMES "end\n"
	    "message\nsubject mine\nflags from-me\n" TIMES "end\n";
	struct kept kept;

	(void)state;
	read_store(&kept, "-f unicode", spec);
	assert_true(is_flagged(&kept, "plain", "sent"));
	assert_int_equal(message_of(&kept, "plain")->arrival_us,
	    message_of(&kept, "plain")->sent_us);
	assert_false(is_flagged(&kept, "draft", "\"sent\""));
	assert_true(is_flagged(&kept, "imported", "sent"));
	assert_false(is_flagged(&kept, "delivered", "sent"));
	assert_false(is_flagged(&kept, "elsewhere", "sent"));
	assert_int_equal(message_of(&kept, "elsewhere")->arrival_us,
	    message_of(&kept, "elsewhere")->received_us);
	assert_true(is_flagged(&kept, "mine", "sent"));
	kept_release(&kept);
}

/* Every class is an item of its own; a search folder's contents are not. */
static void
test_every_class(void **state)
{
	static const char *const classes[] = { "IPM.Note", "IPM.Appointment",
		"IPM.Schedule.Meeting.Request",
		"IPM.Schedule.Meeting.Resp.Pos", "IPM.Contact",
		"IPM.DistList", "IPM.Task", "IPM.TaskRequest",
		"IPM.StickyNote", "IPM.Activity", "IPM.Post",
		"REPORT.IPM.Note.NDR", "REPORT.IPM.Note.IPNRN",
		"IPM.Note.SMIME", "IPM.Note.SMIME.MultipartSigned",
		"IPM.Conflict.Message", "IPM.Note.Microsoft.Conversation" };
	enum { CLASSES = sizeof classes / sizeof classes[0] };
	struct buffer spec = BUFFER_EMPTY;
	struct kept kept;

	(void)state;
	buffer_add_cstr(&spec, "folder Inbox\n");
	for (size_t i = 0; i < CLASSES; i++)
		buffer_printf(&spec, "message\nclass %s\nsubject s%zu\n"
		    "text t\nend\n", classes[i], i);
	buffer_add_byte(&spec, 0);
	for (size_t f = 0; f < 3; f++) {
		read_store(&kept, forms[f * 3], (const char *)spec.p);
		assert_int_equal(kept.count[RECORD_KIND_MESSAGE], CLASSES);
		assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
		assert_int_equal(folder_at(&kept, "Inbox")->expected, CLASSES);
		for (size_t i = 0; i < CLASSES; i++) {
			char subject[16];

			snprintf(subject, sizeof subject, "s%zu", i);
			assert_bytes(message_of(&kept, subject)->message_class,
			    classes[i]);
		}
		kept_release(&kept);
	}
	buffer_release(&spec);
}

static void
test_kind_by_header(void **state)
{
	struct buffer pst = store_made("", store_spec);
	struct buffer ost = store_made("--ost", store_spec);
	struct bytes head = bytes_slice(buffer_bytes(&pst), 0, 65536);
	struct kept kept;

	(void)state;
	assert_int_equal(parser_pst.probe(head, pst.n), 48);
	assert_int_equal(parser_ost.probe(head, pst.n), 0);
	head = bytes_slice(buffer_bytes(&ost), 0, 65536);
	assert_int_equal(parser_pst.probe(head, ost.n), 0);
	assert_int_equal(parser_ost.probe(head, ost.n), 48);
	/* IPM_SUBTREE below "Root - Mailbox" is the mail. */
	kept_init(&kept);
	kept_run_bytes(&kept, &parser_ost, buffer_bytes(&ost));
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	assert_int_equal(folder_at(&kept, "Inbox")->expected, 2);
	kept_release(&kept);
	/* Overwritten at the front: the first AMap page tells. */
	memset(pst.p, 'x', 600);
	head = bytes_slice(buffer_bytes(&pst), 0, 65536);
	assert_int_equal(parser_pst.probe(head, pst.n), 60);
	buffer_release(&pst);
	buffer_release(&ost);
}

/* ---- libpff beside it */

static void
test_libpff_agrees(void **state)
{
	static const char *const some[] = { "", "-f ansi", "-f 4k -c none -z" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct buffer store = store_made(some[i], store_spec);
		struct kept kept;

		kept_init(&kept);
		kept_run_bytes(&kept, &parser_pst_cross,
		    buffer_bytes(&store));
		/* The line with both counts, and no difference. */
		assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 1);
		assert_bytes(kept_problem(&kept, 0)->detail,
		    "our reader reads 5 items in folders, libpff 5");
		kept_release(&kept);
		buffer_release(&store);
	}
}

/* Nothing of ours: libpff is asked, and says that it cannot either. */
static void
test_unknown_version(void **state)
{
	struct buffer store = store_made("", store_spec);
	struct kept kept;

	(void)state;
	memset(store.p + 512, 0, store.n - 512);
	store.p[10] = 99;
	kept_init(&kept);
	kept_run_bytes(&kept, &parser_pst, buffer_bytes(&store));
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 0);
	assert_bytes(kept_problem(&kept, 2)->severity, "source_lost");
	kept_release(&kept);
	buffer_release(&store);
}

/* ---- code pages of ANSI stores */

/* The spec's letters are windows-1252; their bytes spell these in 932. */
#define JAPANESE_BYTES "\xe2\x80\x9c\xc3\xba\xe2\x80\x93{\xc5\x92\xc3\xaa"
#define JAPANESE "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"

static const char japanese_spec[] =
    "folder Inbox\n"
    "message\n"
    "subject " JAPANESE_BYTES "\n"
    "text " JAPANESE_BYTES JAPANESE_BYTES JAPANESE_BYTES "\n"
    "end\n"
    "folder " JAPANESE_BYTES "\n";

/* A number of every message, where it stands in the heap, to another. */
static void
set_number(struct buffer *store, uint16_t id, uint32_t from, uint32_t to)
{
	const uint8_t stored[] = { (uint8_t)id, (uint8_t)(id >> 8), 3, 0,
		(uint8_t)from, (uint8_t)(from >> 8), 0, 0 };

	for (size_t i = 0; i + 8 <= store->n; i++) {
		if (memcmp(store->p + i, stored, 8) != 0)
			continue;
		store->p[i + 4] = (uint8_t)to;
		store->p[i + 5] = (uint8_t)(to >> 8);
	}
}

static void
test_ansi_codepage(void **state)
{
	/* As written; said by the messages; said by nobody. */
	static const struct {
		unsigned page;
		const char *subject;
	} cases[] = {
		{ 1252, JAPANESE_BYTES },
		{ 932, JAPANESE },
		{ 0, JAPANESE },
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct buffer store = store_made("-f ansi -c none",
		    japanese_spec);
		struct kept kept;

		set_number(&store, 0x3FFD, 1252, cases[i].page);
		if (cases[i].page == 0) {
			set_number(&store, 0x3FDE, 65001, 0);
			set_number(&store, 0x3FF1, 1033, 0);
		}
		kept_init(&kept);
		kept_run_bytes(&kept, &parser_pst, buffer_bytes(&store));
		assert_bytes(kept_message(&kept, 0)->subject,
		    cases[i].subject);
		folder_at(&kept, cases[i].subject);
		kept_release(&kept);
		buffer_release(&store);
	}
}

/* ---- units and limits */

/* 2000 small messages: several units, each item once, in order. */
static void
test_units_hold_each_item_once(void **state)
{
	struct buffer spec = BUFFER_EMPTY;
	struct kept kept;

	(void)state;
	buffer_add_cstr(&spec, "folder Inbox\n");
	for (int i = 0; i < 2000; i++)
		buffer_printf(&spec, "message\nsubject number %d\ntext x\n"
				     "end\n", i);
	buffer_add_byte(&spec, 0);
	read_store(&kept, "", (char *)spec.p);
	assert_true(kept.count[RECORD_KIND_UNIT] > 2);
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 2000);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	assert_int_equal(folder_at(&kept, "Inbox")->expected, 2000);
	for (int i = 0; i < 2000; i++) {
		char subject[32];

		snprintf(subject, sizeof subject, "number %d", i);
		assert_bytes(kept_message(&kept, (size_t)i)->subject, subject);
	}
	kept_release(&kept);
	buffer_release(&spec);
}

/* Folders in folders: the IPM subtree and the root count as well. */
static void
check_depth(unsigned depth, size_t problems)
{
	struct buffer spec = BUFFER_EMPTY;
	struct kept kept;

	buffer_add_cstr(&spec, "folder ");
	for (unsigned i = 0; i < depth; i++)
		buffer_add_cstr(&spec, i ? "/a" : "a");
	buffer_add_cstr(&spec, "\nmessage\nsubject deep\nend\n");
	buffer_add_byte(&spec, 0);
	read_store(&kept, "", (char *)spec.p);
	assert_int_equal(kept_problems(&kept, "limit_depth"), problems);
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 1);
	kept_release(&kept);
	buffer_release(&spec);
}

static void
test_folder_depth(void **state)
{
	(void)state;
	check_depth(LIMIT_FOLDER_DEPTH - 1, 0);
	check_depth(LIMIT_FOLDER_DEPTH, 1);
}

static void
test_many_attachments(void **state)
{
	struct buffer spec = BUFFER_EMPTY;
	struct kept kept;

	(void)state;
	/* More than one SLBLOCK holds (340): an SIBLOCK. */
	buffer_add_cstr(&spec, "folder Inbox\nmessage\nsubject many\n");
	for (int i = 0; i < 400; i++)
		buffer_printf(&spec, "attach a%d.txt\nattach-text number %d\n",
		    i, i);
	buffer_add_cstr(&spec, "end\n");
	buffer_add_byte(&spec, 0);
	read_store(&kept, "", (char *)spec.p);
	assert_int_equal(kept.count[RECORD_KIND_ATTACHMENT], 400);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	kept_release(&kept);
	buffer_release(&spec);
}

/* Rows of more than one block: they do not cross from one to the next. */
static void
test_many_recipients(void **state)
{
	struct buffer spec = BUFFER_EMPTY;
	struct kept kept;

	(void)state;
	buffer_add_cstr(&spec, "folder Inbox\nmessage\nsubject many\n"
			       "from A <a@example.org>\n");
	for (int i = 0; i < 500; i++)
		buffer_printf(&spec, "to R%d <r%d@example.org>\n", i, i);
	buffer_add_cstr(&spec, "end\n");
	buffer_add_byte(&spec, 0);
	read_store(&kept, "", (char *)spec.p);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	for (int i = 0; i < 500; i++) {
		char address[32];
		bool found = false;

		snprintf(address, sizeof address, "r%d@example.org", i);
		for (size_t k = 0; k < kept.count[RECORD_KIND_ADDRESS]; k++)
			found |= bytes_eq(kept_address(&kept, k)->address,
			    bytes_cstr(address));
		assert_true(found);
	}
	kept_release(&kept);
	buffer_release(&spec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_checksum_and_signature),
		cmocka_unit_test(test_checksum_lengths),
		cmocka_unit_test(test_permute_vector),
		cmocka_unit_test(test_cyclic_is_its_own_inverse),
		cmocka_unit_test(test_every_form),
		cmocka_unit_test(test_sent_items),
		cmocka_unit_test(test_every_class),
		cmocka_unit_test(test_kind_by_header),
		cmocka_unit_test(test_ansi_codepage),
		cmocka_unit_test(test_libpff_agrees),
		cmocka_unit_test(test_unknown_version),
		cmocka_unit_test(test_units_hold_each_item_once),
		cmocka_unit_test(test_folder_depth),
		cmocka_unit_test(test_many_attachments),
		cmocka_unit_test(test_many_recipients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
