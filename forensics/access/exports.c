#include "forensics/access/exports.h"

#include "forensics/access/cmdlet.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"

struct exporting {
	struct case_file *file;
	struct mailbox_names *names;
	struct arena arena;
	int64_t event, time_us, mailbox, source;
	struct bytes operation, parameters, object_id, locator;
};

static void
add_export(struct exporting *x, int64_t mailbox, bool listed,
    const char *words)
{
	struct case_rows *rows = case_query(x->file,
	    "INSERT INTO temp.exports VALUES(?1, ?2, ?3, ?4, ?5)");

	case_bind_number(rows, 1, x->event);
	case_bind_number(rows, 2, x->time_us);
	if (mailbox > 0)
		case_bind_number(rows, 3, mailbox);
	case_bind_number(rows, 4, listed);
	case_bind_cstr(rows, 5, words);
	case_exec(rows);
}

static void
add_flag(struct exporting *x, const char *what)
{
	struct case_rows *rows = case_query(x->file,
	    "INSERT INTO temp.export_flags VALUES(?1, 'condition=' || ?2)");

	case_bind_number(rows, 1, x->event);
	case_bind_cstr(rows, 2, what);
	case_exec(rows);
}

/* Next of a list as cmdlets log it: a;b or a,b, in braces and quotes or
 * not. */
static bool
next_value(struct bytes *rest, struct bytes *value)
{
	size_t end = 0;

	if (!bytes_present(*rest))
		return false;
	while (end < rest->n && rest->p[end] != ';' && rest->p[end] != ',')
		end++;
	*value = bytes_trim(bytes_slice(*rest, 0, end));
	*rest = end < rest->n ? bytes_skip(*rest, end + 1) : BYTES_NONE;
	while (value->n > 0 && strchr("{\"' ", value->p[0]) != NULL)
		*value = bytes_skip(*value, 1);
	while (value->n > 0 && strchr("}\"' ", value->p[value->n - 1]) != NULL)
		value->n--;
	return true;
}

/* ---- mailbox exports */

static void
add_folder(struct exporting *x, struct bytes folded, bool below, bool excluded)
{
	struct case_rows *rows = case_query(x->file,
	    "INSERT INTO temp.export_folders VALUES(?1, ?2, ?3, ?4)");

	case_bind_number(rows, 1, x->event);
	case_bind_text(rows, 2, folded);
	case_bind_number(rows, 3, below);
	case_bind_number(rows, 4, excluded);
	case_exec(rows);
}

/* #SentItems# is "sent" in the table of default folders. */
static struct bytes
special_of(struct bytes name)
{
	static const char *const names[][2] = { { "Inbox", "inbox" },
		{ "SentItems", "sent" }, { "DeletedItems", "deleted" },
		{ "Drafts", "drafts" }, { "JunkEmail", "junk" },
		{ "Outbox", "outbox" }, { "Calendar", "calendar" },
		{ "Archive", "archive" } };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (bytes_eq_nocase(name, bytes_cstr(names[i][0])))
			return bytes_cstr(names[i][1]);
	return name;
}

static void
add_special(struct exporting *x, struct bytes path, bool below, bool excluded)
{
	size_t end = bytes_find_byte(bytes_skip(path, 1), '#');
	struct bytes name = bytes_slice(path, 1, end + 1);
	struct bytes rest = bytes_skip(path, end + 2);
	struct case_rows *rows = case_query(x->file,
	    "SELECT DISTINCT folded FROM temp.mailbox_folders"
	    " WHERE mailbox_no = ?1 AND special = ?2 ORDER BY 1");

	case_bind_number(rows, 1, x->mailbox);
	case_bind_text(rows, 2, special_of(name));
	while (case_next(rows)) {
		struct bytes root = case_text(rows, 0);

		add_folder(x, arena_printf(&x->arena, "%.*s%.*s", (int)root.n,
		    (const char *)root.p, (int)rest.n, (const char *)rest.p),
		    below, excluded);
	}
}

