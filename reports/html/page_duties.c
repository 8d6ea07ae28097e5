/* Who must be told and by when; the law rows behind it. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"
#include "reports/html/svg.h"

/* clang-format off */
#define IS_OLDER "trigger = 'older text applied'"
#define AUTHORITY \
	"CASE WHEN regulator = 'AG' OR regulator LIKE 'AG;%' THEN " \
	SAID("due.attorney_general") " || substr(regulator, 3)" \
	" WHEN regulator = 'varies' THEN " SAID("due.authority") \
	" ELSE regulator END"

/* A row for the people of each duty, one for its authority.  Dates first, in
 * order; then the laws whose words have no number.  The authority is told
 * only where the law's threshold is met, or has none. */
static const char due_sql[] =
    "DROP TABLE IF EXISTS temp.due;"
    "CREATE TEMP TABLE due AS SELECT *, row_number() OVER (ORDER BY"
    "  CASE WHEN dated THEN due ELSE 'z' END, unknown, older,"
    "  threshold = 'no', duty_id, authority, residence, whom) AS n"
    " FROM (SELECT *, due GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-*' AS dated"
    " FROM (SELECT CASE WHEN " IS_OLDER " THEN " SAID("due.older")
    "  WHEN duty_id = 'unknown' THEN " SAID("due.unknown")
    "  ELSE people_deadline END AS due, " SAID("due.people")
    "  || CASE WHEN " IS_OLDER " AND coalesce(regulator, '') <> ''"
    "   THEN '; ' || " AUTHORITY " ELSE '' END AS whom, people,"
    "  jurisdiction, residence, law, '' AS threshold, duty_id,"
    "  0 AS authority, duty_id = 'unknown' AS unknown,"
    "  coalesce(" IS_OLDER ", 0) AS older FROM duties"
    "  WHERE coalesce(people_deadline, '') <> '' OR " IS_OLDER
    "  OR duty_id = 'unknown'"
    " UNION ALL SELECT regulator_deadline, " AUTHORITY ", people,"
    "  jurisdiction, residence, law, coalesce(threshold_met, ''), duty_id,"
    "  1, 0, 0 FROM duties WHERE coalesce(trigger, '') <> 'older text"
    " applied' AND (coalesce(regulator_deadline, '') <> ''"
    "  OR coalesce(regulator, '') <> '')))";

#define PLACE \
	"jurisdiction || CASE WHEN residence IN ('', jurisdiction) THEN ''" \
	" ELSE ' (' || residence || ')' END"
/* clang-format on */

/* What a reader in a hurry must see. */
static void
write_first(struct page *page)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT due, whom, people, " PLACE ", law, (SELECT count(*) - 1"
	    "  FROM temp.due WHERE dated AND threshold <> 'no')"
	    " FROM temp.due WHERE dated AND threshold <> 'no'"
	    " ORDER BY n LIMIT 1");

	if (case_next(rows)) {
		int64_t more = case_number(rows, 5);

		page_raw(page, "<p class=\"first\">");
		page_say(page, "due.first", say_due("due", case_text(rows, 0)),
		    say_sentence("whom", case_text(rows, 1)),
		    say_number("n", case_number(rows, 2)),
		    say_sentence("place", case_text(rows, 3)),
		    say_text("law", case_text(rows, 4)));
		if (more > 0) {
			page_raw(page, " ");
			page_say(page, "due.more", say_number("n", more));
		}
		page_raw(page, "</p>\n");
	}
	case_done(rows);
}

/* Outside the law, but not outside contracts. */
static void
write_organizations(struct page *page)
{
	int64_t n = page_sum(page, "SELECT count(*) FROM organizations");

	if (n > 0)
		page_p(page, "due.organizations",
		    say_count("n", n, "organizations.html"));
}

