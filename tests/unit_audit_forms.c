/* Logs that are no unified audit log.  Samples are made up after the
 * documents; no public sample of Gmail views, mailbox audit XML or Dovecot's
 * mail_log is known. */
#include "tests/audit_test.h"

static void
sentinel(void **state)
{
	static const char *const json =
	    "{\"RecordType\":\"50\",\"TimeGenerated\":\"2021-08-02T13:32:07Z\","
	    "\"Operation\":\"MailItemsAccessed\",\"UserType\":\"Regular\","
	    "\"OfficeWorkload\":\"Exchange\",\"OfficeId\":\"AB-1\","
	    "\"UserId\":\"u@example.org\",\"ExternalAccess\":\"False\","
	    "\"Logon_Type\":\"Owner\",\"MailboxGuid\":\"G-1\","
	    "\"Client_IPAddress\":\"1.2.3.4\",\"SourceRecordId\":\"zz\","
	    "\"OperationProperties\":\"[{\\\"Name\\\":\\\"MailAccessType\\\","
	    "\\\"Value\\\":\\\"Bind\\\"}]\",\"OperationCount\":\"1\","
	    "\"Folders\":\"[{\\\"FolderItems\\\":[{\\\"InternetMessageId\\\":"
	    "\\\"\\u003ca@b\\u003e\\\"}],\\\"Path\\\":\\\"\\\\\\\\Inbox\\\"}]\"}";
	static const char *const csv =
	    "TimeGenerated,RecordType,Operation,UserType,OfficeWorkload,"
	    "OfficeId,UserId,Logon_Type,MailboxGuid,Client_IPAddress,"
	    "OperationProperties,Folders,OperationCount,Type\r\n"
	    "2021-08-02T13:32:07Z,50,MailItemsAccessed,Regular,Exchange,AB-1,"
	    "u@example.org,Owner,G-1,1.2.3.4,"
	    "\"[{\"\"Name\"\":\"\"MailAccessType\"\",\"\"Value\"\":\"\"Bind\"\""
	    "}]\",\"[{\"\"FolderItems\"\":[{\"\"InternetMessageId\"\":"
	    "\"\"<a@b>\"\"}],\"\"Path\"\":\"\"\\\\Inbox\"\"}]\",1,"
	    "OfficeActivity\r\n";
	struct kept kept;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct record_event *e;

		read_text(&kept, i ? "sentinel_office_csv"
				   : "sentinel_office_json", i ? csv : json);
		e = event_at(&kept, 0);
		assert_text(e->record_id, "ab-1");
		assert_time(e->time_us, "2021-08-02T13:32:07Z");
		assert_time(e->until_us, "2021-08-02T13:34:07Z");
		assert_int_equal(e->logon_type, 0);
		assert_text(e->mailbox_guid, "g-1");
		assert_text(e->ips, "[\"1.2.3.4\"]");
		assert_text(e->access_type, "bind");
		assert_text(item_at(&kept, 0)->internet_message_id, "<a@b>");
		assert_text(item_at(&kept, 0)->folder_path, "\\Inbox");
		kept_release(&kept);
	}
}

static void
cut_list_in_a_cell(void **state)
{
	struct kept kept;

	(void)state;
	read_text(&kept, "sentinel_office_csv",
	    "TimeGenerated,Operation,OfficeWorkload,OfficeId,Folders\n"
	    "2021-08-02T13:32:07Z,MailItemsAccessed,Exchange,a,"
	    "\"[{\"\"FolderItems\"\":[{\"\"InternetMess\"\n");
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 1);
	assert_int_equal(kept_problems(&kept, "truncated"), 1);
	kept_release(&kept);
}

static void
dotted_elastic(void **state)
{
	struct kept kept;

	(void)state;
	read_text(&kept, "elastic_o365_json", "{\"@timestamp\":"
	    "\"2023-06-01T00:00:00Z\",\"o365.audit.Operation\":\"Send\","
	    "\"o365.audit.Id\":\"A\",\"o365.audit.Parameters.Identity\":\"m\","
	    "\"o365.audit.Item.InternetMessageId\":\"<a@b>\"}");
	assert_text(event_at(&kept, 0)->operation, "Send");
	assert_time(event_at(&kept, 0)->time_us, "2023-06-01T00:00:00Z");
	assert_text(event_at(&kept, 0)->parameters, "[[\"Identity\",\"m\"]]");
	assert_text(item_at(&kept, 0)->internet_message_id, "<a@b>");
	kept_release(&kept);
}

