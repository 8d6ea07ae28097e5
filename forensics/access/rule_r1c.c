/* R1c, accessed: a message so named is not in M's evidence: its copies in
 * other mailboxes stand in for it (flag stand_in). */
#include "forensics/access/rule.h"

void
rule_r1c_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	case_run(file,
	    "INSERT INTO hits SELECT x.place, 'R1c', a.event, a.time_us,"
	    " a.until_us, a.operation || ' of ' || utc(a.time_us) || ' in ' ||"
	    " b.mailbox || ' names this message, which that mailbox''s"
	    " evidence lacks; this copy stands in for it', 'stand_in'"
	    " FROM adversary_events a JOIN named_items n USING (event)"
	    " JOIN mailboxes b ON b.mailbox_no = a.mailbox_no"
	    " JOIN imi_places x ON x.folded = n.folded"
	    "  AND x.mailbox_no <> a.mailbox_no"
	    " WHERE a.access_type IN ('bind', 'send', 'create', 'update',"
	    "  'move', 'copy', 'delete', 'attachment') AND n.folded <> ''"
	    " AND NOT EXISTS (SELECT 1 FROM imi_places y"
	    "  WHERE y.folded = n.folded AND y.mailbox_no = a.mailbox_no)");
}
