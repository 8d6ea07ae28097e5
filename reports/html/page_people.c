/* People to tell, the duties that follow, and organizations outside. */
#include "reports/html/pages.h"

static void
write_people(struct page *page)
{
	static const struct page_column columns[] = {
		{ "Person", CELL_ID },
		{ "Name", CELL_TEXT },
		{ "E-mail", CELL_LIST },
		{ "Residence", CELL_TEXT },
		{ "Data exposed", CELL_LIST },
		{ "Exposure", CELL_TAG },
		{ "First access", CELL_TIME },
		{ "Messages", CELL_NUMBER },
		{ "Message ids", CELL_LIST },
		{ "Merged by", CELL_TAG },
		{ "To review", CELL_LIST },
		{ "Tell by", CELL_TEXT },
	};
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT person_id, name, emails, residence, elements_exposed,"
	    " exposure, first_us, messages, message_ids, merge_reason, review,"
	    " people_deadline FROM people WHERE elements_exposed <> '[]'"
	    " ORDER BY name, person_id LIMIT 5000");

	page_raw(page, "<h2>People whose data is in exposed messages</h2>\n");
	page_table(page, rows, PAGE_COLUMNS(columns), false,
	    "At most 5,000 here; people.csv has all, also those in messages "
	    "that were not exposed",
	    "No personal data was found in exposed messages.");
	case_done(rows);
}

static void
write_duties(struct page *page)
{
	static const struct page_column columns[] = {
		{ "Duty", CELL_TEXT },
		{ "Where", CELL_TEXT },
		{ "Residence", CELL_TEXT },
		{ "Law", CELL_TEXT },
		{ "Trigger", CELL_TEXT },
		{ "People", CELL_NUMBER },
		{ "Tell the people by", CELL_TEXT },
		{ "Authority", CELL_TEXT },
		{ "Tell it by", CELL_TEXT },
		{ "Threshold met", CELL_TEXT },
		{ "Table", CELL_TEXT },
		{ "Source", CELL_TEXT },
	};
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT duty_id, jurisdiction, residence, law, trigger, people,"
	    " people_deadline, regulator, regulator_deadline, threshold_met,"
	    " law_version, source FROM duties ORDER BY duty_id, residence");

	page_raw(page, "<h2>Duties</h2>\n<p>A reading aid for counsel, not "
		       "legal advice. Dates count from the discovery in the "
		       "incident file.</p>\n");
	page_table(page, rows, PAGE_COLUMNS(columns), false,
	    "One row a law and residence",
	    "No duty follows from what was found in exposed messages.");
	case_done(rows);
}

static void
write_organizations(struct page *page)
{
	static const struct page_column columns[] = {
		{ "Domain", CELL_TEXT },
		{ "Messages", CELL_NUMBER },
		{ "Accessed", CELL_NUMBER },
		{ "Taken", CELL_NUMBER },
		{ "Synced", CELL_NUMBER },
		{ "Presumed", CELL_NUMBER },
		{ "Possible", CELL_NUMBER },
		{ "First", CELL_TIME },
		{ "Last", CELL_TIME },
		{ "Contacts", CELL_LIST },
	};
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT domain, messages, accessed, taken, synced, presumed,"
	    " possible, first_us, last_us, contacts FROM organizations"
	    " WHERE accessed + taken + synced + presumed + possible > 0"
	    " ORDER BY accessed DESC, domain LIMIT 2000");

	page_raw(page, "<h2>Organizations outside</h2>\n");
	page_table(page, rows, PAGE_COLUMNS(columns), false,
	    "Correspondents whose exposed messages these are",
	    "No exposed message has a correspondent outside.");
	case_done(rows);
}

void
page_people_write(struct case_file *file, const struct report_options *options)
{
	struct page page;

	page_open(&page, file, options, "people.html", "People and duties");
	write_people(&page);
	write_duties(&page);
	write_organizations(&page);
	page_close(&page);
}
