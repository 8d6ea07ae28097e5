/* From the census to records: source, folders, losses, work units. */
#include "parsers/base/buffer.h"
#include "parsers/pst/unit.h"

/* A unit: this much of the file, and no more items than its spec holds. */
#define UNIT_BYTES (UINT64_C(4) << 20)
enum { UNIT_ITEMS_LEAST = 16, UNIT_ITEMS_MOST = 1024, LOST_ROWS_MOST = 100 };

struct planner {
	struct pst_census *census;
	struct sink *sink;
	struct arena *arena;
	struct buffer spec;
	size_t items, items_most, units;
	uint32_t folder; /* NID in hand in the spec */
	uint32_t sent;   /* of the folder of sent items; 0: none */
	bool folder_said;
};

static struct bytes
nid_text(struct arena *arena, uint32_t nid)
{
	return arena_printf(arena, "nid=0x%x", nid);
}

/* ---- the source */

static struct bytes
special_json(const struct pst_census *c, struct arena *arena)
{
	struct buffer json = BUFFER_EMPTY;
	struct bytes kept;

	for (size_t i = 0; i < c->folder_count; i++)
		if (c->folders[i].special != NULL)
			buffer_printf(&json, "%s\"%s\":\"nid=0x%x\"",
			    json.n ? "," : "{", c->folders[i].special,
			    c->folders[i].node.nid);
	buffer_add_cstr(&json, json.n ? "}" : "{}");
	kept = arena_dup(arena, buffer_bytes(&json));
	buffer_release(&json);
	return kept;
}

static void
say_source(struct planner *p)
{
	struct pst_census *c = p->census;
	struct record_source_info info;

	record_clear(RECORD_KIND_SOURCE_INFO, &info);
	info.store_owner = c->owner;
	info.display_name = c->display_name;
	info.special = special_json(c, p->arena);
	sink_record(p->sink, RECORD_KIND_SOURCE_INFO, &info);
	if (c->password_crc != 0 && c->password_crc != UINT32_MAX)
		sink_problem(p->sink, BYTES_LIT("nid=0x21"),
		    PROBLEM_ENCRYPTED, OUTCOME_OK, 0,
		    "a password is set (CRC 0x%08x); it encrypts nothing and "
		    "is not needed ([MS-PST] 2.4.3.3)", c->password_crc);
}

/* ---- folders */

static const char *
folder_kind(const struct pst_folder *f)
{
	if (pst_nid_type(f->node.nid) == PST_NID_SEARCH)
		return "search";
	return f->in_mail ? "mail" : "hidden";
}

static void
say_folder(struct planner *p, const struct pst_folder *f)
{
	struct pst_census *c = p->census;
	struct record_folder folder;

	record_clear(RECORD_KIND_FOLDER, &folder);
	folder.folder_id = nid_text(p->arena, f->node.nid);
	if (f->parent != PST_NOWHERE)
		folder.parent_id = nid_text(p->arena,
		    c->folders[f->parent].node.nid);
	folder.path = f->path;
	folder.kind = bytes_cstr(folder_kind(f));
	folder.container_class = f->container_class;
	folder.special = bytes_cstr(f->special);
	/* A search folder shows messages of other folders. */
	folder.expected = pst_nid_type(f->node.nid) == PST_NID_SEARCH
			      ? 0
			      : f->expected;
	folder.associated = f->associated;
	sink_record(p->sink, RECORD_KIND_FOLDER, &folder);
}

/* ---- losses */

static void
say_lost(struct planner *p, const struct pst_folder *f, size_t lost)
{
	size_t said = 0;

	for (size_t i = 0; i < f->row_count && said < LOST_ROWS_MOST; i++) {
		if (pst_census_message(p->census, f->rows[i]) != NULL)
			continue;
		sink_problem(p->sink, nid_text(p->arena, f->rows[i]),
		    PROBLEM_NO_DATA, OUTCOME_ITEM_LOST, 1,
		    "listed in folder 0x%x, and its node is nowhere in the "
		    "file ([MS-PST] 2.4.4.5)", f->node.nid);
		said++;
	}
	if (lost > said)
		sink_problem(p->sink, nid_text(p->arena, f->node.nid),
		    PROBLEM_NO_DATA, OUTCOME_ITEM_LOST, (int64_t)(lost - said),
		    "%zu further items listed in this folder have no node in "
		    "the file ([MS-PST] 2.4.4.5)", lost - said);
}

/* ---- units */

static void
unit_begin(struct planner *p)
{
	struct pst_store *store = p->census->store;

	buffer_reset(&p->spec);
	buffer_printf(&p->spec, "cp=%u", store->codepage);
	if (p->sent != 0)
		buffer_printf(&p->spec, " sent=%u", p->sent);
	if (store->rescue)
		buffer_add_cstr(&p->spec, " rescue=1");
	p->items = 0;
	p->folder_said = false;
}

static void
unit_end(struct planner *p)
{
	struct record_unit unit;

	record_clear(RECORD_KIND_UNIT, &unit);
	unit.spec = buffer_bytes(&p->spec);
	unit.items = (int64_t)p->items;
	sink_record(p->sink, RECORD_KIND_UNIT, &unit);
	p->units++;
	unit_begin(p);
}

