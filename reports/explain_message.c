/*
 * explain a message: where it lies and lay, when it arrived and how that is
 * known, each rule that holds with its records, what the log covers, and what
 * would change the verdict.
 */
#include "parsers/base/utc.h"
#include "reports/explain_private.h"
#include "reports/table.h"
#include "reports/writer.h"

void
explain_records(struct explain *e, struct bytes array)
{
	struct json_list list = json_list_over(arena_dup(&e->arena, array));
	struct bytes record;

	while (json_list_next(&list, &e->arena, &record))
		explain_events(
		    e, "e.record_id = ?1 OR e.event_id = ?1", record, true);
}

/* One column of one row, as text; absent when there is none. */
static struct bytes
ask(struct explain *e, const char *sql, int64_t number)
{
	struct case_rows *rows = case_query_new(e->file, sql);
	struct bytes text = BYTES_NONE;

	case_bind_number(rows, 1, number);
	if (case_next(rows))
		text = arena_dup(&e->arena, case_text(rows, 0));
	case_done(rows);
	return text;
}

/* Rows of one column under one label. */
static void
say_rows(struct explain *e, const char *label, const char *sql, int64_t number)
{
	struct case_rows *rows = case_query_new(e->file, sql);

	case_bind_number(rows, 1, number);
	while (case_next(rows)) {
		explain_say(e, label, case_text(rows, 0));
		label = "";
	}
	case_done(rows);
}

/* What was found in it: ids, to be asked for one by one. */
static void
say_findings(struct explain *e, int64_t message)
{
	say_rows(e, "finding",
	    "SELECT finding_id || ' ' || detector || ' ' || level || ' ' ||"
	    " masked FROM findings WHERE message = ?1"
	    " ORDER BY finding_id", message);
}

/* Contract 3, Arrival: the same order of sources as places.c. */
static void
say_arrival(struct explain *e, int64_t place)
{
	explain_say(e, "arrival from", ask(e,
	    "SELECT CASE WHEN p.arrival_us IS NULL THEN 'nothing that can be"
	    " read: counts as always there' WHEN p.state = 'embedded' THEN"
	    " 'the message that holds it' WHEN EXISTS (SELECT 1 FROM events e"
	    "  JOIN event_items i USING (event) WHERE e.operation = 'DELIVER'"
	    "  AND e.workload = 'MessageTracking'"
	    "  AND e.time_us = p.arrival_us AND bare_imi("
	    "   i.internet_message_id) = bare_imi(m.internet_message_id))"
	    "  THEN 'a DELIVER record of message tracking'"
	    " WHEN s.kind IN ('pst', 'ost', 'msg', 'tnef') THEN"
	    "  iif(p.arrival_us IS m.received_us,"
	    "   'PR_MESSAGE_DELIVERY_TIME', 'PR_CLIENT_SUBMIT_TIME')"
	    " WHEN p.arrival_us IS m.received_us THEN"
	    "  'the topmost Received header with a date'"
	    " ELSE 'the Date header' END FROM places p"
	    " JOIN messages m USING (message) JOIN sources s USING (source)"
	    " WHERE p.place = ?1", place));
}

