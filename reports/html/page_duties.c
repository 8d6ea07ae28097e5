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
	" " SAID(                                                              \
	    "due.attorney_general") " || substr(regulator, 3) WHEN"            \
				    " regulator = 'varies' THEN " SAID(        \
					"due.authority") " ELSE regulator"     \
							 " END"
#define IS_OLDER "trigger = 'older text applied'"

static const char due_sql[] =
    "SELECT due, whom, people, place, law, threshold FROM ("
    " SELECT CASE WHEN " IS_OLDER
    " THEN " SAID("due.older") "  WHEN duty_id = 'unknown' THEN " SAID(
	"due.unknown") "  ELSE people_deadline END AS due, CASE WHEN " IS_OLDER
		       "  AND coalesce(regulator, '') <> '' THEN " SAID(
			   "due.people") "  || '; ' || " AUTHORITY
					 " ELSE " SAID(
					     "due.people") " END AS whom,"
							   "  people, " PLACE
							   " AS place, law, '' "
							   "AS threshold, "
							   "duty_id, 1 AS part,"
							   "  CASE "
							   "WHEN " IS_OLDER
							   " THEN 1 WHEN "
							   "duty_id = "
							   "'unknown' THEN 2 "
							   "ELSE 0"
							   "  END AS last FROM "
							   "duties"
							   "  WHERE "
							   "coalesce(people_"
							   "deadline, '') <> "
							   "'' OR " IS_OLDER
							   "  OR duty_id = "
							   "'unknown'"
							   " UNION ALL SELECT "
							   "regulator_deadline,"
							   " " AUTHORITY
							   ", people, " PLACE
							   ","
							   "  law, "
							   "coalesce(threshold_"
							   "met, ''), duty_id, "
							   "2, 0 FROM duties"
							   "  WHERE "
							   "coalesce(trigger, "
							   "'') <> 'older text "
							   "applied' AND"
							   "  "
							   "(coalesce("
							   "regulator_deadline,"
							   " '') <> ''"
							   "  OR "
							   "coalesce(regulator,"
							   " '') <> ''))"
							   " ORDER BY CASE "
							   "WHEN " IS_DATE(
							       "due") " THEN "
								      "due "
								      "ELSE "
								      "'z' END,"
								      " last = "
								      "2, "
								      "last, "
								      "threshol"
								      "d = "
								      "'no', "
								      "duty_id,"
								      " part, "
								      "place, "
								      "whom";

void
due_write(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.due", CELL_DUE, NULL},
	    {"col.to_be_told", CELL_TEXT, NULL},
	    {"col.people", CELL_NUMBER, "people.html"},
	    {"col.where", CELL_TEXT, NULL},
	    {"col.law", CELL_TEXT, NULL},
	    {"col.threshold", CELL_WORD, "threshold"},
	};
	static const struct page_table table = {
	    .caption = "due.caption",
	    .nothing = "due.none",
	    .sql = due_sql,
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .csv = "duties",
	    .split = "due",
	};
	struct bytes discovered = page_incident(page, "$.discovered");

	if (discovered.n > 0) {
		page_p(page, "due.counted", say_due("discovered", discovered));
	} else {
		page_p(page, "due.no_discovery");
	}
	page_table_write(page, &table);
}

static void
write_laws(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.duty", CELL_WORD, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {NULL, CELL_WORD, NULL},
	    {"col.law_and_where_it_was_read", CELL_TEXT, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {"col.people", CELL_NUMBER, "people.html"},
	    {"col.trigger", CELL_TEXT, NULL},
	    {"col.people_by", CELL_DUE, NULL},
	    {"col.authority_and_by_when", CELL_TEXT, NULL},
	    {NULL, CELL_DUE, NULL},
	    {"col.threshold_met", CELL_WORD, "tag"},
	};
	static const struct page_table table = {
	    .caption = "laws.caption",
	    .nothing = "laws.none",
	    .sql = "SELECT duty_id, jurisdiction, residence, law, source,"
		   " people, trigger, people_deadline, regulator,"
		   " regulator_deadline, threshold_met FROM duties"
		   " ORDER BY duty_id, residence",
	    PAGE_COLUMNS(columns),
	    .csv = "duties",
	    .split = "laws",
	};

	page_heading(page, 2, "laws", "laws.title");
	page_table_write(page, &table);
}

static void
write_matrix(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.residence", CELL_WORD, NULL},
	    {"col.element", CELL_WORD, "element"},
	    {"col.people", CELL_NUMBER, "people.html"},
	    {"col.first_access", CELL_TIME, NULL},
	    {"col.last_access", CELL_TIME, NULL},
	};
	static const struct page_table table = {
	    .caption = "matrix.caption",
	    .nothing = "matrix.none",
	    .sql = "SELECT coalesce(nullif(p.residence, ''), " SAID(
		"residence.unknown") "),"
				     " e.value, count(*), min(p.first_us), "
				     "max(p.last_us)"
				     " FROM people p, "
				     "json_each(p.elements_exposed) e"
				     " WHERE coalesce(p.name, '') <> ''"
				     " GROUP BY 1, 2 ORDER BY 1, 2",
	    PAGE_COLUMNS(columns),
	    .csv = "people",
	    .split = "residences",
	};

	page_heading(page, 2, "matrix", "matrix.title");
	page_table_write(page, &table);
}

void
duties_write(struct page *page)
{
	page_p(page, "duties.note");
	page_heading(page, 2, NULL, "duties.by_date");
	due_write(page);
	write_matrix(page);
	write_laws(page);
}
