/*
 * Where each message lay when (contract 3): its folder in the export, taken
 * back through every Move, MoveToDeletedItems, SoftDelete and Copy record
 * that names it, by anyone.
 *
 * Most messages have no such record: one stay from arrival on.  The others
 * are walked one Message-ID of one mailbox at a time, newest record first.
 */
#include <stdlib.h>

#include "forensics/access/rule.h"
#include "parsers/base/die.h"
#include "parsers/base/utc.h"

enum { COPIES_MOST = 4096 };

struct copy { /* one place of the Message-ID in M */
	int64_t place, arrival_us;
	struct bytes folded; /* where it lies as we walk back; p NULL: unknown */
	int64_t end_us;      /* until when it lay there */
};

struct move {
	struct bytes operation;
	struct bytes from, to; /* folded; p NULL: not told */
	int64_t time_us;
	bool partial;
};

static void
add_stay(struct case_file *file, int64_t mailbox, const struct copy *copy,
    struct bytes folded, int64_t from_us, int64_t to_us, int64_t left_us)
{
	struct case_rows *rows = case_query(file,
	    "INSERT INTO stays VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	case_bind_number(rows, 1, copy->place);
	case_bind_number(rows, 2, mailbox);
	if (folded.p != NULL)
		case_bind_text(rows, 3, folded);
	case_bind_known(rows, 4, from_us);
	case_bind_known(rows, 5, to_us);
	case_bind_known(rows, 6, copy->arrival_us);
	case_bind_known(rows, 7, left_us);
	case_exec(rows);
}

/* Messages that no record moves: set-wise. */
static void
add_still(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.stays;"
	    "CREATE TEMP TABLE stays(place INTEGER, mailbox_no INTEGER,"
	    " folded TEXT, from_us INTEGER, to_us INTEGER,"
	    " arrival_us INTEGER, left_us INTEGER);"
	    "DROP TABLE IF EXISTS temp.partial_moves;"
	    "CREATE TEMP TABLE partial_moves(place INTEGER);"
	    "DROP TABLE IF EXISTS temp.moves;"
	    "CREATE TEMP TABLE moves AS SELECT j.mailbox_no, n.folded AS imi,"
	    " e.time_us, e.operation, e.succeeded = 'partial' AS partial,"
	    " coalesce(nullif(fold(replace(ltrim(coalesce(i.folder_path,"
	    "  e.folder_path), '\\'), '\\', '/')), ''),"
	    "  (SELECT max(p.folded) FROM folder_paths p WHERE p.mailbox_no ="
	    "   j.mailbox_no AND p.folder_id = coalesce(i.folder_id,"
	    "   e.folder_id))) AS source,"
	    " coalesce(nullif(fold(replace(ltrim(e.dest_folder_path, '\\'),"
	    "  '\\', '/')), ''), (SELECT max(p.folded) FROM folder_paths p"
	    "   WHERE p.mailbox_no = j.mailbox_no AND p.folder_id ="
	    "   e.dest_folder_id), CASE WHEN e.operation ="
	    "   'MoveToDeletedItems' THEN (SELECT min(f.folded)"
	    "    FROM mailbox_folders f JOIN default_folders d"
	    "    ON d.folded = f.folded AND d.special = 'deleted'"
	    "    WHERE f.mailbox_no = j.mailbox_no) END) AS destination,"
	    " e.record_id FROM judged_events j JOIN events e USING (event)"
	    " JOIN named_items n USING (event)"
	    " JOIN event_items i ON i.event = n.event"
	    "  AND i.position = n.position"
	    " WHERE e.operation IN ('Move', 'MoveToDeletedItems',"
	    "  'SoftDelete', 'Copy', 'HardDelete') AND e.succeeded <> 'no'"
	    " AND n.folded <> '' AND j.mailbox_no IS NOT NULL;"
	    "CREATE INDEX temp.moves_imi ON moves(mailbox_no, imi, time_us);"
	    "INSERT INTO stays SELECT p.place, p.mailbox_no,"
	    " fold(p.folder), NULL, NULL, p.arrival_us, NULL"
	    " FROM places p LEFT JOIN imi_places x ON x.place = p.place"
	    " WHERE p.state <> 'embedded' AND NOT EXISTS (SELECT 1"
	    "  FROM moves m WHERE m.mailbox_no = p.mailbox_no"
	    "  AND m.imi = x.folded);");
}

static size_t
load_copies(struct case_file *file, struct arena *arena, int64_t mailbox,
    struct bytes imi, struct copy *copies)
{
	struct case_rows *rows = case_query(file,
	    "SELECT p.place, p.arrival_us, fold(p.folder) FROM imi_places x"
	    " JOIN places p USING (place) WHERE x.mailbox_no = ?1"
	    " AND x.folded = ?2 ORDER BY p.place");
	size_t count = 0;

