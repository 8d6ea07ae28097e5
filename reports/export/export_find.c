/* Where the evidence lies now: as the custody log says, or below a folder. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "forensics/ingest/custody.h"
#include "forensics/ingest/evidence.h"
#include "parsers/base/die.h"
#include "reports/export/export.h"

/* temp.export_logged: the last place of each content. */
static void
read_custody(struct case_file *file)
{
	struct case_rows *rows;
	struct custody_lines lines;
	struct arena arena;
	struct bytes text;

	case_run(file, "DROP TABLE IF EXISTS temp.export_logged;"
		       "CREATE TEMP TABLE export_logged(sha256 TEXT PRIMARY"
		       " KEY, file TEXT) WITHOUT ROWID");
	custody_lines_open(&lines, case_folder(file));
	arena_init(&arena);
	while (custody_lines_next(&lines, &text)) {
		arena_reset(&arena);
		if (!bytes_eq(custody_field(&arena, text, "what"),
		        BYTES_LIT("hashed")))
			continue;
		rows = case_query(file, "INSERT OR REPLACE INTO"
					" temp.export_logged VALUES(?, ?)");
		case_bind_text(rows, 1, custody_field(&arena, text, "sha256"));
		case_bind_text(rows, 2, custody_field(&arena, text, "file"));
		case_exec(rows);
	}
	custody_lines_close(&lines);
	arena_release(&arena);
}

/* NULL when the file is there and is the evidence; else what is wrong. */
static const char *
wrong_with(struct arena *arena, const char *file, struct bytes sha256)
{
	uint8_t hash[SHA256_SIZE];
	uint64_t size;

	if (!file_hash(file, hash, NULL, &size, NULL))
		return errno == ENOENT || errno == ENOTDIR
			   ? "the evidence is not where it was read from; "
			     "--evidence DIR says where it is"
			   : "the evidence cannot be read";
	return bytes_eq(hex_of(arena, hash, sizeof hash), sha256)
		   ? NULL
		   : "the evidence is not what it was: its SHA-256 differs";
}

/* DIR/path, then DIR/path without its first component. */
static const char *
find_below(struct case_file *file, struct arena *arena, int64_t source,
    struct bytes sha256, const char *root, const char **wrong)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT path FROM paths WHERE source = ?1 ORDER BY path");
	const char *found = NULL;

	*wrong = "the evidence is not below the folder of --evidence";
	case_bind_number(rows, 1, source);
	while (found == NULL && case_next(rows)) {
		struct bytes path = arena_dup(arena, case_text(rows, 0));
		size_t slash = bytes_find_byte(path, '/');

		for (int i = 0; i < 2 && found == NULL; i++) {
			struct stat st;
			const char *name = arena_cstr(arena,
			    arena_printf(arena, "%s/%.*s", root, (int)path.n,
			        (const char *)path.p));

			if (stat(name, &st) == 0 && S_ISREG(st.st_mode)) {
				*wrong = wrong_with(arena, name, sha256);
				found = *wrong == NULL ? name : NULL;
			}
			if (slash == SIZE_MAX)
				break;
			path = bytes_skip(path, slash + 1);
			slash = SIZE_MAX;
		}
	}
	case_done(rows);
	return found;
}

static void
find_one(struct case_file *file, struct arena *arena, struct case_rows *rows,
    const char *root)
{
	int64_t source = case_number(rows, 0);
	struct bytes sha256 = arena_dup(arena, case_text(rows, 1));
	struct bytes logged = arena_dup(arena, case_text(rows, 2));
	const char *found = NULL, *wrong = NULL;
	struct case_rows *put;

	if (root != NULL) {
		found = find_below(file, arena, source, sha256, root, &wrong);
	} else if (logged.n == 0) {
		wrong = "the custody log does not say where the evidence lay";
	} else {
		found = arena_cstr(arena, logged);
		wrong = wrong_with(arena, found, sha256);
	}
	put = case_query(file, "INSERT INTO temp.export_files VALUES(?, ?, ?)");
	case_bind_number(put, 1, source);
	if (wrong == NULL)
		case_bind_cstr(put, 2, found);
	else
		case_bind_cstr(put, 3, wrong);
	case_exec(put);
}

void
export_find(struct case_file *file, const char *evidence_root)
{
	struct case_rows *rows;
	struct arena arena;

	read_custody(file);
	case_run(file, "DROP TABLE IF EXISTS temp.export_files;"
		       "CREATE TEMP TABLE export_files(source INTEGER PRIMARY"
		       " KEY, file TEXT, reason TEXT)");
	rows = case_query_new(file,
	    "SELECT DISTINCT s.source, s.sha256, l.file"
	    " FROM temp.export_tops t JOIN messages m ON m.message = t.top"
	    " JOIN sources s USING (source)"
	    " LEFT JOIN temp.export_logged l USING (sha256)"
	    " ORDER BY s.source");
	arena_init(&arena);
	while (case_next(rows)) {
		arena_reset(&arena);
		find_one(file, &arena, rows, evidence_root);
	}
	case_done(rows);
	arena_release(&arena);
}