static void
entra_sign_ins(void **state)
{
	static const char *const bare =
	    "{\"id\":\"R-1\",\"createdDateTime\":\"2023-06-01T10:00:00Z\","
	    "\"userPrincipalName\":\"u@example.org\",\"appId\":\"APP\","
	    "\"ipAddress\":\"203.0.113.7\",\"status\":{\"errorCode\":%d,"
	    "\"failureReason\":\"why\"},\"userAgent\":\"UA\","
	    "\"sessionId\":\"SES\",\"uniqueTokenIdentifier\":\"ToK_-1\","
	    "\"deviceDetail\":{\"deviceId\":\"DEV\"},\"resourceId\":\"x\"}";
	static const char *const wraps[][2] = { { "", "" },
		{ "{\"value\":[", "]}" },
		{ "{\"time\":\"2023-06-01T10:00:01Z\",\"category\":"
		  "\"NonInteractiveUserSignInLogs\",\"operationName\":"
		  "\"Sign-in activity\",\"callerIpAddress\":\"<null>\","
		  "\"properties\":", "}" } };
	char inner[700], text[1000];
	struct kept kept;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		const struct record_event *e;

		snprintf(inner, sizeof inner, bare, i % 2 ? 50126 : 0);
		snprintf(text, sizeof text, "%s%s%s", wraps[i / 2][0], inner,
		    wraps[i / 2][1]);
		read_text(&kept, "entra_json", text);
		e = event_at(&kept, 0);
		assert_text(e->operation,
		    i % 2 ? "UserLoginFailed" : "UserLoggedIn");
		assert_text(e->succeeded, i % 2 ? "no" : "yes");
		assert_text(e->record_id, "r-1");
		assert_text(e->session_id, "ses");
		assert_text(e->token_id, "ToK_-1");
		assert_text(e->app_ids, "[\"app\"]");
		assert_text(e->device_ids, "[\"dev\"]");
		assert_text(e->client_ip, "203.0.113.7");
		assert_text(e->user_id, "u@example.org");
		assert_text(e->client_info, "UA");
		kept_release(&kept);
	}
}

static void
entra_portal(void **state)
{
	struct kept kept;
	const struct record_event *e;

	(void)state;
	read_text(&kept, "entra_csv", "\xef\xbb\xbf"
	    "Date (UTC),Request ID,User agent,User ID,Username,Application,"
	    "Application ID ,IP address,Status,Sign-in error code,Failure "
	    "reason,Incoming token type,Incoming token type,Session ID,"
	    "Unique token identifier\r\n2023-06-01T10:00:00Z,R-1,UA,U,"
	    "u@example.org,App,APP,203.0.113.7,Failure,50126,why,a,b,SES,"
	    "Tok\r\n20/09/2023 10:00:00,R-2,,,,,,,Success,,,,,,\r\n"
	    "9/8/2023 10:00:00 PM,R-3,,,,,,,Success,,,,,,\r\n"
	    "9/8/2023 10:00:00,R-4,,,,,,,Success,,,,,,\r\n");
	e = event_at(&kept, 0);
	assert_text(e->operation, "UserLoginFailed");
	assert_text(e->error, "why");
	assert_text(e->app_ids, "[\"app\"]");
	assert_text(e->session_id, "ses");
	assert_text(e->token_id, "Tok");
	assert_text(e->locator, "row=2");
	assert_text(event_at(&kept, 1)->operation, "UserLoggedIn");
	assert_time(event_at(&kept, 1)->time_us, "2023-09-20T10:00:00Z");
	assert_time(event_at(&kept, 2)->time_us, "2023-09-08T22:00:00Z");
	/* Two readings: none is taken, the text stays. */
	assert_int_equal(event_at(&kept, 3)->time_us, UTC_NONE);
	assert_text(event_at(&kept, 3)->time_text, "9/8/2023 10:00:00");
	kept_release(&kept);
}

