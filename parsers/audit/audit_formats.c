/* One parser a format; containers share their plans and runs, and bid for
 * what the first record or header of a file says. */
#include "parsers/audit/fields_log.h"
#include "parsers/audit/json_log.h"
#include "parsers/audit/table_csv.h"

#define FORMAT(id, container, ending, shown)                                   \
	static unsigned id##_##ending##_probe(struct bytes head,              \
	    uint64_t size)                                                    \
	{                                                                     \
		(void)size;                                                   \
		return container##_probe(head, #id);                          \
	}                                                                     \
	extern const struct parser parser_##id##_##ending;                    \
	const struct parser parser_##id##_##ending = {                        \
		.name = #id "_" #ending,                                      \
		.title = shown,                                               \
		.audit = true,                                                \
		.probe = id##_##ending##_probe,                               \
		.plan = container##_plan,                                     \
		.run = container##_run,                                       \
	};

FORMAT(ual, json_log, json, "Microsoft 365 unified audit log (JSON)")
FORMAT(cloud_app_events, json_log, json, "Defender CloudAppEvents (JSON)")
FORMAT(sentinel_office, json_log, json, "Sentinel OfficeActivity (JSON)")
FORMAT(elastic_o365, json_log, json, "Elastic o365.audit (JSON)")
FORMAT(entra, json_log, json, "Entra sign-ins and audit (JSON)")
FORMAT(google_activity, json_log, json, "Google Workspace activities (JSON)")
FORMAT(gmail, json_log, json, "Gmail log events (BigQuery JSON)")
FORMAT(message_trace, json_log, json, "Exchange Online message trace (JSON)")
FORMAT(mailbox_audit, json_log, json, "Exchange mailbox audit (JSON)")

FORMAT(cloud_app_events, table_csv, csv, "Defender CloudAppEvents (CSV)")
FORMAT(sentinel_office, table_csv, csv, "Sentinel OfficeActivity (CSV)")
FORMAT(elastic_o365, table_csv, csv, "Elastic o365.audit (CSV)")
FORMAT(entra, table_csv, csv, "Entra sign-ins and audit (portal CSV)")
FORMAT(gmail, table_csv, csv, "Gmail log events (console CSV)")
FORMAT(message_trace, table_csv, csv, "Exchange Online message trace (CSV)")
FORMAT(mailbox_audit, table_csv, csv, "Exchange mailbox audit (CSV)")
FORMAT(message_tracking, table_csv, csv, "Exchange message tracking (CSV)")
FORMAT(http_proxy, table_csv, csv, "Exchange HttpProxy log (CSV)")
FORMAT(exchange_log, table_csv, csv, "Exchange protocol log (CSV)")

FORMAT(message_tracking, fields_log, log, "Exchange message tracking log")
FORMAT(iis, fields_log, log, "IIS log (W3C)")
FORMAT(http_proxy, fields_log, log, "Exchange HttpProxy log")
FORMAT(exchange_log, fields_log, log, "Exchange protocol log")
FORMAT(cosmos_queue, fields_log, log, "Exchange audit log (CosmosQueue)")
