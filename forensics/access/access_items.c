/* Rows of access.csv: each named item, joined to the message it is. */
#include "forensics/access/reconstruct.h"

/*
 * TEMP imi_places: Message-IDs as compared: trimmed, one pair of angle
 * brackets ignored.  The rules join through it too.
 */
static void
load_message_ids(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.imi_places;"
	    "CREATE TEMP TABLE imi_places AS SELECT p.place, p.mailbox_no,"
	    " p.message, bare_imi(m.internet_message_id) AS imi,"
	    " lower8(bare_imi(m.internet_message_id)) AS folded"
	    " FROM places p JOIN messages m USING (message)"
	    " WHERE m.internet_message_id <> '' AND p.state <> 'embedded';"
	    "CREATE INDEX temp.imi_places_exact ON"
	    " imi_places(imi, mailbox_no);"
	    "CREATE INDEX temp.imi_places_folded ON"
	    " imi_places(folded, mailbox_no);"
	    "DROP TABLE IF EXISTS temp.named_items;"
	    "CREATE TEMP TABLE named_items AS SELECT i.event, i.position,"
	    " j.mailbox_no, bare_imi(i.internet_message_id) AS imi,"
	    " lower8(bare_imi(i.internet_message_id)) AS folded,"
	    " i.item_id, i.immutable_id"
	    " FROM event_items i JOIN judged_events j USING (event);"
	    /* An attachment's item: its Message-ID from any record of M. */
	    "UPDATE named_items SET (imi, folded) = (SELECT o.imi, o.folded"
	    "  FROM named_items o WHERE o.item_id = named_items.item_id"
	    "  AND o.mailbox_no = named_items.mailbox_no AND o.imi <> ''"
	    "  LIMIT 1) WHERE coalesce(imi, '') = ''"
	    " AND item_id IN (SELECT item_id FROM named_items"
	    "  WHERE imi <> '' AND item_id <> '');"
	    "CREATE INDEX temp.named_items_event ON"
	    " named_items(event, position);"
	    "CREATE INDEX temp.named_items_imi ON"
	    " named_items(mailbox_no, folded)");
}

void
access_items_build(struct case_file *file)
{
	load_message_ids(file);
	case_run(file,
	    "INSERT INTO access_items SELECT i.event, i.position,"
	    " coalesce(replace(ltrim(nullif(i.folder_path, ''), '\\'), '\\',"
	    "  '/'), (SELECT max(p.path) FROM folder_paths p"
	    "  WHERE p.mailbox_no = j.mailbox_no"
	    "  AND p.folder_id = i.folder_id), j.folder),"
	    " coalesce(i.internet_message_id, ''),"
	    " coalesce((SELECT min(m.message_id) FROM imi_places x"
	    "  JOIN messages m USING (message) WHERE x.imi = n.imi"
	    "  AND x.mailbox_no = n.mailbox_no),"
	    " (SELECT min(m.message_id) FROM imi_places x"
	    "  JOIN messages m USING (message) WHERE x.folded = n.folded"
	    "  AND x.mailbox_no = n.mailbox_no), '')"
	    " FROM event_items i JOIN judged_events j USING (event)"
	    " JOIN named_items n ON n.event = i.event"
	    "  AND n.position = i.position"
	    " WHERE j.report IN ('access', 'both')");
}
