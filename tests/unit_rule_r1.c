/* R1, R1c, R1s, and what M's evidence lacks: a record or list names it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "tests/support_case.h"

#define MAILBOXES                                                              \
	"window: {from: 2023-05-15, to: 2023-06-16}\n"                         \
	"mailboxes:\n"                                                         \
	"  - {address: alice@x.example, evidence: [\"ev/alice/**\"]}\n"        \
	"  - {address: bob@x.example, evidence: [\"ev/bob/**\"]}\n"            \
	"adversary: {ip: [203.0.113.7]}\n"
#define BAD " box=alice@x.example ip=203.0.113.7 "

static void
test_bind_names_message(void **state)
{
	struct trial *t = trial_run(MAILBOXES,
	    "msg m1 ev/alice/Inbox/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "msg m2 ev/alice/Inbox/2.eml imi=<2@x> arrival=2023-05-01\n"
	    "msg m3 ev/bob/Inbox/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "msg m4 ev/alice/Old/1.eml imi=1@x arrival=2023-05-01\n"
	    "event r1 2023-05-20T10:00:00Z MailItemsAccessed" BAD
	    "imi=<1@x> session=s1\n"
	    "event r2 2023-05-20T11:00:00Z MailItemsAccessed" BAD
	    "imi=\"  <1@x>\"\n"
	    "event r3 2023-05-20T12:00:00Z MailItemsAccessed"
	    " box=alice@x.example imi=<2@x>\n");

	(void)state;
	/* earliest begin, latest end, every copy, brackets or not */
	EXPOSURE(t, "m1", "accessed R1 2023-05-20T10:00:00Z"
			  " 2023-05-20T11:02:00Z [r1,r2]");
	EXPOSURE(t, "m4", "accessed R1 2023-05-20T10:00:00Z"
			  " 2023-05-20T11:02:00Z [r1,r2]");
	EXPOSURE(t, "m2", "not_covered  []"); /* read by somebody else */
	EXPOSURE(t, "m3", "not_covered  []"); /* M has it: no stand-in */
	ROWS(t, "SELECT sessions ->> 0 FROM places JOIN messages"
		" USING (message) WHERE locator = 'm1'", "s1");
	ROWS(t, "SELECT count(*) FROM missing_items", "0");
	trial_free(t);
}

static void
test_operations(void **state)
{
	static const char *const named[] = { "Send", "SendAs", "SendOnBehalf",
		"Create", "Update", "Copy", "Move", "MoveToDeletedItems",
		"SoftDelete", "HardDelete", "MessageBind", "\"Gmail viewed\"",
		"\"Gmail opened\"", "\"Gmail downloaded\"" };
	static const char *const others[] = { "FolderBind", "SearchQueryInitiated",
		"MailItemsAccessed acc=sync" };
	char lines[512];

	(void)state;
	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
		struct trial *t;

		snprintf(lines, sizeof lines,
		    "msg m1 ev/alice/Inbox/1.eml imi=<1@x>\n"
		    "event r1 2023-05-20T10:00:00Z %s" BAD
		    "imi=<1@x> succeeded=no\n", named[i]);
		t = trial_run(MAILBOXES, lines);
		EXPOSURE(t, "m1", "accessed R1,R7 2023-05-20T10:00:00Z"
				  " 2023-05-20T10:00:00Z [r1]"
				  " {arrival_unknown}");
		ROWS(t, "SELECT sentence LIKE '%(the operation failed)'"
			" FROM verdicts WHERE rule = 'R1'", "1");
		trial_free(t);
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		struct trial *t;

		snprintf(lines, sizeof lines,
		    "msg m1 ev/alice/Inbox/1.eml imi=<1@x>\n"
		    "event r1 2023-05-20T10:00:00Z %s" BAD "imi=<1@x>\n",
		    others[i]);
		t = trial_run(MAILBOXES, lines);
		ROWS(t, "SELECT count(*) FROM verdicts WHERE rule = 'R1'",
		    "0");
		trial_free(t);
	}
}

static void
test_case_of_message_id(void **state)
{
	struct trial *t = trial_run(MAILBOXES,
	    "msg m1 ev/alice/Inbox/1.eml imi=<ABC@x> arrival=2023-05-01\n"
	    "msg m2 ev/alice/Inbox/2.eml imi=<abc@x> arrival=2023-05-01\n"
	    "msg m3 ev/alice/Inbox/3.eml imi=<Def@x> arrival=2023-05-01\n"
	    "msg m4 ev/bob/Inbox/4.eml imi=<GHI@x> arrival=2023-05-01\n"
	    "event r1 2023-05-20T10:00:00Z MailItemsAccessed" BAD
	    "imi=<abc@x> imi=<dEF@x> imi=<ghi@x>\n");

	(void)state;
	EXPOSURE(t, "m1", "not_covered  []"); /* exact exists: m2 */
	EXPOSURE(t, "m2", "accessed R1 2023-05-20T10:00:00Z"
			  " 2023-05-20T10:02:00Z [r1]");
	EXPOSURE(t, "m3", "accessed R1 2023-05-20T10:00:00Z"
			  " 2023-05-20T10:02:00Z [r1] {imi_case}");
	EXPOSURE(t, "m4", "accessed R1c 2023-05-20T10:00:00Z"
			  " 2023-05-20T10:02:00Z [r1] {imi_case,stand_in}");
	trial_free(t);
}

