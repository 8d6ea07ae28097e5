/* R1, accessed: an adversary record names this message in this mailbox.
 * Every copy with that Message-ID in M; a failed or partial operation counts
 * too, and says so. */
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
	    "  ' (the operation succeeded in part)' ELSE '' END, x.flag"
	    " FROM adversary_names a JOIN events e USING (event)"
	    " JOIN name_places x ON x.mailbox_no = a.mailbox_no"
	    "  AND x.name = a.name");
}