#define TRACKING_FIELDS                                                        \
	"#Fields: date-time,client-ip,client-hostname,source,event-id,"      \
	"message-id,recipient-address,recipient-status,message-subject,"     \
	"sender-address,original-client-ip\r\n"

/* The header tells the form; a row may have nothing in those columns. */
static void
empty_columns(void **state)
{
	struct kept kept;

	(void)state;
	read_text(&kept, "entra_csv", "Date (UTC),Request ID,Username,Status\n"
	    "2023-06-01T10:00:00Z,,u@example.org,Success\n");
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 1);
	assert_text(event_at(&kept, 0)->user_id, "u@example.org");
	kept_release(&kept);
	read_text(&kept, "message_tracking_log", TRACKING_FIELDS
	    "2023-06-01T10:00:00Z,,,SMTP,NOTIFYMAPI,,,,,,\r\n");
	assert_text(event_at(&kept, 0)->operation, "NOTIFYMAPI");
	assert_int_equal(kept.count[RECORD_KIND_EVENT_ITEM], 0);
	kept_release(&kept);
}

static void
entra_audit(void **state)
{
	struct kept kept;
	const struct record_event *e;

	(void)state;
	read_text(&kept, "entra_json", "{\"time\":\"2023-06-01T10:00:01Z\","
	    "\"category\":\"AuditLogs\",\"operationName\":\"x\",\"properties\":"
	    "{\"id\":\"D-1\",\"activityDisplayName\":\"Consent to "
	    "application\",\"activityDateTime\":\"2023-06-01T10:00:00+00:00\","
	    "\"result\":\"failure\",\"resultReason\":\"no\",\"initiatedBy\":"
	    "{\"user\":{\"id\":\"u\",\"userPrincipalName\":\"a@example.org\","
	    "\"ipAddress\":\"192.0.2.1\"}},\"targetResources\":[{\"id\":\"t\","
	    "\"displayName\":\"Evil App\",\"modifiedProperties\":[{"
	    "\"displayName\":\"ConsentContext.IsAdminConsent\",\"newValue\":"
	    "\"True\"}]}]}}");
	e = event_at(&kept, 0);
	assert_text(e->operation, "Consent to application");
	assert_text(e->user_id, "a@example.org");
	assert_text(e->object_id, "Evil App");
	assert_text(e->succeeded, "no");
	assert_text(e->client_ip, "192.0.2.1");
	assert_true(bytes_find(e->parameters,
	    BYTES_LIT("[\"ConsentContext.IsAdminConsent\",\"True\"]")) !=
	    SIZE_MAX);
	kept_release(&kept);
}

static void
message_tracking(void **state)
{
	struct kept kept;
	const struct record_event *e;

	(void)state;
	read_text(&kept, "message_tracking_log",
	    "\xef\xbb\xbf#Software: Microsoft Exchange Server\r\n#Version: 15\r\n"
	    "#Log-type: Message Tracking Log\r\n#Date: x\r\n" TRACKING_FIELDS
	    "2023-06-01T10:00:00.123Z,10.0.0.1,h,STOREDRIVER,DELIVER,<a@b>,"
	    "x@example.org;y@example.org,,\"Re: a, b\",s@evil.example,\r\n"
	    /* other columns from here on */
	    "#Fields: event-id,date-time,message-id,recipient-address\r\n"
	    "SEND,2023-06-01T10:00:01Z,<c@d>,z@example.org\r\n");
	e = event_at(&kept, 0);
	assert_text(e->operation, "DELIVER");
	assert_text(e->workload, "MessageTracking");
	assert_time(e->time_us, "2023-06-01T10:00:00.123Z");
	assert_text(e->parameters, "[[\"Recipient\",\"x@example.org\"],"
	    "[\"Recipient\",\"y@example.org\"],"
	    "[\"Sender\",\"s@evil.example\"]]");
	assert_text(item_at(&kept, 0)->internet_message_id, "<a@b>");
	assert_text(e->detail, "Re: a, b");
	assert_null(e->user_id.p); /* mail that passes is no presence */
	assert_null(e->mailbox_owner.p);
	assert_text(e->locator, "line=6");
	assert_text(event_at(&kept, 1)->operation, "SEND");
	assert_text(item_at(&kept, 1)->internet_message_id, "<c@d>");
	kept_release(&kept);
}

