/*
 * Mailboxes: those the incident file names, those the exports are, and those
 * only the log knows (contract 2, last bullets; contract 3, Mailbox).
 */
#include "forensics/access/mailboxes.h"

#include "parsers/base/text.h"

struct bytes
mailbox_lower(struct mailbox_build *b, struct bytes text)
{
	uint8_t *out = arena_raw(&b->arena, text.n);

	for (size_t i = 0; i < text.n; i++)
		out[i] = byte_lower(text.p[i]);
	return bytes_of(out, text.n);
}

static void
add_name(struct mailbox_build *b, const char *kind, struct bytes name,
    int64_t mailbox)
{
	struct case_rows *rows = case_query(b->file,
	    "INSERT OR IGNORE INTO mailbox_names VALUES(?1, ?2, ?3)");

	if (name.n == 0)
		return;
	case_bind_text(rows, 1, text_fold_name(&b->arena, name));
	case_bind_cstr(rows, 2, kind);
	case_bind_number(rows, 3, mailbox);
	case_exec(rows);
}

int64_t
mailbox_find(struct mailbox_build *b, const char *kind, struct bytes name)
{
	struct case_rows *rows = case_query(b->file,
	    "SELECT min(mailbox_no) FROM mailbox_names"
	    " WHERE kind = ?1 AND name = ?2");
	int64_t found;

	if (name.n == 0)
		return 0;
	case_bind_cstr(rows, 1, kind);
	case_bind_text(rows, 2, text_fold_name(&b->arena, name));
	found = case_next(rows) ? case_number(rows, 0) : 0;
	return found == INT64_MIN ? 0 : found;
}

int64_t
mailbox_row(struct mailbox_build *b, struct bytes name, struct bytes guid)
{
	struct case_rows *rows = case_query(b->file,
	    "INSERT INTO mailboxes(mailbox, guid, held, paths)"
	    " VALUES(?1, ?2, 0, '[]') ON CONFLICT(mailbox) DO UPDATE"
	    " SET guid = coalesce(guid, excluded.guid) RETURNING mailbox_no");
	int64_t row;

	case_bind_text(rows, 1, name);
	if (guid.n > 0)
		case_bind_text(rows, 2, guid);
	row = case_next(rows) ? case_number(rows, 0) : 0;
	while (case_next(rows))
		continue;
	if (bytes_find_byte(name, '@') != SIZE_MAX)
		add_name(b, "address", name, row);
	add_name(b, "guid", guid, row);
	return row;
}

static void
add_entries(struct mailbox_build *b)
{
	const struct incident *incident = b->incident;

	b->entry_rows = arena_array(&b->arena, incident->mailbox_count + 1,
	    sizeof *b->entry_rows);
	for (size_t i = 0; i < incident->mailbox_count; i++) {
		const struct mailbox_entry *entry = &incident->mailboxes[i];
		int64_t row = mailbox_row(b,
		    entry->address.n ? entry->address : entry->guid,
		    entry->guid);

		b->entry_rows[i] = row;
		for (size_t k = 0; k < entry->name_count; k++)
			add_name(b, "name", entry->names[k], row);
	}
}

/* Mailboxes that only the stolen lists or assumptions name. */
static void
add_listed(struct mailbox_build *b, struct bytes name)
{
	bool address = bytes_find_byte(name, '@') != SIZE_MAX;

	if (name.n == 0 || bytes_eq(name, BYTES_LIT("*")) ||
	    mailbox_find(b, "address", name) != 0 ||
	    mailbox_find(b, "guid", name) != 0 ||
	    mailbox_find(b, "name", name) != 0)
		return;
	mailbox_row(b, name, address ? BYTES_NONE : name);
}

static void
add_all_listed(struct mailbox_build *b)
{
	const struct incident *incident = b->incident;

	for (size_t i = 0; i < incident->stolen_count; i++)
		add_listed(b, incident->stolen[i].mailbox);
	for (size_t i = 0; i < incident->assumed_count; i++)
		add_listed(b, incident->assumed[i].mailbox);
}

/* A mailbox that has only its GUID for a name is called by its first owner
 * (by time, then record id), unless somebody else is called so. */
static void
name_by_owner(struct mailbox_build *b, int64_t row, struct bytes owner)
{
	struct case_rows *rows = case_query(b->file,
	    "UPDATE OR IGNORE mailboxes SET mailbox = ?2"
	    " WHERE mailbox_no = ?1 AND mailbox = guid");

	case_bind_number(rows, 1, row);
	case_bind_text(rows, 2, owner);
	case_exec(rows);
}

