/*
 * What the store says of itself and of its special folders: entry ids on the
 * store, on the root folder and on the inbox; the receive folder table.
 * [MS-PST] 2.4.3; [MS-OXOSFLD] 2.2.2 to 2.2.5.
 */
#include "parsers/pst/census.h"

enum {
	TAG_NAME = 0x3001, TAG_IPM = 0x35E0, TAG_PASSWORD = 0x67FF,
	TAG_MV_FOLDERS = 0x36D8, TAG_CLASS = 0x001A, TAG_RECEIVE = 0x6605,
	ENTRY_ID = 24, ENTRY_NID = 20,
};

static const struct {
	uint16_t tag;
	const char *name;
} of_store[] = {
	{ 0x35E2, "outbox" },
	{ 0x35E3, "deleted" },
	{ 0x35E4, "sent" },
}, of_inbox[] = {
	{ 0x36D0, "calendar" },
	{ 0x36D1, "contacts" },
	{ 0x36D2, "journal" },
	{ 0x36D3, "notes" },
	{ 0x36D4, "tasks" },
	{ 0x36D5, "reminders" },
	{ 0x36D7, "drafts" },
};

/* PidTagAdditionalRenEntryIds, in this order. */
static const char *const additional[] = { "conflicts", "sync_issues",
	"local_failures", "server_failures", "junk" };

/* Where no id says it: Outlook's English names, directly below the top. */
static const struct {
	const char *folder, *name;
} by_name[] = {
	{ "Inbox", "inbox" },
	{ "Sent Items", "sent" },
	{ "Deleted Items", "deleted" },
	{ "Drafts", "drafts" },
	{ "Outbox", "outbox" },
	{ "Junk E-mail", "junk" },
	{ "Junk Email", "junk" },
};

static uint32_t
folder_of_entry(const struct pst_census *c, struct bytes id)
{
	return id.n == ENTRY_ID
		   ? pst_census_folder(c, pst_le32(id.p + ENTRY_NID))
		   : PST_NOWHERE;
}

/* The first that claims a name has it, and a folder has one name. */
static void
mark(struct pst_census *c, uint32_t folder, const char *special)
{
	if (folder == PST_NOWHERE || c->folders[folder].special != NULL)
		return;
	for (size_t i = 0; i < c->folder_count; i++)
		if (c->folders[i].special != NULL &&
		    strcmp(c->folders[i].special, special) == 0)
			return;
	c->folders[folder].special = special;
}

static void
mark_by_property(struct pst_census *c, const struct mapi_bag *bag,
    uint16_t tag, const char *special)
{
	const struct mapi_property *p = pst_bag_find(bag, tag);

	if (p != NULL)
		mark(c, folder_of_entry(c, p->value), special);
}

/* Item i of a multi-valued binary, [MS-PST] 2.3.3.4.2. */
static struct bytes
value_of_many(struct bytes all, size_t i)
{
	size_t count = all.n >= 4 ? pst_le32(all.p) : 0, from, to;

	if (i >= count || count > (all.n - 4) / 4)
		return BYTES_NONE;
	from = pst_le32(all.p + 4 + 4 * i);
	to = i + 1 < count ? pst_le32(all.p + 8 + 4 * i) : all.n;
	return from <= to && to <= all.n ? bytes_slice(all, from, to)
					 : BYTES_NONE;
}

static bool
open_bag(struct pst_census *c, uint32_t nid, struct pst_bag *bag)
{
	struct pst_object object;
	struct pst_node node;

	arena_reset(&c->scratch);
	return pst_node_find(c->store, nid, &node) && node.data != 0 &&
	       pst_object_open(&object, c->store, &c->scratch, &node) &&
	       pst_bag_read(&object, 0, bag);
}

