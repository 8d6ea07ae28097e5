/*
 * Whose mailbox each evidence path is, and the folder its path says
 * (contract 2: Mailbox root and folder; Without an entry).
 */
#include <stdio.h>
#include <stdlib.h>

#include "forensics/access/mailboxes.h"
#include "parsers/base/buffer.h"

struct mail_path {
	struct bytes place; /* in paths; the path itself leads on into it */
	int64_t member;
	struct bytes path, kind, owner, display;
};

/* ---- folders from paths */

/* Part of a path before its last '/', without it. */
static struct bytes
parent_folder(struct bytes path)
{
	size_t n = path.n;

	while (n > 0 && path.p[n - 1] != '/')
		n--;
	return bytes_slice(path, 0, n > 0 ? n - 1 : 0);
}

static struct bytes
last_component(struct bytes path)
{
	size_t n = path.n;

	while (n > 0 && path.p[n - 1] != '/')
		n--;
	return bytes_skip(path, n);
}

static bool
is_maildir_end(struct bytes component)
{
	return bytes_eq(component, BYTES_LIT("cur")) ||
	       bytes_eq(component, BYTES_LIT("new"));
}

/* One component of a path above cur or new: .A.B is A/B. */
static void
add_maildir_part(struct buffer *out, struct bytes part)
{
	bool dotted = part.n > 1 && part.p[0] == '.';

	for (size_t i = dotted; i < part.n; i++)
		buffer_add_byte(out,
		    dotted && part.p[i] == '.' ? '/' : part.p[i]);
}

static struct bytes
maildir_folder(struct mailbox_build *b, struct bytes folder)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes rest, part, result;

	if (!is_maildir_end(last_component(folder)))
		return folder;
	rest = parent_folder(folder);
	while (rest.n > 0 && bytes_cut(&rest, '/', &part)) {
		if (out.n > 0)
			buffer_add_byte(&out, '/');
		add_maildir_part(&out, part);
	}
	result = arena_dup(&b->arena, buffer_bytes(&out));
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
without_sbd(struct mailbox_build *b, struct bytes path)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes rest = path, part, result;

	while (rest.n > 0 && bytes_cut(&rest, '/', &part)) {
		if (rest.p != NULL)
			cut_ending(&part, ".sbd");
		if (out.n > 0)
			buffer_add_byte(&out, '/');
		buffer_add_bytes(&out, part);
	}
	result = arena_dup(&b->arena, buffer_bytes(&out));
	buffer_release(&out);
	return result;
}

/* Outlook for Mac: ACCOUNT/com.microsoft.__Messages/FOLDER/message_1.xml */
static struct bytes
below_olm(struct bytes path)
{
	struct bytes mark = BYTES_LIT("com.microsoft.__Messages/");
	size_t at = bytes_find(path, mark);

	return at == SIZE_MAX ? path : bytes_skip(path, at + mark.n);
}

/* The folder of a mail file from its path below the mailbox root. */
static struct bytes
folder_of_path(struct mailbox_build *b, struct bytes kind, struct bytes below)
{
	if (bytes_eq(kind, BYTES_LIT("olm")))
		below = below_olm(below);
	if (bytes_eq(kind, BYTES_LIT("dbx"))) {
		if (below.n > 4 && bytes_eq_nocase(bytes_skip(below,
		        below.n - 4), BYTES_LIT(".dbx")))
			below.n -= 4;
		return below;
	}
	if (!bytes_eq(kind, BYTES_LIT("mbox")))
		return maildir_folder(b, parent_folder(below));
	below = without_sbd(b, below);
	if (!cut_ending(&below, ".mbox") && !cut_ending(&below, ".mbx"))
		cut_ending(&below, ".mbs");
	return below;
}

/* ---- groups: trees without an entry */

/*
 * The directory directly below the EVIDENCE argument, or the argument.  A
 * Maildir given as the argument is one mailbox: its cur, new and dotted
 * folders are not.
 */
static struct bytes
group_folder(struct bytes path)
{
	size_t first = bytes_find_byte(path, '/'), second;
	struct bytes name;

	if (first == SIZE_MAX)
		return path;
	second = bytes_find_byte(bytes_skip(path, first + 1), '/');
	if (second == SIZE_MAX)
		return bytes_slice(path, 0, first);
	name = bytes_slice(path, first + 1, first + 1 + second);
	if (is_maildir_end(name) || (name.n > 1 && name.p[0] == '.'))
		return bytes_slice(path, 0, first);
	return bytes_slice(path, 0, first + 1 + second);
}

static void
note_group(struct mailbox_build *b, const struct mail_path *p)
{
	struct case_rows *rows = case_query(b->file,
	    "INSERT INTO temp.group_paths VALUES(?1, ?2, ?3)");

	case_bind_text(rows, 1, p->place);
	case_bind_number(rows, 2, p->member);
	case_bind_text(rows, 3, group_folder(p->path));
	case_exec(rows);
}

