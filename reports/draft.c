#include "reports/draft.h"

#include <stdio.h>
#include <stdlib.h>

#include "forensics/selftest.h"
#include "parsers/base/die.h"
#include "reports/tables.h"

/* What was lost, and what did not hold: a file that changed while it was
 * read, a folder whose count differs. */
#define LOSS                                                                   \
	"(x.severity IN ('item_lost', 'source_lost')"                          \
	" OR x.kind IN ('changed', 'count_mismatch'))"

/* An accept entry without a source accepts that kind everywhere. */
#define ACCEPTED                                                               \
	"EXISTS (SELECT 1 FROM meta, json_each(meta.value, '$.accept') a"      \
	" WHERE meta.key = 'incident'"                                         \
	" AND json_extract(a.value, '$.problem') = x.kind"                     \
	" AND coalesce(json_extract(a.value, '$.source'), s.source_id)"        \
	"  IS s.source_id)"

const char draft_accepted_sql[] =
    "SELECT json_extract(a.value, '$.problem'),"
    " json_extract(a.value, '$.source'), (SELECT count(*) FROM problems x"
    "  LEFT JOIN sources s USING (source) WHERE x.kind ="
    "  json_extract(a.value, '$.problem') AND"
    "  " LOSS " AND"
    "  coalesce(json_extract(a.value, '$.source'), s.source_id)"
    "  IS s.source_id), json_extract(a.value, '$.by'),"
    " json_extract(a.value, '$.reason') FROM meta,"
    " json_each(meta.value, '$.accept') a WHERE meta.key = 'incident'"
    " ORDER BY a.key";

static int64_t
number_of(struct case_file *file, const char *sql)
{
	struct case_rows *rows = case_query(file, sql);

	return case_next(rows) ? case_number(rows, 0) : 0;
}

static bool
selftest_holds(void)
{
	FILE *nowhere = fopen("/dev/null", "w");
	bool holds;

	if (nowhere == NULL)
		die_machine("/dev/null: cannot be written");
	holds = selftest_run(nowhere);
	fclose(nowhere);
	return holds;
}

/* Mail folders that fall short though no loss in their source says why, and
 * nobody accepted it: a folder that does not add up is a count_mismatch. */
static int64_t
folders_short(struct case_file *file)
{
	struct case_rows *rows;
	int64_t count;
	char *sql;

	if (asprintf(&sql,
		"SELECT count(*) FROM (%s) f WHERE f.lost > 0 AND"
		" f.kind = 'mail' AND NOT EXISTS (SELECT 1 FROM problems x"
		"  JOIN sources s USING (source) WHERE x.severity IN"
		"  ('item_lost', 'source_lost') AND"
		"  f.source_id IN (s.source_id, '')) AND NOT EXISTS"
		" (SELECT 1 FROM meta, json_each(meta.value, '$.accept') a"
		"  WHERE meta.key = 'incident' AND json_extract(a.value,"
		"   '$.problem') = 'count_mismatch' AND coalesce("
		"   json_extract(a.value, '$.source'), f.source_id)"
		"   IS f.source_id)",
		table_folders.sql) < 0)
		die_machine("out of memory");
	rows = case_query_new(file, sql);
	count = case_next(rows) ? case_number(rows, 0) : 0;
	case_done(rows);
	free(sql);
	return count;
}

struct draft
draft_of(struct case_file *file)
{
	struct draft draft = {.selftest = selftest_holds()};

	draft.open_losses = number_of(file,
	    "SELECT count(*) FROM problems x LEFT JOIN sources s"
	    " USING (source) WHERE " LOSS " AND NOT " ACCEPTED);
	draft.open_folders = folders_short(file);
	draft.is_draft =
	    draft.open_losses > 0 || draft.open_folders > 0 || !draft.selftest;
	return draft;
}
