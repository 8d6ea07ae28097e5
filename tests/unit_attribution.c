/* Who did it: each kind of indicator, the window, sessions and tokens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "tests/support_case.h"

#define AT "2023-05-20T10:00:00Z Create box=alice@x.example "

/* Attributions and reasons in order of record id. */
#define ATTRIBUTED(t, expected)                                                \
	ROWS(t, "SELECT record_id, attribution, reason FROM judged_events"     \
		" JOIN events USING (event) ORDER BY record_id", expected)

static void
test_each_indicator(void **state)
{
	static const struct {
		const char *yaml, *hit, *miss, *reason;
	} cases[] = {
		{ "ip: [203.0.113.7]", "ip=203.0.113.7", "ip=203.0.113.70",
		    "address 203.0.113.7" },
		{ "ip: [\"::ffff:203.0.113.7\"]", "ip=203.0.113.7:5123",
		    "ip=203.0.113.8", "address ::ffff:203.0.113.7" },
		{ "ip: [198.51.100.0/24]", "ip=198.51.100.255",
		    "ip=198.51.101.0", "address 198.51.100.0/24" },
		{ "ip: [\"2001:db8::/32\"]", "ip=[2001:0DB8:0::1]:443",
		    "ip=2001:db9::1", "address 2001:db8::/32" },
		{ "app_id: [EA00]", "client_app=ea00", "app=ea0", "application EA00" },
		{ "session_id: [S1]", "aad=s1", "session=s11", "session S1" },
		{ "token_id: [Tok]", "token=Tok", "token=tok", "token Tok" },
		{ "user_agent: [python-REQ]", "agent=\"x Python-requests/2\"",
		    "agent=curl", "client python-REQ" },
		{ "actor: [Mallory@e.example]", "user=mallory@E.example",
		    "user=xmallory@e.example", "actor Mallory@e.example" },
		{ "device_id: [D1]", "device=d1", "device=d2", "device D1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char yaml[128], lines[512], expected[256];
		struct trial *t;

		snprintf(yaml, sizeof yaml, "adversary: {%s}\n",
		    cases[i].yaml);
		snprintf(lines, sizeof lines,
		    "event a " AT "%s\nevent b " AT "%s\nevent c " AT "\n",
		    cases[i].hit, cases[i].miss);
		t = trial_run(yaml, lines);
		snprintf(expected, sizeof expected,
		    "a|adversary|%s;b|unattributed|-;c|unattributed|-",
		    cases[i].reason);
		ATTRIBUTED(t, expected);
		trial_free(t);
	}
}

static void
test_window(void **state)
{
	struct trial *t = trial_run(
	    "window: {from: 2023-05-15, to: 2023-06-16}\n"
	    "adversary: {ip: [203.0.113.7]}\n",
	    "event a 2023-05-14T23:59:59Z Create ip=203.0.113.7\n"
	    "event b 2023-05-15T00:00:00Z Create ip=203.0.113.7\n"
	    "event c 2023-06-16T23:59:59.999Z Create ip=203.0.113.7\n"
	    "event d 2023-06-17T00:00:00Z Create ip=203.0.113.7\n"
	    "event e none Create ip=203.0.113.7\n"
	    /* T decides, not the two minutes after it */
	    "event f 2023-05-14T23:59:00Z MailItemsAccessed"
	    " ip=203.0.113.7\n");

	(void)state;
	ATTRIBUTED(t, "a|unattributed|-;b|adversary|address 203.0.113.7;"
		      "c|adversary|address 203.0.113.7;d|unattributed|-;"
		      "e|unattributed|-;f|unattributed|-");
	trial_free(t);
}

static void
test_propagation(void **state)
{
	struct trial *t = trial_run(
	    "window: {from: 2023-05-15, to: 2023-06-16}\n"
	    "adversary: {ip: [203.0.113.7]}\n",
	    "event a " AT "ip=203.0.113.7 session=s1\n"
	    "event b " AT "aad=s1 token=t1\n"   /* one name space */
	    "event c " AT "token=t1 session=s2\n"
	    "event d " AT "session=s2\n"
	    "event e " AT "token=T1\n"           /* tokens exactly */
	    "event f " AT "session=t1\n"         /* and apart */
	    "event g 2023-05-01T00:00:00Z Create session=s1 token=t9\n"
	    "event h " AT "token=t9\n");         /* nothing through g */

	(void)state;
	ATTRIBUTED(t, "a|adversary|address 203.0.113.7;"
		      "b|adversary|address 203.0.113.7, session s1;"
		      "c|adversary|address 203.0.113.7, session s1, token t1;"
		      "d|adversary|address 203.0.113.7, session s1, token t1,"
		      " session s2;"
		      "e|unattributed|-;f|unattributed|-;g|unattributed|-;"
		      "h|unattributed|-");
	trial_free(t);
}

/* Derived sessions are ours: they carry nothing over. */
static void
test_no_inheritance_through_derived(void **state)
{
	struct trial *t = trial_run("adversary: {device_id: [d1]}\n",
	    "event a " AT "device=d1\nevent b " AT "device=d2\n");

	(void)state;
	ATTRIBUTED(t, "a|adversary|device d1;b|unattributed|-");
	ROWS(t, "SELECT count(DISTINCT session), count(*) FROM judged_events",
	    "1|2");
	trial_free(t);
}

static void
test_known(void **state)
{
	struct trial *t = trial_run(
	    "adversary: {ip: [203.0.113.7]}\nknown: {app_id: [k], actor:"
	    " [svc@x.example]}\n",
	    "event a " AT "app=k\n"
	    "event b " AT "user=SVC@x.example session=s1\n"
	    "event c " AT "ip=203.0.113.7 app=k session=s1\n"
	    "event d " AT "ip=203.0.113.7 session=s3\n");

	(void)state;
	ATTRIBUTED(t, "a|known|application k;"
		      "b|adversary|address 203.0.113.7, session s1;"
		      "c|adversary|address 203.0.113.7;"
		      "d|adversary|address 203.0.113.7");
	ROWS(t, "SELECT locator, severity, detail FROM problems"
		" WHERE kind = 'known_adversary'",
	    "session=s1|note|2 records match both the adversary and a known "
	    "actor svc@x.example; counted as the adversary's");
	trial_free(t);
}

static void
test_outside_notes(void **state)
{
	struct trial *t = trial_run(
	    "window: {from: 2023-05-15, to: 2023-06-16}\n"
	    "adversary: {ip: [203.0.113.7]}\n",
	    "event a " AT "ip=203.0.113.7 session=s1\n"
	    "event b 2023-05-01T00:00:00Z Create session=s1\n"
	    "event c 2023-05-02T00:00:00Z Create session=s1\n"
	    "event d 2023-07-02T00:00:00Z Create session=s2 ip=203.0.113.7\n"
	    "event e 2023-07-02T00:00:00Z Create session=s3\n");

	(void)state;
	ROWS(t, "SELECT locator, severity, detail FROM problems"
		" WHERE kind = 'outside_window' ORDER BY 1",
	    "session=s1|note|2 records of an adversary session (session s1) "
	    "outside the window, not counted;"
	    "session=s2|note|1 record of an adversary session (address "
	    "203.0.113.7) outside the window, not counted");
	trial_free(t);
}

static void
test_dedup(void **state)
{
	struct trial *t = trial_run(NULL,
	    "event r1 " AT "inner_bytes=50 object_id=short\n"
	    "event r1 " AT "inner_bytes=90 object_id=long file=b.jsonl content_sha256=y\n"
	    "event r2 " AT "\n"
	    "event r2 " AT "content_sha256=other file=b.jsonl\n"
	    "event x1 " AT "record_id= content_sha256=same\n"
	    "event x2 " AT "record_id= content_sha256=same file=b.jsonl\n"
	    "event x3 " AT "record_id= content_sha256=differs\n");

	(void)state;
	ROWS(t, "SELECT object_id FROM judged_events JOIN events USING (event)"
		" WHERE record_id = 'r1'", "long");
	ROWS(t, "SELECT count(*) FROM judged_events", "4");
	/* r2's copies say the same: only their writers differ */
	ROWS(t, "SELECT locator, severity, detail FROM problems"
		" WHERE kind = 'duplicate_record'",
	    "record=r1|note|2 different copies of this record; the longest "
	    "counts");
	trial_free(t);
}

/* Failed sign-ins are attributed and are no presence; nor is what the owner
 * does elsewhere; successful ones and consents are. */
static void
test_presence(void **state)
{
	static const struct {
		const char *event, *expected;
	} cases[] = {
		{ "UserLoggedIn type=15", "1" },
		{ "UserLoggedIn type=15 succeeded=no", "0" },
		{ "UserLoginFailed type=15", "0" },
		{ "\"Consent to application.\" type=8", "1" },
		{ "\"Consent to application.\" type=8 succeeded=no", "0" },
		{ "FileAccessed type=6", "0" },
		{ "Create box=alice@x.example user=mallory succeeded=no", "1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char lines[256];
		struct trial *t;

		snprintf(lines, sizeof lines,
		    "event a 2023-05-20T10:00:00Z %s user=Alice@x.example"
		    " ip=203.0.113.7\n", cases[i].event);
		t = trial_run("mailboxes: [{address: alice@x.example}]\n"
			      "adversary: {ip: [203.0.113.7]}\n", lines);
		ROWS(t, "SELECT attribution FROM judged_events", "adversary");
		ROWS(t, "SELECT first_adversary_us IS NOT NULL FROM mailboxes"
			" WHERE mailbox = 'alice@x.example'",
		    cases[i].expected);
		trial_free(t);
	}
}

static void
test_cmdlets(void **state)
{
	static const struct {
		const char *event, *mailbox;
	} cases[] = {
		{ "Set-Mailbox param=Identity:BOB@x.example", "bob@x.example" },
		{ "Set-Mailbox param=Identity:FEED-01", "bob@x.example" },
		{ "Set-Mailbox param=\"Identity:robert smith\"",
		    "bob@x.example" },
		{ "Set-Mailbox param=Identity:bob", "bob@x.example" },
		{ "Set-Mailbox param=Identity:carol", "-" }, /* two of them */
		{ "Set-Mailbox param=Identity:stranger", "-" },
		{ "Add-MailboxFolderPermission param=Identity:bob@x.example:\\Inbox",
		    "bob@x.example" },
		{ "New-InboxRule param=Mailbox:bob@x.example",
		    "bob@x.example" },
		{ "New-InboxRule object_id=EUR/Orgs/x.example/Bob\\.",
		    "bob@x.example" },
		{ "Remove-InboxRule param=Identity:12345", "admin@x.example" },
		{ "Set-InboxRule param=Identity:bob@x.example\\7",
		    "bob@x.example" },
		{ "New-InboxRule param=Name:x", "admin@x.example" },
		{ "Set-User param=Identity:bob@x.example", "bob@x.example" },
		{ "New-TransportRule param=Name:bob", "-" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char lines[256];
		struct trial *t;

		snprintf(lines, sizeof lines,
		    "event a 2023-05-20T10:00:00Z %s type=1"
		    " user=admin@x.example ip=203.0.113.7\n", cases[i].event);
		t = trial_run("mailboxes: [{address: bob@x.example, guid:"
			      " feed-01, names: [Robert Smith]},"
			      " {address: admin@x.example},"
			      " {address: carol@x.example},"
			      " {address: carol@y.example}]\n"
			      "adversary: {ip: [203.0.113.7]}\n", lines);
		ROWS(t, "SELECT mailbox FROM judged_events"
			" LEFT JOIN mailboxes USING (mailbox_no)",
		    cases[i].mailbox);
		ROWS(t, "SELECT count(*) FROM problems WHERE kind ="
			" 'unknown_mailbox'",
		    i == 4 || i == 5 ? "1" : "0");
		trial_free(t);
	}
}

static void
test_actor_types(void **state)
{
	struct trial *t = trial_run(NULL,
	    "event a " AT "user=ALICE@x.example\n"
	    "event b " AT "user=bob@x.example logon_type=2\n"
	    "event c " AT "user=bob@x.example logon_type=1\n"
	    "event d " AT "user=app logon_type=0 user_type=5\n"
	    "event e " AT "user=\"NT AUTHORITY\\SYSTEM (x)\"\n"
	    "event f " AT "user=S-1-5-18\n");

	(void)state;
	ROWS(t, "SELECT actor_type FROM judged_events JOIN events"
		" USING (event) ORDER BY record_id",
	    "owner;delegate;admin;application;system;system");
	trial_free(t);
}

/* Without a window: from the first to the last adversary event, failed
 * sign-ins aside. */
static void
test_no_window(void **state)
{
	struct trial *t = trial_run("adversary: {ip: [203.0.113.7]}\n",
	    "event a 2023-05-01T00:00:00Z UserLoginFailed type=15"
	    " ip=203.0.113.7\n"
	    "event b 2023-05-02T00:00:00Z Create ip=203.0.113.7\n"
	    "event c 2023-05-03T00:00:00Z Create ip=203.0.113.7\n");

	(void)state;
	ROWS(t, "SELECT utc(CAST(value AS INTEGER)) FROM meta WHERE key LIKE"
		" 'window_%' ORDER BY key",
	    "2023-05-02T00:00:00Z;2023-05-03T00:00:00Z");
	trial_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_indicator),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_propagation),
		cmocka_unit_test(test_no_inheritance_through_derived),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_outside_notes),
		cmocka_unit_test(test_dedup),
		cmocka_unit_test(test_presence),
		cmocka_unit_test(test_cmdlets),
		cmocka_unit_test(test_actor_types),
		cmocka_unit_test(test_no_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
