#include "reports/html/links.h"

#include <stdio.h>
#include <stdlib.h>

#include "parsers/base/die.h"
#include "reports/html/page.h"

/* In the order in which page_messages.c writes them: the messages that count
 * before those inside them. */
static const char places_sql[] =
    "DROP TABLE IF EXISTS temp.links;"
    "DROP TABLE IF EXISTS temp.shown_places;"
    "DROP TABLE IF EXISTS temp.shown_events;"
    "CREATE TEMP TABLE links(id TEXT PRIMARY KEY, file TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TEMP TABLE shown_places(place INTEGER PRIMARY KEY,"
    " message_id TEXT, exposure TEXT, rank INTEGER, n INTEGER, why INTEGER);"
    "INSERT INTO shown_places SELECT place, message_id, exposure, rank, n,"
    " CASE WHEN rank <= 5 THEN row_number() OVER (ORDER BY rank, n) END"
    " FROM (SELECT p.place, m.message_id, p.exposure,"
    "  instr('accessed    taken       synced      presumed    possible"
    "    not_covered not_shown', p.exposure) / 12 + 1 AS rank,"
    "  row_number() OVER (PARTITION BY p.exposure ORDER BY"
    "   p.state = 'embedded', b.mailbox, p.first_us, p.arrival_us,"
    "   m.message_id, p.path) AS n"
    "  FROM places p JOIN messages m USING (message)"
    "  JOIN mailboxes b USING (mailbox_no) WHERE p.exposure IS NOT NULL);"
    "CREATE INDEX temp.shown_places_n ON shown_places(exposure, n);"
    "CREATE INDEX temp.shown_places_why ON shown_places(why)"
    " WHERE why IS NOT NULL;";

/* Records of the intruder, suspicious ones, and any that a verdict cites. */
static const char events_sql[] =
    "CREATE TEMP TABLE shown_events(n INTEGER PRIMARY KEY, event INTEGER);"
    "INSERT INTO shown_events SELECT row_number() OVER (ORDER BY e.time_us,"
    "  e.record_id, e.event_id), e.event"
    " FROM judged_events j JOIN events e USING (event)"
    " WHERE j.attribution IN ('adversary', 'suspicious') OR e.record_id IN"
    "  (SELECT r.value FROM verdicts v, json_each(v.records) r)"
    " OR e.record_id IN (SELECT r.value FROM missing_items m,"
    "  json_each(m.record_ids) r);";

/* Where messages went: records that moved, copied or deleted them. */
static const char moves_sql[] =
    "DROP TABLE IF EXISTS temp.moves;"
    "CREATE TEMP TABLE moves(message_id TEXT, mailbox_no INTEGER,"
    " time_us INTEGER, event INTEGER, folder TEXT,"
    " PRIMARY KEY(message_id, mailbox_no, time_us, event)) WITHOUT ROWID;"
    "INSERT OR IGNORE INTO moves SELECT i.message_id, j.mailbox_no,"
    " coalesce(e.time_us, 0), j.event, coalesce(i.folder, j.folder)"
    " FROM judged_events j JOIN access_items i USING (event)"
    " JOIN events e USING (event)"
    " WHERE j.access_type IN ('move', 'copy', 'delete')"
    " AND j.mailbox_no IS NOT NULL AND i.message_id <> ''";

/* Whom each duty counts. */
static const char told_sql[] =
    "DROP TABLE IF EXISTS temp.told;"
    "CREATE TEMP TABLE told AS SELECT p.person, d.value AS duty_id,"
    " row_number() OVER (ORDER BY d.value, p.person_id, p.person) AS n"
    " FROM people p, json_each(p.duties) d";

/*
 * A list: `rows` gives (id, n, total), n from 1 in the order in which the page
 * writes them.  `name` and `page` are SQL expressions: the list's files are
 * NAME.html, NAME-2.html ...; a list that shares its page with others is on
 * `page` alone while it is short (page_table.h).
 */
