/* The case file: creation, refusal, statements, functions, settling. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "forensics/case/case.h"

static char folder[64];

static int
folder_make(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/unit_case.XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int
folder_remove(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

static int64_t
one_number(struct case_file *file, const char *sql)
{
	struct case_rows *rows = case_query_new(file, sql);
	int64_t number;

	assert_true(case_next(rows));
	number = case_number(rows, 0);
	case_done(rows);
	return number;
}

static void
test_create_and_reopen(void **state)
{
	struct case_file *file = case_open(folder, CASE_CREATE);
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_non_null(file);
	assert_int_equal(one_number(file, "PRAGMA application_id"), 0x504d4531);
	assert_int_equal(one_number(file, "PRAGMA foreign_keys"), 1);
	case_set_meta(file, "key", BYTES_LIT("one"));
	case_set_meta(file, "key", BYTES_LIT("two"));
	case_close(file);
	file = case_open(folder, CASE_READ);
	assert_non_null(file);
	assert_true(bytes_eq(case_meta(file, &arena, "key"), BYTES_LIT("two")));
	assert_false(bytes_present(case_meta(file, &arena, "none")));
	case_close(file);
	arena_release(&arena);
}

static void
test_second_writer_refused(void **state)
{
	struct case_file *file = case_open(folder, CASE_CREATE);
	struct case_file *reader;

	(void)state;
	assert_non_null(file);
	assert_null(case_open(folder, CASE_WRITE));
	reader = case_open(folder, CASE_READ);
	assert_non_null(reader);
	case_close(reader);
	case_close(file);
	file = case_open(folder, CASE_WRITE);
	assert_non_null(file);
	case_close(file);
}

static void
set_version(const char *pragma)
{
	struct case_file *file = case_open(folder, CASE_CREATE);

	assert_non_null(file);
	case_run(file, pragma);
	case_close(file);
}

static void
test_not_a_case(void **state)
{
	char path[128];
	FILE *out;

	(void)state;
	assert_null(case_open("/nonexistent/case", CASE_CREATE));
	assert_null(case_open(folder, CASE_READ));
	assert_null(case_open(folder, CASE_WRITE));
	set_version("PRAGMA user_version=2");
	assert_null(case_open(folder, CASE_WRITE));
	snprintf(path, sizeof path, "%s/case.db", folder);
	unlink(path);
	set_version("PRAGMA application_id=7");
	assert_null(case_open(folder, CASE_CREATE));
	out = fopen(path, "w");
	fputs("this is no database at all, only text", out);
	fclose(out);
	assert_null(case_open(folder, CASE_CREATE));
	unlink(path);
	snprintf(path, sizeof path, "%s/holiday.txt", folder);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	assert_null(case_open(folder, CASE_CREATE));
}

static void
test_bind_and_read(void **state)
{
	struct case_file *file = case_open(folder, CASE_CREATE);
	struct case_rows *rows;
	static const char insert[] = "INSERT INTO t VALUES(?,?,?,?)";

	(void)state;
	case_run(file, "CREATE TEMP TABLE t(a TEXT, n INTEGER, b BLOB, c TEXT)"
		       " STRICT; CREATE TEMP TABLE u(x)");
	rows = case_query(file, insert);
	case_bind_text(rows, 1, bytes_of("a\0b", 3));
	case_bind_number(rows, 2, -5);
	case_bind_blob(rows, 3, BYTES_LIT(""));
	case_bind_text(rows, 4, BYTES_NONE);
	case_exec(rows);
	assert_int_equal(case_last_row(file), 1);
	assert_ptr_equal(case_query(file, insert), rows);
	case_bind_known(rows, 2, INT64_MIN);
	case_bind_text(rows, 4, BYTES_LIT(""));
	case_exec(rows);
	rows = case_query(file, "SELECT * FROM t ORDER BY rowid");
	assert_int_equal(case_columns(rows), 4);
	assert_string_equal(case_column_name(rows, 1), "n");
	assert_true(case_next(rows));
	assert_true(bytes_eq(case_text(rows, 0), bytes_of("a\0b", 3)));
	assert_int_equal(case_number(rows, 1), -5);
	assert_true(bytes_present(case_text(rows, 2)));
	assert_false(bytes_present(case_text(rows, 3)));
	assert_true(case_next(rows));
	/* cleared: the first row's text does not stay bound */
	assert_true(case_is_null(rows, 0));
	assert_true(case_number(rows, 1) == INT64_MIN);
	assert_true(bytes_present(case_text(rows, 3)));
	assert_false(case_next(rows));
	case_close(file);
}

