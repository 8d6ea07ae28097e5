/*
 * Each actor, address, application and session of a suspicious record, as a
 * line for the incident file, with what it would add: an indicator takes
 * every record inside the window that it matches, suspicious or not, so the
 * line says how many of them are.
 */
#include "forensics/access/suggest.h"

#include "forensics/access/reconstruct.h"
#include "parsers/base/text.h"

static const struct {
	const char *key, *values; /* SQL: JSON array of event e's values */
} kinds[] = {
	{ "actor", "json_array(lower(trim(e.user_id)))" },
	{ "ip", "e.ips" },
	{ "app_id", "e.app_ids" },
	{ "session_id", "e.sessions" },
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* TEMP keyed(kind, value, event): the records that each value would take. */
static void
load_keyed(struct case_file *file)
{
	struct arena arena;

	arena_init(&arena);
	case_run(file,
	    "CREATE TEMP TABLE in_window AS SELECT j.event, j.attribution ="
	    "  'suspicious' AS suspicious FROM judged_events j"
	    " JOIN events e USING (event) WHERE j.attribution <> 'adversary'"
	    " AND e.time_us >= coalesce(" WINDOW("from") ", e.time_us)"
	    " AND e.time_us < coalesce(" WINDOW("to") " + 1000000,"
	    "  e.time_us + 1);"
	    "CREATE TEMP TABLE keyed(kind INTEGER, value TEXT,"
	    " event INTEGER, suspicious INTEGER);"
	    "CREATE TEMP TABLE wanted(value TEXT PRIMARY KEY)"
	    " WITHOUT ROWID");
	for (int i = 0; i < KINDS; i++)
		case_run(file, arena_cstr(&arena, arena_printf(&arena,
		    "DELETE FROM wanted;"
		    "INSERT OR IGNORE INTO wanted SELECT v.value"
		    " FROM in_window w JOIN events e USING (event),"
		    " json_each(%s) v WHERE w.suspicious AND v.value <> '';"
		    "INSERT INTO keyed SELECT DISTINCT %d, v.value, w.event,"
		    " w.suspicious FROM in_window w JOIN events e"
		    " USING (event), json_each(%s) v"
		    " WHERE v.value IN (SELECT value FROM wanted)",
		    kinds[i].values, i, kinds[i].values)));
	case_run(file, "CREATE INDEX temp.keyed_event ON keyed(event)");
	arena_release(&arena);
}

/*
 * TEMP added(kind, value, exposure, message): messages that would become
 * accessed (named, or its copies), or synced (in that folder by T + 1 h), and
 * are weaker now.  Propagation through sessions may add more.
 */
static void
load_added(struct case_file *file)
{
	case_run(file,
	    "CREATE TEMP TABLE added AS"
	    " SELECT DISTINCT k.kind, k.value, 'accessed' AS exposure,"
	    "  p.place AS thing FROM keyed k JOIN judged_events j"
	    "  USING (event) JOIN access_items i USING (event)"
	    "  JOIN messages m ON m.message_id = i.message_id"
	    "  JOIN places p ON p.message = m.message"
	    "   AND p.mailbox_no = j.mailbox_no"
	    "  WHERE i.message_id <> '' AND p.exposure <> 'accessed'"
	    "  AND j.access_type IN ('bind', 'send', 'create', 'update',"
	    "   'move', 'copy', 'delete', 'attachment')"
	    " UNION ALL SELECT DISTINCT k.kind, k.value, 'missing',"
	    "  j.mailbox_no || ' ' || bare_imi(i.internet_message_id)"
	    "  FROM keyed k JOIN judged_events j USING (event)"
	    "  JOIN access_items i USING (event) WHERE i.message_id = ''"
	    "  AND i.internet_message_id <> ''"
	    " UNION ALL SELECT DISTINCT k.kind, k.value, 'synced', p.place"
	    "  FROM keyed k JOIN judged_events j USING (event)"
	    "  JOIN events e USING (event) JOIN places p"
	    "   ON p.mailbox_no = j.mailbox_no"
	    "   AND (p.folder = j.folder OR fold(p.folder) = fold(j.folder))"
	    "  WHERE j.access_type = 'sync' AND (p.arrival_us IS NULL"
	    "   OR p.arrival_us <= e.time_us + 3600000000)"
	    "  AND p.state <> 'embedded'"
	    "  AND p.exposure NOT IN ('accessed', 'taken', 'synced');"
	    "CREATE INDEX temp.added_key ON added(kind, value)");
}

/* A YAML string in double quotes; what a terminal must not see is escaped,
 * as YAML reads it back. */
static void
print_quoted(FILE *out, struct arena *arena, struct bytes text)
{
	uint8_t *quoted = arena_raw(arena, 2 * text.n);
	struct bytes shown;
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			quoted[n++] = '\\';
		quoted[n++] = text.p[i];
	}
	shown = text_visible(arena, bytes_of(quoted, n));
	fprintf(out, "\"%.*s\"", (int)shown.n, (const char *)shown.p);
}

static void
print_kind(struct case_file *file, FILE *out, int kind)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT k.value, k.records || ' records (' || k.suspicious ||"
	    " ' suspicious) in ' || k.mailboxes || ' mailboxes, ' ||"
	    " utc(k.first_us) || ' to ' || utc(k.last_us) || '; would add ' ||"
	    " sum(coalesce(a.exposure = 'accessed', 0)) || ' accessed, ' ||"
	    " sum(coalesce(a.exposure = 'synced', 0)) || ' synced, ' ||"
	    " sum(coalesce(a.exposure = 'missing', 0)) || ' missing items; '"
	    " || k.codes FROM (SELECT k.kind, k.value, count(*) AS records,"
	    "  sum(k.suspicious) AS suspicious, count(DISTINCT j.mailbox_no)"
	    "  AS mailboxes, min(e.time_us) AS first_us, max(e.time_us)"
	    "  AS last_us, group_concat(DISTINCT iif(k.suspicious,"
	    "  substr(j.reason, 1, 2), NULL)) AS codes FROM temp.keyed k"
	    "  JOIN judged_events j USING (event) JOIN events e USING (event)"
	    "  WHERE k.kind = ?1 GROUP BY k.value) k LEFT JOIN temp.added a"
	    "  ON a.kind = k.kind AND a.value = k.value"
	    " GROUP BY k.value ORDER BY k.suspicious DESC, k.records, k.value");
	struct arena arena;
	bool any = false;

	arena_init(&arena);
	case_bind_number(rows, 1, kind);
	while (case_next(rows)) {
		struct bytes says = case_text(rows, 1);

		if (!any)
			fprintf(out, "  %s:\n", kinds[kind].key);
		any = true;
		fprintf(out, "    - ");
		print_quoted(out, &arena, case_text(rows, 0));
		fprintf(out, "  # %.*s\n", (int)says.n,
		    (const char *)says.p);
		arena_reset(&arena);
	}
	case_done(rows);
	arena_release(&arena);
}

void
suggest_print(struct case_file *file, FILE *out)
{
	struct case_rows *rows;

	load_keyed(file);
	load_added(file);
	rows = case_query(file, "SELECT count(*) FROM temp.keyed");
	if (!case_next(rows) || case_number(rows, 0) == 0) {
		fprintf(out, "# nothing is suspicious that no indicator "
			     "explains\n");
		return;
	}
	fprintf(out, "# Suspicious, and explained by no indicator. Keep the "
		     "lines you agree with;\n# 'reconstruct' then counts "
		     "them, and whatever shares their sessions.\n"
		     "adversary:\n");
	for (int i = 0; i < KINDS; i++)
		print_kind(file, out, i);
}
