/* R1s, accessed: it is in stolen_messages; with R1c for copies elsewhere
 * when M has none. */
#include "forensics/access/mailbox_names.h"
#include "forensics/access/rule.h"

static int64_t
listed_mailbox(struct mailbox_names *names, struct bytes name)
{
	static const char *const kinds[] = { "address", "guid", "name" };

	for (size_t i = 0; i < 3; i++) {
		int64_t found = mailbox_names_find(names, kinds[i], name);

		if (found > 0)
			return found;
	}
	return INT64_MIN;
}

/* TEMP stolen(mailbox_no, written, name, time_us); mailbox NULL: anybody's. */
static void
load_list(struct case_file *file, const struct incident *incident)
{
	struct mailbox_names *names = mailbox_names_load(file);

	case_run(file,
	    "DROP TABLE IF EXISTS temp.stolen;"
	    "CREATE TEMP TABLE stolen(mailbox_no INTEGER, written TEXT,"
	    " name TEXT, time_us INTEGER)");
	for (size_t i = 0; i < incident->stolen_count; i++) {
		const struct stolen_entry *entry = &incident->stolen[i];
		struct case_rows *rows = case_query(file,
		    "INSERT INTO temp.stolen VALUES(?1, ?2, bare_imi(?2),"
		    " ?3)");

		case_bind_known(rows, 1,
		    listed_mailbox(names, entry->mailbox));
		case_bind_text(rows, 2, entry->message_id);
		case_bind_known(rows, 3, entry->time_us);
		case_exec(rows);
	}
	mailbox_names_free(names);
}

void
rule_r1s_run(struct case_file *file, const struct incident *incident)
{
	load_list(file, incident);
	case_run(file,
	    "INSERT INTO hits SELECT x.place, 'R1s', NULL, t.time_us,"
	    " t.time_us, 'the list of stolen messages names it',"
	    " CASE WHEN x.imi = t.name THEN NULL ELSE 'imi_case' END"
	    " FROM stolen t JOIN imi_places x ON x.folded = lower8(t.name)"
	    "  AND x.mailbox_no = t.mailbox_no"
	    " WHERE x.imi = t.name OR NOT EXISTS (SELECT 1 FROM imi_places y"
	    "  WHERE y.imi = t.name AND y.mailbox_no = t.mailbox_no);"
	    "DROP TABLE IF EXISTS temp.lacking;"
	    "CREATE TEMP TABLE lacking AS SELECT DISTINCT mailbox_no, name"
	    " FROM stolen");
	stand_ins_find(file);
	case_run(file,
	    "INSERT INTO hits SELECT x.place, 'R1c', NULL, t.time_us,"
	    " t.time_us, 'the list of stolen messages names it in ' ||"
	    " coalesce(b.mailbox, 'a mailbox') || ', whose evidence lacks it;"
	    " this copy stands in for it', f.flag FROM stolen t"
	    " JOIN stand_ins x ON x.name = t.name"
	    "  AND x.mailbox_no IS t.mailbox_no"
	    " LEFT JOIN mailboxes b ON b.mailbox_no = t.mailbox_no"
	    " JOIN (SELECT 'stand_in' AS flag UNION SELECT 'imi_case') f"
	    "  ON f.flag IN ('stand_in', x.flag)");
}
