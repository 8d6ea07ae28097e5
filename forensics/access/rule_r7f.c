/* R7f, possible: FolderBind by the adversary at T on F (logged once a day):
 * it was in F at some time in [T, T + 24 h]. */
#include "forensics/access/rule.h"

void
rule_r7f_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	case_run(file,
	    "INSERT INTO hits SELECT DISTINCT s.place, 'R7f', a.event,"
	    " a.time_us, a.time_us, 'its folder was opened at ' ||"
	    " utc(a.time_us) || ' (logged once a day)', NULL"
	    " FROM adversary_events a JOIN events e USING (event)"
	    " JOIN " FOLDER_OF_EVENT
	    " JOIN stays s ON s.mailbox_no = a.mailbox_no"
	    "  AND s.folded = p.folded"
	    " WHERE a.access_type = 'folder' AND "
	    STAY_MEETS("a.time_us", "a.time_us + " DAY_US));
}
