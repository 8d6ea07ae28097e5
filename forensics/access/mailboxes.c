/*
 * Mailboxes: those the incident file names, those the exports are, and those
 * only the log knows (contract 2, last bullets; contract 3, Mailbox).
 */
#include <stdio.h>
#include <stdlib.h>

#include "forensics/access/reconstruct.h"
#include "parsers/base/buffer.h"
#include "parsers/base/text.h"

struct build {
	struct case_file *file;
	const struct incident *incident;
	struct arena arena;
	int64_t *entry_rows; /* mailbox_no of each incident entry */
};

static struct bytes
lower(struct arena *arena, struct bytes text)
{
	uint8_t *out = arena_raw(arena, text.n);

	for (size_t i = 0; i < text.n; i++)
		out[i] = byte_lower(text.p[i]);
	return bytes_of(out, text.n);
}

static void
add_name(struct build *b, const char *kind, struct bytes name, int64_t mailbox)
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

static int64_t
find_mailbox(struct build *b, const char *kind, struct bytes name)
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

/* The mailbox of that name, made when it is new. */
static int64_t
mailbox_row(struct build *b, struct bytes name, struct bytes guid)
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
add_entries(struct build *b)
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
add_listed(struct build *b)
{
	const struct incident *incident = b->incident;

	for (size_t i = 0; i < incident->stolen_count; i++)
		if (incident->stolen[i].mailbox.n > 0 &&
		    find_mailbox(b, "address", incident->stolen[i].mailbox) ==
		        0)
			mailbox_row(b, incident->stolen[i].mailbox,
			    BYTES_NONE);
	for (size_t i = 0; i < incident->assumed_count; i++)
		if (bytes_find_byte(incident->assumed[i].mailbox, '@') !=
		        SIZE_MAX &&
		    find_mailbox(b, "address", incident->assumed[i].mailbox) ==
		        0)
			mailbox_row(b, incident->assumed[i].mailbox,
			    BYTES_NONE);
}

/* GUIDs and owners of the log, earliest first: the addresses of one GUID are
 * one mailbox. */
static void
add_logged(struct build *b)
{
	struct case_rows *rows = case_query_new(b->file,
	    "SELECT e.mailbox_guid, lower(e.mailbox_owner)"
	    " FROM judged_events JOIN events e USING (event)"
	    " WHERE e.mailbox_guid IS NOT NULL OR e.mailbox_owner IS NOT NULL"
	    " GROUP BY 1, 2 ORDER BY min(e.time_us), min(e.record_id), 1, 2");

	while (case_next(rows)) {
		struct bytes guid = arena_dup(&b->arena, case_text(rows, 0));
		struct bytes owner = arena_dup(&b->arena, case_text(rows, 1));
		int64_t row = find_mailbox(b, "guid", guid);

		if (row == 0)
			row = find_mailbox(b, "address", owner);
		if (row == 0 && owner.n > 0)
			row = mailbox_row(b, owner, guid);
		else if (row == 0 && guid.n > 0)
			row = mailbox_row(b, guid, guid);
		if (row == 0)
			continue;
		add_name(b, "guid", guid, row);
		add_name(b, "address", owner, row);
	}
	case_done(rows);
	case_run(b->file,
	    "UPDATE mailboxes SET guid = (SELECT min(name) FROM mailbox_names"
	    " n WHERE n.mailbox_no = mailboxes.mailbox_no"
	    " AND n.kind = 'guid') WHERE guid IS NULL OR guid = ''");
}

/* Part of a path before its n-th '/', without it. */
static struct bytes
parent_folder(struct bytes path)
{
	size_t n = path.n;

	while (n > 0 && path.p[n - 1] != '/')
		n--;
	return bytes_slice(path, 0, n > 0 ? n - 1 : 0);
}

/* The directory directly below the EVIDENCE argument, or the argument. */
static struct bytes
group_folder(struct bytes path)
{
	size_t first = bytes_find_byte(path, '/'), second;

	if (first == SIZE_MAX)
		return path;
	second = bytes_find_byte(bytes_skip(path, first + 1), '/');
	if (second == SIZE_MAX)
		return bytes_slice(path, 0, first);
	return bytes_slice(path, 0, first + 1 + second);
}