static void
unit_add(struct planner *p, uint32_t folder, char how, uint32_t nid)
{
	if (p->items == p->items_most)
		unit_end(p);
	if (!p->folder_said || p->folder != folder)
		buffer_printf(&p->spec, " f%x", folder);
	p->folder = folder;
	p->folder_said = true;
	buffer_printf(&p->spec, " %c%x", how, nid);
	p->items++;
}

/* Found by the scan although the trees are whole: the node was deleted. */
static char
listed_how(const struct pst_census *c, const struct pst_ref *m)
{
	return m->found_by_scan && !c->damaged ? 'p' : 'l';
}

static void
plan_folder(struct planner *p, const struct pst_folder *f)
{
	size_t lost = 0;

	for (size_t i = 0; i < f->row_count; i++) {
		const struct pst_ref *m = pst_census_message(p->census,
		    f->rows[i]);

		if (m != NULL)
			unit_add(p, f->node.nid, listed_how(p->census, m),
			    m->nid);
		else
			lost++;
	}
	if (lost > 0)
		say_lost(p, f, lost);
}

/* How many items each folder promises that no row names: its table is
 * damaged, and nodes that say they lie in it fill the places. */
static int64_t *
open_places(struct planner *p)
{
	const struct pst_census *c = p->census;
	int64_t *places = arena_array(p->arena, c->folder_count + 1,
	    sizeof *places);

	for (size_t i = 0; i < c->folder_count; i++)
		places[i] = c->folders[i].expected -
			    (int64_t)c->folders[i].row_count;
	return places;
}

static void
plan_orphans(struct planner *p)
{
	const struct pst_census *c = p->census;
	int64_t *places = open_places(p);

	for (size_t i = 0; i < c->message_count; i++) {
		const struct pst_ref *m = &c->messages[i];
		uint32_t folder;
		bool promised;

		if (m->folder != PST_NOWHERE)
			continue;
		folder = pst_census_folder(c, m->parent);
		promised = folder != PST_NOWHERE && places[folder] > 0;
		if (promised)
			places[folder]--;
		unit_add(p, folder == PST_NOWHERE ? 0 : m->parent,
		    promised ? 'p' : 'o', m->nid);
	}
	for (size_t i = 0; i < c->folder_count; i++)
		if (places[i] > 0)
			sink_problem(p->sink,
			    nid_text(p->arena, c->folders[i].node.nid),
			    PROBLEM_DAMAGED, OUTCOME_ITEM_LOST, places[i],
			    "the folder counts %lld items more than its "
			    "damaged table and the nodes show "
			    "([MS-PST] 2.4.4.5)", (long long)places[i]);
}

/* Associated items of a folder, listed or not. */
static void
plan_associated(struct planner *p)
{
	const struct pst_census *c = p->census;

	for (size_t i = 0; i < c->associated_count; i++) {
		const struct pst_ref *m = &c->associated[i];

		unit_add(p, m->folder != PST_NOWHERE
		    ? c->folders[m->folder].node.nid : m->parent, 'a', m->nid);
	}
}

static void
say_lost_associated(struct planner *p, const struct pst_folder *f)
{
	size_t lost = 0;

	for (size_t i = 0; i < f->associated_count; i++)
		lost += pst_census_associated(p->census,
		    f->associated_rows[i]) == NULL;
	if (lost > 0)
		sink_problem(p->sink, nid_text(p->arena, f->node.nid),
		    PROBLEM_NO_DATA, OUTCOME_PARTIAL, 0,
		    "%zu of the folder's associated items (rules, views, "
		    "settings) have no node in the file ([MS-PST] 2.4.4.6)",
		    lost);
}

static uint32_t
special_nid(const struct pst_census *c, const char *special)
{
	for (size_t i = 0; i < c->folder_count; i++)
		if (c->folders[i].special != NULL &&
		    strcmp(c->folders[i].special, special) == 0)
			return c->folders[i].node.nid;
	return 0;
}

static void
plan_units(struct planner *p)
{
	const struct pst_census *c = p->census;
	uint64_t most = c->message_count * UNIT_BYTES /
			(c->store->size + 1);

	p->items_most = most < UNIT_ITEMS_LEAST ? UNIT_ITEMS_LEAST
			: most > UNIT_ITEMS_MOST ? UNIT_ITEMS_MOST
						 : (size_t)most;
	if (c->store->size <= UNIT_BYTES)
		p->items_most = UNIT_ITEMS_MOST;
	p->sent = special_nid(c, "sent");
	unit_begin(p);
	for (size_t i = 0; i < c->folder_count; i++)
		plan_folder(p, &c->folders[i]);
	plan_orphans(p);
	plan_associated(p);
	for (size_t i = 0; i < c->folder_count; i++)
		say_lost_associated(p, &c->folders[i]);
	/* A small store is one unit, read at once by whoever planned it. */
	if (p->units > 0 && p->items > 0)
		unit_end(p);
	buffer_add_cstr(&p->spec, " recover");
	unit_end(p);
}

void
pst_plan_say(struct pst_census *c, struct sink *sink)
{
	struct planner p = { .census = c, .sink = sink, .arena = &c->scratch };

	arena_reset(&c->scratch);
	say_source(&p);
	for (size_t i = 0; i < c->folder_count; i++)
		say_folder(&p, &c->folders[i]);
	plan_units(&p);
	buffer_release(&p.spec);
}