static void
add_owner(struct mailbox_build *b, int64_t row, struct bytes owner)
{
	int64_t other = mailbox_find(b, "address", owner);

	if (owner.n == 0)
		return;
	name_by_owner(b, row, owner);
	/* Two entries of the incident file: each keeps its own address. */
	if (other == 0)
		add_name(b, "address", owner, row);
}

/* TEMP guid_owners: every owner that the log gives a GUID. */
static void
load_owners(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.guid_owners;"
	    "CREATE TEMP TABLE guid_owners AS SELECT DISTINCT"
	    " e.mailbox_guid AS guid, lower(e.mailbox_owner) AS owner"
	    " FROM kept_events JOIN events e USING (event)"
	    " WHERE e.mailbox_guid <> '' AND e.mailbox_owner <> '';"
	    "CREATE INDEX temp.guid_owners_owner ON guid_owners(owner)");
}

/* A mailbox that goes by another name of the same GUID, before or after. */
static int64_t
find_by_guid(struct mailbox_build *b, struct bytes guid, struct bytes owner)
{
	struct case_rows *rows = case_query_new(b->file,
	    "SELECT DISTINCT o.owner FROM temp.guid_owners g"
	    " JOIN temp.guid_owners o USING (guid)"
	    " WHERE g.guid = ?1 OR g.owner = ?2 ORDER BY 1");
	int64_t found = 0;

	case_bind_text(rows, 1, guid);
	case_bind_text(rows, 2, owner);
	while (found == 0 && case_next(rows))
		found = mailbox_find(b, "address", case_text(rows, 0));
	case_done(rows);
	return found;
}

/* GUIDs and owners of the log, earliest first: the addresses of one GUID are
 * one mailbox. */
static void
add_logged(struct mailbox_build *b)
{
	struct case_rows *rows;

	load_owners(b->file);
	rows = case_query_new(b->file,
	    "SELECT e.mailbox_guid, lower(e.mailbox_owner)"
	    " FROM temp.kept_events JOIN events e USING (event)"
	    " WHERE e.mailbox_guid IS NOT NULL OR e.mailbox_owner IS NOT NULL"
	    " GROUP BY 1, 2 ORDER BY min(printf('%020d%s',"
	    " coalesce(e.time_us, 9223372036854775807),"
	    " coalesce(e.record_id, ''))), 1, 2");

	while (case_next(rows)) {
		struct bytes guid = arena_dup(&b->arena, case_text(rows, 0));
		struct bytes owner = arena_dup(&b->arena, case_text(rows, 1));
		int64_t row = mailbox_find(b, "guid", guid);

		if (row == 0)
			row = mailbox_find(b, "address", owner);
		if (row == 0)
			row = find_by_guid(b, guid, owner);
		if (row == 0)
			row = mailbox_row(b, owner.n ? owner : guid, guid);
		add_name(b, "guid", guid, row);
		add_owner(b, row, owner);
	}
	case_done(rows);
	case_run(b->file,
	    "UPDATE mailboxes SET guid = (SELECT min(name) FROM mailbox_names"
	    " n WHERE n.mailbox_no = mailboxes.mailbox_no"
	    " AND n.kind = 'guid') WHERE guid IS NULL OR guid = ''");
}

/* The local part of an address names its mailbox when no other has it. */
static void
add_local_parts(struct case_file *file)
{
	case_run(file,
	    "INSERT OR IGNORE INTO mailbox_names"
	    " SELECT substr(name, 1, instr(name, '@') - 1), 'local',"
	    " mailbox_no FROM mailbox_names WHERE kind = 'address'"
	    " AND instr(name, '@') > 1;"
	    "DELETE FROM mailbox_names WHERE kind = 'local' AND name IN"
	    " (SELECT name FROM mailbox_names WHERE kind = 'local'"
	    " GROUP BY name HAVING count(DISTINCT mailbox_no) > 1)");
}

void
mailboxes_build(struct case_file *file, const struct incident *incident)
{
	struct mailbox_build b = { .file = file, .incident = incident };

	arena_init(&b.arena);
	add_entries(&b);
	add_logged(&b);
	add_all_listed(&b);
	mailbox_paths_link(&b);
	add_local_parts(file);
	arena_release(&b.arena);
}
