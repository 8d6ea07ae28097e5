/* Coverage of each mailbox: gaps, cuts, what cannot be read, what wins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support_case.h"

#define WINDOW_LINE "window: {from: 2023-05-01, to: 2023-05-20}\n"
#define BIND(id, day, time)                                                    \
	"event " id " 2023-05-" day "T" time "Z MailItemsAccessed"              \
	" box=alice@x.example "
#define DAY(n) "2023-05-" n "T00:00:00Z"

/* Rows of alice, NULL ends as '-'. */
#define COVERED(t, expected)                                                   \
	ROWS(t, "SELECT status, utc(from_us), utc(to_us) FROM coverage"        \
		" JOIN mailboxes USING (mailbox_no)"                           \
		" WHERE mailbox = 'alice@x.example'"                           \
		" ORDER BY from_us IS NULL DESC, from_us, to_us", expected)

static void
test_first_to_last(void **state)
{
	struct trial *t = trial_run(WINDOW_LINE,
	    BIND("a", "01", "00:00:00") "\n"
	    "event b 2023-05-02T10:00:00Z Send box=bob@x.example\n"
	    /* no Exchange record */
	    "event c 2023-05-03T10:00:00Z UserLoggedIn type=15"
	    " workload=AzureActiveDirectory\n");

	(void)state;
	/* to is exclusive: the last record's second is covered */
	COVERED(t, "outside||" DAY("01") ";covered|" DAY("01")
		   "|2023-05-02T10:00:01Z;outside|2023-05-02T10:00:01Z|");
	ROWS(t, "SELECT status, from_us, to_us FROM coverage"
		" JOIN mailboxes USING (mailbox_no)"
		" WHERE mailbox = 'bob@x.example'", "not_logged|-|-");
	trial_free(t);
}

static void
test_empty_days(void **state)
{
	struct trial *t = trial_run(WINDOW_LINE,
	    BIND("a", "01", "23:59:59") "\n" BIND("b", "02", "00:00:00") "\n"
	    BIND("c", "05", "12:00:00") "\n");

	(void)state;
	COVERED(t, "outside||2023-05-01T23:59:59Z;"
		   "covered|2023-05-01T23:59:59Z|" DAY("03") ";"
		   "gap|" DAY("03") "|" DAY("05") ";"
		   "covered|" DAY("05") "|2023-05-05T12:00:01Z;"
		   "outside|2023-05-05T12:00:01Z|");
	trial_free(t);
}

static void
test_throttled(void **state)
{
	struct trial *t = trial_run(WINDOW_LINE,
	    BIND("a", "01", "00:00:00") "throttled=yes\n"
	    BIND("b", "02", "00:00:00") "throttled=not_stated\n"
	    BIND("c", "03", "00:00:00") "throttled=yes\n"
	    "event d 2023-05-02T00:00:00Z MailItemsAccessed box=bob@x.example"
	    " throttled=yes\n");

	(void)state;
	/* the last one reaches beyond the last record: it beats outside */
	COVERED(t, "outside||" DAY("01") ";throttled|" DAY("01") "|" DAY("02")
		   ";covered|" DAY("02") "|" DAY("03") ";throttled|" DAY("03")
		   "|" DAY("04") ";outside|" DAY("04") "|");
	trial_free(t);
}

static void
test_audit_off(void **state)
{
	struct trial *t = trial_run(WINDOW_LINE,
	    BIND("a", "01", "00:00:00") "\n"
	    "event b 2023-05-02T00:00:00Z Set-Mailbox type=1"
	    " param=Identity:alice@x.example param=AuditEnabled:$false\n"
	    "event c 2023-05-02T06:00:00Z Set-Mailbox type=1"
	    " param=Identity:bob@x.example param=AuditEnabled:True\n"
	    "event d 2023-05-02T12:00:00Z Set-Mailbox type=1 succeeded=no"
	    " param=Identity:alice@x.example param=AuditEnabled:True\n"
	    "event e 2023-05-03T00:00:00Z Set-Mailbox type=1"
	    " param=Identity:ALICE@x.example param=AuditEnabled:True\n"
	    "event f 2023-05-04T00:00:00Z Set-AdminAuditLogConfig type=1"
	    " param=UnifiedAuditLogIngestionEnabled:False\n"
	    BIND("g", "05", "00:00:00") "\n");

	(void)state;
	/* never switched on again: to the window's end */
	COVERED(t, "outside||" DAY("01") ";covered|" DAY("01") "|" DAY("02")
		   ";audit_off|" DAY("02") "|" DAY("03") ";covered|" DAY("03")
		   "|" DAY("04") ";audit_off|" DAY("04") "|" DAY("21")
		   ";outside|" DAY("21") "|");
	trial_free(t);
}

