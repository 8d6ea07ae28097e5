/*
 * Rules and settings that send messages away, from the records that set and
 * end them: inbox rules (cmdlets, UpdateInboxRules), mailbox forwarding,
 * transport rules.  In force from the record that set it to the first later
 * one, by anyone, that removes, disables or changes it; failed cmdlets set
 * nothing; a rule that only moves or deletes is no forwarding.
 */
#include "forensics/access/forwarding.h"

#include "forensics/access/cmdlet.h"
#include "forensics/tables.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"

enum { PARAMETERS_MOST = 128 };

/* The mailbox writes its rule a little after the log's second. */
#define HELD_RULE_LATER_US (5 * 60 * UTC_SECOND)

struct parameter_kind {
	struct bytes name, what;
};

struct forwarding {
	struct case_file *file;
	struct arena tables, row;
	struct parameter_kind kinds[PARAMETERS_MOST];
	size_t kind_count;
};

struct rule_record {
	int64_t event, time_us, mailbox;
	struct bytes operation, parameters, object_id;
	bool counted; /* by the adversary */
};

static void
load_kinds(struct forwarding *f)
{
	struct table_rows table;
	struct bytes *fields;

	table_rows_open(&table, &f->tables, "rule_parameters.csv");
	while (f->kind_count < PARAMETERS_MOST &&
	       (fields = table_rows_next(&table, &f->tables)) != NULL)
		f->kinds[f->kind_count++] = (struct parameter_kind){
			fields[0], fields[1] };
}

static struct bytes
kind_of(const struct forwarding *f, struct bytes parameter)
{
	for (size_t i = 0; i < f->kind_count; i++)
		if (bytes_eq_nocase(f->kinds[i].name, parameter))
			return f->kinds[i].what;
	return BYTES_NONE;
}

static bool
is_operation(const struct rule_record *r, const char *part)
{
	return bytes_find_nocase(r->operation, bytes_cstr(part)) != SIZE_MAX;
}

static struct bytes
value_of(struct forwarding *f, const struct rule_record *r, const char *name)
{
	struct bytes value = json_pairs_find(r->parameters, &f->row, name);

	return value.p != NULL ? value : BYTES_LIT("");
}

/* What follows the last '\' (a mailbox stands before it), or '/'. */
static struct bytes
own_name(struct bytes text)
{
	size_t n = text.n;

	while (n > 0 && text.p[n - 1] != '\\')
		n--;
	return bytes_skip(text, n);
}

/* What the records of one rule or setting share. */
static struct bytes
target_of(struct forwarding *f, const struct rule_record *r)
{
	struct bytes name;

	if (is_operation(r, "Set-Mailbox"))
		return BYTES_LIT("mailbox forwarding");
	if (is_operation(r, "UpdateInboxRules")) {
		name = value_of(f, r, "RuleId");
		if (name.n == 0)
			name = value_of(f, r, "RuleName");
	} else {
		name = own_name(value_of(f, r, "Identity"));
		if (name.n == 0)
			name = value_of(f, r, "Name");
		if (name.n == 0)
			name = own_name(r->object_id);
	}
	return arena_printf(&f->row, "%s %.*s",
	    is_operation(r, "TransportRule") ? "transport rule" : "inbox rule",
	    (int)name.n, (const char *)name.p);
}

static bool
is_false(struct bytes value)
{
	return value.n == 0 || bytes_eq_nocase(value, BYTES_LIT("False")) ||
	       bytes_eq_nocase(value, BYTES_LIT("$false"));
}

/* The record sends messages away from then on. */
static bool
sets_forwarding(struct forwarding *f, const struct rule_record *r)
{
	struct bytes rest = r->parameters, name, value;

	if (is_operation(r, "Set-Mailbox"))
		return value_of(f, r, "ForwardingSmtpAddress").n > 0 ||
		       value_of(f, r, "ForwardingAddress").n > 0;
	if (is_operation(r, "UpdateInboxRules")) {
		value = value_of(f, r, "RuleActions");
		return (bytes_find_nocase(value, BYTES_LIT("Forward")) !=
		               SIZE_MAX ||
		           bytes_find_nocase(value, BYTES_LIT("Redirect")) !=
		               SIZE_MAX) &&
		       bytes_find_nocase(value_of(f, r, "RuleOperation"),
		           BYTES_LIT("Remove")) == SIZE_MAX &&
		       bytes_find_nocase(value_of(f, r, "RuleState"),
		           BYTES_LIT("Disabled")) == SIZE_MAX;
	}
	if (!is_operation(r, "New-") && !is_operation(r, "Set-"))
		return false;
	value = json_pairs_find(r->parameters, &f->row, "Enabled");
	if (value.n > 0 && is_false(value))
		return false;
	while (json_strings_next(&rest, &f->row, &name) &&
	       json_strings_next(&rest, &f->row, &value))
		if (value.n > 0 && bytes_eq(kind_of(f, name),
		                       BYTES_LIT("forward")))
			return true;
	return false;
}

