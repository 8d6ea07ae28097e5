/* R5: what an export took. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support_case.h"

#define INCIDENT                                                               \
	"window: {from: 2023-05-15, to: 2023-06-16}\n"                         \
	"mailboxes:\n"                                                         \
	"  - {address: alice@x.example, evidence: [\"ev/alice/**\"]}\n"        \
	"  - {address: bob@x.example, evidence: [\"ev/bob/**\"]}\n"            \
	"adversary: {actor: [mallory]}\n"
#define T "2023-05-20T10:00:00Z"
#define EXPORT "event x " T " New-MailboxExportRequest type=1 user=mallory"    \
	" param=Mailbox:alice "
#define TAKEN "taken R5 " T " " T " [x]"

static void
test_mailbox_export(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/A/1.eml arrival=" T "\n"
	    "msg m2 ev/alice/A/2.eml arrival=2023-05-20T10:00:01Z\n"
	    "msg m3 ev/alice/A/3.eml\n"
	    "msg m4 ev/alice/A/4.eml imi=<4@x> arrival=2023-05-01\n"
	    "msg m5 ev/bob/A/5.eml arrival=2023-05-01\n"
	    "event d 2023-05-20T09:59:59Z HardDelete box=alice@x.example"
	    " imi=<4@x> folder_path=\\A\n"
	    "event f 2023-05-20T12:00:00Z New-MailboxExportRequest type=1"
	    " user=mallory param=Mailbox:bob succeeded=no\n"
	    "event g 2023-05-20T12:00:00Z New-MailboxExportRequest type=1"
	    " user=admin param=Mailbox:bob\n" EXPORT "session=s1\n");

	(void)state;
	EXPOSURE(t, "m1", "taken R5,R7 " T " " T " [x]");
	EXPOSURE(t, "m2", "possible R7 " T " " T " []");
	EXPOSURE(t, "m3", "taken R5,R7 " T " " T " [x] {arrival_unknown}");
	EXPOSURE(t, "m4", "not_covered  []");
	/* A failed one of the adversary's is presence all the same. */
	EXPOSURE(t, "m5", "possible R7 2023-05-20T12:00:00Z"
			  " 2023-05-20T12:00:00Z []");
	ROWS(t, "SELECT sessions FROM verdicts WHERE rule = 'R5' LIMIT 1",
	    "[\"s1\"]");
	trial_free(t);
}

/* Folder lists, with the folder as it was then. */
static void
test_folder_lists(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    "msg m1 ev/alice/Posteingang/1.eml arrival=2023-05-01\n"
	    "msg m2 ev/alice/Posteingang/A/2.eml arrival=2023-05-01\n"
	    "msg m3 ev/alice/B/C/3.eml arrival=2023-05-01\n"
	    "msg m4 ev/alice/B/4.eml imi=<4@x> arrival=2023-05-01\n"
	    "msg m5 ev/alice/D/5.eml arrival=2023-05-01\n"
	    "msg m6 ev/alice/B/No/6.eml arrival=2023-05-01\n"
	    "store ev/alice/a.pst\n"
	    "msg m7 ev/alice/a.pst state=recovered arrival=2023-05-01\n"
	    "event m 2023-05-21T10:00:00Z Move box=alice@x.example imi=<4@x>"
	    " folder_path=\\D dest_folder_path=\\B\n"
	    EXPORT "\"param=IncludeFolders:{#Inbox#, b/*}\""
	    " param=ExcludeFolders:B/No \"param=ContentFilter:a -gt b\"\n");

	(void)state;
	ROWS(t, "SELECT locator, f.value FROM verdicts v JOIN places p"
		" USING (place) JOIN messages USING (message),"
		" json_each(p.flags) f WHERE rule = 'R5' ORDER BY 1, 2",
	    "m1|condition=ContentFilter;m3|condition=ContentFilter;"
	    "m7|condition=ContentFilter;m7|condition=folder");
	trial_free(t);
}

#define SEARCH                                                                 \
	"msg m1 ev/alice/1.eml arrival=2023-05-01\n"                           \
	"msg m2 ev/bob/2.eml arrival=2023-05-01\n"
#define ACTION "event x " T " New-ComplianceSearchAction type=18 user=mallory" \
	" param=SearchName:S param=Export:True\n"

static void
searched(const char *lines, const char *expected)
{
	struct trial *t = trial_run(INCIDENT, lines);

	ROWS(t, "SELECT locator, coalesce((SELECT group_concat(value) FROM"
		" json_each(p.flags)), '') FROM verdicts JOIN places p"
		" USING (place) JOIN messages USING (message)"
		" WHERE rule = 'R5' ORDER BY 1", expected);
	trial_free(t);
}

#define MADE(id, time, locations)                                              \
	"event " id " 2023-05-" time ":00:00Z New-ComplianceSearch type=18"    \
	" user=admin param=Name:s param=ExchangeLocation:" locations "\n"

static void
test_compliance_search(void **state)
{
	(void)state;
	searched(SEARCH MADE("a", "19T10", "alice@x.example;x@y.example")
	    ACTION, "m1|");
	searched(SEARCH MADE("a", "19T10", "All") ACTION, "m1|;m2|");
	searched(SEARCH MADE("a", "19T10", "alice@x.example,bo...") ACTION,
	    "m1|;m2|");
	/* the last word before the export counts */
	searched(SEARCH MADE("a", "18T10", "All") MADE("b", "19T10", "bob")
	    MADE("c", "21T10", "All") ACTION, "m2|");
	/* nobody recorded where it looks: everywhere, and flagged */
	searched(SEARCH ACTION,
	    "m1|condition=ExchangeLocation;m2|condition=ExchangeLocation");
	searched(SEARCH MADE("a", "19T10", "bob param=ContentMatchQuery:x")
	    "event x " T " SearchExportDownloaded type=24 user=mallory"
	    " object_id=S_Export\n", "m2|condition=ContentMatchQuery");
	/* a purge or a preview is no export */
	searched(SEARCH MADE("a", "19T10", "All")
	    "event x " T " New-ComplianceSearchAction type=18 user=mallory"
	    " param=SearchName:S param=Purge:True\n", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mailbox_export),
		cmocka_unit_test(test_folder_lists),
		cmocka_unit_test(test_compliance_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
