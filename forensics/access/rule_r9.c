/* R9, presumed: auditing of M was switched off by the adversary (Set-Mailbox
 * AuditEnabled false: M; audit bypass of an account: its own mailbox and each
 * it has records in or rights to; ingestion off: all), and it was in M before
 * that was reversed by anyone, else before the window's end. */
#include "forensics/access/rule.h"

void
rule_r9_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	case_run(file,
	    "INSERT INTO hits SELECT DISTINCT s.place, 'R9', o.event,"
	    " max(o.from_us, coalesce(s.arrival_us, o.from_us)), o.end_us,"
	    " 'the adversary saw to it that ' || o.words || ' from ' ||"
	    " utc(o.from_us) || ' to ' || utc(o.end_us), NULL"
	    " FROM (SELECT o.*, coalesce(o.to_us, max(o.from_us, "
	    WINDOW("to") ")) AS end_us FROM audit_off o"
	    "  JOIN adversary_events USING (event)) o"
	    " JOIN stays s ON o.mailbox_no IS NULL"
	    "  OR s.mailbox_no = o.mailbox_no WHERE 1"
	    IN_MAILBOX("o.from_us", "o.end_us"));
}
