/* Which folders the exposed messages lie in: a bar each. */
#include "reports/html/svg.h"

enum { LEFT = 400, LANE = 20, HEIGHT = 12, FOLDERS_MOST = 40, CLASSES = 5 };

static const struct svg_key keys[CLASSES + 1] = {
    {"f-accessed", "tag.accessed"},
    {"f-taken", "tag.taken"},
    {"f-synced", "tag.synced"},
    {"f-presumed", "tag.presumed"},
    {"f-possible", "tag.possible"},
};

static const char folders_sql[] =
    "SELECT b.mailbox || ': ' || coalesce(nullif(p.folder, ''),"
    "  CASE WHEN p.folder IS NULL THEN " SAID("folders.unknown")
    "  ELSE " SAID("folders.root") " END),"
    " count(*), sum(p.exposure = 'accessed'), sum(p.exposure = 'taken'),"
    " sum(p.exposure = 'synced'), sum(p.exposure = 'presumed'),"
    " sum(p.exposure = 'possible') FROM places p"
    " JOIN mailboxes b USING (mailbox_no) WHERE p.state <> 'embedded'"
    " AND p.exposure IN ('accessed', 'taken', 'synced', 'presumed',"
    "  'possible') GROUP BY b.mailbox, p.folder"
    " ORDER BY count(*) DESC, b.mailbox, p.folder LIMIT 40";

static void
bar(struct page *page, struct case_rows *rows, int64_t most, int y)
{
	int x = LEFT, room = SVG_WIDTH - SVG_RIGHT - LEFT - 60;

	svg_label(page, LEFT - 10, y + 10, case_text(rows, 0), 54);
	for (int i = 0; i < CLASSES; i++) {
		int64_t n = case_number(rows, 2 + i);
		int width = (int)(n * room / most);

		if (n == 0)
			continue;
		if (width < 2)
			width = 2;
		page_rawf(page,
		    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		    "class=\"%s\"><title>",
		    x, y, width, HEIGHT, keys[i].class);
		page_plain(page, keys[i].words);
		page_rawf(page, ": %lld</title></rect>", (long long)n);
		x += width + 1;
	}
	page_rawf(page, "<text x=\"%d\" y=\"%d\" class=\"soft\">", x + 6,
	    y + 10);
	page_number(page, case_number(rows, 1));
	page_raw(page, "</text>\n");
}

void
svg_folders(struct page *page)
{
	int64_t folders = page_sum(page,
	    "SELECT count(*) FROM (SELECT 1 FROM places WHERE state <>"
	    " 'embedded' AND exposure IN ('accessed', 'taken', 'synced',"
	    " 'presumed', 'possible') GROUP BY mailbox_no, folder)");
	int64_t most = 0;
	int y = 28, lanes = folders > FOLDERS_MOST ? FOLDERS_MOST
						   : (int)folders;
	struct case_rows *rows;

	if (folders == 0)
		return;
	page_heading(page, 2, "by_folder", "drawn.by_folder");
	svg_open(page, y + lanes * LANE + 4, "drawn.folders");
	svg_legend(page, 40, 4, keys);
	rows = case_query_new(page->file, folders_sql);
	while (case_next(rows)) {
		if (most == 0)
			most = case_number(rows, 1);
		bar(page, rows, most, y);
		y += LANE;
	}
	case_done(rows);
	svg_close(page, folders > FOLDERS_MOST ? "drawn.folders_first"
					       : "drawn.folders_caption");
}