/* Where it lay, and the records that say so. */
static void
say_history(struct explain *e, int64_t place)
{
	bool moved = ask(e, "SELECT 1 FROM folder_stays WHERE place = ?1",
	    place).n > 0;

	if (!moved) {
		explain_say(e, "lay in",
		    BYTES_LIT("its folder since it arrived: no record that "
			      "succeeded moves or deletes it"));
		return;
	}
	say_rows(e, "lay in",
	    "SELECT coalesce(nullif(folded, ''), iif(folded IS NULL,"
	    " 'an unknown folder', 'the mailbox root')) || ' from ' ||"
	    " coalesce(nullif(utc(from_us), ''), 'its arrival') || ' to ' ||"
	    " coalesce(nullif(utc(to_us), ''), 'the export') || iif(left_us IS NULL, '',"
	    "  '; deleted for good at ' || utc(left_us))"
	    " FROM folder_stays WHERE place = ?1"
	    " ORDER BY from_us, to_us, folded", place);
	say_rows(e, "moved by",
	    "SELECT DISTINCT e.operation || ' at ' || utc(e.time_us) ||"
	    " ', record ' || coalesce(e.record_id, e.event_id)"
	    " FROM places p JOIN messages m USING (message)"
	    " JOIN judged_events j ON j.mailbox_no = p.mailbox_no"
	    " JOIN events e USING (event) JOIN event_items i USING (event)"
	    " WHERE p.place = ?1 AND e.operation IN ('Move', 'Copy',"
	    " 'MoveToDeletedItems', 'SoftDelete', 'HardDelete')"
	    " AND e.succeeded <> 'no' AND lower8(bare_imi("
	    "  i.internet_message_id)) = lower8(bare_imi("
	    "  m.internet_message_id)) ORDER BY e.time_us, 1", place);
}

/* The log from the message's arrival, or the window's start, to its end. */
static void
say_coverage(struct explain *e, int64_t place)
{
	say_rows(e, "coverage",
	    "SELECT coalesce(nullif(utc(c.from_us), ''), 'open') || ' to ' ||"
	    " coalesce(nullif(utc(c.to_us), ''), 'open') || ' ' || c.status ||"
	    " ': ' || c.reason FROM coverage c JOIN places p"
	    " USING (mailbox_no), (SELECT"
	    "  (SELECT CAST(value AS INTEGER) FROM meta"
	    "   WHERE key = 'window_from') AS from_us,"
	    "  (SELECT CAST(value AS INTEGER) FROM meta"
	    "   WHERE key = 'window_to') AS to_us) w WHERE p.place = ?1"
	    " AND (c.to_us IS NULL OR w.from_us IS NULL"
	    "  OR c.to_us > max(w.from_us, coalesce(p.arrival_us, w.from_us)))"
	    " AND (c.from_us IS NULL OR w.to_us IS NULL"
	    "  OR c.from_us <= w.to_us)"
	    " ORDER BY c.from_us, c.to_us, c.status", place);
}

/* What each rule hangs on: were it otherwise, it would not hold. */
static const struct {
	const char *rule, *words;
} hinges[] = {
	{ "R1", "these records were not the adversary's" },
	{ "R1c", "these records were not the adversary's, or the mailbox they "
		 "name held its own copy" },
	{ "R1s", "the list did not name it" },
	{ "R4", "the rule were not the adversary's, or had ended before it "
		"arrived" },
	{ "R5", "the export were not the adversary's, or it had not lain there "
		"then" },
	{ "R2", "the Sync were not the adversary's, or it had lain in another "
		"folder for that hour" },
	{ "R2u", "the Sync were not the adversary's, or its folder could be "
		 "named and were another" },
	{ "R3", "no logging had been suspended while the adversary was there" },
	{ "R6", "the incident file did not assume it" },
	{ "R9", "the adversary had not switched auditing off" },
	{ "R7", "a complete log of that time were added, or the adversary had "
		"not been in the mailbox" },
	{ "R7f", "the FolderBind were not the adversary's, or it had lain in "
		 "another folder that day" },
};

static void
say_hinge(struct explain *e, struct bytes rule)
{
	for (size_t i = 0; i < sizeof hinges / sizeof hinges[0]; i++)
		if (bytes_eq(rule, bytes_cstr(hinges[i].rule)))
			explain_say(e, "would not hold if",
			    bytes_cstr(hinges[i].words));
}

/* Without the rules that decide, the next ones would. */
static void
say_next(struct explain *e, int64_t place)
{
	struct bytes next = ask(e,
	    "SELECT 'without ' || group_concat(v.rule, ', ') FILTER (WHERE"
	    "  v.exposure = p.exposure) || ' it would be ' || coalesce("
	    "  (SELECT o.exposure || ' by ' || o.rule FROM verdicts o WHERE"
	    "   o.place = p.place AND o.exposure <> p.exposure"
	    "   ORDER BY " REPORT_RULE_ORDER " LIMIT 1),"
	    "  'not_covered or not_shown, as the log covers it')"
	    " FROM places p JOIN verdicts v USING (place)"
	    " WHERE p.place = ?1", place);

	fprintf(e->out, "what would change it\n");
	explain_say(e, "next", next);
}

