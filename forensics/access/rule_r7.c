/* R7, possible: the adversary was in M, it had arrived by the adversary's
 * last event there + 1 h, and reading in M is not proven to be logged: M has
 * no MailItemsAccessed record at all, or a coverage gap meets [first
 * adversary event in M, last + 1 h]. */
#include "forensics/access/rule.h"

void
rule_r7_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	case_run(file,
	    "DROP TABLE IF EXISTS temp.unproven;"
	    "CREATE TEMP TABLE unproven AS SELECT mailbox_no, min(time_us)"
	    "  AS first_us, max(time_us) AS last_us FROM adversary_events"
	    " WHERE present = 1 AND mailbox_no IS NOT NULL"
	    " AND time_us IS NOT NULL GROUP BY mailbox_no;"
	    "DELETE FROM unproven WHERE NOT EXISTS (SELECT 1 FROM coverage c"
	    " WHERE c.mailbox_no = unproven.mailbox_no AND (c.status ="
	    "  'not_logged' OR (c.status IN ('gap', 'throttled', 'audit_off')"
	    "  AND c.from_us <= unproven.last_us + " HOUR_US
	    "  AND c.to_us > unproven.first_us)));"
	    "INSERT INTO hits SELECT DISTINCT s.place, 'R7', NULL, u.first_us,"
	    " u.last_us, 'the adversary was in this mailbox from ' ||"
	    " utc(u.first_us) || ' to ' || utc(u.last_us) || ', and reading"
	    " there is not proven to be logged', NULL FROM unproven u"
	    " JOIN stays s ON s.mailbox_no = u.mailbox_no WHERE 1"
	    IN_MAILBOX("u.first_us", "u.last_us + " HOUR_US));
}
