/* What the parts of the store's writer share. */
#ifndef PSTGEN_STORE_PRIVATE_H
#define PSTGEN_STORE_PRIVATE_H

#include "testdata/pstgen/store.h"

struct name_entry {
	char *set, *word;
	unsigned number;
};

struct folder {
	char *name, *class;
	size_t parent; /* itself: the root */
	uint32_t nid;
	enum role role;
	struct tc contents, associated;
	size_t items, unread, associated_items, children;
};

struct store {
	struct ndb *ndb;
	struct ndb_options options;
	char *name;
	uint8_t uid[16];
	struct folder *folders;
	size_t folder_count, folder_room;
	size_t subtree; /* folder that paths start from */
	struct name_entry *names;
	size_t name_count, name_room;
	uint64_t message_count;
};

enum { ENTRY_ID = 24 };

void store_entry_id(
    const struct store *store, uint32_t nid, uint8_t out[ENTRY_ID]);
/* Property id of a name, 0x8000 and up. */
unsigned store_name(
    struct store *store, const char *set, const char *word, unsigned number);
void store_write_names(struct store *store);
void store_write_folders(struct store *store);

/*
 * Property context and subnodes of an item; *sub its subnode tree, *bytes what
 * it says its size is.  Used for messages and for embedded ones.
 */
uint64_t item_write(struct store *store, const struct item *item, uint64_t *sub,
    uint64_t *bytes);
void item_row(
    struct tc *contents, uint32_t nid, const struct item *item, uint64_t bytes);
extern const uint32_t contents_columns[];
extern const size_t contents_column_count;

/* PR_RTF_COMPRESSED of a text; malloc'ed. */
uint8_t *rtf_compress(const char *text, size_t n, size_t *out);

/* "a; b" of the recipients of one kind; NULL when there are none; free it. */
char *item_display(const struct item *item, int kind);

#endif
