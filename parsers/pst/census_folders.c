/* Names, parents, tables and paths of folders, [MS-PST] 2.4.4. */
#include <stdlib.h>

#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/pst/census.h"

enum {
	TAG_NAME = 0x3001, TAG_CONTENT_COUNT = 0x3602, TAG_CLASS = 0x3613,
	NAME_MOST = 1024,
};

struct bytes
pst_text(struct pst_store *store, struct arena *arena,
    const struct mapi_bag *bag, uint16_t id)
{
	const struct mapi_property *p = pst_bag_find(bag, id);
	enum text_quality quality;

	if (p == NULL || !bytes_present(p->value))
		return BYTES_NONE;
	if (p->type == MAPI_UNICODE)
		return text_from_utf16le(arena, p->value);
	if (p->type != MAPI_STRING8)
		return BYTES_NONE;
	return text_from_codepage(arena,
	    store->codepage ? store->codepage : 1252, p->value, &quality);
}

/* One path component: no separator, no end in the middle, not endless. */
static struct bytes
folder_name(struct arena *arena, struct bytes name)
{
	uint8_t *copy;

	name = bytes_slice(name, 0, NAME_MOST);
	copy = arena_raw(arena, name.n + 1);
	for (size_t i = 0; i < name.n; i++)
		copy[i] = name.p[i] == '/' || name.p[i] == 0 ? '_' : name.p[i];
	return text_repair_utf8(arena, bytes_of(copy, name.n));
}

/* ---- properties of one folder */

static void
read_folder(struct pst_census *c, struct pst_folder *f)
{
	static const uint16_t wanted[] = { TAG_NAME, TAG_CONTENT_COUNT,
		TAG_CLASS };
	struct pst_object object;
	struct pst_bag bag;

	arena_reset(&c->scratch);
	pst_at(c->store, arena_printf(&c->arena, "nid=0x%x", f->node.nid));
	if (f->node.data == 0 ||
	    !pst_object_open(&object, c->store, &c->scratch, &f->node) ||
	    !pst_bag_pick(&object, wanted, 3, &bag))
		return;
	f->name = folder_name(&c->arena,
	    pst_text(c->store, &c->scratch, &bag.bag, TAG_NAME));
	f->container_class = arena_dup(&c->arena,
	    pst_text(c->store, &c->scratch, &bag.bag, TAG_CLASS));
	f->content_count = (int32_t)(uint32_t)pst_bag_number(&bag.bag,
	    TAG_CONTENT_COUNT, UINT32_MAX);
}

/* ---- hierarchy tables */

static bool
open_table(struct pst_census *c, const struct pst_folder *f,
    enum pst_nid_type type, struct pst_table *table)
{
	struct pst_node node;

	arena_reset(&c->scratch);
	return pst_node_find(c->store, pst_nid_sibling(f->node.nid, type),
	           &node) &&
	       node.data != 0 &&
	       pst_table_open(table, c->store, &c->scratch, &node);
}

/* A folder that only its parent's table knows; its name is in the row. */
static void
add_unknown(struct pst_census *c, struct pst_table *table, size_t row,
    uint32_t parent)
{
	struct bytes bytes = pst_table_row(table, row);
	struct mapi_bag bag = { NULL, 0 };
	struct pst_folder *more;

	if (c->folder_count >= pst_limits.folders) {
		pst_say(c->store, PROBLEM_LIMIT_SIZE, OUTCOME_ITEM_LOST, 1,
		    "more folders than %u", (unsigned)pst_limits.folders);
		return;
	}
	if (bytes_present(bytes))
		bag = pst_table_bag(table, bytes);
	if (c->folder_count == c->folder_room) {
		c->folder_room *= 2;
		more = realloc(c->folders, c->folder_room * sizeof *more);
		if (more == NULL)
			abort();
		c->folders = more;
	}
	c->folders[c->folder_count++] = (struct pst_folder){
		.node = { .nid = table->rows[row].id, .parent = parent },
		.parent = PST_NOWHERE, .content_count = -1,
		.name = folder_name(&c->arena,
		    pst_text(c->store, &c->scratch, &bag, TAG_NAME)),
	};
	pst_say(c->store, PROBLEM_NO_DATA, OUTCOME_PARTIAL, 0,
	    "folder 0x%x is listed, and its node is not there "
	    "([MS-PST] 2.4.4.4)", table->rows[row].id);
}

