/* Where a message lay at T: its export folder, taken back through records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support_case.h"

#define INCIDENT                                                               \
	"window: {from: 2023-05-15, to: 2023-06-16}\n"                         \
	"mailboxes:\n"                                                         \
	"  - {address: alice@x.example, evidence: [\"ev/alice/**\"]}\n"        \
	"adversary: {ip: [203.0.113.7]}\n"
#define BOX " box=alice@x.example "
/* Moves at 12:00 by the owner, folder by folder. */
#define MOVE(id, day, op, from, to)                                            \
	"event " id " 2023-05-" day "T12:00:00Z " op BOX "imi=<1@x>"            \
	" folder_path=\\" from " dest_folder_path=\\" to "\n"
#define SYNC(day, folder)                                                      \
	"event s" day " 2023-05-" day "T10:00:00Z MailItemsAccessed acc=sync"  \
	BOX "ip=203.0.113.7 folder_path=\\" folder "\n"

static const char stays_sql[] =
    "SELECT locator, folded, utc(from_us), utc(to_us) FROM temp.stays"
    " JOIN places USING (place) JOIN messages USING (message)"
    " ORDER BY locator, from_us, folded";

static void
test_chain(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/C/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "msg m2 ev/alice/C/2.eml imi=<2@x> arrival=2023-05-01\n"
	    MOVE("a", "18", "Move", "A", "B") MOVE("b", "20", "Move", "B", "C")
	    SYNC("17", "A") SYNC("19", "B") SYNC("21", "A") SYNC("22", "C"));

	(void)state;
	ROWS(t, stays_sql,
	    "m1|a||2023-05-18T12:00:00Z;"
	    "m1|b|2023-05-18T12:00:00Z|2023-05-20T12:00:00Z;"
	    "m1|c|2023-05-20T12:00:00Z|;m2|c||");
	EXPOSURE(t, "m1", "synced R2 2023-05-17T10:00:00Z"
			  " 2023-05-22T10:00:00Z [s17,s19,s22]");
	EXPOSURE(t, "m2", "synced R2 2023-05-22T10:00:00Z"
			  " 2023-05-22T10:00:00Z [s22]");
	trial_free(t);
}

/* Moved at noon: a Sync at noon or within the hour before sees it in A. */
static void
test_edges(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/B/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "event a 2023-05-20T12:00:00Z Move" BOX "imi=<1@x>"
	    " folder_path=\\A dest_folder_path=\\B\n"
	    "event s1 2023-05-20T11:00:00Z MailItemsAccessed acc=sync" BOX
	    "ip=203.0.113.7 folder_path=\\B\n"
	    "event s2 2023-05-20T10:59:59Z MailItemsAccessed acc=sync" BOX
	    "ip=203.0.113.7 folder_path=\\B\n"
	    "event s3 2023-05-20T12:00:00Z MailItemsAccessed acc=sync" BOX
	    "ip=203.0.113.7 folder_path=\\A\n"
	    "event s4 2023-05-20T12:00:01Z MailItemsAccessed acc=sync" BOX
	    "ip=203.0.113.7 folder_path=\\A\n");

	(void)state;
	EXPOSURE(t, "m1", "synced R2 2023-05-20T11:00:00Z"
			  " 2023-05-20T12:00:00Z [s1,s3]");
	trial_free(t);
}

static void
test_failed_and_partial(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/C/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "event a 2023-05-18T12:00:00Z Move" BOX "imi=<1@x> succeeded=no"
	    " folder_path=\\A dest_folder_path=\\C\n"
	    "event b 2023-05-19T12:00:00Z Move" BOX "imi=<1@x>"
	    " succeeded=partial folder_path=\\B dest_folder_path=\\C\n");

	(void)state;
	ROWS(t, stays_sql, "m1|b||2023-05-19T12:00:00Z;"
			   "m1|c|2023-05-19T12:00:00Z|");
	EXPOSURE(t, "m1", "not_covered  [] {partial_move}");
	trial_free(t);
}

/* A SoftDelete without destination fits every chain; a Move that went
 * elsewhere does not: then it lay in both places between the records. */
static void
test_fit(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/C/1.eml imi=<1@x> arrival=2023-05-01\n"
	    MOVE("a", "17", "Move", "A", "X")
	    "event b 2023-05-19T12:00:00Z SoftDelete" BOX "imi=<1@x>"
	    " folder_path=\\B\n");

	(void)state;
	ROWS(t, stays_sql,
	    "m1|a||2023-05-17T12:00:00Z;"
	    "m1|b|2023-05-17T12:00:00Z|2023-05-19T12:00:00Z;"
	    "m1|x|2023-05-17T12:00:00Z|2023-05-19T12:00:00Z;"
	    "m1|c|2023-05-19T12:00:00Z|");
	trial_free(t);
}

