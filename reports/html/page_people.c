/* People whose data lie in exposed messages; those without a name; others. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"

static void
write_exposed(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.name", CELL_LONG, NULL},
	    {NULL, CELL_ROW, NULL},
	    {"col.data_exposed", CELL_LIST, "element"},
	    {NULL, CELL_TAG, NULL},
	    {"col.residence_ways_to_reach", CELL_TEXT, NULL},
	    {NULL, CELL_TEXT, NULL},
	    {NULL, CELL_LIST, NULL},
	    {"col.first_and_last_access", CELL_TIME, NULL},
	    {NULL, CELL_TIME, NULL},
	    {"col.messages", CELL_NUMBER, NULL},
	    {"col.where", CELL_IDS, NULL},
	    {"col.tell_by", CELL_DUE, NULL},
	    {NULL, CELL_LIST, "review"},
	};
	static const struct page_table table = {
	    .caption = "people_exposed.caption",
	    .nothing = "people_exposed.none",
	    .sql = "SELECT coalesce(nullif(name, ''), " SAID(
		"people.no_name") "),"
				  " person_id, elements_exposed, exposure,"
				  " coalesce(nullif(residence, ''), " SAID(
				      "people.no_residence") "),"
							     " postal_address, "
							     "emails, "
							     "first_us, "
							     "last_us, "
							     "messages,"
							     " message_ids, "
							     "people_deadline, "
							     "review"
							     " FROM people "
							     "WHERE "
							     "elements_exposed "
							     "<> '[]'"
							     " ORDER BY "
							     "person_id, "
							     "person",
	    PAGE_COLUMNS(columns),
	    .csv = "people",
	};

	page_heading(page, 2, NULL, "people_exposed.title");
	page_table_write(page, &table);
}

static void
write_unnamed(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.person", CELL_ID, NULL},
	    {"col.data_exposed", CELL_LIST, "element"},
	    {"col.exposure", CELL_TAG, NULL},
	    {"col.messages", CELL_NUMBER, NULL},
	    {"col.where", CELL_IDS, NULL},
	};
	static const struct page_table table = {
	    .caption = "unnamed.caption",
	    .nothing = "unnamed.none",
	    .sql = "SELECT person_id, elements_exposed, exposure,"
		   " messages, message_ids FROM people"
		   " WHERE elements_exposed <> '[]' AND"
		   " coalesce(name, '') = '' ORDER BY person_id, person",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .csv = "people",
	    .split = "unnamed",
	};

	page_heading(page, 2, "unnamed", "unnamed.title");
	page_table_write(page, &table);
}

static void
write_others(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.person", CELL_ROW, NULL},
	    {"col.name", CELL_TEXT, NULL},
	    {"col.data", CELL_LIST, "element"},
	    {"col.exposure", CELL_TAG, NULL},
	    {"col.messages", CELL_NUMBER, NULL},
	};
	static const struct page_table table = {
	    .caption = "people_others.caption",
	    .nothing = "people_others.none",
	    .sql = "SELECT person_id, name, data_elements, exposure,"
		   " messages FROM people WHERE elements_exposed = '[]'"
		   " ORDER BY person_id, person",
	    PAGE_COLUMNS(columns),
	    .stack = true,
	    .csv = "people",
	    .split = "people-other",
	};

	page_heading(page, 2, "others", "people_others.title");
	page_table_write(page, &table);
}

void
people_write(struct page *page)
{
	page_p(page, "people.note");
	write_exposed(page);
	write_unnamed(page);
	write_others(page);
}
