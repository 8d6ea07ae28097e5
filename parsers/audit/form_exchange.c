/*
 * Mailbox audit and admin audit of Exchange, as Search-MailboxAuditLog CSV
 * and as the events of SearchResult.xml (exchange_xml.c makes the same rows
 * of their attributes).  Reference: audit.md 6.1.
 */
#include "parsers/audit/forms.h"

enum { RECORD_ADMIN = 1, RECORD_ITEM = 2, RECORD_GROUP = 3, RECORD_BOUND = 50 };

static bool
mailbox_is(struct json row)
{
	struct json value;

	return json_get(row, "LastAccessed", &value) &&
	       json_get(row, "Operation", &value) &&
	       (json_get(row, "MailboxOwnerUPN", &value) ||
	           json_get(row, "MailboxGuid", &value));
}

/* "MailAccessType:Bind" with others after line breaks, ';' or ','. */
static void
take_properties(struct ual *ual, struct bytes text)
{
	struct record_event *e = &ual->event;
	size_t at = bytes_find_nocase(text, BYTES_LIT("MailAccessType:"));

	if (at != SIZE_MAX) {
		struct bytes kind = bytes_trim(bytes_skip(text, at + 15));

		if (bytes_starts_nocase(kind, BYTES_LIT("Bind")))
			e->access_type = BYTES_LIT("bind");
		else if (bytes_starts_nocase(kind, BYTES_LIT("Sync")))
			e->access_type = BYTES_LIT("sync");
	}
	if (bytes_find_nocase(text, BYTES_LIT("IsThrottled:True")) != SIZE_MAX)
		e->throttled = BYTES_LIT("yes");
	else if (bytes_find_nocase(text, BYTES_LIT("IsThrottled:False")) !=
		 SIZE_MAX)
		e->throttled = BYTES_LIT("no");
}

static struct bytes
list_piece(struct bytes *list)
{
	struct bytes piece = BYTES_NONE;

	if (!bytes_cut(list, ';', &piece))
		return BYTES_NONE;
	return bytes_trim(piece);
}

/* Parallel lists, joined by ';'. */
static void
take_lists(struct ual *ual, struct json row)
{
	struct bytes ids = form_column(ual, row, "SourceItemIdsList");
	struct bytes names = form_column(ual, row,
	    "SourceItemInternetMessageIdsList");
	struct bytes subjects = form_column(ual, row, "SourceItemSubjectsList");
	struct bytes folders = form_column(ual, row,
	    "SourceItemFolderPathNamesList");

	while (ids.n > 0 || names.n > 0) {
		struct record_event_item *item = ual_new_item(ual);

		if (item == NULL)
			return;
		item->item_id = list_piece(&ids);
		item->internet_message_id = list_piece(&names);
		item->subject = list_piece(&subjects);
		item->folder_path = list_piece(&folders);
	}
}

/* Hex entry ids of the XML as the base64 ids of the log: length, id, type. */
static struct bytes
long_id(struct ual *ual, struct bytes hex, uint8_t type)
{
	uint8_t *raw;
	size_t n = hex.n / 2;

	if (hex.n % 2 != 0 || n == 0 || n > 255)
		return hex;
	raw = arena_raw(&ual->arena, n + 2);
	raw[0] = (uint8_t)n;
	raw[n + 1] = type;
	for (size_t i = 0; i < hex.n; i++) {
		uint8_t c = byte_lower(hex.p[i]);
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
						   : -1;

		if (digit < 0)
			return hex;
		if (i % 2 == 0)
			raw[1 + i / 2] = (uint8_t)(digit << 4);
		else
			raw[1 + i / 2] |= (uint8_t)digit;
	}
	return ual_base64(ual, raw, n + 2);
}

/* SourceItems of the XML. */
static void
take_source_items(struct ual *ual, struct json list)
{
	struct json_iterator all = json_children(list);
	struct json one;
	struct bytes key;

	while (json_next(&all, &key, &one)) {
		struct record_event_item *item = ual_new_item(ual);
		struct bytes id = form_column(ual, one, "Id");

		if (item == NULL)
			return;
		if (id.n == 0)
			id = form_column(ual, one, "ItemId");
		item->item_id = id.n > 0 ? long_id(ual, id, 9) : BYTES_NONE;
		item->internet_message_id = form_column(ual, one,
		    "InternetMessageId");
		item->subject = form_column(ual, one, "Subject");
		item->folder_path = form_column(ual, one, "FolderPathName");
		if (ual->event.detail.n == 0)
			ual->event.detail = item->subject;
	}
}

static void
take_one_item(struct ual *ual, struct json row)
{
	struct bytes id = form_column(ual, row, "ItemId");
	struct bytes name = form_column(ual, row, "ItemInternetMessageId");
	struct record_event_item *item;

	ual->event.detail = form_column(ual, row, "ItemSubject");
	if (id.n == 0 && name.n == 0)
		return;
	item = ual_new_item(ual);
	if (item == NULL)
		return;
	item->item_id = id;
	item->internet_message_id = name;
	item->subject = ual->event.detail;
	item->folder_id = ual->event.folder_id;
	item->folder_path = ual->event.folder_path;
}

