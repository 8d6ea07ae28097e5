/* R2, synced: it was in F at some time in [T, T + 1 h] of an adversary Sync
 * of F at T (repeats within the hour are not logged). */
#include "forensics/access/rule.h"

/* TEMP synced_folders(event, folded): every path that names F. */
static void
load_folders(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.synced_folders;"
	    "CREATE TEMP TABLE synced_folders AS"
	    " SELECT DISTINCT a.event, p.folded FROM adversary_events a"
	    " JOIN events e USING (event) JOIN " FOLDER_OF_EVENT
	    " WHERE a.access_type = 'sync';"
	    "CREATE INDEX temp.synced_folders_event ON"
	    " synced_folders(event)");
}

void
rule_r2_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	load_folders(file);
	case_run(file,
	    "INSERT INTO hits SELECT DISTINCT s.place, 'R2', a.event,"
	    " a.time_us, a.time_us, 'the folder it lay in was synchronised"
	    " at ' || utc(a.time_us), NULL FROM adversary_events a"
	    " JOIN synced_folders f USING (event)"
	    " JOIN stays s ON s.mailbox_no = a.mailbox_no"
	    "  AND s.folded = f.folded"
	    " WHERE " STAY_MEETS("a.time_us", "a.time_us + " HOUR_US));
}
