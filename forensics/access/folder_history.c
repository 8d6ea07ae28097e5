/*
 * Where each message lay when (contract 3): its folder in the export, taken
 * back through every Move, MoveToDeletedItems, SoftDelete and Copy record
 * that names it, by anyone.
 *
 * Most messages have no such record: one stay from arrival on.  The others
 * are walked newest record first, one group at a time: the copies of one
 * mailbox that the same records name.
 */
#include <stdlib.h>

#include "forensics/access/folder_history.h"
#include "forensics/access/rule.h"
#include "parsers/base/utc.h"

static void
add_stay(struct history *h, struct copy *copy, const struct folder *where,
    int64_t from_us, int64_t to_us)
{
	struct stay *stay = history_stay(h);

	*stay = (struct stay){ copy, where, from_us, to_us };
}

static bool
lies_in(const struct folder *where, const struct folder *folder)
{
	for (size_t i = 0; i < where->count; i++)
		for (size_t k = 0; k < folder->count; k++)
			if (bytes_eq(where->paths[i], folder->paths[k]))
				return true;
	return false;
}

/*
 * Back over one record: until its end the copy lay where it went, before
 * that where it came from.  Where the chain does not fit: in both places
 * between the two records.  A destination that is not told fits every chain.
 */
static void
step_back(struct history *h, struct copy *copy, const struct move *move)
{
	add_stay(h, copy, copy->where, move->time_us, copy->end_us);
	if (move->to->count > 0 && !lies_in(copy->where, move->to))
		add_stay(h, copy, move->to, move->time_us, copy->end_us);
	copy->partial |= move->partial;
	copy->softly |= move->soft;
	copy->where = move->from;
	copy->end_us = move->time_us;
}

/* Of several copies the one whose place then is the destination, else all. */
static void
walk_record(struct history *h, const struct move *move)
{
	size_t fitting = 0;

	for (size_t i = 0; i < move->copy_count; i++)
		fitting += lies_in(move->copies[i]->where, move->to);
	for (size_t i = 0; i < move->copy_count; i++)
		if (fitting == 0 || lies_in(move->copies[i]->where, move->to))
			step_back(h, move->copies[i], move);
}

/* The copy lay in that folder at that time, or one of them is not known. */
static bool
lay_in(const struct history *h, const struct copy *copy,
    const struct folder *folder, int64_t time_us)
{
	for (size_t i = 0; i < h->stay_count; i++) {
		const struct stay *s = &h->stays[i];

		if (s->copy != copy ||
		    (s->from_us != UTC_NONE && s->from_us > time_us) ||
		    (s->to_us != UTC_NONE && s->to_us < time_us))
			continue;
		if (folder->count == 0 || s->where->count == 0 ||
		    lies_in(s->where, folder))
			return true;
	}
	return false;
}

/* \Recoverable Items\...: where a SoftDelete takes things. */
static bool
is_dumpster(const struct folder *folder)
{
	for (size_t i = 0; i < folder->count; i++)
		if (bytes_starts(folder->paths[i],
		        BYTES_LIT("recoverable items")))
			return true;
	return false;
}

/* A HardDelete takes one copy, out of the folder it names. */
static void
delete_copy(struct history *h, const struct move *move)
{
	for (size_t i = 0; i < move->copy_count; i++) {
		struct copy *copy = move->copies[i];

		if (copy->deleted_us != UTC_NONE)
			continue;
		if (!lay_in(h, copy, move->from, move->time_us) &&
		    !(copy->softly && is_dumpster(move->from)))
			continue;
		copy->deleted_us = move->time_us;
		return;
	}
}

/* When its last copy went; UTC_NONE: some copy is still there. */
static int64_t
left_time(const struct history *h)
{
	int64_t left = UTC_NONE;

	for (size_t i = 0; i < h->copy_count; i++) {
		if (h->copies[i].deleted_us == UTC_NONE)
			return UTC_NONE;
		if (left == UTC_NONE || h->copies[i].deleted_us > left)
			left = h->copies[i].deleted_us;
	}
	return left;
}

static void
write_stay(struct history *h, const struct stay *stay, int64_t left_us,
    struct bytes folded)
{
	struct case_rows *rows = case_query(h->file,
	    "INSERT INTO temp.stays VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");

	case_bind_number(rows, 1, stay->copy->place);
	case_bind_number(rows, 2, h->mailbox);
	case_bind_text(rows, 3, folded);
	case_bind_known(rows, 4, stay->from_us);
	case_bind_known(rows, 5, stay->to_us);
	case_bind_known(rows, 6, stay->copy->arrival_us);
	case_bind_known(rows, 7, left_us);
	case_exec(rows);
}

static void
write_group(struct history *h)
{
	int64_t left_us = left_time(h);

	for (size_t i = 0; i < h->stay_count; i++) {
		const struct stay *stay = &h->stays[i];

		if (stay->where->count == 0)
			write_stay(h, stay, left_us, BYTES_NONE);
		for (size_t k = 0; k < stay->where->count; k++)
			write_stay(h, stay, left_us, stay->where->paths[k]);
	}
	for (size_t i = 0; i < h->copy_count; i++) {
		struct case_rows *rows = case_query(h->file,
		    "INSERT INTO temp.partial_moves VALUES(?1)");

		if (!h->copies[i].partial)
			continue;
		case_bind_number(rows, 1, h->copies[i].place);
		case_exec(rows);
	}
}

void
history_walk(struct history *h)
{
	for (size_t i = 0; i < h->move_count; i++)
		if (!h->moves[i].hard)
			walk_record(h, &h->moves[i]);
	for (size_t i = 0; i < h->copy_count; i++)
		add_stay(h, &h->copies[i], h->copies[i].where, UTC_NONE,
		    h->copies[i].end_us);
	for (size_t i = 0; i < h->move_count; i++)
		if (h->moves[i].hard)
			delete_copy(h, &h->moves[i]);
	write_group(h);
}
