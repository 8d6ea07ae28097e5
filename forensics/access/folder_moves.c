/*
 * The records that move messages, group by group, for folder_history.c.
 *
 * TEMP moves: one row an item of a record and copy it names.  A group is one Message-ID
 * of one mailbox in any case (or one message without any).
 */
#include <stdlib.h>

#include "forensics/access/folder_history.h"
#include "forensics/access/rule.h"
#include "parsers/base/die.h"
#include "parsers/base/utc.h"

static void
load_moves(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.stays;"
	    "CREATE TEMP TABLE stays(place INTEGER, mailbox_no INTEGER,"
	    " folded TEXT, from_us INTEGER, to_us INTEGER,"
	    " arrival_us INTEGER, left_us INTEGER);"
	    "DROP TABLE IF EXISTS temp.partial_moves;"
	    "CREATE TEMP TABLE partial_moves(place INTEGER);"
	    "DROP TABLE IF EXISTS temp.moves;"
	    "CREATE TEMP TABLE moves AS SELECT j.mailbox_no,"
	    " coalesce(x.folded, p.place) AS grouped, e.event, n.position,"
	    " e.time_us,"
	    " coalesce(e.record_id, e.event_id) AS record, e.operation,"
	    " e.succeeded = 'partial' AS partial, p.place,"
	    " coalesce(" FOLDER_KEY("i.folder_id", "i.folder_path") ", "
	    FOLDER_KEY("e.folder_id", "e.folder_path") ") AS source,"
	    " iif(" SAME_MAILBOX ", "
	    FOLDER_KEY("e.dest_folder_id", "e.dest_folder_path")
	    ", NULL) AS destination"
	    " FROM judged_events j JOIN events e USING (event)"
	    " JOIN named_items n USING (event)"
	    " JOIN event_items i ON i.event = n.event"
	    "  AND i.position = n.position"
	    " JOIN name_places p ON p.mailbox_no = n.mailbox_no"
	    "  AND p.name = n.name"
	    " LEFT JOIN imi_places x ON x.place = p.place"
	    " WHERE j.access_type IN ('move', 'copy', 'delete')"
	    " AND e.operation IN ('Move', 'MoveToDeletedItems',"
	    "  'SoftDelete', 'Copy', 'HardDelete') AND e.succeeded <> 'no'"
	    " AND e.time_us IS NOT NULL AND j.mailbox_no IS NOT NULL;"
	    "CREATE INDEX temp.moves_place ON moves(place)");
}

/* Messages that no record moves: set-wise. */
static void
add_still(struct case_file *file)
{
	case_run(file,
	    "INSERT INTO stays SELECT p.place, p.mailbox_no,"
	    " coalesce(f.folded, p.folder), NULL, NULL, p.arrival_us, NULL"
	    " FROM places p LEFT JOIN mailbox_folders f"
	    "  ON f.mailbox_no = p.mailbox_no AND f.path = p.folder"
	    " WHERE p.state <> 'embedded'"
	    " AND p.place NOT IN (SELECT place FROM moves)");
}

static void *
grow(void *list, size_t *room, size_t count, size_t size)
{
	if (count < *room)
		return list;
	*room = *room ? *room * 2 : 16;
	list = realloc(list, *room * size);
	if (list == NULL)
		die_machine("out of memory");
	return list;
}

struct stay *
history_stay(struct history *h)
{
	h->stays = grow(h->stays, &h->stay_room, h->stay_count,
	    sizeof *h->stays);
	return &h->stays[h->stay_count++];
}

static struct folder *
new_folder(struct history *h, struct case_rows *rows)
{
	struct folder *folder = arena_alloc(&h->arena, sizeof *folder);
	size_t room = 0;

	while (case_next(rows)) {
		if (folder->count == room) {
			struct bytes *more = arena_array(&h->arena,
			    room = room * 2 + 2, sizeof *more);

			if (folder->count > 0)
				memcpy(more, folder->paths,
				    folder->count * sizeof *more);
			folder->paths = more;
		}
		folder->paths[folder->count++] =
		    arena_dup(&h->arena, case_text(rows, 0));
	}
	return folder;
}

static const struct folder *
record_folder(struct history *h, struct bytes key)
{
	struct case_rows *rows = case_query(h->file,
	    "SELECT DISTINCT folded FROM folder_paths WHERE mailbox_no = ?1"
	    " AND folder_id = ?2 ORDER BY folded");

	case_bind_number(rows, 1, h->mailbox);
	case_bind_text(rows, 2, key);
	return new_folder(h, rows);
}

/* MoveToDeletedItems says where to by its name. */
static const struct folder *
deleted_folder(struct history *h)
{
	struct case_rows *rows = case_query(h->file,
	    "SELECT DISTINCT folded FROM temp.mailbox_folders"
	    " WHERE mailbox_no = ?1 AND special = 'deleted' ORDER BY folded");

	case_bind_number(rows, 1, h->mailbox);
	return new_folder(h, rows);
}

static const struct folder *
place_folder(struct history *h, int64_t place, int64_t *arrival_us)
{
	struct case_rows *rows = case_query(h->file,
	    "SELECT coalesce(f.folded, p.folder), p.arrival_us FROM places p"
	    " LEFT JOIN temp.mailbox_folders f ON f.mailbox_no = p.mailbox_no"
	    " AND f.path = p.folder WHERE p.place = ?1");
	struct folder *folder = arena_alloc(&h->arena, sizeof *folder);

	case_bind_number(rows, 1, place);
	if (!case_next(rows))
		return folder;
	*arrival_us = case_number(rows, 1);
	if (case_is_null(rows, 0))
		return folder;
	folder->paths = arena_array(&h->arena, 1, sizeof *folder->paths);
	folder->paths[0] = arena_dup(&h->arena, case_text(rows, 0));
	folder->count = 1;
	return folder;
}

