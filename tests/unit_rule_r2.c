/* R2, R2u, R7f: folders that were synchronised or opened, and their names. */
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
#define SYNC(id, time)                                                         \
	"event " id " 2023-05-20T" time "Z MailItemsAccessed acc=sync"          \
	" box=alice@x.example ip=203.0.113.7 "
#define T "2023-05-20T10:00:00Z 2023-05-20T10:00:00Z "

static void
test_window_of_an_hour(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/Inbox/1.eml arrival=2023-05-01\n"
	    "msg m2 ev/alice/Inbox/2.eml arrival=2023-05-20T11:00:00Z\n"
	    "msg m3 ev/alice/Inbox/3.eml arrival=2023-05-20T11:00:01Z\n"
	    "msg m4 ev/alice/Inbox/A/4.eml arrival=2023-05-01\n"
	    "msg m5 ev/alice/Inbox/5.eml\n"
	    SYNC("r1", "10:00:00") "folder_path=\\INBOX\n");

	(void)state;
	EXPOSURE(t, "m1", "synced R2 " T "[r1]");
	EXPOSURE(t, "m2", "synced R2 " T "[r1]");
	EXPOSURE(t, "m3", "not_covered  []");
	EXPOSURE(t, "m4", "not_covered  []"); /* subfolders are not F */
	EXPOSURE(t, "m5", "synced R2 " T "[r1] {arrival_unknown}");
	trial_free(t);
}

/* F's id has every path any record of M gives it; not another mailbox's. */
static void
test_folder_ids(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/New/1.eml arrival=2023-05-01\n"
	    "msg m2 ev/alice/Old/2.eml arrival=2023-05-01\n"
	    "msg m3 ev/alice/Other/3.eml arrival=2023-05-01\n"
	    "event a1 2023-05-01T00:00:00Z Move box=alice@x.example"
	    " dest_folder_id=F1 dest_folder_path=\\New\n"
	    "event a2 2023-05-02T00:00:00Z Create box=alice@x.example\n"
	    "names a2 F1 \\Old\n"
	    "event a3 2023-05-02T00:00:00Z Create box=bob@x.example\n"
	    "names a3 F1 \\Other\n"
	    SYNC("r1", "10:00:00") "folder_id=F1\n");

	(void)state;
	EXPOSURE(t, "m1", "synced R2 " T "[r1]");
	EXPOSURE(t, "m2", "synced R2 " T "[r1]");
	EXPOSURE(t, "m3", "not_covered  []");
	ROWS(t, "SELECT folder FROM judged_events JOIN events USING (event)"
		" WHERE record_id = 'r1'", "Old");
	trial_free(t);
}

/* Without a path: the counter in the id, then the name if it is one
 * folder's, else F cannot be named. */
#define INBOX_ID                                                               \
	"LgAAAAD7VDz8O3pZTp2eb7MaULu2AQDQKyMzxad+RI3ey68vA/C5AAAAAAEMAAAB"

static void
test_unnamed_folders(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/Posteingang/1.eml arrival=2023-05-01\n"
	    "msg m2 ev/alice/A/Plans/2.eml arrival=2023-05-01\n"
	    "msg m3 ev/alice/B/k/3.eml arrival=2023-05-20T11:30:00Z\n"
	    "msg m4 ev/alice/C/k/4.eml arrival=2023-05-01\n"
	    SYNC("r1", "10:00:00") "folder_id=" INBOX_ID "\n"
	    SYNC("r2", "10:00:00") "folder_id=F2 folder_name=plans\n"
	    SYNC("r3", "11:00:00") "folder_id=F3 folder_name=k\n");

	(void)state;
	EXPOSURE(t, "m1", "synced R2,R2u " T "[r1]");
	EXPOSURE(t, "m2", "synced R2,R2u " T "[r2]");
	EXPOSURE(t, "m3", "presumed R2u 2023-05-20T11:00:00Z"
			  " 2023-05-20T11:00:00Z [r3]");
	ROWS(t, "SELECT how, path FROM folder_paths ORDER BY 1",
	    "counter|Posteingang;name|A/Plans");
	trial_free(t);
}

