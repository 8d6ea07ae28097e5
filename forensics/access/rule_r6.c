/* R6, presumed: an assume entry covers M and it was there at some time in
 * the period. */
#include "forensics/access/rule.h"

#include "parsers/base/text.h"
#include "parsers/base/utc.h"

void
rule_r6_run(struct case_file *file, const struct incident *incident)
{
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < incident->assumed_count; i++) {
		const struct assume_entry *entry = &incident->assumed[i];
		struct case_rows *rows = case_query(file,
		    "INSERT INTO temp.hits SELECT DISTINCT s.place, 'R6',"
		    " NULL, coalesce(max(?2, s.arrival_us), ?2, s.arrival_us),"
		    " ?5, 'the incident file says that everything held here in"
		    " this period counts as read' || iif(?4 <> '', ': ' || ?4,"
		    " ''), NULL FROM temp.stays s"
		    " WHERE (?1 = '*' OR s.mailbox_no IN (SELECT mailbox_no"
		    "  FROM mailbox_names WHERE name = ?1 AND kind IN"
		    "  ('address', 'guid', 'name')))"
		    " AND (?3 IS NULL OR s.arrival_us IS NULL"
		    "  OR s.arrival_us <= ?3)"
		    " AND (?2 IS NULL OR s.left_us IS NULL"
		    "  OR s.left_us >= ?2)");

		case_bind_text(rows, 1, text_fold_name(&arena, entry->mailbox));
		case_bind_known(rows, 2, entry->from_us);
		case_bind_known(rows, 3, incident_to_end(entry->to_us));
		case_bind_text(rows, 4, entry->reason.n ? entry->reason
							: BYTES_LIT(""));
		case_bind_known(rows, 5, entry->to_us);
		case_exec(rows);
	}
	arena_release(&arena);
}
