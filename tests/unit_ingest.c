/* Evidence to case through real workers: losses, order, resume, sandbox. */
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "forensics/ingest/ingest.h"
#include "tests/lines_parser.h"

static char room[64];

static int
room_make(void **state)
{
	char path[128];

	(void)state;
	strcpy(room, "/tmp/unit_ingest.XXXXXX");
	if (mkdtemp(room) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/ev", room);
	return mkdir(path, 0700);
}

static int
room_remove(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", room);
	return getenv("KEEP") ? 0 : system(command);
}

static const char *
in_room(const char *name)
{
	static char paths[4][256];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, 256, "%s/%s", room, name);
	return path;
}

static void
put(const char *name, const char *text)
{
	FILE *out = fopen(in_room(name), "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

/* A run that was killed may have left a child that has not run yet and so
 * still holds the lock: on a busy machine that takes a while. */
static struct case_file *
open_when_free(const char *folder)
{
	struct case_file *file = NULL;

	for (int i = 0; i < 200 && file == NULL; i++) {
		file = case_open(folder, CASE_CREATE);
		if (file == NULL)
			usleep(50000);
	}
	return file;
}

static int
ingest_as(const char *folder, unsigned workers, const char *format)
{
	const char *evidence[] = { in_room("ev") };
	struct forced_format forced = { format, in_room("ev/a") };
	struct ingest_options options = { .evidence = evidence,
		.evidence_count = 1, .workers = workers, .quiet = true,
		.memory = 800 << 20 };
	struct case_file *file = open_when_free(in_room(folder));
	int status;

	assert_non_null(file);
	if (format != NULL) {
		options.forced = &forced;
		options.forced_count = 1;
	}
	status = ingest_evidence(file, &options);
	case_close(file);
	return status;
}

static int
ingest(const char *folder, unsigned workers)
{
	return ingest_as(folder, workers, NULL);
}

/* One value of the case, as text; "" for NULL, "-" without a row. */
static const char *
ask(const char *folder, const char *sql)
{
	static char text[4096];
	struct case_file *file = case_open(in_room(folder), CASE_READ);
	struct case_rows *rows = case_query_new(file, sql);
	struct bytes value = BYTES_LIT("-");

	if (case_next(rows))
		value = case_text(rows, 0);
	snprintf(text, sizeof text, "%.*s", (int)value.n,
	    value.p ? (const char *)value.p : "");
	case_done(rows);
	case_close(file);
	return text;
}

#define ASK(sql, expected) assert_string_equal(ask("case", sql), expected)

static bool
same_files(const char *a, const char *b)
{
	char command[600];

	snprintf(command, sizeof command, "cmp -s %s %s", in_room(a),
	    in_room(b));
	return system(command) == 0;
}

static void
test_plain(void **state)
{
	(void)state;
	put("ev/a", "LINES units=1 fold=1\nmail one\nmail two\nembedded\n"
		    "event\nproblem\n");
	put("ev/b", "LINES units=1 fold=1\nmail one\nmail two\nembedded\n"
		    "event\nproblem\n");
	put("ev/empty", "");
	assert_int_equal(ingest("case", 2), 0);
	ASK("SELECT count(*) FROM sources", "2");
	ASK("SELECT group_concat(path) FROM paths ORDER BY path",
	    "ev/a,ev/b,ev/empty");
	ASK("SELECT kind || state || status FROM sources WHERE bytes=0",
	    "emptydoneok");
	ASK("SELECT kind || '/' || state || '/' || status || '/' || messages"
	    " || '/' || events FROM sources WHERE bytes>0",
	    "lines/done/partial/4/1");
	ASK("SELECT group_concat(subject, ';') FROM (SELECT subject FROM"
	    " messages ORDER BY message)",
	    "mail one;mail two;embedded;embedded;problem");
	ASK("SELECT parent FROM messages WHERE state='embedded'", "3");
	ASK("SELECT path FROM folders JOIN messages USING(folder)", "Sent");
	ASK("SELECT count(*) FROM addresses JOIN messages USING(message)",
	    "5");
	ASK("SELECT count(*) FROM events JOIN event_items USING(event)", "1");
	ASK("SELECT count(*) FROM problems WHERE detail='a problem inside'",
	    "1");
	ASK("SELECT count(*) FROM problems WHERE detail LIKE 'said before%'",
	    "1");
	ASK("SELECT count(*) FROM problems WHERE detail LIKE 'said after%'",
	    "6");
	ASK("SELECT count(*) FROM pragma_foreign_key_check", "0");
}

static void
test_crash_costs_one_item(void **state)
{
	(void)state;
	put("ev/a", "LINES units=1\nmail 1\nmail 2\nsize crash\nmail 4\n"
		    "crash\ncrash\nmail 7\n");
	assert_int_equal(ingest("case", 1), 3);
	ASK("SELECT group_concat(subject, ';') FROM (SELECT subject FROM"
	    " messages ORDER BY message)", "mail 1;mail 2;mail 4;mail 7");
	ASK("SELECT group_concat(locator || '=' || items_lost || severity, ';')"
	    " FROM (SELECT * FROM problems WHERE kind='crashed' ORDER BY"
	    " problem)",
	    "line=3=64item_lost;line=5=1item_lost;line=6=1item_lost");
	ASK("SELECT count(*) FROM problems WHERE detail LIKE 'said before%'",
	    "1");
	ASK("SELECT count(*) FROM problems WHERE detail = 'said after an item'",
	    "7");
	ASK("SELECT status FROM sources", "partial");
}

static void
test_each_way_to_die(void **state)
{
	(void)state;
	setenv("POSTMORTEM_HANG_SECONDS", "1", 1);
	put("ev/a", "LINES units=1\nmail 1\nkill\nmail 3\nmemory\nmail 5\n"
		    "lie\nmail 7\norphan\nmail 9\ntwice\nmail 11\nsocket\n"
		    "mail 13\n");
	assert_int_equal(ingest("case", 1), 3);
	ASK("SELECT group_concat(subject, ';') FROM (SELECT subject FROM"
	    " messages ORDER BY message)",
	    "mail 1;mail 3;mail 5;mail 7;mail 9;mail 11;mail 13");
	ASK("SELECT group_concat(locator || kind, ';') FROM (SELECT * FROM"
	    " problems WHERE severity='item_lost' ORDER BY problem)",
	    "line=2memory;line=4memory;line=6crashed;line=8crashed;"
	    "line=10crashed;line=12crashed");
	ASK("SELECT count(*) FROM problems WHERE detail = 'said after an item'",
	    "13");
}

#ifdef FAULT_INJECTION
static void
test_hang(void **state)
{
	(void)state;
	setenv("POSTMORTEM_HANG_SECONDS", "1", 1);
	put("ev/a", "LINES units=1\nmail 1\nhang\nmail 3\n");
	assert_int_equal(ingest("case", 1), 3);
	ASK("SELECT locator || kind || items_lost FROM problems WHERE"
	    " severity='item_lost'", "line=2hung1");
	ASK("SELECT count(*) FROM messages", "2");
}
#endif

static void
test_between_and_plan(void **state)
{
	(void)state;
	put("ev/a", "LINES units=1 strike=1\nmail 1\nbetween\nmail 3\n");
	put("ev/b", "LINES units=2 plan=crash fold=1\nmail 1\n");
	put("ev/c", "LINES units=2 plan=lost\nmail 1\n");
	put("ev/d", "what is this\n");
	put("ev/e", "LINES units=1 tie=1\nmail 1\n");
	assert_int_equal(ingest("case", 2), 3);
	/* Both lines before the fault are kept, the rest is counted. */
	ASK("SELECT count(*) FROM messages", "2");
	ASK("SELECT items_lost FROM problems WHERE kind='crashed' AND"
	    " severity='item_lost'", "7");
	ASK("SELECT status FROM sources JOIN paths USING(source) WHERE"
	    " path='ev/b'", "lost");
	ASK("SELECT count(*) FROM folders", "3");
	ASK("SELECT p.kind || severity FROM problems p JOIN paths"
	    " USING(source) WHERE path='ev/b'", "crashedsource_lost");
	ASK("SELECT p.kind || severity FROM problems p JOIN paths"
	    " USING(source) WHERE path='ev/c'", "damagedsource_lost");
	ASK("SELECT p.kind || severity FROM problems p JOIN paths"
	    " USING(source) WHERE path='ev/d'", "unknown_formatsource_lost");
	ASK("SELECT p.kind || severity FROM problems p JOIN paths"
	    " USING(source) WHERE path='ev/e'",
	    "ambiguous_formatsource_lost");
}

static void
test_as_format(void **state)
{
	(void)state;
	put("ev/a", "LINES units=1 fold=1 tie=1\nmail 1\n");
	assert_int_equal(ingest("case", 1), 4);
	assert_int_equal(ingest_as("case", 1, "nonsense"), 2);
	assert_int_equal(ingest_as("case", 1, "lines"), 0);
	ASK("SELECT kind || messages FROM sources", "lines1");
	ASK("SELECT count(*) FROM problems WHERE severity<>'note'", "0");
}

static void
test_sandbox(void **state)
{
	(void)state;
	put("ev/a", "LINES units=1\ndecode\nopen\n");
	assert_int_equal(ingest("case", 1), 0);
	ASK("SELECT subject FROM messages WHERE locator='line=1'",
	    "\xe2\x82\xac\xe3\x81\x82\xe4\xbd\xa0 000");
	ASK("SELECT subject FROM messages WHERE locator='line=2'", "refused");
}

static void
test_walk(void **state)
{
	(void)state;
	mkdir(in_room("ev/sub"), 0700);
	put("ev/sub/x", "LINES units=1\nmail x\n");
	put("ev/sub-a", "LINES units=1\nmail y\n");
	put("ev/sub/\xff", "LINES units=1\nmail z\n");
	assert_int_equal(symlink("sub", in_room("ev/link")), 0);
	assert_int_equal(mkfifo(in_room("ev/pipe"), 0600), 0);
	assert_int_equal(ingest("walk", 1), 0);
	assert_string_equal(ask("walk", "SELECT group_concat(path) FROM"
	    " paths"), "ev/sub-a,ev/sub/\\xff,ev/sub/x");
	assert_string_equal(ask("walk",
	    "SELECT group_concat(kind || locator || severity) FROM problems"
	    " WHERE source IS NULL"),
	    "symlinkev/linknote,unreadableev/pipenote");
	/* Again: nothing new. */
	assert_int_equal(ingest("walk", 1), 0);
	assert_string_equal(ask("walk", "SELECT count(*) FROM problems"
	    " WHERE source IS NULL"), "2");
	assert_string_equal(ask("walk", "SELECT count(*) FROM paths"), "3");
}

static void
put_many(void)
{
	char name[32], text[256];

	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "ev/f%02d", i);
		snprintf(text, sizeof text,
		    "LINES units=%d fold=1\nmail %d\nembedded\n%s\nevent\n"
		    "mail last of %d\nproblem\n", i % 4 + 1, i,
		    i % 7 == 3 ? "crash" : i % 11 == 5 ? "size lie" : "mail",
		    i);
		put(name, text);
	}
}

