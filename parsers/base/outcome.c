#include "parsers/base/outcome.h"

#include <string.h>

#include "parsers/base/die.h"

static const char *const kind_names[PROBLEM_KINDS] = {
	[PROBLEM_ENCRYPTED] = "encrypted",
	[PROBLEM_IMAGE_NOT_READ] = "image_not_read",
	[PROBLEM_UNKNOWN_FORMAT] = "unknown_format",
	[PROBLEM_TRUNCATED] = "truncated",
	[PROBLEM_DAMAGED] = "damaged",
	[PROBLEM_BAD_CHECKSUM] = "bad_checksum",
	[PROBLEM_LIMIT_DEPTH] = "limit_depth",
	[PROBLEM_LIMIT_PARTS] = "limit_parts",
	[PROBLEM_LIMIT_HEADER] = "limit_header",
	[PROBLEM_LIMIT_RATIO] = "limit_ratio",
	[PROBLEM_LIMIT_MEMBERS] = "limit_members",
	[PROBLEM_LIMIT_SIZE] = "limit_size",
	[PROBLEM_LIMIT_FINDINGS] = "limit_findings",
	[PROBLEM_CHARSET] = "charset",
	[PROBLEM_SYMLINK] = "symlink",
	[PROBLEM_CHANGED] = "changed",
	[PROBLEM_CRASHED] = "crashed",
	[PROBLEM_HUNG] = "hung",
	[PROBLEM_MEMORY] = "memory",
	[PROBLEM_DUPLICATE_RECORD] = "duplicate_record",
	[PROBLEM_CUT_EXPORT] = "cut_export",
	[PROBLEM_OUTSIDE_WINDOW] = "outside_window",
	[PROBLEM_KNOWN_ADVERSARY] = "known_adversary",
	[PROBLEM_UNREADABLE] = "unreadable",
	[PROBLEM_AMBIGUOUS_FORMAT] = "ambiguous_format",
	[PROBLEM_NO_DATA] = "no_data",
	[PROBLEM_UNKNOWN_MAILBOX] = "unknown_mailbox",
	[PROBLEM_COUNT_MISMATCH] = "count_mismatch",
	[PROBLEM_NO_TIME] = "no_time",
	[PROBLEM_GUESSED_TIME] = "guessed_time",
};

const char *
problem_kind_name(enum problem_kind kind)
{
	BUG_ON(kind >= PROBLEM_KINDS);
	return kind_names[kind];
}

enum problem_kind
problem_kind_of(const char *name, unsigned long n)
{
	unsigned kind = 0;

	while (kind < PROBLEM_KINDS && (strlen(kind_names[kind]) != n ||
	           memcmp(kind_names[kind], name, n) != 0))
		kind++;
	return (enum problem_kind)kind;
}

const char *
severity_name(enum outcome severity)
{
	static const char *const names[] = { "note", "partial", "item_lost",
		"source_lost" };

	BUG_ON((unsigned)severity > OUTCOME_SOURCE_LOST);
	return names[severity];
}
