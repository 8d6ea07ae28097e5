/* What the two halves of mailbox building share (mailboxes.c: who there is;
 * mailbox_paths.c: whose each evidence path is). */
#ifndef FORENSICS_ACCESS_MAILBOXES_H
#define FORENSICS_ACCESS_MAILBOXES_H

#include "forensics/access/reconstruct.h"

struct mailbox_build {
	struct case_file *file;
	const struct incident *incident;
	struct arena arena;
	int64_t *entry_rows; /* mailbox_no of each incident entry */
};

/* 0: nobody's.  kind: address, guid, name. */
int64_t mailbox_find(struct mailbox_build *b, const char *kind,
    struct bytes name);
/* The mailbox of that name, made when it is new. */
int64_t mailbox_row(struct mailbox_build *b, struct bytes name,
    struct bytes guid);
struct bytes mailbox_lower(struct mailbox_build *b, struct bytes text);

void mailbox_paths_link(struct mailbox_build *b);

#endif