struct list {
	const char *rows, *name, *page;
	int rows_a_page;
};

static const struct list lists[] = {
    {"SELECT message_id AS id, why AS n, 0 AS total"
     " FROM temp.shown_places WHERE why IS NOT NULL",
	"'why'", NULL, WHY_ROWS},
    {"SELECT message_id AS id, n, 0 AS total, exposure, rank"
     " FROM temp.shown_places WHERE why IS NULL ORDER BY rank, n",
	"'messages-' || exposure", NULL, PAGE_ROWS},
    {"SELECT e.event_id AS id, n.n, 0 AS total FROM temp.shown_events n"
     " JOIN events e USING (event)",
	"'records'", NULL, PAGE_ROWS},
    {"SELECT e.record_id AS id, n.n, 0 AS total FROM temp.shown_events n"
     " JOIN events e USING (event) WHERE e.record_id <> ''",
	"'records'", NULL, PAGE_ROWS},
    {"SELECT session AS id, row_number() OVER (ORDER BY"
     " attribution <> 'adversary', attribution <> 'suspicious',"
     " first_us, session) AS n, count(*) OVER () AS total FROM sessions",
	"'sessions'", "'timeline.html'", PAGE_ROWS},
    {"SELECT person_id AS id, row_number() OVER (ORDER BY person_id,"
     " person) AS n, 0 AS total FROM people"
     " WHERE elements_exposed <> '[]'",
	"'people'", NULL, PAGE_ROWS},
    {"SELECT person_id AS id, row_number() OVER (ORDER BY person_id,"
     " person) AS n, count(*) OVER () AS total FROM people"
     " WHERE elements_exposed = '[]'",
	"'people-other'", "'people.html'", PAGE_ROWS},
    {"SELECT 'D/' || duty_id AS id, n, 0 AS total FROM temp.told ORDER BY n",
	"'told'", NULL, PAGE_ROWS},
    {"SELECT id, n, total FROM (SELECT s.source_id AS id, row_number()"
     " OVER (ORDER BY p.path) AS n, count(*) OVER () AS total"
     " FROM paths p LEFT JOIN sources s USING (source))"
     " WHERE id IS NOT NULL ORDER BY n",
	"'sources'", "'evidence.html'", PAGE_ROWS},
};

/* The first list that has an id keeps it. */
static void
list_add(struct case_file *file, const struct list *list)
{
	struct case_rows *rows;
	char *sql;

	if (asprintf(&sql,
		"INSERT OR IGNORE INTO links SELECT id, CASE"
		" WHEN %d AND total <= %d THEN %s"
		" WHEN (n - 1) / %d = 0 THEN %s || '.html'"
		" ELSE %s || '-' || ((n - 1) / %d + 1) || '.html' END"
		" FROM (%s)",
		list->page != NULL, SECTION_ROWS,
		list->page ? list->page : "''", list->rows_a_page, list->name,
		list->name, list->rows_a_page, list->rows) < 0)
		die_machine("out of memory");
	rows = case_query_new(file, sql);
	case_exec(rows);
	case_done(rows);
	free(sql);
}

void
links_build(struct case_file *file)
{
	case_run(file, places_sql);
	case_run(file, events_sql);
	case_run(file, told_sql);
	case_run(file, moves_sql);
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		list_add(file, &lists[i]);
	case_run(file, "INSERT OR IGNORE INTO links SELECT f.finding_id, l.file"
		       " FROM findings f JOIN messages m USING (message)"
		       " JOIN links l ON l.id = m.message_id"
		       " WHERE l.file LIKE 'why%'");
}

struct bytes
links_find(struct case_file *file, struct arena *arena, struct bytes id)
{
	struct case_rows *rows =
	    case_query(file, "SELECT file FROM temp.links WHERE id = ?1");

	case_bind_text(rows, 1, id);
	return case_next(rows) ? arena_dup(arena, case_text(rows, 0))
			       : BYTES_NONE;
}
