/* When the adversary was in which mailbox, and the window when the incident
 * file gives none. */
#include "forensics/access/cmdlet.h"

#include "parsers/base/utc.h"

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
	struct case_rows *rows = case_query_new(file,
	    "SELECT e.operation, e.source, e.locator FROM judged_events j"
	    " JOIN events e USING (event) WHERE " COUNTED(j)
	    " AND j.mailbox_no IS NULL AND e.record_type = 1"
	    " ORDER BY e.time_us, e.event_id, e.event");
	struct arena arena;

	arena_init(&arena);
	while (case_next(rows)) {
		struct bytes operation = case_text(rows, 0);

		if (!cmdlet_acts_on_mailbox(operation))
			continue;
		reconstruct_problem(file, case_number(rows, 1),
		    case_text(rows, 2), "unknown_mailbox", "note",
		    arena_printf(&arena, "%.*s by the adversary: its mailbox "
			"cannot be told from Identity, Mailbox, ObjectId or "
			"UserId", (int)operation.n,
			(const char *)operation.p));
	}
	case_done(rows);
	arena_release(&arena);
}

/*
 * Without a window it reaches from the first to the last event that counts,
 * failed sign-ins aside; what they are worth outside any mailbox, too.
 */
void
presence_build(struct case_file *file, const struct incident *incident)
{
	int64_t from = incident->from_us, to = incident->to_us;
	struct case_rows *rows = case_query(file,
	    "SELECT min(e.time_us), max(e.time_us) FROM judged_events j"
	    " JOIN temp.event_facts e USING (event) WHERE " COUNTED(j)
	    " AND e.sign_in <> 0");

	if (case_next(rows)) {
		from = from == UTC_NONE ? case_number(rows, 0) : from;
		to = to == UTC_NONE ? case_number(rows, 1) : to;
	}
	window_store(file, "window_from", from);
	window_store(file, "window_to", to);
	case_run(file,
	    "UPDATE mailboxes SET (first_adversary_us, last_adversary_us) ="
	    " (SELECT min(e.time_us), max(e.time_us) FROM judged_events j"
	    "  JOIN temp.event_facts e USING (event)"
	    "  WHERE j.mailbox_no = mailboxes.mailbox_no"
	    "  AND j.present = 1 AND " COUNTED(j) ")");
	report_unknown(file);
}
