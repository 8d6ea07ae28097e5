/* Which folders the exposed messages lie in: a bar each. */
#include "reports/html/svg.h"

enum { LANE = 20, FOLDERS_MOST = 40 };

static const struct svg_bar folder_bar = { .left = 400, .height = 12,
	.end = 60, .baseline = 10, .label_most = 54, .parts = SVG_EXPOSED };

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
	svg_legend(page, 40, 4, svg_exposed);
	rows = case_query_new(page->file, folders_sql);
	while (case_next(rows)) {
		if (most == 0)
			most = case_number(rows, 1);
		svg_bar_row(page, &folder_bar, rows, most, y);
		y += LANE;
	}
	case_done(rows);
	svg_close(page, folders > FOLDERS_MOST ? "drawn.folders_first"
					       : "drawn.folders_caption");
}
