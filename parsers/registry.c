/* Every format, one line each.  FORMATS.md says what each one reads. */
#include "parsers/parser.h"

extern const struct parser parser_olm, parser_dbx;
extern const struct parser parser_eml, parser_emlx, parser_mbox;
extern const struct parser parser_zip, parser_tar, parser_7z, parser_rar;
extern const struct parser parser_cab, parser_gz, parser_other;
extern const struct parser parser_document;
extern const struct parser parser_export_csv, parser_export_edrm;
extern const struct parser parser_msg, parser_tnef;
extern const struct parser parser_pst, parser_ost, parser_pst_cross;
extern const struct parser parser_ual_csv, parser_ual_clixml;
extern const struct parser parser_exchange_audit_xml, parser_mail_log;
extern const struct parser parser_ual_json;
extern const struct parser parser_cloud_app_events_json;
extern const struct parser parser_sentinel_office_json;
extern const struct parser parser_elastic_o365_json;
extern const struct parser parser_entra_json;
extern const struct parser parser_google_activity_json;
extern const struct parser parser_gmail_json;
extern const struct parser parser_message_trace_json;
extern const struct parser parser_mailbox_audit_json;
extern const struct parser parser_cloud_app_events_csv;
extern const struct parser parser_sentinel_office_csv;
extern const struct parser parser_elastic_o365_csv;
extern const struct parser parser_entra_csv;
extern const struct parser parser_gmail_csv;
extern const struct parser parser_message_trace_csv;
extern const struct parser parser_mailbox_audit_csv;
extern const struct parser parser_message_tracking_csv;
extern const struct parser parser_http_proxy_csv;
extern const struct parser parser_exchange_log_csv;
extern const struct parser parser_message_tracking_log;
extern const struct parser parser_iis_log;
extern const struct parser parser_http_proxy_log;
extern const struct parser parser_exchange_log_log;
extern const struct parser parser_cosmos_queue_log;

const struct parser *const parsers[] = {
	&parser_eml,
	&parser_emlx,
	&parser_mbox,
	&parser_olm,
	&parser_dbx,
	&parser_zip,
	&parser_tar,
	&parser_7z,
	&parser_rar,
	&parser_cab,
	&parser_gz,
	&parser_other,
	&parser_document,
	&parser_export_csv,
	&parser_export_edrm,
	&parser_msg,
	&parser_tnef,
	&parser_pst,
	&parser_ost,
	&parser_pst_cross,
	&parser_ual_csv,
	&parser_ual_clixml,
	&parser_exchange_audit_xml,
	&parser_mail_log,
	&parser_ual_json,
	&parser_cloud_app_events_json,
	&parser_sentinel_office_json,
	&parser_elastic_o365_json,
	&parser_entra_json,
	&parser_google_activity_json,
	&parser_gmail_json,
	&parser_message_trace_json,
	&parser_mailbox_audit_json,
	&parser_cloud_app_events_csv,
	&parser_sentinel_office_csv,
	&parser_elastic_o365_csv,
	&parser_entra_csv,
	&parser_gmail_csv,
	&parser_message_trace_csv,
	&parser_mailbox_audit_csv,
	&parser_message_tracking_csv,
	&parser_http_proxy_csv,
	&parser_exchange_log_csv,
	&parser_message_tracking_log,
	&parser_iis_log,
	&parser_http_proxy_log,
	&parser_exchange_log_log,
	&parser_cosmos_queue_log,
	NULL,
};

const struct parser *
parser_named(struct bytes name)
{
	for (size_t i = 0; parsers[i] != NULL; i++)
		if (bytes_eq(bytes_cstr(parsers[i]->name), name))
			return parsers[i];
	return NULL;
}

const struct parser *
parser_for(struct bytes head, uint64_t size, bool *tie)
{
	const struct parser *best = NULL;
	unsigned best_bid = 0;

	*tie = false;
	for (size_t i = 0; parsers[i] != NULL; i++) {
		unsigned bid = parsers[i]->probe(head, size);

		if (bid == 0 || bid < best_bid)
			continue;
		*tie = bid == best_bid;
		best = parsers[i];
		best_bid = bid;
	}
	return *tie ? NULL : best;
}
