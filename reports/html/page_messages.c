/* Messages by exposure, strongest first, each class on pages of its own, and
 * the items that are missing. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"
#include "reports/table.h"

static const struct {
	const char *exposure, *name, *title, *nothing;
} classes[] = {
    {"accessed", "messages-accessed", "Messages accessed",
	"No record names a message."},
    {"taken", "messages-taken", "Messages taken",
	"Nothing was seen forwarded or exported."},
    {"synced", "messages-synced", "Messages synced",
	"No folder was seen downloaded."},
    {"presumed", "messages-presumed", "Messages presumed read",
	"Nothing must be presumed read."},
    {"possible", "messages-possible", "Messages possibly read",
	"Nothing else was in reach without proof of logging."},
    {"not_covered", "messages-not_covered", "Messages not covered",
	"The log covers the time of every other message."},
    {"not_shown", "messages-not_shown", "Messages without shown access",
	"There is no such message."},
};

enum { CLASSES = sizeof classes / sizeof classes[0], EXPOSED_CLASSES = 5 };

#define ELEMENTS                                                               \
	"(SELECT json_group_array(element) FROM (SELECT DISTINCT element"      \
	"  FROM findings f WHERE f.message = m.message AND element <> ''"      \
	"  AND level IN ('high', 'medium') ORDER BY element))"

#define FROM_SHOWN                                                             \
	" FROM temp.shown_places n JOIN places p USING (place)"                \
	" JOIN messages m ON m.message = p.message"                            \
	" JOIN mailboxes b USING (mailbox_no)"                                 \
	" JOIN sources s ON s.source = m.source"                               \
	" WHERE n.exposure = ?1 ORDER BY n.n"

static const struct page_column exposed_columns[] = {
    {"Message, subject, sender", CELL_ROW, NULL},
    {NULL, CELL_SHOWN, NULL},
    {NULL, CELL_TEXT, NULL},
    {"Mailbox, folder", CELL_TEXT, NULL},
    {NULL, CELL_TEXT, NULL},
    {"Arrived", CELL_TIME, NULL},
    {"Rules, and why", CELL_LIST, NULL},
    {NULL, CELL_LONG, NULL},
    {"First and last access", CELL_TIME, NULL},
    {NULL, CELL_TIME, NULL},
    {"Records", CELL_IDS, NULL},
    {"Data, flags", CELL_LIST, NULL},
    {NULL, CELL_LIST, NULL},
};

static const char exposed_sql[] =
    "SELECT m.message, m.message_id, m.subject, m.sender, b.mailbox,"
    " p.folder, p.arrival_us, p.rules, (SELECT sentence FROM verdicts"
    "  v WHERE v.place = p.place AND v.exposure = p.exposure"
    "  ORDER BY " REPORT_RULE_ORDER " LIMIT 1),"
    " p.first_us, p.last_us, p.access_records, " ELEMENTS ","
    " CASE p.state WHEN 'live' THEN p.flags ELSE json_insert("
    "  coalesce(p.flags, '[]'), '$[#]', p.state) END" FROM_SHOWN;

static const struct page_column rest_columns[] = {
    {"Message, subject, sender", CELL_ROW, NULL},
    {NULL, CELL_SHOWN, NULL},
    {NULL, CELL_TEXT, NULL},
    {"Mailbox, folder", CELL_TEXT, NULL},
    {NULL, CELL_TEXT, NULL},
    {"Arrived", CELL_TIME, NULL},
    {"Data", CELL_LIST, NULL},
    {"Source, place in it", CELL_ID, NULL},
    {NULL, CELL_CODE, NULL},
};

static const char rest_sql[] =
    "SELECT m.message, m.message_id, m.subject, m.sender, b.mailbox,"
    " p.folder, p.arrival_us, " ELEMENTS ", s.source_id, m.locator" FROM_SHOWN;

static void
write_class(struct page *page, int i)
{
	bool exposed = i < EXPOSED_CLASSES;
	struct page_table table = {
	    .caption = "In order of mailbox and time; messages inside "
		       "others come last.",
	    .nothing = classes[i].nothing,
	    .sql = exposed ? exposed_sql : rest_sql,
	    .argument = classes[i].exposure,
	    .columns = exposed ? exposed_columns : rest_columns,
	    .count = exposed
			 ? sizeof exposed_columns / sizeof exposed_columns[0]
			 : sizeof rest_columns / sizeof rest_columns[0],
	    .message = true,
	    .csv = "messages",
	    .split = classes[i].name,
	};

	page_table_write(page, &table);
}

static void
class_page(struct page *page, int i)
{
	struct page own;

	page_open(&own, page->file, page->options, classes[i].name, 1,
	    classes[i].title);
	page_raw(&own, "<p>What the word means: <a href=\"index.html#certainty"
		       "\">how sure</a>; all classes: <a href=\"messages.html"
		       "\">messages</a>.</p>\n");
	write_class(&own, i);
	page_close(&own);
}

static void
write_index(struct page *page)
{
	struct case_rows *rows;

	page_raw(page,
	    "<div class=\"scroll\"><table class=\"stack\"><caption>Each number "
	    "leads to its rows.</caption><thead><tr><th scope=\"col\">Exposure"
	    "</th><th scope=\"col\" class=\"n\">Messages</th><th scope=\"col\" "
	    "class=\"n\">And inside others</th><th scope=\"col\" class=\"n\">"
	    "With personal data</th></tr></thead>\n<tbody>\n");
	for (int i = 0; i < CLASSES; i++) {
		rows = case_query_new(page->file,
		    "SELECT coalesce(sum(p.state <> 'embedded'), 0),"
		    " coalesce(sum(p.state = 'embedded'), 0),"
		    " coalesce(sum(EXISTS (SELECT 1 FROM findings f WHERE"
		    "  f.message = p.message AND f.level IN ('high',"
		    "  'medium') AND f.element <> '')), 0)"
		    " FROM places p WHERE p.exposure = ?1");
		case_bind_cstr(rows, 1, classes[i].exposure);
		case_next(rows);
		page_raw(page, "<tr><td>");
		page_tag(page, bytes_cstr(classes[i].exposure));
		page_rawf(page,
		    "</td><td class=\"n\" data-label=\"Messages\">"
		    "<a href=\"%s.html\">",
		    classes[i].name);
		page_number(page, case_number(rows, 0));
		page_raw(page, "</a></td><td class=\"n\" data-label=\"Inside "
			       "others\">");
		page_number(page, case_number(rows, 1));
		page_raw(page, "</td><td class=\"n\" data-label=\"With "
			       "personal data\">");
		page_number(page, case_number(rows, 2));
		page_raw(page, "</td></tr>\n");
		case_done(rows);
	}
	page_raw(page, "</tbody></table></div>\n<p>For each exposed message, "
		       "<a href=\"why.html\">why it counts as exposed</a>"
		       ".</p>\n");
}

static void
write_missing(struct page *page)
{
	static const struct page_column columns[] = {
	    {"Mailbox", CELL_TEXT, NULL},
	    {"Message-ID", CELL_TEXT, NULL},
	    {"Folder", CELL_TEXT, NULL},
	    {"First access", CELL_TIME, NULL},
	    {"Last access", CELL_TIME, NULL},
	    {"Records", CELL_IDS, NULL},
	    {"Copies held elsewhere", CELL_IDS, NULL},
	};
	static const struct page_table table = {
	    .caption = "The intruder accessed these, and the mailbox's "
		       "export lacks them.",
	    .nothing = "Every item that the intruder opened is in the "
		       "evidence.",
	    .sql = "SELECT b.mailbox, m.internet_message_id, m.folder,"
		   " m.first_us, m.last_us, m.record_ids,"
		   " m.copy_message_ids FROM missing_items m"
		   " JOIN mailboxes b USING (mailbox_no)"
		   " ORDER BY b.mailbox, m.internet_message_id",
	    PAGE_COLUMNS(columns),
	    .csv = "missing_items",
	    .split = "missing",
	};

	page_raw(page, "<h2 id=\"missing\">Opened, and not in the evidence"
		       "</h2>\n");
	page_table_write(page, &table);
}

void
messages_write(struct page *page)
{
	write_index(page);
	write_missing(page);
	for (int i = 0; i < CLASSES; i++) {
		if (!page->whole) {
			class_page(page, i);
		} else if (i < EXPOSED_CLASSES) {
			page_rawf(page, "<h2>%s</h2>\n", classes[i].title);
			write_class(page, i);
		}
	}
}
