/* What was read: sources, folders, messages, attachments, problems. */
#include "reports/tables.h"

static const struct report_column sources_columns[] = {
    {"source_id", COLUMN_WORD},
    {"path", COLUMN_TEXT},
    {"kind", COLUMN_WORD},
    {"bytes", COLUMN_NUMBER},
    {"sha256", COLUMN_WORD},
    {"md5", COLUMN_WORD},
    {"status", COLUMN_WORD},
    {"mailbox", COLUMN_TEXT},
    {"mailbox_source", COLUMN_WORD},
    {"messages", COLUMN_NUMBER},
    {"events", COLUMN_NUMBER},
    {"problems", COLUMN_NUMBER},
};

const struct report_table table_sources = {
    "sources",
    "SELECT s.source_id, p.path, coalesce(s.kind, 'unreadable'), s.bytes,"
    " s.sha256, s.md5, coalesce(s.status, 'lost'),"
    /* An archive may hold several. */
    " (SELECT group_concat(mailbox, '; ') FROM (SELECT DISTINCT b.mailbox"
    "  FROM path_mailboxes m JOIN mailboxes b USING (mailbox_no)"
    "  WHERE m.path = p.path ORDER BY 1)),"
    " (SELECT group_concat(mailbox_source, '; ') FROM (SELECT DISTINCT"
    "  mailbox_source FROM path_mailboxes m WHERE m.path = p.path"
    "  ORDER BY 1)), coalesce(s.messages, 0), coalesce(s.events, 0),"
    " CASE WHEN p.source IS NULL THEN 1 ELSE (SELECT count(*)"
    "  FROM problems x WHERE x.source = p.source) END"
    " FROM paths p LEFT JOIN sources s USING (source)"
    " ORDER BY p.path",
    REPORT_COLUMNS(sources_columns),
    false,
};

static const struct report_column folders_columns[] = {
    {"source_id", COLUMN_WORD},
    {"mailbox", COLUMN_TEXT},
    {"folder", COLUMN_TEXT},
    {"expected", COLUMN_NUMBER},
    {"read", COLUMN_NUMBER},
    {"recovered", COLUMN_NUMBER},
    {"lost", COLUMN_NUMBER},
    {"folder_id", COLUMN_WORD},
    {"kind", COLUMN_WORD},
    {"associated", COLUMN_NUMBER},
};

/*
 * Three kinds of folder: those a store lists; what a store's recovery found
 * outside every folder; directories of single-message files, which have one
 * row a directory and no source of their own.  (Folders have a path too: the
 * evidence path must be named in the joins.)
 */
const struct report_table table_folders = {
    "folders",
    "WITH held AS (SELECT folder,"
    "  sum(state = 'live') AS live, sum(state = 'recovered') AS recovered,"
    "  sum(state = 'recovered' AND listed = 1) AS promised"
    "  FROM messages WHERE parent IS NULL AND folder IS NOT NULL"
    "  GROUP BY folder),"
    " listed AS (SELECT s.source_id, b.mailbox,"
    "  coalesce(f.path, pm.folder) AS name,"
    "  coalesce(f.expected, 0) AS expected, coalesce(h.live, 0) AS live,"
    "  coalesce(h.recovered, 0) AS recovered,"
    "  coalesce(h.promised, 0) AS promised, f.folder_id, f.kind,"
    "  f.associated"
    "  FROM folders f JOIN sources s USING (source)"
    "  JOIN paths p USING (source)"
    "  LEFT JOIN path_mailboxes pm ON pm.path = p.path"
    "   AND pm.member = f.member"
    "  LEFT JOIN mailboxes b USING (mailbox_no)"
    "  LEFT JOIN held h ON h.folder = f.folder),"
    " loose AS (SELECT s.source_id, b.mailbox, count(*) AS recovered"
    "  FROM messages m JOIN sources s USING (source)"
    "  JOIN paths p USING (source)"
    "  LEFT JOIN path_mailboxes pm ON pm.path = p.path"
    "   AND pm.member = m.member"
    "  LEFT JOIN mailboxes b USING (mailbox_no)"
    "  WHERE m.parent IS NULL AND m.folder IS NULL"
    "  AND m.state = 'recovered' GROUP BY p.path, m.member),"
    " files AS (SELECT b.mailbox, pm.folder AS name, count(*) AS expected,"
    "  sum(CASE WHEN pm.member = 0 THEN s.messages > 0 ELSE EXISTS"
    "   (SELECT 1 FROM messages m WHERE m.source = s.source"
    "    AND m.member = pm.member) END) AS live"
    "  FROM paths p JOIN sources s USING (source)"
    "  JOIN path_mailboxes pm USING (path)"
    "  JOIN mailboxes b USING (mailbox_no)"
    "  LEFT JOIN members c ON c.member = pm.member"
    "  WHERE s.audit = 0 AND NOT EXISTS"
    "   (SELECT 1 FROM folders f WHERE f.source = s.source"
    "    AND f.member = pm.member)"
    "  AND coalesce(c.kind, s.kind) NOT IN ('pst', 'ost', 'mbox', 'dbx', 'empty', 'unknown', 'other', 'document', 'export_list',"
    "  'export_manifest')"
    "  GROUP BY b.mailbox, pm.folder)"
    " SELECT source_id, mailbox, name, expected, live, recovered,"
    "  max(0, expected - live - promised) AS lost, folder_id, kind,"
    "  coalesce(associated, 0) FROM listed"
    " UNION ALL SELECT source_id, mailbox, '', 0, 0, recovered, 0,"
    "  'recovered', 'hidden', 0 FROM loose"
    " UNION ALL SELECT '', mailbox, name, expected, live, 0,"
    "  expected - live, '', 'mail', 0 FROM files"
    " ORDER BY 2, 3, 1, 8, 9, 4, 5",
    REPORT_COLUMNS(folders_columns),
    false,
};

