/* R3, R6, R7, R9: what may have been read while nothing tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "tests/support_case.h"

#define INCIDENT                                                               \
	"window: {from: 2023-05-15, to: 2023-06-16}\n"                         \
	"mailboxes:\n"                                                         \
	"  - {address: alice@x.example, evidence: [\"ev/alice/**\"]}\n"        \
	"  - {address: bob@x.example, evidence: [\"ev/bob/**\"]}\n"            \
	"adversary: {ip: [203.0.113.7]}\n"
#define ALICE " box=alice@x.example "
#define BAD ALICE "ip=203.0.113.7 "

static void
test_throttled(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/1.eml arrival=2023-05-01\n"
	    "msg m2 ev/alice/2.eml arrival=2023-05-21T10:00:00Z\n"
	    "msg m3 ev/alice/3.eml arrival=2023-05-21T10:00:01Z\n"
	    "msg m4 ev/alice/4.eml imi=<4@x> arrival=2023-05-01\n"
	    "msg m5 ev/bob/5.eml arrival=2023-05-01\n"
	    "event d 2023-05-20T09:59:59Z HardDelete" ALICE "imi=<4@x>\n"
	    "event t 2023-05-20T10:00:00Z MailItemsAccessed" ALICE
	    "throttled=yes session=s9\n"
	    "event b 2023-05-21T10:00:00Z Create" BAD "\n");

	(void)state;
	/* The gap ends where the adversary comes: no R7. */
	EXPOSURE(t, "m1", "presumed R3 2023-05-20T10:00:00Z"
			  " 2023-05-21T10:00:00Z [t]");
	EXPOSURE(t, "m2", "presumed R3 2023-05-21T10:00:00Z"
			  " 2023-05-21T10:00:00Z [t]");
	EXPOSURE(t, "m3", "not_covered  []");
	EXPOSURE(t, "m4", "not_covered  []"); /* gone a second before */
	EXPOSURE(t, "m5", "not_covered  []"); /* another mailbox */
	ROWS(t, "SELECT sessions FROM verdicts WHERE rule = 'R3' LIMIT 1",
	    "[\"s9\"]");
	trial_free(t);
}

/* The adversary within 24 h on either side, both ends counting. */
static void
test_throttled_24_hours(void **state)
{
	static const char *const times[] = { "19T10:00:00", "19T09:59:59",
		"21T10:00:00", "21T10:00:01" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		char lines[512];
		struct trial *t;

		snprintf(lines, sizeof lines,
		    "msg m1 ev/alice/1.eml arrival=2023-05-01\n"
		    "event t 2023-05-20T10:00:00Z MailItemsAccessed" ALICE
		    "throttled=yes\nevent b 2023-05-%sZ Create" BAD "\n",
		    times[i]);
		t = trial_run(INCIDENT, lines);
		ROWS(t, "SELECT count(*) FROM verdicts WHERE rule = 'R3'",
		    i % 2 ? "0" : "1");
		trial_free(t);
	}
}

static void
test_assume(void **state)
{
	struct trial *t = trial_run(
	    "mailboxes:\n"
	    "  - {address: alice@x.example, evidence: [\"ev/alice/**\"],"
	    " names: [Al Doe]}\n"
	    "  - {address: bob@x.example, evidence: [\"ev/bob/**\"]}\n"
	    "assume:\n"
	    "  - {mailbox: \"*\", from: 2023-02-03, to: 2023-02-20,"
	    " reason: open}\n"
	    "  - {mailbox: al doe, to: 2023-01-01}\n",
	    "msg m1 ev/bob/1.eml arrival=2023-01-01\n"
	    "msg m2 ev/bob/2.eml arrival=2023-02-20T23:59:59.9Z\n"
	    "msg m3 ev/bob/3.eml arrival=2023-02-21\n"
	    "msg m4 ev/bob/4.eml\n"
	    "msg m5 ev/alice/5.eml arrival=2022-01-01\n"
	    "msg m6 ev/bob/6.eml imi=<6@x> arrival=2022-01-01\n"
	    "event d 2023-02-02T23:59:59Z HardDelete box=bob@x.example"
	    " imi=<6@x>\n");

	(void)state;
	EXPOSURE(t, "m1", "presumed R6 2023-02-03T00:00:00Z"
			  " 2023-02-20T23:59:59Z []");
	EXPOSURE(t, "m2", "presumed R6 2023-02-20T23:59:59.9Z"
			  " 2023-02-20T23:59:59Z []");
	EXPOSURE(t, "m3", "not_covered  []");
	EXPOSURE(t, "m4", "presumed R6 2023-02-03T00:00:00Z"
			  " 2023-02-20T23:59:59Z [] {arrival_unknown}");
	EXPOSURE(t, "m5", "presumed R6 2022-01-01T00:00:00Z"
			  " 2023-02-20T23:59:59Z []");
	EXPOSURE(t, "m6", "not_covered  []");
	trial_free(t);
}

/* No MailItemsAccessed in M; arrived by the last adversary event + 1 h. */
static void
test_not_logged(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/1.eml arrival=2023-05-20T12:00:00Z\n"
	    "msg m2 ev/alice/2.eml arrival=2023-05-20T12:00:01Z\n"
	    "msg m3 ev/bob/3.eml arrival=2023-05-01\n"
	    "event a 2023-05-20T10:00:00Z Create" BAD "\n"
	    "event b 2023-05-20T11:00:00Z UserLoggedIn type=15"
	    " user=alice@x.example ip=203.0.113.7\n"
	    "event c 2023-05-20T18:00:00Z UserLoginFailed type=15"
	    " user=alice@x.example ip=203.0.113.7\n"
	    "event d 2023-05-20T18:00:00Z UserLoginFailed type=15"
	    " user=bob@x.example ip=203.0.113.7\n");

	(void)state;
	EXPOSURE(t, "m1", "possible R7 2023-05-20T10:00:00Z"
			  " 2023-05-20T11:00:00Z []");
	EXPOSURE(t, "m2", "not_covered  []");
	EXPOSURE(t, "m3", "not_covered  []"); /* failed: never in there */
	trial_free(t);
}

