/* S8, S9: changes an intruder makes to keep reading, and not to be seen. */
#include "forensics/access/anomalies.h"

/* SQL: value of the parameter, or NULL. */
#define PARAMETER(name)                                                        \
	"(SELECT json_extract(p.value, '$[1]') FROM json_each(e.parameters) p" \
	" WHERE json_extract(p.value, '$[0]') = '" name "' LIMIT 1)"

/* S8: inbox rule, forwarding, delegate or permission change; not what the
 * service itself sets up day by day (NT AUTHORITY\\SYSTEM and the like). */
void
anomaly_s8_find(struct case_file *file)
{
	case_run(file,
	    "INSERT INTO anomalies SELECT e.event, 'S8', 'S8: ' || e.operation"
	    " || coalesce(' of ' || " PARAMETER("Name") ", '')"
	    " || coalesce(' forwards to ' || " PARAMETER("ForwardTo") ", '')"
	    " || coalesce(' redirects to ' || " PARAMETER("RedirectTo") ", '')"
	    " || coalesce(' forwards to ' || "
	    PARAMETER("ForwardingSmtpAddress") ", '')"
	    " || coalesce(' for ' || " PARAMETER("User") ", '')"
	    " || coalesce(' for ' || " PARAMETER("Trustee") ", '')"
	    " FROM events e JOIN judged_events j USING (event)"
	    " WHERE j.actor_type <> 'system' AND (e.operation IN"
	    " ('New-InboxRule', 'Set-InboxRule', 'Enable-InboxRule',"
	    "  'Disable-InboxRule', 'Remove-InboxRule', 'UpdateInboxRules',"
	    "  'Add-MailboxPermission', 'Remove-MailboxPermission',"
	    "  'Add-RecipientPermission', 'Remove-RecipientPermission',"
	    "  'Add-MailboxFolderPermission', 'Set-MailboxFolderPermission',"
	    "  'Remove-MailboxFolderPermission', 'ModifyFolderPermissions',"
	    "  'AddFolderPermissions', 'UpdateFolderPermissions',"
	    "  'RemoveFolderPermissions', 'New-TransportRule',"
	    "  'Set-TransportRule', 'Enable-TransportRule',"
	    "  'Disable-TransportRule', 'Remove-TransportRule')"
	    " OR (e.operation = 'Set-Mailbox' AND ("
	    PARAMETER("ForwardingSmtpAddress") " <> '' OR "
	    PARAMETER("ForwardingAddress") " <> '' OR "
	    PARAMETER("GrantSendOnBehalfTo") " <> '')))");
}

/* S9: audit switched off, bypassed or narrowed. */
void
anomaly_s9_find(struct case_file *file)
{
	case_run(file,
	    "INSERT INTO anomalies SELECT DISTINCT o.event, 'S9', 'S9: from '"
	    " || utc(o.from_us) || coalesce(' to ' || nullif(utc(o.to_us), ''), ' on') ||"
	    " ' ' || o.words FROM audit_off o;"
	    "INSERT INTO anomalies SELECT e.event, 'S9', 'S9: ' || e.operation"
	    " || ' changed what is audited (' || json_extract(p.value, '$[0]')"
	    " || ' to ' || coalesce(nullif(json_extract(p.value, '$[1]'), ''),"
	    "  'nothing') || ')' FROM events e JOIN judged_events"
	    " USING (event), json_each(e.parameters) p"
	    " WHERE e.operation = 'Set-Mailbox'"
	    " AND json_extract(p.value, '$[0]') IN ('AuditOwner',"
	    "  'AuditDelegate', 'AuditAdmin', 'AuditLogAgeLimit')"
	    " UNION SELECT e.event, 'S9', 'S9: ' || e.operation FROM events e"
	    " JOIN judged_events USING (event) WHERE e.operation IN"
	    " ('Remove-UnifiedAuditLogRetentionPolicy',"
	    "  'Set-UnifiedAuditLogRetentionPolicy')");
}