static const struct report_column messages_columns[] = {
    {"message_id", COLUMN_WORD},
    {"mailbox", COLUMN_TEXT},
    {"folder", COLUMN_TEXT},
    {"internet_message_id", COLUMN_TEXT},
    {"subject", COLUMN_SHOWN},
    {"sender", COLUMN_TEXT},
    {"recipients", COLUMN_LIST},
    {"sent_utc", COLUMN_TIME},
    {"received_utc", COLUMN_TIME},
    {"bytes", COLUMN_NUMBER},
    {"attachments", COLUMN_NUMBER},
    {"state", COLUMN_WORD},
    {"exposure", COLUMN_WORD},
    {"rules", COLUMN_LIST},
    {"first_access_utc", COLUMN_TIME},
    {"last_access_utc", COLUMN_TIME},
    {"access_records", COLUMN_LIST},
    {"sessions", COLUMN_LIST},
    {"data_elements", COLUMN_LIST},
    {"edrm_mih", COLUMN_WORD},
    {"content_sha256", COLUMN_WORD},
    {"source_id", COLUMN_WORD},
    {"locator", COLUMN_TEXT},
    {"message_class", COLUMN_TEXT},
    {"parent_message_id", COLUMN_WORD},
    {"sender_address", COLUMN_TEXT},
    {"body_sha256", COLUMN_WORD},
    {"html_sha256", COLUMN_WORD},
    {"flags", COLUMN_LIST},
    {"verdicts", COLUMN_JSON},
};

const struct report_table table_messages = {
    "messages",
    "SELECT m.message, m.message_id, b.mailbox, p.folder,"
    " m.internet_message_id, m.subject, m.sender, m.recipients, m.sent_us,"
    " m.received_us, m.bytes, coalesce(m.attachments, 0), p.state,"
    " p.exposure, p.rules, p.first_us, p.last_us, p.access_records,"
    " p.sessions,"
    " (SELECT json_group_array(element) FROM (SELECT DISTINCT element"
    "  FROM findings f WHERE f.message = m.message AND element <> ''"
    "  AND level IN ('high', 'medium') ORDER BY element)),"
    " m.edrm_mih, m.content_sha256, s.source_id, m.locator,"
    " m.message_class, h.message_id, m.sender_address, m.body_sha256,"
    " m.html_sha256, p.flags,"
    " (SELECT json_group_array(json_object('rule', rule, 'exposure',"
    "  exposure, 'first_access_utc', utc(first_us), 'last_access_utc',"
    "  utc(last_us), 'records', json(records), 'sessions',"
    "  json(sessions), 'sentence', sentence)) FROM"
    "  (SELECT * FROM verdicts v WHERE v.place = p.place"
    "  ORDER BY " REPORT_RULE_ORDER "))"
    " FROM places p JOIN messages m USING (message)"
    " JOIN sources s USING (source) JOIN mailboxes b USING (mailbox_no)"
    " LEFT JOIN messages h ON h.message = m.parent"
    " ORDER BY b.mailbox, p.folder, m.message_id, p.state, p.exposure,"
    " p.rules, p.first_us, p.last_us, p.access_records, p.sessions,"
    " p.flags, p.path",
    REPORT_COLUMNS(messages_columns),
    true,
};

static const struct report_column attachments_columns[] = {
    {"message_id", COLUMN_WORD},
    {"part", COLUMN_TEXT},
    {"name", COLUMN_SHOWN},
    {"content_type", COLUMN_TEXT},
    {"bytes", COLUMN_NUMBER},
    {"sha256", COLUMN_WORD},
    {"md5", COLUMN_WORD},
    {"method", COLUMN_WORD},
    {"hidden", COLUMN_YES},
    {"embedded_message_id", COLUMN_WORD},
    {"text", COLUMN_WORD},
    {"reason", COLUMN_TEXT},
    {"source_id", COLUMN_WORD},
    {"locator", COLUMN_TEXT},
};

const struct report_table table_attachments = {
    "attachments",
    "SELECT m.message, m.message_id, a.part, a.name, a.content_type,"
    " a.bytes, a.sha256, a.md5, a.method, a.hidden, e.message_id, a.text,"
    " a.reason, s.source_id, a.locator"
    " FROM attachments a JOIN messages m USING (message)"
    " JOIN sources s USING (source)"
    " LEFT JOIN messages e ON e.message = a.embedded"
    " ORDER BY s.source_id, m.message_id, a.part, a.locator, a.name,"
    " a.sha256, a.content_type, a.bytes, a.method, a.hidden,"
    " e.message_id, a.text, a.reason",
    REPORT_COLUMNS(attachments_columns),
    true,
};

static const struct report_column problems_columns[] = {
    {"source_id", COLUMN_WORD},
    {"locator", COLUMN_TEXT},
    {"kind", COLUMN_WORD},
    {"severity", COLUMN_WORD},
    {"items_lost", COLUMN_NUMBER},
    {"detail", COLUMN_TEXT},
};

const struct report_table table_problems = {
    "problems",
    "SELECT s.source_id, x.locator, x.kind, x.severity, x.items_lost,"
    " x.detail FROM problems x LEFT JOIN sources s USING (source)"
    " ORDER BY s.source_id, x.locator, x.kind, x.severity, x.detail,"
    " x.items_lost",
    REPORT_COLUMNS(problems_columns),
    false,
};
