#include "forensics/access/reconstruct.h"

#include "forensics/access/zone.h"

/* Everything a record says, as one text. */
#define EVENT_SAYS                                                             \
	"json_array(time_us, record_type, workload, operation, user_id,"       \
	" user_key, user_type, logon_type, logon_sid, owner_sid, external,"    \
	" mailbox_guid, mailbox_owner, ips, app_ids, client_info, clients,"    \
	" sessions,"   \
	" token_id, device_ids, access_type, throttled, result, object_id,"    \
	" folder_id, folder_path, dest_folder_id, dest_folder_path,"           \
	" operation_count, parameters, detail, (SELECT json_group_array("      \
	"json_array(i.position, i.internet_message_id, i.item_id,"             \
	" i.folder_id, i.folder_path)) FROM event_items i"                     \
	" WHERE i.event = events.event))"

/*
 * One row a record: over all files and formats by record id (lower case since
 * ingest); of
 * copies that differ the longest counts, with a note (contract 3, first
 * paragraph).  Copies differ when we read different things in them: another
 * writer's blanks and escapes are no difference.
 */
static void
events_dedup(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.kept_events;"
	    "CREATE TEMP TABLE kept_events(event INTEGER PRIMARY KEY);"
	    "DROP TABLE IF EXISTS temp.copied_records;"
	    "CREATE TEMP TABLE copied_records(record_id TEXT PRIMARY KEY)"
	    " WITHOUT ROWID;"
	    "INSERT INTO copied_records SELECT record_id FROM events"
	    " WHERE record_id IS NOT NULL GROUP BY record_id"
	    " HAVING count(*) > 1;"
	    "INSERT INTO kept_events SELECT event FROM events"
	    /* NULL NOT IN an empty list is true: ask for an id first. */
	    " WHERE record_id IS NOT NULL"
	    " AND record_id NOT IN (SELECT record_id FROM copied_records)"
	    " ORDER BY event;"
	    /* Copies, and records without an id: same content, same record. */
	    "INSERT INTO kept_events SELECT event FROM (SELECT e.event,"
	    " row_number() OVER (PARTITION BY coalesce(e.record_id, 'content '"
	    " || nullif(e.content_sha256, ''), 'event ' || e.event)"
	    " ORDER BY e.inner_bytes DESC, e.content_sha256, s.source_id,"
	    " e.locator, e.event) AS place"
	    " FROM events e JOIN sources s USING (source)"
	    " WHERE e.record_id IS NULL OR e.record_id IN"
	    "  (SELECT record_id FROM copied_records)) WHERE place = 1;"
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) SELECT 'reconstruct', NULL,"
	    " 'record=' || record_id, 'duplicate_record', 'note', 0,"
	    " count(DISTINCT content_sha256) || ' different copies of this"
	    " record; the longest counts' FROM events"
	    " WHERE record_id IN (SELECT record_id FROM copied_records)"
	    " GROUP BY record_id HAVING count(DISTINCT content_sha256) > 1"
	    " AND count(DISTINCT " EVENT_SAYS ") > 1 ORDER BY record_id;"
	    "DROP TABLE temp.copied_records");
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
	/* Indexes come back when their tables are full. */
	case_run(file,
	    "DROP INDEX IF EXISTS judged_session;"
	    "DROP INDEX IF EXISTS judged_mailbox;"
	    "DROP INDEX IF EXISTS places_message;"
	    "DROP INDEX IF EXISTS places_mailbox;"
	    "DROP INDEX IF EXISTS places_parent;"
	    "DROP INDEX IF EXISTS folder_stays_place;"
	    "DELETE FROM problems WHERE stage = 'reconstruct';"
	    "DELETE FROM person_findings; DELETE FROM people;"
	    "DELETE FROM folder_stays;"
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
	/* Whole tables go and come: checking each row against the others
	 * would cost more than all the rest. */
	case_run(file, "PRAGMA foreign_keys=OFF");
	/* No worker runs now: their share of memory is the cache's. */
	case_run(file, "PRAGMA cache_size=-262144;"
		       "PRAGMA temp.cache_size=-131072");
	case_begin(file);
	clear(file);
	case_commit(file);
	/* Statistics of the evidence alone: the same whenever this runs. */
	case_index(file);
	case_begin(file);
	case_set_meta(file, "incident", incident->json);
	zone_keep(file, incident);
	case_set_meta(file, "count_suspicious",
	    options->count_suspicious ? BYTES_LIT("1") : BYTES_LIT("0"));
	times_settle(file, incident);
	events_dedup(file);
	mailboxes_build(file, incident);
	places_build(file);
	events_judge(file);
	attribution_run(file, incident);
	sessions_derive(file);
	attribution_report(file);
	folder_paths_build(file);
	named_items_build(file);
	access_items_build(file);
	audit_off_build(file);
	anomalies_find(file, incident);
	presence_build(file, incident);
	sessions_build(file);
	coverage_build(file);
	exposure_build(file, incident);
	missing_items_build(file);
	case_set_meta(file, "reconstructed", BYTES_LIT("1"));
	case_commit(file);
	case_run(file, "PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536;"
		       "PRAGMA temp.cache_size=-65536");
}
