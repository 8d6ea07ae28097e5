/*
 * explain: the chain from an id down to file, offset and hash.  Every line
 * names its ground: rule -> record -> source file, locator and SHA-256.
 */
#include "reports/explain_private.h"
#include "reports/report.h"

static bool
explain_finding(struct explain *e, struct bytes id)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT f.detector, f.element, f.level, f.masked, f.part,"
	    " f.text_offset, m.message_id, f.name, f.link, p.person_id"
	    " FROM findings f JOIN messages m USING (message)"
	    " LEFT JOIN person_findings USING (finding)"
	    " LEFT JOIN people p USING (person)"
	    " WHERE f.finding_id = ?1");
	bool found = false;

	case_bind_text(rows, 1, id);
	while (case_next(rows)) {
		found = true;
		fprintf(
		    e->out, "finding %.*s\n", (int)id.n, (const char *)id.p);
		explain_say(e, "detector", case_text(rows, 0));
		explain_say(e, "element", case_text(rows, 1));
		explain_say(e, "level", case_text(rows, 2));
		explain_say(e, "masked", case_text(rows, 3));
		explain_say(e, "part", case_text(rows, 4));
		if (!case_is_null(rows, 5))
			explain_say(e, "offset",
			    arena_printf(&e->arena, "%lld",
				(long long)case_number(rows, 5)));
		explain_say(e, "belongs to", case_text(rows, 7));
		explain_say(e, "linked by", case_text(rows, 8));
		explain_say(e, "person", case_text(rows, 9));
		explain_message(e, arena_dup(&e->arena, case_text(rows, 6)));
	}
	case_done(rows);
	return found;
}

static bool
explain_person(struct explain *e, struct bytes id)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT person, name, merge_reason, review, residence,"
	    " residence_source, data_elements, elements_exposed, exposure,"
	    " duties FROM people WHERE person_id = ?1");
	struct case_rows *findings;
	bool found = false;

	case_bind_text(rows, 1, id);
	while (case_next(rows)) {
		found = true;
		fprintf(e->out, "person %.*s\n", (int)id.n, (const char *)id.p);
		explain_say(e, "name", case_text(rows, 1));
		explain_say(e, "merged by", case_text(rows, 2));
		explain_say_list(e, "review", case_text(rows, 3));
		explain_say(e, "residence", case_text(rows, 4));
		explain_say(e, "residence from", case_text(rows, 5));
		explain_say_list(e, "elements", case_text(rows, 6));
		explain_say_list(e, "exposed", case_text(rows, 7));
		explain_say(e, "exposure", case_text(rows, 8));
		explain_say_list(e, "duties", case_text(rows, 9));
		findings = case_query_new(e->file,
		    "SELECT f.finding_id FROM person_findings"
		    " JOIN findings f USING (finding) WHERE person = ?1"
		    " ORDER BY f.finding_id");
		case_bind_number(findings, 1, case_number(rows, 0));
		while (case_next(findings))
			explain_finding(
			    e, arena_dup(&e->arena, case_text(findings, 0)));
		case_done(findings);
	}
	case_done(rows);
	return found;
}

static bool
explain_session(struct explain *e, struct bytes id)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT session, kind, attribution, reasons, mailboxes, actors,"
	    " ips, apps, clients, first_us, last_us, sign_in FROM sessions"
	    " WHERE session = ?1");
	bool found = false;

	case_bind_text(rows, 1, id);
	while (case_next(rows)) {
		found = true;
		fprintf(
		    e->out, "session %.*s\n", (int)id.n, (const char *)id.p);
		explain_say(e, "kind", case_text(rows, 1));
		explain_say(e, "attribution", case_text(rows, 2));
		explain_say_list(e, "because", case_text(rows, 3));
		explain_say_list(e, "mailboxes", case_text(rows, 4));
		explain_say_list(e, "actors", case_text(rows, 5));
		explain_say_list(e, "addresses", case_text(rows, 6));
		explain_say_list(e, "applications", case_text(rows, 7));
		explain_say_list(e, "clients", case_text(rows, 8));
		explain_say_time(e, "first (UTC)", case_number(rows, 9));
		explain_say_time(e, "last (UTC)", case_number(rows, 10));
		explain_say(e, "sign-in", case_text(rows, 11));
		explain_events(e, "j.session = ?1", id, false);
	}
	case_done(rows);
	return found;
}

