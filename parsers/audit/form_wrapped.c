/*
 * Unified audit records that a security product flattened or wrapped:
 * Defender CloudAppEvents (container J), Sentinel OfficeActivity (I),
 * Elastic o365.audit (K).  Reference: audit.md section 2.
 */
#include "parsers/audit/forms.h"

/* ---- J: ActionType and RawEventData, bare or under properties */

static bool
cloud_app_base(struct json root, struct json *base)
{
	if (form_has(root, "ActionType") &&
	    (form_has(root, "RawEventData") || form_has(root, "Application") ||
	        form_has(root, "AccountObjectId"))) {
		*base = root;
		return true;
	}
	return form_path(root, "properties", base) &&
	       form_has(*base, "ActionType");
}

static bool
cloud_app_is(struct json root)
{
	struct json base;

	return cloud_app_base(root, &base);
}

/* Events of other applications have no unified audit record inside. */
static bool
cloud_app_columns(struct ual *ual, struct json base)
{
	struct record_event *e = &ual->event;

	ual_forget(ual);
	e->record_id = ual_lower(ual, form_text(ual, base, "ReportId"));
	e->operation = form_text(ual, base, "ActionType");
	e->workload = form_text(ual, base, "Application");
	e->user_id = form_text(ual, base, "AccountId");
	if (e->user_id.n == 0)
		e->user_id = form_text(ual, base, "AccountObjectId");
	e->client_info = form_text(ual, base, "UserAgent");
	ual->ip[UAL_IP_CLIENT] = form_text(ual, base, "IPAddress");
	form_time(ual, form_text(ual, base, "Timestamp"));
	return e->time_text.n > 0;
}

static bool
cloud_app_take(struct ual *ual, struct json root)
{
	struct json base, inner;

	if (!cloud_app_base(root, &base))
		return false;
	if (json_get(base, "RawEventData", &inner) &&
	    ual_container(ual, inner, &inner) &&
	    ual_take_record(ual, inner) && ual->event.operation.n > 0)
		return true;
	return cloud_app_columns(ual, base);
}

const struct form form_cloud_app = { "cloud_app_events", cloud_app_is,
	cloud_app_take };

/* ---- I: flat columns, nested fields as JSON in strings */

static const struct {
	const char *column;
	enum ual_key key;
} sentinel_columns[] = {
	{ "TimeGenerated", KEY_CREATION_TIME },
	{ "TimeGenerated [UTC]", KEY_CREATION_TIME },
	{ "OfficeId", KEY_ID },
	{ "SourceRecordId", KEY_ID },
	{ "OfficeWorkload", KEY_WORKLOAD },
	{ "OfficeObjectId", KEY_OBJECT_ID },
	{ "Client_IPAddress", KEY_CLIENT_IP_ADDRESS },
	{ "ClientIP_", KEY_CLIENT_IP },
	{ "Logon_Type", KEY_LOGON_TYPE },
	{ "MailboxOwnerSid", KEY_MAILBOX_OWNER_SID },
	{ "Client_InfoString", KEY_CLIENT_INFO },
};

static enum ual_key
sentinel_key(struct bytes name)
{
	size_t count = sizeof sentinel_columns / sizeof sentinel_columns[0];

	for (size_t i = 0; i < count; i++)
		if (bytes_eq(name, bytes_cstr(sentinel_columns[i].column)))
			return sentinel_columns[i].key;
	return ual_key_of(name);
}

static bool
sentinel_is(struct json root)
{
	return form_has(root, "Operation") &&
	       (form_has(root, "OfficeWorkload") || form_has(root, "OfficeId"));
}

static bool
sentinel_take(struct ual *ual, struct json root)
{
	struct json_iterator members = json_children(root);
	struct json value;
	struct bytes key;

	while (json_next(&members, &key, &value)) {
		struct bytes id = ual->event.record_id;

		if (ual_text(ual, value).n == 0 &&
		    json_kind_of(value) != JSON_ARRAY &&
		    json_kind_of(value) != JSON_OBJECT)
			continue; /* a table has every column in every row */
		ual_take_member(ual, sentinel_key(key), value);
		/* OfficeId is the record's Id; SourceRecordId stands in. */
		if (id.n > 0 && !bytes_eq(key, BYTES_LIT("OfficeId")))
			ual->event.record_id = id;
	}
	if (ual->event.time_us == RECORD_NONE)
		form_time(ual, ual->event.time_text);
	return true;
}