static void
test_functions(void **state)
{
	struct case_file *file = case_open(folder, CASE_CREATE);
	struct case_rows *rows = case_query(file,
	    "SELECT utc(0), utc(NULL), lower8('AB\xc3\x84'), fold('STRASSE') ="
	    " fold('Stra\xc3\x9f""e'), fold(NULL)");

	(void)state;
	assert_true(case_next(rows));
	assert_true(bytes_eq(case_text(rows, 0),
	    BYTES_LIT("1970-01-01T00:00:00Z")));
	assert_true(bytes_eq(case_text(rows, 1), BYTES_LIT("")));
	assert_true(bytes_eq(case_text(rows, 2), BYTES_LIT("ab\xc3\x84")));
	assert_int_equal(case_number(rows, 3), 1);
	assert_true(case_is_null(rows, 4));
	case_close(file);
}

/* A child with a small file size limit meets a "full disk". */
static void
test_disk_full(void **state)
{
	char output[128], text[512] = "";
	int status;
	FILE *in;

	(void)state;
	snprintf(output, sizeof output, "%s.txt", folder);
	case_close(case_open(folder, CASE_CREATE));
	if (fork() == 0) {
		struct rlimit limit = { 512 * 1024, 512 * 1024 };
		struct case_file *file = case_open(folder, CASE_WRITE);

		if (freopen(output, "w", stderr) == NULL)
			_exit(99);
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		case_begin(file);
		case_run(file, "INSERT INTO meta VALUES('x', hex(zeroblob("
			       "90000000)))");
		case_commit(file);
		_exit(98);
	}
	assert_int_not_equal(wait(&status), -1);
	assert_int_equal(WEXITSTATUS(status), 5);
	in = fopen(output, "r");
	text[fread(text, 1, sizeof text - 1, in)] = '\0';
	fclose(in);
	unlink(output);
	assert_non_null(strstr(text, "case.db"));
	assert_non_null(strstr(text, "running again continues"));
	case_close(case_open(folder, CASE_WRITE));
}

static void
fill(struct case_file *file, int batches)
{
	for (int i = 0; i < 1000; i++) {
		struct case_rows *rows = case_query(file,
		    "INSERT INTO meta VALUES(printf('%08d', ?), hex(?))");

		if (i % batches == 0)
			case_begin(file);
		case_bind_number(rows, 1, i);
		case_bind_number(rows, 2, i * 7);
		case_exec(rows);
		if (i % batches == batches - 1)
			case_commit(file);
	}
}

static uint8_t *
settled_bytes(int batches, bool twice, size_t *n)
{
	char path[128];
	uint8_t *data = malloc(1 << 22);
	struct case_file *file;
	FILE *in;

	snprintf(path, sizeof path, "%s/case.db", folder);
	unlink(path);
	file = case_open(folder, CASE_CREATE);
	fill(file, batches);
	if (twice) {
		case_index(file);
		case_settle(file);
		case_close(file);
		file = case_open(folder, CASE_WRITE);
	}
	case_index(file);
	case_settle(file);
	assert_int_equal(one_number(file, "SELECT count(*) FROM meta"), 1000);
	case_close(file);
	in = fopen(path, "rb");
	*n = fread(data, 1, 1 << 22, in);
	fclose(in);
	return data;
}

static void
test_settle_is_canonical(void **state)
{
	size_t n[3];
	uint8_t *a = settled_bytes(1000, false, &n[0]);
	uint8_t *b = settled_bytes(10, false, &n[1]);
	uint8_t *c = settled_bytes(100, true, &n[2]);

	(void)state;
	assert_int_equal(n[0], n[1]);
	assert_memory_equal(a, b, n[0]);
	assert_int_equal(n[0], n[2]);
	assert_memory_equal(a, c, n[0]);
	free(a);
	free(b);
	free(c);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make,          \
    folder_remove)
	const struct CMUnitTest tests[] = {
		TEST(test_create_and_reopen),
		TEST(test_second_writer_refused),
		TEST(test_not_a_case),
		TEST(test_bind_and_read),
		TEST(test_functions),
		TEST(test_disk_full),
		TEST(test_settle_is_canonical),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
