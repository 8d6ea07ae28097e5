/* R4: mail sent away by rules and settings of the adversary. */
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
	"adversary: {actor: [mallory]}\n"
#define RULE(id, time, op)                                                     \
	"event " id " 2023-05-" time "Z " op " type=1 user=mallory"             \
	" param=Mailbox:alice@x.example "
#define FORWARD " param=ForwardTo:m@e.example "

static void
taken(const char *lines, const char *expected)
{
	struct trial *t = trial_run(INCIDENT, lines);

	ROWS(t, "SELECT locator || coalesce((SELECT ' ' || group_concat("
		" value) FROM json_each(p.flags)), '') FROM verdicts"
		" JOIN places p USING (place) JOIN messages USING (message)"
		" WHERE rule = 'R4' ORDER BY 1", expected);
	trial_free(t);
}

#define THREE                                                                  \
	"msg m1 ev/alice/Inbox/1.eml arrival=2023-05-20T10:00:00Z"             \
	" \"subject=Your INVOICE is due\" sender_address=Boss@x.example"       \
	" \"sender=Big Boss <boss@x.example>\"\n"                              \
	"msg m2 ev/alice/Inbox/2.eml arrival=2023-05-21T10:00:00Z\n"           \
	"msg m3 ev/alice/Inbox/3.eml arrival=2023-05-22T10:00:00Z"             \
	" subject=lunch\n"

static void
test_verdict(void **state)
{
	struct trial *t = trial_run(INCIDENT,
	    THREE RULE("a", "20T10:00:00", "New-InboxRule")
	    "param=Name:r session=s1" FORWARD "\n");

	(void)state;
	EXPOSURE(t, "m1", "taken R4,R7 2023-05-20T10:00:00Z"
			  " 2023-05-20T10:00:00Z [a]");
	EXPOSURE(t, "m3", "taken R4 2023-05-22T10:00:00Z"
			  " 2023-05-22T10:00:00Z [a]");
	ROWS(t, "SELECT sentence, sessions FROM verdicts WHERE rule = 'R4'"
		" LIMIT 1",
	    "it arrived while the adversary's inbox rule r sent messages"
	    " away|[\"s1\"]");
	trial_free(t);
}

/* From the record that set it to the first later one, by anyone. */
static void
test_periods(void **state)
{
	(void)state;
	taken(THREE RULE("a", "20T10:00:01", "New-InboxRule") "param=Name:r"
	    FORWARD "\nevent b 2023-05-21T10:00:00Z Disable-InboxRule type=1"
	    " user=alice@x.example object_id=O/alice\\R\n", "m2");
	taken(THREE RULE("a", "19T10:00:00", "New-InboxRule") "param=Name:r"
	    FORWARD "\n" RULE("b", "20T10:00:00", "Set-InboxRule")
	    "param=Identity:alice@x.example\\r param=Priority:1\n", "m1");
	/* another rule, another mailbox, a failed one: nothing ends */
	taken(THREE RULE("a", "19T10:00:00", "New-InboxRule") "param=Name:r"
	    FORWARD "\n" RULE("b", "20T10:00:00", "Remove-InboxRule")
	    "param=Identity:q\n" RULE("c", "20T10:00:00", "Remove-InboxRule")
	    "param=Identity:r succeeded=no\nevent d 2023-05-20T10:00:00Z"
	    " Remove-InboxRule type=1 user=x param=Mailbox:bob"
	    " param=Identity:r\n", "m1;m2;m3");
	/* failed, not the adversary's, or no forwarding: nothing begins */
	taken(THREE RULE("a", "19T10:00:00", "New-InboxRule") "param=Name:r"
	    FORWARD "succeeded=no\n" RULE("b", "19T10:00:00", "New-InboxRule")
	    "param=Name:q param=DeleteMessage:True param=MoveToFolder:x\n"
	    "event c 2023-05-19T10:00:00Z New-InboxRule type=1"
	    " user=alice@x.example" FORWARD "\n", "");
}

static void
test_kinds(void **state)
{
	(void)state;
	taken(THREE RULE("a", "21T00:00:00", "Set-InboxRule")
	    "param=Identity:r param=RedirectTo:m@e.example\n", "m2;m3");
	taken(THREE RULE("a", "21T00:00:00", "New-InboxRule")
	    "param=Name:r param=ForwardAsAttachmentTo:m@e.example\n",
	    "m2;m3");
	taken(THREE "event a 2023-05-20T00:00:00Z Set-Mailbox type=1"
	    " user=mallory param=Identity:alice@x.example"
	    " param=ForwardingSmtpAddress:smtp:m@e.example\n"
	    "event b 2023-05-20T12:00:00Z Set-Mailbox type=1 user=x"
	    " param=Identity:alice@x.example param=AuditEnabled:True\n"
	    "event c 2023-05-21T12:00:00Z Set-Mailbox type=1 user=x"
	    " param=Identity:alice@x.example param=ForwardingSmtpAddress:\n",
	    "m1;m2");
	taken(THREE "msg b1 ev/bob/Inbox/1.eml arrival=2023-05-21\n"
	    "event a 2023-05-21T00:00:00Z New-TransportRule type=1"
	    " user=mallory param=Name:t param=BlindCopyTo:m@e.example\n"
	    "event b 2023-05-22T00:00:00Z Disable-TransportRule type=1"
	    " user=x param=Identity:T\n", "b1;m2");
	taken(THREE "msg b1 ev/bob/Inbox/1.eml arrival=2023-05-21\n"
	    "event a 2023-05-21T00:00:00Z New-TransportRule type=1"
	    " user=mallory param=Name:t param=RedirectMessageTo:m@e.example"
	    " param=SentTo:bob@x.example\n", "b1");
	taken(THREE "event a 2023-05-21T00:00:00Z UpdateInboxRules type=2"
	    " user=mallory box=alice@x.example param=RuleId:7"
	    " param=RuleOperation:AddMailboxRule param=RuleState:Enabled"
	    " param=RuleCondition:(x) param=RuleActions:[{Forward}]\n"
	    "event b 2023-05-22T00:00:00Z UpdateInboxRules type=2"
	    " user=x box=alice@x.example param=RuleId:7"
	    " param=RuleOperation:RemoveMailboxRule"
	    " param=RuleActions:[{Forward}]\n",
	    "m2 condition=RuleCondition");
}

