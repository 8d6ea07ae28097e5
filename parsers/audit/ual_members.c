/*
 * What the members of a record of the unified audit log mean (reference
 * audit.md 1): each goes into ual->event or one of the lists beside it.
 */
#include "parsers/audit/ual_private.h"
#include "parsers/base/utc.h"

/* Enumerations as words, reference rule 23. */
struct ual_word {
	const char *word;
	int64_t number;
};

static int64_t
enumeration(struct json value, const struct ual_word *words)
{
	int64_t number = ual_integer(value);
	struct bytes text = json_string(value);

	for (; number == RECORD_NONE && words->word != NULL; words++)
		if (bytes_eq_nocase(text, bytes_cstr(words->word)))
			number = words->number;
	return number;
}

static const struct ual_word record_types[] = { { "ExchangeAdmin", 1 },
	{ "ExchangeItem", 2 }, { "ExchangeItemGroup", 3 }, { "SharePoint", 4 },
	{ "SharePointFileOperation", 6 }, { "AzureActiveDirectory", 8 },
	{ "AzureActiveDirectoryAccountLogon", 9 },
	{ "SharePointSharingOperation", 14 },
	{ "AzureActiveDirectoryStsLogon", 15 },
	{ "SecurityComplianceCenterEOPCmdlet", 18 },
	{ "ExchangeAggregatedOperation", 19 }, { "Discovery", 24 },
	{ "SecurityComplianceAlerts", 40 }, { "ExchangeItemAggregated", 50 },
	{ "DataInsightsRestApiAudit", 52 }, { "AuditSearch", 295 },
	{ NULL, 0 } };

static const struct ual_word user_types[] = { { "Regular", 0 },
	{ "Reserved", 1 }, { "Admin", 2 }, { "DcAdmin", 3 }, { "System", 4 },
	{ "Application", 5 }, { "ServicePrincipal", 6 },
	{ "CustomPolicy", 7 }, { "SystemPolicy", 8 },
	{ "PartnerTechnician", 9 }, { "Guest", 10 }, { NULL, 0 } };

static const struct ual_word logon_types[] = { { "Owner", 0 },
	{ "Admin", 1 }, { "Delegated", 2 }, { "Transport", 3 },
	{ "SystemService", 4 }, { "BestAccess", 5 }, { "DelegatedAdmin", 6 },
	{ NULL, 0 } };

static struct bytes
id_text(struct ual *ual, struct json value)
{
	struct bytes text = bytes_trim(ual_text(ual, value));

	return ual_is_id(text) ? text : BYTES_NONE;
}

void
ual_add_app(struct ual *ual, struct bytes text, struct bytes *field)
{
	text = bytes_trim(text);
	if (!ual_is_id(text))
		return;
	if (field != NULL)
		*field = text;
	ual_list_add(&ual->apps, ual_lower(ual, text));
}

void
ual_add_session(struct ual *ual, struct bytes text, struct bytes *field)
{
	text = bytes_trim(text);
	if (!ual_is_id(text))
		return;
	*field = ual_lower(ual, text);
	ual_list_add(&ual->sessions, *field);
}

void
ual_add_device(struct ual *ual, struct bytes text)
{
	text = bytes_trim(text);
	if (ual_is_id(text))
		ual_list_add(&ual->devices, ual_lower(ual, text));
}

static void
take_app(struct ual *ual, struct json value, struct bytes *field)
{
	ual_add_app(ual, ual_text(ual, value), field);
}

static void
take_session(struct ual *ual, struct json value, struct bytes *field)
{
	ual_add_session(ual, ual_text(ual, value), field);
}

static void
take_device(struct ual *ual, struct json value)
{
	ual_add_device(ual, ual_text(ual, value));
}

static void
take_context(struct ual *ual, struct json context)
{
	struct json_iterator members;
	struct json value;
	struct bytes key;

	if (!ual_container(ual, context, &context))
		return;
	members = json_children(context);
	while (json_next(&members, &key, &value)) {
		if (bytes_eq(key, BYTES_LIT("AADSessionId")))
			take_session(ual, value, &ual->event.aad_session);
		else if (bytes_eq(key, BYTES_LIT("ClientAppId")))
			take_app(ual, value, NULL);
		else if (bytes_eq(key, BYTES_LIT("UniqueTokenId")))
			ual->event.token_id = id_text(ual, value);
	}
}

