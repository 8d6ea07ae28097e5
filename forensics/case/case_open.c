/*
 * Opening, locking, creating and settling the case file.
 *
 * A rollback journal (not WAL) keeps the case one file that can be copied
 * and hashed at rest, and survives kill -9 at any point.  The lock is a
 * flock() of the folder: it needs no file of its own and goes with the
 * process however it dies.
 */
#include "forensics/case/case_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "forensics/tables.h"
#include "parsers/base/die.h"

static char *
join(const char *folder, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		die_machine("out of memory");
	return path;
}

static bool
complain(const struct case_file *file, const char *what)
{
	fprintf(stderr, "postmortem: %s: %s\n", file->folder, what);
	return false;
}

/* A stray log may lie there already; anything else is somebody's folder. */
static bool
holds_other_files(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool other = false;

	if (dir == NULL)
		return false;
	while (!other && (entry = readdir(dir)) != NULL) {
		const char *dot = strrchr(entry->d_name, '.');

		other = entry->d_name[0] != '.' &&
			!(dot != NULL && strcmp(dot, ".log") == 0);
	}
	closedir(dir);
	return other;
}

static bool
folder_prepare(struct case_file *file)
{
	bool exists = access(file->path, F_OK) == 0;

	if (exists)
		return true;
	if (file->mode != CASE_CREATE)
		return complain(file, "not a case (no case.db); 'postmortem "
				      "analyze' or 'ingest' makes one");
	if (mkdir(file->folder, 0777) != 0 && errno != EEXIST)
		return complain(file, strerror(errno));
	if (holds_other_files(file->folder))
		return complain(file, "not a case, and not empty; name a new "
				      "or empty folder");
	return true;
}