void
due_write(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.due", CELL_DUE, NULL},
	    {"col.to_be_told", CELL_SAID, NULL},
	    {"col.people", CELL_COUNT, NULL},
	    {"col.where", CELL_SAID, NULL},
	    {"col.law", CELL_TEXT, NULL},
	    {"col.threshold", CELL_WORD, "threshold"},
	};
	static const struct page_table table = {
	    .caption = "due.caption",
	    .nothing = "due.none",
	    .sql = "SELECT due, whom, people || ' D/' || duty_id, " PLACE
		   ", law, threshold FROM temp.due ORDER BY n",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .csv = "duties",
	    .split = "due",
	};
	struct bytes discovered = page_incident(page, "$.discovered");

	case_run(page->file, due_sql);
	write_first(page);
	if (discovered.n > 0)
		page_p(page, "due.counted", say_due("discovered", discovered));
	else
		page_p(page, "due.no_discovery");
	page_table_write(page, &table);
	write_organizations(page);
}

/* Behind each number of the duties: whom it counts. */
void
told_write(struct case_file *file, const struct report_options *options)
{
	static const struct page_column columns[] = {
	    {"col.duty", CELL_ANCHOR, NULL},
	    {NULL, CELL_WORD, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {"col.name", CELL_TEXT, NULL},
	    {NULL, CELL_ID, NULL},
	    {"col.data_exposed", CELL_LIST, "element"},
	    {"col.exposure", CELL_TAG, NULL},
	    {"col.residence_ways_to_reach", CELL_WORD, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {NULL, CELL_LIST, NULL},
	    {"col.where", CELL_IDS, NULL},
	};
	static const struct page_table table = {
	    .caption = "told.caption",
	    .nothing = "told.none",
	    .sql = "SELECT 'D/' || t.duty_id, t.duty_id, d.law,"
		   " coalesce(nullif(p.name, ''), " SAID("people.no_name") "),"
		   " p.person_id, p.elements_exposed, p.exposure,"
		   " p.residence, p.postal_address, p.emails, p.message_ids"
		   " FROM temp.told t JOIN people p USING (person)"
		   " LEFT JOIN (SELECT duty_id, min(law) AS law FROM duties"
		   "  GROUP BY duty_id) d ON d.duty_id = t.duty_id"
		   " ORDER BY t.n",
	    PAGE_COLUMNS(columns),
	    .csv = "people",
	};
	struct page page;

	page_open(&page, file, options, "told", 1, "title.told");
	page_p(&page, "told.note");
	page_table_write(&page, &table);
	page_close(&page);
}

static void
write_laws(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.duty", CELL_WORD, NULL},
	    {NULL, CELL_SAID, NULL},
	    {NULL, CELL_WORD, NULL},
	    {"col.law_and_where_it_was_read", CELL_TEXT, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {"col.people", CELL_COUNT, NULL},
	    {"col.trigger", CELL_SAID, NULL},
	    {"col.people_by", CELL_DUE, NULL},
	    {"col.authority_and_by_when", CELL_SAID, NULL},
	    {NULL, CELL_DUE, NULL},
	    {"col.threshold_met", CELL_WORD, "tag"},
	};
	static const struct page_table table = {
	    .caption = "laws.caption",
	    .nothing = "laws.none",
	    .sql = "SELECT duty_id, jurisdiction, residence, law, source,"
		   " people || ' D/' || duty_id, trigger, people_deadline, regulator,"
		   " regulator_deadline, threshold_met FROM duties"
		   " ORDER BY duty_id, residence",
	    PAGE_COLUMNS(columns),
	    .csv = "duties",
	    .split = "laws",
	};

	page_heading(page, 2, "laws", "laws.title");
	page_p(page, "laws.grammar");
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
	svg_people(page);
	page_table_write(page, &table);
}

void
duties_write(struct page *page)
{
	page_p(page, "duties.note");
	/* On paper it stands on page one. */
	if (!page->whole) {
		page_heading(page, 2, NULL, "duties.by_date");
		due_write(page);
	}
	write_matrix(page);
	write_laws(page);
}
