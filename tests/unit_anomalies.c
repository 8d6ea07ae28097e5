/* S1 to S9: what is suspicious, with its words and numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support_case.h"

#define BASELINE                                                               \
	"baseline_until: 2023-05-14\n"                                         \
	"window: {from: 2023-05-15, to: 2023-06-16}\n"
#define MIA(id, day, time)                                                     \
	"event " id " 2023-05-" day "T" time "Z MailItemsAccessed "
#define ALICE " box=alice@x.example "
#define BOB " box=bob@x.example "

#define SUSPICIOUS(t, expected)                                                \
	ROWS(t, "SELECT record_id, reason FROM judged_events JOIN events"      \
		" USING (event) WHERE attribution = 'suspicious'"              \
		" ORDER BY record_id", expected)

static void
test_s1_new_client(void **state)
{
	struct trial *t = trial_run(BASELINE,
	    MIA("a", "01", "10:00:00") ALICE "app=A1 client_app=c1"
	    " agent=Client=OWA;x\n"
	    MIA("b", "14", "23:59:59") ALICE "app=a1 client_app=c1"
	    " agent=Client=OWA;y\n"
	    MIA("c", "15", "10:00:00") ALICE "app=a1 client_app=C1"
	    " agent=Client=OWA;z\n"
	    MIA("d", "16", "10:00:00") ALICE "app=a1 client_app=c2"
	    " agent=Client=REST;;\n"
	    /* bob has no baseline */
	    MIA("e", "16", "10:00:00") BOB "app=a1 client_app=c1\n");

	(void)state;
	SUSPICIOUS(t, "d|S1: application a1, client application c2,"
		      " Client=REST: 1 records in this mailbox after the"
		      " baseline, none of the 2 before");
	trial_free(t);
}

#define HELD(id, time, to, rest)                                               \
	"event " id " 2023-" time " InboxRuleInMailbox"                         \
	" file=ev/alice/Inbox/1.eml object_id=tidy " to " " rest "\n"

/* A rule that the mailbox holds, made or changed in the window. */
static void
test_s8_held_rules(void **state)
{
	struct trial *t = trial_run(BASELINE
	    "organization: {domains: [x.example]}\n"
	    "mailboxes: [{address: alice@x.example,"
	    " evidence: [\"ev/alice/**\"]}]\n",
	    "msg m1 ev/alice/Inbox/1.eml\n"
	    HELD("a", "05-20T10:00:00Z", "\"param=ForwardTo:b@x.example; "
	        "eve@evil.example\"", "")
	    HELD("b", "05-20T10:00:00Z", "param=RedirectTo:b@sub.x.example",
	        "")
	    HELD("c", "05-01T10:00:00Z", "param=RedirectTo:e@evil.example", "")
	    /* changed 2023-05-21T00:01 */
	    HELD("d", "05-01T10:00:00Z", "param=RedirectTo:e@evil.example",
	        "until_us=1684627260000000")
	    HELD("e", "05-20T10:00:00Z", "param=ForwardTo:/o=EX/cn=bob", ""));

	(void)state;
	SUSPICIOUS(t, "a|S8: rule tidy in the mailbox sends messages outside"
		      " (ForwardTo eve@evil.example);"
		      "d|S8: rule tidy in the mailbox sends messages outside"
		      " (RedirectTo e@evil.example)");
	ROWS(t, "SELECT DISTINCT mailbox, report, present, session IS NULL"
		" FROM judged_events JOIN mailboxes USING (mailbox_no)",
	    "alice@x.example|activity|0|1");
	ROWS(t, "SELECT count(*) FROM sessions", "0");
	trial_free(t);
}

/* Without an examiner's baseline: what came before the first indicator. */
static void
test_baseline_from_indicator(void **state)
{
	struct trial *t = trial_run("adversary: {ip: [203.0.113.7]}\n",
	    MIA("a", "01", "10:00:00") ALICE "app=a1\n"
	    MIA("b", "02", "10:00:00") ALICE "app=a2\n"
	    MIA("c", "03", "10:00:00") ALICE "app=a3 ip=203.0.113.7\n"
	    MIA("d", "04", "10:00:00") ALICE "app=a4\n");

	(void)state;
	SUSPICIOUS(t, "d|S1: application a4, client application (none), no"
		      " client string: 1 records in this mailbox after the"
		      " baseline, none of the 2 before");
	trial_free(t);
}

static void
test_s2_no_sign_in(void **state)
{
	struct trial *t = trial_run(BASELINE,
	    "event l 2023-05-20T09:00:00Z UserLoggedIn type=15"
	    " user=alice@x.example session=s1 ip=192.0.2.1\n"
	    MIA("a", "20", "10:00:00") ALICE "session=s1\n"
	    MIA("b", "20", "10:00:00") ALICE "session=s2 ip=192.0.2.1\n"
	    MIA("c", "20", "10:00:00") ALICE "session=s3 ip=192.0.2.2\n"
	    MIA("d", "21", "10:00:00") ALICE "session=s3\n" /* no log */
	    MIA("e", "20", "10:00:00") ALICE "session=s3 user_type=5\n"
	    MIA("f", "20", "10:00:00") BOB "session=s1\n");

	(void)state;
	SUSPICIOUS(t,
	    "c|S2: no sign-in of alice@x.example with this session, token or"
	    " address, though the evidence has 1 sign-ins of that day;"
	    "f|S2: no sign-in of bob@x.example with this session, token or"
	    " address, though the evidence has 1 sign-ins of that day");
	trial_free(t);
}

