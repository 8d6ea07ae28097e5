/* Messages by exposure, strongest first, each class on pages of its own, and
 * the items that are missing. */
#include "reports/html/page_table.h"
#include "reports/html/pages.h"
#include "reports/html/svg.h"
#include "reports/table.h"

static const struct {
	const char *exposure, *name, *title, *nothing;
} classes[] = {
    {"accessed", "messages-accessed", "messages.accessed",
	"messages.no_accessed"},
    {"taken", "messages-taken", "messages.taken", "messages.no_taken"},
    {"synced", "messages-synced", "messages.synced", "messages.no_synced"},
    {"presumed", "messages-presumed", "messages.presumed",
	"messages.no_presumed"},
    {"possible", "messages-possible", "messages.possible",
	"messages.no_possible"},
    {"not_covered", "messages-not_covered", "messages.not_covered",
	"messages.no_not_covered"},
    {"not_shown", "messages-not_shown", "messages.not_shown",
	"messages.no_not_shown"},
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
    {"col.message_subject_sender", CELL_ROW, NULL},
    {NULL, CELL_SHOWN, NULL},
    {NULL, CELL_TEXT, NULL},
    {"col.mailbox_folder", CELL_TEXT, NULL},
    {NULL, CELL_TEXT, NULL},
    {"col.arrived", CELL_TIME, NULL},
    {"col.rules_and_why", CELL_LIST, NULL},
    {NULL, CELL_SAID, NULL},
    {"col.first_and_last_access", CELL_TIME, NULL},
    {NULL, CELL_TIME, NULL},
    {"col.records", CELL_IDS, NULL},
    {"col.data_flags", CELL_LIST, "element"},
    {NULL, CELL_LIST, "flag"},
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
    {"col.message_subject_sender", CELL_ROW, NULL},
    {NULL, CELL_SHOWN, NULL},
    {NULL, CELL_TEXT, NULL},
    {"col.mailbox_folder", CELL_TEXT, NULL},
    {NULL, CELL_TEXT, NULL},
    {"col.arrived", CELL_TIME, NULL},
    {"col.data", CELL_LIST, "element"},
    {"col.source_place_in_it", CELL_ID, NULL},
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
	    .caption = "messages_class.caption",
	    .label = classes[i].title,
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
	page_p(&own, "messages.see");
	write_class(&own, i);
	page_close(&own);
}

static void
write_index_head(struct page *page)
{
	page_raw(page, "<div class=\"scroll\"><table class=\"stack\">\n");
	page_block(page, "caption", "messages.index");
	page_raw(page, "<thead><tr>");
	page_block(page, "th scope=\"col\"", "col.exposure");
	page_block(page, "th scope=\"col\" class=\"n\"", "col.messages");
	page_block(page, "th scope=\"col\" class=\"n\"", "col.inside_others");
	page_block(
	    page, "th scope=\"col\" class=\"n\"", "col.with_personal_data");
	page_raw(page, "</tr></thead>\n<tbody>\n");
}

static void
write_index(struct page *page)
{
	struct case_rows *rows;

	write_index_head(page);
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
		page_raw(page, "</td>");
		page_number_cell(page, "col.messages");
		page_rawf(page, "<a href=\"%s.html\">", classes[i].name);
		page_number(page, case_number(rows, 0));
		page_raw(page, "</a></td>");
		page_number_cell(page, "col.inside_others");
		page_number(page, case_number(rows, 1));
		page_raw(page, "</td>");
		page_number_cell(page, "col.with_personal_data");
		page_number(page, case_number(rows, 2));
		page_raw(page, "</td></tr>\n");
		case_done(rows);
	}
	page_raw(page, "</tbody></table></div>\n");
	page_p(page, "messages.why");
}

static void
write_missing(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.mailbox", CELL_TEXT, NULL},
	    {"col.message_id", CELL_TEXT, NULL},
	    {"col.folder", CELL_TEXT, NULL},
	    {"col.first_access", CELL_TIME, NULL},
	    {"col.last_access", CELL_TIME, NULL},
	    {"col.records", CELL_IDS, NULL},
	    {"col.copies_held_elsewhere", CELL_IDS, NULL},
	};
	static const struct page_table table = {
	    .caption = "missing.caption",
	    .nothing = "missing.none",
	    .sql = "SELECT b.mailbox, m.internet_message_id, m.folder,"
		   " m.first_us, m.last_us, m.record_ids,"
		   " m.copy_message_ids FROM missing_items m"
		   " JOIN mailboxes b USING (mailbox_no)"
		   " ORDER BY b.mailbox, m.internet_message_id",
	    PAGE_COLUMNS(columns),
	    .csv = "missing_items",
	    .split = "missing",
	};

	page_heading(page, 2, "missing", "missing.title");
	page_table_write(page, &table);
}

void
messages_write(struct page *page)
{
	write_index(page);
	svg_folders(page);
	write_missing(page);
	for (int i = 0; i < CLASSES; i++) {
		if (!page->whole) {
			class_page(page, i);
		} else if (i < EXPOSED_CLASSES) {
			page_heading(page, 2, NULL, classes[i].title);
			write_class(page, i);
		}
	}
}