static bool
add_folders(struct exporting *x, const char *parameter, bool excluded)
{
	struct bytes rest = json_pairs_find(x->parameters, &x->arena,
	    parameter), value;
	bool any = false;

	while (next_value(&rest, &value)) {
		bool below = bytes_ends(value, BYTES_LIT("/*"));

		if (value.n == 0)
			continue;
		any = true;
		if (below)
			value.n -= 2;
		value = text_fold(&x->arena, value);
		while (value.n > 0 && (value.p[0] == '/' || value.p[0] == '\\'))
			value = bytes_skip(value, 1);
		if (value.n > 0 && value.p[0] == '#')
			add_special(x, value, below, excluded);
		else
			add_folder(x, value, below, excluded);
	}
	return any;
}

static void
export_mailbox(struct exporting *x)
{
	bool listed;

	if (x->mailbox <= 0)
		return; /* presence.c says so */
	listed = add_folders(x, "IncludeFolders", false);
	add_folders(x, "ExcludeFolders", true);
	if (json_pairs_find(x->parameters, &x->arena, "ContentFilter").n > 0)
		add_flag(x, "ContentFilter");
	if (json_pairs_find(x->parameters, &x->arena, "SourceRootFolder").n > 0)
		add_flag(x, "SourceRootFolder");
	add_export(x, x->mailbox, listed, "an export of the mailbox");
}

/* ---- compliance searches */

/* The search an export is of; "X_Export" is of "X". */
static struct bytes
search_name(struct exporting *x)
{
	static const char *const names[] = { "SearchName", "Identity", "Name",
		NULL };
	struct bytes name = BYTES_LIT("");

	for (size_t i = 0; names[i] != NULL && name.n == 0; i++)
		name = json_pairs_find(x->parameters, &x->arena, names[i]);
	if (name.n == 0)
		name = x->object_id;
	if (bytes_ends(name, BYTES_LIT("_Export")))
		name.n -= strlen("_Export");
	return text_fold(&x->arena, name);
}

/* The last word on its locations and query before that time. */
static struct bytes
search_says(struct exporting *x, struct bytes name, const char *parameter)
{
	struct case_rows *rows = case_query(x->file,
	    "SELECT json_extract(p.value, '$[1]') FROM temp.searches s,"
	    " json_each(s.parameters) p WHERE s.name = ?1 AND s.time_us <= ?2"
	    " AND json_extract(p.value, '$[0]') LIKE ?3"
	    " ORDER BY s.time_us DESC, s.event DESC LIMIT 1");

	case_bind_text(rows, 1, name);
	case_bind_number(rows, 2, x->time_us);
	case_bind_cstr(rows, 3, parameter);
	return case_next(rows) ? arena_dup(&x->arena, case_text(rows, 0))
			       : BYTES_NONE;
}

static bool
is_every_mailbox(struct bytes locations)
{
	return bytes_eq_nocase(bytes_trim(locations), BYTES_LIT("All")) ||
	       bytes_ends(locations, BYTES_LIT("...")) ||
	       bytes_ends(locations, BYTES_LIT("\xe2\x80\xa6"));
}

static void
export_locations(struct exporting *x, struct bytes locations)
{
	static const char words[] = "an export of a compliance search";
	struct bytes rest = locations, one;

	while (next_value(&rest, &one)) {
		int64_t mailbox = cmdlet_resolve(x->names, one, true);

		if (mailbox > 0)
			add_export(x, mailbox, false, words);
		else if (one.n > 0)
			reconstruct_problem(x->file, x->source, x->locator,
			    "unknown_mailbox", "note",
			    arena_printf(&x->arena, "a compliance search "
				"exported by the adversary looks into '%.*s', "
				"which is no mailbox known here", (int)one.n,
				(const char *)one.p));
	}
}