static void
say_no_rule(struct explain *e, int64_t place)
{
	struct bytes exposure = ask(e,
	    "SELECT exposure FROM places WHERE place = ?1", place);

	fprintf(e->out, "no rule holds\n");
	explain_say(e, "because",
	    ask(e, "SELECT reason FROM places WHERE place = ?1", place));
	explain_say(e, "would change",
	    bytes_eq(exposure, BYTES_LIT("not_covered"))
		? BYTES_LIT("with a complete log of the time that is not "
			    "covered, or an adversary record that touches it")
		: BYTES_LIT("with an adversary record that names it, its "
			    "folder or its mailbox at the time"));
}

static void
say_verdicts(struct explain *e, int64_t place)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT rule, exposure, sentence, first_us, last_us, records"
	    " FROM verdicts WHERE place = ?1 ORDER BY " REPORT_RULE_ORDER);
	bool found = false;

	case_bind_number(rows, 1, place);
	while (case_next(rows)) {
		found = true;
		fprintf(e->out, "rule %.*s\n", (int)case_text(rows, 0).n,
		    (const char *)case_text(rows, 0).p);
		explain_say(e, "gives", case_text(rows, 1));
		explain_say(e, "because", case_text(rows, 2));
		explain_say_time(e, "first access", case_number(rows, 3));
		explain_say_time(e, "last access", case_number(rows, 4));
		say_hinge(e, case_text(rows, 0));
		explain_say_list(e, "records", case_text(rows, 5));
		explain_records(e, case_text(rows, 5));
	}
	case_done(rows);
	if (found)
		say_next(e, place);
	else
		say_no_rule(e, place);
}

/* A place of the message: where, when, what holds. */
static void
say_place(struct explain *e, struct case_rows *rows, struct bytes id)
{
	int64_t message = case_number(rows, 0), place = case_number(rows, 1);

	fprintf(e->out, "message %.*s\n", (int)id.n, (const char *)id.p);
	explain_say(e, "mailbox", case_text(rows, 2));
	explain_say(e, "folder", case_text(rows, 3));
	explain_say(e, "state", case_text(rows, 4));
	explain_say(e, "subject",
	    mask_text(e->mask, &e->arena, message, case_text(rows, 5)));
	explain_say(e, "sender", case_text(rows, 6));
	explain_say(e, "Message-ID", case_text(rows, 7));
	explain_say_time(e, "arrived (UTC)", case_number(rows, 8));
	say_arrival(e, place);
	say_history(e, place);
	explain_say(e, "exposure", case_text(rows, 9));
	explain_say_list(e, "rules", case_text(rows, 10));
	explain_say_list(e, "flags", case_text(rows, 11));
	explain_say(e, "evidence path", case_text(rows, 15));
	explain_say_source(e, case_number(rows, 12), case_text(rows, 13));
	explain_say(e, "content sha256", case_text(rows, 14));
	say_findings(e, message);
	say_coverage(e, place);
	say_verdicts(e, place);
}

bool
explain_message(struct explain *e, struct bytes id)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT m.message, p.place, b.mailbox, p.folder, p.state, "
	    "m.subject,"
	    " m.sender, m.internet_message_id, p.arrival_us, p.exposure,"
	    " p.rules, p.flags, m.source, m.locator, m.content_sha256, p.path"
	    " FROM messages m JOIN places p USING (message)"
	    " JOIN mailboxes b USING (mailbox_no)"
	    " WHERE m.message_id = ?1 ORDER BY b.mailbox, p.path");
	bool found = false;

	case_bind_text(rows, 1, id);
	while (case_next(rows)) {
		found = true;
		say_place(e, rows, id);
	}
	case_done(rows);
	return found;
}