/* A gap meets [first adversary event, last + 1 h]. */
static void
test_gap_meets(void **state)
{
	static const struct {
		const char *gap, *expected;
	} cases[] = {
		{ "2023-05-20T12:00:00Z", "1" }, /* last + 1 h */
		{ "2023-05-20T12:00:01Z", "0" },
		{ "2023-05-20T10:00:00Z", "1" }, /* at the first */
		{ "2023-05-20T09:59:59Z", "0" }, /* over by then */
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		char lines[1024];
		struct trial *t;

		snprintf(lines, sizeof lines,
		    "msg m1 ev/alice/1.eml arrival=2023-05-01\n"
		    "event s 2023-05-20T00:00:00Z MailItemsAccessed" ALICE "\n"
		    "event a 2023-05-20T10:00:00Z Create" BAD "\n"
		    "event b 2023-05-20T11:00:00Z Create" BAD "\n"
		    "event e 2023-05-20T23:00:00Z Create" ALICE "\n"
		    "bad audit.jsonl line=99 time=%s box=alice@x.example\n",
		    cases[i].gap);
		t = trial_run(INCIDENT, lines);
		ROWS(t, "SELECT count(*) FROM verdicts WHERE rule = 'R7'",
		    cases[i].expected);
		trial_free(t);
	}
}

static void
test_switched_off(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/1.eml arrival=2023-05-01\n"
	    "msg m2 ev/alice/2.eml arrival=2023-05-22T00:00:00Z\n"
	    "msg m3 ev/alice/3.eml arrival=2023-05-22T00:00:01Z\n"
	    "msg m4 ev/bob/4.eml arrival=2023-05-01\n"
	    "event a 2023-05-20T00:00:00Z Set-Mailbox type=1 ip=203.0.113.7"
	    " param=Identity:alice@x.example param=AuditEnabled:False\n"
	    "event b 2023-05-22T00:00:00Z Set-Mailbox type=1"
	    " param=Identity:alice@x.example param=AuditEnabled:True\n"
	    "event c 2023-05-20T00:00:00Z Set-Mailbox type=1"
	    " param=Identity:bob@x.example param=AuditEnabled:False\n");

	(void)state;
	EXPOSURE(t, "m1", "presumed R9,R7 2023-05-20T00:00:00Z"
			  " 2023-05-22T00:00:00Z [a]");
	EXPOSURE(t, "m2", "presumed R9 2023-05-22T00:00:00Z"
			  " 2023-05-22T00:00:00Z [a]");
	EXPOSURE(t, "m3", "not_covered  []");
	EXPOSURE(t, "m4", "not_covered  []"); /* not by the adversary */
	trial_free(t);
}

/* Bypass of an account: its own mailbox, those it has records in or rights
 * to; without a reversal to the window's end.  Ingestion off: all. */
static void
test_bypass_and_ingestion(void **state)
{
	static const char mailboxes[] = INCIDENT
	    "assume: [{mailbox: carol@x.example}, {mailbox: dan@x.example}]\n";
	struct trial *t = trial_run(mailboxes,
	    "msg m1 ev/alice/1.eml arrival=2023-05-01\n"
	    "msg m2 ev/bob/2.eml arrival=2023-06-16T23:59:59Z\n"
	    "msg m3 ev/bob/3.eml arrival=2023-06-17\n"
	    "event x 2023-05-01T00:00:00Z Add-MailboxPermission type=1"
	    " param=Identity:bob@x.example param=User:Alice@x.example\n"
	    "event a 2023-05-20T00:00:00Z Set-MailboxAuditBypassAssociation"
	    " type=1 ip=203.0.113.7 param=Identity:alice@x.example"
	    " param=AuditBypassEnabled:True\n"
	    "event r 2023-05-20T00:00:00Z Send box=carol@x.example"
	    " user=ALICE@x.example\n");
	struct trial *u = trial_run(INCIDENT,
	    "msg m1 ev/alice/1.eml arrival=2023-05-01\n"
	    "msg m2 ev/bob/2.eml arrival=2023-05-01\n"
	    "event a 2023-05-20T00:00:00Z Set-AdminAuditLogConfig type=1"
	    " ip=203.0.113.7 param=UnifiedAuditLogIngestionEnabled:False\n");

	(void)state;
	EXPOSURE(t, "m1", "presumed R9,R7 2023-05-20T00:00:00Z"
			  " 2023-06-16T23:59:59Z [a]");
	EXPOSURE(t, "m2", "presumed R9 2023-06-16T23:59:59Z"
			  " 2023-06-16T23:59:59Z [a]");
	EXPOSURE(t, "m3", "not_shown  []");
	ROWS(t, "SELECT group_concat(mailbox, ' ') FROM (SELECT mailbox FROM"
		" temp.audit_off JOIN mailboxes USING (mailbox_no)"
		" ORDER BY 1)",
	    "alice@x.example bob@x.example carol@x.example");
	trial_free(t);
	EXPOSURE(u, "m2", "presumed R9 2023-05-20T00:00:00Z"
			  " 2023-06-16T23:59:59Z [a]");
	trial_free(u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_throttled),
		cmocka_unit_test(test_throttled_24_hours),
		cmocka_unit_test(test_assume),
		cmocka_unit_test(test_not_logged),
		cmocka_unit_test(test_gap_meets),
		cmocka_unit_test(test_switched_off),
		cmocka_unit_test(test_bypass_and_ingestion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