struct link {
	uint32_t child, parent; /* NIDs */
};

struct links {
	struct link *list;
	size_t count, room;
};

static void
add_link(struct pst_census *c, struct links *links, uint32_t child,
    uint32_t parent)
{
	if (links->count == links->room) {
		size_t room = links->room ? links->room * 2 : 256;
		struct link *more = arena_array(&c->arena, room, sizeof *more);

		if (links->count > 0)
			memcpy(more, links->list, links->count * sizeof *more);
		links->list = more;
		links->room = room;
	}
	links->list[links->count++] = (struct link){ child, parent };
}

static bool
is_folder(uint32_t nid)
{
	return pst_nid_type(nid) == PST_NID_FOLDER ||
	       pst_nid_type(nid) == PST_NID_SEARCH;
}

static void
read_hierarchy(struct pst_census *c, size_t i, size_t known,
    struct links *links)
{
	struct pst_table table;
	uint32_t nid = c->folders[i].node.nid;

	pst_at(c->store, arena_printf(&c->arena, "nid=0x%x", nid));
	if (!open_table(c, &c->folders[i], PST_NID_HIERARCHY, &table))
		return;
	for (size_t row = 0; row < table.row_count; row++) {
		uint32_t child = table.rows[row].id;
		size_t count = c->folder_count;

		if (!is_folder(child) || child == nid)
			continue;
		/* The part of the list that is sorted. */
		c->folder_count = known;
		if (pst_census_folder(c, child) == PST_NOWHERE) {
			c->folder_count = count;
			add_unknown(c, &table, row, nid);
		} else {
			c->folder_count = count;
		}
		add_link(c, links, child, nid);
	}
}

static int
compare_folders(const void *left, const void *right)
{
	const struct pst_folder *a = left, *b = right;

	return a->node.nid < b->node.nid ? -1 : a->node.nid > b->node.nid;
}

static void
sort_again(struct pst_census *c, size_t known)
{
	size_t kept = 0;

	if (c->folder_count == known)
		return;
	qsort(c->folders, c->folder_count, sizeof *c->folders,
	    compare_folders);
	for (size_t i = 0; i < c->folder_count; i++)
		if (kept == 0 ||
		    c->folders[kept - 1].node.nid != c->folders[i].node.nid)
			c->folders[kept++] = c->folders[i];
	c->folder_count = kept;
}

/* nidParent of the node counts; without one, the table that lists it. */
static void
set_parents(struct pst_census *c, const struct links *links)
{
	for (size_t i = 0; i < c->folder_count; i++) {
		struct pst_folder *f = &c->folders[i];

		if (f->node.nid != PST_NID_ROOT && f->node.parent != 0)
			f->parent = pst_census_folder(c, f->node.parent);
		if (f->parent == i)
			f->parent = PST_NOWHERE;
	}
	for (size_t i = 0; i < links->count; i++) {
		uint32_t child = pst_census_folder(c, links->list[i].child);
		uint32_t parent = pst_census_folder(c, links->list[i].parent);

		if (child == PST_NOWHERE ||
		    c->folders[child].node.nid == PST_NID_ROOT)
			continue;
		c->folders[child].listed = true;
		if (c->folders[child].parent == PST_NOWHERE)
			c->folders[child].parent = parent;
		else if (c->folders[child].parent != parent)
			pst_say(c->store, PROBLEM_COUNT_MISMATCH, OUTCOME_OK,
			    0, "folder 0x%x lies in 0x%x and is listed by "
			    "0x%x", links->list[i].child,
			    c->folders[c->folders[child].parent].node.nid,
			    links->list[i].parent);
	}
}

/* ---- who lies where */

/* Steps up to the root; a circle or too deep a tree is cut off. */
static void
cut_circles(struct pst_census *c)
{
	for (size_t i = 0; i < c->folder_count; i++) {
		uint32_t at = (uint32_t)i;
		unsigned depth = 0;

		while (c->folders[at].parent != PST_NOWHERE &&
		       depth++ <= LIMIT_FOLDER_DEPTH)
			at = c->folders[at].parent;
		if (depth <= LIMIT_FOLDER_DEPTH)
			continue;
		pst_at(c->store, arena_printf(&c->arena, "nid=0x%x",
		    c->folders[i].node.nid));
		pst_say(c->store, PROBLEM_LIMIT_DEPTH, OUTCOME_PARTIAL, 0,
		    "folder 0x%x lies in a circle or more than %u deep: its "
		    "path is cut", c->folders[i].node.nid,
		    (unsigned)LIMIT_FOLDER_DEPTH);
		c->folders[i].parent = PST_NOWHERE;
	}
}

