/* R1, R1c, R1s: a record names the message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support_case.h"

static const char incident[] =
    "window: {from: 2023-05-15, to: 2023-06-16}\n"
    "mailboxes:\n"
    "  - {address: alice@x.example, evidence: [\"ev/alice/**\"]}\n"
    "  - {address: bob@x.example, evidence: [\"ev/bob/**\"]}\n"
    "adversary: {ip: [203.0.113.7]}\n";

static void
test_bind_names_message(void **state)
{
	struct trial *t = trial_run(incident,
	    "msg m1 ev/alice/Inbox/1.eml imi=<1@x> arrival=2023-05-01\n"
	    "msg m2 ev/alice/Inbox/2.eml imi=<2@x> arrival=2023-05-01\n"
	    "event r1 2023-05-20T10:00:00Z MailItemsAccessed"
	    " box=alice@x.example ip=203.0.113.7 imi=<1@x>\n"
	    "event r2 2023-05-20T11:00:00Z MailItemsAccessed"
	    " box=alice@x.example ip=203.0.113.7 imi=<1@x>\n");

	(void)state;
	EXPOSURE(t, "m1", "accessed R1 2023-05-20T10:00:00Z"
			  " 2023-05-20T11:02:00Z [r1,r2]");
	EXPOSURE(t, "m2", "not_covered  []");
	trial_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bind_names_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