/* Most frequent Delivered-To of each group, else most frequent recipient. */
static void
find_group_addresses(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.groups;"
	    "CREATE TEMP TABLE groups(folder TEXT PRIMARY KEY, address TEXT,"
	    " how TEXT) WITHOUT ROWID;"
	    "INSERT INTO groups SELECT folder, who, how FROM ("
	    " SELECT folder, who, how, row_number() OVER (PARTITION BY folder"
	    "  ORDER BY how, count(*) DESC, who) AS place FROM ("
	    "  SELECT g.folder, lower(a.address) AS who,"
	    "   iif(a.role = 'delivered_to', 'delivered_to', 'recipient')"
	    "   AS how FROM group_paths g JOIN paths p USING (path)"
	    "   JOIN messages m ON m.source = p.source"
	    "    AND m.member = g.member JOIN addresses a"
	    "   USING (message) WHERE m.parent IS NULL AND a.role IN"
	    "   ('delivered_to', 'to', 'cc', 'bcc')"
	    "   AND instr(a.address, '@') > 1)"
	    "  GROUP BY folder, how, who) WHERE place = 1");
}

/* ---- linking */

static void
link_path(struct mailbox_build *b, const struct mail_path *p, int64_t mailbox,
    const char *source, struct bytes folder)
{
	struct case_rows *rows = case_query(b->file,
	    "INSERT INTO path_mailboxes VALUES(?1, ?2, ?3, ?4, ?5)");

	case_bind_text(rows, 1, p->place);
	case_bind_number(rows, 2, p->member);
	case_bind_number(rows, 3, mailbox);
	case_bind_cstr(rows, 4, source);
	case_bind_text(rows, 5, folder);
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

static bool
is_store(const struct mail_path *p)
{
	return bytes_eq(p->kind, BYTES_LIT("pst")) ||
	       bytes_eq(p->kind, BYTES_LIT("ost"));
}

static int64_t
address_row(struct mailbox_build *b, struct bytes address)
{
	int64_t row = mailbox_find(b, "address", address);

	return row != 0 ? row
			: mailbox_row(b, mailbox_lower(b, address),
			      BYTES_NONE);
}

/* A display name that several stores have names none of them alone. */
static int64_t
display_row(struct mailbox_build *b, const struct mail_path *p)
{
	struct case_rows *rows = case_query(b->file,
	    "SELECT count(*) FROM (SELECT kind, display_name FROM sources"
	    " UNION ALL SELECT kind, display_name FROM members)"
	    " WHERE kind IN ('pst', 'ost')"
	    " AND lower(display_name) = lower(?1)");
	struct bytes name = p->display;
	int64_t row = mailbox_find(b, "name", name);

	if (row != 0)
		return row;
	case_bind_text(rows, 1, name);
	if (case_next(rows) && case_number(rows, 0) > 1)
		name = arena_printf(&b->arena, "%.*s (%.*s)", (int)name.n,
		    (const char *)name.p, (int)p->path.n,
		    (const char *)p->path.p);
	return mailbox_row(b, mailbox_lower(b, name), BYTES_NONE);
}

static void
link_store(struct mailbox_build *b, const struct mail_path *p)
{
	struct bytes none = BYTES_LIT("");

	if (p->owner.n > 0)
		link_path(b, p, address_row(b, p->owner), "store_owner",
		    none);
	else if (bytes_find_byte(p->display, '@') != SIZE_MAX)
		link_path(b, p, address_row(b, p->display),
		    "display_name", none);
	else if (bytes_trim(p->display).n > 0)
		link_path(b, p, display_row(b, p), "display_name", none);
	else
		link_path(b, p,
		    mailbox_row(b, mailbox_lower(b, p->path), BYTES_NONE),
		    "path", none);
}

/* Accounts/ADDRESS/com.microsoft.__Messages/...: absent for local folders. */
static struct bytes
olm_account(struct bytes path)
{
	size_t at = bytes_find(path, BYTES_LIT("/com.microsoft.__"));
	struct bytes name = bytes_slice(path, 0, at == SIZE_MAX ? 0 : at);

	name = last_component(name);
	return bytes_find_byte(name, '@') == SIZE_MAX ? BYTES_NONE : name;
}

static void
link_tree(struct mailbox_build *b, const struct mail_path *p)
{
	struct bytes group = group_folder(p->path), below, account;
	const char *how = "directory";
	int64_t row;
	struct case_rows *rows = case_query(b->file,
	    "SELECT address, how FROM temp.groups WHERE folder = ?1");

	case_bind_text(rows, 1, group);
	account = bytes_eq(p->kind, BYTES_LIT("olm")) ? olm_account(p->path)
						      : BYTES_NONE;
	if (account.n > 0) {
		how = "store_owner";
		row = address_row(b, account);
	} else if (case_next(rows)) {
		how = bytes_eq(case_text(rows, 1), BYTES_LIT("recipient"))
			  ? "recipient" : "delivered_to";
		row = address_row(b,
		    arena_dup(&b->arena, case_text(rows, 0)));
	} else
		row = mailbox_row(b, mailbox_lower(b, group), BYTES_NONE);
	case_done(rows);
	below = p->path.n > group.n ? bytes_skip(p->path, group.n + 1)
				    : p->path;
	link_path(b, p, row, how, folder_of_path(b, p->kind, below));
}

static void
link_entry(struct mailbox_build *b, const struct mail_path *p,
    const struct mailbox_entry *entry, size_t root)
{
	link_path(b, p,
	    b->entry_rows[entry - b->incident->mailboxes], "incident",
	    is_store(p) ? BYTES_LIT("")
			: folder_of_path(b, p->kind,
			      bytes_skip(p->path, root)));
}

/* The member's path after the archive's; what is compressed alone has the
 * archive's without the ending of the compression. */
static struct bytes
path_in_archive(struct mailbox_build *b, const struct mail_path *p)
{
	struct bytes place = p->place;

	if (p->path.n > 0)
		return arena_printf(&b->arena, "%.*s/%.*s", (int)place.n,
		    (const char *)place.p, (int)p->path.n,
		    (const char *)p->path.p);
	if (!cut_ending(&place, ".gz") && !cut_ending(&place, ".bz2") &&
	    !cut_ending(&place, ".xz"))
		cut_ending(&place, ".zst");
	return place;
}

/* First round: entries and stores; trees only note their group. */
static void
link_round(struct mailbox_build *b, bool trees)
{
	struct case_rows *rows = case_query_new(b->file,
	    "SELECT p.path, 0, p.path, s.kind, s.store_owner, s.display_name"
	    " FROM paths p JOIN sources s USING (source)"
	    " WHERE s.audit = 0 AND s.kind NOT IN ('empty', 'unknown', 'other', 'document',"
	    "  'export_list', 'export_manifest',"
	    "  'zip', 'tar', '7z', 'rar', 'cab', 'gz')"
	    /* A file that holds records alone is no mailbox. */
	    " AND (s.messages > 0 OR s.events = 0)"
	    " AND NOT EXISTS (SELECT 1 FROM path_mailboxes x"
	    "  WHERE x.path = p.path AND x.member = 0)"
	    /* An archive is a folder: its members lie below its path. */
	    " UNION ALL SELECT p.path, m.member, m.path, m.kind,"
	    " m.store_owner, m.display_name"
	    " FROM paths p JOIN members m USING (source)"
	    " WHERE m.kind <> 'other' AND NOT EXISTS (SELECT 1 FROM"
	    "  path_mailboxes x WHERE x.path = p.path"
	    "  AND x.member = m.member)"
	    " ORDER BY 1, 3, 2");

	while (case_next(rows)) {
		struct mail_path p = { case_text(rows, 0),
			case_number(rows, 1), case_text(rows, 2),
			case_text(rows, 3), case_text(rows, 4),
			case_text(rows, 5) };
		const struct mailbox_entry *tie, *entry;
		size_t root = 0;

		if (p.member != 0)
			p.path = path_in_archive(b, &p);
		entry = incident_mailbox_of(b->incident, p.path, &root, &tie);
		if (tie != NULL)
			refuse_tie(b->incident, p.path, entry, tie);
		if (trees)
			link_tree(b, &p);
		else if (entry != NULL)
			link_entry(b, &p, entry, root);
		else if (is_store(&p))
			link_store(b, &p);
		else
			note_group(b, &p);
	}
	case_done(rows);
}

void
mailbox_paths_link(struct mailbox_build *b)
{
	case_run(b->file,
	    "DROP TABLE IF EXISTS temp.group_paths;"
	    "CREATE TEMP TABLE group_paths(path TEXT, member INTEGER,"
	    " folder TEXT, PRIMARY KEY(path, member)) WITHOUT ROWID");
	link_round(b, false);
	find_group_addresses(b->file);
	link_round(b, true);
	case_run(b->file,
	    "DROP TABLE temp.groups; DROP TABLE temp.group_paths;"
	    /* A tree may have a million files; the rest is a number. */
	    "UPDATE mailboxes SET held = 1, paths ="
	    " (SELECT json_group_array(path) FROM (SELECT CASE"
	    "  WHEN n <= 200 THEN path ELSE printf('and %d more', total - 200)"
	    "  END AS path FROM (SELECT path, row_number() OVER () AS n,"
	    "  total FROM (SELECT path, count(*) OVER () AS total"
	    "  FROM path_mailboxes m WHERE m.mailbox_no ="
	    "  mailboxes.mailbox_no GROUP BY path ORDER BY path"
	    "  LIMIT 201))))"
	    " WHERE mailbox_no IN (SELECT mailbox_no FROM path_mailboxes)");
}
