#include "parsers/audit/ual.h"

#include <stdlib.h>

#include "parsers/audit/forms.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "parsers/base/net.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"

enum { AGGREGATED_SECONDS = 120, RECORD_TYPE_AGGREGATED = 50 };

struct ual *
ual_new(void)
{
	struct ual *ual = calloc(1, sizeof *ual);

	if (ual == NULL)
		die_machine("out of memory");
	arena_init(&ual->arena);
	ual->last_time = UTC_NONE;
	for (size_t i = 0; i <= LIMIT_JSON_STRINGS; i++) {
		ual->documents[i] = json_document_new();
		if (ual->documents[i] == NULL)
			die_machine("out of memory");
	}
	return ual;
}

void
ual_free(struct ual *ual)
{
	if (ual == NULL)
		return;
	for (size_t i = 0; i <= LIMIT_JSON_STRINGS; i++)
		json_document_free(ual->documents[i]);
	arena_release(&ual->arena);
	buffer_release(&ual->parameters);
	free(ual->items);
	free(ual->folders);
	free(ual);
}

int64_t
ual_last_time(const struct ual *ual)
{
	return ual->last_time;
}

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

static void
take_extended_pair(struct ual *ual, struct bytes name, struct json value)
{
	if (bytes_eq_nocase(name, BYTES_LIT("UserAgent")) &&
	    ual->event.client_info.n == 0)
		ual->event.client_info = id_text(ual, value);
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
		e->client_info = id_text(ual, value);
		break;
	case KEY_ACTOR_INFO:
	case KEY_USER_AGENT:
		if (e->client_info.n == 0)
			e->client_info = id_text(ual, value);
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

/* Items name a Send's message; its subject tells the reader which. */
static void
settle_detail(struct ual *ual)
{
	struct record_event *e = &ual->event;

	if (e->detail.n == 0 && ual->item_count == 1)
		e->detail = ual->items[0].subject;
}

static void
settle_addresses(struct ual *ual)
{
	struct record_event *e = &ual->event;
	struct ip_address address;

	for (size_t i = 0; i < UAL_IPS; i++) {
		if (ual->ip[i].n == 0)
			continue;
		if (e->client_ip.n == 0)
			e->client_ip = ual->ip[i];
		if (ip_parse(ual->ip[i], &address))
			ual_list_add(&ual->ips,
			    ip_text(&ual->arena, &address));
	}
	e->ips = ual_list_json(ual, &ual->ips);
}

/* Our reading of ResultStatus; a sign-in's own error decides (rule 25). */
static struct bytes
succeeded(const struct ual *ual)
{
	const struct record_event *e = &ual->event;

	if (bytes_starts_nocase(e->operation, BYTES_LIT("UserLoginFailed")) ||
	    (ual->sign_in_failed &&
	        bytes_starts_nocase(e->operation, BYTES_LIT("UserLog"))))
		return BYTES_LIT("no");
	if (bytes_starts_nocase(e->result, BYTES_LIT("Partial")))
		return BYTES_LIT("partial");
	if (bytes_starts_nocase(e->result, BYTES_LIT("Fail")) ||
	    bytes_eq_nocase(e->result, BYTES_LIT("False")))
		return BYTES_LIT("no");
	return BYTES_LIT("yes");
}

static void
settle(struct ual *ual, struct bytes text, const struct ual_place *place)
{
	struct record_event *e = &ual->event;

	e->idx = place->idx;
	e->locator = place->locator;
	e->raw_offset = place->raw_offset;
	e->raw_bytes = place->raw_bytes;
	if (place->result_count != RECORD_NONE)
		e->result_count = place->result_count;
	if (place->result_index != RECORD_NONE)
		e->result_index = place->result_index;
	e->content_sha256 = sha256_hex(&ual->arena, text);
	e->inner_bytes = (int64_t)text.n;
	if (place->time_us != RECORD_NONE)
		e->time_us = place->time_us;
	e->until_us = e->time_us;
	if (e->record_type == RECORD_TYPE_AGGREGATED && e->time_us != UTC_NONE)
		e->until_us += AGGREGATED_SECONDS * UTC_SECOND;
	if (e->session_id.n == 0)
		e->session_id = ual->device_session;
	e->throttled = e->throttled.n ? e->throttled : BYTES_LIT("not_stated");
	e->app_ids = ual_list_json(ual, &ual->apps);
	e->sessions = ual_list_json(ual, &ual->sessions);
	e->device_ids = ual_list_json(ual, &ual->devices);
	if (e->succeeded.n == 0)
		e->succeeded = succeeded(ual);
	if (ual->parameters.n > 0) {
		buffer_add_byte(&ual->parameters, ']');
		e->parameters = buffer_bytes(&ual->parameters);
	}
	settle_addresses(ual);
	settle_detail(ual);
	if (e->time_us != UTC_NONE)
		ual->last_time = e->time_us;
}

void
ual_forget(struct ual *ual)
{
	record_clear(RECORD_KIND_EVENT, &ual->event);
	ual->item_count = ual->folder_count = 0;
	memset(ual->ip, 0, sizeof ual->ip);
	ual->device_session = BYTES_NONE;
	ual->apps.count = ual->sessions.count = ual->devices.count = 0;
	ual->ips.count = 0;
	buffer_reset(&ual->parameters);
	ual->sign_in_failed = ual->items_cut = false;
	ual->strings_cut = ual->strings_bad = false;
}

void
ual_begin(struct ual *ual)
{
	arena_reset(&ual->arena);
	ual->depth = 0;
	ual_forget(ual);
}

/* Lone surrogates and bad UTF-8 are mended once; a JSON error is not. */
static bool
parse_mended(struct ual *ual, struct bytes text, struct json *root)
{
	struct bytes mended = text_repair_utf8(&ual->arena, text);
	uint8_t *copy = arena_raw(&ual->arena, mended.n + JSON_PADDING);

	memcpy(copy, mended.p, mended.n);
	memset(copy + mended.n, 0, JSON_PADDING);
	for (size_t i = 0; i + 6 <= mended.n; i++) {
		bool pair = i + 12 <= mended.n && copy[i + 6] == '\\' &&
			    copy[i + 7] == 'u' &&
			    byte_lower(copy[i + 8]) == 'd' &&
			    byte_lower(copy[i + 9]) >= 'c';

		if (copy[i] == '\\' && copy[i + 1] != 'u') {
			i++; /* an escaped backslash begins nothing */
			continue;
		}
		if (copy[i] != '\\' || byte_lower(copy[i + 2]) != 'd' ||
		    copy[i + 3] < '8')
			continue;
		if (byte_lower(copy[i + 3]) < 'c' && pair) {
			i += 11;
			continue;
		}
		memcpy(copy + i + 2, "fffd", 4);
	}
	return json_parse(ual->documents[0], bytes_of(copy, mended.n), root);
}

/* What of the record could not be taken, or contradicts itself. */
static void
say_gaps(const struct ual *ual, struct bytes locator, struct sink *sink)
{
	const struct record_event *e = &ual->event;

	if (ual->items_cut)
		sink_problem(sink, locator, PROBLEM_LIMIT_MEMBERS,
		    OUTCOME_PARTIAL, 0,
		    "the record names more than %d items; the rest is left "
		    "out", LIMIT_EVENT_ITEMS);
	if (ual->strings_cut)
		sink_problem(sink, locator, PROBLEM_LIMIT_DEPTH,
		    OUTCOME_PARTIAL, 0,
		    "more than %d lists inside strings of one record; the "
		    "rest is left out", LIMIT_JSON_STRINGS);
	if (ual->strings_bad)
		sink_problem(sink, locator, PROBLEM_TRUNCATED, OUTCOME_PARTIAL,
		    0, "a list inside a string of the record is cut or "
		    "damaged; what it names is missing");
	if (e->operation_count != RECORD_NONE &&
	    bytes_eq(e->access_type, BYTES_LIT("bind")) &&
	    e->operation_count != (int64_t)ual->item_count)
		sink_problem(sink, locator, PROBLEM_COUNT_MISMATCH,
		    OUTCOME_OK, 0,
		    "OperationCount says %lld items, the record names %zu",
		    (long long)e->operation_count, ual->item_count);
}

static void
say(struct ual *ual, const struct ual_place *place, struct sink *sink)
{
	struct record_event *e = &ual->event;

	sink_record(sink, RECORD_KIND_EVENT, e);
	for (size_t i = 0; i < ual->item_count; i++) {
		ual->items[i].idx = place->idx;
		sink_record(sink, RECORD_KIND_EVENT_ITEM, &ual->items[i]);
	}
	for (size_t i = 0; i < ual->folder_count; i++) {
		ual->folders[i].idx = place->idx;
		sink_record(sink, RECORD_KIND_EVENT_FOLDER, &ual->folders[i]);
	}
	say_gaps(ual, place->locator, sink);
}

void
ual_take_member(struct ual *ual, enum ual_key key, struct json value)
{
	take_identity(ual, key, value);
	take_client(ual, key, value);
	take_content(ual, key, value);
}

/* All members of one object; true when it turns out to be a wrapper, whose
 * inner record is then *inner. */
static bool
take_members(struct ual *ual, struct json root, struct json *inner)
{
	struct json_iterator members = json_children(root);
	struct json value;
	struct bytes key;
	bool wrapped = false;

	while (json_next(&members, &key, &value)) {
		enum ual_key known = ual_key_of(key);

		if (known == KEYS)
			continue;
		if (known == KEY_AUDIT_DATA || known == KEY_DYNAMIC) {
			*inner = value;
			wrapped = true;
			continue;
		}
		ual_take_member(ual, known, value);
	}
	return wrapped;
}

/* {"AuditData": "..."} or {"AuditData": {...}}: of what stands around the
 * inner record only the run's counts are kept. */
bool
ual_take_record(struct ual *ual, struct json root)
{
	struct json inner;

	for (unsigned depth = 0; json_kind_of(root) == JSON_OBJECT; depth++) {
		int64_t count, index;

		if (!take_members(ual, root, &inner))
			return true;
		count = ual->event.result_count;
		index = ual->event.result_index;
		ual_forget(ual);
		ual->event.result_count = count;
		ual->event.result_index = index;
		if (depth == UAL_WRAPPINGS || !ual_container(ual, inner, &root))
			return false;
	}
	return false;
}

static bool
take(struct ual *ual, struct json root)
{
	struct record_event *e = &ual->event;
	const struct form *form;

	if (!ual_take_record(ual, root))
		return false;
	if (e->operation.n > 0 && e->time_text.n > 0)
		return true;
	form = form_of(root);
	if (form == NULL)
		return e->operation.n > 0 || e->record_id.n > 0;
	ual_forget(ual);
	return form->take(ual, root) && e->operation.n > 0;
}

void
ual_end(struct ual *ual, struct bytes text, const struct ual_place *place,
    struct sink *sink)
{
	settle(ual, text, place);
	say(ual, place, sink);
}

static bool
read_record(struct ual *ual, struct bytes text)
{
	struct json root;

	ual_begin(ual);
	if (!json_parse(ual->documents[0], text, &root) &&
	    !parse_mended(ual, text, &root))
		return false;
	return json_kind_of(root) == JSON_OBJECT && take(ual, root);
}

void
ual_peek(struct ual *ual, struct bytes text)
{
	if (read_record(ual, text) && ual->event.time_us != UTC_NONE)
		ual->last_time = ual->event.time_us;
}

bool
ual_say(struct ual *ual, struct bytes text, const struct ual_place *place,
    struct sink *sink)
{
	if (!read_record(ual, text))
		return false;
	ual_end(ual, text, place, sink);
	return true;
}
