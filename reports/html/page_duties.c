/* Who must be told and by when; the law rows behind it. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"

#define IS_DATE(column) column " GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-*'"

/* Dates first, in order; then the laws whose words have no number.  The
 * authority is told only where the law's threshold is met, or has none. */
#define PLACE                                                                  \
	"jurisdiction || CASE WHEN residence IN ('', jurisdiction) THEN ''"    \
	" ELSE ' (' || residence || ')' END"
#define AUTHORITY                                                              \
	"CASE WHEN regulator = 'AG' OR regulator LIKE 'AG;%' THEN"             \
	" 'attorney general' || substr(regulator, 3) WHEN regulator = "        \
	"'varies' THEN 'the authority, where a law names one' ELSE regulator " \
	"END"
#define IS_OLDER "trigger = 'older text applied'"

static const char due_sql[] =
    "SELECT due, whom, people, place, law, threshold FROM ("
    " SELECT CASE WHEN " IS_OLDER " THEN 'older text of this law applied:"
    "  ask counsel' WHEN duty_id = 'unknown' THEN 'not known: no residence"
    "  found' ELSE people_deadline END AS due, CASE WHEN " IS_OLDER
    "  AND coalesce(regulator, '') <> '' THEN 'the people; ' || " AUTHORITY
    "  ELSE 'the people' END AS whom, people, " PLACE " AS place, law,"
    "  '' AS threshold, duty_id, 1 AS part FROM duties"
    "  WHERE coalesce(people_deadline, '') <> '' OR " IS_OLDER
    "  OR duty_id = 'unknown'"
    " UNION ALL SELECT regulator_deadline, " AUTHORITY ", people, " PLACE ","
    "  law, CASE threshold_met WHEN 'no' THEN 'below the threshold'"
    "  WHEN 'yes' THEN 'threshold met' ELSE '' END, duty_id, 2 FROM duties"
    "  WHERE coalesce(trigger, '') <> 'older text applied' AND"
    "  (coalesce(regulator_deadline, '') <> ''"
    "  OR coalesce(regulator, '') <> ''))"
    " ORDER BY CASE WHEN " IS_DATE(
	"due") " THEN due ELSE 'z' END,"
	       " due LIKE 'not known%', due LIKE 'older text%',"
	       " threshold = 'below the threshold', duty_id, part, place, whom";

void
due_write(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Due", CELL_DUE, NULL},
	    {"To be told", CELL_TEXT, NULL},
	    {"People", CELL_NUMBER, "people.html"},
	    {"Where", CELL_TEXT, NULL},
	    {"Law", CELL_TEXT, NULL},
	    {"Threshold", CELL_TEXT, NULL},
	};
	static const struct page_table table = {
	    .caption = "Dates first, then laws without a number of days. "
		       "Counted by a table of laws, to be confirmed by "
		       "counsel.",
	    .nothing = "No duty follows from what was found in exposed "
		       "messages. Counsel decides.",
	    .sql = due_sql,
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .csv = "duties",
	    .split = "due",
	};
	struct bytes discovered = page_incident(page, "$.discovered");

	if (discovered.n > 0) {
		page_raw(page, "<p>Counted from the discovery on ");
		page_due(page, discovered);
		page_raw(page, ".</p>\n");
	} else {
		page_raw(page, "<p>The incident file does not say when the "
			       "breach was discovered: no date can be "
			       "computed.</p>\n");
	}
	page_table_write(page, &table);
}

static void
write_laws(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Duty", CELL_WORD, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {NULL, CELL_WORD, NULL},
	    {"Law, and where it was read", CELL_TEXT, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {"People", CELL_NUMBER, "people.html"},
	    {"Trigger", CELL_TEXT, NULL},
	    {"People by", CELL_DUE, NULL},
	    {"Authority, and by when", CELL_TEXT, NULL},
	    {NULL, CELL_DUE, NULL},
	    {"Threshold met", CELL_WORD, NULL},
	};
	static const struct page_table table = {
	    .caption = "One row for each law and residence with at least "
		       "one person.",
	    .nothing = "No law row applies.",
	    .sql = "SELECT duty_id, jurisdiction, residence, law, source,"
		   " people, trigger, people_deadline, regulator,"
		   " regulator_deadline, threshold_met FROM duties"
		   " ORDER BY duty_id, residence",
	    PAGE_COLUMNS(columns),
	    .csv = "duties",
	    .split = "laws",
	};

	page_raw(page, "<h2 id=\"laws\">The laws behind it</h2>\n");
	page_table_write(page, &table);
}

static void
write_matrix(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Residence", CELL_WORD, NULL},
	    {"Element", CELL_WORD, NULL},
	    {"People", CELL_NUMBER, "people.html"},
	    {"First access", CELL_TIME, NULL},
	    {"Last access", CELL_TIME, NULL},
	};
	static const struct page_table table = {
	    .caption = "Named people by residence and kind of data, in "
		       "exposed messages.",
	    .nothing = "No named person's data was found in exposed "
		       "messages.",
	    .sql = "SELECT coalesce(nullif(p.residence, ''), 'unknown'),"
		   " e.value, count(*), min(p.first_us), max(p.last_us)"
		   " FROM people p, json_each(p.elements_exposed) e"
		   " WHERE coalesce(p.name, '') <> ''"
		   " GROUP BY 1, 2 ORDER BY 1, 2",
	    PAGE_COLUMNS(columns),
	    .csv = "people",
	    .split = "residences",
	};

	page_raw(page, "<h2>People by residence and kind of data</h2>\n");
	page_table_write(page, &table);
}

void
duties_write(struct page *page)
{
	page_raw(page,
	    "<p>This is a calculation, not legal advice: it counts people, "
	    "adds days to the date of discovery and quotes the law's words. "
	    "Where a law's condition cannot be computed it is printed.</p>\n"
	    "<h2>In order of date</h2>\n");
	due_write(page);
	write_matrix(page);
	write_laws(page);
}