static int64_t
logon_type(struct bytes text)
{
	static const char *const words[] = { "Owner", "Admin", "Delegate",
		"Transport", "SystemService", "BestAccess", "DelegatedAdmin" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (bytes_eq_nocase(text, bytes_cstr(words[i])))
			return (int64_t)i;
	return RECORD_NONE;
}

static void
take_folders(struct ual *ual, struct json row)
{
	struct record_event *e = &ual->event;
	struct json value;

	e->folder_id = long_id(ual, form_column(ual, row, "FolderId"), 1);
	e->folder_path = form_column(ual, row, "FolderPathName");
	e->folder_name = form_column(ual, row, "FolderName");
	e->dest_folder_id = long_id(ual,
	    form_column(ual, row, "DestFolderId"), 1);
	e->dest_folder_path = form_column(ual, row, "DestFolderPathName");
	e->dest_mailbox_guid = ual_lower(ual,
	    form_column(ual, row, "DestMailboxGuid"));
	if (json_get(row, "AggregatedRecordFoldersData", &value))
		ual_take_folders(ual, value);
}

static bool
mailbox_take(struct ual *ual, struct json row)
{
	struct record_event *e = &ual->event;
	struct bytes user = form_column(ual, row, "LogonUserDisplayName");
	struct json items;

	e->operation = form_column(ual, row, "Operation");
	e->workload = BYTES_LIT("Exchange");
	e->record_type = RECORD_ITEM;
	form_time(ual, form_column(ual, row, "LastAccessed"));
	e->record_id = ual_lower(ual, form_column(ual, row, "Identity"));
	e->result = form_column(ual, row, "OperationResult");
	e->logon_type = logon_type(form_column(ual, row, "LogonType"));
	e->mailbox_guid = ual_lower(ual, form_column(ual, row, "MailboxGuid"));
	e->mailbox_owner = form_column(ual, row, "MailboxOwnerUPN");
	e->owner_sid = form_column(ual, row, "MailboxOwnerSid");
	e->logon_sid = form_column(ual, row, "LogonUserSid");
	e->user_id = user.n > 0 ? user : form_column(ual, row, "LogonUserDN");
	if (e->user_id.n == 0 && e->logon_type == 0)
		e->user_id = e->mailbox_owner;
	e->client_info = form_column(ual, row, "ClientInfoString");
	ual->ip[UAL_IP_ITEM] = form_column(ual, row, "ClientIPAddress");
	ual->ip[UAL_IP_CLIENT] = form_column(ual, row, "ClientIP");
	ual_add_session(ual, form_column(ual, row, "SessionId"),
	    &e->session_id);
	ual_add_app(ual, form_column(ual, row, "AppId"), &e->app_id);
	ual_add_app(ual, form_column(ual, row, "ClientAppId"),
	    &e->client_app_id);
	e->external = bytes_eq_nocase(form_column(ual, row, "ExternalAccess"),
	    BYTES_LIT("True"));
	take_properties(ual, form_column(ual, row, "OperationProperties"));
	take_folders(ual, row);
	take_one_item(ual, row);
	if (ual->item_count == 0 && json_get(row, "SourceItems", &items) &&
	    ual_container(ual, items, &items))
		take_source_items(ual, items);
	if (ual->item_count == 0)
		take_lists(ual, row);
	else if (bytes_eq(e->access_type, BYTES_LIT("bind")))
		e->record_type = RECORD_BOUND;
	return e->operation.n > 0;
}

const struct form form_mailbox_audit = { "mailbox_audit", mailbox_is,
	mailbox_take };

/* ---- admin audit: Cmdlet, Caller, RunDate */

static bool
admin_is(struct json row)
{
	struct json value;

	return json_get(row, "RunDate", &value) &&
	       (json_get(row, "Cmdlet", &value) ||
	           json_get(row, "CmdletName", &value));
}

static struct bytes
either(struct ual *ual, struct json row, const char *a, const char *b)
{
	struct bytes text = form_column(ual, row, a);

	return text.n > 0 ? text : form_column(ual, row, b);
}

static bool
admin_take(struct ual *ual, struct json row)
{
	struct record_event *e = &ual->event;
	struct json value;

	e->operation = either(ual, row, "Cmdlet", "CmdletName");
	e->workload = BYTES_LIT("Exchange");
	e->record_type = RECORD_ADMIN;
	e->user_id = form_column(ual, row, "Caller");
	e->object_id = form_column(ual, row, "ObjectModified");
	e->result = form_column(ual, row, "Succeeded");
	e->error = form_column(ual, row, "Error");
	if (bytes_eq_nocase(e->error, BYTES_LIT("None")))
		e->error = BYTES_NONE;
	form_time(ual, form_column(ual, row, "RunDate"));
	ual->ip[UAL_IP_CLIENT] = form_column(ual, row, "ClientIP");
	if (json_get(row, "Parameters", &value))
		ual_take_member(ual, KEY_PARAMETERS, value);
	else if (json_get(row, "CmdletParameters", &value))
		ual_take_member(ual, KEY_PARAMETERS, value);
	if (json_get(row, "ModifiedProperties", &value))
		ual_take_member(ual, KEY_MODIFIED, value);
	return e->operation.n > 0;
}

const struct form form_admin_audit = { "admin_audit", admin_is, admin_take };