static void
export_search(struct exporting *x)
{
	struct bytes name = search_name(x);
	struct bytes locations = search_says(x, name, "ExchangeLocation%");

	if (search_says(x, name, "ContentMatchQuery").n > 0)
		add_flag(x, "ContentMatchQuery");
	if (locations.n > 0 && !is_every_mailbox(locations)) {
		export_locations(x, locations);
		return;
	}
	if (locations.n == 0) /* nobody recorded where it looks */
		add_flag(x, "ExchangeLocation");
	add_export(x, 0, false, "an export of a compliance search");
}

/* New-ComplianceSearchAction does many things; -Export is one. */
static bool
is_action_without_export(struct exporting *x)
{
	struct bytes export = json_pairs_find(x->parameters, &x->arena,
	    "Export");

	return bytes_eq_nocase(x->operation,
		   BYTES_LIT("New-ComplianceSearchAction")) &&
	       (export.n == 0 ||
	           bytes_find_nocase(export, BYTES_LIT("false")) != SIZE_MAX);
}

static void
load_searches(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.searches;"
	    "CREATE TEMP TABLE searches AS SELECT e.event, e.time_us,"
	    " e.parameters, fold(coalesce((SELECT json_extract(p.value,"
	    "  '$[1]') FROM json_each(e.parameters) p WHERE"
	    "  json_extract(p.value, '$[0]') IN ('Name', 'Identity')"
	    "  ORDER BY json_extract(p.value, '$[0]') DESC LIMIT 1),"
	    "  e.object_id)) AS name FROM judged_events"
	    " JOIN events e USING (event) WHERE e.operation IN"
	    " ('New-ComplianceSearch', 'Set-ComplianceSearch',"
	    "  'SearchCreated', 'SearchUpdated') AND e.succeeded <> 'no';"
	    "DROP TABLE IF EXISTS temp.exports;"
	    "CREATE TEMP TABLE exports(event INTEGER, time_us INTEGER,"
	    " mailbox_no INTEGER, listed INTEGER, words TEXT);"
	    "DROP TABLE IF EXISTS temp.export_folders;"
	    "CREATE TEMP TABLE export_folders(event INTEGER, folded TEXT,"
	    " below INTEGER, excluded INTEGER);"
	    "CREATE INDEX temp.export_folders_event ON"
	    " export_folders(event);"
	    "DROP TABLE IF EXISTS temp.export_flags;"
	    "CREATE TEMP TABLE export_flags(event INTEGER, flag TEXT)");
}

void
exports_find(struct case_file *file)
{
	struct exporting x = { .file = file,
		.names = mailbox_names_load(file) };
	struct case_rows *rows;

	arena_init(&x.arena);
	load_searches(file);
	rows = case_query_new(file,
	    "SELECT e.event, e.time_us, a.mailbox_no, e.operation,"
	    " e.parameters, e.object_id, e.source, e.locator"
	    " FROM temp.adversary_events a JOIN events e USING (event)"
	    " WHERE a.access_type = 'export' AND e.succeeded <> 'no'"
	    " AND e.time_us IS NOT NULL ORDER BY e.time_us, e.event");
	while (case_next(rows)) {
		x.event = case_number(rows, 0);
		x.time_us = case_number(rows, 1);
		x.mailbox = case_number(rows, 2);
		x.operation = case_text(rows, 3);
		x.parameters = case_text(rows, 4);
		x.object_id = case_text(rows, 5);
		x.source = case_number(rows, 6);
		x.locator = case_text(rows, 7);
		if (bytes_eq_nocase(x.operation,
		        BYTES_LIT("New-MailboxExportRequest")))
			export_mailbox(&x);
		else if (!is_action_without_export(&x))
			export_search(&x);
		arena_reset(&x.arena);
	}
	case_done(rows);
	mailbox_names_free(x.names);
	arena_release(&x.arena);
}