static void
test_s3_networks(void **state)
{
	struct trial *t = trial_run(BASELINE,
	    "event a 2023-05-20T10:00:00Z Create" ALICE
	    "session=s1 ip=62.149.20.10\n"
	    "event b 2023-05-20T10:25:00Z Create" ALICE
	    "session=s1 ip=178.85.138.132:80\n"
	    "event c 2023-05-20T10:25:00Z Create" ALICE
	    "session=s1 ip=::1\n"
	    "event d 2023-05-20T10:00:00Z Create" ALICE
	    "session=s2 ip=192.0.2.1\n"
	    "event e 2023-05-20T10:00:00Z Create" ALICE
	    "session=s2 ip=192.0.2.250\n"
	    "event f 2023-05-20T10:00:00Z Create" ALICE
	    "session=s3 ip=2001:db8:1:2::1\n"
	    "event g 2023-05-20T10:00:00Z Create" ALICE
	    "session=s3 ip=2001:db8:1:3::1\n");

	(void)state;
#define S3 "S3: this session was used from 2 networks (178.85.138.0/24,"       \
	   " 62.149.20.0/24)"
	SUSPICIOUS(t, "a|" S3 ";b|" S3 ";c|" S3);
	trial_free(t);
}

static void
test_s4_app_reads_more(void **state)
{
	struct trial *t = trial_run(BASELINE,
	    MIA("a", "01", "10:00:00") ALICE "client_app=c1\n"
	    MIA("b", "01", "10:00:00") BOB "client_app=c2\n"
	    MIA("c", "20", "10:00:00") BOB "client_app=c1\n"
	    MIA("d", "20", "10:00:00") "box=carol@x.example client_app=c1\n"
	    MIA("e", "20", "10:00:00") ALICE "client_app=c1\n");

	(void)state;
	SUSPICIOUS(t,
	    "c|S1: application (none), client application c1, no client"
	    " string: 1 records in this mailbox after the baseline, none of"
	    " the 1 before; S4: application c1 read 2 mailboxes that it never"
	    " read in the baseline (1 it did);"
	    "d|S4: application c1 read 2 mailboxes that it never read in the"
	    " baseline (1 it did)");
	trial_free(t);
}

static void
test_s5_binds_per_hour(void **state)
{
	struct trial *t = trial_run(BASELINE,
	    MIA("a", "01", "10:00:00") ALICE "imi=<1@x>\n"
	    MIA("b", "20", "10:00:00") ALICE "imi=<1@x> imi=<2@x> imi=<3@x>"
	    " imi=<4@x> imi=<5@x> imi=<6@x>\n"
	    MIA("c", "20", "10:59:59") ALICE "imi=<1@x> imi=<2@x> imi=<3@x>"
	    " imi=<4@x> imi=<5@x>\n"
	    MIA("d", "20", "11:00:00") ALICE "imi=<1@x> imi=<2@x> imi=<3@x>"
	    " imi=<4@x> imi=<5@x> imi=<6@x> imi=<7@x> imi=<8@x> imi=<9@x>"
	    " imi=<10@x>\n"); /* ten times is not above ten times */

	(void)state;
#define S5 "S5: 11 binds in this mailbox in the hour from"                     \
	   " 2023-05-20T10:00:00Z, the busiest hour of the baseline had 1"
	SUSPICIOUS(t, "b|" S5 ";c|" S5);
	trial_free(t);
}

static void
test_s6_grant_then_access(void **state)
{
	struct trial *t = trial_run(BASELINE,
	    "event a 2023-05-20T10:00:00Z \"Consent to application.\" type=8"
	    " user=bob@x.example object_id=app-0000-0001"
	    " param=Consent:Mail.ReadWrite\n"
	    MIA("b", "20", "11:00:00") ALICE "client_app=APP-0000-0001"
	    " user_type=5\n"
	    MIA("c", "20", "09:00:00") ALICE "client_app=app-0000-0001"
	    " user_type=5\n"
	    "event d 2023-05-20T10:00:00Z \"Consent to application.\" type=8"
	    " user=bob@x.example object_id=app-0000-0002"
	    " param=Consent:User.Read\n"
	    MIA("e", "20", "11:00:00") ALICE "client_app=app-0000-0002"
	    " user_type=5\n"
	    "event f 2023-05-20T10:00:00Z \"Add service principal"
	    " credentials.\" type=8 object_id=app-0000-0003\n");

	(void)state;
#define S6 "S6: Consent to application. of 2023-05-20T10:00:00Z was for"      \
	   " application app-0000-0001, which has accessed items 1 times since"
	SUSPICIOUS(t, "a|" S6 ";b|" S6);
	trial_free(t);
}

