/* R3, presumed: IsThrottled=True in M at T, by anyone; the adversary was in
 * M within 24 h of T; it was in M at some time in [T, T + 24 h]. */
#include "forensics/access/rule.h"

void
rule_r3_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	case_run(file,
	    "INSERT INTO hits SELECT DISTINCT s.place, 'R3', e.event,"
	    " max(e.time_us, coalesce(s.arrival_us, e.time_us)),"
	    " e.time_us + " DAY_US ", 'logging of reading was suspended for"
	    " 24 hours from ' || utc(e.time_us) || ' while the adversary was"
	    " active in the mailbox', NULL"
	    " FROM throttled_events JOIN judged_events j USING (event)"
	    " JOIN events e USING (event) JOIN stays s ON s.mailbox_no = j.mailbox_no"
	    " WHERE EXISTS (SELECT 1"
	    "  FROM adversary_events a WHERE a.mailbox_no = j.mailbox_no"
	    "  AND a.present = 1 AND a.time_us BETWEEN e.time_us - " DAY_US
	    "  AND e.time_us + " DAY_US ")"
	    IN_MAILBOX("e.time_us", "e.time_us + " DAY_US));
}
