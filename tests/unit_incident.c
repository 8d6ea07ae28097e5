/* The incident file: every key, bad values with their lines, lists, globs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "forensics/access/incident.h"
#include "parsers/base/utc.h"

static char folder[64], message[2048];

static void
write_file(const char *name, const char *content)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(content, out);
	fclose(out);
}

/* Loads, and keeps what it said on stderr. */
static struct incident *
load(const char *yaml)
{
	static char path[128];
	char said[128];
	struct incident *incident;
	int keep = dup(2);
	FILE *in;

	write_file("incident.yaml", yaml);
	snprintf(path, sizeof path, "%s/incident.yaml", folder);
	snprintf(said, sizeof said, "%s/said", folder);
	assert_non_null(freopen(said, "w", stderr));
	incident = incident_load(path);
	fflush(stderr);
	dup2(keep, 2);
	close(keep);
	in = fopen(said, "r");
	message[fread(message, 1, sizeof message - 1, in)] = '\0';
	fclose(in);
	return incident;
}

/* It is refused, and the message names that place and says that. */
static void
refused(const char *yaml, const char *place, const char *words)
{
	char wanted[160];
	struct incident *incident = load(yaml);

	snprintf(wanted, sizeof wanted, "%s/%s: ", folder, place);
	if (incident != NULL)
		fail_msg("not refused: %s", yaml);
	if (strstr(message, wanted) == NULL || strstr(message, words) == NULL)
		fail_msg("said: %s", message);
}

static int
setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/incident.XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command);
}

#define TIME(text) utc_from_iso(BYTES_LIT(text))
#define IS(bytes, text) assert_true(bytes_eq(bytes, bytes_cstr(text)))

