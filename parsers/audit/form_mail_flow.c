/*
 * Mail on its way: message tracking logs of Exchange servers, whose DELIVER
 * is the arrival of contract 3, and message traces of Exchange Online.
 * Reference: audit.md 6.2, 6.5.
 *
 * The sender is a parameter, no user: he need not be anybody here, and mail
 * that passes is no presence in a mailbox.
 */
#include "parsers/audit/forms.h"

static void
take_recipients(struct ual *ual, struct bytes list)
{
	struct bytes one;

	while (bytes_cut(&list, ';', &one)) {
		/* Message trace: a@b##Receive, Deliver */
		one = bytes_slice(one, 0, bytes_find(one, BYTES_LIT("##")));
		one = bytes_trim(one);
		form_parameter(ual, "Recipient", one);
		if (ual->event.object_id.n == 0 && one.n > 0)
			ual->event.object_id = one;
	}
}

static void
take_message(struct ual *ual, struct bytes id, struct bytes subject)
{
	struct record_event_item *item = form_item(ual, id);

	ual->event.detail = subject;
	if (item != NULL)
		item->subject = subject;
}

static bool
tracking_is(struct json row)
{
	struct json value;

	return json_get(row, "event-id", &value) &&
	       json_get(row, "message-id", &value) &&
	       json_get(row, "recipient-address", &value);
}

static bool
tracking_take(struct ual *ual, struct json row)
{
	struct record_event *e = &ual->event;

	e->operation = form_column(ual, row, "event-id");
	e->workload = BYTES_LIT("MessageTracking");
	form_time(ual, form_column(ual, row, "date-time"));
	e->client_info = form_column(ual, row, "source");
	ual->ip[UAL_IP_CLIENT] = form_column(ual, row, "original-client-ip");
	if (ual->ip[UAL_IP_CLIENT].n == 0)
		ual->ip[UAL_IP_CLIENT] = form_column(ual, row, "client-ip");
	e->result = form_column(ual, row, "recipient-status");
	take_recipients(ual, form_column(ual, row, "recipient-address"));
	form_parameter(ual, "Sender", form_column(ual, row, "sender-address"));
	form_parameter(ual, "Related",
	    form_column(ual, row, "related-recipient-address"));
	take_message(ual, form_column(ual, row, "message-id"),
	    form_column(ual, row, "message-subject"));
	return e->operation.n > 0;
}

const struct form form_message_tracking = { "message_tracking", tracking_is,
	tracking_take };

static bool
trace_is(struct json row)
{
	struct json value;

	return (json_get(row, "MessageTraceId", &value) &&
	           json_get(row, "RecipientAddress", &value)) ||
	       ((json_get(row, "origin_timestamp_utc", &value) ||
	            json_get(row, "date_time_utc", &value)) &&
	           json_get(row, "sender_address", &value) &&
	           json_get(row, "message_id", &value));
}

static bool
trace_take(struct ual *ual, struct json row)
{
	struct record_event *e = &ual->event;
	struct bytes time = form_column(ual, row, "Received");
	struct bytes to = form_column(ual, row, "RecipientAddress");
	struct bytes from = form_column(ual, row, "SenderAddress");
	struct bytes subject = form_column(ual, row, "Subject");
	struct bytes id = form_column(ual, row, "MessageId");
	struct bytes status = form_column(ual, row, "Status");

	if (time.n == 0)
		time = form_column(ual, row, "date_time_utc");
	if (time.n == 0)
		time = form_column(ual, row, "origin_timestamp_utc");
	if (to.n == 0)
		to = form_column(ual, row, "recipient_status");
	if (from.n == 0)
		from = form_column(ual, row, "sender_address");
	if (subject.n == 0)
		subject = form_column(ual, row, "message_subject");
	if (id.n == 0)
		id = form_column(ual, row, "message_id");
	if (status.n == 0)
		status = form_column(ual, row, "event_id");
	e->operation = status.n == 0 ? BYTES_LIT("Message trace")
				     : arena_printf(&ual->arena,
					   "Message trace %.*s", (int)status.n,
					   (const char *)status.p);
	e->workload = BYTES_LIT("MessageTrace");
	form_time(ual, time);
	ual->ip[UAL_IP_CLIENT] = form_column(ual, row, "FromIP");
	if (ual->ip[UAL_IP_CLIENT].n == 0)
		ual->ip[UAL_IP_CLIENT] = form_column(ual, row,
		    "original_client_ip");
	take_recipients(ual, to);
	form_parameter(ual, "Sender", from);
	form_parameter(ual, "MessageTraceId",
	    form_column(ual, row, "MessageTraceId"));
	take_message(ual, id, subject);
	return true;
}

const struct form form_message_trace = { "message_trace", trace_is,
	trace_take };
