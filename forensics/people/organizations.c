/* Correspondents outside: whose letters the intruder may have. */
#include "forensics/people/people.h"

void
organizations_build(struct case_file *file)
{
	case_run(file,
	    "DELETE FROM organizations;"
	    "DROP TABLE IF EXISTS temp.outside;"
	    /* One row a message and outside address. */
	    "CREATE TEMP TABLE outside AS SELECT DISTINCT a.message,"
	    /* What follows the last '@'; a quoted local part may hold others. */
	    " lower(substr(a.address, length(rtrim(a.address,"
	    "  replace(a.address, '@', ''))) + 1)) AS domain,"
	    " lower(a.address) AS address FROM addresses a"
	    " WHERE a.role IN ('from', 'sender', 'reply_to', 'to', 'cc',"
	    " 'bcc') AND instr(a.address, '@') > 1"
	    " AND instr(a.address, ' ') = 0;"
	    "DELETE FROM outside WHERE domain = '' OR EXISTS (SELECT 1"
	    " FROM meta, json_each(meta.value, '$.organization.domains') o"
	    " WHERE meta.key = 'incident' AND (outside.domain ="
	    " lower(o.value) OR outside.domain LIKE '%.' || lower(o.value)));"
	    /* Without an incident file: the mailboxes' own domains. */
	    "DELETE FROM outside WHERE domain IN (SELECT"
	    " lower(substr(mailbox, instr(mailbox, '@') + 1)) FROM mailboxes"
	    " WHERE instr(mailbox, '@') > 1);"
	    "CREATE INDEX temp.outside_domain ON outside(domain);"
	    "INSERT INTO organizations SELECT d.domain, '',"
	    " count(DISTINCT d.message),"
	    " coalesce(sum(x.exposure = 'accessed'), 0),"
	    " coalesce(sum(x.exposure = 'taken'), 0),"
	    " coalesce(sum(x.exposure = 'synced'), 0),"
	    " coalesce(sum(x.exposure = 'presumed'), 0),"
	    " coalesce(sum(x.exposure = 'possible'), 0),"
	    " min(x.first_us), max(x.last_us),"
	    " (SELECT json_group_array(address) FROM (SELECT DISTINCT address"
	    "  FROM outside o WHERE o.domain = d.domain ORDER BY address))"
	    " FROM (SELECT DISTINCT domain, message FROM outside) d"
	    " LEFT JOIN message_exposure x ON x.message = d.message"
	    " GROUP BY d.domain;"
	    "DROP TABLE temp.outside");
}
