/* Mailboxes: their names, whose each path is, folders from paths, arrival. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support_case.h"

#define NAMES(t, expected)                                                     \
	ROWS(t, "SELECT mailbox, guid, held FROM mailboxes ORDER BY mailbox",  \
	    expected)

static void
test_names(void **state)
{
	struct trial *t = trial_run(
	    "mailboxes:\n- {address: Alice@X.example, guid: G1}\n"
	    "- {guid: G2}\n- {guid: G3}\n",
	    /* the entry's address; its GUID's other addresses are the same */
	    "event a 2023-05-01T00:00:00Z Create box=al@x.example guid=g1\n"
	    "event b 2023-05-02T00:00:00Z Create box=AL@x.example\n"
	    /* else the first owner by time, then record id */
	    "event c 2023-05-03T00:00:00Z Create guid=g2\n"
	    "event e 2023-05-04T00:00:00Z Create box=Late@x.example guid=g2\n"
	    "event d 2023-05-04T00:00:00Z Create box=Bob@x.example guid=g2\n"
	    /* else the GUID */
	    "event f 2023-05-04T00:00:00Z Create guid=g4\n"
	    "event g 2023-05-04T00:00:00Z Create box=only@x.example\n");

	(void)state;
	NAMES(t, "alice@x.example|g1|0;bob@x.example|g2|0;g3|g3|0;g4|g4|0;"
		 "only@x.example|-|0");
	ROWS(t, "SELECT record_id, mailbox FROM judged_events"
		" JOIN events USING (event) JOIN mailboxes USING (mailbox_no)"
		" WHERE record_id IN ('b', 'e') ORDER BY 1",
	    "b|alice@x.example;e|bob@x.example");
	trial_free(t);
}

#define LINKS(t, expected)                                                     \
	ROWS(t, "SELECT path, mailbox, mailbox_source, folder"                 \
		" FROM path_mailboxes JOIN mailboxes USING (mailbox_no)"       \
		" ORDER BY path", expected)

static void
test_stores(void **state)
{
	struct trial *t = trial_run(
	    "mailboxes: [{address: alice@x.example, names: [Al Doe],"
	    " evidence: [\"a*.pst\"]}]\n",
	    "store ev/a-2.pst store_owner=other@x.example\n"
	    "store ev/b.pst store_owner=Bob@X.example\n"
	    "store ev/c.pst \"display_name=Carol's Mail\"\n"
	    "store ev/d.pst display_name=Outlook\n"
	    "store ev/e.pst display_name=OUTLOOK\n"
	    "store ev/f.ost kind=ost\n"
	    "store ev/g.pst \"display_name=Al Doe\"\n"
	    "store ev/h.pst display_name=Hal@x.example\n");

	(void)state;
	LINKS(t, "ev/a-2.pst|alice@x.example|incident|;"
		 "ev/b.pst|bob@x.example|store_owner|;"
		 "ev/c.pst|carol's mail|display_name|;"
		 "ev/d.pst|outlook (ev/d.pst)|display_name|;"
		 "ev/e.pst|outlook (ev/e.pst)|display_name|;"
		 "ev/f.ost|ev/f.ost|path|;"
		 "ev/g.pst|alice@x.example|display_name|;"
		 "ev/h.pst|hal@x.example|display_name|");
	trial_free(t);
}

