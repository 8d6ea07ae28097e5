/*
 * Folders of the log (contract 3, Folder): a folder is its id, with every
 * path any record gives it; else the default-folder counter inside the id,
 * if the mailbox has that folder; else its Name, if exactly one folder of
 * the mailbox ends in it.  Where none of the paths is a folder of the
 * evidence, default folders match in any language.  A record without a
 * folder id has its path for one (FOLDER_KEY).
 */
#include "forensics/access/reconstruct.h"

#include "parsers/base/encode.h"
#include "parsers/base/text.h"

enum { /* reference 3.6 */
	FOLDER_ID_BYTES = 48,
	COUNTER_AT = 39,
	COUNTER_BYTES = 6,
};

static int64_t
counter_of(struct arena *arena, struct bytes folder_id)
{
	size_t bad;
	struct bytes raw = base64_decode(arena, folder_id, &bad);
	int64_t counter = 0;

	if (raw.n != FOLDER_ID_BYTES || raw.p[0] != FOLDER_ID_BYTES - 2)
		return -1;
	for (size_t i = 0; i < COUNTER_BYTES; i++)
		counter = counter << 8 | raw.p[COUNTER_AT + i];
	return counter;
}

static void
add_path(struct case_file *file, struct arena *arena, int64_t mailbox,
    struct bytes id, struct bytes path, const char *how)
{
	struct case_rows *rows = case_query(file,
	    "INSERT OR IGNORE INTO folder_paths VALUES(?1, ?2, ?3, ?4, ?5)");

	case_bind_number(rows, 1, mailbox);
	case_bind_text(rows, 2, id);
	case_bind_text(rows, 3, path);
	case_bind_text(rows, 4, text_fold(arena, path));
	case_bind_cstr(rows, 5, how);
	case_exec(rows);
}

/* TEMP record_folders: what any record says of a folder of its mailbox. */
static void
load_record_folders(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.record_folders;"
	    "CREATE TEMP TABLE record_folders AS"
	    " SELECT j.mailbox_no, " FOLDER_KEY("f.folder_id", "f.path")
	    "  AS key, f.path, f.name FROM event_folders f"
	    "  JOIN judged_events j USING (event)"
	    " UNION SELECT j.mailbox_no, "
	    FOLDER_KEY("e.folder_id", "e.folder_path") ", e.folder_path,"
	    "  e.folder_name FROM judged_events j JOIN events e USING (event)"
	    "  WHERE e.folder_id <> '' OR e.folder_path <> ''"
	    " UNION SELECT j.mailbox_no, "
	    FOLDER_KEY("e.dest_folder_id", "e.dest_folder_path") ","
	    "  e.dest_folder_path, NULL FROM judged_events j"
	    "  JOIN events e USING (event) WHERE (e.dest_folder_id <> ''"
	    "  OR e.dest_folder_path <> '') AND " SAME_MAILBOX
	    " UNION SELECT j.mailbox_no, "
	    FOLDER_KEY("i.folder_id", "i.folder_path") ", i.folder_path,"
	    "  NULL FROM event_items i JOIN judged_events j USING (event)"
	    "  WHERE i.folder_id <> '' OR i.folder_path <> '';"
	    "DELETE FROM record_folders WHERE mailbox_no IS NULL"
	    " OR key IS NULL;"
	    "CREATE INDEX temp.record_folders_key ON"
	    " record_folders(mailbox_no, key)");
}

static void
add_recorded(struct case_file *file)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT DISTINCT mailbox_no, key, record_path(path)"
	    " FROM temp.record_folders WHERE path <> '' ORDER BY 1, 2, 3");
	struct arena arena;

	arena_init(&arena);
	while (case_next(rows)) {
		add_path(file, &arena, case_number(rows, 0),
		    case_text(rows, 1), case_text(rows, 2), "path");
		arena_reset(&arena);
	}
	case_done(rows);
	arena_release(&arena);
}

/* Some path of the folder is one of the evidence. */
static bool
is_found(struct case_file *file, int64_t mailbox, struct bytes key)
{
	struct case_rows *rows = case_query(file,
	    "SELECT 1 FROM folder_paths p JOIN temp.mailbox_folders f"
	    " ON f.mailbox_no = p.mailbox_no AND f.folded = p.folded"
	    " WHERE p.mailbox_no = ?1 AND p.folder_id = ?2");

	case_bind_number(rows, 1, mailbox);
	case_bind_text(rows, 2, key);
	return case_next(rows);
}