/* The columns of a later unit are those of the last #Fields before it. */
static void
fields_of_later_units(void **state)
{
	struct buffer out = BUFFER_EMPTY;
	struct kept kept;
	size_t n = 0;

	(void)state;
	buffer_add_cstr(&out, "#Fields: a,b,c\r\n" TRACKING_FIELDS);
	for (; out.n < (size_t)17 << 20; n++)
		buffer_printf(&out, "2023-06-01T10:00:00Z,10.0.0.1,h,S,SEND,"
		    "<%zu@b>,x@example.org,,%*d,s@example.org,\r\n", n, 900, 1);
	kept_init(&kept);
	kept_run_bytes(&kept, parser_named(
	    BYTES_LIT("message_tracking_log")), buffer_bytes(&out));
	assert_int_equal(kept.count[RECORD_KIND_UNIT], 2);
	assert_int_equal(kept.count[RECORD_KIND_EVENT], n);
	assert_text(event_at(&kept, n - 1)->operation, "SEND");
	kept_release(&kept);
	buffer_release(&out);
}

static void
message_trace(void **state)
{
	static const char *const csv =
	    "origin_timestamp_utc,sender_address,recipient_status,"
	    "message_subject,total_bytes,message_id\r\n"
	    "2022-07-25T10:32:53.24Z,s@example.org,\"a@b##Receive, Deliver;"
	    "c@d##Receive, Deliver\",Hi,77,<m@x>\r\n";
	struct arena arena;
	struct kept kept;

	(void)state;
	arena_init(&arena);
	read_text(&kept, "message_trace_json", "{\"d\":{\"results\":[{"
	    "\"MessageId\":\"<m@x>\",\"Received\":\"\\/Date(1658751973240)\\/\""
	    ",\"SenderAddress\":\"s@example.org\",\"RecipientAddress\":\"a@b\","
	    "\"Subject\":null,\"Status\":\"Delivered\",\"FromIP\":\"1.2.3.4\","
	    "\"MessageTraceId\":\"t\"}]}}");
	assert_text(event_at(&kept, 0)->operation, "Message trace Delivered");
	assert_time(event_at(&kept, 0)->time_us, "2022-07-25T12:26:13.24Z");
	assert_text(item_at(&kept, 0)->internet_message_id, "<m@x>");
	kept_release(&kept);
	for (size_t i = 0; i < 2; i++) {
		read_bytes(&kept, "message_trace_csv",
		    i ? utf16_of(&arena, bytes_cstr(csv)) : bytes_cstr(csv));
		assert_text(event_at(&kept, 0)->parameters,
		    "[[\"Recipient\",\"a@b\"],[\"Recipient\",\"c@d\"],"
		    "[\"Sender\",\"s@example.org\"]]");
		kept_release(&kept);
	}
	arena_release(&arena);
}

static void
iis(void **state)
{
	struct kept kept;
	const struct record_event *e;

	(void)state;
	read_text(&kept, "iis_log",
	    "#Software: Microsoft Internet Information Services 10.0\r\n"
	    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port"
	    " cs-username c-ip cs(User-Agent) sc-status time-taken\r\n"
	    "2015-01-01 22:16:03 192.168.16.3 POST /Microsoft-Server-"
	    "ActiveSync/default.eas User=joe&DeviceId=Appl23&Cmd=Sync 443 - "
	    "77.123.22.98 Apple-iPhone5C2/1104+x 200 62\r\n"
	    "2015-01-01 22:16:04 ::1 GET /owa/ - 444  d\\joe ::1 UA 401 1\r\n"
	    "2015-01-01 22:16:05 ::1 GET /owa\r\n");
	e = event_at(&kept, 0);
	assert_time(e->time_us, "2015-01-01T22:16:03Z");
	assert_text(e->operation,
	    "IIS POST /Microsoft-Server-ActiveSync/default.eas");
	assert_text(e->user_id, "joe");
	assert_text(e->device_ids, "[\"appl23\"]");
	assert_text(e->client_info, "Apple-iPhone5C2/1104 x");
	assert_text(e->succeeded, "yes");
	assert_text(event_at(&kept, 1)->user_id, "d\\joe");
	assert_text(event_at(&kept, 1)->succeeded, "no");
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 2);
	assert_int_equal(kept_problems(&kept, "truncated"), 1);
	kept_release(&kept);
}