static void
test_trees(void **state)
{
	struct trial *t = trial_run(NULL,
	    "msg m1 ev/al/Inbox/1.eml\nmsg m2 ev/al/2.eml\n"
	    "to m1 delivered_to x@x.example\nto m1 to list@x.example\n"
	    "to m2 delivered_to al@x.example\nto m1 delivered_to AL@x.example\n"
	    "msg m3 ev/3.eml\nto m3 cc Bob@x.example\n"
	    "msg m4 ev/nobody/A/4.eml\n"
	    "msg m5 5.eml\n"
	    "msg m6 md/.Sent.Old/cur/6\nmsg m7 md/new/7\n"
	    "msg m8 ev/md/.A.B/cur/8\nmsg m9 ev/md/Xcur/9\n");

	(void)state;
	LINKS(t, "5.eml|5.eml|directory|;"
		 "ev/3.eml|bob@x.example|recipient|;"
		 "ev/al/2.eml|al@x.example|delivered_to|;"
		 "ev/al/Inbox/1.eml|al@x.example|delivered_to|Inbox;"
		 "ev/md/.A.B/cur/8|ev/md|directory|A/B;"
		 "ev/md/Xcur/9|ev/md|directory|Xcur;"
		 "ev/nobody/A/4.eml|ev/nobody|directory|A;"
		 "md/.Sent.Old/cur/6|md|directory|Sent/Old;"
		 "md/new/7|md|directory|");
	trial_free(t);
}

static void
test_mbox_paths(void **state)
{
	struct trial *t = trial_run(
	    "mailboxes: [{address: a@x.example, evidence: [\"ev/**\"]},"
	    " {address: b@x.example, evidence: [\"one/b.mbox\"]}]\n",
	    "store ev/Inbox.mbox kind=mbox\nstore ev/Inbox.mbx kind=mbox\n"
	    "store ev/A.sbd/B.sbd/C.mbs kind=mbox\n"
	    "store ev/x.mbox.old kind=mbox\nstore ev/Sent kind=mbox\n"
	    "store one/b.mbox kind=mbox\n");

	(void)state;
	LINKS(t, "ev/A.sbd/B.sbd/C.mbs|a@x.example|incident|A/B/C;"
		 "ev/Inbox.mbox|a@x.example|incident|Inbox;"
		 "ev/Inbox.mbx|a@x.example|incident|Inbox;"
		 "ev/Sent|a@x.example|incident|Sent;"
		 "ev/x.mbox.old|a@x.example|incident|x.mbox.old;"
		 "one/b.mbox|b@x.example|incident|b");
	trial_free(t);
}

/* A mailbox of a list or an assumption alone has a row as well. */
static void
test_listed(void **state)
{
	struct trial *t = trial_run(
	    "stolen_messages: [s.csv]\n"
	    "assume: [{mailbox: \"*\"}, {mailbox: dan@x.example}]\n",
	    "list s.csv carol@x.example,<1@x>|0a0b,<2@x>|\n");

	(void)state;
	NAMES(t, "0a0b|0a0b|0;carol@x.example|-|0;dan@x.example|-|0");
	trial_free(t);
}

/* DELIVER in message tracking is the arrival, for recipients; what was sent
 * from here was not delivered here. */
static void
test_deliver(void **state)
{
	struct trial *t = trial_run(
	    "mailboxes: [{address: alice@x.example, evidence: [\"a/**\"]},"
	    " {address: bob@x.example, evidence: [\"b/**\"]}]\n",
	    "msg m1 a/Inbox/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "msg m2 a/Sent/1.eml imi=<1@x> arrival=2023-05-01"
	    " flags=[\\\"sent\\\"]\n"
	    "msg m3 b/Inbox/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "event d 2023-05-02T03:04:05.678Z DELIVER workload=MessageTracking"
	    " imi=<1@X> param=Recipient:ALICE@x.example\n"
	    "event e 2023-05-03T00:00:00Z DELIVER workload=MessageTracking"
	    " imi=<1@x> param=Recipient:alice@x.example\n"
	    "event f 2023-05-03T00:00:00Z SEND workload=MessageTracking"
	    " imi=<1@x> param=Recipient:bob@x.example\n");

	(void)state;
	ROWS(t, "SELECT utc(arrival_us) FROM places ORDER BY path",
	    "2023-05-02T03:04:05.678Z;2023-05-01T00:00:00Z;"
	    "2023-05-01T00:00:00Z");
	trial_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_stores),
		cmocka_unit_test(test_trees),
		cmocka_unit_test(test_mbox_paths),
		cmocka_unit_test(test_listed),
		cmocka_unit_test(test_deliver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
