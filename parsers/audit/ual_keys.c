/* The members of a unified audit record that we know by name. */
#include "parsers/audit/ual_private.h"

static const char *const key_names[] = {
	[KEY_AFFECTED] = "AffectedItems",
	[KEY_AUDIT_DATA] = "AuditData",
	[KEY_DYNAMIC] = "dynamicProperties",
	[KEY_APP_CONTEXT] = "AppAccessContext",
	[KEY_APP_ID] = "AppId",
	[KEY_APPLICATION_ID] = "ApplicationId",
	[KEY_ACTOR_INFO] = "ActorInfoString",
	[KEY_ACTOR_IP] = "ActorIP",
	[KEY_ACTOR_IP_ADDRESS] = "ActorIpAddress",
	[KEY_CLIENT_APP_ID] = "ClientAppId",
	[KEY_CLIENT_INFO] = "ClientInfoString",
	[KEY_CLIENT_IP] = "ClientIP",
	[KEY_CLIENT_IP_ADDRESS] = "ClientIPAddress",
	[KEY_CREATION_TIME] = "CreationTime",
	[KEY_DEST_FOLDER] = "DestFolder",
	[KEY_DEST_MAILBOX] = "DestMailboxGuid",
	[KEY_DEST_MAILBOX_ID] = "DestMailboxId",
	[KEY_DEVICE_ID] = "DeviceId",
	[KEY_DEVICE_PROPERTIES] = "DeviceProperties",
	[KEY_ERROR_NUMBER] = "ErrorNumber",
	[KEY_EXTENDED] = "ExtendedProperties",
	[KEY_EXTERNAL] = "ExternalAccess",
	[KEY_FOLDER] = "Folder",
	[KEY_FOLDERS] = "Folders",
	[KEY_ID] = "Id",
	[KEY_ITEM] = "Item",
	[KEY_LOGON_ERROR] = "LogonError",
	[KEY_LOGON_SID] = "LogonUserSid",
	[KEY_LOGON_TYPE] = "LogonType",
	[KEY_MAILBOX_GUID] = "MailboxGuid",
	[KEY_MAILBOX_OWNER] = "MailboxOwnerUPN",
	[KEY_MAILBOX_OWNER_SID] = "MailboxOwnerSid",
	[KEY_MESSAGES] = "Messages",
	[KEY_MODIFIED] = "ModifiedProperties",
	[KEY_OBJECT_ID] = "ObjectId",
	[KEY_OPERATION] = "Operation",
	[KEY_OPERATION_COUNT] = "OperationCount",
	[KEY_OPERATION_PROPERTIES] = "OperationProperties",
	[KEY_PARAMETERS] = "Parameters",
	[KEY_QUERY] = "QueryText",
	[KEY_RECORD_TYPE] = "RecordType",
	[KEY_RESULT] = "ResultStatus",
	[KEY_RESULT_COUNT] = "ResultCount",
	[KEY_RESULT_INDEX] = "ResultIndex",
	[KEY_SESSION] = "SessionId",
	[KEY_TOKEN] = "UniqueTokenId",
	[KEY_USER_AGENT] = "UserAgent",
	[KEY_USER_ID] = "UserId",
	[KEY_USER_KEY] = "UserKey",
	[KEY_USER_TYPE] = "UserType",
	[KEY_WORKLOAD] = "Workload",
};

enum { KEY_SLOTS = 256 };

static unsigned
key_slot(struct bytes key)
{
	unsigned hash = (unsigned)key.n * 31u;

	if (key.n > 0)
		hash += key.p[0] * 7u + key.p[key.n - 1] * 3u +
			key.p[key.n / 2] * 13u;
	return hash % KEY_SLOTS;
}

/* Open addressing over the names above; records hold some 30 keys. */
enum ual_key
ual_key_of(struct bytes key)
{
	static uint8_t slots[KEY_SLOTS];
	static bool made;
	unsigned slot;

	if (!made) {
		for (unsigned i = 0; i < KEYS; i++) {
			slot = key_slot(bytes_cstr(key_names[i]));
			while (slots[slot] != 0)
				slot = (slot + 1) % KEY_SLOTS;
			slots[slot] = (uint8_t)(i + 1);
		}
		made = true;
	}
	if (bytes_eq(key, BYTES_LIT("auditData")))
		return KEY_AUDIT_DATA; /* Graph */
	slot = key_slot(key);
	for (; slots[slot] != 0; slot = (slot + 1) % KEY_SLOTS)
		if (bytes_eq(key, bytes_cstr(key_names[slots[slot] - 1])))
			return (enum ual_key)(slots[slot] - 1);
	return KEYS;
}