/* Over the group's files: most frequent Delivered-To, else recipient. */
static struct bytes
frequent_address(struct build *b, struct bytes group)
{
	static const char *const roles[] = { "delivered_to", "to" };

	for (size_t i = 0; i < 2; i++) {
		struct case_rows *rows = case_query_new(b->file,
		    "SELECT lower(a.address) AS who, count(*) AS times"
		    " FROM paths p JOIN messages m USING (source)"
		    " JOIN addresses a USING (message)"
		    " WHERE (p.path = ?1 OR substr(p.path, 1,"
		    "  length(?1) + 1) = ?1 || '/') AND m.parent IS NULL"
		    " AND a.role IN (?2, iif(?2 = 'to', 'cc', ?2))"
		    " AND instr(a.address, '@') > 1"
		    " GROUP BY who ORDER BY times DESC, who LIMIT 1");
		struct bytes found = BYTES_NONE;

		case_bind_text(rows, 1, group);
		case_bind_cstr(rows, 2, roles[i]);
		if (case_next(rows))
			found = arena_dup(&b->arena, case_text(rows, 0));
		case_done(rows);
		if (found.n > 0)
			return found;
	}
	return BYTES_NONE;
}

/* Without "cur", "new" and a Maildir's dots: .A.B is A/B. */
static struct bytes
maildir_folder(struct build *b, struct bytes folder)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes rest = folder, part, result;
	bool maildir = bytes_ends(folder, BYTES_LIT("cur")) ||
		       bytes_ends(folder, BYTES_LIT("new"));

	while (maildir && rest.n > 0 && bytes_cut(&rest, '/', &part)) {
		if (rest.n == 0 && (bytes_eq(part, BYTES_LIT("cur")) ||
		                       bytes_eq(part, BYTES_LIT("new"))))
			break;
		if (out.n > 0)
			buffer_add_byte(&out, '/');
		if (part.n > 0 && part.p[0] == '.')
			for (size_t i = 1; i < part.n; i++)
				buffer_add_byte(&out,
				    part.p[i] == '.' ? '/' : part.p[i]);
		else
			buffer_add_bytes(&out, part);
	}
	result = maildir ? arena_dup(&b->arena, buffer_bytes(&out)) : folder;
	buffer_release(&out);
	return result;
}

static bool
cut_ending(struct bytes *text, const char *ending)
{
	if (!bytes_ends(*text, bytes_cstr(ending)))
		return false;
	text->n -= strlen(ending);
	return true;
}

/* X.sbd/ is X/ in Thunderbird's folders. */
static struct bytes
without_sbd(struct build *b, struct bytes path)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes rest = path, part, result;

	while (rest.n > 0 && bytes_cut(&rest, '/', &part)) {
		bool last = rest.p == NULL;

		if (!last)
			cut_ending(&part, ".sbd");
		if (out.n > 0)
			buffer_add_byte(&out, '/');
		buffer_add_bytes(&out, part);
	}
	result = arena_dup(&b->arena, buffer_bytes(&out));
	buffer_release(&out);
	return result;
}

/* The folder of a mail file from its path below the mailbox root. */
static struct bytes
folder_of_path(struct build *b, struct bytes kind, struct bytes below)
{
	if (!bytes_eq(kind, BYTES_LIT("mbox")))
		return maildir_folder(b, parent_folder(below));
	below = without_sbd(b, below);
	if (!cut_ending(&below, ".mbox") && !cut_ending(&below, ".mbx"))
		cut_ending(&below, ".mbs");
	return below;
}

static void
link_path(struct build *b, struct bytes path, int64_t mailbox,
    const char *source, struct bytes folder)
{
	struct case_rows *rows = case_query(b->file,
	    "INSERT INTO path_mailboxes VALUES(?1, ?2, ?3, ?4)");

	case_bind_text(rows, 1, path);
	case_bind_number(rows, 2, mailbox);
	case_bind_cstr(rows, 3, source);
	case_bind_text(rows, 4, folder);
	case_exec(rows);
}

static _Noreturn void
refuse_tie(const struct incident *incident, struct bytes path,
    const struct mailbox_entry *a, const struct mailbox_entry *b)
{
	fprintf(stderr,
	    "postmortem: %s:%d: '%.*s' matches this mailbox and the one in "
	    "line %d alike; make one glob longer\n",
	    incident->path, a->line, (int)path.n, (const char *)path.p,
	    b->line);
	exit(2);
}