static void
test_stand_in(void **state)
{
	struct trial *t = trial_run(MAILBOXES,
	    "msg m1 ev/bob/Inbox/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "inner i1 m1 imi=<2@x>\n"
	    "event r1 2023-05-20T10:00:00Z MailItemsAccessed" BAD
	    "imi=<1@x> imi=<2@x> folder_path=\\Inbox\n"
	    "event r2 2023-05-20T11:00:00Z MailItemsAccessed" BAD
	    "imi=<1@X>\n"
	    "event r3 2023-05-20T11:00:00Z MailItemsAccessed"
	    " box=alice@x.example imi=<3@x>\n");

	(void)state;
	EXPOSURE(t, "m1", "accessed R1c 2023-05-20T10:00:00Z"
			  " 2023-05-20T11:02:00Z [r1,r2]"
			  " {imi_case,stand_in}");
	/* Embedded: never named, and as its holder. */
	EXPOSURE(t, "i1", "accessed R1c 2023-05-20T10:00:00Z"
			  " 2023-05-20T11:02:00Z [r1,r2]"
			  " {imi_case,stand_in}");
	ROWS(t, "SELECT sentence LIKE 'it lies inside a message%' FROM verdicts"
		" JOIN places USING (place) WHERE state = 'embedded'", "1");
	/* One row a mailbox and Message-ID; what others read is not missed. */
	ROWS(t, "SELECT internet_message_id, folder, utc(first_us),"
		" utc(last_us), record_ids, copy_message_ids FROM missing_items"
		" ORDER BY 1",
	    "<1@X>|Inbox|2023-05-20T10:00:00Z|2023-05-20T11:02:00Z|"
	    "[\"r1\",\"r2\"]|[\"M-m1\"];"
	    "<2@x>|Inbox|2023-05-20T10:00:00Z|2023-05-20T10:02:00Z|"
	    "[\"r1\"]|[]");
	trial_free(t);
}

/* Item ids: an attachment's message through any record of M; messages and
 * items without a Message-ID where both sides have the id. */
static void
test_item_ids(void **state)
{
	struct trial *t = trial_run(MAILBOXES,
	    "store ev/bob/b.pst\nfolder ev/bob/b.pst f Inbox\n"
	    "msg m1 ev/alice/Inbox/1.eml imi=<1@x> arrival=2023-05-01\n"
	    /* AgECAw== is length 2, 01 02, type 3 */
	    "msg m2 ev/bob/b.pst in=f item_id=0102 arrival=2023-05-01\n"
	    "msg m3 ev/bob/b.pst in=f item_id=0304 imi=<3@x>"
	    " arrival=2023-05-01\n"
	    "event r1 2023-05-20T10:00:00Z AttachmentAccess" BAD "type=50\n"
	    "item r1 item_id=AAAA+A==\nitem r1 item_id=CCCC\n"
	    "event r2 2023-05-18T10:00:00Z MailItemsAccessed"
	    " box=alice@x.example\n"
	    "item r2 imi=<1@x> item_id=AAAA-A==\n"
	    "event r3 2023-05-20T11:00:00Z MailItemsAccessed"
	    " box=bob@x.example ip=203.0.113.7\n"
	    "item r3 item_id=AgECAw==\nitem r3 immutable_id=AgMECQ==\n"
	    "item r3 item_id=ZZZZ subject=secret\n");

	(void)state;
	EXPOSURE(t, "m1", "accessed R1 2023-05-20T10:00:00Z"
			  " 2023-05-20T10:00:00Z [r1]");
	EXPOSURE(t, "m2", "accessed R1 2023-05-20T11:00:00Z"
			  " 2023-05-20T11:02:00Z [r3]");
	EXPOSURE(t, "m3", "accessed R1 2023-05-20T11:00:00Z"
			  " 2023-05-20T11:02:00Z [r3]");
	ROWS(t, "SELECT internet_message_id, record_ids FROM missing_items",
	    "ZZZZ|[\"r3\"]");
	ROWS(t, "SELECT message_id FROM access_items JOIN events USING (event)"
		" WHERE record_id = 'r1' ORDER BY position", "M-m1;");
	trial_free(t);
}

static void
test_stolen_list(void **state)
{
	struct trial *t = trial_run(MAILBOXES "stolen_messages: [a.csv]\n",
	    "list a.csv internet_message_id,time,mailbox|"
	    "<1@x>,2023-05-30T00:00:00Z,ALICE@x.example|"
	    "<2@x>,,alice@x.example|<4@x>,,carol@x.example|\n"
	    "msg m1 ev/alice/Inbox/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "msg m2 ev/bob/Inbox/2.eml imi=<2@x> arrival=2023-05-01\n"
	    "msg m3 ev/bob/Inbox/1.eml imi=<1@x> arrival=2023-05-01\n");

	(void)state;
	EXPOSURE(t, "m1", "accessed R1s 2023-05-30T00:00:00Z"
			  " 2023-05-30T00:00:00Z []");
	EXPOSURE(t, "m2", "accessed R1c [] {stand_in}");
	EXPOSURE(t, "m3", "not_covered  []");
	ROWS(t, "SELECT mailbox, internet_message_id, first_us, record_ids,"
		" copy_message_ids FROM missing_items JOIN mailboxes"
		" USING (mailbox_no) ORDER BY 1, 2",
	    "alice@x.example|<2@x>|-|[]|[\"M-m2\"];"
	    "carol@x.example|<4@x>|-|[]|[]");
	trial_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bind_names_message),
		cmocka_unit_test(test_operations),
		cmocka_unit_test(test_case_of_message_id),
		cmocka_unit_test(test_stand_in),
		cmocka_unit_test(test_item_ids),
		cmocka_unit_test(test_stolen_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