static void
test_every_key(void **state)
{
	struct incident *i;

	(void)state;
	write_file("iocs.csv", "ip,192.0.2.9\n");
	write_file("stolen.csv", "alice@x.example,<1@x>\n");
	i = load("name: N\nreference: R\nexaminer: {name: A, organization: B}\n"
	    "discovered: 2023-06-16\ndetermined: 2023-06-17\n"
	    "notified: 2023-06-18T01:02:03Z\n"
	    "window: {from: 2023-05-15, to: 2023-06-16}\n"
	    "organization: {name: E, domains: [x.example], jurisdiction:"
	    " US-DC, sector: [federal]}\n"
	    "mailboxes:\n"
	    "- {address: Alice@X.example, evidence: [\"a*.pst\", \"b/**\"],\n"
	    "   guid: 654C1387-0000-0000-0000-000000000001, names: [Al Doe]}\n"
	    "adversary: {ip: [203.0.113.7, 198.51.100.0/24, \"2001:db8::/32\"],"
	    " app_id: [AB], session_id: [S], token_id: [Tok], user_agent:"
	    " [python-Requests], actor: [M@e.example], device_id: [D],"
	    " indicators: [iocs.csv]}\n"
	    "known: {ip: 192.0.2.0/24, app_id: [k]}\n"
	    "stolen_messages: stolen.csv\n"
	    "assume: [{mailbox: \"*\", from: 2023-02-03, to: 2023-02-20,"
	    " reason: open}]\n"
	    "baseline_until: 2023-05-14\ntime_zone: America/New_York\n"
	    "report: {language: en}\n"
	    "people: [{same: [P-0000000000000001, P-0000000000000002]},"
	    " {not_a_person: P-0000000000000004}]\n"
	    "accept: [{problem: damaged, source: S-0000000000000001, by: A,"
	    " reason: r}]\n");
	if (i == NULL)
		fail_msg("%s", message);
	assert_true(i->from_us == TIME("2023-05-15"));
	assert_true(i->to_us == TIME("2023-06-16T23:59:59"));
	assert_true(i->baseline_until_us == TIME("2023-05-14T23:59:59"));
	assert_int_equal(i->mailbox_count, 1);
	IS(i->mailboxes[0].address, "alice@x.example");
	IS(i->mailboxes[0].guid, "654c1387-0000-0000-0000-000000000001");
	assert_int_equal(i->mailboxes[0].glob_count, 2);
	IS(i->mailboxes[0].names[0], "Al Doe");
	assert_int_equal(i->adversary.count, 10);
	IS(i->adversary.list[5].key, "Tok"); /* case-sensitive */
	IS(i->adversary.list[6].key, "python-requests");
	assert_int_equal(i->known.count, 2);
	assert_int_equal(i->stolen_count, 1);
	assert_true(i->assumed[0].from_us == TIME("2023-02-03"));
	assert_true(i->assumed[0].to_us == TIME("2023-02-20T23:59:59"));
	/* What the case keeps: the times as contract 5 writes them. */
	IS(i->json,
	    "{\"name\":\"N\",\"reference\":\"R\",\"examiner\":{\"name\":\"A\","
	    "\"organization\":\"B\"},\"discovered\":\"2023-06-16T00:00:00Z\","
	    "\"determined\":\"2023-06-17T00:00:00Z\","
	    "\"notified\":\"2023-06-18T01:02:03Z\",\"window\":{\"from\":"
	    "\"2023-05-15T00:00:00Z\",\"to\":\"2023-06-16T23:59:59Z\"},"
	    "\"organization\":{\"name\":\"E\",\"domains\":[\"x.example\"],"
	    "\"jurisdiction\":\"US-DC\",\"sector\":[\"federal\"]},"
	    "\"mailboxes\":[{\"address\":\"Alice@X.example\",\"evidence\":["
	    "\"a*.pst\",\"b/**\"],\"guid\":"
	    "\"654C1387-0000-0000-0000-000000000001\",\"names\":[\"Al Doe\"]}],"
	    "\"adversary\":{\"ip\":[\"203.0.113.7\",\"198.51.100.0/24\","
	    "\"2001:db8::/32\"],\"app_id\":[\"AB\"],\"session_id\":[\"S\"],"
	    "\"token_id\":[\"Tok\"],\"user_agent\":[\"python-Requests\"],"
	    "\"actor\":[\"M@e.example\"],\"device_id\":[\"D\"],"
	    "\"indicators\":[\"iocs.csv\"]},\"known\":{\"ip\":"
	    "\"192.0.2.0/24\",\"app_id\":[\"k\"]},\"stolen_messages\":"
	    "\"stolen.csv\",\"assume\":[{\"mailbox\":\"*\",\"from\":"
	    "\"2023-02-03T00:00:00Z\",\"to\":\"2023-02-20T23:59:59Z\","
	    "\"reason\":\"open\"}],\"baseline_until\":"
	    "\"2023-05-14T23:59:59Z\",\"time_zone\":\"America/New_York\","
	    "\"report\":{\"language\":\"en\"},\"people\":[{\"same\":["
	    "\"P-0000000000000001\",\"P-0000000000000002\"]},"
	    "{\"not_a_person\":\"P-0000000000000004\"}],\"accept\":"
	    "[{\"problem\":\"damaged\",\"source\":\"S-0000000000000001\","
	    "\"by\":\"A\",\"reason\":\"r\"}]}");
	incident_free(i);
}

