#include "reports/html/links.h"

#include <stdio.h>
#include <stdlib.h>

#include "parsers/base/die.h"
#include "reports/html/page.h"

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

/* Page `n` of a list, as page_table.c splits it: first, then NAME-2 ... */
#define SPLIT(first, name, rows)                                               \
	" CASE WHEN (n - 1) / " rows " = 0 THEN " first " ELSE " name          \
	" || '-' || ((n - 1) / " rows " + 1) || '.html' END"

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

static const char *const links_sql[] = {
    "INSERT OR IGNORE INTO links SELECT message_id, 'why' || CASE WHEN"
    " (why - 1) / " TEXT(
	200) " = 0 THEN '' ELSE '-' ||"
	     " ((why - 1) / " TEXT(
		 200) " + 1) END || '.html'"
		      " FROM shown_places WHERE why IS NOT NULL ORDER BY why",

    "INSERT OR IGNORE INTO links SELECT message_id," SPLIT(
	"'messages-' || exposure || '.html'", "'messages-' || exposure",
	TEXT(2000)) " FROM shown_places WHERE why IS NULL ORDER BY rank, n",

    "INSERT OR IGNORE INTO links SELECT f.finding_id, l.file"
    " FROM findings f JOIN messages m USING (message)"
    " JOIN links l ON l.id = m.message_id WHERE l.file LIKE 'why%'",

    "INSERT OR IGNORE INTO links SELECT e.event_id," SPLIT("'records.html'",
	"'records'",
	TEXT(2000)) " FROM shown_events s JOIN events e USING (event)",

    "INSERT OR IGNORE INTO links SELECT e.record_id," SPLIT("'records.html'",
	"'records'",
	TEXT(2000)) " FROM shown_events s JOIN events e USING (event)"
		    " WHERE e.record_id <> ''",

    "INSERT OR IGNORE INTO links SELECT session," SPLIT("'timeline.html'",
	"'sessions'",
	TEXT(2000)) " FROM (SELECT session, row_number() OVER (ORDER BY"
		    "  attribution <> 'adversary', attribution <> 'suspicious',"
		    "  first_us, session) AS n FROM sessions)",

    "INSERT OR IGNORE INTO links SELECT person_id," SPLIT("'people.html'",
	"'people'",
	TEXT(2000)) " FROM (SELECT person_id, row_number() OVER (ORDER BY"
		    "  person_id, person) AS n FROM people"
		    "  WHERE elements_exposed <> '[]')",

    "INSERT OR IGNORE INTO links SELECT person_id," SPLIT("'people.html'",
	"'people-other'",
	TEXT(2000)) " FROM (SELECT person_id, row_number() OVER (ORDER BY"
		    "  person_id, person) AS n FROM people"
		    "  WHERE elements_exposed = '[]')",

    "INSERT OR IGNORE INTO links SELECT source_id," SPLIT("'evidence.html'",
	"'sources'",
	TEXT(2000)) " FROM (SELECT s.source_id, row_number() OVER (ORDER BY "
		    "p.path) AS n"
		    "  FROM paths p LEFT JOIN sources s USING (source))"
		    " WHERE source_id IS NOT NULL ORDER BY n",
};

void
links_build(struct case_file *file)
{
	BUG_ON(PAGE_ROWS != 2000 || WHY_ROWS != 200);
	case_run(file, places_sql);
	case_run(file, events_sql);
	for (size_t i = 0; i < sizeof links_sql / sizeof links_sql[0]; i++)
		case_run(file, links_sql[i]);
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