static bool
lies_in(const struct pst_census *c, uint32_t at, uint32_t in)
{
	for (; at != PST_NOWHERE; at = c->folders[at].parent)
		if (at == in)
			return true;
	return false;
}

static struct bytes
shown_name(struct pst_census *c, const struct pst_folder *f)
{
	return f->name.n > 0 ? f->name
			     : arena_printf(&c->arena, "(0x%x)", f->node.nid);
}

/* Below the IPM subtree, or below the root folder. */
static struct bytes
folder_path(struct pst_census *c, uint32_t at)
{
	uint32_t chain[LIMIT_FOLDER_DEPTH + 2];
	uint32_t top = c->folders[at].in_mail ? c->ipm : c->root;
	unsigned depth = 0;
	struct bytes path = BYTES_LIT("");

	for (; at != top && at != PST_NOWHERE && depth <= LIMIT_FOLDER_DEPTH;
	     at = c->folders[at].parent)
		chain[depth++] = at;
	while (depth > 0) {
		struct bytes name = shown_name(c, &c->folders[chain[--depth]]);

		path = arena_printf(&c->arena, "%.*s%s%.*s", (int)path.n,
		    (const char *)path.p, path.n ? "/" : "", (int)name.n,
		    (const char *)name.p);
	}
	return path;
}

/* OST: IPM_SUBTREE below "Root - Mailbox", not below "Root - Public". */
static uint32_t
ipm_by_name(const struct pst_census *c)
{
	uint32_t best = PST_NOWHERE;

	for (uint32_t i = 0; i < c->folder_count; i++) {
		const struct pst_folder *f = &c->folders[i];
		struct bytes above = f->parent == PST_NOWHERE
					 ? BYTES_NONE
					 : c->folders[f->parent].name;

		if (!bytes_eq_nocase(f->name, BYTES_LIT("IPM_SUBTREE")))
			continue;
		if (bytes_find_nocase(above, BYTES_LIT("mailbox")) !=
		    SIZE_MAX)
			return i;
		if (best == PST_NOWHERE &&
		    bytes_find_nocase(above, BYTES_LIT("public")) == SIZE_MAX)
			best = i;
	}
	return best;
}

/* Nobody says which: the child of the root with most folders below it. */
static uint32_t
ipm_by_size(struct pst_census *c)
{
	uint32_t *below = arena_array(&c->arena, c->folder_count + 1,
	    sizeof *below);
	uint32_t best = c->root, most = 0;

	for (uint32_t i = 0; i < c->folder_count; i++) {
		uint32_t at = i;

		while (at != PST_NOWHERE && c->folders[at].parent != c->root)
			at = c->folders[at].parent;
		if (at != PST_NOWHERE && at != c->root &&
		    pst_nid_type(c->folders[at].node.nid) == PST_NID_FOLDER)
			below[at]++;
	}
	for (uint32_t i = 0; i < c->folder_count; i++)
		if (below[i] > most) {
			most = below[i];
			best = i;
		}
	return best;
}

static void
place_folders(struct pst_census *c)
{
	c->root = pst_census_folder(c, PST_NID_ROOT);
	pst_census_special(c);
	if (c->ipm == PST_NOWHERE)
		c->ipm = ipm_by_name(c);
	if (c->ipm == PST_NOWHERE)
		c->ipm = ipm_by_size(c);
	for (uint32_t i = 0; i < c->folder_count; i++) {
		struct pst_folder *f = &c->folders[i];

		f->in_tree = c->root != PST_NOWHERE && lies_in(c, i, c->root);
		f->in_mail = c->ipm != PST_NOWHERE && lies_in(c, i, c->ipm);
	}
	for (uint32_t i = 0; i < c->folder_count; i++)
		c->folders[i].path = folder_path(c, i);
}

/* ---- contents tables */