/* A Set-Mailbox that says nothing of forwarding changes none. */
static bool
concerns_forwarding(struct forwarding *f, const struct rule_record *r)
{
	return !is_operation(r, "Set-Mailbox") ||
	       json_pairs_find(r->parameters, &f->row,
	           "ForwardingSmtpAddress").p != NULL ||
	       json_pairs_find(r->parameters, &f->row,
	           "ForwardingAddress").p != NULL;
}

/* TEMP rule_records(event, time_us, mailbox_no, target, sets). */
static void
note_record(struct forwarding *f, const struct rule_record *r, bool sets)
{
	struct case_rows *rows = case_query(f->file,
	    "INSERT INTO temp.rule_records VALUES(?1, ?2, ?3, ?4, ?5)");

	case_bind_number(rows, 1, r->event);
	case_bind_number(rows, 2, r->time_us);
	case_bind_number(rows, 3,
	    is_operation(r, "TransportRule") || r->mailbox < 0 ? 0
							       : r->mailbox);
	case_bind_text(rows, 4, text_fold(&f->row, target_of(f, r)));
	case_bind_number(rows, 5, sets && r->counted);
	case_exec(rows);
}

static void
add_words(struct forwarding *f, int64_t event, struct bytes condition,
    struct bytes list)
{
	struct bytes rest = list;

	while (rest.n > 0) {
		size_t end = 0;
		struct bytes word;
		struct case_rows *rows = case_query(f->file,
		    "INSERT INTO temp.forward_words VALUES(?1, ?2, ?3)");

		while (end < rest.n && rest.p[end] != ';' &&
		       rest.p[end] != ',')
			end++;
		word = bytes_trim(bytes_slice(rest, 0, end));
		rest = bytes_skip(rest, end + 1);
		while (word.n > 0 && strchr("{\"' ", word.p[0]) != NULL)
			word = bytes_skip(word, 1);
		while (word.n > 0 &&
		       strchr("}\"' ", word.p[word.n - 1]) != NULL)
			word.n--;
		if (word.n == 0)
			continue;
		case_bind_number(rows, 1, event);
		case_bind_text(rows, 2, condition);
		case_bind_text(rows, 3, text_fold(&f->row, word));
		case_exec(rows);
	}
}

static void
add_flag(struct forwarding *f, int64_t event, struct bytes what)
{
	struct case_rows *rows = case_query(f->file,
	    "INSERT INTO temp.forward_flags VALUES(?1, 'condition=' || ?2)");

	case_bind_number(rows, 1, event);
	case_bind_text(rows, 2, what);
	case_exec(rows);
}

/* Conditions that we evaluate become words, all others flags. */
static void
note_conditions(struct forwarding *f, const struct rule_record *r)
{
	struct bytes rest = r->parameters, name, value;

	if (is_operation(r, "Set-Mailbox"))
		return;
	while (json_strings_next(&rest, &f->row, &name) &&
	       json_strings_next(&rest, &f->row, &value)) {
		struct bytes what = kind_of(f, name);

		if (is_false(value) || bytes_eq(what, BYTES_LIT("other")) ||
		    bytes_eq(what, BYTES_LIT("forward")))
			continue;
		if (what.p == NULL)
			add_flag(f, r->event, name);
		else
			add_words(f, r->event, what, value);
	}
}

/*
 * Outlook's UpdateInboxRules seldom says what its rule asks and does.  The
 * one rule of that name in that mailbox's export, not changed since, does.
 */
static bool
find_held_rule(struct forwarding *f, const struct rule_record *r,
    struct rule_record *held)
{
	struct bytes name = value_of(f, r, "RuleName");
	struct case_rows *rows;
	int count = 0;