static void
test_empty(void **state)
{
	struct incident *i = load("");

	(void)state;
	assert_non_null(i);
	assert_true(i->from_us == UTC_NONE && i->to_us == UTC_NONE);
	IS(i->json, "{}");
	incident_free(i);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *yaml, *place, *words;
	} cases[] = {
		{ "name: x\nnmae: y\n", "incident.yaml:2", "unknown key 'nmae'" },
		{ "name: x\nname: y\n", "incident.yaml:2", "stands twice" },
		{ "window:\n  form: 2023-01-01\n", "incident.yaml:2",
		    "unknown key 'form'" },
		{ "- a\n", "incident.yaml:1", "keys with values" },
		{ "a: [\n", "incident.yaml:2", "not YAML" },
		{ "window: {from: yesterday}\n", "incident.yaml:1",
		    "'yesterday' is no date" },
		{ "window: {from: 2023-02-30}\n", "incident.yaml:1", "no date" },
		{ "\nwindow: {from: 2023-02-02, to: 2023-02-01}\n",
		    "incident.yaml:2", "ends before it begins" },
		{ "assume:\n- {from: 2023-02-02, to: 2023-02-01}\n",
		    "incident.yaml:2", "ends before it begins" },
		{ "adversary:\n  ip: [203.0.113.7,\n    300.1.1.1]\n",
		    "incident.yaml:3", "no IP address" },
		{ "adversary: {ip: [0.0.0.0/0]}\n", "incident.yaml:1",
		    "matches every address" },
		{ "adversary: {ip: [\"::/0\"]}\n", "incident.yaml:1",
		    "matches every address" },
		{ "adversary: {user_agent: [\" \"]}\n", "incident.yaml:1",
		    "would match everything" },
		{ "adversary: {app_id: [00000000-0000-0000-0000-000000000000]}",
		    "incident.yaml:1", "no id" },
		{ "adversary: {ip: {a: b}}\n", "incident.yaml:1",
		    "a list is expected" },
		{ "name: x\nadversary: {indicators: [none.csv]}\n",
		    "incident.yaml:2", "none.csv: No such file" },
		{ "name: x\nstolen_messages: [none.csv]\n",
		    "incident.yaml:2", "none.csv: No such file" },
		{ "stolen_messages: [.]\n", "incident.yaml:1",
		    "Is a directory" },
		{ "adversary: {ip: [1.2.3.0/33]}\n", "incident.yaml:1",
		    "'1.2.3.0/33': no IP address" },
		{ "name: x\n---\nname: y\n", "incident.yaml:2",
		    "a second document" },
		{ "name: x\n--- [\n", "incident.yaml:3", "not YAML" },
		{ "time_zone: Mars/Olympus\n", "incident.yaml:1",
		    "'Mars/Olympus' is no time zone" },
		{ "time_zone: ../UTC\n", "incident.yaml:1", "no time zone" },
		{ "time_zone: America\n", "incident.yaml:1", "no time zone" },
		{ "people:\n- {same: [P-123, P-0123456789abcdef]}\n",
		    "incident.yaml:2", "'P-123' is no id" },
		{ "people:\n- {notified: [P-0123456789ABCDEF]}\n",
		    "incident.yaml:2", "is no id" },
		{ "accept:\n- {problem: lost, by: A, reason: b}\n",
		    "incident.yaml:2", "'lost' is no kind of problem" },
		{ "accept:\n- {problem: damaged, reason: b}\n",
		    "incident.yaml:2", "say problem, by and reason" },
		{ "accept:\n- {problem: damaged, by: ' ', reason: b}\n",
		    "incident.yaml:2", "say problem, by and reason" },
		{ "accept:\n- {problem: damaged, by: A}\n",
		    "incident.yaml:2", "say problem, by and reason" },
		{ "accept:\n- {problem: damaged, source: alice.pst, by: A, "
		  "reason: b}\n", "incident.yaml:2", "is no id (S-" },
		{ "mailboxes:\n- {evidence: [a]}\n", "incident.yaml:2",
		    "needs an address or a guid" },
		{ "mailboxes:\n- {address: a@x}\n- {address: A@x}\n",
		    "incident.yaml:3", "entry in line 2" },
		{ "name: [a]\n", "incident.yaml:1", "plain value" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		refused(cases[i].yaml, cases[i].place, cases[i].words);
	assert_null(incident_load("/nonexistent/incident.yaml"));
}

static void
test_csv_lists(void **state)
{
	struct incident *i;

	(void)state;
	write_file("a.csv", "\xef\xbb\xbf""Value;Type\n203.0.113.7;ipv4-addr\n"
	    "\n2001:DB8::1;ipv6-addr\nm@e.example;email-addr\n"
	    "mallory;user-account\npython-requests;software\n"
	    "ea0056b2-87ac-4765-ba13-e2768da6fba7;software\nT;token_id\n"
	    "s;SESSION_ID\nd;device_id\nua;user_agent\na;actor\n"
	    "198.51.100.0/24;ip\nx;app_id\n");
	i = load("adversary: {indicators: [a.csv]}\n");
	if (i == NULL)
		fail_msg("%s", message);
	assert_int_equal(i->adversary.count, 13);
	assert_int_equal(i->adversary.list[4].kind, INDICATOR_USER_AGENT);
	assert_int_equal(i->adversary.list[5].kind, INDICATOR_APP_ID);
	incident_free(i);
	write_file("a.csv", "type,value\nip,203.0.113.7\n\ndomain,x.example\n");
	refused("adversary: {indicators: [a.csv]}\n", "a.csv:4",
	    "unknown indicator type 'domain'");
	write_file("a.csv", "ip,203.0.113.7\nip,\"a\nb\"\nip,x\n");
	refused("adversary: {indicators: [a.csv]}\n", "a.csv:2",
	    "no IP address");
}

static void
test_stix(void **state)
{
	struct incident *i;

	(void)state;
	write_file("a.json",
	    "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":["
	    "{\"type\":\"ipv4-addr\",\"value\":\"203.0.113.7\"},"
	    "{\"type\":\"ipv6-addr\",\"value\":\"2001:db8::/32\","
	    " \"extensions\":{\"x\":{\"y\":1}}},"
	    "{\"type\":\"user-account\",\"user_id\":\"m1\"},"
	    "{\"type\":\"user-account\",\"account_login\":\"m2\"},"
	    "{\"type\":\"email-addr\",\"value\":\"m3@e.example\"},"
	    "{\"type\":\"software\",\"name\":\"evil client\"},"
	    "{\"type\":\"domain-name\",\"value\":\"e.example\"},"
	    "{\"type\":\"indicator\",\"kill_chain_phases\":[{\"a\":\"b\"}],"
	    " \"pattern\":\"[ipv4-addr:value = '203.0.113.8' OR"
	    " ipv4-addr:value IN ('203.0.113.9', '203.0.113.10')] AND"
	    " [ipv4-addr:value ISSUBSET '198.51.100.0/24'] AND"
	    " [user-account:user_id != 'friend' AND"
	    " user-account:user_id = 'o\\\\'brien'] OR"
	    " [file:name = 'a.exe'] OR [email-addr:value NOT = 'x@y']\"}]}");
	i = load("adversary: {indicators: [a.json]}\n");
	if (i == NULL)
		fail_msg("%s", message);
	assert_int_equal(i->adversary.count, 11);
	IS(i->adversary.list[9].text, "198.51.100.0/24");
	IS(i->adversary.list[10].text, "o'brien");
	incident_free(i);
	write_file("a.json", "{\"type\":\"bundle\"}");
	refused("adversary: {indicators: [a.json]}\n", "a.json",
	    "no STIX 2.1 bundle");
	write_file("a.json", "{\"objects\":[}");
	refused("adversary: {indicators: [a.json]}\n", "a.json", "not JSON");
	write_file("a.json",
	    "{\"objects\":[{\"type\":\"ipv4-addr\",\"value\":\"x\"}]}");
	refused("adversary: {indicators: [a.json]}\n", "a.json",
	    "no IP address");
}

static void
test_stolen(void **state)
{
	struct incident *i;

	(void)state;
	write_file("s.csv", "Timestamp,Message-ID,User\n"
	    "2024-01-12T00:00:00Z,<1@x>,Alice@x.example\n");
	i = load("stolen_messages: [s.csv]\n");
	assert_non_null(i);
	IS(i->stolen[0].mailbox, "alice@x.example");
	IS(i->stolen[0].message_id, "<1@x>");
	assert_true(i->stolen[0].time_us == TIME("2024-01-12"));
	incident_free(i);
	write_file("s.csv", "alice@x.example,<1@x>\nalice@x.example,\n");
	refused("stolen_messages: [s.csv]\n", "s.csv:2", "a row needs");
	write_file("s.csv", "alice@x.example,<1@x>,noon\n");
	refused("stolen_messages: [s.csv]\n", "s.csv:1", "a row needs");
}

static bool
matches(const char *pattern, const char *path)
{
	size_t at;

	return glob_match(bytes_cstr(pattern), bytes_cstr(path), &at);
}

static void
test_globs(void **state)
{
	(void)state;
	assert_true(matches("ev/alice.pst", "ev/alice.pst"));
	assert_true(matches("alice.pst", "ev/alice.pst"));
	assert_false(matches("lice.pst", "ev/alice.pst"));
	assert_false(matches("Alice.pst", "ev/alice.pst"));
	assert_true(matches("alice*.pst", "ev/alice-2.pst"));
	assert_false(matches("alice*.pst", "ev/alice/x.pst"));
	assert_true(matches("a?c", "abc"));
	assert_false(matches("a?c", "a/c"));
	assert_true(matches("a/**", "ev/a/b/c.eml"));
	assert_false(matches("a/**", "ev/ba/c.eml"));
	assert_true(matches("a/**/c.eml", "a/c.eml"));
	assert_true(matches("a/**/c.eml", "a/b/d/c.eml"));
	assert_false(matches("a/**/c.eml", "a/b/xc.eml"));
	assert_true(matches("**.eml", "a/b/c.eml"));
	assert_true(matches("a/*/c/**/*.eml", "a/b/c/d/e/f.eml"));
	assert_false(matches("a/*/c/*.eml", "a/b/c/d/f.eml"));
	assert_false(matches("", "a"));
	/* many stars over a long path end soon */
	assert_false(matches("*a*a*a*a*a*a*a*a*a*b",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

static void
owner(struct incident *i, const char *path, const char *address,
    const char *root)
{
	const struct mailbox_entry *tie, *entry;
	size_t at = 0;

	entry = incident_mailbox_of(i, bytes_cstr(path), &at, &tie);
	assert_null(tie);
	if (address == NULL) {
		assert_null(entry);
		return;
	}
	assert_non_null(entry);
	IS(entry->address, address);
	assert_int_equal(at, strlen(root));
	assert_memory_equal(path, root, at);
}

static void
test_roots(void **state)
{
	struct incident *i = load("mailboxes:\n"
	    "- {address: a@x, evidence: [\"mail/**\"]}\n"
	    "- {address: b@x, evidence: [\"mail/bob/**\", \"b/x.mbox\"]}\n"
	    "- {address: c@x, evidence: [\"carol*/**\"]}\n"
	    "- {address: d@x, evidence: [\"t/?.eml\"]}\n"
	    "- {address: e@x, evidence: [\"t/*.eml\"]}\n");
	const struct mailbox_entry *tie, *entry;
	size_t at;

	(void)state;
	owner(i, "ev/mail/x/1.eml", "a@x", "ev/mail/");
	owner(i, "ev/mail/bob/x/1.eml", "b@x", "ev/mail/bob/");
	owner(i, "ev/b/x.mbox", "b@x", "ev/b/");
	owner(i, "ev/carol-2/x/1.eml", "c@x", "ev/");
	owner(i, "ev/other/1.eml", NULL, "");
	/* as long a fixed beginning: nobody can say whose it is */
	entry = incident_mailbox_of(i, BYTES_LIT("t/1.eml"), &at, &tie);
	assert_non_null(tie);
	assert_int_equal(entry->line, 5);
	assert_int_equal(tie->line, 6);
	incident_free(i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_key),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_csv_lists),
		cmocka_unit_test(test_stix),
		cmocka_unit_test(test_stolen),
		cmocka_unit_test(test_globs),
		cmocka_unit_test(test_roots),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