#define HELD(name, changed, rest)                                              \
	"event held 2023-05-20T23:59:00Z InboxRuleInMailbox"                   \
	" file=ev/alice/Inbox/1.eml object_id=" name " until_us=" changed       \
	" param=Enabled:True param=ForwardTo:m@e.example " rest "\n"
#define UPDATE                                                                 \
	"event a 2023-05-21T00:00:00Z UpdateInboxRules type=2"                 \
	" user=mallory box=alice@x.example param=RuleName:Tidy"                \
	" param=RuleOperation:AddMailboxRule param=RuleState:Enabled "

/* What Outlook's record leaves out, the rule in the mailbox says. */
static void
test_held_rule(void **state)
{
	(void)state;
	/* Nothing says that it forwards. */
	taken(THREE UPDATE "\n", "");
	/* 2023-05-21T00:01 */
	taken(THREE UPDATE "\n" HELD("tidy", "1684627260000000",
	    "param=SubjectContainsWords:lunch"), "m3");
	/* Changed since: not what was set then. */
	taken(THREE UPDATE "\n" HELD("tidy", "1684800000000000",
	    "param=SubjectContainsWords:lunch"), "");
	taken(THREE UPDATE "\n" HELD("other", "1684627260000000",
	    "param=SubjectContainsWords:lunch"), "");
	/* A condition that no cmdlet has counts as met, and is said. */
	taken(THREE UPDATE " param=RuleActions:[{Forward}]\n"
	    HELD("Tidy", "1684627260000000",
	    "param=OtherCondition:x param=SubjectContainsWords:lunch"),
	    "m3 condition=OtherCondition");
}

static void
test_sent_and_drafts(void **state)
{
	(void)state;
	taken("msg m1 ev/alice/\"Sent Items\"/1.eml arrival=2023-05-21\n"
	      "msg m2 ev/alice/Entwürfe/2.eml arrival=2023-05-21\n"
	      "msg m3 ev/alice/A/3.eml arrival=2023-05-21"
	      " flags=[\\\"draft\\\"]\n"
	      "msg m4 ev/alice/A/4.eml\n" /* always there: did not arrive */
	      "msg m5 ev/alice/A/5.eml arrival=2023-05-21\ninner i5 m5\n"
	      RULE("a", "20T10:00:00", "New-InboxRule") "param=Name:r"
	      FORWARD "\n", "i5;m5");
}

#define CONDITION(text) THREE RULE("a", "20T10:00:00", "New-InboxRule")        \
	"param=Name:r" FORWARD text "\n"

static void
test_conditions(void **state)
{
	(void)state;
	taken(CONDITION("\"param=SubjectContainsWords:pay;invoice\""), "m1");
	taken(CONDITION("param=SubjectContainsWords:LUNCH,x"), "m3");
	/* all conditions */
	taken(CONDITION("param=SubjectContainsWords:invoice"
			" param=From:other@x.example"), "");
	taken(CONDITION("param=SubjectContainsWords:invoice"
			" param=From:BOSS@x.example"), "m1");
	taken(CONDITION("\"param=From:big boss\""), "m1");
	taken(CONDITION("\"param=From:Big [SMTP:boss@x.example]\""), "m1");
	taken(CONDITION("param=FromAddressContainsWords:@X."), "m1");
	/* exceptions are ignored, others count as met: both flagged */
	taken(CONDITION("param=SubjectContainsWords:invoice"
			" param=ExceptIfFrom:boss@x.example"
			" param=HasAttachment:True"
			" param=MyNameInToBox:False"),
	    "m1 condition=ExceptIfFrom,condition=HasAttachment");
}

/* Text that was not kept may have the word: it counts, and is flagged. */
static void
test_texts(void **state)
{
	static const char texts[] =
	    "text m1 \"Please PAY Gr\xc3\x9c\xc3\x9f""e today\"\n"
	    "text m2 \"nothing here\"\ntext m3 \"the start of it\" cut\n";
	char lines[2048];

	(void)state;
#define WITH(condition)                                                        \
	(snprintf(lines, sizeof lines, "%s%s%s", THREE, texts,                 \
	     RULE("a", "20T10:00:00", "New-InboxRule") "param=Name:r" FORWARD  \
	     condition "\n"), lines)
	taken(WITH("param=BodyContainsWords:pay"), "m1;m3 condition=text");
	taken(WITH("param=BodyContainsWords:gr\xc3\xbcsse"),
	    "m1;m3 condition=text");
	taken(WITH("param=SubjectOrBodyContainsWords:lunch;here"),
	    "m2;m3 condition=text");
	taken(WITH("param=SubjectOrBodyContainsWords:start"),
	    "m3 condition=text");
	taken(WITH("param=BodyContainsWords:pay"
		   " param=SubjectContainsWords:invoice"), "m1");
	/* nothing kept of any: nothing can be said */
	taken(CONDITION("param=BodyContainsWords:pay"),
	    "m1 condition=text;m2 condition=text;m3 condition=text");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_periods),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_held_rule),
		cmocka_unit_test(test_sent_and_drafts),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
