/*
 * An open store: its form, its roots, its page cache, and where its problems
 * are said.  [MS-PST] 2.2.2.6.  One store per plan or run; nothing outlives
 * pst_close().
 */
#ifndef PARSERS_PST_STORE_H
#define PARSERS_PST_STORE_H

#include "parsers/mapi/mapi.h"
#include "parsers/parser.h"
#include "parsers/pst/form.h"

struct pst_page_cache;
struct pst_pool;

/* Bounds of limits.h; tests set smaller ones, since nobody makes a store of
 * 16 million nodes to see the last one. */
struct pst_limits {
	size_t blocks, subnodes, pool, embedded, folders, nodes;
};
extern struct pst_limits pst_limits;

struct pst_root {
	uint64_t bid, ib;
};

struct pst_store {
	const struct input *input;
	const struct pst_form *form;
	uint64_t size;
	enum pst_crypt crypt;
	unsigned version;
	bool ost;
	bool header_damaged;    /* rebuilt from the first AMap page */
	uint64_t next_block, next_page;
	struct pst_root nbt, bbt;
	struct arena arena;     /* lives as long as the store */
	struct pst_page_cache *cache;
	uint8_t *stored;        /* one block as on disk */
	uint8_t *lists[2];      /* a list block and one that it lists */

	/* What a scan of the file found; NULL until someone asks. */
	struct pst_pool *pool;
	/* BTrees are damaged: look-ups that fail go on in the pool. */
	bool rescue;

	uint32_t codepage;      /* of PtypString8, 0: unknown */
	struct mapi_names names;
	struct bytes record_key; /* 16 bytes, for entry ids */
	unsigned embedded;      /* messages inside the item in hand */

	/* Problems: where they are said, of what, and how many so far. */
	struct sink *sink;      /* NULL: silent */
	struct bytes locator;
	bool pages_loud;        /* while the plan walks over each once */
	unsigned said, unsaid;
};

/* SOURCE_LOST: no store, or one of a form we do not read (a problem row says
 * so).  PARTIAL: the header is damaged, and the pages are read without. */
enum outcome pst_open(struct pst_store *store, const struct input *input,
    struct sink *sink);
void pst_close(struct pst_store *store);

/* Problems from here on are of this place. */
void pst_at(struct pst_store *store, struct bytes locator);

/* Further ones than PST_SAID_MOST of one place are counted, not said. */
enum { PST_SAID_MOST = 20 };
void pst_say(struct pst_store *store, enum problem_kind kind,
    enum outcome severity, int64_t items_lost, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
