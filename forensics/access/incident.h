/*
 * The incident file (contract 2): what happened as far as people know it.
 * Everything in it is checked when it is read; errors name file and line.
 */
#ifndef FORENSICS_ACCESS_INCIDENT_H
#define FORENSICS_ACCESS_INCIDENT_H

#include "parsers/base/arena.h"
#include "parsers/base/net.h"

enum indicator_kind {
	INDICATOR_IP,
	INDICATOR_APP_ID,     /* lower case */
	INDICATOR_SESSION_ID, /* lower case */
	INDICATOR_TOKEN_ID,   /* exactly */
	INDICATOR_USER_AGENT, /* lower case, substring */
	INDICATOR_ACTOR,      /* lower case */
	INDICATOR_DEVICE_ID,  /* lower case */
	INDICATOR_KINDS
};

struct indicator {
	enum indicator_kind kind;
	struct bytes text; /* as written, for reasons */
	struct bytes key;  /* as compared */
	struct ip_range range;
};

struct indicators {
	struct indicator *list;
	size_t count, room;
};

struct evidence_glob {
	struct bytes pattern;
	int line;
};

struct mailbox_entry {
	struct bytes address; /* lower case; may be empty */
	struct bytes guid;    /* lower case; may be empty */
	struct bytes *names;
	size_t name_count;
	struct evidence_glob *globs;
	size_t glob_count;
	int line;
};

struct stolen_entry {
	struct bytes mailbox; /* lower case */
	struct bytes message_id;
	int64_t time_us;
};

struct assume_entry {
	struct bytes mailbox; /* lower case; "*" all */
	int64_t from_us, to_us;
	struct bytes reason;
};

struct incident {
	struct bytes time_zone; /* a name of the machine's zones */
	struct arena arena;
	const char *path;
	/* The file's content in order, as JSON of the same keys, times as
	 * contract 5 writes them: what the case keeps and reports read. */
	struct bytes json;
	int64_t from_us, to_us;       /* window; UTC_NONE: open */
	int64_t baseline_until_us;
	struct indicators adversary, known;
	struct mailbox_entry *mailboxes;
	size_t mailbox_count;
	struct stolen_entry *stolen;
	size_t stolen_count, stolen_room;
	struct assume_entry *assumed;
	size_t assumed_count;
};

/* NULL with a message on stderr ("file:line: reason"): exit status 2. */
struct incident *incident_load(const char *path);
struct incident *incident_empty(void);
void incident_free(struct incident *incident);

/* The entry of a mail path and its root: contract 2, Paths.  *root gets how
 * much of the path is the mailbox root (with its '/').  NULL: no entry.  Two
 * equal matches: *tie is set to the other, and the caller refuses. */
const struct mailbox_entry *incident_mailbox_of(
    const struct incident *incident, struct bytes path, size_t *root,
    const struct mailbox_entry **tie);

/* Match of a glob against the path or a suffix of it that starts at a
 * component; *at gets where that suffix begins. */
bool glob_match(struct bytes pattern, struct bytes path, size_t *at);

/* A zone's name (tz database) that this machine's C library can speak. */
bool incident_zone_is_known(struct bytes zone);

/* inclusive `to`: the last microsecond that still counts. */
int64_t incident_to_end(int64_t to_us);

#endif
