/* Credentials to reset, those in exposed messages first. */
#include "reports/html/pages.h"

static const struct page_column columns[] = {
	{ "Finding", CELL_ID },
	{ "Kind", CELL_TEXT },
	{ "Account", CELL_TEXT },
	{ "System", CELL_TEXT },
	{ "Masked", CELL_TEXT },
	{ "Exposure", CELL_TAG },
	{ "First access", CELL_TIME },
	{ "Expires", CELL_TEXT },
	{ "Message", CELL_ID },
	{ "Subject", CELL_SHOWN },
};

#define CREDENTIALS                                                            \
	"SELECT m.message, f.finding_id, f.kind, f.account, f.system,"         \
	" f.masked, x.exposure, x.first_us, f.expires, m.message_id,"          \
	" m.subject FROM findings f JOIN messages m USING (message)"           \
	" LEFT JOIN message_exposure x USING (message)"                        \
	" WHERE f.kind <> '' AND f.level IN ('high', 'medium') AND "

static void
write_part(struct page *page, struct case_rows *rows, const char *caption,
    const char *nothing)
{
	page_table(page, rows, PAGE_COLUMNS(columns), true, caption, nothing);
	case_done(rows);
}

void
page_credentials_write(struct case_file *file,
    const struct report_options *options)
{
	struct page page;

	page_open(&page, file, options, "credentials.html", "Credentials");
	page_raw(&page, "<h2>To reset now</h2>\n");
	write_part(&page,
	    case_query_new(file, CREDENTIALS
		"x.exposure NOT IN ('not_shown', 'not_covered')"
		" ORDER BY x.first_us, f.kind, f.finding_id"),
	    "Secrets in messages that the intruder had or may have had",
	    "No secret was found in an exposed message.");
	page_raw(&page, "<h2>In messages not shown exposed</h2>\n");
	write_part(&page,
	    case_query_new(file, CREDENTIALS
		"coalesce(x.exposure, 'not_covered') IN ('not_shown',"
		" 'not_covered') ORDER BY f.kind, f.finding_id"),
	    "Secrets that should not be in mail all the same",
	    "No other secret was found.");
	page_close(&page);
}
