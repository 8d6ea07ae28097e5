/*
 * What each event is: report, kind of access, kind of actor, mailbox
 * (contract 3, "The adversary was in M"; contract 5, access.csv).
 */
#include "forensics/access/reconstruct.h"

#include "forensics/tables.h"
#include "parsers/base/text.h"

struct operation {
	struct bytes name, report, access_type;
	bool prefix;
};

struct judge {
	struct case_file *file;
	struct arena arena, row;
	struct operation *operations;
	size_t operation_count;
};

static void
load_operations(struct judge *j)
{
	struct table_rows table;
	struct bytes *fields;

	j->operations = arena_array(&j->arena, 256, sizeof *j->operations);
	table_rows_open(&table, &j->arena, "operations.csv");
	while (j->operation_count < 256 &&
	       (fields = table_rows_next(&table, &j->arena)) != NULL) {
		struct operation *o = &j->operations[j->operation_count++];

		*o = (struct operation){ fields[0], fields[1], fields[2],
			false };
		if (o->name.n > 0 && o->name.p[o->name.n - 1] == '*') {
			o->name.n--;
			o->prefix = true;
		}
	}
}

static const struct operation *
operation_of(const struct judge *j, struct bytes name)
{
	for (size_t i = 0; i < j->operation_count; i++) {
		const struct operation *o = &j->operations[i];

		if (o->prefix ? bytes_starts_nocase(name, o->name)
			      : bytes_eq_nocase(name, o->name))
			return o;
	}
	return NULL;
}

enum { RECORD_ADMIN = 1 };

struct event_view {
	struct bytes operation, access_type, user_id, guid, owner, object_id,
	    parameters, logon_sid, owner_sid;
	int64_t event, record_type, user_type, logon_type, source;
};

static int64_t
mailbox_named(struct judge *j, const char *kind, struct bytes name)
{
	struct case_rows *rows = case_query(j->file,
	    "SELECT min(mailbox_no), count(*) FROM mailbox_names"
	    " WHERE kind = ?1 AND name = ?2");
	int64_t found;

	case_bind_cstr(rows, 1, kind);
	case_bind_text(rows, 2, text_fold_name(&j->row, name));
	if (!case_next(rows) || case_number(rows, 1) != 1)
		return 0;
	found = case_number(rows, 0);
	return found == INT64_MIN ? 0 : found;
}

/* An address, a GUID, a name, a local part; or the last component of an
 * object path, before a backslash: .../contoso.com/A.Smith\Rule. */
static int64_t
mailbox_resolve(struct judge *j, struct bytes text)
{
	static const char *const kinds[] = { "address", "guid", "name",
		"local" };
	struct bytes rest = bytes_trim(text);
	size_t slash;

	if (rest.n == 0)
		return 0;
	rest = bytes_slice(rest, 0, bytes_find_byte(rest, '\\'));
	while ((slash = bytes_find_byte(rest, '/')) != SIZE_MAX)
		rest = bytes_skip(rest, slash + 1);
	if (bytes_starts_nocase(rest, BYTES_LIT("smtp:")))
		rest = bytes_skip(rest, 5);
	for (size_t i = 0; i < 4; i++) {
		int64_t found = mailbox_named(j, kinds[i], rest);

		if (found > 0)
			return found;
	}
	return 0;
}

static struct bytes
parameter(struct judge *j, struct bytes parameters, const char *name)
{
	struct case_rows *rows = case_query(j->file,
	    "SELECT json_extract(value, '$[1]') FROM json_each(?1)"
	    " WHERE lower(json_extract(value, '$[0]')) = ?2 LIMIT 1");
	struct bytes text = BYTES_NONE;

	if (parameters.n == 0)
		return text;
	case_bind_text(rows, 1, parameters);
	case_bind_cstr(rows, 2, name);
	if (case_next(rows))
		text = arena_dup(&j->row, case_text(rows, 0));
	return text;
}

/* Cmdlets that act on one mailbox, by the nouns Exchange uses. */
static bool
acts_on_mailbox(struct bytes operation)
{
	return bytes_find_nocase(operation, BYTES_LIT("Mailbox")) !=
		   SIZE_MAX ||
	       bytes_find_nocase(operation, BYTES_LIT("InboxRule")) !=
		   SIZE_MAX ||
	       bytes_find_nocase(operation,
	           BYTES_LIT("RecipientPermission")) != SIZE_MAX ||
	       bytes_find_nocase(operation, BYTES_LIT("SweepRule")) !=
		   SIZE_MAX;
}