/* The counter speaks only when M has that folder. */
static void
test_counter_without_folder(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/A/1.eml arrival=2023-05-01\n"
	    SYNC("r1", "10:00:00") "folder_id=" INBOX_ID "\n");

	(void)state;
	EXPOSURE(t, "m1", "presumed R2u " T "[r1]");
	trial_free(t);
}

static void
test_localised_names(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "store ev/alice/a.pst\n"
	    "folder ev/alice/a.pst i Eingang special=inbox\n"
	    "folder ev/alice/a.pst p Eingang/Projekte\n"
	    "folder ev/alice/a.pst x Inbox\n"
	    "msg m1 ev/alice/a.pst in=i arrival=2023-05-01\n"
	    "msg m2 ev/alice/a.pst in=p arrival=2023-05-01\n"
	    "msg m3 ev/alice/a.pst in=x arrival=2023-05-01\n"
	    SYNC("r1", "10:00:00")
	    "folder_path=\"\\Boîte de réception\"\n"
	    SYNC("r2", "10:00:00")
	    "folder_path=\"\\Boîte de réception\\projekte\"\n");

	(void)state;
	/* The store says which folder is the Inbox, not its name. */
	EXPOSURE(t, "m1", "synced R2 " T "[r1]");
	EXPOSURE(t, "m2", "synced R2 " T "[r2]");
	EXPOSURE(t, "m3", "not_covered  []");
	trial_free(t);
}

static void
test_path_spelling(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    /* e and a combining accent; a slash inside a name */
	    "msg m1 ev/alice/Re\xcc\x81sume\xcc\x81/1.eml arrival=2023-05-01\n"
	    "msg m2 ev/alice/A_B/2.eml arrival=2023-05-01\n"
	    SYNC("r1", "10:00:00") "folder_path=\\R\xc3\xa9SUM\xc3\x89\n"
	    SYNC("r2", "10:00:00") "folder_path=\\A/B\n");

	(void)state;
	EXPOSURE(t, "m1", "synced R2 " T "[r1]");
	EXPOSURE(t, "m2", "synced R2 " T "[r2]");
	trial_free(t);
}

/* R2u: a message found outside the folder tree may have lain anywhere. */
static void
test_recovered(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "store ev/alice/a.pst\n"
	    "msg m1 ev/alice/a.pst state=recovered arrival=2023-05-01\n"
	    "msg m2 ev/alice/a.pst state=recovered"
	    " arrival=2023-05-20T11:00:01Z\n"
	    SYNC("r1", "10:00:00") "folder_path=\\Inbox\n");

	(void)state;
	EXPOSURE(t, "m1", "presumed R2u " T "[r1]");
	EXPOSURE(t, "m2", "not_covered  []");
	trial_free(t);
}

static void
test_folder_bind(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/Inbox/1.eml arrival=2023-05-21T10:00:00Z\n"
	    "msg m2 ev/alice/Inbox/2.eml arrival=2023-05-21T10:00:01Z\n"
	    "msg m3 ev/alice/A/3.eml arrival=2023-05-01\n"
	    "event c 2023-05-10T00:00:00Z MailItemsAccessed"
	    " box=alice@x.example\n"
	    "event r1 2023-05-20T10:00:00Z FolderBind box=alice@x.example"
	    " ip=203.0.113.7 folder_path=\\Inbox\n");

	(void)state;
	/* empty days between c and r1 do not meet [r1, r1 + 1 h]: no R7 */
	EXPOSURE(t, "m1", "possible R7f " T "[r1]");
	EXPOSURE(t, "m2", "not_covered  []");
	EXPOSURE(t, "m3", "not_covered  []");
	trial_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_window_of_an_hour),
		cmocka_unit_test(test_folder_ids),
		cmocka_unit_test(test_unnamed_folders),
		cmocka_unit_test(test_counter_without_folder),
		cmocka_unit_test(test_localised_names),
		cmocka_unit_test(test_path_spelling),
		cmocka_unit_test(test_recovered),
		cmocka_unit_test(test_folder_bind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