static void
test_deleted_items(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/Papierkorb/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "msg m2 ev/alice/\"Deleted Items\"/2.eml imi=<2@x>"
	    " arrival=2023-05-01\n"
	    "msg m3 ev/alice/\"Deleted Items\"/sub/3.eml arrival=2023-05-01\n"
	    "event b 2023-05-19T12:00:00Z MoveToDeletedItems" BOX "imi=<2@x>"
	    " folder_path=\\Inbox\n");

	(void)state;
	ROWS(t, "SELECT places.state FROM places JOIN messages USING (message)"
		" WHERE locator IN ('m2', 'm3')", "deleted;deleted");
	ROWS(t, "SELECT folded, utc(from_us) FROM temp.stays JOIN places"
		" USING (place) JOIN messages USING (message)"
		" WHERE locator = 'm2' ORDER BY from_us",
	    "inbox|;deleted items|2023-05-19T12:00:00Z");
	trial_free(t);
}

/* Of several copies a record concerns the one whose place is its
 * destination, else all. */
static void
test_copies(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/A/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "msg m2 ev/alice/B/1.eml imi=<1@x> arrival=2023-05-01\n"
	    MOVE("a", "19", "Copy", "A", "B") MOVE("b", "17", "Move", "I", "Z"));

	(void)state;
	ROWS(t, stays_sql,
	    "m1|i||2023-05-17T12:00:00Z;"
	    "m1|a|2023-05-17T12:00:00Z|;m1|z|2023-05-17T12:00:00Z|;"
	    "m2|i||2023-05-17T12:00:00Z;"
	    "m2|a|2023-05-17T12:00:00Z|2023-05-19T12:00:00Z;"
	    "m2|z|2023-05-17T12:00:00Z|2023-05-19T12:00:00Z;"
	    "m2|b|2023-05-19T12:00:00Z|");
	trial_free(t);
}

static void
test_hard_delete(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/A/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "msg m2 ev/alice/A/2.eml imi=<2@x> arrival=2023-05-01\n"
	    "msg m3 ev/alice/B/2.eml imi=<2@x> arrival=2023-05-01\n"
	    "msg m4 ev/alice/A/4.eml imi=<4@x> arrival=2023-05-01\n"
	    "msg m5 ev/alice/A/5.eml imi=<5@x> arrival=2023-05-01\n"
	    "event d1 2023-05-18T12:00:00Z HardDelete" BOX "imi=<1@x>"
	    " imi=<2@x> folder_path=\\A\n"
	    /* a draft of the same message, not the copy in A */
	    "event d2 2023-05-18T12:00:00Z HardDelete" BOX "imi=<4@x>"
	    " folder_path=\\Drafts\n"
	    "event d3 2023-05-18T11:00:00Z SoftDelete" BOX "imi=<5@x>"
	    " folder_path=\\A\n"
	    "event d4 2023-05-18T12:00:00Z HardDelete" BOX "imi=<5@x>"
	    " folder_path=\"\\Recoverable Items\\Deletions\"\n"
	    SYNC("18", "A") SYNC("19", "A"));

	(void)state;
	EXPOSURE(t, "m1", "synced R2 2023-05-18T10:00:00Z"
			  " 2023-05-18T10:00:00Z [s18]");
	/* its last copy is still there */
	EXPOSURE(t, "m2", "synced R2 2023-05-18T10:00:00Z"
			  " 2023-05-19T10:00:00Z [s18,s19]");
	EXPOSURE(t, "m4", "synced R2 2023-05-18T10:00:00Z"
			  " 2023-05-19T10:00:00Z [s18,s19]");
	EXPOSURE(t, "m5", "synced R2 2023-05-18T10:00:00Z"
			  " 2023-05-18T10:00:00Z [s18]");
	trial_free(t);
}

/* Somebody else's Move counts for the history and is no exposure; what the
 * record's folder id says is as good as a path. */
static void
test_ids_and_other_mailbox(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/C/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "event a 2023-05-18T12:00:00Z Move" BOX "imi=<1@x>"
	    " folder_id=FA dest_folder_id=FC\n"
	    "names a FA \\A\nnames a FC \\C\n"
	    /* into another mailbox: where in alice's it lay is not said */
	    "event b 2023-05-19T12:00:00Z Copy" BOX "imi=<1@x> folder_id=FC"
	    " dest_folder_path=\\Q dest_mailbox_guid=feed\n"
	    "event g 2023-05-19T12:00:00Z Send box=bob@x.example guid=feed\n");

	(void)state;
	ROWS(t, stays_sql, "m1|a||2023-05-18T12:00:00Z;"
			   "m1|c|2023-05-18T12:00:00Z|2023-05-19T12:00:00Z;"
			   "m1|c|2023-05-19T12:00:00Z|");
	trial_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_failed_and_partial),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_deleted_items),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_hard_delete),
		cmocka_unit_test(test_ids_and_other_mailbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
