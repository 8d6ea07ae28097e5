/*
 * When auditing was off where (contract 3, R9 and Coverage): Set-Mailbox
 * AuditEnabled false, the audit bypass of an account, ingestion of the whole
 * log off.  Each record that switches off begins a period of its own, to the
 * first later record, by anyone, that switches the same thing on again.
 *
 *	TEMP audit_off(mailbox_no, event, from_us, to_us, words): mailbox NULL:
 *		all; to_us NULL: never switched on again
 */
#include "forensics/access/cmdlet.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"

enum switch_kind { SWITCH_MAILBOX, SWITCH_BYPASS, SWITCH_INGESTION, SWITCHES };

static const struct {
	const char *operation, *parameter;
	bool off; /* the value that switches auditing off */
	const char *words;
} switches[SWITCHES] = {
	{ "Set-Mailbox", "AuditEnabled", false,
	    "auditing of this mailbox was off" },
	{ "Set-MailboxAuditBypassAssociation", "AuditBypassEnabled", true,
	    "an account was exempt from auditing" },
	{ "Set-AdminAuditLogConfig", "UnifiedAuditLogIngestionEnabled", false,
	    "the audit log took in nothing" },
};

static bool
is_true(struct bytes value)
{
	if (bytes_starts(value, BYTES_LIT("$")))
		value = bytes_skip(value, 1);
	return bytes_eq_nocase(value, BYTES_LIT("true")) ||
	       bytes_eq(value, BYTES_LIT("1"));
}

/* TEMP switched(event, kind, target, mailbox_no, time_us, off). */
static void
note_switch(struct case_file *file, struct mailbox_names *names,
    enum switch_kind kind, const struct event_view *e, int64_t time_us,
    struct arena *arena)
{
	struct bytes value = json_pairs_find(e->parameters, arena,
	    switches[kind].parameter);
	struct bytes target = json_pairs_find(e->parameters, arena, "Identity");
	int64_t mailbox = cmdlet_mailbox(names, e, arena);
	struct case_rows *rows = case_query(file,
	    "INSERT INTO temp.switched VALUES(?1, ?2, ?3, ?4, ?5, ?6)");

	if (value.n == 0 || time_us == UTC_NONE)
		return;
	if (kind == SWITCH_INGESTION)
		target = BYTES_LIT("");
	else if (target.n == 0)
		target = e->object_id.n ? e->object_id : BYTES_LIT("");
	if (kind != SWITCH_INGESTION && mailbox > 0)
		target = arena_printf(arena, "mailbox %lld",
		    (long long)mailbox);
	case_bind_number(rows, 1, e->event);
	case_bind_number(rows, 2, kind);
	case_bind_text(rows, 3, text_fold_name(arena, target));
	if (kind != SWITCH_INGESTION && mailbox > 0)
		case_bind_number(rows, 4, mailbox);
	case_bind_number(rows, 5, time_us);
	case_bind_number(rows, 6, is_true(value) == switches[kind].off);
	case_exec(rows);
}

static void
find_switches(struct case_file *file)
{
	struct mailbox_names *names = mailbox_names_load(file);
	struct case_rows *rows = case_query_new(file,
	    "SELECT e.event, e.operation, e.parameters, e.object_id,"
	    " e.user_id, e.time_us FROM events e JOIN judged_events"
	    " USING (event) WHERE e.operation IN ('Set-Mailbox',"
	    " 'Set-MailboxAuditBypassAssociation', 'Set-AdminAuditLogConfig')"
	    " AND e.succeeded <> 'no' ORDER BY e.event");
	struct arena arena;

	arena_init(&arena);
	case_run(file,
	    "DROP TABLE IF EXISTS temp.switched;"
	    "CREATE TEMP TABLE switched(event INTEGER, kind INTEGER,"
	    " target TEXT, mailbox_no INTEGER, time_us INTEGER,"
	    " off INTEGER)");
	while (case_next(rows)) {
		struct event_view e = { .event = case_number(rows, 0),
			.operation = case_text(rows, 1),
			.parameters = case_text(rows, 2),
			.object_id = case_text(rows, 3),
			.user_id = case_text(rows, 4) };

		for (int i = 0; i < SWITCHES; i++)
			if (bytes_eq(e.operation,
			        bytes_cstr(switches[i].operation)))
				note_switch(file, names, (enum switch_kind)i,
				    &e, case_number(rows, 5), &arena);
		arena_reset(&arena);
	}
	case_done(rows);
	arena_release(&arena);
	mailbox_names_free(names);
}

