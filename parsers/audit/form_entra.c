/*
 * Entra (Azure AD) sign-ins and directory audit: diagnostic settings, Graph
 * and the portal's CSV.  Reference: audit.md 6.6.
 *
 * Sign-ins become UserLoggedIn and UserLoginFailed, the operations that the
 * unified audit log gives the same sign-ins.
 */
#include "parsers/audit/forms.h"

static void
sign_in_verdict(struct ual *ual, struct bytes code, struct bytes reason)
{
	struct record_event *e = &ual->event;
	bool failed = code.n > 0 && !bytes_eq(code, BYTES_LIT("0"));

	e->operation = failed ? BYTES_LIT("UserLoginFailed")
			      : BYTES_LIT("UserLoggedIn");
	e->succeeded = failed ? BYTES_LIT("no") : BYTES_LIT("yes");
	e->result = code;
	if (failed)
		e->error = reason.n > 0 ? reason : code;
}

static const char *const sign_in_user[] = { "userPrincipalName",
	"servicePrincipalName", "servicePrincipalId", "userId", NULL };

static void
take_sign_in(struct ual *ual, struct json p)
{
	struct record_event *e = &ual->event;

	e->record_id = ual_lower(ual, form_text(ual, p, "id"));
	e->workload = BYTES_LIT("AzureActiveDirectory");
	e->user_id = form_first(ual, p, sign_in_user);
	e->user_key = form_text(ual, p, "userId");
	e->client_info = form_text(ual, p, "userAgent");
	e->object_id = form_text(ual, p, "resourceDisplayName");
	e->detail = form_text(ual, p, "appDisplayName");
	e->token_id = form_text(ual, p, "uniqueTokenIdentifier");
	ual->ip[UAL_IP_SIGN_IN] = form_text(ual, p, "ipAddress");
	ual_add_app(ual, form_text(ual, p, "appId"), &e->app_id);
	ual_add_session(ual, form_text(ual, p, "sessionId"), &e->session_id);
	ual_add_device(ual, form_text(ual, p, "deviceDetail.deviceId"));
	form_time(ual, form_text(ual, p, "createdDateTime"));
	form_parameter(ual, "clientAppUsed",
	    form_text(ual, p, "clientAppUsed"));
	form_parameter(ual, "correlationId",
	    form_text(ual, p, "correlationId"));
	form_parameter(ual, "isInteractive",
	    form_text(ual, p, "isInteractive"));
	form_parameter(ual, "location",
	    form_text(ual, p, "location.countryOrRegion"));
	if (form_has(p, "servicePrincipalId") &&
	    !form_has(p, "userPrincipalName"))
		e->user_type = 6;
	sign_in_verdict(ual, form_text(ual, p, "status.errorCode"),
	    form_text(ual, p, "status.failureReason"));
}

static void
take_properties(struct ual *ual, struct json list)
{
	struct json_iterator all;
	struct json one;
	struct bytes key;

	all = json_children(list);
	while (json_next(&all, &key, &one)) {
		struct bytes name = form_text(ual, one, "displayName");

		if (name.n > 0)
			ual_parameter(ual, name,
			    form_text(ual, one, "newValue"));
	}
}

static void
take_targets(struct ual *ual, struct json p)
{
	static const char *const names[] = { "userPrincipalName",
		"displayName", "id", NULL };
	struct json_iterator all;
	struct json list, one, properties;
	struct bytes key;

	if (!json_get(p, "targetResources", &list))
		return;
	all = json_children(list);
	while (json_next(&all, &key, &one)) {
		struct bytes name = form_first(ual, one, names);

		if (ual->event.object_id.n == 0)
			ual->event.object_id = name;
		form_parameter(ual, "target", name);
		if (json_get(one, "modifiedProperties", &properties))
			take_properties(ual, properties);
	}
}

static void
take_directory_audit(struct ual *ual, struct json p)
{
	static const char *const users[] = {
		"initiatedBy.user.userPrincipalName", "initiatedBy.user.id",
		"initiatedBy.app.displayName",
		"initiatedBy.app.servicePrincipalId", NULL };
	struct record_event *e = &ual->event;

	e->record_id = ual_lower(ual, form_text(ual, p, "id"));
	e->workload = BYTES_LIT("AzureActiveDirectory");
	e->operation = form_text(ual, p, "activityDisplayName");
	e->user_id = form_first(ual, p, users);
	e->result = form_text(ual, p, "result");
	e->error = form_text(ual, p, "resultReason");
	if (bytes_starts_nocase(e->result, BYTES_LIT("fail")))
		e->succeeded = BYTES_LIT("no");
	ual->ip[UAL_IP_SIGN_IN] = form_text(ual, p,
	    "initiatedBy.user.ipAddress");
	ual_add_app(ual, form_text(ual, p, "initiatedBy.app.appId"),
	    &e->app_id);
	form_time(ual, form_text(ual, p, "activityDateTime"));
	take_targets(ual, p);
	if (e->user_id.n > 0 && !form_has(p, "initiatedBy.user.id") &&
	    form_has(p, "initiatedBy.app.displayName"))
		e->user_type = 5;
}

/* Graph activity, risk and the rest: what all diagnostic records have. */
static void
take_other(struct ual *ual, struct json root, struct json p)
{
	static const char *const users[] = { "userPrincipalName", "userId",
		"servicePrincipalId", NULL };
	struct record_event *e = &ual->event;

	e->operation = form_text(ual, root, "operationName");
	e->workload = BYTES_LIT("AzureActiveDirectory");
	e->user_id = form_first(ual, p, users);
	e->client_info = form_text(ual, p, "userAgent");
	e->detail = form_text(ual, p, "requestUri");
	e->token_id = form_text(ual, p, "signInActivityId");
	e->result = form_text(ual, root, "resultSignature");
	ual->ip[UAL_IP_SIGN_IN] = form_text(ual, p, "ipAddress");
	ual_add_app(ual, form_text(ual, p, "appId"), &e->app_id);
	ual_add_session(ual, form_text(ual, p, "sessionId"), &e->session_id);
	form_parameter(ual, "requestMethod",
	    form_text(ual, p, "requestMethod"));
	form_parameter(ual, "scopes",
	    form_text(ual, p, "scopes"));
}

