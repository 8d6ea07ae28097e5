/* What the adversary accessed, or the stolen list names, and that mailbox's
 * evidence lacks (contract 5, missing_items.csv). */
#include "forensics/access/rule.h"

/* One row a mailbox and Message-ID, in any case; an item whose Message-ID no
 * record gives has a row by its item id.  An attachment's record names its
 * message and its parts: parts are nobody's missing item when the message is
 * known. */
static void
load_lacking(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.lacking_items;"
	    "CREATE TEMP TABLE lacking_items AS"
	    " SELECT a.mailbox_no, lower8(a.name) AS folded, a.name, a.event,"
	    "  a.time_us, a.until_us FROM adversary_names a"
	    " JOIN adversary_events y USING (event)"
	    " WHERE NOT EXISTS (SELECT 1 FROM name_places x"
	    "  WHERE x.mailbox_no = a.mailbox_no AND x.name = a.name)"
	    " AND NOT (y.access_type = 'attachment' AND a.name LIKE 'item=%'"
	    "  AND EXISTS (SELECT 1 FROM adversary_names o"
	    "   WHERE o.event = a.event AND o.name NOT LIKE 'item=%'))"
	    " UNION ALL SELECT t.mailbox_no, lower8(t.name), t.name, NULL,"
	    "  t.time_us, t.time_us FROM stolen t"
	    "  WHERE t.mailbox_no IS NOT NULL AND NOT EXISTS (SELECT 1"
	    "   FROM imi_places x WHERE x.mailbox_no = t.mailbox_no"
	    "   AND x.folded = lower8(t.name))");
}

void
missing_items_build(struct case_file *file)
{
	load_lacking(file);
	case_run(file,
	    "CREATE INDEX IF NOT EXISTS temp.adversary_names_event ON"
	    " adversary_names(event);"
	    "INSERT INTO missing_items SELECT l.mailbox_no,"
	    " coalesce(min(i.internet_message_id), min(t.written),"
	    "  min(iif(l.name LIKE 'item=%', i.item_id, l.name)),"
	    "  min(i.immutable_id), min(l.name)),"
	    " max(x.folder), min(l.time_us), max(l.until_us),"
	    " json_group_array(DISTINCT l.record)"
	    "  FILTER (WHERE l.record IS NOT NULL),"
	    " (SELECT json_group_array(message_id) FROM (SELECT DISTINCT"
	    "   m.message_id FROM imi_places y JOIN messages m"
	    "   USING (message) WHERE y.folded = l.folded"
	    "   ORDER BY m.message_id))"
	    " FROM (SELECT l.*, coalesce(e.record_id, e.event_id) AS record"
	    "  FROM lacking_items l LEFT JOIN events e USING (event)"
	    "  ORDER BY l.mailbox_no, l.folded, e.time_us, record) l"
	    /* By name: a record may name very many items. */
	    " LEFT JOIN named_items n ON +n.event = l.event"
	    "  AND n.name = l.name AND n.mailbox_no = l.mailbox_no"
	    " LEFT JOIN event_items i ON i.event = n.event"
	    "  AND i.position = n.position"
	    " LEFT JOIN access_items x ON x.event = n.event"
	    "  AND x.position = n.position"
	    " LEFT JOIN stolen t ON l.event IS NULL"
	    "  AND t.mailbox_no = l.mailbox_no AND t.name = l.name"
	    " GROUP BY l.mailbox_no, l.folded;"
	    "DROP TABLE temp.lacking_items");
}
