/*
 * What each event is: report, kind of access, kind of actor, mailbox, and
 * whether whoever did it was in that mailbox (contract 3, "The adversary was
 * in M"; contract 5, access.csv).
 */
#include "forensics/access/cmdlet.h"
#include "forensics/tables.h"

struct operation {
	struct bytes name, report, access_type, what;
	bool prefix;
};

enum { OPERATIONS_MOST = 256 };

struct judge {
	struct case_file *file;
	struct mailbox_names *names;
	struct arena arena, row;
	struct operation *operations;
	size_t operation_count;
};

static void
load_operations(struct judge *j)
{
	struct table_rows table;
	struct bytes *fields;

	j->operations = arena_array(&j->arena, OPERATIONS_MOST,
	    sizeof *j->operations);
	table_rows_open(&table, &j->arena, "operations.csv");
	while (j->operation_count < OPERATIONS_MOST &&
	       (fields = table_rows_next(&table, &j->arena)) != NULL) {
		struct operation *o = &j->operations[j->operation_count++];

		*o = (struct operation){ fields[0], fields[1], fields[2],
			table.column_count > 3 ? fields[3] : BYTES_LIT(""),
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

static bool
is_found(const struct operation *o)
{
	return o != NULL && bytes_eq(o->what, BYTES_LIT("found"));
}

/* The mailbox an event belongs to; *present: whoever did it was in it. */
static int64_t
event_mailbox(struct judge *j, const struct event_view *e,
    const struct operation *o, bool *present)
{
	int64_t found = mailbox_names_find(j->names, "guid", e->guid);

	*present = true;
	if (is_found(o)) {
		*present = false;
		return e->holder;
	}
	if (found == 0)
		found = mailbox_names_find(j->names, "address", e->owner);
	if (found != 0)
		return found;
	if (e->record_type == RECORD_TYPE_ADMIN)
		return cmdlet_mailbox(j->names, e, &j->row);
	/* Sign-ins and consents are in the mailbox of who did them. */
	if (o == NULL || o->what.n == 0)
		return 0;
	*present = !bytes_eq(e->succeeded, BYTES_LIT("no")) &&
		   !bytes_eq_nocase(e->operation,
		       BYTES_LIT("UserLoginFailed"));
	return mailbox_names_find(j->names, "address", e->user_id);
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
	if (mailbox > 0 &&
	    mailbox_names_find(j->names, "address", e->user_id) == mailbox)
		return "owner";
	if (e->logon_type == 1 || e->logon_type == 5)
		return "admin";
	if (e->logon_type == 2 || e->logon_type == 6)
		return "delegate";
	if (e->logon_type == 0 && (e->owner_sid.n == 0 ||
	                              bytes_eq(e->owner_sid, e->logon_sid)))
		return "owner";
	if (e->record_type == RECORD_TYPE_ADMIN || e->user_type == 2)
		return "admin";
	return mailbox > 0 ? "delegate" : "owner";
}

/* Exchange records are what coverage is made of (contract 3). */
static bool
is_exchange(const struct event_view *e)
{
	return bytes_eq(e->workload, BYTES_LIT("Exchange")) ||
	       (e->record_type >= 1 && e->record_type <= 3) ||
	       e->record_type == 19 || e->record_type == 50;
}

static bool
is_item_access(const struct event_view *e)
{
	return bytes_eq_nocase(e->operation, BYTES_LIT("MailItemsAccessed"));
}

/* -1: no sign-in, 0: failed, 1: succeeded. */
static int
sign_in_of(const struct event_view *e, const struct operation *o)
{
	if (o == NULL || !bytes_eq(o->what, BYTES_LIT("sign_in")))
		return -1;
	return !bytes_eq(e->succeeded, BYTES_LIT("no")) &&
	       !bytes_eq_nocase(e->operation, BYTES_LIT("UserLoginFailed"));
}

static void
note_facts(struct judge *j, const struct event_view *e,
    const struct operation *o)
{
	struct case_rows *rows = case_query(j->file,
	    "INSERT INTO temp.event_facts VALUES(?1, ?2, ?3, ?4, ?5, ?6)");

	case_bind_number(rows, 1, e->event);
	case_bind_known(rows, 2, e->time_us);
	case_bind_number(rows, 3, is_exchange(e));
	case_bind_number(rows, 4, is_item_access(e));
	case_bind_number(rows, 5, bytes_eq(e->throttled, BYTES_LIT("yes")));
	case_bind_number(rows, 6, sign_in_of(e, o));
	case_exec(rows);
}

static void
judge_event(struct judge *j, const struct event_view *e)
{
	const struct operation *o = operation_of(j, e->operation);
	bool present;
	int64_t mailbox = event_mailbox(j, e, o, &present);
	struct bytes access = o ? o->access_type : BYTES_LIT("");
	struct case_rows *rows = case_query(j->file,
	    "INSERT INTO judged_events(event, mailbox_no, report, access_type,"
	    " actor_type, present, attribution)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, 'unattributed')");

	if (e->access_type.n > 0 && is_item_access(e))
		access = e->access_type;
	case_bind_number(rows, 1, e->event);
	if (mailbox > 0)
		case_bind_number(rows, 2, mailbox);
	case_bind_text(rows, 3, o ? o->report : BYTES_LIT("activity"));
	case_bind_text(rows, 4, access);
	case_bind_cstr(rows, 5, is_found(o) ? ""
					    : actor_type(j, e, mailbox));
	case_bind_number(rows, 6, mailbox > 0 && present);
	case_exec(rows);
	note_facts(j, e, o);
}

void
events_judge(struct case_file *file)
{
	struct judge j = { .file = file, .names = mailbox_names_load(file) };
	struct case_rows *rows;

	arena_init(&j.arena);
	arena_init(&j.row);
	load_operations(&j);
	case_run(file,
	    "DROP TABLE IF EXISTS temp.event_facts;"
	    "CREATE TEMP TABLE event_facts(event INTEGER PRIMARY KEY,"
	    " time_us INTEGER, exchange INTEGER, item_access INTEGER,"
	    " throttled INTEGER, sign_in INTEGER)");
	rows = case_query_new(file,
	    "SELECT e.event, e.operation, e.access_type, e.user_id,"
	    " e.mailbox_guid, e.mailbox_owner, e.object_id, e.parameters,"
	    " e.logon_sid, e.owner_sid, e.record_type, e.user_type,"
	    " e.logon_type, e.succeeded, e.time_us, e.workload, e.throttled,"
	    " iif(" FOUND_IN_MAILBOX(e) ", (SELECT min(m.mailbox_no)"
	    "  FROM paths p JOIN path_mailboxes m USING (path)"
	    "  WHERE p.source = e.source), 0)"
	    " FROM temp.kept_events JOIN events e USING (event)"
	    " ORDER BY e.event");
	while (case_next(rows)) {
		struct event_view e = { .event = case_number(rows, 0),
			.operation = bytes_trim(case_text(rows, 1)),
			.access_type = case_text(rows, 2),
			.user_id = bytes_trim(case_text(rows, 3)),
			.guid = case_text(rows, 4),
			.owner = case_text(rows, 5),
			.object_id = case_text(rows, 6),
			.parameters = case_text(rows, 7),
			.logon_sid = case_text(rows, 8),
			.owner_sid = case_text(rows, 9),
			.record_type = case_number(rows, 10),
			.user_type = case_number(rows, 11),
			.logon_type = case_number(rows, 12),
			.succeeded = case_text(rows, 13),
			.time_us = case_number(rows, 14),
			.workload = case_text(rows, 15),
			.throttled = case_text(rows, 16),
			.holder = case_number(rows, 17) };

		judge_event(&j, &e);
		arena_reset(&j.row);
	}
	case_done(rows);
	mailbox_names_free(j.names);
	arena_release(&j.row);
	arena_release(&j.arena);
}