	case_bind_number(rows, 1, mailbox);
	case_bind_text(rows, 2, imi);
	while (count < COPIES_MOST && case_next(rows))
		copies[count++] = (struct copy){ case_number(rows, 0),
			case_number(rows, 1),
			arena_dup(arena, case_text(rows, 2)), UTC_NONE };
	return count;
}

static bool
lies_in(const struct copy *copy, struct bytes folded)
{
	return copy->folded.p != NULL && folded.p != NULL &&
	       bytes_eq(copy->folded, folded);
}

/* Back over one record: the copy lay where it went from that time to its
 * end, and where it came from before. */
static void
step_back(struct case_file *file, int64_t mailbox, struct copy *copy,
    const struct move *move, int64_t left_us)
{
	bool fits = lies_in(copy, move->to) || move->to.p == NULL;

	add_stay(file, mailbox, copy, copy->folded, move->time_us,
	    copy->end_us, left_us);
	/* A chain that does not fit: both places between the two records. */
	if (!fits)
		add_stay(file, mailbox, copy, move->to, move->time_us,
		    copy->end_us, left_us);
	if (move->partial) {
		struct case_rows *rows = case_query(file,
		    "INSERT INTO partial_moves VALUES(?1)");

		case_bind_number(rows, 1, copy->place);
		case_exec(rows);
	}
	copy->folded = move->from;
	copy->end_us = move->time_us;
}

static void
walk_back(struct case_file *file, int64_t mailbox, struct copy *copies,
    size_t count, const struct move *move, int64_t left_us)
{
	size_t fitting = 0;

	for (size_t i = 0; i < count; i++)
		fitting += lies_in(&copies[i], move->to);
	/* Of several copies the one whose place then is the destination,
	 * else all. */
	for (size_t i = 0; i < count; i++)
		if (fitting == 0 || lies_in(&copies[i], move->to))
			step_back(file, mailbox, &copies[i], move, left_us);
}

/* A HardDelete of the last copy: as many of them as there are copies. */
static int64_t
left_time(struct case_file *file, int64_t mailbox, struct bytes imi,
    size_t copies)
{
	struct case_rows *rows = case_query(file,
	    "SELECT count(*), max(time_us) FROM moves WHERE mailbox_no = ?1"
	    " AND imi = ?2 AND operation = 'HardDelete'");

	case_bind_number(rows, 1, mailbox);
	case_bind_text(rows, 2, imi);
	if (!case_next(rows) || case_number(rows, 0) < (int64_t)copies)
		return UTC_NONE;
	return case_number(rows, 1);
}

static void
walk_message(struct case_file *file, int64_t mailbox, struct bytes imi,
    struct copy *copies)
{
	struct case_rows *rows;
	struct arena arena;
	size_t count;
	int64_t left_us;

	arena_init(&arena);
	count = load_copies(file, &arena, mailbox, imi, copies);
	left_us = left_time(file, mailbox, imi, count);
	rows = case_query_new(file,
	    "SELECT operation, source, destination, time_us, partial"
	    " FROM moves WHERE mailbox_no = ?1 AND imi = ?2"
	    " AND operation <> 'HardDelete'"
	    " ORDER BY time_us DESC, record_id DESC");
	case_bind_number(rows, 1, mailbox);
	case_bind_text(rows, 2, imi);
	while (case_next(rows)) {
		struct move move = { arena_dup(&arena, case_text(rows, 0)),
			arena_dup(&arena, case_text(rows, 1)),
			arena_dup(&arena, case_text(rows, 2)),
			case_number(rows, 3), case_number(rows, 4) == 1 };

		walk_back(file, mailbox, copies, count, &move, left_us);
	}
	case_done(rows);
	for (size_t i = 0; i < count; i++)
		add_stay(file, mailbox, &copies[i], copies[i].folded, UTC_NONE,
		    copies[i].end_us, left_us);
	arena_release(&arena);
}

void
stays_build(struct case_file *file)
{
	struct copy *copies = calloc(COPIES_MOST, sizeof *copies);
	struct case_rows *rows;
	struct arena arena;

	if (copies == NULL)
		die_machine("out of memory");
	arena_init(&arena);
	add_still(file);
	rows = case_query_new(file,
	    "SELECT DISTINCT m.mailbox_no, m.imi FROM moves m"
	    " JOIN imi_places x ON x.mailbox_no = m.mailbox_no"
	    " AND x.folded = m.imi ORDER BY 1, 2");
	while (case_next(rows)) {
		walk_message(file, case_number(rows, 0),
		    arena_dup(&arena, case_text(rows, 1)), copies);
		arena_reset(&arena);
	}
	case_done(rows);
	case_run(file,
	    "CREATE INDEX temp.stays_folder ON stays(mailbox_no, folded)");
	arena_release(&arena);
	free(copies);
}