static int64_t
cmdlet_mailbox(struct judge *j, const struct event_view *e)
{
	static const char *const names[] = { "identity", "mailbox" };

	for (size_t i = 0; i < 2; i++) {
		struct bytes value = parameter(j, e->parameters, names[i]);
		int64_t found = mailbox_resolve(j, value);

		if (found > 0)
			return found;
	}
	if (e->object_id.n > 0) {
		int64_t found = mailbox_resolve(j, e->object_id);

		if (found > 0)
			return found;
	}
	return mailbox_resolve(j, e->user_id);
}

static int64_t
event_mailbox(struct judge *j, const struct event_view *e)
{
	int64_t found = 0;

	if (e->guid.n > 0)
		found = mailbox_named(j, "guid", e->guid);
	if (found == 0 && e->owner.n > 0)
		found = mailbox_named(j, "address", e->owner);
	if (found != 0)
		return found;
	if (e->record_type == RECORD_ADMIN)
		return acts_on_mailbox(e->operation) ? cmdlet_mailbox(j, e)
						     : 0;
	/* Sign-ins and consents: the mailbox of who did it. */
	return e->user_id.n > 0 ? mailbox_named(j, "address", e->user_id) : 0;
}

static bool
is_system(const struct event_view *e)
{
	return e->user_type == 3 || e->user_type == 4 ||
	       bytes_starts_nocase(e->user_id, BYTES_LIT("NT AUTHORITY")) ||
	       bytes_eq(e->user_id, BYTES_LIT("S-1-5-18")) ||
	       bytes_eq(e->logon_sid, BYTES_LIT("S-1-5-18"));
}

static const char *
actor_type(struct judge *j, const struct event_view *e, int64_t mailbox)
{
	if (e->user_type == 5 || e->user_type == 6)
		return "application";
	if (is_system(e))
		return "system";
	if (mailbox > 0 && e->user_id.n > 0 &&
	    mailbox_named(j, "address", e->user_id) == mailbox)
		return "owner";
	if (e->logon_type == 1 || e->logon_type == 5)
		return "admin";
	if (e->logon_type == 2 || e->logon_type == 6)
		return "delegate";
	if (e->logon_type == 0 && (e->owner_sid.n == 0 ||
	                              bytes_eq(e->owner_sid, e->logon_sid)))
		return "owner";
	if (e->record_type == RECORD_ADMIN || e->user_type == 2)
		return "admin";
	return mailbox > 0 ? "delegate" : "owner";
}

static void
judge_event(struct judge *j, const struct event_view *e)
{
	const struct operation *o = operation_of(j, e->operation);
	int64_t mailbox = event_mailbox(j, e);
	struct bytes access = o ? o->access_type : BYTES_LIT("");
	struct case_rows *rows = case_query(j->file,
	    "UPDATE judged_events SET mailbox_no = ?2, report = ?3,"
	    " access_type = ?4, actor_type = ?5 WHERE event = ?1");

	if (e->access_type.n > 0 &&
	    bytes_eq_nocase(e->operation, BYTES_LIT("MailItemsAccessed")))
		access = e->access_type;
	case_bind_number(rows, 1, e->event);
	if (mailbox > 0)
		case_bind_number(rows, 2, mailbox);
	case_bind_text(rows, 3, o ? o->report : BYTES_LIT("activity"));
	case_bind_text(rows, 4, access);
	case_bind_cstr(rows, 5, actor_type(j, e, mailbox));
	case_exec(rows);
}

void
events_judge(struct case_file *file, const struct incident *incident)
{
	struct judge j = { .file = file };
	struct case_rows *rows;

	(void)incident;
	arena_init(&j.arena);
	arena_init(&j.row);
	load_operations(&j);
	rows = case_query_new(file,
	    "SELECT e.event, e.operation, e.access_type, e.user_id,"
	    " e.mailbox_guid, e.mailbox_owner, e.object_id, e.parameters,"
	    " e.logon_sid, e.owner_sid, e.record_type, e.user_type,"
	    " e.logon_type FROM judged_events JOIN events e USING (event)"
	    " ORDER BY e.event");
	while (case_next(rows)) {
		struct event_view e = { .event = case_number(rows, 0),
			.operation = bytes_trim(case_text(rows, 1)),
			.access_type = case_text(rows, 2),
			.user_id = case_text(rows, 3),
			.guid = case_text(rows, 4),
			.owner = case_text(rows, 5),
			.object_id = case_text(rows, 6),
			.parameters = case_text(rows, 7),
			.logon_sid = case_text(rows, 8),
			.owner_sid = case_text(rows, 9),
			.record_type = case_number(rows, 10),
			.user_type = case_number(rows, 11),
			.logon_type = case_number(rows, 12) };

		judge_event(&j, &e);
		arena_reset(&j.row);
	}
	case_done(rows);
	arena_release(&j.row);
	arena_release(&j.arena);
}