const struct form form_sentinel = { "sentinel_office", sentinel_is,
	sentinel_take };

/* ---- K: event.original, else o365.audit, nested or with dotted keys */

static bool
elastic_base(struct json root, struct json *base)
{
	if (!json_get(root, "_source", base))
		*base = root;
	return form_has(*base, "o365.audit") ||
	       form_has(*base, "event.original");
}

static bool
elastic_dotted(struct json root)
{
	struct json_iterator members = json_children(root);
	struct json value;
	struct bytes key;

	while (json_next(&members, &key, &value))
		if (bytes_starts(key, BYTES_LIT("o365.audit.")) ||
		    bytes_eq(key, BYTES_LIT("event.original")))
			return true;
	return false;
}

static bool
elastic_is(struct json root)
{
	struct json base;

	if (elastic_base(root, &base))
		return true;
	return elastic_dotted(base);
}

static void
dotted_member(struct ual *ual, struct bytes name, struct json value)
{
	struct bytes rest = name, first;

	if (bytes_find_byte(name, '.') == SIZE_MAX) {
		ual_take_member(ual, ual_key_of(name), value);
		return;
	}
	bytes_cut(&rest, '.', &first);
	if (bytes_eq(first, BYTES_LIT("Parameters")) ||
	    bytes_eq(first, BYTES_LIT("ModifiedProperties")))
		ual_parameter(ual, rest, ual_text(ual, value));
	else if (bytes_eq(name, BYTES_LIT("AppAccessContext.AADSessionId")))
		ual_add_session(ual, ual_text(ual, value),
		    &ual->event.aad_session);
	else if (bytes_eq(name, BYTES_LIT("AppAccessContext.ClientAppId")))
		ual_add_app(ual, ual_text(ual, value), NULL);
	else if (bytes_eq(name, BYTES_LIT("AppAccessContext.UniqueTokenId")))
		ual->event.token_id = ual_text(ual, value);
	else if (bytes_eq(name, BYTES_LIT("Item.InternetMessageId")))
		form_item(ual, bytes_trim(ual_text(ual, value)));
	else if (bytes_eq(name, BYTES_LIT("Item.ParentFolder.Path")))
		ual->event.folder_path = ual_text(ual, value);
	else if (bytes_eq(name, BYTES_LIT("Item.ParentFolder.Id")))
		ual->event.folder_id = ual_text(ual, value);
	else if (bytes_eq(name,
	             BYTES_LIT("OperationProperties.MailAccessType")))
		ual->event.access_type = ual_lower(ual, ual_text(ual, value));
}

static bool
elastic_members(struct ual *ual, struct json base)
{
	struct json_iterator members = json_children(base);
	struct json value;
	struct bytes key;

	while (json_next(&members, &key, &value)) {
		if (bytes_eq(key, BYTES_LIT("event.original")) &&
		    ual_container(ual, value, &value) &&
		    ual_take_record(ual, value) && ual->event.operation.n > 0)
			return true;
		if (bytes_starts(key, BYTES_LIT("o365.audit.")))
			dotted_member(ual, bytes_skip(key, 11), value);
	}
	return true;
}

static bool
elastic_take(struct ual *ual, struct json root)
{
	struct json base, inner;

	elastic_base(root, &base);
	if (form_path(base, "event.original", &inner) &&
	    ual_container(ual, inner, &inner) &&
	    ual_take_record(ual, inner) && ual->event.operation.n > 0)
		return true;
	ual_forget(ual);
	if (form_path(base, "o365.audit", &inner))
		ual_take_record(ual, inner);
	else
		elastic_members(ual, base);
	if (ual->event.time_text.n == 0)
		form_time(ual, form_column(ual, base, "@timestamp"));
	return true;
}

const struct form form_elastic = { "elastic_o365", elastic_is, elastic_take };