static void
exchange_web_logs(void **state)
{
	static const char *const proxy =
	    "DateTime,RequestId,Protocol,UrlStem,ProtocolAction,"
	    "AuthenticatedUser,AnchorMailbox,UserAgent,ClientIpAddress,"
	    "HttpStatus,UrlQuery,Method\r\n"
	    "#Software: Microsoft Exchange Server\r\n#Log-type: HttpProxy "
	    "Logs\r\n2023-06-01T10:00:00.5Z,R-1,Ews,/EWS/Exchange.asmx,,"
	    "d\\joe,joe@example.org,UA,203.0.113.7,200,q,POST\r\n";
	struct kept kept;
	const struct record_event *e;

	(void)state;
	read_text(&kept, "http_proxy_csv", proxy);
	e = event_at(&kept, 0);
	assert_text(e->operation, "HttpProxy POST /EWS/Exchange.asmx");
	assert_text(e->user_id, "d\\joe");
	assert_text(e->object_id, "joe@example.org");
	assert_text(e->record_id, "r-1");
	kept_release(&kept);
	read_text(&kept, "exchange_log_log", "#Software: x\r\n#Log-type: EWS "
	    "Logs\r\n#Fields: DateTime,RequestId,AuthenticatedUser,UserAgent,"
	    "ClientIpAddress,SoapAction,ImpersonatedUser\r\n2023-06-01T10:00:"
	    "00Z,r,app@x,UA,203.0.113.7,GetItem,victim@example.org\r\n");
	e = event_at(&kept, 0);
	assert_text(e->operation, "EWS GetItem");
	assert_text(e->object_id, "victim@example.org");
	assert_text(e->ips, "[\"203.0.113.7\"]");
	kept_release(&kept);
}

static void
google(void **state)
{
	struct kept kept;
	const struct record_event *e;

	(void)state;
	read_text(&kept, "google_activity_json", "{\"kind\":"
	    "\"admin#reports#activities\",\"items\":[{\"kind\":"
	    "\"admin#reports#activity\",\"id\":{\"time\":"
	    "\"2024-11-07T14:23:22.470Z\",\"uniqueQualifier\":\"-72\","
	    "\"applicationName\":\"gmail\"},\"actor\":{\"email\":"
	    "\"j@example.org\"},\"ipAddress\":\"192.0.2.1\",\"events\":[{"
	    "\"type\":\"delivery_type\",\"name\":\"delivery\",\"parameters\":["
	    "{\"name\":\"event_info\",\"messageValue\":{\"parameter\":[{"
	    "\"name\":\"mail_event_type\",\"intValue\":\"31\"}]}},{\"name\":"
	    "\"message_info\",\"messageValue\":{\"parameter\":[{\"name\":"
	    "\"subject\",\"value\":\"S\"}]}}]}],\"resourceDetails\":[{\"id\":"
	    "\"123/<a@b>\"}]},{\"id\":{\"time\":\"2024-11-07T14:24:00Z\","
	    "\"uniqueQualifier\":\"5\",\"applicationName\":\"login\"},"
	    "\"actor\":{\"email\":\"j@example.org\"},\"events\":[{\"type\":"
	    "\"login\",\"name\":\"login_failure\"}]}]}");
	e = event_at(&kept, 0);
	assert_text(e->operation, "Gmail viewed");
	assert_text(e->record_id, "gmail:2024-11-07t14:23:22.470z:-72");
	assert_text(e->mailbox_owner, "j@example.org");
	assert_text(e->client_ip, "192.0.2.1");
	assert_text(e->detail, "S");
	assert_text(item_at(&kept, 0)->internet_message_id, "<a@b>");
	assert_text(event_at(&kept, 1)->operation, "UserLoginFailed");
	assert_text(event_at(&kept, 1)->succeeded, "no");
	kept_release(&kept);
}