/* Walk [{"Name":..,"Value":..}]; what each pair means is the caller's. */
typedef void pair_taker(struct ual *, struct bytes name, struct json value);

static void
take_pairs(struct ual *ual, struct json pairs, pair_taker *take)
{
	struct json_iterator list;
	struct json pair, name, value;
	struct bytes key;

	if (!ual_container(ual, pairs, &pairs))
		return;
	list = json_children(pairs);
	while (json_next(&list, &key, &pair)) {
		if (list.object) { /* Elastic: {"Name": "Value"} */
			take(ual, key, pair);
			continue;
		}
		if (!json_get(pair, "Name", &name))
			continue;
		if (json_get(pair, "Value", &value) ||
		    json_get(pair, "NewValue", &value))
			take(ual, json_string(name), value);
	}
}

static void
take_device_pair(struct ual *ual, struct bytes name, struct json value)
{
	if (bytes_eq(name, BYTES_LIT("SessionId")))
		take_session(ual, value, &ual->device_session);
	else if (bytes_eq(name, BYTES_LIT("Id")))
		take_device(ual, value);
}

/* ClientInfoString names the client before all other members do. */
static void
take_agent(struct ual *ual, struct json value, bool first)
{
	struct bytes text = id_text(ual, value);

	if (text.n == 0)
		return;
	if (first || ual->event.client_info.n == 0)
		ual->event.client_info = text;
	ual_list_add(&ual->clients, text);
}

static void
take_extended_pair(struct ual *ual, struct bytes name, struct json value)
{
	if (bytes_eq_nocase(name, BYTES_LIT("UserAgent")))
		take_agent(ual, value, false);
}

static void
take_operation_pair(struct ual *ual, struct bytes name, struct json value)
{
	struct bytes text = ual_text(ual, value);

	if (bytes_eq(name, BYTES_LIT("MailAccessType")))
		ual->event.access_type = ual_lower(ual, text);
	else if (bytes_eq(name, BYTES_LIT("IsThrottled"))) {
		if (text.n > 0)
			ual->event.throttled =
			    bytes_eq_nocase(text, BYTES_LIT("True"))
				? BYTES_LIT("yes")
				: BYTES_LIT("no");
	} else if (bytes_starts_nocase(name, BYTES_LIT("Query")))
		ual->event.detail = text;
	else
		ual_parameter(ual, name, text);
}

static void
take_parameter_pair(struct ual *ual, struct bytes name, struct json value)
{
	ual_parameter(ual, name, ual_text(ual, value));
}

static void
take_folder(struct ual *ual, struct json folder, bool destination)
{
	struct record_event *e = &ual->event;
	struct bytes id, path, name;

	ual_folder(ual, folder, &id, &path, &name);
	if (destination) {
		e->dest_folder_id = id;
		e->dest_folder_path = path;
		return;
	}
	e->folder_id = id;
	e->folder_path = path;
	e->folder_name = name;
}

static void
take_identity(struct ual *ual, enum ual_key key, struct json value)
{
	struct record_event *e = &ual->event;

	switch (key) {
	case KEY_ID:
		e->record_id = ual_lower(ual, id_text(ual, value));
		break;
	case KEY_CREATION_TIME:
		e->time_text = ual_text(ual, value);
		e->time_us = utc_from_iso(e->time_text);
		break;
	case KEY_RECORD_TYPE:
		e->record_type = enumeration(value, record_types);
		break;
	case KEY_WORKLOAD:
		e->workload = ual_text(ual, value);
		break;
	case KEY_OPERATION:
		e->operation = ual_text(ual, value);
		break;
	case KEY_USER_ID:
		e->user_id = ual_text(ual, value);
		break;
	case KEY_USER_KEY:
		e->user_key = ual_text(ual, value);
		break;
	case KEY_USER_TYPE:
		e->user_type = enumeration(value, user_types);
		break;
	case KEY_LOGON_TYPE:
		e->logon_type = enumeration(value, logon_types);
		break;
	case KEY_LOGON_SID:
		e->logon_sid = id_text(ual, value);
		break;
	case KEY_MAILBOX_OWNER_SID:
		e->owner_sid = id_text(ual, value);
		break;
	case KEY_MAILBOX_GUID:
		e->mailbox_guid = ual_lower(ual, id_text(ual, value));
		break;
	case KEY_MAILBOX_OWNER:
		e->mailbox_owner = id_text(ual, value);
		break;
	case KEY_DEST_MAILBOX:
	case KEY_DEST_MAILBOX_ID:
		e->dest_mailbox_guid = ual_lower(ual, id_text(ual, value));
		break;
	case KEY_EXTERNAL:
		e->external = bytes_eq_nocase(ual_text(ual, value),
		    BYTES_LIT("True"));
		break;
	default:
		break;
	}
}