/* Copies by number until the group is whole: the list still moves. */
static size_t
copy_number(struct history *h, int64_t place)
{
	struct copy *copy;

	for (size_t i = h->copy_count; i > 0; i--)
		if (h->copies[i - 1].place == place)
			return i - 1;
	h->copies = grow(h->copies, &h->copy_room, h->copy_count,
	    sizeof *h->copies);
	copy = &h->copies[h->copy_count];
	*copy = (struct copy){ .place = place, .arrival_us = UTC_NONE,
		.end_us = UTC_NONE, .deleted_us = UTC_NONE };
	copy->where = place_folder(h, place, &copy->arrival_us);
	return h->copy_count++;
}

enum { /* columns of the query below */
	AT_MAILBOX, AT_GROUP, AT_EVENT, AT_POSITION, AT_TIME, AT_OPERATION,
	AT_PARTIAL, AT_PLACE, AT_SOURCE, AT_DESTINATION,
};

static struct move *
new_move(struct history *h, struct case_rows *rows)
{
	struct bytes operation = case_text(rows, AT_OPERATION);
	struct move *move;

	h->moves = grow(h->moves, &h->move_room, h->move_count,
	    sizeof *h->moves);
	move = &h->moves[h->move_count++];
	*move = (struct move){ .event = case_number(rows, AT_EVENT),
		.position = case_number(rows, AT_POSITION),
		.time_us = case_number(rows, AT_TIME),
		.partial = case_number(rows, AT_PARTIAL) == 1,
		.soft = bytes_eq(operation, BYTES_LIT("SoftDelete")),
		.hard = bytes_eq(operation, BYTES_LIT("HardDelete")) };
	move->from = record_folder(h, case_text(rows, AT_SOURCE));
	if (bytes_eq(operation, BYTES_LIT("MoveToDeletedItems")) &&
	    case_is_null(rows, AT_DESTINATION))
		move->to = deleted_folder(h);
	else
		move->to = record_folder(h, case_text(rows, AT_DESTINATION));
	return move;
}

/* Pointers instead of numbers, now that the copies stay where they are. */
static void
settle_copies(struct history *h)
{
	for (size_t i = 0; i < h->move_count; i++)
		for (size_t k = 0; k < h->moves[i].copy_count; k++) {
			struct copy **copy = &h->moves[i].copies[k];

			*copy = &h->copies[(uintptr_t)*copy];
		}
}

static void
end_group(struct history *h)
{
	settle_copies(h);
	history_walk(h);
	h->copy_count = h->move_count = h->stay_count = 0;
	arena_reset(&h->arena);
}

static void
name_copy(struct history *h, struct move *move, int64_t place)
{
	size_t number = copy_number(h, place);
	struct copy **more;

	/* Powers of two: room is the count when it is one. */
	if ((move->copy_count & (move->copy_count - 1)) == 0) {
		more = arena_array(&h->arena, move->copy_count * 2 + 1,
		    sizeof *more);
		if (move->copy_count > 0)
			memcpy(more, move->copies,
			    move->copy_count * sizeof *more);
		move->copies = more;
	}
	move->copies[move->copy_count++] = (struct copy *)number;
}

static void
walk_groups(struct history *h)
{
	struct bytes group = BYTES_NONE;
	struct case_rows *rows = case_query_new(h->file,
	    "SELECT mailbox_no, grouped, event, position, time_us, operation,"
	    " partial, place, source, destination FROM temp.moves"
	    " ORDER BY mailbox_no, grouped, time_us DESC, record DESC, event,"
	    " position, place");
	struct move *move = NULL;
	struct arena name;

	arena_init(&name);
	while (case_next(rows)) {
		if (move == NULL ||
		    h->mailbox != case_number(rows, AT_MAILBOX) ||
		    !bytes_eq(group, case_text(rows, AT_GROUP))) {
			if (move != NULL)
				end_group(h);
			arena_reset(&name);
			group = arena_dup(&name, case_text(rows, AT_GROUP));
			h->mailbox = case_number(rows, AT_MAILBOX);
			move = NULL;
		}
		if (move == NULL ||
		    move->event != case_number(rows, AT_EVENT) ||
		    move->position != case_number(rows, AT_POSITION))
			move = new_move(h, rows);
		name_copy(h, move, case_number(rows, AT_PLACE));
	}
	if (move != NULL)
		end_group(h);
	case_done(rows);
	arena_release(&name);
}

void
stays_build(struct case_file *file)
{
	struct history h = { .file = file };

	arena_init(&h.arena);
	load_moves(file);
	add_still(file);
	walk_groups(&h);
	case_run(file,
	    "CREATE INDEX temp.stays_folder ON stays(mailbox_no, folded);"
	    "INSERT INTO folder_stays SELECT place, folded, from_us, to_us,"
	    " left_us FROM stays WHERE place IN (SELECT place FROM moves)"
	    " ORDER BY place, from_us, to_us, folded;"
	    "CREATE INDEX IF NOT EXISTS folder_stays_place ON"
	    " folder_stays(place);"
	    "DROP TABLE temp.moves");
	free(h.copies);
	free(h.moves);
	free(h.stays);
	arena_release(&h.arena);
}
