/*
 * S8 of rules found in a mailbox's export: one that sends messages out of the
 * organization is suspicious, whoever made it.  Outside is an address of none
 * of the organization's domains (incident file) nor of the mailbox's own.
 */
#include "forensics/access/anomalies.h"

#include "forensics/access/json_strings.h"

static bool
is_forward(struct bytes name)
{
	static const char *const names[] = { "ForwardTo", "RedirectTo",
		"ForwardAsAttachmentTo", "DelegateTo" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (bytes_eq(name, bytes_cstr(names[i])))
			return true;
	return false;
}

/* TEMP own_domains(mailbox_no, domain): NULL mailbox: the organization's. */
static void
load_domains(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.own_domains;"
	    "CREATE TEMP TABLE own_domains AS SELECT NULL AS mailbox_no,"
	    " lower(d.value) AS domain FROM meta m,"
	    " json_each(json_extract(m.value, '$.organization.domains')) d"
	    " WHERE m.key = 'incident' AND json_valid(m.value)"
	    " UNION SELECT mailbox_no,"
	    "  lower(substr(mailbox, instr(mailbox, '@') + 1))"
	    " FROM mailboxes WHERE instr(mailbox, '@') > 0");
}

static bool
is_outside(struct case_file *file, int64_t mailbox, struct bytes address)
{
	size_t at = bytes_find_byte(address, '@');
	struct case_rows *rows;

	/* Names of the directory are inside. */
	if (at == SIZE_MAX)
		return false;
	rows = case_query(file,
	    "SELECT 1 FROM temp.own_domains WHERE (mailbox_no IS NULL"
	    " OR mailbox_no = ?1) AND (lower(?2) = domain OR lower(?2) LIKE"
	    " '%.' || domain) LIMIT 1");
	case_bind_number(rows, 1, mailbox);
	case_bind_text(rows, 2, bytes_trim(bytes_skip(address, at + 1)));
	return !case_next(rows);
}

static void
say(struct case_file *file, int64_t event, struct bytes name,
    struct bytes parameter, struct bytes address)
{
	struct case_rows *rows = case_query(file,
	    "INSERT INTO temp.anomalies VALUES(?1, 'S8', 'S8: rule ' || ?2 ||"
	    " ' in the mailbox sends messages outside (' || ?3 || ' ' || ?4"
	    " || ')')");

	case_bind_number(rows, 1, event);
	case_bind_text(rows, 2, name);
	case_bind_text(rows, 3, parameter);
	case_bind_text(rows, 4, address);
	case_exec(rows);
}

/* A list of addresses, joined by ';'. */
static void
judge_list(struct case_file *file, int64_t event, int64_t mailbox,
    struct bytes name, struct bytes parameter, struct bytes list)
{
	struct bytes one;

	while (bytes_cut(&list, ';', &one)) {
		one = bytes_trim(one);
		if (is_outside(file, mailbox, one))
			say(file, event, name, parameter, one);
	}
}

void
anomaly_s8_found_find(struct case_file *file)
{
	struct case_rows *rows;
	struct arena arena;

	arena_init(&arena);
	load_domains(file);
	rows = case_query_new(file,
	    "SELECT e.event, coalesce(j.mailbox_no, 0),"
	    " coalesce(nullif(e.object_id, ''), '(no name)'), e.parameters"
	    " FROM judged_events j JOIN events e USING (event)"
	    " WHERE e.operation = 'InboxRuleInMailbox' ORDER BY e.event");
	while (case_next(rows)) {
		struct bytes rest = case_text(rows, 3), parameter, value;

		while (json_strings_next(&rest, &arena, &parameter) &&
		       json_strings_next(&rest, &arena, &value))
			if (is_forward(parameter))
				judge_list(file, case_number(rows, 0),
				    case_number(rows, 1), case_text(rows, 2),
				    parameter, value);
		arena_reset(&arena);
	}
	case_done(rows);
	arena_release(&arena);
}
