/* The store itself and its folders (sections 2.4.3, 2.4.4). */
#include "testdata/pstgen/store_private.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t hierarchy_columns[] = {
    PROP(0x3001, T_STRING),
    PROP(0x3602, T_INT32),
    PROP(0x3603, T_INT32),
    PROP(0x360a, T_BOOL),
    PROP(0x3613, T_STRING),
};
static const uint32_t associated_columns[] = {
    PROP(0x001a, T_STRING),
    PROP(0x0e07, T_INT32),
    PROP(0x3001, T_STRING),
};
enum { ROOT = 0, ROOT_NID = 0x122, LOST_FOLDER = 0x7fff << 5 | 0x02 };

void
store_entry_id(const struct store *store, uint32_t nid, uint8_t out[ENTRY_ID])
{
	memset(out, 0, 4);
	memcpy(out + 4, store->uid, 16);
	put32(out + 20, nid);
}

static size_t
add_folder(struct store *store, size_t parent, const char *name,
    const char *class, enum role role)
{
	struct folder folder = {.parent = parent, .role = role};

	folder.name = strdup(name);
	folder.class = class != NULL ? strdup(class) : NULL;
	folder.nid = store->folder_count == 0 ? ROOT_NID
					      : ndb_next_nid(store->ndb, 0x02);
	tc_begin(&folder.contents, store->ndb, contents_columns,
	    contents_column_count);
	tc_begin(&folder.associated, store->ndb, associated_columns,
	    sizeof(associated_columns) / sizeof(*associated_columns));
	store->folders = grow(store->folders, store->folder_count,
	    &store->folder_room, sizeof(*store->folders));
	store->folders[store->folder_count] = folder;
	if (store->folder_count > 0)
		store->folders[parent].children++;
	return store->folder_count++;
}

struct store *
store_create(
    const char *path, const struct ndb_options *options, const char *name)
{
	struct store *store = calloc(1, sizeof(*store));
	uint8_t hash[SHA256_DIGEST_LENGTH];
	size_t mailbox;

	store->ndb = ndb_create(path, options);
	store->options = *options;
	store->name = strdup(name);
	SHA256((const uint8_t *)name, strlen(name), hash);
	memcpy(store->uid, hash, sizeof(store->uid));
	/* pffexport refuses a store whose map of names is empty. */
	store_name(store, "common", NULL, 0x8506);
	store_name(store, "public", "Keywords", 0);
	add_folder(store, ROOT, "", NULL, ROLE_NONE);
	if (options->ost) {
		mailbox =
		    add_folder(store, ROOT, "Root - Mailbox", NULL, ROLE_NONE);
		store->subtree =
		    add_folder(store, mailbox, "IPM_SUBTREE", NULL, ROLE_NONE);
		add_folder(store, mailbox, "Finder", NULL, ROLE_NONE);
		return store;
	}
	store->subtree =
	    add_folder(store, ROOT, "Top of Personal Folders", NULL, ROLE_NONE);
	add_folder(store, ROOT, "Search Root", NULL, ROLE_NONE);
	return store;
}

static size_t
find_folder(
    const struct store *store, size_t parent, const char *name, size_t n)
{
	for (size_t i = 1; i < store->folder_count; i++) {
		const struct folder *folder = &store->folders[i];

		if (folder->parent == parent && strlen(folder->name) == n &&
		    memcmp(folder->name, name, n) == 0)
			return i;
	}
	return 0;
}

/* A folder of this name directly in the subtree is what its name says. */
static enum role
role_by_name(const char *name)
{
	static const struct {
		const char *name;
		enum role role;
	} known[] = {
	    {"Inbox", ROLE_INBOX},
	    {"Sent Items", ROLE_SENT},
	    {"Deleted Items", ROLE_DELETED},
	    {"Drafts", ROLE_DRAFTS},
	    {"Outbox", ROLE_OUTBOX},
	    {"Calendar", ROLE_CALENDAR},
	    {"Contacts", ROLE_CONTACTS},
	    {"Tasks", ROLE_TASKS},
	    {"Notes", ROLE_NOTES},
	    {"Journal", ROLE_JOURNAL},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].role;
	return ROLE_NONE;
}

