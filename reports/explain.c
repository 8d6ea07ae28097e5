/*
 * explain: the chain from an id down to file, offset and hash.
 *
 * Every line names its ground: rule -> record -> source file, locator and
 * SHA-256.  The audit record itself is quoted from the evidence when that is
 * still where it was read and its hash still fits.
 */
#include "forensics/ingest/custody.h"
#include "parsers/base/hash.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "reports/mask.h"
#include "reports/report.h"
#include "reports/writer.h"

enum { QUOTE_MOST = 4000 };

struct explain {
	struct case_file *file;
	struct arena arena;
	FILE *out;
};

static void
say(struct explain *e, const char *label, struct bytes value)
{
	struct bytes shown = text_visible(&e->arena, value);

	if (shown.n > 0)
		fprintf(e->out, "  %-18s %.*s\n", label, (int)shown.n,
		    (const char *)shown.p);
}

static void
say_time(struct explain *e, const char *label, int64_t us)
{
	if (us != UTC_NONE)
		say(e, label, utc_text(&e->arena, us));
}

static void
say_list(struct explain *e, const char *label, struct bytes array)
{
	struct json_list list = json_list_over(arena_dup(&e->arena, array));
	struct bytes element;

	while (json_list_next(&list, &e->arena, &element)) {
		say(e, label, element);
		label = "";
	}
}

/* Source file, locator, hash: the end of every chain. */
static void
say_source(struct explain *e, int64_t source, struct bytes locator)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT s.source_id, s.sha256, s.bytes, p.path FROM sources s"
	    " JOIN paths p USING (source) WHERE s.source = ?1"
	    " ORDER BY p.path");

	say(e, "place in file",
	    locator.n ? locator : BYTES_LIT("(the whole file)"));
	case_bind_number(rows, 1, source);
	while (case_next(rows)) {
		say(e, "source", arena_dup(&e->arena, case_text(rows, 0)));
		say(e, "file", case_text(rows, 3));
		say(e, "file sha256", case_text(rows, 1));
	}
	case_done(rows);
}

/* The record's own bytes, from the evidence as it lies there today. */
static void
quote_record(struct explain *e, int64_t source, int64_t offset, int64_t length)
{
	struct bytes path = custody_evidence_path(e->file, &e->arena, source);
	struct bytes quoted;
	FILE *in;
	uint8_t *p;
	size_t got;

	if (offset < 0 || length <= 0)
		return;
	in = path.n ? fopen(arena_cstr(&e->arena, path), "rb") : NULL;
	if (in == NULL) {
		say(e, "record text", BYTES_LIT("(the evidence file is not at "
						"its place; read it at the "
						"offset above)"));
		return;
	}
	p = arena_raw(&e->arena, QUOTE_MOST);
	got = fseeko(in, (off_t)offset, SEEK_SET) == 0
		  ? fread(p, 1, length < QUOTE_MOST ? (size_t)length
						    : QUOTE_MOST,
			in)
		  : 0;
	fclose(in);
	quoted = text_repair_utf8(&e->arena, bytes_of(p, got));
	say(e, "bytes", arena_printf(&e->arena, "%lld+%lld",
			     (long long)offset, (long long)length));
	say(e, "record text", quoted);
	if (length > QUOTE_MOST)
		say(e, "", BYTES_LIT("(cut)"));
}

static bool
explain_events(struct explain *e, const char *where, struct bytes id,
    bool quote)
{
	char sql[1024];
	struct case_rows *rows;
	bool found = false;

	snprintf(sql, sizeof sql,
	    "SELECT e.event_id, e.record_id, e.time_us, e.operation,"
	    " e.user_id, e.client_ip, j.attribution, j.reason, j.session,"
	    " b.mailbox, e.source, e.locator, e.raw_offset, e.raw_bytes,"
	    " j.folder, e.access_type"
	    " FROM events e JOIN judged_events j USING (event)"
	    " LEFT JOIN mailboxes b USING (mailbox_no)"
	    " WHERE %s ORDER BY e.time_us, e.event_id", where);
	rows = case_query_new(e->file, sql);
	case_bind_text(rows, 1, id);
	while (case_next(rows)) {
		found = true;
		fprintf(e->out, "audit record %.*s\n",
		    (int)case_text(rows, 0).n,
		    (const char *)case_text(rows, 0).p);
		say(e, "record id", case_text(rows, 1));
		say_time(e, "time (UTC)", case_number(rows, 2));
		say(e, "operation", case_text(rows, 3));
		say(e, "access", case_text(rows, 15));
		say(e, "actor", case_text(rows, 4));
		say(e, "address", case_text(rows, 5));
		say(e, "mailbox", case_text(rows, 9));
		say(e, "folder", case_text(rows, 14));
		say(e, "session", case_text(rows, 8));
		say(e, "attribution", case_text(rows, 6));
		say(e, "because", case_text(rows, 7));
		say_source(e, case_number(rows, 10), case_text(rows, 11));
		if (quote)
			quote_record(e, case_number(rows, 10),
			    case_number(rows, 12), case_number(rows, 13));
	}
	case_done(rows);
	return found;
}

static void
explain_records(struct explain *e, struct bytes array)
{
	struct json_list list = json_list_over(arena_dup(&e->arena, array));
	struct bytes record;

	while (json_list_next(&list, &e->arena, &record))
		explain_events(e, "e.record_id = ?1 OR e.event_id = ?1",
		    record, true);
}