static void
test_priority(void **state)
{
	struct trial *t = trial_run(WINDOW_LINE,
	    BIND("a", "01", "12:00:00") "throttled=yes\n"
	    "event b 2023-05-01T18:00:00Z Set-Mailbox type=1"
	    " param=Identity:alice@x.example param=AuditEnabled:False\n"
	    "event c 2023-05-04T06:00:00Z Set-Mailbox type=1"
	    " param=Identity:alice@x.example param=AuditEnabled:True\n"
	    BIND("d", "04", "12:00:00") "\n");

	(void)state;
	COVERED(t, "outside||2023-05-01T12:00:00Z;"
		   "throttled|2023-05-01T12:00:00Z|2023-05-01T18:00:00Z;"
		   "audit_off|2023-05-01T18:00:00Z|" DAY("02") ";"
		   "gap|" DAY("02") "|" DAY("04") ";"
		   "audit_off|" DAY("04") "|2023-05-04T06:00:00Z;"
		   "covered|2023-05-04T06:00:00Z|2023-05-04T12:00:01Z;"
		   "outside|2023-05-04T12:00:01Z|");
	trial_free(t);
}

/* Beyond its last row up to the next row of any file; oldest last: before. */
static void
test_cut_files(void **state)
{
	struct trial *t = trial_run(WINDOW_LINE,
	    BIND("a", "01", "00:00:00") "file=up\n"
	    BIND("b", "02", "10:00:00") "file=up\n"
	    "cut up time=2023-05-02T10:00:00Z\n"
	    BIND("c", "02", "11:00:00") "file=other\n"
	    BIND("d", "02", "20:00:00") "file=down\n"
	    BIND("e", "02", "19:00:00") "file=down\n"
	    "cut down time=2023-05-02T19:00:00Z\n");

	(void)state;
	COVERED(t, "outside||" DAY("01") ";"
		   "covered|" DAY("01") "|2023-05-02T10:00:00Z;"
		   "gap|2023-05-02T10:00:00Z|2023-05-02T19:00:01Z;"
		   "covered|2023-05-02T19:00:01Z|2023-05-02T20:00:01Z;"
		   "outside|2023-05-02T20:00:01Z|");
	trial_free(t);
}

/* Nothing comes after: what was cut may reach to the window's end. */
static void
test_cut_at_the_end(void **state)
{
	struct trial *t = trial_run(WINDOW_LINE,
	    BIND("a", "01", "00:00:00") "\n" BIND("b", "02", "10:00:00") "\n"
	    "cut audit.jsonl time=2023-05-02T10:00:00Z\n");

	(void)state;
	COVERED(t, "outside||" DAY("01") ";"
		   "covered|" DAY("01") "|2023-05-02T10:00:00Z;"
		   "gap|2023-05-02T10:00:00Z|" DAY("21") ";outside|"
		   DAY("21") "|");
	trial_free(t);
}

/* Each run of a Search-UnifiedAuditLog export against its ResultCount. */
static void
test_short_runs(void **state)
{
	struct trial *t = trial_run(WINDOW_LINE,
	    BIND("a", "01", "00:00:00") "result_count=2 result_index=1\n"
	    BIND("b", "01", "01:00:00") "result_count=2 result_index=2\n"
	    BIND("c", "01", "02:00:00") "result_count=3 result_index=1\n"
	    BIND("d", "01", "03:00:00") "result_count=3 result_index=2\n"
	    BIND("e", "01", "05:00:00") "result_count=2 result_index=1\n"
	    BIND("f", "01", "06:00:00") "result_count=2 result_index=2\n");

	(void)state;
	COVERED(t, "outside||" DAY("01") ";"
		   "covered|" DAY("01") "|2023-05-01T03:00:00Z;"
		   "gap|2023-05-01T03:00:00Z|2023-05-01T05:00:00Z;"
		   "covered|2023-05-01T05:00:00Z|2023-05-01T06:00:01Z;"
		   "outside|2023-05-01T06:00:01Z|");
	ROWS(t, "SELECT kind, severity, items_lost FROM problems"
		" WHERE stage = 'reconstruct'", "cut_export|partial|0");
	trial_free(t);
}