static bool
has_role(const struct store *store, enum role role)
{
	for (size_t i = 0; i < store->folder_count; i++)
		if (store->folders[i].role == role)
			return true;
	return false;
}

/* One step of a path; what is new and not the last is a mail folder. */
static size_t
enter_folder(struct store *store, size_t parent, const char *name,
    const char *class, enum role role)
{
	size_t found = find_folder(store, parent, name, strlen(name));

	if (found != 0)
		return found;
	if (role == ROLE_NONE && parent == store->subtree &&
	    !has_role(store, role_by_name(name)))
		role = role_by_name(name);
	return add_folder(
	    store, parent, name, class != NULL ? class : "IPF.Note", role);
}

size_t
store_folder(
    struct store *store, const char *path, const char *class, enum role role)
{
	size_t at = store->subtree;

	while (*path != '\0') {
		size_t n = strcspn(path, "/");
		bool last = path[n] == '\0';
		char *name = strndup(path, n);

		at = enter_folder(store, at, name, last ? class : NULL,
		    last ? role : ROLE_NONE);
		free(name);
		path += n + !last;
	}
	return at;
}

size_t
store_root_folder(struct store *store, const char *name)
{
	size_t found = find_folder(store, ROOT, name, strlen(name));

	return found != 0 ? found
			  : add_folder(store, ROOT, name, NULL, ROLE_NONE);
}

void
store_message(struct store *store, size_t folder, const struct item *item)
{
	struct folder *f = &store->folders[folder];
	uint32_t nid = ndb_next_nid(store->ndb, item->associated ? 0x08 : 0x04);
	uint64_t sub, bytes, data = item_write(store, item, &sub, &bytes);

	ndb_node(store->ndb, nid, data, sub,
	    item->parentless ? LOST_FOLDER : f->nid);
	store->message_count++;
	if (item->orphan || item->parentless)
		return;
	if (item->associated) {
		f->associated_items++;
		tc_row(&f->associated, nid);
		tc_string(&f->associated, 0x001a, item->class);
		tc_number(&f->associated, PROP(0x0e07, T_INT32), 0x41);
		return;
	}
	f->items++;
	f->unread += item->unread;
	item_row(&f->contents, nid, item, bytes);
}

uint64_t
store_size(const struct store *store)
{
	return ndb_size(store->ndb);
}

static void
put_table(struct store *store, uint32_t nid, struct tc *tc)
{
	uint64_t sub, data = tc_end(tc, &sub);

	ndb_node(store->ndb, nid, data, sub, 0);
}

static void
put_hierarchy(struct store *store, size_t parent)
{
	struct tc tc;

	tc_begin(&tc, store->ndb, hierarchy_columns,
	    sizeof(hierarchy_columns) / sizeof(*hierarchy_columns));
	for (size_t i = 1; i < store->folder_count; i++) {
		const struct folder *child = &store->folders[i];

		if (child->parent != parent)
			continue;
		tc_row(&tc, child->nid);
		tc_string(&tc, 0x3001, child->name);
		tc_number(&tc, PROP(0x3602, T_INT32), child->items);
		tc_number(&tc, PROP(0x3603, T_INT32), child->unread);
		tc_number(&tc, PROP(0x360a, T_BOOL), child->children > 0);
		tc_string(&tc, 0x3613, child->class);
	}
	put_table(store, (store->folders[parent].nid & ~31u) | 0x0d, &tc);
}

/* Where Outlook keeps the ids of the special folders. */
static unsigned
role_property(enum role role)
{
	static const uint16_t properties[] = {
	    [ROLE_CALENDAR] = 0x36d0,
	    [ROLE_CONTACTS] = 0x36d1,
	    [ROLE_JOURNAL] = 0x36d2,
	    [ROLE_NOTES] = 0x36d3,
	    [ROLE_TASKS] = 0x36d4,
	    [ROLE_REMINDERS] = 0x36d5,
	    [ROLE_DRAFTS] = 0x36d7,
	    [ROLE_DELETED] = 0,
	};

	return properties[role];
}