#define TRY(id, time, user, op)                                                \
	"event " id " 2023-05-20T" time "Z " op " type=15 ip=198.51.100.9"     \
	" user=" user "@x.example\n"

static void
test_s7_spray(void **state)
{
	struct trial *t = trial_run(BASELINE,
	    TRY("a", "10:00:00", "u1", "UserLoginFailed")
	    TRY("b", "10:00:01", "u2", "UserLoginFailed")
	    TRY("c", "10:00:02", "u3", "UserLoginFailed")
	    TRY("d", "10:00:03", "u4", "UserLoggedIn")
	    TRY("e", "10:00:04", "u5", "UserLoginFailed"));
	struct trial *u = trial_run(BASELINE,
	    TRY("a", "10:00:00", "u1", "UserLoginFailed")
	    TRY("b", "10:00:01", "u2", "UserLoginFailed")
	    TRY("c", "10:00:02", "u2", "UserLoginFailed")
	    TRY("d", "10:00:03", "u4", "UserLoggedIn"));

	(void)state;
#define S7 "S7: 198.51.100.9 failed 3 times to sign in as 3 users, then"       \
	   " signed in as u4@x.example at 2023-05-20T10:00:03Z"
	SUSPICIOUS(t, "a|" S7 ";b|" S7 ";c|" S7 ";d|" S7);
	SUSPICIOUS(u, "");
	trial_free(t);
	trial_free(u);
}

static void
test_s8_s9_changes(void **state)
{
	struct trial *t = trial_run(BASELINE,
	    "event a 2023-05-20T10:00:00Z New-InboxRule type=1 user=alice"
	    " param=Name:. param=ForwardTo:m@e.example\n"
	    "event b 2023-05-20T10:00:00Z Set-Mailbox type=1 user=x"
	    " param=Identity:alice@x.example param=AuditEnabled:False\n"
	    "event c 2023-05-20T10:00:00Z Set-Mailbox type=1 user=x"
	    " param=Identity:alice@x.example param=AuditOwner:Update\n"
	    "event d 2023-05-20T10:00:00Z Add-MailboxPermission type=1 user=x"
	    " param=Identity:alice@x.example param=User:m param=AccessRights:"
	    "FullAccess\n"
	    "event e 2023-05-20T10:00:00Z Set-Mailbox type=1 user=x"
	    " param=Identity:alice@x.example param=Languages:en\n"
	    /* before the window, where nothing counts */
	    "event f 2023-05-10T10:00:00Z New-InboxRule type=1 user=alice\n"
	    "event g 2023-05-20T10:00:00Z Create" ALICE "\n");

	(void)state;
	SUSPICIOUS(t, "a|S8: New-InboxRule of . forwards to m@e.example;"
		      "b|S9: from 2023-05-20T10:00:00Z on auditing of this"
		      " mailbox was off;"
		      "c|S9: Set-Mailbox changed what is audited (AuditOwner"
		      " to Update);"
		      "d|S8: Add-MailboxPermission for m");
	trial_free(t);
}

/* Known good and the adversary's own are no suspicion; suspicion exposes
 * nothing until it is counted. */
static void
test_counting(void **state)
{
	static const char lines[] =
	    "msg m1 ev/alice/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "msg m2 ev/alice/2.eml imi=<2@x> arrival=2023-05-01\n"
	    MIA("a", "01", "10:00:00") ALICE "app=a1\n"
	    MIA("b", "20", "10:00:00") ALICE "app=a2 imi=<1@x>\n"
	    MIA("c", "20", "10:00:00") ALICE "app=a3 imi=<2@x>\n";
	struct trial *t = trial_run(BASELINE "known: {app_id: [a3]}\n"
	    "mailboxes: [{address: alice@x.example, evidence:"
	    " [\"ev/alice/**\"]}]\n", lines);

	(void)state;
	EXPOSURE(t, "m1", "not_covered  []");
	trial_again(t, true);
	EXPOSURE(t, "m1", "accessed R1 2023-05-20T10:00:00Z"
			  " 2023-05-20T10:02:00Z [b]");
	EXPOSURE(t, "m2", "not_covered  []");
	ROWS(t, "SELECT record_id, attribution FROM judged_events"
		" JOIN events USING (event) ORDER BY 1",
	    "a|unattributed;b|suspicious;c|known");
	ROWS(t, "SELECT utc(first_adversary_us) FROM mailboxes",
	    "2023-05-20T10:00:00Z");
	trial_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_s8_held_rules),
		cmocka_unit_test(test_s1_new_client),
		cmocka_unit_test(test_baseline_from_indicator),
		cmocka_unit_test(test_s2_no_sign_in),
		cmocka_unit_test(test_s3_networks),
		cmocka_unit_test(test_s4_app_reads_more),
		cmocka_unit_test(test_s5_binds_per_hour),
		cmocka_unit_test(test_s6_grant_then_access),
		cmocka_unit_test(test_s7_spray),
		cmocka_unit_test(test_s8_s9_changes),
		cmocka_unit_test(test_counting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
