/* When the adversary was in which mailbox, and the window when the incident
 * file gives none. */
#include "forensics/access/reconstruct.h"

#include "parsers/base/utc.h"

/* Failed sign-ins are attributed but are no presence. */
#define PRESENT                                                                \
	"(e.operation NOT LIKE 'UserLog%' OR e.succeeded <> 'no')"

static void
window_store(struct case_file *file, const char *key, int64_t us)
{
	struct arena arena;

	arena_init(&arena);
	case_set_meta(file, key, arena_printf(&arena, "%lld", (long long)us));
	arena_release(&arena);
}

/* A cmdlet of the adversary whose mailbox cannot be told. */
static void
report_unknown(struct case_file *file)
{
	case_run(file,
	    "INSERT INTO problems(stage, source, locator, kind, severity,"
	    " items_lost, detail) SELECT 'reconstruct', e.source, e.locator,"
	    " 'unknown_mailbox', 'note', 0, e.operation ||"
	    " ' by the adversary: its mailbox cannot be told from Identity,"
	    " Mailbox, ObjectId or UserId' FROM judged_events j"
	    " JOIN events e USING (event) WHERE j.attribution = 'adversary'"
	    " AND j.mailbox_no IS NULL AND e.record_type = 1"
	    " AND (e.operation LIKE '%Mailbox%'"
	    " OR e.operation LIKE '%InboxRule%'"
	    " OR e.operation LIKE '%RecipientPermission%')");
}

void
presence_build(struct case_file *file, const struct incident *incident)
{
	int64_t from = incident->from_us, to = incident_to_end(incident->to_us);
	struct case_rows *rows = case_query(file,
	    "SELECT min(e.time_us), max(e.time_us) FROM judged_events j"
	    " JOIN events e USING (event)"
	    " WHERE j.attribution = 'adversary' AND " PRESENT);

	if (case_next(rows)) {
		from = from == UTC_NONE ? case_number(rows, 0) : from;
		to = to == UTC_NONE ? case_number(rows, 1) : to;
	}
	window_store(file, "window_from", from);
	window_store(file, "window_to", to);
	case_run(file,
	    "UPDATE mailboxes SET (first_adversary_us, last_adversary_us) ="
	    " (SELECT min(e.time_us), max(e.time_us) FROM judged_events j"
	    "  JOIN events e USING (event)"
	    "  WHERE j.mailbox_no = mailboxes.mailbox_no"
	    "  AND j.attribution = 'adversary' AND " PRESENT ")");
	report_unknown(file);
}