static void
gmail_exports(void **state)
{
	struct kept kept;

	(void)state;
	read_text(&kept, "gmail_json", "{\"time_usec\":\"1717243200000000\","
	    "\"email\":\"j@example.org\",\"gmail\":{\"event_info\":"
	    "{\"mail_event_type\":\"32\"},\"message_info\":{"
	    "\"rfc2822_message_id\":\"<a@b>\",\"subject\":\"S\","
	    "\"connection_info\":{\"client_ip\":\"ywBxBw==\"}}}}");
	assert_text(event_at(&kept, 0)->operation, "Gmail downloaded");
	assert_time(event_at(&kept, 0)->time_us, "2024-06-01T12:00:00Z");
	assert_text(event_at(&kept, 0)->ips, "[\"203.0.113.7\"]");
	kept_release(&kept);
	read_text(&kept, "gmail_csv", "Event,Date,Message ID,Subject,From "
	    "(Header address),IP address,Owner,Delegate\n"
	    "View,2024-06-01T14:00:00+02:00,<a@b>,S,x@y,203.0.113.7,"
	    "j@example.org,d@example.org\n");
	assert_text(event_at(&kept, 0)->operation, "Gmail viewed");
	assert_time(event_at(&kept, 0)->time_us, "2024-06-01T12:00:00Z");
	assert_text(event_at(&kept, 0)->user_id, "d@example.org");
	assert_text(event_at(&kept, 0)->mailbox_owner, "j@example.org");
	kept_release(&kept);
}

static void
mailbox_audit_csv(void **state)
{
	struct kept kept;
	const struct record_event *e;

	(void)state;
	read_text(&kept, "mailbox_audit_csv", "Operation,OperationResult,"
	    "LogonType,FolderPathName,ClientInfoString,ClientIPAddress,"
	    "MailboxOwnerUPN,LogonUserDisplayName,SourceItemIdsList,"
	    "SourceItemInternetMessageIdsList,OperationProperties,"
	    "AggregatedRecordFoldersData,MailboxGuid,LastAccessed,Identity\r\n"
	    "MailItemsAccessed,Succeeded,Delegate,,Client=OWA,203.0.113.7,"
	    "o@example.org,Del Egate,,,MailAccessType:Bind,"
	    "\"[{\"\"Path\"\":\"\"\\\\Inbox\"\",\"\"FolderItems\"\":[{"
	    "\"\"InternetMessageId\"\":\"\"<a@b>\"\"}]}]\",G,"
	    "2023-06-01T10:00:00Z,I-1\r\n"
	    "HardDelete,Succeeded,Owner,\\Inbox,Client=OWA,203.0.113.7,"
	    "o@example.org,,i1; i2,<c@d>; <e@f>,,,G,2023-06-01T10:00:00Z,"
	    "I-2\r\n");
	e = event_at(&kept, 0);
	assert_text(e->access_type, "bind");
	assert_int_equal(e->record_type, 50);
	assert_time(e->until_us, "2023-06-01T10:02:00Z");
	assert_int_equal(e->logon_type, 2);
	assert_text(item_at(&kept, 0)->internet_message_id, "<a@b>");
	assert_text(item_at(&kept, 0)->folder_path, "\\Inbox");
	assert_text(event_at(&kept, 1)->user_id, "o@example.org");
	assert_text(item_at(&kept, 2)->internet_message_id, "<e@f>");
	assert_text(item_at(&kept, 2)->item_id, "i2");
	kept_release(&kept);
}

