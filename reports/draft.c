#include "reports/draft.h"

#include <stdio.h>

#include "forensics/selftest.h"
#include "parsers/base/die.h"

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

struct draft
draft_of(struct case_file *file)
{
	struct draft draft = {.selftest = selftest_holds()};

	draft.open_losses = number_of(file,
	    "SELECT count(*) FROM problems x LEFT JOIN sources s"
	    " USING (source) WHERE " LOSS " AND NOT " ACCEPTED);
	draft.open_folders = number_of(file,
	    "SELECT count(*) FROM folders f LEFT JOIN (SELECT folder,"
	    "  sum(state = 'live' OR listed = 1) AS promised FROM messages"
	    "  WHERE parent IS NULL AND folder IS NOT NULL GROUP BY folder) h"
	    " ON h.folder = f.folder WHERE f.kind = 'mail' AND"
	    " coalesce(f.expected, 0) > coalesce(h.promised, 0)"
	    " AND NOT EXISTS (SELECT 1 FROM problems x WHERE x.source ="
	    "  f.source AND x.severity IN ('item_lost', 'source_lost'))");
	draft.is_draft =
	    draft.open_losses > 0 || draft.open_folders > 0 || !draft.selftest;
	return draft;
}
