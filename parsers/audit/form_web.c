/*
 * Web logs of mail servers: IIS (W3C), Exchange HttpProxy, EWS and its other
 * protocol logs.  Evidence of sessions, not of messages.
 * Reference: audit.md 6.3, 6.4.
 */
#include "parsers/audit/forms.h"

static bool
has(struct json row, const char *name)
{
	struct json value;

	return json_get(row, name, &value);
}

/* "-" is empty in W3C logs; '+' stands for a blank. */
static struct bytes
w3c(struct ual *ual, struct json row, const char *name)
{
	struct bytes text = form_column(ual, row, name);

	return bytes_eq(text, BYTES_LIT("-")) ? BYTES_NONE : text;
}

static struct bytes
blanks(struct ual *ual, struct bytes text)
{
	uint8_t *out;

	if (bytes_find_byte(text, '+') == SIZE_MAX)
		return text;
	out = arena_raw(&ual->arena, text.n);
	for (size_t i = 0; i < text.n; i++)
		out[i] = text.p[i] == '+' ? ' ' : text.p[i];
	return bytes_of(out, text.n);
}

/* The value of name=... in a query. */
static struct bytes
query_value(struct bytes query, const char *name)
{
	struct bytes piece, key = bytes_cstr(name);

	while (bytes_cut(&query, '&', &piece))
		if (piece.n > key.n && piece.p[key.n] == '=' &&
		    bytes_eq_nocase(bytes_slice(piece, 0, key.n), key))
			return bytes_skip(piece, key.n + 1);
	return BYTES_NONE;
}

/* Any log of a site that answers: 401 and 403 are refusals. */
static void
take_status(struct ual *ual, struct bytes status)
{
	struct record_event *e = &ual->event;

	e->result = status;
	if (status.n == 3 && (status.p[0] == '4' || status.p[0] == '5'))
		e->succeeded = BYTES_LIT("no");
}

static void
take_operation(struct ual *ual, const char *log, struct bytes method,
    struct bytes stem)
{
	struct buffer out = BUFFER_EMPTY;

	buffer_add_cstr(&out, log);
	for (size_t i = 0; i < 2; i++) {
		struct bytes word = i == 0 ? method : stem;

		if (word.n > 0)
			buffer_add_byte(&out, ' ');
		buffer_add_bytes(&out, word);
	}
	ual->event.operation = arena_dup(&ual->arena, buffer_bytes(&out));
	buffer_release(&out);
}

static bool
iis_is(struct json row)
{
	return (has(row, "cs-uri-stem") || has(row, "cs-method")) &&
	       has(row, "c-ip");
}

static bool
iis_take(struct ual *ual, struct json row)
{
	struct record_event *e = &ual->event;
	struct bytes query = w3c(ual, row, "cs-uri-query");
	struct bytes date = w3c(ual, row, "date"), time = w3c(ual, row, "time");

	form_time(ual, arena_printf(&ual->arena, "%.*sT%.*s", (int)date.n,
	    (const char *)date.p, (int)time.n, (const char *)time.p));
	take_operation(ual, "IIS", w3c(ual, row, "cs-method"),
	    w3c(ual, row, "cs-uri-stem"));
	e->workload = BYTES_LIT("IIS");
	e->user_id = w3c(ual, row, "cs-username");
	if (e->user_id.n == 0)
		e->user_id = query_value(query, "User");
	e->client_info = blanks(ual, w3c(ual, row, "cs(User-Agent)"));
	e->object_id = w3c(ual, row, "cs-uri-stem");
	e->detail = query;
	ual->ip[UAL_IP_CLIENT] = w3c(ual, row, "c-ip");
	ual->ip[UAL_IP_ACTOR] = w3c(ual, row, "X-Forwarded-For");
	ual_add_device(ual, query_value(query, "DeviceId"));
	take_status(ual, w3c(ual, row, "sc-status"));
	return true;
}

const struct form form_iis = { "iis", iis_is, iis_take };

static bool
http_proxy_is(struct json row)
{
	return has(row, "UrlStem") && has(row, "ClientIpAddress") &&
	       has(row, "AuthenticatedUser");
}

static bool
http_proxy_take(struct ual *ual, struct json row)
{
	struct record_event *e = &ual->event;

	form_time(ual, form_column(ual, row, "DateTime"));
	take_operation(ual, "HttpProxy", form_column(ual, row, "Method"),
	    form_column(ual, row, "UrlStem"));
	e->workload = BYTES_LIT("HttpProxy");
	e->record_id = ual_lower(ual, form_column(ual, row, "RequestId"));
	e->user_id = form_column(ual, row, "AuthenticatedUser");
	e->client_info = form_column(ual, row, "UserAgent");
	e->object_id = form_column(ual, row, "AnchorMailbox");
	e->detail = form_column(ual, row, "UrlQuery");
	ual->ip[UAL_IP_CLIENT] = form_column(ual, row, "ClientIpAddress");
	form_parameter(ual, "ProtocolAction",
	    form_column(ual, row, "ProtocolAction"));
	form_parameter(ual, "AuthenticationType",
	    form_column(ual, row, "AuthenticationType"));
	take_status(ual, form_column(ual, row, "HttpStatus"));
	return true;
}

const struct form form_http_proxy = { "http_proxy", http_proxy_is,
	http_proxy_take };

/* EWS and its kin: DateTime, AuthenticatedUser, SoapAction; ECP:
 * MyTimeStamp, EventId, EventData. */
static bool
exchange_log_is(struct json row)
{
	return (has(row, "SoapAction") && has(row, "AuthenticatedUser")) ||
	       (has(row, "EventId") && has(row, "EventData"));
}

static bool
exchange_log_take(struct ual *ual, struct json row)
{
	static const char *const times[] = { "DateTime", "MyTimeStamp",
		"TimeStamp", "Timestamp", NULL };
	struct record_event *e = &ual->event;
	struct bytes action = form_column(ual, row, "SoapAction");

	form_time(ual, form_first(ual, row, times));
	if (action.n > 0)
		take_operation(ual, "EWS", action, BYTES_NONE);
	else
		take_operation(ual, "ECP", form_column(ual, row, "EventId"),
		    BYTES_NONE);
	e->workload = action.n > 0 ? BYTES_LIT("EWS") : BYTES_LIT("ECP");
	e->record_id = ual_lower(ual, form_column(ual, row, "RequestId"));
	e->user_id = form_column(ual, row, "AuthenticatedUser");
	e->client_info = form_column(ual, row, "UserAgent");
	e->detail = form_column(ual, row, "EventData");
	ual->ip[UAL_IP_CLIENT] = form_column(ual, row, "ClientIpAddress");
	e->object_id = form_column(ual, row, "ImpersonatedUser");
	if (e->object_id.n == 0)
		e->object_id = form_column(ual, row, "ActAsUser");
	form_parameter(ual, "ProxyAsUser",
	    form_column(ual, row, "ProxyAsUser"));
	take_status(ual, form_column(ual, row, "HttpStatus"));
	return e->operation.n > 0;
}

const struct form form_exchange_log = { "exchange_log", exchange_log_is,
	exchange_log_take };
