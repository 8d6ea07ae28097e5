/* One group of copies and the records that move them (folder_history.c walks
 * it, folder_moves.c reads it from the case). */
#ifndef FORENSICS_ACCESS_FOLDER_HISTORY_H
#define FORENSICS_ACCESS_FOLDER_HISTORY_H

#include "forensics/case/case.h"

struct folder { /* its folded paths; none: not known */
	struct bytes *paths;
	size_t count;
};

struct copy {
	int64_t place, arrival_us;
	const struct folder *where; /* as we walk back */
	int64_t end_us;             /* until when it lay there */
	int64_t deleted_us;
	bool partial, softly;
};

struct move { /* one item of a record, newest first in the group */
	int64_t event, position, time_us;
	const struct folder *from, *to;
	struct copy **copies; /* those it names */
	size_t copy_count;
	bool partial, soft, hard;
};

struct stay {
	struct copy *copy;
	const struct folder *where;
	int64_t from_us, to_us; /* UTC_NONE: open */
};

struct history {
	struct case_file *file;
	struct arena arena;     /* of the group in hand */
	int64_t mailbox;
	struct copy *copies;
	struct move *moves;
	struct stay *stays;
	size_t copy_count, move_count, stay_count;
	size_t copy_room, move_room, stay_room;
};

/* A new stay of the group. */
struct stay *history_stay(struct history *h);
/* Stays of the group in hand -> TEMP stays. */
void history_walk(struct history *h);

#endif
