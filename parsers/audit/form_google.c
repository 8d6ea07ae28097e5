/* Google Workspace, Reports API (admin#reports#activity): admin, login,
 * token, Gmail and the rest.  Reference: audit.md 6.7. */
#include "parsers/audit/forms.h"

enum { MESSAGE_DEPTH = 3 };

static bool
google_is(struct json root)
{
	return form_has(root, "id.applicationName") &&
	       form_has(root, "events") && form_has(root, "actor");
}

static struct bytes
joined(struct ual *ual, struct bytes prefix, struct bytes name)
{
	if (prefix.n == 0)
		return name;
	return arena_printf(&ual->arena, "%.*s.%.*s", (int)prefix.n,
	    (const char *)prefix.p, (int)name.n, (const char *)name.p);
}

static struct bytes
value_of(struct ual *ual, struct json parameter)
{
	static const char *const kinds[] = { "value", "intValue", "boolValue",
		NULL };
	struct json_iterator all;
	struct json list, one;
	struct bytes text = form_first(ual, parameter, kinds), key;
	struct buffer many = BUFFER_EMPTY;

	if (text.n > 0 || !(json_get(parameter, "multiValue", &list) ||
	                       json_get(parameter, "multiIntValue", &list)))
		return text;
	all = json_children(list);
	while (json_next(&all, &key, &one)) {
		if (many.n > 0)
			buffer_add_cstr(&many, "; ");
		buffer_add_bytes(&many, ual_text(ual, one));
	}
	text = arena_dup(&ual->arena, buffer_bytes(&many));
	buffer_release(&many);
	return text;
}

/* What a Gmail event says of its message. */
static void
take_gmail(struct ual *ual, struct bytes name, struct bytes value)
{
	struct record_event *e = &ual->event;
	uint64_t number;

	if (bytes_eq(name, BYTES_LIT("event_info.mail_event_type")) &&
	    bytes_to_u64(value, &number) && number < 1000) {
		struct bytes operation = gmail_operation(ual, (int64_t)number);

		if (operation.n > 0)
			e->operation = operation;
	} else if (bytes_eq(name,
	               BYTES_LIT("message_info.rfc2822_message_id"))) {
		if (ual->item_count == 0)
			form_item(ual, value);
		ual->items[0].internet_message_id = value;
	} else if (bytes_eq(name, BYTES_LIT("message_info.subject")))
		e->detail = value;
	else if (bytes_eq(name,
	             BYTES_LIT("message_info.connection_info.client_ip")))
		ual->ip[UAL_IP_CLIENT] = value;
}

static void
take_parameters(struct ual *ual, struct json list, struct bytes prefix,
    unsigned depth)
{
	struct json_iterator all = json_children(list);
	struct json one, inner;
	struct bytes key;

	while (json_next(&all, &key, &one)) {
		struct bytes name = joined(ual, prefix,
		    form_text(ual, one, "name"));
		struct bytes value = value_of(ual, one);

		if (depth < MESSAGE_DEPTH &&
		    form_path(one, "messageValue.parameter", &inner)) {
			take_parameters(ual, inner, name, depth + 1);
			continue;
		}
		if (value.n == 0)
			continue;
		ual_parameter(ual, name, value);
		take_gmail(ual, name, value);
	}
}

/* An activity may hold several events: each is an event of its own. */
static void
take_event(struct ual *ual, struct json list)
{
	struct json_iterator all = json_children(list);
	struct json one, parameters;
	struct bytes key;
	size_t count = 0;

	while (json_next(&all, &key, &one)) {
		if (count++ != ual->part)
			continue;
		ual->event.operation = form_text(ual, one, "name");
		ual->event.object_id = form_text(ual, one, "type");
		if (json_get(one, "parameters", &parameters))
			take_parameters(ual, parameters, BYTES_NONE, 0);
	}
	ual->parts = count;
}

/* "gaia_id/rfc2822_message_id" */
static void
take_resources(struct ual *ual, struct json root)
{
	struct json_iterator all;
	struct json list, one;
	struct bytes key;

	if (!json_get(root, "resourceDetails", &list))
		return;
	all = json_children(list);
	while (json_next(&all, &key, &one)) {
		struct bytes id = form_text(ual, one, "id");
		size_t slash = bytes_find_byte(id, '/');

		if (slash != SIZE_MAX && ual->item_count == 0 &&
		    bytes_find_byte(id, '@') != SIZE_MAX)
			form_item(ual, bytes_skip(id, slash + 1));
	}
}

/* Sign-ins under the operations that sign-ins have everywhere here. */
static void
name_sign_in(struct ual *ual)
{
	struct record_event *e = &ual->event;
	struct bytes written = e->operation;

	if (bytes_eq(written, BYTES_LIT("login_success")))
		e->operation = BYTES_LIT("UserLoggedIn");
	else if (bytes_eq(written, BYTES_LIT("login_failure"))) {
		e->operation = BYTES_LIT("UserLoginFailed");
		e->succeeded = BYTES_LIT("no");
	} else
		return;
	form_parameter(ual, "event", written);
}

static bool
google_take(struct ual *ual, struct json root)
{
	struct record_event *e = &ual->event;
	struct bytes application = form_text(ual, root, "id.applicationName");
	struct bytes qualifier = form_text(ual, root, "id.uniqueQualifier");
	struct json events;
	bool gmail = bytes_eq(application, BYTES_LIT("gmail"));

	form_time(ual, form_text(ual, root, "id.time"));
	if (qualifier.n > 0)
		e->record_id = arena_printf(&ual->arena, "%.*s:%.*s:%.*s",
		    (int)application.n, (const char *)application.p,
		    (int)e->time_text.n, (const char *)e->time_text.p,
		    (int)qualifier.n, (const char *)qualifier.p);
	if (ual->part > 0 && qualifier.n > 0)
		e->record_id = arena_printf(&ual->arena, "%.*s:%zu",
		    (int)e->record_id.n, (const char *)e->record_id.p,
		    ual->part + 1);
	e->record_id = ual_lower(ual, e->record_id);
	e->workload = arena_printf(&ual->arena, "GoogleWorkspace/%.*s",
	    (int)application.n, (const char *)application.p);
	e->user_id = form_text(ual, root, "actor.email");
	e->user_key = form_text(ual, root, "actor.profileId");
	ual->ip[UAL_IP_CLIENT] = form_text(ual, root, "ipAddress");
	if (json_get(root, "events", &events))
		take_event(ual, events);
	take_resources(ual, root);
	if (gmail)
		e->mailbox_owner = e->user_id;
	if (bytes_eq(application, BYTES_LIT("login")))
		name_sign_in(ual);
	return e->operation.n > 0;
}

const struct form form_google = { "google_activity", google_is, google_take };