static bool
folder_lock(struct case_file *file)
{
	file->lock = open(file->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file->lock < 0)
		return complain(file, strerror(errno));
	/* File systems without locks: one user's own care must do. */
	if (flock(file->lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		return complain(file, "in use by another run; wait for it to "
				      "end");
	return true;
}

static int64_t
pragma_number(struct case_file *file, const char *sql)
{
	sqlite3_stmt *statement;
	int64_t number = -1;

	if (sqlite3_prepare_v2(file->db, sql, -1, &statement, NULL) !=
	    SQLITE_OK)
		return -1;
	if (sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

static bool
version_check(struct case_file *file)
{
	int64_t application = pragma_number(file, "PRAGMA application_id");
	int64_t version = pragma_number(file, "PRAGMA user_version");

	if (application != CASE_APPLICATION)
		return complain(file, "case.db is not a case of postmortem");
	if (version > CASE_VERSION)
		return complain(file, "made by a newer version of postmortem");
	if (version < CASE_VERSION)
		return complain(file, "made by an older version of postmortem;"
				      " ingest the evidence into a new case");
	return true;
}

/* In one transaction: a run killed here leaves an empty file, which the
 * next one takes for a new case. */
static void
schema_create(struct case_file *file)
{
	struct bytes schema = table_content("schema.sql");
	char *sql = strndup((const char *)schema.p, schema.n);

	if (sql == NULL)
		die_machine("out of memory");
	case_begin(file);
	case_run(file, sql);
	case_commit(file);
	free(sql);
}

enum { STEPS_A_TICK = 200000 };

static int
on_steps(void *context)
{
	struct case_file *file = context;

	file->tick(file->tick_context);
	return 0;
}

static void
watch_connection(struct case_file *file)
{
	sqlite3_progress_handler(file->db, STEPS_A_TICK,
	    file->tick ? on_steps : NULL, file);
}

void
case_watch(struct case_file *file, void (*tick)(void *context), void *context)
{
	file->tick = tick;
	file->tick_context = context;
	watch_connection(file);
}

static bool
connect(struct case_file *file)
{
	int flags = file->mode == CASE_READ
			? SQLITE_OPEN_READONLY
			: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	int status = sqlite3_open_v2(file->path, &file->db,
	    flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (status != SQLITE_OK)
		return complain(file, sqlite3_errmsg(file->db));
	sqlite3_extended_result_codes(file->db, 1);
	sqlite3_busy_timeout(file->db, 60000);
	if (sqlite3_exec(file->db,
	        "PRAGMA page_size=16384;" /* fewer, larger writes */
	        "PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON;"
	        "PRAGMA cache_size=-65536; PRAGMA temp_store=FILE;"
	        "PRAGMA temp.cache_size=-65536;"
	        "PRAGMA journal_mode=DELETE; PRAGMA synchronous=NORMAL",
	        NULL, NULL, NULL) != SQLITE_OK)
		return complain(file, sqlite3_errmsg(file->db));
	case_functions_add(file);
	watch_connection(file);
	return true;
}

static void
case_free(struct case_file *file)
{
	case_texts_free(file->texts);
	sqlite3_close(file->db);
	if (file->lock >= 0)
		close(file->lock);
	free(file->folder);
	free(file->path);
	free(file);
}

static void
leftover_remove(struct case_file *file)
{
	char *fresh = join(file->folder, "case.db.new");

	unlink(fresh);
	free(fresh);
}

static bool
open_parts(struct case_file *file)
{
	if (!folder_prepare(file))
		return false;
	if (file->mode != CASE_READ && !folder_lock(file))
		return false;
	if (!connect(file))
		return false;
	if (file->mode != CASE_READ)
		leftover_remove(file);
	if (file->mode == CASE_CREATE &&
	    pragma_number(file, "SELECT count(*) FROM sqlite_schema") == 0 &&
	    pragma_number(file, "PRAGMA application_id") == 0)
		schema_create(file);
	return version_check(file);
}

struct case_file *
case_open(const char *folder, enum case_open_mode mode)
{
	struct case_file *file = calloc(1, sizeof *file);

	if (file == NULL)
		die_machine("out of memory");
	file->folder = strdup(folder);
	if (file->folder == NULL)
		die_machine("out of memory");
	file->path = join(folder, "case.db");
	file->lock = -1;
	file->mode = mode;
	if (open_parts(file))
		return file;
	case_free(file);
	return NULL;
}

static void
statements_drop(struct case_file *file)
{
	for (size_t i = 0; i < CASE_STATEMENTS; i++) {
		if (file->kept[i] == NULL)
			continue;
		sqlite3_finalize(file->kept[i]->statement);
		free(file->kept[i]);
		file->kept[i] = NULL;
	}
	file->kept_count = 0;
	case_texts_free(file->texts);
	file->texts = NULL;
}

void
case_close(struct case_file *file)
{
	if (file == NULL)
		return;
	statements_drop(file);
	case_free(file);
}

const char *
case_folder(const struct case_file *file)
{
	return file->folder;
}

/* VACUUM counts the schema's version up from the old file's: the one trace
 * of history that it leaves. */
static void
schema_version_reset(const char *path)
{
	sqlite3 *db;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) !=
		SQLITE_OK ||
	    sqlite3_exec(db, "PRAGMA schema_version=1", NULL, NULL, NULL) !=
		SQLITE_OK)
		die_machine("%s: %s; running again continues", path,
		    sqlite3_errmsg(db));
	sqlite3_close(db);
}

void
case_settle(struct case_file *file)
{
	char *fresh = join(file->folder, "case.db.new");
	struct case_rows *rows;

	unlink(fresh);
	/* Copying goes once through the file: a cache only takes memory. */
	case_run(file, "PRAGMA cache_size=-8192; PRAGMA shrink_memory");
	rows = case_query(file, "VACUUM INTO ?");
	case_bind_cstr(rows, 1, fresh);
	case_exec(rows);
	statements_drop(file);
	BUG_ON(sqlite3_close(file->db) != SQLITE_OK);
	file->db = NULL;
	schema_version_reset(fresh);
	if (rename(fresh, file->path) != 0)
		die_machine("%s: %s", file->path, strerror(errno));
	free(fresh);
	if (!connect(file))
		exit(EXIT_MACHINE);
}
