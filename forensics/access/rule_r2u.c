/* R2u, presumed: it had arrived by T + 1 h of an adversary Sync in M, and F
 * cannot be named, or the message's own folder then is unknown. */
#include "forensics/access/rule.h"

void
rule_r2u_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	case_run(file,
	    "INSERT INTO hits SELECT DISTINCT s.place, 'R2u', a.event,"
	    " a.time_us, a.time_us, CASE WHEN s.folded IS NULL THEN"
	    " 'a folder was synchronised at ' || utc(a.time_us) ||"
	    "  ' and where this message lay then is unknown'"
	    " ELSE 'a folder that cannot be named was synchronised at ' ||"
	    "  utc(a.time_us) END, NULL"
	    " FROM adversary_events a JOIN stays s"
	    "  ON s.mailbox_no = a.mailbox_no"
	    " WHERE a.access_type = 'sync' AND (s.folded IS NULL OR NOT EXISTS"
	    "  (SELECT 1 FROM synced_folders f WHERE f.event = a.event))"
	    " AND " STAY_MEETS("a.time_us", HOUR_US));
}
