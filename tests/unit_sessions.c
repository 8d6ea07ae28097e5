/* Sessions: recorded and derived, what they did, whether they signed in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support_case.h"

#define ALICE " box=alice@x.example "

static void
test_recorded(void **state)
{
	struct trial *t = trial_run("adversary: {ip: [203.0.113.7]}\n",
	    "event a 2023-05-20T10:00:00Z MailItemsAccessed" ALICE
	    "session=s1 ip=203.0.113.7 imi=<1@x> imi=<2@x> client_app=c1"
	    " throttled=yes\n"
	    "event b 2023-05-20T11:00:00Z MailItemsAccessed" ALICE
	    "aad=s1 ip=203.0.113.8 imi=1@x app=a1\n"
	    "event c 2023-05-21T10:00:00Z MailItemsAccessed acc=sync" ALICE
	    "session=s1 folder_id=F1\n"
	    "event d 2023-05-21T10:00:00Z MailItemsAccessed acc=sync" ALICE
	    "session=s1 folder_id=F1 aad=s2\n"
	    "event e 2023-05-21T10:00:00Z MailItemsAccessed acc=sync" ALICE
	    "session=s1 folder_path=\\B\n"
	    "event f 2023-05-22T10:00:00Z Send box=bob@x.example session=s1"
	    " agent=x imi=<9@x>\n");

	(void)state;
	/* SessionId, else AADSessionId */
	ROWS(t, "SELECT session, kind, attribution, mailboxes, actors, ips,"
		" apps, clients, utc(first_us), utc(last_us), events,"
		" items_bound, distinct_messages, folders_synced, throttled"
		" FROM sessions",
	    "s1|recorded|adversary|[\"alice@x.example\",\"bob@x.example\"]|"
	    "[\"alice@x.example\",\"bob@x.example\"]|"
	    "[\"203.0.113.7\",\"203.0.113.8\"]|[\"a1\",\"c1\"]|[\"x\"]|"
	    "2023-05-20T10:00:00Z|2023-05-22T10:00:00Z|6|3|2|2|1");
	trial_free(t);
}

/* Same mailbox, actor, address, application and client, no pause above
 * 30 minutes. */
static void
test_derived(void **state)
{
	struct trial *t = trial_run(NULL,
	    "event a 2023-05-20T10:00:00Z Create" ALICE "ip=203.0.113.7\n"
	    "event b 2023-05-20T10:30:00Z Create" ALICE "ip=203.0.113.7\n"
	    "event c 2023-05-20T11:00:01Z Create" ALICE "ip=203.0.113.7\n"
	    "event d 2023-05-20T10:00:00Z Create" ALICE "ip=203.0.113.8\n"
	    "event e 2023-05-20T10:00:00Z Create" ALICE "ip=203.0.113.7"
	    " app=x\n"
	    "event f 2023-05-20T10:00:00Z Create" ALICE "ip=203.0.113.7"
	    " agent=x\n"
	    "event g 2023-05-20T10:00:00Z Create" ALICE "ip=203.0.113.7"
	    " user=bob@x.example\n"
	    "event h 2023-05-20T10:00:00Z Create box=bob@x.example"
	    " user=alice@x.example ip=203.0.113.7\n");

	(void)state;
	ROWS(t, "SELECT group_concat(r, '') FROM (SELECT session,"
		" record_id AS r FROM judged_events JOIN events USING (event)"
		" ORDER BY record_id) GROUP BY session ORDER BY 1",
	    "ab;c;d;e;f;g;h");
	ROWS(t, "SELECT DISTINCT session LIKE 'X-%' AND length(session) = 18, kind,"
		" attribution FROM sessions", "1|derived|unattributed");
	trial_free(t);
}

static void
test_strongest_attribution(void **state)
{
	struct trial *t = trial_run("known: {ip: [192.0.2.1]}\n",
	    "event a 2023-05-20T10:00:00Z Create" ALICE "ip=192.0.2.1"
	    " session=s1\n"
	    "event b 2023-05-20T10:00:00Z Create" ALICE "session=s1\n");

	(void)state;
	ROWS(t, "SELECT attribution, reasons FROM sessions",
	    "known|[\"address 192.0.2.1\"]");
	trial_free(t);
}

static void
test_sign_ins(void **state)
{
	struct trial *t = trial_run(NULL,
	    "event a 2023-05-20T10:00:00Z UserLoggedIn type=15"
	    " user=alice@x.example session=s1\n"
	    "event b 2023-05-25T10:00:00Z Create" ALICE "session=s1\n"
	    /* another session, the same user and day */
	    "event c 2023-05-20T23:00:00Z Create" ALICE "session=s2\n"
	    "event d 2023-05-21T00:00:00Z Create" ALICE "session=s3\n"
	    "event e 2023-05-21T00:00:00Z UserLoggedIn type=15"
	    " user=bob@x.example session=s4\n"
	    "event f 2023-05-21T00:00:00Z UserLoginFailed type=15"
	    " user=alice@x.example session=s5\n"
	    /* no sign-in of anybody that day */
	    "event g 2023-05-22T00:00:00Z Create" ALICE "session=s6\n");

	(void)state;
	ROWS(t, "SELECT session, sign_in FROM sessions ORDER BY session",
	    "s1|found;s2|found;s3|not_found;s4|found;s5|not_found;"
	    "s6|no_sign_in_logs");
	trial_free(t);
}

/* Reconstructing again gives the same rows. */
static void
test_again(void **state)
{
	static const char all[] =
	    "SELECT (SELECT group_concat(event || attribution || session ||"
	    " coalesce(folder, '')) FROM judged_events), (SELECT"
	    " group_concat(place || exposure || rules) FROM places), (SELECT"
	    " group_concat(kind || detail || problem) FROM problems), (SELECT"
	    " group_concat(session || sign_in) FROM sessions), (SELECT"
	    " group_concat(mailbox_no || status || reason) FROM coverage)";
	struct trial *t = trial_run("adversary: {ip: [203.0.113.7]}\n",
	    "msg m1 ev/alice/1.eml imi=<1@x>\n"
	    "to m1 to alice@x.example\n"
	    "event a 2023-05-20T10:00:00Z MailItemsAccessed" ALICE
	    "session=s1 ip=203.0.113.7 imi=<1@x> folder_path=\\A\n"
	    "event b 2023-05-25T10:00:00Z Create" ALICE "session=s1\n");
	const char *before = trial_sql(t, all);

	(void)state;
	trial_again(t, false);
	ROWS(t, all, before);
	trial_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_derived),
		cmocka_unit_test(test_strongest_attribution),
		cmocka_unit_test(test_sign_ins),
		cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