static void
explain_verdicts(struct explain *e, int64_t place)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT rule, exposure, sentence, first_us, last_us, records"
	    " FROM verdicts WHERE place = ?1 ORDER BY rule");

	case_bind_number(rows, 1, place);
	while (case_next(rows)) {
		fprintf(e->out, "rule %.*s\n", (int)case_text(rows, 0).n,
		    (const char *)case_text(rows, 0).p);
		say(e, "gives", case_text(rows, 1));
		say(e, "because", case_text(rows, 2));
		say_time(e, "first access", case_number(rows, 3));
		say_time(e, "last access", case_number(rows, 4));
		say_list(e, "records", case_text(rows, 5));
		explain_records(e, case_text(rows, 5));
	}
	case_done(rows);
}

static bool
explain_message(struct explain *e, struct bytes id)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT m.message, p.place, b.mailbox, p.folder, p.state, m.subject,"
	    " m.sender, m.internet_message_id, p.arrival_us, p.exposure,"
	    " p.rules, p.flags, m.source, m.locator, m.content_sha256, p.path"
	    " FROM messages m JOIN places p USING (message)"
	    " JOIN mailboxes b USING (mailbox_no)"
	    " WHERE m.message_id = ?1 ORDER BY b.mailbox, p.path");
	bool found = false;

	case_bind_text(rows, 1, id);
	while (case_next(rows)) {
		found = true;
		fprintf(e->out, "message %.*s\n", (int)id.n,
		    (const char *)id.p);
		say(e, "mailbox", case_text(rows, 2));
		say(e, "folder", case_text(rows, 3));
		say(e, "state", case_text(rows, 4));
		say(e, "subject", mask_text(e->file, &e->arena,
				      case_number(rows, 0),
				      case_text(rows, 5), false));
		say(e, "sender", case_text(rows, 6));
		say(e, "Message-ID", case_text(rows, 7));
		say_time(e, "arrived (UTC)", case_number(rows, 8));
		say(e, "exposure", case_text(rows, 9));
		say_list(e, "rules", case_text(rows, 10));
		say_list(e, "flags", case_text(rows, 11));
		say(e, "evidence path", case_text(rows, 15));
		say_source(e, case_number(rows, 12), case_text(rows, 13));
		say(e, "content sha256", case_text(rows, 14));
		explain_verdicts(e, case_number(rows, 1));
	}
	case_done(rows);
	return found;
}

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
		fprintf(e->out, "finding %.*s\n", (int)id.n,
		    (const char *)id.p);
		say(e, "detector", case_text(rows, 0));
		say(e, "element", case_text(rows, 1));
		say(e, "level", case_text(rows, 2));
		say(e, "masked", case_text(rows, 3));
		say(e, "part", case_text(rows, 4));
		if (!case_is_null(rows, 5))
			say(e, "offset", arena_printf(&e->arena, "%lld",
					     (long long)case_number(rows, 5)));
		say(e, "belongs to", case_text(rows, 7));
		say(e, "linked by", case_text(rows, 8));
		say(e, "person", case_text(rows, 9));
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
		say(e, "name", case_text(rows, 1));
		say(e, "merged by", case_text(rows, 2));
		say_list(e, "review", case_text(rows, 3));
		say(e, "residence", case_text(rows, 4));
		say(e, "residence from", case_text(rows, 5));
		say_list(e, "elements", case_text(rows, 6));
		say_list(e, "exposed", case_text(rows, 7));
		say(e, "exposure", case_text(rows, 8));
		say_list(e, "duties", case_text(rows, 9));
		findings = case_query_new(e->file,
		    "SELECT f.finding_id FROM person_findings"
		    " JOIN findings f USING (finding) WHERE person = ?1"
		    " ORDER BY f.finding_id");
		case_bind_number(findings, 1, case_number(rows, 0));
		while (case_next(findings))
			explain_finding(e, arena_dup(&e->arena,
					       case_text(findings, 0)));
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
		fprintf(e->out, "session %.*s\n", (int)id.n,
		    (const char *)id.p);
		say(e, "kind", case_text(rows, 1));
		say(e, "attribution", case_text(rows, 2));
		say_list(e, "because", case_text(rows, 3));
		say_list(e, "mailboxes", case_text(rows, 4));
		say_list(e, "actors", case_text(rows, 5));
		say_list(e, "addresses", case_text(rows, 6));
		say_list(e, "applications", case_text(rows, 7));
		say_list(e, "clients", case_text(rows, 8));
		say_time(e, "first (UTC)", case_number(rows, 9));
		say_time(e, "last (UTC)", case_number(rows, 10));
		say(e, "sign-in", case_text(rows, 11));
		explain_events(e, "j.session = ?1", id, false);
	}
	case_done(rows);
	return found;
}

static bool
explain_source(struct explain *e, struct bytes id)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT source, kind, status, messages, events FROM sources"
	    " WHERE source_id = ?1");
	bool found = false;

	case_bind_text(rows, 1, id);
	while (case_next(rows)) {
		found = true;
		fprintf(e->out, "source %.*s\n", (int)id.n, (const char *)id.p);
		say(e, "kind", case_text(rows, 1));
		say(e, "status", case_text(rows, 2));
		say(e, "messages", case_text(rows, 3));
		say(e, "events", case_text(rows, 4));
		say_source(e, case_number(rows, 0), BYTES_LIT(""));
	}
	case_done(rows);
	return found;
}

bool
explain_print(struct case_file *file, struct bytes id, FILE *out)
{
	struct explain e = { .file = file, .out = out };
	bool found;

	arena_init(&e.arena);
	found = explain_message(&e, id) || explain_finding(&e, id) ||
		explain_person(&e, id) || explain_session(&e, id) ||
		explain_source(&e, id) ||
		explain_events(&e, "e.event_id = ?1 OR e.record_id = ?1", id,
		    true);
	if (!found)
		fprintf(stderr,
		    "postmortem: %.*s: no such id in %s; ids stand in the "
		    "first column of the CSV files\n",
		    (int)id.n, (const char *)id.p, case_folder(file));
	arena_release(&e.arena);
	return found;
}
