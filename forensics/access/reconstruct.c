#include "forensics/access/reconstruct.h"

/*
 * One row a record: over all files and formats by record id; of copies that
 * differ the longest counts, with a note (contract 3, first paragraph).
 */
static void
events_dedup(struct case_file *file)
{
	case_run(file,
	    "DELETE FROM access_items;"
	    "DELETE FROM judged_events;"
	    "INSERT INTO judged_events(event, report, attribution)"
	    " SELECT event, '', 'unattributed' FROM (SELECT e.event,"
	    " row_number() OVER (PARTITION BY"
	    " coalesce(e.record_id, 'content ' || e.content_sha256)"
	    " ORDER BY e.inner_bytes DESC, e.content_sha256, s.source_id,"
	    " e.locator, e.event) AS place"
	    " FROM events e JOIN sources s USING (source)) WHERE place = 1;"
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) SELECT 'reconstruct', NULL,"
	    " 'record=' || record_id, 'duplicate_record', 'note', 0,"
	    " count(DISTINCT content_sha256) || ' different copies of this"
	    " record; the longest counts' FROM events"
	    " WHERE record_id IS NOT NULL GROUP BY record_id"
	    " HAVING count(DISTINCT content_sha256) > 1"
	    " AND count(DISTINCT inner_bytes) > 1;");
}

void
reconstruct_problem(struct case_file *file, int64_t source,
    struct bytes locator, const char *kind, const char *severity,
    struct bytes detail)
{
	struct case_rows *rows = case_query(file,
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) VALUES('reconstruct', ?1, ?2, ?3, ?4, 0,"
	    " ?5)");

	if (source > 0)
		case_bind_number(rows, 1, source);
	case_bind_text(rows, 2, locator);
	case_bind_cstr(rows, 3, kind);
	case_bind_cstr(rows, 4, severity);
	case_bind_text(rows, 5, detail);
	case_exec(rows);
}

static void
clear(struct case_file *file)
{
	case_run(file,
	    "DELETE FROM problems WHERE stage = 'reconstruct';"
	    "DELETE FROM person_findings; DELETE FROM people;"
	    "DELETE FROM verdicts; DELETE FROM sessions;"
	    "DELETE FROM coverage; DELETE FROM missing_items;"
	    "DELETE FROM folder_paths; DELETE FROM access_items;"
	    "DELETE FROM judged_events; DELETE FROM places;"
	    "DELETE FROM path_mailboxes; DELETE FROM mailbox_names;"
	    "DELETE FROM mailboxes;"
	    "DELETE FROM meta WHERE key = 'reconstructed';");
}

bool
reconstruct_done(struct case_file *file)
{
	struct case_rows *rows = case_query(file,
	    "SELECT 1 FROM meta WHERE key = 'reconstructed'");

	return case_next(rows);
}

void
reconstruct_run(struct case_file *file, const struct incident *incident,
    const struct reconstruct_options *options)
{
	case_index(file);
	case_begin(file);
	clear(file);
	case_set_meta(file, "incident", incident->json);
	case_set_meta(file, "count_suspicious",
	    options->count_suspicious ? BYTES_LIT("1") : BYTES_LIT("0"));
	events_dedup(file);
	mailboxes_build(file, incident);
	places_build(file);
	events_judge(file, incident);
	attribution_run(file, incident);
	sessions_derive(file);
	presence_build(file, incident);
	folder_paths_build(file);
	access_items_build(file);
	sessions_build(file);
	coverage_build(file, incident);
	exposure_build(file, incident, options);
	missing_items_build(file, incident);
	case_set_meta(file, "reconstructed", BYTES_LIT("1"));
	case_commit(file);
}