static void
read_store(struct pst_census *c)
{
	static const uint16_t owners[] = { 0x39FE, 0x661C, 0x3001 };
	const struct mapi_property *ipm;
	struct pst_bag bag;

	if (!open_bag(c, PST_NID_STORE, &bag))
		return;
	ipm = pst_bag_find(&bag.bag, TAG_IPM);
	if (ipm != NULL)
		c->ipm = folder_of_entry(c, ipm->value);
	for (size_t i = 0; i < 3; i++)
		mark_by_property(c, &bag.bag, of_store[i].tag,
		    of_store[i].name);
	c->password_crc = (uint32_t)pst_bag_number(&bag.bag, TAG_PASSWORD, 0);
	c->display_name = arena_dup(&c->arena,
	    pst_text(c->store, &c->scratch, &bag.bag, TAG_NAME));
	for (size_t i = 0; i < 3 && !bytes_present(c->owner); i++) {
		struct bytes text = bytes_trim(pst_text(c->store, &c->scratch,
		    &bag.bag, owners[i]));

		if (bytes_find_byte(text, '@') != SIZE_MAX &&
		    bytes_find_byte(text, ' ') == SIZE_MAX)
			c->owner = arena_dup(&c->arena, text);
	}
}

/* The folder that takes messages of class IPM or of any class. */
static void
read_receive_table(struct pst_census *c)
{
	struct pst_table table;
	struct pst_node node;

	arena_reset(&c->scratch);
	if (!pst_node_find(c->store, PST_NID_RECEIVE, &node) ||
	    node.data == 0 ||
	    !pst_table_open(&table, c->store, &c->scratch, &node))
		return;
	for (size_t i = 0; i < table.row_count; i++) {
		struct bytes row = pst_table_row(&table, i), class;
		struct mapi_bag bag;

		if (!bytes_present(row))
			continue;
		bag = pst_table_bag(&table, row);
		class = pst_text(c->store, &c->scratch, &bag, TAG_CLASS);
		if (class.n == 0 ||
		    bytes_eq_nocase(class, BYTES_LIT("IPM")) ||
		    bytes_eq_nocase(class, BYTES_LIT("IPM.Note")))
			mark(c, pst_census_folder(c,
			            (uint32_t)pst_bag_number(&bag, TAG_RECEIVE,
			                0)),
			    "inbox");
	}
}

static void
read_inbox(struct pst_census *c, uint32_t folder)
{
	const struct mapi_property *many;
	struct pst_bag bag;

	if (folder == PST_NOWHERE ||
	    !open_bag(c, c->folders[folder].node.nid, &bag))
		return;
	for (size_t i = 0; i < sizeof of_inbox / sizeof of_inbox[0]; i++)
		mark_by_property(c, &bag.bag, of_inbox[i].tag,
		    of_inbox[i].name);
	many = pst_bag_find(&bag.bag, TAG_MV_FOLDERS);
	for (size_t i = 0; many != NULL && i < 5; i++)
		mark(c, folder_of_entry(c, value_of_many(many->value, i)),
		    additional[i]);
}

static uint32_t
special_folder(const struct pst_census *c, const char *name)
{
	for (uint32_t i = 0; i < c->folder_count; i++)
		if (c->folders[i].special != NULL &&
		    strcmp(c->folders[i].special, name) == 0)
			return i;
	return PST_NOWHERE;
}

void
pst_census_special(struct pst_census *c)
{
	c->ipm = PST_NOWHERE;
	pst_at(c->store, BYTES_LIT("nid=0x21"));
	read_store(c);
	read_receive_table(c);
	if (c->root != PST_NOWHERE)
		read_inbox(c, c->root);
	read_inbox(c, special_folder(c, "inbox"));
	pst_at(c->store, BYTES_NONE);
}

void
pst_census_special_names(struct pst_census *c)
{
	for (uint32_t i = 0; i < c->folder_count; i++) {
		const struct pst_folder *f = &c->folders[i];

		if (!f->in_mail || f->parent != c->ipm || i == c->ipm)
			continue;
		for (size_t k = 0; k < sizeof by_name / sizeof by_name[0]; k++)
			if (bytes_eq_nocase(f->name,
			        bytes_cstr(by_name[k].folder)))
				mark(c, i, by_name[k].name);
	}
}
