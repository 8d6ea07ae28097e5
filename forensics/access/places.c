/* Messages where they lie: one row a message a path; and the folders that
 * the evidence of each mailbox shows. */
#include "forensics/access/reconstruct.h"

#include "forensics/tables.h"
#include "parsers/base/text.h"

static int64_t
hex_number(struct bytes text)
{
	int64_t number = 0;

	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = byte_lower(text.p[i]);

		number = number * 16 + (c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return number;
}

/* Default folders in any language, by their folded names. */
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
		rows = case_query(file,
		    "INSERT OR IGNORE INTO temp.default_folders VALUES(?1,"
		    " ?2, ?3)");
		case_bind_text(rows, 1, fields[0]);
		case_bind_number(rows, 2, hex_number(fields[1]));
		case_bind_text(rows, 3, text_fold(&arena, fields[2]));
		case_exec(rows);
	}
	arena_release(&arena);
}

/* Embedded messages lie where their holder does; parts come after wholes. */
static void
insert_places(struct case_file *file)
{
	case_run(file,
	    "INSERT INTO places(message, path, mailbox_no, folder, state,"
	    " arrival_us) SELECT m.message, p.path, x.mailbox_no,"
	    " CASE WHEN m.state = 'recovered' AND m.folder IS NULL THEN NULL"
	    "  ELSE coalesce(f.path, x.folder, '') END,"
	    " m.state, m.arrival_us FROM messages m"
	    " JOIN sources s USING (source) JOIN paths p USING (source)"
	    " JOIN path_mailboxes x ON x.path = p.path"
	    "  AND x.member = m.member"
	    " LEFT JOIN folders f ON f.folder = m.folder"
	    " ORDER BY x.mailbox_no, p.path, m.message;"
	    "CREATE INDEX IF NOT EXISTS places_message ON places(message);"
	    "CREATE INDEX IF NOT EXISTS places_mailbox ON"
	    " places(mailbox_no, folder);"
	    "CREATE INDEX IF NOT EXISTS places_parent ON places(parent)"
	    " WHERE parent IS NOT NULL;"
	    "UPDATE places SET parent = (SELECT h.place FROM messages m"
	    " JOIN places h ON h.message = m.parent AND h.path = places.path"
	    " WHERE m.message = places.message)"
	    " WHERE state = 'embedded'");
}

/* Message tracking saw it come in; what its owner sent or drafted did not. */
static void
apply_deliveries(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.deliveries;"
	    "CREATE TEMP TABLE deliveries AS SELECT n.mailbox_no,"
	    " lower8(bare_imi(i.internet_message_id)) AS imi,"
	    " min(e.time_us) AS time_us FROM events e"
	    " JOIN kept_events USING (event)"
	    " JOIN event_items i USING (event),"
	    " json_each(e.parameters) r JOIN mailbox_names n"
	    "  ON n.kind = 'address'"
	    "  AND n.name = lower(json_extract(r.value, '$[1]'))"
	    " WHERE e.operation = 'DELIVER' AND e.time_us IS NOT NULL"
	    " AND e.workload = 'MessageTracking'"
	    " AND json_extract(r.value, '$[0]') = 'Recipient'"
	    " AND i.internet_message_id <> '' GROUP BY 1, 2;"
	    "CREATE INDEX temp.deliveries_imi ON deliveries(mailbox_no, imi);"
	    "UPDATE places SET arrival_us = coalesce((SELECT d.time_us"
	    " FROM messages m JOIN deliveries d ON d.mailbox_no ="
	    "  places.mailbox_no"
	    "  AND d.imi = lower8(bare_imi(m.internet_message_id))"
	    " WHERE m.message = places.message"
	    " AND coalesce(m.flags, '') NOT LIKE '%\"sent\"%'"
	    " AND coalesce(m.flags, '') NOT LIKE '%\"draft\"%'), arrival_us)"
	    " WHERE state <> 'embedded'"
	    " AND EXISTS (SELECT 1 FROM deliveries);"
	    "DROP TABLE temp.deliveries");
}

