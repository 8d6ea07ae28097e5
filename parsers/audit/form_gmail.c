/* Gmail log events outside the Reports API: rows of BigQuery exports and
 * the admin console's CSV.  Reference: audit.md 6.7. */
#include "parsers/audit/forms.h"

#include "parsers/base/encode.h"
#include "parsers/base/net.h"

/* mail_event_type, 1 to 35. */
static const char *const event_words[] = { NULL, "sent", "received",
	"classified as spam", "classified as spam", "quarantined", "released",
	"opened", "marked unread", "replied", "forwarded", "auto-forwarded",
	"moved to inbox", "moved to trash", "moved out of trash",
	"link clicked", "link previewed", "attachment downloaded",
	"attachment saved to Drive", "Drive item saved", "labelled",
	"labelled", "labelled", "labelled", "labelled", "labelled", "archived",
	"permanently deleted", "attachment previewed", "draft saved",
	"bounced", "viewed", "downloaded", "accessed by an app", NULL,
	"send initiated" };

struct bytes
gmail_operation(struct ual *ual, int64_t type)
{
	const int64_t count = sizeof event_words / sizeof event_words[0];

	if (type < 1 || type >= count || event_words[type] == NULL)
		return arena_printf(&ual->arena, "Gmail event %lld",
		    (long long)type);
	return arena_printf(&ual->arena, "Gmail %s", event_words[type]);
}

/* ---- BigQuery: event_info and message_info, bare or under gmail */

static bool
rows_base(struct json root, struct json *base)
{
	if (!json_get(root, "gmail", base))
		*base = root;
	return form_has(*base, "event_info") && form_has(*base, "message_info");
}

static bool
rows_is(struct json root)
{
	struct json base;

	return rows_base(root, &base);
}

/* BYTES are base64 in BigQuery's JSON; some exports write it as text. */
static struct bytes
address_text(struct ual *ual, struct bytes text)
{
	struct ip_address address = { { 0 } };
	struct bytes raw;
	size_t bad;

	if (text.n == 0 || ip_parse(text, &address))
		return text;
	raw = base64_decode(&ual->arena, text, &bad);
	if (bad > 0 || (raw.n != 4 && raw.n != 16))
		return text;
	if (raw.n == 4) {
		address.b[10] = address.b[11] = 0xff;
		memcpy(address.b + 12, raw.p, 4);
	} else
		memcpy(address.b, raw.p, 16);
	return ip_text(&ual->arena, &address);
}

static bool
rows_take(struct ual *ual, struct json root)
{
	static const char *const owners[] = { "email", "actor.email",
		"gmail.event_info.mailbox_owner", NULL };
	struct record_event *e = &ual->event;
	struct record_event_item *item;
	struct json base, value;
	struct bytes time;

	rows_base(root, &base);
	if (!form_path(base, "event_info.mail_event_type", &value))
		return false;
	e->operation = gmail_operation(ual, ual_integer(value));
	e->workload = BYTES_LIT("GoogleWorkspace/gmail");
	time = form_text(ual, root, "time_usec");
	if (time.n == 0)
		time = form_text(ual, base, "event_info.timestamp_usec");
	form_time(ual, time);
	e->user_id = form_first(ual, root, owners);
	e->mailbox_owner = e->user_id;
	ual->ip[UAL_IP_CLIENT] = address_text(ual, form_text(ual, base,
	    "message_info.connection_info.client_ip"));
	e->detail = form_text(ual, base, "message_info.subject");
	item = form_item(ual, form_text(ual, base,
	    "message_info.rfc2822_message_id"));
	if (item != NULL)
		item->subject = e->detail;
	form_parameter(ual, "source",
	    form_text(ual, base, "message_info.source.address"));
	form_parameter(ual, "client_type",
	    form_text(ual, base, "event_info.client_context.client_type"));
	return true;
}

const struct form form_gmail_rows = { "gmail", rows_is, rows_take };

/* ---- the console's CSV */

static bool
csv_is(struct json row)
{
	struct json value;

	return json_get(row, "Message ID", &value) &&
	       json_get(row, "Event", &value) &&
	       json_get(row, "Owner", &value) && json_get(row, "Date", &value);
}

static bool
csv_take(struct ual *ual, struct json row)
{
	struct record_event *e = &ual->event;
	struct bytes event = ual_lower(ual, form_column(ual, row, "Event"));
	struct bytes delegate = form_column(ual, row, "Delegate");
	struct record_event_item *item;

	/* The console says "View", "Open", "Attachment download". */
	if (bytes_starts(event, BYTES_LIT("view")))
		event = BYTES_LIT("viewed");
	else if (bytes_starts(event, BYTES_LIT("open")))
		event = BYTES_LIT("opened");
	else if (bytes_eq(event, BYTES_LIT("attachment download")))
		event = BYTES_LIT("attachment downloaded");
	else if (bytes_starts(event, BYTES_LIT("download")))
		event = BYTES_LIT("downloaded");
	else if (bytes_starts(event, BYTES_LIT("send")))
		event = BYTES_LIT("sent");
	e->operation = arena_printf(&ual->arena, "Gmail %.*s", (int)event.n,
	    (const char *)event.p);
	e->workload = BYTES_LIT("GoogleWorkspace/gmail");
	form_time(ual, form_column(ual, row, "Date"));
	e->mailbox_owner = form_column(ual, row, "Owner");
	e->user_id = delegate.n > 0 ? delegate : e->mailbox_owner;
	if (delegate.n > 0)
		e->logon_type = 2;
	ual->ip[UAL_IP_CLIENT] = form_column(ual, row, "IP address");
	e->detail = form_column(ual, row, "Subject");
	e->client_info = form_column(ual, row, "Client Type");
	form_parameter(ual, "from",
	    form_column(ual, row, "From (Header address)"));
	form_parameter(ual, "to", form_column(ual, row, "To (Envelope)"));
	form_parameter(ual, "attachment",
	    form_column(ual, row, "Attachment name"));
	item = form_item(ual, form_column(ual, row, "Message ID"));
	if (item != NULL)
		item->subject = e->detail;
	return event.n > 0;
}

const struct form form_gmail_csv = { "gmail", csv_is, csv_take };
