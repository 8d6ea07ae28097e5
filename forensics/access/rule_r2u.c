/* R2u, presumed: it had arrived by T + 1 h of an adversary Sync in M, and F
 * cannot be named, or the message's own folder then is unknown. */
#include "forensics/access/rule.h"

void
rule_r2u_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	case_run(file,
	    "INSERT INTO hits SELECT DISTINCT s.place, 'R2u', a.event,"
	    " a.time_us, a.time_us, 'a folder was synchronised at ' ||"
	    "  utc(a.time_us) || ' and where this message lay then is"
	    " unknown', NULL FROM adversary_events a JOIN stays s"
	    "  ON s.mailbox_no = a.mailbox_no AND s.folded IS NULL"
	    " WHERE a.access_type = 'sync' AND EXISTS"
	    "  (SELECT 1 FROM synced_folders f WHERE f.event = a.event) AND "
	    STAY_MEETS("a.time_us", "a.time_us + " HOUR_US) ";"
	    "INSERT INTO hits SELECT DISTINCT s.place, 'R2u', a.event,"
	    " a.time_us, a.time_us, 'a folder that cannot be named was"
	    " synchronised at ' || utc(a.time_us), NULL"
	    " FROM adversary_events a JOIN stays s"
	    "  ON s.mailbox_no = a.mailbox_no"
	    " WHERE a.access_type = 'sync' AND NOT EXISTS"
	    "  (SELECT 1 FROM synced_folders f WHERE f.event = a.event)"
	    IN_MAILBOX("a.time_us", "a.time_us + " HOUR_US));
}