static void
take_client(struct ual *ual, enum ual_key key, struct json value)
{
	struct record_event *e = &ual->event;

	switch (key) {
	case KEY_CLIENT_IP_ADDRESS:
		ual->ip[UAL_IP_ITEM] = id_text(ual, value);
		break;
	case KEY_CLIENT_IP:
		ual->ip[UAL_IP_CLIENT] = id_text(ual, value);
		break;
	case KEY_ACTOR_IP:
		ual->ip[UAL_IP_ACTOR] = id_text(ual, value);
		break;
	case KEY_ACTOR_IP_ADDRESS:
		ual->ip[UAL_IP_SIGN_IN] = id_text(ual, value);
		break;
	case KEY_APP_ID:
		take_app(ual, value, &e->app_id);
		break;
	case KEY_CLIENT_APP_ID:
		take_app(ual, value, &e->client_app_id);
		break;
	case KEY_APPLICATION_ID:
		take_app(ual, value, e->app_id.n == 0 ? &e->app_id : NULL);
		break;
	case KEY_CLIENT_INFO:
	case KEY_ACTOR_INFO:
	case KEY_USER_AGENT:
		take_agent(ual, value, key == KEY_CLIENT_INFO);
		break;
	case KEY_SESSION:
		take_session(ual, value, &e->session_id);
		break;
	case KEY_TOKEN:
		e->token_id = id_text(ual, value);
		break;
	case KEY_DEVICE_ID:
		take_device(ual, value);
		break;
	case KEY_APP_CONTEXT:
		take_context(ual, value);
		break;
	case KEY_DEVICE_PROPERTIES:
		take_pairs(ual, value, take_device_pair);
		break;
	case KEY_EXTENDED:
		take_pairs(ual, value, take_extended_pair);
		break;
	default:
		break;
	}
}

static void
take_content(struct ual *ual, enum ual_key key, struct json value)
{
	struct record_event *e = &ual->event;
	struct bytes text;

	switch (key) {
	case KEY_FOLDERS:
		ual_take_folders(ual, value);
		break;
	case KEY_FOLDER:
		take_folder(ual, value, false);
		break;
	case KEY_DEST_FOLDER:
		take_folder(ual, value, true);
		break;
	case KEY_ITEM:
		ual_take_item(ual, value, e->folder_id.n == 0);
		break;
	case KEY_AFFECTED:
		ual_take_affected(ual, value);
		break;
	case KEY_MESSAGES:
		ual_take_messages(ual, value);
		break;
	case KEY_OPERATION_PROPERTIES:
		take_pairs(ual, value, take_operation_pair);
		break;
	case KEY_PARAMETERS:
	case KEY_MODIFIED:
		text = json_string(value);
		if (text.n > 0 && text.p[0] == '-')
			ual_take_command_line(ual, text);
		else
			take_pairs(ual, value, take_parameter_pair);
		break;
	case KEY_OPERATION_COUNT:
		e->operation_count = ual_integer(value);
		break;
	case KEY_RESULT_COUNT:
		e->result_count = ual_integer(value);
		break;
	case KEY_RESULT_INDEX:
		e->result_index = ual_integer(value);
		break;
	case KEY_OBJECT_ID:
		e->object_id = ual_text(ual, value);
		break;
	case KEY_QUERY:
		e->detail = ual_text(ual, value);
		break;
	case KEY_RESULT:
		e->result = ual_text(ual, value);
		break;
	case KEY_ERROR_NUMBER:
	case KEY_LOGON_ERROR:
		text = id_text(ual, value);
		if (text.n > 0 && !bytes_eq(text, BYTES_LIT("0"))) {
			e->error = text;
			ual->sign_in_failed = true;
		}
		break;
	default:
		break;
	}
}

void
ual_take_member(struct ual *ual, enum ual_key key, struct json value)
{
	take_identity(ual, key, value);
	take_client(ual, key, value);
	take_content(ual, key, value);
}