/* Counted, and read for what they make the mailbox do (mapi/found.c). */
static void
read_associated(struct pst_census *c, struct pst_folder *f)
{
	struct pst_table table;

	if (!open_table(c, f, PST_NID_FAI, &table))
		return;
	f->associated = (int64_t)table.row_count;
	f->associated_rows = arena_array(&c->arena, table.row_count,
	    sizeof *f->associated_rows);
	for (size_t i = 0; i < table.row_count; i++) {
		struct pst_ref *m = pst_census_associated(c,
		    table.rows[i].id);

		f->associated_rows[f->associated_count++] = table.rows[i].id;
		if (m != NULL && m->folder == PST_NOWHERE)
			m->folder = (uint32_t)(f - c->folders);
	}
}

static void
read_contents(struct pst_census *c, struct pst_folder *f)
{
	struct pst_table table;
	size_t kept = 0;

	pst_at(c->store, arena_printf(&c->arena, "nid=0x%x", f->node.nid));
	if (open_table(c, f, PST_NID_CONTENTS, &table)) {
		f->table_whole = table.whole;
		f->rows = arena_array(&c->arena, table.row_count,
		    sizeof *f->rows);
		for (size_t i = 0; i < table.row_count; i++)
			f->rows[kept++] = table.rows[i].id;
		f->row_count = kept;
	}
	read_associated(c, f);
	f->expected = (int64_t)f->row_count;
	if (f->content_count == f->expected || f->content_count < 0)
		return;
	pst_say(c->store, PROBLEM_COUNT_MISMATCH, OUTCOME_OK, 0,
	    "the folder counts %lld items and its table lists %zu "
	    "([MS-PST] 2.4.4)", (long long)f->content_count, f->row_count);
	if (!f->table_whole && f->content_count > f->expected)
		f->expected = f->content_count;
}

/* A message belongs to the folder that lists it; to nidParent, when several
 * do; the others then promise one less. */
static void
claim_rows(struct pst_census *c, uint32_t folder)
{
	struct pst_folder *f = &c->folders[folder];
	size_t kept = 0, elsewhere = 0;

	for (size_t i = 0; i < f->row_count; i++) {
		struct pst_ref *m = pst_census_message(c, f->rows[i]);

		if (m != NULL && m->folder != PST_NOWHERE &&
		    m->folder != folder) {
			elsewhere++;
			continue;
		}
		f->rows[kept++] = f->rows[i];
		if (m == NULL)
			c->missing++;
		else
			m->folder = folder;
	}
	f->row_count = kept;
	if (elsewhere == 0)
		return;
	f->expected -= (int64_t)elsewhere;
	pst_at(c->store, arena_printf(&c->arena, "nid=0x%x", f->node.nid));
	pst_say(c->store, PROBLEM_COUNT_MISMATCH, OUTCOME_OK, 0,
	    "%zu items that another folder lists as well: read there",
	    elsewhere);
}

/* First those whose table and nidParent agree. */
static void
claim_agreed(struct pst_census *c, uint32_t folder)
{
	struct pst_folder *f = &c->folders[folder];

	for (size_t i = 0; i < f->row_count; i++) {
		struct pst_ref *m = pst_census_message(c, f->rows[i]);

		if (m != NULL && m->parent == f->node.nid)
			m->folder = folder;
	}
}

void
pst_census_folders(struct pst_census *c)
{
	struct links links = { NULL, 0, 0 };
	size_t known = c->folder_count;

	for (size_t i = 0; i < known; i++)
		read_folder(c, &c->folders[i]);
	for (size_t i = 0; i < known; i++)
		if (pst_nid_type(c->folders[i].node.nid) == PST_NID_FOLDER)
			read_hierarchy(c, i, known, &links);
	sort_again(c, known);
	pst_at(c->store, BYTES_NONE);
	set_parents(c, &links);
	cut_circles(c);
	place_folders(c);
	for (size_t i = 0; i < c->folder_count; i++)
		if (pst_nid_type(c->folders[i].node.nid) == PST_NID_FOLDER)
			read_contents(c, &c->folders[i]);
	for (uint32_t i = 0; i < c->folder_count; i++)
		claim_agreed(c, i);
	for (uint32_t i = 0; i < c->folder_count; i++)
		claim_rows(c, i);
	pst_at(c->store, BYTES_NONE);
}
