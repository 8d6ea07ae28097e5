/*
 * The upper layer: store, folders, messages (section 2.4).  Messages are
 * written as they come; a folder's tables when the store is closed.
 */
#ifndef PSTGEN_STORE_H
#define PSTGEN_STORE_H

#include "testdata/pstgen/item.h"

struct store;

enum role {
	ROLE_NONE,
	ROLE_CALENDAR,
	ROLE_CONTACTS,
	ROLE_JOURNAL,
	ROLE_NOTES,
	ROLE_TASKS,
	ROLE_REMINDERS,
	ROLE_DRAFTS,
	ROLE_SENT,
	ROLE_OUTBOX,
	ROLE_INBOX,
	ROLE_DELETED,
};

/* name: the store's display name. */
struct store *store_create(
    const char *path, const struct ndb_options *options, const char *name);

/*
 * The folder at a path below the IPM subtree (or, in an OST, below
 * IPM_SUBTREE), made with its parents when new.  class, role: for a new one.
 */
size_t store_folder(
    struct store *store, const char *path, const char *class, enum role role);
/* A folder beside the subtree, below the root: what is not mail. */
size_t store_root_folder(struct store *store, const char *name);

void store_message(struct store *store, size_t folder, const struct item *item);
uint64_t store_size(const struct store *store);
void store_close(struct store *store);

#endif
