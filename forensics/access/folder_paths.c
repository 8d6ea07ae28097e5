/*
 * Folders of the log: a folder is its id, with every path any record gives
 * it; else the default-folder counter inside the id; else its Name when one
 * folder of the mailbox alone ends in it (contract 3, Folder).
 */
#include "forensics/access/reconstruct.h"

#include "parsers/base/encode.h"
#include "parsers/base/text.h"

enum { /* reference 3.6 */
	FOLDER_ID_BYTES = 48,
	COUNTER_AT = 39,
	COUNTER_BYTES = 6,
};

struct bytes
record_path(struct arena *arena, struct bytes path)
{
	uint8_t *out;

	path = bytes_trim(path);
	while (path.n > 0 && (path.p[0] == '\\' || path.p[0] == '/'))
		path = bytes_skip(path, 1);
	out = arena_raw(arena, path.n);
	for (size_t i = 0; i < path.n; i++)
		out[i] = path.p[i] == '\\' ? '/' : path.p[i];
	return bytes_of(out, path.n);
}

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

/* Ids with a path in any record of their mailbox. */
static void
add_recorded(struct case_file *file)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT DISTINCT j.mailbox_no, f.folder_id, f.path"
	    " FROM judged_events j JOIN event_folders f USING (event)"
	    " WHERE j.mailbox_no IS NOT NULL AND f.path <> ''"
	    " ORDER BY 1, 2, 3");
	struct arena arena;

	arena_init(&arena);
	while (case_next(rows)) {
		struct bytes path = record_path(&arena, case_text(rows, 2));

		add_path(file, &arena, case_number(rows, 0),
		    case_text(rows, 1), path, "path");
		arena_reset(&arena);
	}
	case_done(rows);
}

/* The mailbox's own path of a default folder, when it has that folder. */
static struct bytes
default_path(struct case_file *file, struct arena *arena, int64_t mailbox,
    int64_t counter)
{
	struct case_rows *rows = case_query(file,
	    "SELECT path FROM temp.mailbox_folders f"
	    " JOIN temp.default_folders d ON d.counter = ?2"
	    " WHERE f.mailbox_no = ?1 AND (f.special = d.special"
	    "  OR f.folded = d.folded) ORDER BY f.special IS NULL, path"
	    " LIMIT 1");

	case_bind_number(rows, 1, mailbox);
	case_bind_number(rows, 2, counter);
	return case_next(rows) ? arena_dup(arena, case_text(rows, 0))
			       : BYTES_NONE;
}

static struct bytes
path_by_name(struct case_file *file, struct arena *arena, int64_t mailbox,
    struct bytes name)
{
	struct case_rows *rows = case_query(file,
	    "SELECT min(path), count(*) FROM temp.mailbox_folders"
	    " WHERE mailbox_no = ?1 AND (folded = ?2 OR"
	    " substr(folded, -length(?2) - 1) = '/' || ?2)");

	case_bind_number(rows, 1, mailbox);
	case_bind_text(rows, 2, text_fold(arena, name));
	if (!case_next(rows) || case_number(rows, 1) != 1)
		return BYTES_NONE;
	return arena_dup(arena, case_text(rows, 0));
}

/* Ids that no record gives a path. */
static void
add_guessed(struct case_file *file)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT j.mailbox_no, x.folder_id, max(x.name) FROM"
	    " (SELECT event, folder_id, name FROM event_folders"
	    "  UNION SELECT event, folder_id, folder_name FROM events"
	    "  WHERE folder_id IS NOT NULL"
	    "  UNION SELECT event, folder_id, NULL FROM event_items"
	    "  WHERE folder_id IS NOT NULL) x"
	    " JOIN judged_events j USING (event)"
	    " WHERE j.mailbox_no IS NOT NULL AND NOT EXISTS (SELECT 1"
	    "  FROM folder_paths p WHERE p.mailbox_no = j.mailbox_no"
	    "  AND p.folder_id = x.folder_id)"
	    " GROUP BY 1, 2 ORDER BY 1, 2");
	struct arena arena;

	arena_init(&arena);
	while (case_next(rows)) {
		struct bytes id = arena_dup(&arena, case_text(rows, 1));
		struct bytes name = arena_dup(&arena, case_text(rows, 2));
		int64_t mailbox = case_number(rows, 0);
		int64_t counter = counter_of(&arena, id);
		struct bytes path = BYTES_NONE;

		if (counter > 0)
			path = default_path(file, &arena, mailbox, counter);
		if (path.p != NULL)
			add_path(file, &arena, mailbox, id, path, "counter");
		else if (name.n > 0) {
			path = path_by_name(file, &arena, mailbox, name);
			if (path.p != NULL)
				add_path(file, &arena, mailbox, id, path,
				    "name");
		}
		arena_reset(&arena);
	}
	case_done(rows);
}

/* Folders that the evidence of each mailbox shows. */
static void
load_mailbox_folders(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.mailbox_folders;"
	    "CREATE TEMP TABLE mailbox_folders AS"
	    " SELECT mailbox_no, path, fold(path) AS folded, max(special) AS"
	    " special FROM (SELECT x.mailbox_no, f.path, f.special"
	    "  FROM folders f JOIN paths USING (source)"
	    "  JOIN path_mailboxes x USING (path) WHERE f.path <> ''"
	    "  UNION SELECT mailbox_no, folder, NULL FROM places"
	    "  WHERE folder <> '') GROUP BY mailbox_no, path;"
	    "CREATE INDEX temp.mailbox_folders_no ON"
	    " mailbox_folders(mailbox_no, folded)");
}

/* The folder shown for an event: its own path, else its id's. */
static void
name_events(struct case_file *file)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT j.event, e.folder_path, (SELECT max(p.path)"
	    "  FROM folder_paths p WHERE p.mailbox_no = j.mailbox_no"
	    "  AND p.folder_id = e.folder_id), e.folder_name"
	    " FROM judged_events j JOIN events e USING (event)"
	    " WHERE e.folder_path IS NOT NULL OR e.folder_id IS NOT NULL"
	    " ORDER BY j.event");
	struct arena arena;

	arena_init(&arena);
	while (case_next(rows)) {
		struct case_rows *update = case_query(file,
		    "UPDATE judged_events SET folder = ?2 WHERE event = ?1");
		struct bytes path = record_path(&arena, case_text(rows, 1));

		if (path.n == 0)
			path = case_text(rows, 2);
		if (path.n == 0) /* shown, and never matched */
			path = case_text(rows, 3);
		case_bind_number(update, 1, case_number(rows, 0));
		case_bind_text(update, 2, path.n ? path : BYTES_LIT(""));
		case_exec(update);
		arena_reset(&arena);
	}
	case_done(rows);
}

void
folder_paths_build(struct case_file *file)
{
	load_mailbox_folders(file);
	add_recorded(file);
	add_guessed(file);
	name_events(file);
}