/*
 * The mailboxes of an exempt account: its own, each it has records in, and
 * each it was given rights to (Add-...Permission, User or Trustee).
 */
static void
load_bypassed(struct case_file *file)
{
	case_run(file,
	    "INSERT INTO bypassed WITH accounts AS ("
	    " SELECT DISTINCT s.target, s.mailbox_no, n.name FROM switched s"
	    "  LEFT JOIN mailbox_names n ON n.mailbox_no = s.mailbox_no"
	    "  WHERE s.kind = 1 AND s.off = 1"
	    " UNION SELECT DISTINCT target, mailbox_no, target FROM switched"
	    "  WHERE kind = 1 AND off = 1)"
	    " SELECT DISTINCT target, mailbox_no FROM accounts"
	    "  WHERE mailbox_no IS NOT NULL"
	    " UNION SELECT a.target, j.mailbox_no FROM accounts a"
	    "  JOIN events e ON lower(e.user_id) = a.name"
	    "  JOIN judged_events j USING (event)"
	    "  WHERE j.mailbox_no IS NOT NULL"
	    " UNION SELECT a.target, j.mailbox_no FROM accounts a"
	    "  JOIN events e ON e.operation LIKE 'Add-%Permission'"
	    "  JOIN judged_events j USING (event), json_each(e.parameters) p"
	    "  WHERE j.mailbox_no IS NOT NULL AND e.succeeded <> 'no'"
	    "  AND json_extract(p.value, '$[0]') IN ('User', 'Trustee')"
	    "  AND lower(json_extract(p.value, '$[1]')) = a.name");
}

static bool
any_bypass(struct case_file *file)
{
	struct case_rows *rows = case_query(file,
	    "SELECT 1 FROM temp.switched WHERE kind = 1 AND off = 1");

	return case_next(rows);
}

static void
write_periods(struct case_file *file, enum switch_kind kind)
{
	struct case_rows *rows = case_query(file,
	    "INSERT INTO temp.audit_off SELECT iif(?1 = 1, b.mailbox_no,"
	    " s.mailbox_no), s.event, s.time_us, (SELECT min(o.time_us)"
	    "  FROM temp.switched o WHERE o.kind = s.kind AND o.target ="
	    "  s.target AND o.off = 0 AND o.time_us >= s.time_us), ?2"
	    " FROM temp.switched s LEFT JOIN temp.bypassed b"
	    "  ON ?1 = 1 AND b.target = s.target"
	    " WHERE s.kind = ?1 AND s.off = 1"
	    " AND (?1 = 2 OR coalesce(b.mailbox_no, s.mailbox_no) > 0)");

	case_bind_number(rows, 1, kind);
	case_bind_cstr(rows, 2, switches[kind].words);
	case_exec(rows);
}

void
audit_off_build(struct case_file *file)
{
	find_switches(file);
	case_run(file,
	    "DROP TABLE IF EXISTS temp.bypassed;"
	    "CREATE TEMP TABLE bypassed(target TEXT, mailbox_no INTEGER)");
	if (any_bypass(file))
		load_bypassed(file);
	case_run(file,
	    "DROP TABLE IF EXISTS temp.audit_off;"
	    "CREATE TEMP TABLE audit_off(mailbox_no INTEGER, event INTEGER,"
	    " from_us INTEGER, to_us INTEGER, words TEXT)");
	for (int i = 0; i < SWITCHES; i++)
		write_periods(file, (enum switch_kind)i);
	case_run(file, "DROP TABLE temp.bypassed; DROP TABLE temp.switched");
}