static void
test_workers_and_order_do_not_matter(void **state)
{
	char command[300];

	(void)state;
	put_many();
	assert_int_equal(ingest("one", 1), 3);
	assert_int_equal(ingest("eight", 8), 3);
	assert_true(same_files("one/case.db", "eight/case.db"));
	/* The same contents under other names: all but `paths` is equal. */
	snprintf(command, sizeof command,
	    "cd %s/ev && for f in f*; do mv $f z$(echo $f | rev); done", room);
	assert_int_equal(system(command), 0);
	assert_int_equal(ingest("other", 3), 3);
	assert_false(same_files("one/case.db", "other/case.db"));
	snprintf(command, sizeof command,
	    "cd %s && for c in one other; do sqlite3 $c/case.db '.dump' |"
	    " grep -v 'INTO paths' > $c.sql; done; cmp one.sql other.sql",
	    room);
	assert_int_equal(system(command), 0);
}

static void
kill_after(unsigned us)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		ingest("killed", 2);
		_exit(0);
	}
	usleep(us);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void
test_killed_runs_continue(void **state)
{
	(void)state;
	put_many();
	assert_int_equal(ingest("whole", 2), 3);
	srand(7);
	for (int i = 0; i < 12; i++)
		kill_after(20000 + (unsigned)rand() % 120000);
	assert_int_equal(ingest("killed", 2), 3);
	assert_true(same_files("whole/case.db", "killed/case.db"));
}

