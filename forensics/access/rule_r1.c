/* R1, accessed: an adversary record names this message in this mailbox.
 * Every copy with that Message-ID in M; a failed operation counts too. */
#include "forensics/access/rule.h"

void
rule_r1_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	case_run(file,
	    "INSERT INTO hits SELECT x.place, 'R1', a.event, a.time_us,"
	    " a.until_us, a.operation || ' of ' || utc(a.time_us) ||"
	    " ' names this message' || CASE e.succeeded WHEN 'no' THEN"
	    "  ' (the operation failed)' WHEN 'partial' THEN"
	    "  ' (the operation succeeded in part)' ELSE '' END,"
	    " CASE WHEN x.imi = n.imi THEN NULL ELSE 'imi_case' END"
	    " FROM adversary_events a JOIN events e USING (event)"
	    " JOIN named_items n USING (event)"
	    " JOIN imi_places x ON x.folded = n.folded"
	    "  AND x.mailbox_no = a.mailbox_no"
	    " WHERE a.access_type IN ('bind', 'send', 'create', 'update',"
	    "  'move', 'copy', 'delete', 'attachment') AND n.folded <> ''"
	    /* Exact first, in any case only when nothing is exact. */
	    " AND (x.imi = n.imi OR NOT EXISTS (SELECT 1 FROM imi_places y"
	    "  WHERE y.imi = n.imi AND y.mailbox_no = a.mailbox_no))");
}
