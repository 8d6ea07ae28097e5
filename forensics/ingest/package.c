/*
 * A file of the evidence answers a promise by its name: the machine that made
 * the export has other folders.  Of several with one name the best counts.
 */
#include "forensics/ingest/package.h"

#include "parsers/base/limits.h"

enum { ROWS_MOST = 100 };

static void
gather(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.held_files;"
	    "CREATE TEMP TABLE held_files(name TEXT, items INTEGER,"
	    " bytes INTEGER, md5 TEXT, sha256 TEXT);"
	    "INSERT INTO held_files SELECT lower(base_name(p.path)),"
	    " iif(s.kind IN ('document', 'other'), 1, s.messages),"
	    " s.bytes, s.md5, s.sha256"
	    " FROM paths p JOIN sources s USING (source);"
	    "INSERT INTO held_files SELECT lower(base_name(m.path)),"
	    " iif(m.kind = 'other', 1, (SELECT count(*) FROM messages x"
	    "  WHERE x.source = m.source AND x.member = m.member"
	    "  AND x.parent IS NULL)),"
	    " NULL, NULL, NULL FROM members m;"
	    "CREATE INDEX temp.held_names ON held_files(name);"
	    "DROP TABLE IF EXISTS temp.kept;"
	    "CREATE TEMP TABLE kept AS SELECT p.source, p.path, p.items,"
	    " p.bytes, lower(p.hash) AS hash, h.held, h.most,"
	    " coalesce(h.same_size, 0) OR p.bytes IS NULL AS same_size,"
	    " coalesce(h.same_hash, 0) OR p.hash IS NULL AS same_hash"
	    " FROM promises p LEFT JOIN (SELECT q.rowid AS promise,"
	    "  count(f.name) AS held, max(f.items) AS most,"
	    "  max(f.bytes IS NULL OR f.bytes = q.bytes) AS same_size,"
	    "  max(f.md5 IS NULL OR lower(q.hash) IN (f.md5, f.sha256))"
	    "   AS same_hash"
	    "  FROM promises q JOIN held_files f"
	    "   ON f.name = lower(base_name(q.path)) GROUP BY 1) h"
	    " ON h.promise = p.rowid");
}

/* The first ROWS_MOST of a source one by one, then how many more. */
static void
say_rows(struct case_file *file, const char *condition, const char *kind,
    const char *severity, const char *lost, const char *detail)
{
	struct arena arena;

	arena_init(&arena);
	case_run(file, arena_cstr(&arena, arena_printf(&arena,
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) SELECT 'package', source, '', '%s', '%s',"
	    " %s, %s FROM (SELECT *, row_number() OVER (PARTITION BY source"
	    "  ORDER BY path) AS place FROM kept WHERE %s)"
	    " WHERE place <= %d ORDER BY source, path;"
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) SELECT 'package', source, '', '%s', '%s',"
	    " sum(%s), count(*) || ' more files like these' FROM (SELECT *,"
	    "  row_number() OVER (PARTITION BY source ORDER BY path) AS place"
	    "  FROM kept WHERE %s) WHERE place > %d GROUP BY source"
	    " ORDER BY source",
	    kind, severity, lost, detail, condition, ROWS_MOST, kind, severity,
	    lost, condition, ROWS_MOST)));
	arena_release(&arena);
}

static void
say_agreement(struct case_file *file)
{
	case_run(file,
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) SELECT 'package', source, '',"
	    " 'count_mismatch', 'note', 0, 'this list promises '"
	    " || sum(items) || ' items in ' || count(*)"
	    " || ' files: all are in the evidence' FROM kept GROUP BY source"
	    " HAVING min(coalesce(most, -1) >= items AND same_size"
	    "  AND same_hash) ORDER BY source");
}

void
package_check(struct case_file *file)
{
	case_run(file, "DELETE FROM problems WHERE stage = 'package'");
	gather(file);
	say_rows(file, "held IS NULL", "no_data", "item_lost", "items",
	    "'the export promises ' || items || ' item(s) in ''' || path ||"
	    " ''', and no file of that name is in the evidence'");
	say_rows(file, "held IS NOT NULL AND most < items", "count_mismatch",
	    "item_lost", "items - most",
	    "'the export promises ' || items || ' items in ''' || path ||"
	    " ''', ' || most || ' were read'");
	say_rows(file, "held IS NOT NULL AND most >= items AND NOT"
	    " (same_size AND same_hash)", "count_mismatch", "partial", "0",
	    "'''' || path || ''' is in the evidence with another '"
	    " || iif(same_size, 'hash', 'size') || ' than the export states'");
	say_agreement(file);
	case_run(file, "DROP TABLE temp.kept; DROP TABLE temp.held_files");
}
