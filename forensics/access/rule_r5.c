/* R5, taken: it was in M at the time of an export by the adversary
 * (New-MailboxExportRequest; compliance search export or download, whose
 * New-ComplianceSearch by anyone gives the locations, `All` or cut lists =
 * every mailbox); folder lists apply (`#Inbox#` or a path, without subfolders
 * unless it ends in `/` and `*`), filters count as met and are flagged. */
#include "forensics/access/exports.h"
#include "forensics/access/rule.h"

/* An item whose folder then is not known counts, and says so. */
void
rule_r5_run(struct case_file *file, const struct incident *incident)
{
	(void)incident;
	exports_find(file);
	case_run(file,
	    "DROP TABLE IF EXISTS temp.exported;"
	    "CREATE TEMP TABLE exported AS SELECT DISTINCT x.event,"
	    " x.time_us, x.words, s.place, x.listed AND s.folded IS NULL AS"
	    "  unsure FROM exports x JOIN stays s ON (x.mailbox_no IS NULL OR"
	    "  s.mailbox_no = x.mailbox_no) WHERE "
	    STAY_MEETS("x.time_us", "x.time_us")
	    " AND (x.listed = 0 OR s.folded IS NULL OR EXISTS (SELECT 1"
	    "  FROM export_folders f WHERE f.event = x.event"
	    "  AND f.excluded = 0 AND " EXPORT_FOLDER_IS("s.folded") "))"
	    " AND NOT EXISTS (SELECT 1 FROM export_folders f"
	    "  WHERE f.event = x.event AND f.excluded = 1 AND "
	    EXPORT_FOLDER_IS("s.folded") ");"
	    "INSERT INTO hits SELECT x.place, 'R5', x.event, x.time_us,"
	    " x.time_us, x.words || ' at ' || utc(x.time_us) || ' took what"
	    " this mailbox held', f.flag FROM exported x"
	    " LEFT JOIN (SELECT event, flag FROM export_flags"
	    "  UNION SELECT event, 'condition=folder' FROM exported"
	    "   WHERE unsure) f ON f.event = x.event"
	    "  AND (f.flag <> 'condition=folder' OR x.unsure)");
}