static bool
explain_source(struct explain *e, struct bytes id)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT source, kind, status, messages, events, bytes, md5"
	    " FROM sources WHERE source_id = ?1");
	struct case_rows *problems;
	bool found = false;

	case_bind_text(rows, 1, id);
	while (case_next(rows)) {
		found = true;
		fprintf(e->out, "source %.*s\n", (int)id.n, (const char *)id.p);
		explain_say(e, "kind", case_text(rows, 1));
		explain_say(e, "status", case_text(rows, 2));
		explain_say_number(e, "messages", case_number(rows, 3));
		explain_say_number(e, "events", case_number(rows, 4));
		explain_say_number(e, "bytes", case_number(rows, 5));
		explain_say(e, "file md5", case_text(rows, 6));
		explain_say_source(e, case_number(rows, 0), BYTES_LIT(""));
		problems = case_query_new(e->file,
		    "SELECT severity || ' ' || kind || ' at ' ||"
		    " coalesce(nullif(locator, ''), 'the file') ||"
		    " coalesce(': ' || detail, '') FROM problems"
		    " WHERE source = ?1 ORDER BY 1");
		case_bind_number(problems, 1, case_number(rows, 0));
		while (case_next(problems))
			explain_say(e, "problem", case_text(problems, 0));
		case_done(problems);
	}
	case_done(rows);
	return found;
}

static bool
explain_missing(struct explain *e, struct bytes id)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT b.mailbox, m.internet_message_id, m.folder, m.first_us,"
	    " m.last_us, m.record_ids, m.copy_message_ids"
	    " FROM missing_items m JOIN mailboxes b USING (mailbox_no)"
	    " WHERE bare_imi(m.internet_message_id) = bare_imi(?1)"
	    " ORDER BY b.mailbox, m.internet_message_id");
	bool found = false;

	case_bind_text(rows, 1, id);
	while (case_next(rows)) {
		found = true;
		fprintf(e->out, "item that the evidence lacks\n");
		explain_say(e, "Message-ID", case_text(rows, 1));
		explain_say(e, "mailbox", case_text(rows, 0));
		explain_say(e, "folder", case_text(rows, 2));
		explain_say_time(e, "first access", case_number(rows, 3));
		explain_say_time(e, "last access", case_number(rows, 4));
		explain_say_list(e, "copies", case_text(rows, 6));
		explain_records(e, case_text(rows, 5));
	}
	case_done(rows);
	return found;
}

/* Every message with that Message-ID, and the items nobody holds. */
static bool
explain_internet_id(struct explain *e, struct bytes id)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT DISTINCT message_id FROM messages"
	    " WHERE bare_imi(internet_message_id) = bare_imi(?1)"
	    " ORDER BY message_id");
	bool found = false;

	case_bind_text(rows, 1, id);
	while (case_next(rows))
		found |= explain_message(
		    e, arena_dup(&e->arena, case_text(rows, 0)));
	case_done(rows);
	return explain_missing(e, id) || found;
}

static bool
explain_id(struct explain *e, struct bytes id)
{
	static const char event[] = "e.event_id = ?1 OR e.record_id = ?1";
	uint8_t *lower = arena_raw(&e->arena, id.n + 1);

	/* Record and session ids are kept in lower case, ours have one
	 * capital; either is often pasted in the other case. */
	for (size_t i = 0; i < id.n; i++)
		lower[i] = byte_lower(id.p[i]);
	if (id.n > 2 && id.p[1] == '-')
		lower[0] = (uint8_t)(lower[0] - ('a' - 'A'));
	return explain_message(e, bytes_of(lower, id.n)) ||
	       explain_finding(e, bytes_of(lower, id.n)) ||
	       explain_person(e, bytes_of(lower, id.n)) ||
	       explain_session(e, bytes_of(lower, id.n)) ||
	       explain_source(e, bytes_of(lower, id.n)) ||
	       explain_events(e, event, bytes_of(lower, id.n), true) ||
	       explain_session(e, id) || explain_events(e, event, id, true) ||
	       explain_internet_id(e, id);
}

bool
explain_print(struct case_file *file, struct bytes id, FILE *out)
{
	struct explain e = {.file = file, .out = out};
	bool found;

	arena_init(&e.arena);
	e.mask = mask_new(file, false);
	found = id.n > 0 && explain_id(&e, id);
	mask_free(e.mask);
	if (!found)
		fprintf(stderr,
		    "postmortem: %.*s: no such id in %s; ids stand in the "
		    "first column of the CSV files\n",
		    (int)id.n, (const char *)id.p, case_folder(file));
	arena_release(&e.arena);
	return found;
}
