/* R7f, possible: FolderBind by the adversary at T on F (logged once a day):
 * it was in F at some time in [T, T + 24 h]. */
#include "forensics/access/rule.h"

void
rule_r7f_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	case_run(file,
	    "DROP TABLE IF EXISTS temp.bound_folders;"
	    "CREATE TEMP TABLE bound_folders AS"
	    " SELECT a.event, fold(replace(ltrim(e.folder_path, '\\'), '\\',"
	    "  '/')) AS folded FROM adversary_events a"
	    "  JOIN events e USING (event) WHERE a.access_type = 'folder'"
	    "  AND e.folder_path <> ''"
	    " UNION SELECT a.event, p.folded FROM adversary_events a"
	    "  JOIN events e USING (event) JOIN folder_paths p"
	    "  ON p.mailbox_no = a.mailbox_no AND p.folder_id = e.folder_id"
	    "  WHERE a.access_type = 'folder';"
	    "INSERT INTO hits SELECT DISTINCT s.place, 'R7f', a.event,"
	    " a.time_us, a.time_us, 'its folder was opened at ' ||"
	    " utc(a.time_us) || ' (logged once a day)', NULL"
	    " FROM adversary_events a JOIN bound_folders f USING (event)"
	    " JOIN stays s ON s.mailbox_no = a.mailbox_no"
	    "  AND s.folded = f.folded"
	    " WHERE " STAY_MEETS("a.time_us", DAY_US));
}
