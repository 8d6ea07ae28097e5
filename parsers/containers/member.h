/* A member of an archive as an input for its own parser. */
#ifndef PARSERS_CONTAINERS_MEMBER_H
#define PARSERS_CONTAINERS_MEMBER_H

#include "parsers/containers/archive.h"

enum member_state {
	MEMBER_OPEN,
	MEMBER_ENCRYPTED,
	MEMBER_DAMAGED,   /* cannot be unpacked whole; `why` */
	MEMBER_RATIO,     /* grows more than LIMIT_ARCHIVE_RATIO allows */
	MEMBER_SIZE,      /* must be held in memory, and is too large */
	MEMBER_UNKNOWN,   /* no parser knows its content */
	MEMBER_TIE,
	MEMBER_HARMLESS,  /* a picture, a sound, a program */
	MEMBER_DOCUMENT,  /* text of somebody's, outside any message */
};

/* What an archive has unpacked so far: shared by its members. */
struct member_budget {
	uint64_t packed;   /* bytes of the archive */
	uint64_t unpacked;
};

struct member {
	struct input input;
	const struct parser *parser;
	const char *why;
	uint8_t *memory;   /* owned */
	/* For streams: how to come back to it. */
	const struct input *archive;
	struct archive_reader *reader; /* owned */
	uint64_t number, at;
	/* Where it lies in the archive's scratch file, when it does. */
	bool spilled;
	uint64_t scratch_at;
	struct member_budget *budget;
};

/*
 * The member in hand of `reader`, unpacked into memory; when it is large, into
 * the archive's scratch file, or without one as a stream when its parser reads
 * forward.  Release in any case.
 */
enum member_state member_open(struct member *member,
    struct archive_reader *reader, const struct archive_member *entry,
    const struct input *archive, struct member_budget *budget);
void member_release(struct member *member);

/* May `more` bytes be unpacked? */
bool member_budget_take(struct member_budget *budget, uint64_t more);

#endif
