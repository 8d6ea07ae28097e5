/* People whose data lie in exposed messages; those without a name; others. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"

static void
write_exposed(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Name", CELL_LONG, NULL},
	    {NULL, CELL_ROW, NULL},
	    {"Data exposed", CELL_LIST, NULL},
	    {NULL, CELL_TAG, NULL},
	    {"Residence, ways to reach", CELL_TEXT, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {NULL, CELL_LIST, NULL},
	    {"First and last access", CELL_TIME, NULL},
	    {NULL, CELL_TIME, NULL},
	    {"Messages", CELL_NUMBER, NULL},
	    {"Where", CELL_IDS, NULL},
	    {"Tell by", CELL_DUE, NULL},
	    {NULL, CELL_LIST, NULL},
	};
	static const struct page_table table = {
	    .caption = "Everybody with counting data in an exposed "
		       "message, named or not.",
	    .nothing = "No exposed message holds personal data that "
		       "counts.",
	    .sql = "SELECT coalesce(nullif(name, ''), '(no name)'),"
		   " person_id, elements_exposed, exposure,"
		   " coalesce(nullif(residence, ''), 'residence unknown'),"
		   " postal_address, emails, first_us, last_us, messages,"
		   " message_ids, people_deadline, review"
		   " FROM people WHERE elements_exposed <> '[]'"
		   " ORDER BY person_id, person",
	    PAGE_COLUMNS(columns),
	    .csv = "people",
	};

	page_raw(page, "<h2>People to tell</h2>\n");
	page_table_write(page, &table);
}

static void
write_unnamed(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Person", CELL_ID, NULL},
	    {"Data exposed", CELL_LIST, NULL},
	    {"Exposure", CELL_TAG, NULL},
	    {"Messages", CELL_NUMBER, NULL},
	    {"Where", CELL_IDS, NULL},
	};
	static const struct page_table table = {
	    .caption = "Values without a name beside them: somebody is "
		       "concerned, and the text does not say who.",
	    .nothing = "Every value has a name beside it.",
	    .sql = "SELECT person_id, elements_exposed, exposure,"
		   " messages, message_ids FROM people"
		   " WHERE elements_exposed <> '[]' AND"
		   " coalesce(name, '') = '' ORDER BY person_id, person",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .csv = "people",
	    .split = "unnamed",
	};

	page_raw(page, "<h2 id=\"unnamed\">Without a name</h2>\n");
	page_table_write(page, &table);
}

static void
write_others(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Person", CELL_ROW, NULL},
	    {"Name", CELL_TEXT, NULL},
	    {"Data", CELL_LIST, NULL},
	    {"Exposure", CELL_TAG, NULL},
	    {"Messages", CELL_NUMBER, NULL},
	};
	static const struct page_table table = {
	    .caption = "Correspondents, and people whose data lie in "
		       "messages that are not exposed.",
	    .nothing = "Nobody else appears.",
	    .sql = "SELECT person_id, name, data_elements, exposure,"
		   " messages FROM people WHERE elements_exposed = '[]'"
		   " ORDER BY person_id, person",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .csv = "people",
	    .split = "people-other",
	};

	page_raw(page, "<h2 id=\"others\">Others, with nothing to tell</h2>\n");
	page_table_write(page, &table);
}

void
people_write(struct page *page)
{
	page_raw(page,
	    "<p>Persons are made from names and values that stand together, "
	    "and merged only where two strong values agree; see <a "
	    "href=\"method.html#people\">method</a>. Rows to review are "
	    "decided in the incident file.</p>\n");
	write_exposed(page);
	write_unnamed(page);
	write_others(page);
}