#define XML_EVENT(item)                                                        \
	"<Event MailboxGuid=\"6d4f\" Owner=\"o\" LastAccessed=\"2010-04-30T11"\
	":01:55.140625-07:00\" Operation=\"HardDelete\" OperationResult="     \
	"\"Succeeded\" LogonType=\"Admin\" FolderId=\"0000000073098C32\" "    \
	"FolderPathName=\"\\Recoverable Items\\Deletions\" ClientIPAddress="  \
	"\"10.196.241.168\" MailboxOwnerUPN=\"david@example.org\" "           \
	"LogonUserDN=\"Administrator\"><SourceItems>" item                    \
	" Subject=\"a &amp; b &#233;\" FolderPathName=\"\\Deletions\" />"     \
	"</SourceItems></Event>\n"

static void
mailbox_audit_xml(void **state)
{
	static const char *const text =
	    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
	    "<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>\n"
	    "<SearchResults>\n" XML_EVENT("<Item Id=\"0000AF\"")
	    XML_EVENT("<ItemId=\"0000AF\"") /* as published */
	    "<Event MailboxGuid=\"6d4f\" Operation=\"SoftDelete\" "
	    "LastAccessed=\"2010-05-01T00:00:00Z\"/>\n"
	    "<Event MailboxGuid=\"7\" Operation=\"Move\" LastAccessed="
	    "\"2010-05-01T00:00:00Z\"><SourceItems></Event>\n"
	    "<Event MailboxGuid=\"9\" Operation=\"Copy\" LastAccessed="
	    "\"2010-05-01T00:00:00Z\" X=\"&e;\"/>\n"
	    "<Event MailboxGuid=\"8\" Operation=\"Co\n"
	    XML_EVENT("<Item Id=\"0000AF\"") "</SearchResults>\n";
	struct kept kept;

	(void)state;
	read_text(&kept, "exchange_audit_xml", text);
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 6);
	for (size_t i = 0; i < 6; i += i == 1 ? 4 : 1) {
		const struct record_event *e = event_at(&kept, i);

		assert_text(e->operation, "HardDelete");
		assert_text(e->user_id, "Administrator");
		assert_text(e->folder_id, "CAAAAABzCYwyAQ==");
		assert_time(e->time_us, "2010-04-30T18:01:55.140625Z");
	}
	assert_text(item_at(&kept, 1)->subject, "a & b \xc3\xa9");
	assert_text(item_at(&kept, 1)->item_id, "AwAArwk=");
	assert_text(item_at(&kept, 1)->folder_path, "\\Deletions");
	assert_text(event_at(&kept, 2)->operation, "SoftDelete");
	assert_text(event_at(&kept, 3)->operation, "Move");
	assert_text(kept_problem(&kept, 0)->severity, "partial");
	/* An entity of a DTD is never read. */
	assert_text(event_at(&kept, 4)->operation, "Copy");
	assert_text(kept_problem(&kept, 1)->severity, "partial");
	assert_text(kept_problem(&kept, 2)->kind, "truncated");
	assert_text(kept_problem(&kept, 2)->mailbox, "8");
	kept_release(&kept);
}

static void
admin_audit_xml(void **state)
{
	struct kept kept;
	const struct record_event *e;

	(void)state;
	read_text(&kept, "exchange_audit_xml", "<SearchResults><Event Caller="
	    "\"c/Administrator\" Cmdlet=\"Set-Mailbox\" ObjectModified="
	    "\"c/Users/david\" RunDate=\"3/5/2010 11:59:12 PM\" Succeeded="
	    "\"true\" Error=\"None\"><CmdletParameters><Parameter Name="
	    "\"Identity\" Value=\"david\" /></CmdletParameters>"
	    "<ModifiedProperties><Property Name=\"Q\" OldValue=\"1\" NewValue="
	    "\"2\" /></ModifiedProperties></Event></SearchResults>");
	e = event_at(&kept, 0);
	assert_int_equal(e->record_type, 1);
	assert_text(e->operation, "Set-Mailbox");
	assert_text(e->object_id, "c/Users/david");
	assert_time(e->time_us, "2010-03-05T23:59:12Z");
	assert_text(e->parameters, "[[\"Identity\",\"david\"],[\"Q\",\"2\"]]");
	assert_text(e->succeeded, "yes");
	kept_release(&kept);
}