/* What holds an embedded message arrived with it inside. */
static void
settle_embedded(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.holders;"
	    "CREATE TEMP TABLE holders(place INTEGER PRIMARY KEY,"
	    " holder INTEGER);"
	    "INSERT INTO holders WITH RECURSIVE up(place, holder) AS ("
	    " SELECT place, parent FROM places WHERE parent IS NOT NULL"
	    " UNION SELECT u.place, p.parent FROM up u"
	    "  JOIN places p ON p.place = u.holder"
	    "  WHERE p.parent IS NOT NULL)"
	    " SELECT u.place, u.holder FROM up u JOIN places p"
	    "  ON p.place = u.holder WHERE p.parent IS NULL;"
	    "UPDATE places SET (folder, arrival_us) = (SELECT h.folder,"
	    "  h.arrival_us FROM holders x JOIN places h"
	    "  ON h.place = x.holder WHERE x.place = places.place)"
	    " WHERE place IN (SELECT place FROM holders)");
}

/*
 * TEMP mailbox_folders: what the evidence of each mailbox shows.  special is
 * the store's word; where no store says which folder is the Inbox, its name
 * does.
 */
static void
load_mailbox_folders(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.mailbox_folders;"
	    "CREATE TEMP TABLE mailbox_folders AS"
	    " SELECT mailbox_no, path, fold(path) AS folded, max(special) AS"
	    " special FROM (SELECT DISTINCT x.mailbox_no, f.path, f.special"
	    "  FROM folders f JOIN paths p ON p.source = f.source"
	    "  JOIN path_mailboxes x ON x.path = p.path"
	    "  AND x.member = f.member WHERE f.path <> ''"
	    "  AND f.kind = 'mail'"
	    "  UNION SELECT DISTINCT mailbox_no, folder, NULL FROM places"
	    "  WHERE folder <> '') GROUP BY mailbox_no, path;"
	    "CREATE INDEX temp.mailbox_folders_no ON"
	    " mailbox_folders(mailbox_no, folded);"
	    "CREATE INDEX temp.mailbox_folders_special ON"
	    " mailbox_folders(mailbox_no, special);"
	    "DROP TABLE IF EXISTS temp.stores_say;"
	    "CREATE TEMP TABLE stores_say AS SELECT DISTINCT mailbox_no,"
	    " special FROM mailbox_folders WHERE special <> '';"
	    "UPDATE mailbox_folders SET special = (SELECT d.special"
	    " FROM default_folders d WHERE d.folded = mailbox_folders.folded"
	    " AND NOT EXISTS (SELECT 1 FROM stores_say s"
	    "  WHERE s.mailbox_no = mailbox_folders.mailbox_no"
	    "  AND s.special = d.special))"
	    " WHERE coalesce(special, '') = '';"
	    "DROP TABLE temp.stores_say");
}

/* Deleted: in Deleted Items or below. */
static void
mark_deleted(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.deleted_folders;"
	    "CREATE TEMP TABLE deleted_folders AS SELECT DISTINCT"
	    " f.mailbox_no, f.path FROM mailbox_folders f"
	    " JOIN mailbox_folders d USING (mailbox_no)"
	    " WHERE d.special = 'deleted' AND (f.folded = d.folded OR"
	    " substr(f.folded, 1, length(d.folded) + 1) = d.folded || '/');"
	    "UPDATE places SET state = 'deleted' WHERE state = 'live'"
	    " AND (mailbox_no, folder) IN (SELECT mailbox_no, path"
	    "  FROM deleted_folders);"
	    "DROP TABLE temp.deleted_folders;");
}

void
places_build(struct case_file *file)
{
	load_names(file);
	insert_places(file);
	apply_deliveries(file);
	settle_embedded(file);
	load_mailbox_folders(file);
	mark_deleted(file);
}