/* \Posteingang\A where the evidence has Inbox/A. */
static void
add_localised(struct case_file *file, int64_t mailbox, struct bytes key)
{
	struct case_rows *rows = case_query(file,
	    "INSERT OR IGNORE INTO folder_paths SELECT g.mailbox_no, ?2,"
	    " g.path, g.folded, 'localised' FROM (SELECT *,"
	    "  instr(folded || '/', '/') AS cut FROM folder_paths"
	    "  WHERE mailbox_no = ?1 AND folder_id = ?2) p"
	    " JOIN temp.default_folders d ON d.folded ="
	    "  substr(p.folded, 1, p.cut - 1)"
	    " JOIN temp.mailbox_folders f ON f.mailbox_no = ?1"
	    "  AND f.special = d.special"
	    " JOIN temp.mailbox_folders g ON g.mailbox_no = ?1"
	    "  AND g.folded = f.folded || substr(p.folded, p.cut)");

	case_bind_number(rows, 1, mailbox);
	case_bind_text(rows, 2, key);
	case_exec(rows);
}

/* The mailbox's own paths of a default folder, when it has that folder. */
static void
add_counted(struct case_file *file, int64_t mailbox, struct bytes key,
    int64_t counter)
{
	struct case_rows *rows = case_query(file,
	    "INSERT OR IGNORE INTO folder_paths SELECT f.mailbox_no, ?2,"
	    " f.path, f.folded, 'counter' FROM temp.mailbox_folders f"
	    " WHERE f.mailbox_no = ?1 AND f.special IN (SELECT special"
	    "  FROM temp.default_folders WHERE counter = ?3)");

	case_bind_number(rows, 1, mailbox);
	case_bind_text(rows, 2, key);
	case_bind_number(rows, 3, counter);
	case_exec(rows);
}

static bool
has_path(struct case_file *file, int64_t mailbox, struct bytes key)
{
	struct case_rows *rows = case_query(file,
	    "SELECT 1 FROM folder_paths WHERE mailbox_no = ?1"
	    " AND folder_id = ?2");

	case_bind_number(rows, 1, mailbox);
	case_bind_text(rows, 2, key);
	return case_next(rows);
}

/* Exactly one folder of the mailbox ends in the name. */
static void
add_named(struct case_file *file, struct arena *arena, int64_t mailbox,
    struct bytes key, struct bytes name)
{
	struct case_rows *rows = case_query(file,
	    "SELECT min(path), count(DISTINCT folded)"
	    " FROM temp.mailbox_folders WHERE mailbox_no = ?1 AND (folded = ?2"
	    " OR substr(folded, -length(?2) - 1) = '/' || ?2)");

	case_bind_number(rows, 1, mailbox);
	case_bind_text(rows, 2, text_fold(arena, name));
	if (name.n > 0 && case_next(rows) && case_number(rows, 1) == 1)
		add_path(file, arena, mailbox, key,
		    arena_dup(arena, case_text(rows, 0)), "name");
}

static void
add_guessed(struct case_file *file)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT mailbox_no, key, max(name) FROM temp.record_folders"
	    " GROUP BY mailbox_no, key ORDER BY 1, 2");
	struct arena arena;

	arena_init(&arena);
	while (case_next(rows)) {
		int64_t mailbox = case_number(rows, 0), counter;
		struct bytes key = case_text(rows, 1);

		arena_reset(&arena);
		if (is_found(file, mailbox, key))
			continue;
		add_localised(file, mailbox, key);
		if (is_found(file, mailbox, key))
			continue;
		counter = counter_of(&arena, key);
		if (counter > 0)
			add_counted(file, mailbox, key, counter);
		if (!has_path(file, mailbox, key))
			add_named(file, &arena, mailbox, key,
			    case_text(rows, 2));
	}
	case_done(rows);
	arena_release(&arena);
}

/* The folder shown for a record: its own path, else its id's, else the bare
 * name, which is shown and never matched. */
static void
name_events(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.folder_shown;"
	    "CREATE TEMP TABLE folder_shown(mailbox_no INTEGER, key TEXT,"
	    " written TEXT, path TEXT, name TEXT,"
	    " PRIMARY KEY(mailbox_no, key, written)) WITHOUT ROWID;"
	    "INSERT INTO folder_shown SELECT r.mailbox_no, r.key,"
	    " coalesce(r.path, ''), coalesce(nullif(record_path(r.path), ''),"
	    "  (SELECT p.path FROM folder_paths p WHERE p.mailbox_no ="
	    "   r.mailbox_no AND p.folder_id = r.key ORDER BY"
	    "   p.how <> 'path', p.path DESC LIMIT 1)), max(r.name)"
	    " FROM record_folders r GROUP BY 1, 2, 3;"
	    "UPDATE judged_events SET folder = coalesce((SELECT coalesce("
	    " s.path, s.name) FROM events e JOIN folder_shown s"
	    "  ON s.mailbox_no = judged_events.mailbox_no AND s.key = "
	    FOLDER_KEY("e.folder_id", "e.folder_path")
	    "  AND s.written = coalesce(e.folder_path, '')"
	    " WHERE e.event = judged_events.event), '')"
	    " WHERE mailbox_no IS NOT NULL AND event IN (SELECT event"
	    "  FROM events WHERE folder_path <> '' OR folder_id <> '')");
}

void
folder_paths_build(struct case_file *file)
{
	load_record_folders(file);
	add_recorded(file);
	add_guessed(file);
	name_events(file);
}
