/* R1s, accessed: it is in stolen_messages; with R1c for copies elsewhere
 * when M has none. */
#include "forensics/access/rule.h"

static void
load_list(struct case_file *file, const struct incident *incident)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.stolen;"
	    "CREATE TEMP TABLE stolen(mailbox_no INTEGER, written TEXT,"
	    " imi TEXT, folded TEXT, time_us INTEGER)");
	for (size_t i = 0; i < incident->stolen_count; i++) {
		const struct stolen_entry *entry = &incident->stolen[i];
		struct case_rows *rows = case_query(file,
		    "INSERT INTO stolen SELECT (SELECT min(mailbox_no)"
		    " FROM mailbox_names WHERE kind IN ('address', 'guid')"
		    " AND name = ?1), ?2, bare_imi(?2),"
		    " lower8(bare_imi(?2)), ?3");

		case_bind_text(rows, 1, entry->mailbox);
		case_bind_text(rows, 2, entry->message_id);
		case_bind_known(rows, 3, entry->time_us);
		case_exec(rows);
	}
}

void
rule_r1s_run(struct case_file *file, const struct incident *incident)
{
	load_list(file, incident);
	case_run(file,
	    "INSERT INTO hits SELECT x.place, 'R1s', NULL, t.time_us,"
	    " t.time_us, 'the list of stolen messages names it',"
	    " CASE WHEN x.imi = t.imi THEN NULL ELSE 'imi_case' END"
	    " FROM stolen t JOIN imi_places x ON x.folded = t.folded"
	    "  AND x.mailbox_no = t.mailbox_no"
	    " WHERE x.imi = t.imi OR NOT EXISTS (SELECT 1 FROM imi_places y"
	    "  WHERE y.imi = t.imi AND y.mailbox_no = t.mailbox_no);"
	    "INSERT INTO hits SELECT x.place, 'R1c', NULL, t.time_us,"
	    " t.time_us, 'the list of stolen messages names it in ' ||"
	    " coalesce(b.mailbox, 'a mailbox') || ', whose evidence lacks it;"
	    " this copy stands in for it', 'stand_in' FROM stolen t"
	    " LEFT JOIN mailboxes b ON b.mailbox_no = t.mailbox_no"
	    " JOIN imi_places x ON x.folded = t.folded"
	    "  AND x.mailbox_no IS NOT t.mailbox_no"
	    " WHERE NOT EXISTS (SELECT 1 FROM imi_places y"
	    "  WHERE y.folded = t.folded AND y.mailbox_no = t.mailbox_no)");
}