static void
mail_servers(void **state)
{
	struct kept kept;

	(void)state;
	read_text(&kept, "mail_log",
	    "2023-06-01T10:00:00+02:00 mx dovecot: imap-login: Login: "
	    "user=<j@example.org>, method=PLAIN, rip=203.0.113.7, "
	    "lip=192.0.2.1, TLS, session=<AbC>\n"
	    "2023-06-01T10:00:01+02:00 mx dovecot: imap(j@example.org): copy "
	    "-> Trash: uid=908, msgid=<a@b>\n"
	    "2023-06-01T10:00:02+02:00 mx dovecot: imap(j@example.org): copy "
	    "from INBOX: box=Trash, uid=9, msgid=<c@d>, size=7\n"
	    "2023-06-01T10:00:03+02:00 mx postfix/smtp[7]: 4F1A2B3C4D: to=<x@y>"
	    ", relay=z[192.0.2.9]:25, dsn=2.0.0, status=sent (250 ok)\n"
	    "2023-06-01T10:00:04+02:00 mx postfix/cleanup[7]: 4F1A2B3C4D: "
	    "message-id=<e@f>\n"
	    "Apr 23 21:59:01 mx imapd: LOGIN FAILED, user=s@example.org, "
	    "ip=[::ffff:1.2.3.4]\n"
	    "@400000004c91b044077a9e94 imap-login: Info: Aborted login (auth "
	    "failed, 1 attempts): user=<m@w.de>, method=X, rip=80.187.101.33\n"
	    "2023-06-01T10:00:04+02:00 mx kernel: nothing of mail\n");
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 7);
	assert_text(event_at(&kept, 0)->operation, "UserLoggedIn");
	assert_time(event_at(&kept, 0)->time_us, "2023-06-01T08:00:00Z");
	assert_text(event_at(&kept, 0)->user_id, "j@example.org");
	assert_text(event_at(&kept, 0)->ips, "[\"203.0.113.7\"]");
	assert_text(event_at(&kept, 0)->session_id, "abc");
	assert_text(event_at(&kept, 1)->operation, "Dovecot copy");
	assert_text(event_at(&kept, 1)->dest_folder_path, "Trash");
	assert_text(event_at(&kept, 1)->mailbox_owner, "j@example.org");
	assert_text(item_at(&kept, 0)->internet_message_id, "<a@b>");
	assert_text(event_at(&kept, 2)->folder_path, "INBOX");
	assert_text(event_at(&kept, 2)->dest_folder_path, "Trash");
	assert_text(event_at(&kept, 3)->operation, "Postfix sent");
	assert_text(event_at(&kept, 3)->ips, "[\"192.0.2.9\"]");
	assert_text(item_at(&kept, 2)->internet_message_id, "<e@f>");
	assert_text(event_at(&kept, 5)->operation, "UserLoginFailed");
	assert_int_equal(event_at(&kept, 5)->time_us, UTC_NONE);
	assert_text(event_at(&kept, 5)->time_text, "Apr 23 21:59:01");
	assert_text(event_at(&kept, 5)->ips, "[\"1.2.3.4\"]");
	assert_time(event_at(&kept, 6)->time_us, "2010-09-16T05:50:50Z");
	assert_int_equal(kept_problems(&kept, "no_data"), 1);
	assert_int_equal(kept_problems(&kept, "damaged"), 1);
	kept_release(&kept);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentinel),
		cmocka_unit_test(cut_list_in_a_cell),
		cmocka_unit_test(dotted_elastic),
		cmocka_unit_test(entra_sign_ins),
		cmocka_unit_test(entra_portal),
		cmocka_unit_test(empty_columns),
		cmocka_unit_test(entra_audit),
		cmocka_unit_test(message_tracking),
		cmocka_unit_test(fields_of_later_units),
		cmocka_unit_test(message_trace),
		cmocka_unit_test(iis),
		cmocka_unit_test(exchange_web_logs),
		cmocka_unit_test(google),
		cmocka_unit_test(gmail_exports),
		cmocka_unit_test(mailbox_audit_csv),
		cmocka_unit_test(mailbox_audit_xml),
		cmocka_unit_test(admin_audit_xml),
		cmocka_unit_test(mail_servers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