static void
test_unreadable(void **state)
{
	struct trial *t = trial_run(WINDOW_LINE,
	    BIND("a", "01", "00:00:00") "locator=line=1\n"
	    /* alice's and legible; bob's; nobody can tell whose; no time */
	    "bad audit.jsonl line=2 time=2023-05-01T01:00:00Z"
	    " box=ALICE@x.example\n"
	    "bad audit.jsonl line=3 time=2023-05-01T02:00:00Z"
	    " box=bob@x.example\n"
	    "bad audit.jsonl line=4 time=2023-05-01T03:00:00Z\n"
	    BIND("b", "01", "04:00:00") "locator=line=9\n"
	    "bad audit.jsonl line=10 box=alice@x.example\n"
	    BIND("c", "01", "05:00:00") "locator=line=11\n"
	    "event d 2023-05-01T06:00:00Z MailItemsAccessed"
	    " box=bob@x.example locator=line=12\n");

	(void)state;
	COVERED(t, "outside||" DAY("01") ";"
		   "covered|" DAY("01") "|2023-05-01T01:00:00Z;"
		   "gap|2023-05-01T01:00:00Z|2023-05-01T01:00:01Z;"
		   "covered|2023-05-01T01:00:01Z|2023-05-01T03:00:00Z;"
		   "gap|2023-05-01T03:00:00Z|2023-05-01T03:00:01Z;"
		   "covered|2023-05-01T03:00:01Z|2023-05-01T04:00:00Z;"
		   "gap|2023-05-01T04:00:00Z|2023-05-01T05:00:01Z;"
		   "covered|2023-05-01T05:00:01Z|2023-05-01T06:00:01Z;"
		   "outside|2023-05-01T06:00:01Z|");
	ROWS(t, "SELECT count(*) FROM coverage JOIN mailboxes"
		" USING (mailbox_no) WHERE status = 'gap'"
		" AND mailbox = 'bob@x.example'", "2");
	trial_free(t);
}

/* A gap away from the log: the time between is outside, no hole. */
static void
test_gap_beyond(void **state)
{
	struct trial *t = trial_run(WINDOW_LINE,
	    "bad audit.jsonl line=1 time=2023-04-30T00:00:00Z\n"
	    BIND("a", "02", "00:00:00") "locator=line=2\n"
	    "bad audit.jsonl line=3 time=2023-05-04T00:00:00Z\n");

	(void)state;
	COVERED(t, "outside||2023-04-30T00:00:00Z;"
		   "gap|2023-04-30T00:00:00Z|2023-04-30T00:00:01Z;"
		   "outside|2023-04-30T00:00:01Z|" DAY("02") ";"
		   "covered|" DAY("02") "|2023-05-02T00:00:01Z;"
		   "outside|2023-05-02T00:00:01Z|" DAY("04") ";"
		   "gap|" DAY("04") "|2023-05-04T00:00:01Z;"
		   "outside|2023-05-04T00:00:01Z|");
	trial_free(t);
}

/* not_shown needs coverage from arrival or the window's start to its end. */
static void
test_not_shown(void **state)
{
	struct trial *t = trial_run(
	    "window: {from: 2023-05-01, to: 2023-05-02T10:00:00Z}\n"
	    "mailboxes: [{address: alice@x.example, evidence: [\"a/**\"]},"
	    " {address: bob@x.example, evidence: [\"b/**\"]}]\n",
	    "msg m1 a/1.eml arrival=2023-04-01\n"
	    "msg m2 a/2.eml arrival=2023-05-01T12:00:00Z\n"
	    "msg m3 a/3.eml arrival=2023-05-02T10:00:00Z\n"
	    "msg m4 a/4.eml arrival=2023-05-02T10:00:01Z\n"
	    "msg m5 a/5.eml\nmsg m6 b/6.eml arrival=2023-05-02T10:00:01Z\n"
	    "msg m7 b/7.eml arrival=2023-05-01T12:00:00Z\ninner i7 m7\n"
	    "msg m8 b/8.eml arrival=2023-05-02T10:00:00.5Z\n"
	    BIND("a", "01", "06:00:00") "\n" BIND("b", "02", "10:00:00") "\n");

	(void)state;
	EXPOSURE(t, "m1", "not_covered  []");
	EXPOSURE(t, "m2", "not_shown  []");
	EXPOSURE(t, "m3", "not_shown  []");
	EXPOSURE(t, "m4", "not_shown  []");
	EXPOSURE(t, "m5", "not_covered  [] {arrival_unknown}");
	EXPOSURE(t, "m6", "not_shown  []"); /* after the window */
	EXPOSURE(t, "m7", "not_covered  []"); /* bob has no coverage */
	EXPOSURE(t, "i7", "not_covered  []");
	EXPOSURE(t, "m8", "not_covered  []"); /* the window's last second */
	ROWS(t, "SELECT reason FROM places JOIN messages USING (message)"
		" WHERE locator IN ('m2', 'm6') ORDER BY locator",
	    "no rule holds, and the log covers this mailbox from "
	    "2023-05-01T12:00:00Z to 2023-05-02T10:00:00Z;"
	    "it arrived after the window");
	trial_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_to_last),
		cmocka_unit_test(test_empty_days),
		cmocka_unit_test(test_throttled),
		cmocka_unit_test(test_audit_off),
		cmocka_unit_test(test_priority),
		cmocka_unit_test(test_cut_files),
		cmocka_unit_test(test_cut_at_the_end),
		cmocka_unit_test(test_short_runs),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_gap_beyond),
		cmocka_unit_test(test_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