static void
test_interrupt(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	setenv("POSTMORTEM_HANG_SECONDS", "100", 1);
	put("ev/a", "LINES units=1\nmail 1\nmail 2\nhang\nmail 4\n");
	pid = fork();
	if (pid == 0)
		_exit(ingest("case", 1));
	sleep(4); /* a busy machine takes its time to the item that hangs */
	kill(pid, SIGINT);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 7);
	ASK("SELECT group_concat(subject) FROM messages", "mail 1,mail 2");
	ASK("SELECT resume || '/' || done FROM units", "2/0");
	put("ev/a", "LINES units=1\nmail 1\n");
}

static void
test_verify(void **state)
{
	char command[400];

	(void)state;
	put("ev/a", "LINES units=1\nmail 1\n");
	assert_int_equal(ingest("case", 1), 0);
	assert_int_equal(verify_case(in_room("case"), NULL), 0);
	snprintf(command, sizeof command,
	    "cd %s/case && sha256sum -c --quiet manifest.sha256", room);
	assert_int_equal(system(command), 0);
	put("ev/a", "LINES units=1\nmail 2\n");
	assert_int_equal(verify_case(in_room("case"), NULL), 6);
	put("ev/a", "LINES units=1\nmail 1\n");
	assert_int_equal(verify_case(in_room("case"), NULL), 0);
	snprintf(command, sizeof command,
	    "sed -i 's/\"workers\":1/\"workers\":2/' %s/case/custody.jsonl",
	    room);
	assert_int_equal(system(command), 0);
	assert_int_equal(verify_case(in_room("case"), NULL), 6);
	snprintf(command, sizeof command,
	    "sed -i 's/\"workers\":2/\"workers\":1/' %s/case/custody.jsonl"
	    " && printf x >> %s/case/case.db", room, room);
	assert_int_equal(system(command), 0);
	assert_int_equal(verify_case(in_room("case"), NULL), 6);
	assert_int_equal(verify_case(in_room("ev"), NULL), 1);
}

int
main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, room_make, room_remove)
	const struct CMUnitTest tests[] = {
		TEST(test_plain),
		TEST(test_crash_costs_one_item),
		TEST(test_each_way_to_die),
#ifdef FAULT_INJECTION
		TEST(test_hang),
#endif
		TEST(test_between_and_plan),
		TEST(test_as_format),
		TEST(test_sandbox),
		TEST(test_walk),
		TEST(test_workers_and_order_do_not_matter),
		TEST(test_killed_runs_continue),
		TEST(test_interrupt),
		TEST(test_verify),
	};

	if (argc > 1 && strcmp(argv[1], "--worker") == 0)
		return worker_main(argc, argv);
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