	if (name.n == 0 || r->mailbox <= 0 ||
	    !is_operation(r, "UpdateInboxRules"))
		return false;
	rows = case_query(f->file,
	    "SELECT e.parameters FROM judged_events j JOIN events e"
	    " USING (event) WHERE e.operation = 'InboxRuleInMailbox'"
	    " AND coalesce(e.succeeded, 'yes') <> 'no' AND j.mailbox_no = ?1"
	    " AND fold(e.object_id) = ?2 AND e.until_us <= ?3");
	case_bind_number(rows, 1, r->mailbox);
	case_bind_text(rows, 2, text_fold(&f->row, name));
	case_bind_number(rows, 3, r->time_us + HELD_RULE_LATER_US);
	*held = *r;
	held->operation = BYTES_LIT("New-InboxRule");
	while (case_next(rows)) {
		held->parameters = arena_dup(&f->row, case_text(rows, 0));
		count++;
	}
	return count == 1;
}

static void
take_record(struct forwarding *f, const struct rule_record *r)
{
	struct rule_record held;
	bool sets, is_held;

	if (!concerns_forwarding(f, r))
		return;
	is_held = r->counted && find_held_rule(f, r, &held);
	sets = sets_forwarding(f, r) ||
	       (is_held && value_of(f, r, "RuleActions").n == 0 &&
	           sets_forwarding(f, &held));
	note_record(f, r, sets);
	if (!sets || !r->counted)
		return;
	note_conditions(f, r);
	if (is_held)
		note_conditions(f, &held);
}

static void
make_tables(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.rule_records;"
	    "CREATE TEMP TABLE rule_records(event INTEGER, time_us INTEGER,"
	    " mailbox_no INTEGER, target TEXT, sets INTEGER);"
	    "DROP TABLE IF EXISTS temp.forward_words;"
	    "CREATE TEMP TABLE forward_words(id INTEGER, condition TEXT,"
	    " word TEXT);"
	    "CREATE INDEX temp.forward_words_id ON forward_words(id);"
	    "DROP TABLE IF EXISTS temp.forward_flags;"
	    "CREATE TEMP TABLE forward_flags(id INTEGER, flag TEXT)");
}

/* A period ends at the first later record of its rule. */
static void
find_periods(struct case_file *file)
{
	case_run(file,
	    "CREATE INDEX temp.rule_records_target ON rule_records(target,"
	    " mailbox_no, time_us);"
	    "DROP TABLE IF EXISTS temp.forwards;"
	    "CREATE TEMP TABLE forwards AS SELECT r.event AS id, r.event,"
	    " nullif(r.mailbox_no, 0) AS mailbox_no, r.time_us AS from_us,"
	    " (SELECT min(o.time_us) FROM rule_records o WHERE o.target ="
	    "  r.target AND o.mailbox_no = r.mailbox_no"
	    "  AND (o.time_us > r.time_us OR (o.time_us = r.time_us"
	    "   AND o.event > r.event))) AS to_us, r.target AS words"
	    " FROM rule_records r WHERE r.sets = 1"
	    " AND (r.mailbox_no > 0 OR r.target LIKE 'transport rule%')");
}

void
forwarding_find(struct case_file *file)
{
	struct forwarding f = { .file = file };
	struct case_rows *rows;

	arena_init(&f.tables);
	arena_init(&f.row);
	load_kinds(&f);
	make_tables(file);
	rows = case_query_new(file,
	    "SELECT e.event, e.time_us, j.mailbox_no, e.operation,"
	    " e.parameters, e.object_id, a.event IS NOT NULL"
	    " FROM judged_events j JOIN events e USING (event)"
	    " LEFT JOIN temp.adversary_events a ON a.event = e.event"
	    " WHERE (e.operation = 'Set-Mailbox'"
	    "  OR e.operation = 'UpdateInboxRules'"
	    "  OR e.operation LIKE '%-InboxRule'"
	    "  OR e.operation LIKE '%-TransportRule')"
	    " AND e.operation NOT LIKE 'Get-%' AND e.succeeded <> 'no'"
	    " AND e.time_us IS NOT NULL ORDER BY e.time_us, e.event");
	while (case_next(rows)) {
		struct rule_record r = { case_number(rows, 0),
			case_number(rows, 1), case_number(rows, 2),
			case_text(rows, 3), case_text(rows, 4),
			case_text(rows, 5), case_number(rows, 6) == 1 };

		take_record(&f, &r);
		arena_reset(&f.row);
	}
	case_done(rows);
	find_periods(file);
	arena_release(&f.row);
	arena_release(&f.tables);
}
