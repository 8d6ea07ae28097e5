/* How reading ended, and what is said about it (contract 5, problems). */
#ifndef PARSERS_BASE_OUTCOME_H
#define PARSERS_BASE_OUTCOME_H

enum outcome {
	OUTCOME_OK,
	OUTCOME_PARTIAL,     /* something inside an item is missing */
	OUTCOME_ITEM_LOST,   /* items are missing, the source goes on */
	OUTCOME_SOURCE_LOST, /* the source cannot be read on */
};

/* The closed list of problems.csv: kind.  Names: problem_kind_name(). */
enum problem_kind {
	PROBLEM_ENCRYPTED,
	PROBLEM_IMAGE_NOT_READ,
	PROBLEM_UNKNOWN_FORMAT,
	PROBLEM_TRUNCATED,
	PROBLEM_DAMAGED,
	PROBLEM_BAD_CHECKSUM,
	PROBLEM_LIMIT_DEPTH,
	PROBLEM_LIMIT_PARTS,
	PROBLEM_LIMIT_HEADER,
	PROBLEM_LIMIT_RATIO,
	PROBLEM_LIMIT_MEMBERS,
	PROBLEM_LIMIT_SIZE,
	PROBLEM_LIMIT_FINDINGS,
	PROBLEM_CHARSET,
	PROBLEM_SYMLINK,
	PROBLEM_CHANGED,
	PROBLEM_CRASHED,
	PROBLEM_HUNG,
	PROBLEM_MEMORY,
	PROBLEM_DUPLICATE_RECORD,
	PROBLEM_CUT_EXPORT,
	PROBLEM_OUTSIDE_WINDOW,
	PROBLEM_KNOWN_ADVERSARY,
	PROBLEM_UNREADABLE,       /* the file system refused */
	PROBLEM_AMBIGUOUS_FORMAT, /* two formats claim the file: use --as */
	PROBLEM_NO_DATA,          /* announced, and not there */
	PROBLEM_UNKNOWN_MAILBOX,  /* a cmdlet whose mailbox cannot be told */
	PROBLEM_COUNT_MISMATCH,   /* a record or table contradicts its own count */
	PROBLEM_NO_TIME,          /* records whose time cannot be read */
	PROBLEM_GUESSED_TIME,     /* read with a year or date order from around */
	PROBLEM_KINDS
};

const char *problem_kind_name(enum problem_kind kind);
/* PROBLEM_KINDS when the name is not one of ours. */
enum problem_kind problem_kind_of(const char *name, unsigned long n);

/* note, partial, item_lost, source_lost */
const char *severity_name(enum outcome severity);

#endif
