/* R1c, accessed: a message so named is not in M's evidence: its copies in
 * other mailboxes stand in for it (flag stand_in). */
#include "forensics/access/rule.h"

/*
 * TEMP stand_ins(mailbox_no, name, place, flag): for each name that M lacks,
 * the copies elsewhere, exactly so named, else in any case.
 */
void
stand_ins_find(struct case_file *file)
{
	case_run(file,
	    "DELETE FROM lacking WHERE EXISTS (SELECT 1 FROM imi_places x"
	    " WHERE x.mailbox_no = lacking.mailbox_no"
	    "  AND x.folded = lower8(lacking.name));"
	    "DROP TABLE IF EXISTS temp.stand_ins;"
	    "CREATE TEMP TABLE stand_ins AS SELECT l.mailbox_no, l.name,"
	    " x.place, NULL AS flag FROM lacking l"
	    " JOIN imi_places x ON x.imi = l.name"
	    "  AND x.mailbox_no IS NOT l.mailbox_no;"
	    "INSERT INTO stand_ins SELECT l.mailbox_no, l.name, x.place,"
	    " 'imi_case' FROM lacking l JOIN imi_places x"
	    "  ON x.folded = lower8(l.name)"
	    "  AND x.mailbox_no IS NOT l.mailbox_no"
	    " WHERE NOT EXISTS (SELECT 1 FROM stand_ins o WHERE"
	    "  o.mailbox_no IS l.mailbox_no AND o.name = l.name);"
	    "CREATE INDEX temp.stand_ins_name ON stand_ins(name, mailbox_no)");
}

/* A second hit of the same event carries the second flag. */
void
rule_r1c_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	case_run(file,
	    "DROP TABLE IF EXISTS temp.lacking;"
	    "CREATE TEMP TABLE lacking AS SELECT DISTINCT a.mailbox_no, a.name"
	    " FROM adversary_names a WHERE a.name NOT LIKE 'item=%'"
	    " AND NOT EXISTS (SELECT 1 FROM name_places x"
	    "  WHERE x.mailbox_no = a.mailbox_no AND x.name = a.name)");
	stand_ins_find(file);
	case_run(file,
	    "INSERT INTO hits SELECT x.place, 'R1c', a.event, a.time_us,"
	    " a.until_us, a.operation || ' of ' || utc(a.time_us) || ' in ' ||"
	    " b.mailbox || ' names this message, which that mailbox''s"
	    " evidence lacks; this copy stands in for it', f.flag"
	    " FROM adversary_names a JOIN stand_ins x ON x.name = a.name"
	    "  AND x.mailbox_no = a.mailbox_no"
	    " JOIN mailboxes b ON b.mailbox_no = a.mailbox_no"
	    " JOIN (SELECT 'stand_in' AS flag UNION SELECT 'imi_case') f"
	    "  ON f.flag IN ('stand_in', x.flag)");
}
