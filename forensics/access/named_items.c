/*
 * Which messages the records name (contract 3, Message-ID): trimmed, one
 * pair of angle brackets ignored, compared exactly, else in any ASCII case;
 * items without one by immutable or item id where both sides have it.
 *
 *	TEMP named_items(event, position, mailbox_no, name): name is the bare
 *		Message-ID, or item=.. when no record of the mailbox gives one
 *	TEMP imi_places(place, mailbox_no, message, imi, folded)
 *	TEMP name_places(mailbox_no, name, place, flag): the copies in the
 *		mailbox; embedded messages are never named
 */
#include "forensics/access/reconstruct.h"

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
	    "DROP TABLE IF EXISTS temp.key_places;"
	    "CREATE TEMP TABLE key_places AS SELECT p.place, p.mailbox_no,"
	    " item_key(m.item_id) AS key,"
	    " coalesce(m.internet_message_id, '') = '' AS nameless"
	    " FROM places p JOIN messages m USING (message)"
	    " WHERE m.item_id <> '' AND p.state <> 'embedded';"
	    "CREATE INDEX temp.key_places_key ON key_places(key, mailbox_no)");
}

static void
load_items(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.named_items;"
	    /* By event: whoever asks goes through the events in their order. */
	    "CREATE TEMP TABLE named_items(event INTEGER, position INTEGER,"
	    " mailbox_no INTEGER, name TEXT, item TEXT, fixed TEXT,"
	    " PRIMARY KEY(event, position)) WITHOUT ROWID;"
	    "INSERT INTO named_items SELECT i.event, i.position,"
	    " j.mailbox_no, nullif(bare_imi(i.internet_message_id), ''),"
	    " item_key(i.item_id), item_key(i.immutable_id)"
	    " FROM event_items i CROSS JOIN judged_events j USING (event)"
	    " ORDER BY i.event, i.position;"
	    /* Names are looked for by these alone. */
	    "DROP TABLE IF EXISTS temp.nameless_items;"
	    "CREATE TEMP TABLE nameless_items(key TEXT PRIMARY KEY)"
	    " WITHOUT ROWID;"
	    "INSERT INTO nameless_items SELECT item FROM named_items"
	    "  WHERE name IS NULL AND item <> ''"
	    " UNION SELECT fixed FROM named_items"
	    "  WHERE name IS NULL AND fixed <> '';"
	    /* An attachment's message: its Message-ID from any record of M. */
	    "DROP TABLE IF EXISTS temp.item_names;"
	    "CREATE TEMP TABLE item_names AS"
	    " SELECT mailbox_no, item AS key, min(name) AS name"
	    "  FROM named_items WHERE name IS NOT NULL"
	    "  AND item IN nameless_items"
	    "  GROUP BY 1, 2"
	    " UNION SELECT mailbox_no, fixed, min(name) FROM named_items"
	    "  WHERE name IS NOT NULL AND fixed IN nameless_items"
	    "  GROUP BY 1, 2;"
	    "DROP TABLE temp.nameless_items;"
	    "CREATE INDEX temp.item_names_key ON item_names(key, mailbox_no);"
	    "UPDATE named_items SET name = coalesce((SELECT o.name"
	    "  FROM item_names o WHERE o.key = named_items.item"
	    "  AND o.mailbox_no = named_items.mailbox_no),"
	    " (SELECT o.name FROM item_names o"
	    "  WHERE o.key = named_items.fixed"
	    "  AND o.mailbox_no = named_items.mailbox_no),"
	    " 'item=' || coalesce(nullif(item, ''), nullif(fixed, '')))"
	    " WHERE name IS NULL;"
	    "CREATE INDEX temp.named_items_name ON"
	    " named_items(mailbox_no, name)");
}

/* First exactly, then in any case, then by ids. */
static void
join_names(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.name_places;"
	    "CREATE TEMP TABLE name_places(mailbox_no INTEGER, name TEXT,"
	    " place INTEGER, flag TEXT);"
	    "CREATE INDEX temp.name_places_name ON"
	    " name_places(mailbox_no, name);"
	    "CREATE INDEX temp.name_places_place ON name_places(place);"
	    "DROP TABLE IF EXISTS temp.names;"
	    "CREATE TEMP TABLE names AS SELECT DISTINCT mailbox_no, name"
	    " FROM named_items WHERE mailbox_no IS NOT NULL"
	    " AND name IS NOT NULL;"
	    "INSERT INTO name_places SELECT n.mailbox_no, n.name, x.place,"
	    " NULL FROM names n JOIN imi_places x ON x.imi = n.name"
	    " AND x.mailbox_no = n.mailbox_no;"
	    "INSERT INTO name_places SELECT n.mailbox_no, n.name, x.place,"
	    " 'imi_case' FROM names n JOIN imi_places x"
	    " ON x.folded = lower8(n.name) AND x.mailbox_no = n.mailbox_no"
	    " WHERE NOT EXISTS (SELECT 1 FROM name_places o"
	    "  WHERE o.mailbox_no = n.mailbox_no AND o.name = n.name);"
	    "DROP TABLE IF EXISTS temp.name_keys;"
	    "CREATE TEMP TABLE name_keys AS"
	    " SELECT mailbox_no, name, item AS key FROM named_items"
	    "  WHERE item IN (SELECT key FROM key_places)"
	    "  AND name IS NOT NULL"
	    " UNION SELECT mailbox_no, name, fixed FROM named_items"
	    "  WHERE fixed IN (SELECT key FROM key_places)"
	    "  AND name IS NOT NULL;"
	    "INSERT INTO name_places SELECT DISTINCT n.mailbox_no, n.name,"
	    " k.place, NULL FROM name_keys n JOIN key_places k"
	    " ON k.key = n.key AND k.mailbox_no = n.mailbox_no"
	    " WHERE (k.nameless = 1 OR n.name LIKE 'item=%')"
	    " AND NOT EXISTS (SELECT 1 FROM name_places o"
	    "  WHERE o.mailbox_no = n.mailbox_no AND o.name = n.name);"
	    "DROP TABLE temp.name_keys; DROP TABLE temp.names;");
}

void
named_items_build(struct case_file *file)
{
	load_message_ids(file);
	load_items(file);
	join_names(file);
}

/* Rows of access.csv: each named item, joined to the message it is. */
void
access_items_build(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.name_messages;"
	    "CREATE TEMP TABLE name_messages(mailbox_no INTEGER, name TEXT,"
	    " message_id TEXT, PRIMARY KEY(mailbox_no, name)) WITHOUT ROWID;"
	    "INSERT INTO name_messages SELECT x.mailbox_no, x.name,"
	    " min(m.message_id) FROM name_places x JOIN places p USING (place)"
	    " JOIN messages m USING (message) GROUP BY 1, 2;"
	    "INSERT INTO access_items SELECT i.event, i.position,"
	    " coalesce(s.path, j.folder),"
	    " coalesce(i.internet_message_id, iif(n.name LIKE 'item=%', '',"
	    "  n.name), ''), coalesce(m.message_id, '')"
	    " FROM event_items i CROSS JOIN judged_events j USING (event)"
	    " CROSS JOIN named_items n ON n.event = i.event"
	    "  AND n.position = i.position"
	    " LEFT JOIN folder_shown s ON s.mailbox_no = j.mailbox_no"
	    "  AND s.key = " FOLDER_KEY("i.folder_id", "i.folder_path")
	    "  AND s.written = coalesce(i.folder_path, '')"
	    " LEFT JOIN name_messages m ON m.mailbox_no = n.mailbox_no"
	    "  AND m.name = n.name WHERE j.report IN ('access', 'both')");
}