static bool
is_sign_in(struct json p)
{
	return form_has(p, "createdDateTime") && form_has(p, "appId") &&
	       (form_has(p, "userPrincipalName") ||
	           form_has(p, "servicePrincipalId")) &&
	       (form_has(p, "status") || form_has(p, "resourceId"));
}

static bool
is_directory_audit(struct json p)
{
	return form_has(p, "activityDisplayName") &&
	       form_has(p, "activityDateTime");
}

static bool
entra_is(struct json root)
{
	return (form_has(root, "category") && form_has(root, "properties") &&
	           form_has(root, "operationName")) ||
	       is_sign_in(root) || is_directory_audit(root);
}

static bool
entra_take(struct ual *ual, struct json root)
{
	struct record_event *e = &ual->event;
	struct json p;

	if (!json_get(root, "properties", &p) || !form_has(root, "category"))
		p = root;
	if (is_directory_audit(p))
		take_directory_audit(ual, p);
	else if (is_sign_in(p))
		take_sign_in(ual, p);
	else
		take_other(ual, root, p);
	if (e->time_us == RECORD_NONE)
		form_time(ual, form_text(ual, root, "time"));
	if (e->operation.n == 0)
		e->operation = form_text(ual, root, "operationName");
	if (ual->ip[UAL_IP_SIGN_IN].n == 0)
		ual->ip[UAL_IP_SIGN_IN] = form_text(ual, root,
		    "callerIpAddress");
	form_parameter(ual, "category", form_text(ual, root, "category"));
	return true;
}

const struct form form_entra = { "entra", entra_is, entra_take };

/* ---- the portal's CSV; header cells are trimmed by the table reader */

static struct bytes
column_of(struct ual *ual, struct json row, const char *const *names)
{
	struct bytes text = BYTES_NONE;

	for (; *names != NULL && text.n == 0; names++)
		text = form_column(ual, row, *names);
	return text;
}

#define COLUMN(...)                                                            \
	column_of(ual, row, (const char *const[]){ __VA_ARGS__, NULL })

static bool
entra_csv_is(struct json row)
{
	return (form_has(row, "Date (UTC)") ||
	           form_has(row, "CreatedDateTime")) &&
	       (form_has(row, "Request ID") || form_has(row, "RequestId") ||
	           form_has(row, "Activity") || form_has(row, "AppId"));
}

static bool
csv_directory_audit(struct ual *ual, struct json row)
{
	struct record_event *e = &ual->event;

	e->operation = COLUMN("Activity");
	e->workload = BYTES_LIT("AzureActiveDirectory");
	e->user_id = COLUMN("ActorUserPrincipalName", "ActorDisplayName",
	    "ActorObjectId");
	e->result = COLUMN("Result");
	e->error = COLUMN("ResultReason");
	if (bytes_starts_nocase(e->result, BYTES_LIT("fail")))
		e->succeeded = BYTES_LIT("no");
	e->object_id = COLUMN("Target1UserPrincipalName", "Target1DisplayName",
	    "Target1ObjectId");
	ual->ip[UAL_IP_SIGN_IN] = COLUMN("IPAddress", "IP address");
	form_time(ual, COLUMN("Date (UTC)"));
	return e->operation.n > 0;
}

static bool
entra_csv_take(struct ual *ual, struct json row)
{
	struct record_event *e = &ual->event;
	struct bytes status, code;

	if (form_has(row, "Activity"))
		return csv_directory_audit(ual, row);
	e->record_id = ual_lower(ual, COLUMN("Request ID", "RequestId"));
	e->workload = BYTES_LIT("AzureActiveDirectory");
	e->user_id = COLUMN("Username", "UserPrincipalName",
	    "Service principal name", "Service principal ID");
	e->user_key = COLUMN("User ID", "UserId");
	e->client_info = COLUMN("User agent", "UserAgent");
	e->object_id = COLUMN("Resource", "ResourceDisplayName");
	e->detail = COLUMN("Application", "AppDisplayName");
	e->token_id = COLUMN("Unique token identifier",
	    "UniqueTokenIdentifier");
	ual->ip[UAL_IP_SIGN_IN] = COLUMN("IP address", "IpAddress");
	ual->ip[UAL_IP_ACTOR] = COLUMN("IP address (seen by resource)");
	ual_add_app(ual, COLUMN("Application ID", "AppId"), &e->app_id);
	ual_add_session(ual, COLUMN("Session ID", "SessionId"),
	    &e->session_id);
	ual_add_device(ual, COLUMN("Device ID", "DeviceId"));
	form_parameter(ual, "clientAppUsed", COLUMN("Client app"));
	form_parameter(ual, "location", COLUMN("Location"));
	form_time(ual, COLUMN("Date (UTC)", "CreatedDateTime"));
	status = COLUMN("Status");
	code = COLUMN("Sign-in error code", "ErrorCode");
	if (code.n == 0 && status.n > 0)
		code = bytes_eq_nocase(status, BYTES_LIT("Success"))
			   ? BYTES_LIT("0")
			   : status;
	sign_in_verdict(ual, code, COLUMN("Failure reason", "FailureReason"));
	if (form_has(row, "Service principal ID"))
		e->user_type = 6;
	return true;
}

const struct form form_entra_csv = { "entra", entra_csv_is,
	entra_csv_take };
