/*
 * Who is in a store: its folders with their paths, what each folder's own
 * table promises, and every message node.  [MS-PST] 2.4.3, 2.4.4, 2.4.8.6.
 *
 * Folders are known by three ways, taken together: the node BTree (type and
 * nidParent), the hierarchy tables, and nidParent of messages.
 */
#ifndef PARSERS_PST_CENSUS_H
#define PARSERS_PST_CENSUS_H

#include "parsers/pst/message.h"

#define PST_NOWHERE UINT32_MAX

struct pst_folder {
	struct pst_node node;  /* node.data 0: only a table or a message knows */
	uint32_t parent;       /* index; PST_NOWHERE: none, or a circle */
	bool in_tree;          /* below the root folder 0x122 */
	bool in_mail;          /* the IPM subtree or below it */
	bool listed;           /* by some hierarchy table */
	bool found_by_scan;    /* its entry is in no reachable page */
	struct bytes name;     /* UTF-8, '/' is '_' */
	struct bytes path;     /* contract 2 */
	struct bytes container_class;
	const char *special;   /* inbox, sent, ...; NULL: none */
	uint32_t *rows;        /* messages of its table, ascending, once */
	size_t row_count;
	bool table_whole;
	uint32_t *associated_rows; /* of its FAI table */
	size_t associated_count;
	int64_t expected, associated;
	int64_t content_count; /* PidTagContentCount; -1: absent */
};

struct pst_ref {
	uint32_t nid, parent;
	uint32_t folder;       /* index of the one that lists it */
	bool found_by_scan;    /* its entry is in no reachable page */
};

struct pst_census {
	struct pst_store *store;
	struct arena arena;    /* what lasts */
	struct arena scratch;  /* one table or bag */
	struct pst_folder *folders; /* by NID */
	size_t folder_count, folder_room;
	struct pst_ref *messages; /* by NID */
	size_t message_count, message_room;
	/* Nodes of associated contents (FAI): rules, views, settings. */
	struct pst_ref *associated; /* by NID */
	size_t associated_count, associated_room;
	uint32_t root, ipm;    /* folder indexes or PST_NOWHERE */
	bool cut;              /* more folders or nodes than the limits */
	bool damaged;          /* a BTree page could not be read */
	size_t missing;        /* rows whose message is not there */
	/* The store says of itself. */
	struct bytes display_name, owner;
	uint32_t password_crc;
};

/* Sets store->rescue, and scans the file, when the trees are damaged or rows
 * are missing; problems of pages, tables and folders are said. */
void pst_census_take(struct pst_census *census, struct pst_store *store);
void pst_census_release(struct pst_census *census);

/* Index of a folder, PST_NOWHERE when there is none. */
uint32_t pst_census_folder(const struct pst_census *census, uint32_t nid);
struct pst_ref *pst_census_message(const struct pst_census *census,
    uint32_t nid);

struct pst_ref *pst_census_associated(const struct pst_census *census,
    uint32_t nid);

/* Parts of the census, each a file. */
void pst_census_nodes(struct pst_census *census);   /* census_nodes.c */
void pst_census_folders(struct pst_census *census); /* census_folders.c */
void pst_census_special(struct pst_census *census); /* census_special.c */
void pst_census_special_names(struct pst_census *census);
void pst_census_codepage(struct pst_census *census);/* codepage.c */

/* A string property as UTF-8, in `arena`; absent: none. */
struct bytes pst_text(struct pst_store *store, struct arena *arena,
    const struct mapi_bag *bag, uint16_t id);

#endif