struct mail_path {
	struct bytes path, kind, owner, display;
};

static void
link_store(struct build *b, const struct mail_path *p)
{
	if (bytes_find_byte(p->owner, '@') != SIZE_MAX)
		link_path(b, p->path,
		    mailbox_row(b, lower(&b->arena, p->owner), BYTES_NONE),
		    "store_owner", BYTES_LIT(""));
	else if (bytes_find_byte(p->display, '@') != SIZE_MAX)
		link_path(b, p->path,
		    mailbox_row(b, lower(&b->arena, p->display), BYTES_NONE),
		    "display_name", BYTES_LIT(""));
	else /* a display name like "Outlook" is nobody's: the path is */
		link_path(b, p->path,
		    mailbox_row(b, lower(&b->arena, p->path), BYTES_NONE),
		    p->display.n ? "display_name" : "path", BYTES_LIT(""));
}

static void
link_tree(struct build *b, const struct mail_path *p)
{
	struct bytes group = group_folder(p->path), address, below;
	struct case_rows *rows = case_query(b->file,
	    "SELECT address FROM temp.groups WHERE folder = ?1");

	case_bind_text(rows, 1, group);
	if (case_next(rows))
		address = arena_dup(&b->arena, case_text(rows, 0));
	else {
		address = frequent_address(b, group);
		if (address.n == 0)
			address = lower(&b->arena, group);
		rows = case_query(b->file,
		    "INSERT INTO temp.groups VALUES(?1, ?2)");
		case_bind_text(rows, 1, group);
		case_bind_text(rows, 2, address);
		case_exec(rows);
	}
	below = p->path.n > group.n ? bytes_skip(p->path, group.n + 1)
				    : p->path;
	link_path(b, p->path, mailbox_row(b, address, BYTES_NONE),
	    "directory", folder_of_path(b, p->kind, below));
}

static void
link_mail(struct build *b, const struct mail_path *p)
{
	const struct mailbox_entry *tie, *entry;
	size_t root = 0;
	bool store = bytes_eq(p->kind, BYTES_LIT("pst")) ||
		     bytes_eq(p->kind, BYTES_LIT("ost"));

	entry = incident_mailbox_of(b->incident, p->path, &root, &tie);
	if (tie != NULL)
		refuse_tie(b->incident, p->path, entry, tie);
	if (entry == NULL) {
		store ? link_store(b, p) : link_tree(b, p);
		return;
	}
	link_path(b, p->path,
	    b->entry_rows[entry - b->incident->mailboxes], "incident",
	    store ? BYTES_LIT("")
		  : folder_of_path(b, p->kind, bytes_skip(p->path, root)));
}

static void
link_paths(struct build *b)
{
	struct case_rows *rows = case_query_new(b->file,
	    "SELECT p.path, s.kind, s.store_owner, s.display_name"
	    " FROM paths p JOIN sources s USING (source)"
	    " WHERE s.audit = 0 AND s.kind NOT IN ('empty', 'unknown')"
	    " ORDER BY p.path");

	case_run(b->file,
	    "DROP TABLE IF EXISTS temp.groups;"
	    "CREATE TEMP TABLE groups(folder TEXT PRIMARY KEY, address TEXT)"
	    " WITHOUT ROWID");
	while (case_next(rows)) {
		struct mail_path p = {
			arena_dup(&b->arena, case_text(rows, 0)),
			arena_dup(&b->arena, case_text(rows, 1)),
			arena_dup(&b->arena, case_text(rows, 2)),
			arena_dup(&b->arena, case_text(rows, 3)),
		};

		link_mail(b, &p);
	}
	case_done(rows);
	case_run(b->file,
	    "DROP TABLE temp.groups;"
	    "UPDATE mailboxes SET held = 1, paths ="
	    " (SELECT json_group_array(path) FROM (SELECT path"
	    "  FROM path_mailboxes m WHERE m.mailbox_no ="
	    "  mailboxes.mailbox_no ORDER BY path LIMIT 200))"
	    " WHERE mailbox_no IN (SELECT mailbox_no FROM path_mailboxes)");
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
	struct build b = { .file = file, .incident = incident };

	arena_init(&b.arena);
	add_entries(&b);
	add_logged(&b);
	add_listed(&b);
	link_paths(&b);
	add_local_parts(file);
	arena_release(&b.arena);
}
