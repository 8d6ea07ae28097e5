/* Messages where they lie: one row a message a path. */
#include "forensics/access/reconstruct.h"

#include "forensics/tables.h"
#include "parsers/base/text.h"

/* Deleted Items in any language, by its folded name. */
static void
load_names(struct case_file *file)
{
	struct table_rows table;
	struct arena arena;
	struct bytes *fields;
	struct case_rows *rows;

	arena_init(&arena);
	case_run(file,
	    "DROP TABLE IF EXISTS temp.default_folders;"
	    "CREATE TEMP TABLE default_folders(special TEXT, counter INTEGER,"
	    " folded TEXT PRIMARY KEY) WITHOUT ROWID");
	table_rows_open(&table, &arena, "folder_names.csv");
	while ((fields = table_rows_next(&table, &arena)) != NULL) {
		int64_t counter = 0;

		for (size_t i = 0; i < fields[1].n; i++) {
			uint8_t c = byte_lower(fields[1].p[i]);

			counter = counter * 16 +
				  (c <= '9' ? c - '0' : c - 'a' + 10);
		}
		rows = case_query(file,
		    "INSERT OR IGNORE INTO default_folders VALUES(?1, ?2,"
		    " ?3)");
		case_bind_text(rows, 1, fields[0]);
		case_bind_number(rows, 2, counter);
		case_bind_text(rows, 3, text_fold(&arena, fields[2]));
		case_exec(rows);
	}
	arena_release(&arena);
}

void
places_build(struct case_file *file)
{
	load_names(file);
	case_run(file,
	    "INSERT INTO places(message, path, mailbox_no, folder, state,"
	    " arrival_us) SELECT m.message, p.path, x.mailbox_no,"
	    " CASE WHEN m.state = 'recovered' AND m.folder IS NULL THEN NULL"
	    "  WHEN f.folder IS NOT NULL AND f.folder_id <> ''"
	    "  THEN coalesce(f.path, '') ELSE coalesce(x.folder, '') END,"
	    " m.state, m.arrival_us FROM messages m"
	    " JOIN sources s USING (source) JOIN paths p USING (source)"
	    " JOIN path_mailboxes x USING (path)"
	    " LEFT JOIN folders f ON f.folder = m.folder"
	    " ORDER BY x.mailbox_no, p.path, m.message;"
	    "CREATE INDEX IF NOT EXISTS places_message ON places(message);"
	    "CREATE INDEX IF NOT EXISTS places_mailbox ON"
	    " places(mailbox_no, folder);"
	    "CREATE INDEX IF NOT EXISTS places_parent ON places(parent)"
	    " WHERE parent IS NOT NULL;"
	    /* Embedded messages lie where their holder does. */
	    "UPDATE places SET parent = (SELECT h.place FROM messages m"
	    " JOIN places h ON h.message = m.parent AND h.path = places.path"
	    " WHERE m.message = places.message)"
	    " WHERE state = 'embedded';"
	    "DROP TABLE IF EXISTS temp.deleted_folders;"
	    "CREATE TEMP TABLE deleted_folders AS"
	    " SELECT DISTINCT p.mailbox_no, fold(p.folder) AS root FROM places"
	    " p WHERE fold(p.folder) IN (SELECT folded FROM default_folders"
	    "  WHERE special = 'deleted')"
	    " UNION SELECT DISTINCT x.mailbox_no, fold(f.path) FROM folders f"
	    " JOIN paths USING (source) JOIN path_mailboxes x USING (path)"
	    " WHERE f.special = 'deleted' AND f.path <> ''"
	    " UNION SELECT DISTINCT x.mailbox_no, fold(f.path) FROM folders f"
	    " JOIN paths USING (source) JOIN path_mailboxes x USING (path)"
	    " WHERE fold(f.path) IN (SELECT folded FROM default_folders"
	    "  WHERE special = 'deleted');"
	    "UPDATE places SET state = 'deleted' WHERE state = 'live'"
	    " AND EXISTS (SELECT 1 FROM deleted_folders d"
	    " WHERE d.mailbox_no = places.mailbox_no AND (d.root ="
	    " fold(places.folder) OR substr(fold(places.folder), 1,"
	    " length(d.root) + 1) = d.root || '/'));"
	    "DROP TABLE temp.deleted_folders;");
}