static void
put_roles(struct store *store, struct pc *pc)
{
	for (size_t i = 0; i < store->folder_count; i++) {
		const struct folder *folder = &store->folders[i];
		unsigned id = role_property(folder->role);
		uint8_t entry[ENTRY_ID];

		if (id == 0)
			continue;
		store_entry_id(store, folder->nid, entry);
		pc_binary(pc, PROP(id, T_BINARY), entry, ENTRY_ID);
	}
}

static void
put_folder(struct store *store, size_t number)
{
	struct folder *folder = &store->folders[number];
	struct subnodes subnodes = {0};
	struct pc pc;
	uint64_t data;

	pc_begin(&pc, store->ndb, &subnodes);
	pc_string(&pc, 0x3001, folder->name);
	pc_number(&pc, PROP(0x3602, T_INT32), (uint32_t)folder->items);
	pc_number(&pc, PROP(0x3603, T_INT32), (uint32_t)folder->unread);
	pc_number(&pc, PROP(0x360a, T_BOOL), folder->children > 0);
	if (folder->associated_items > 0)
		pc_number(&pc, PROP(0x3617, T_INT32),
		    (uint32_t)folder->associated_items);
	pc_string(&pc, 0x3613, folder->class);
	if (number == ROOT || folder->role == ROLE_INBOX)
		put_roles(store, &pc);
	data = pc_end(&pc);
	ndb_node(store->ndb, folder->nid, data,
	    subnodes_end(&subnodes, store->ndb),
	    store->folders[folder->parent].nid);
	put_hierarchy(store, number);
	put_table(store, (folder->nid & ~31u) | 0x0e, &folder->contents);
	put_table(store, (folder->nid & ~31u) | 0x0f, &folder->associated);
}

static void
put_store_folder(
    const struct store *store, struct pc *pc, unsigned id, uint32_t nid)
{
	uint8_t entry[ENTRY_ID];

	store_entry_id(store, nid, entry);
	pc_binary(pc, PROP(id, T_BINARY), entry, ENTRY_ID);
}

static void
put_store(struct store *store)
{
	static const uint16_t properties[] = {
	    [ROLE_OUTBOX] = 0x35e2,
	    [ROLE_SENT] = 0x35e4,
	    [ROLE_DELETED] = 0x35e3,
	};
	struct subnodes subnodes = {0};
	struct pc pc;
	uint64_t data;
	uint32_t mask = 0x81;

	pc_begin(&pc, store->ndb, &subnodes);
	pc_binary(&pc, PROP(0x0ff9, T_BINARY), store->uid, 16);
	pc_string(&pc, 0x3001, store->name);
	if (!store->options.ost) {
		put_store_folder(
		    store, &pc, 0x35e0, store->folders[store->subtree].nid);
		put_store_folder(
		    store, &pc, 0x35e7, store->folders[store->subtree + 1].nid);
	}
	for (size_t i = 1; i < store->folder_count; i++) {
		const struct folder *folder = &store->folders[i];

		if (folder->role != ROLE_OUTBOX && folder->role != ROLE_SENT &&
		    folder->role != ROLE_DELETED)
			continue;
		put_store_folder(
		    store, &pc, properties[folder->role], folder->nid);
		mask |= folder->role == ROLE_OUTBOX ? 4
			: folder->role == ROLE_SENT ? 0x10
						    : 8;
	}
	pc_number(&pc, PROP(0x35df, T_INT32), mask);
	pc_number(&pc, PROP(0x67ff, T_INT32), 0);
	data = pc_end(&pc);
	ndb_node(
	    store->ndb, 0x21, data, subnodes_end(&subnodes, store->ndb), 0);
}

void
store_close(struct store *store)
{
	if (!store->options.ost && !has_role(store, ROLE_DELETED))
		store_folder(store, "Deleted Items", "IPF.Note", ROLE_DELETED);
	for (size_t i = 0; i < store->folder_count; i++)
		put_folder(store, i);
	put_store(store);
	store_write_names(store);
	ndb_close(store->ndb);
	for (size_t i = 0; i < store->folder_count; i++) {
		free(store->folders[i].name);
		free(store->folders[i].class);
	}
	free(store->folders);
	for (size_t i = 0; i < store->name_count; i++) {
		free(store->names[i].set);
		free(store->names[i].word);
	}
	free(store->names);
	free(store->name);
	free(store);
}
