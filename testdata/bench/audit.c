/*
 * Records of the unified audit log, shaped after real ones of 2021 to 2025
 * (Exchange item access, mailbox operations, cmdlets, sign-ins).
 */
#include "testdata/bench/bench.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MAILBOXES = 300, MESSAGES = 50000, RECENT = 64, FIRST = 1684108800 };
enum kind { TENANT, MAILBOX, RECORD, SESSION, APP };

static const char *const folders[] = {
    "\\\\Inbox",
    "\\\\Sent Items",
    "\\\\Drafts",
    "\\\\Inbox\\\\Projects",
    "\\\\Deleted Items",
    "\\\\Inbox\\\\Legal",
    "\\\\Archive",
};
static const char *const clients[] = {
    "Client=OWA;Action=ViaProxy",
    "Client=REST;;",
    "Client=REST;Client=RESTSystem;;",
    "Client=MSExchangeRPC",
    "Client=OutlookService;Outlook-iOS/2.0;",
    ("Client=WebServices;Microsoft Office/16.0 (Windows NT 10.0; "
     "Microsoft Outlook 16.0.16227; Pro);"),
};
#define COUNT(array) ((unsigned)(sizeof(array) / sizeof(*(array))))

struct record {
	struct random *random;
	unsigned mailbox, session, address;
	const char *client;
};

static void
put_time(const struct audit *audit, struct text *out)
{
	time_t seconds = (time_t)audit->seconds;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	text_format(out, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Owners come from a few places each; every mailbox has a few sessions. */
static struct record
make_record(struct audit *audit)
{
	struct record record = {.random = &audit->random};
	unsigned day = (unsigned)((audit->seconds - FIRST) / 86400);

	record.mailbox = random_below(&audit->random, MAILBOXES);
	record.session =
	    record.mailbox * 1000 + day * 3 + random_below(&audit->random, 3);
	record.address = record.mailbox * 4 + random_below(&audit->random, 3);
	record.client = clients[random_below(&audit->random, COUNT(clients))];
	return record;
}

static void
put_address(const struct record *record, bool port, struct text *out)
{
	unsigned a = record->address;

	if (a % 7 == 0) {
		text_format(out,
		    port ? "[2001:db8:%x::%x]:%u" : "2001:db8:%x::%x", a / 7,
		    a % 251 + 1, 40000 + a % 20000);
		return;
	}
	text_format(out, port ? "10.%u.%u.%u:%u" : "10.%u.%u.%u", a / 250 % 250,
	    a % 250, 10 + a % 200, 40000 + a % 20000);
}

static void
put_common(struct audit *audit, const struct record *record,
    const char *operation, unsigned type, struct text *out)
{
	text_put(out, "{\"CreationTime\":\"");
	put_time(audit, out);
	text_put(out, "\",\"Id\":\"");
	made_up_guid(RECORD, audit->number, out);
	text_format(
	    out, "\",\"Operation\":\"%s\",\"OrganizationId\":\"", operation);
	made_up_guid(TENANT, 1, out);
	text_format(out,
	    "\",\"RecordType\":%u,\"ResultStatus\":\"%s\","
	    "\"UserKey\":\"10032001%08X\",\"UserType\":0,\"Version\":1,"
	    "\"Workload\":\"%s\",\"UserId\":\"user%u@example.gov\"",
	    type, type == 1 ? "True" : "Succeeded", record->mailbox * 7919,
	    type == 15 ? "AzureActiveDirectory" : "Exchange", record->mailbox);
}

static void
put_mailbox(const struct record *record, struct text *out)
{
	text_put(out, ",\"ClientIPAddress\":\"");
	put_address(record, false, out);
	text_format(out,
	    "\",\"ClientInfoString\":\"%s\",\"ExternalAccess\":"
	    "false,\"InternalLogonType\":0,\"LogonType\":0,\"LogonUserSid\":"
	    "\"S-1-5-21-1376570662-3565232716-1187618197-%u\","
	    "\"MailboxGuid\":\"",
	    record->client, 25554819 + record->mailbox);
	made_up_guid(MAILBOX, record->mailbox, out);
	text_format(out,
	    "\",\"MailboxOwnerSid\":\"S-1-5-21-1376570662-"
	    "3565232716-1187618197-%u\",\"MailboxOwnerUPN\":"
	    "\"user%u@example.gov\",\"OrganizationName\":"
	    "\"example.onmicrosoft.com\",\"OriginatingServer\":"
	    "\"DB8PR04MB%04u (15.20.6455.018)\\r\\n\"",
	    25554819 + record->mailbox, record->mailbox,
	    record->mailbox * 31 % 10000);
	if (strcmp(record->client, "Client=REST;;") != 0) {
		text_put(out, ",\"SessionId\":\"");
		made_up_guid(SESSION, record->session, out);
		text_put(out, "\"");
		return;
	}
	text_put(out, ",\"AppId\":\"00000003-0000-0000-c000-000000000000\","
		      "\"ClientAppId\":\"");
	made_up_guid(APP, record->mailbox % 9, out);
	text_put(out, "\"");
}

static void
put_folder_id(const struct record *record, unsigned folder, struct text *out)
{
	text_format(out,
	    "LgAAAAD7VDz8O3pZTp2eb7MaULu2AQDQKyMzxad+RI3ey%04u/"
	    "C5AAAAAAE%cAAAB",
	    record->mailbox, 'A' + folder);
}

static void
put_item(struct random *random, const struct record *record, struct text *out)
{
	text_format(out,
	    "{\"Id\":\"RgAAAAD7VDz8O3pZTp2eb7MaULu2BwDQKyMzxad+"
	    "RI3ey%04uC5AAAAAAEMAADQKyMzxad%08xAAAJ\",\"InternetMessageId\":"
	    "\"",
	    record->mailbox, (unsigned)random_next(random));
	letter_message_id(random_below(random, MESSAGES), out);
	text_format(
	    out, "\",\"SizeInBytes\":%u}", 2000 + random_below(random, 300000));
}

static void
put_bind(struct audit *audit, struct text *out)
{
	struct record record = make_record(audit);
	unsigned lists = 1 + random_one_in(&audit->random, 6), all = 0;

	put_common(audit, &record, "MailItemsAccessed", 50, out);
	put_mailbox(&record, out);
	text_format(out,
	    ",\"OperationProperties\":[{\"Name\":"
	    "\"MailAccessType\",\"Value\":\"Bind\"},{\"Name\":\"IsThrottled\","
	    "\"Value\":\"%s\"}],\"Folders\":[",
	    random_one_in(&audit->random, 20000) ? "True" : "False");
	for (unsigned i = 0; i < lists; i++) {
		unsigned folder = random_below(&audit->random, COUNT(folders));
		unsigned items = (unsigned)random_size(&audit->random, 1, 10);

		text_put(
		    out, i > 0 ? ",{\"FolderItems\":[" : "{\"FolderItems\":[");
		for (unsigned k = 0; k < items; k++) {
			text_put(out, k > 0 ? "," : "");
			put_item(&audit->random, &record, out);
		}
		text_put(out, "],\"Id\":\"");
		put_folder_id(&record, folder, out);
		text_format(out, "\",\"Path\":\"%s\"}", folders[folder]);
		all += items;
	}
	text_format(out, "],\"OperationCount\":%u}", all);
}

static void
put_sync(struct audit *audit, struct text *out)
{
	struct record record = make_record(audit);
	unsigned folder = random_below(&audit->random, COUNT(folders));

	record.client = "Client=MSExchangeRPC";
	put_common(audit, &record, "MailItemsAccessed", 2, out);
	put_mailbox(&record, out);
	text_put(out, ",\"OperationProperties\":[{\"Name\":\"MailAccessType\","
		      "\"Value\":\"Sync\"},{\"Name\":\"IsThrottled\",\"Value\":"
		      "\"False\"}],\"Item\":{\"Id\":\"");
	put_folder_id(&record, folder, out);
	text_put(out, "\",\"ParentFolder\":{\"Id\":\"");
	put_folder_id(&record, folder, out);
	text_put(out, "\",\"Name\":\"Projects\",\"Path\":\"Not Available\"}}}");
}

/* Send, Create, Update: one item. */
static void
put_item_record(struct audit *audit, struct text *out)
{
	static const char *const operations[] = {"Send", "Create", "Update"};
	unsigned which = random_below(&audit->random, COUNT(operations));
	struct record record = make_record(audit);
	struct text subject = {0};

	subject_line(&audit->random, ENGLISH, &subject);
	put_common(audit, &record, operations[which], 2, out);
	put_mailbox(&record, out);
	text_put(out, ",\"Item\":{\"Id\":\"Unknown\",\"InternetMessageId\":\"");
	letter_message_id(random_below(&audit->random, MESSAGES), out);
	text_put(out, "\",\"ParentFolder\":{\"Id\":\"");
	put_folder_id(&record, 2, out);
	text_format(out,
	    "\",\"Path\":\"\\\\Drafts\"},\"Subject\":\"%s\","
	    "\"SizeInBytes\":%u}}",
	    subject.p, 1000 + random_below(&audit->random, 50000));
	text_free(&subject);
}

static void
put_group_record(struct audit *audit, struct text *out)
{
	static const char *const operations[] = {
	    "Move", "SoftDelete", "HardDelete", "MoveToDeletedItems"};
	unsigned which = random_below(&audit->random, COUNT(operations));
	unsigned items = (unsigned)random_size(&audit->random, 1, 30);
	struct record record = make_record(audit);

	put_common(audit, &record, operations[which], 3, out);
	put_mailbox(&record, out);
	text_put(out, ",\"AffectedItems\":[");
	for (unsigned i = 0; i < items; i++) {
		text_put(out, i > 0 ? "," : "");
		put_item(&audit->random, &record, out);
	}
	text_put(
	    out, "],\"CrossMailboxOperation\":false,\"Folder\":{\"Id\":\"");
	put_folder_id(&record, 0, out);
	text_put(out, "\",\"Path\":\"\\\\Inbox\"},\"DestFolder\":{\"Id\":\"");
	put_folder_id(&record, 4, out);
	text_put(out, "\",\"Path\":\"\\\\Deleted Items\"}}");
}

static void
put_cmdlet(struct audit *audit, struct text *out)
{
	struct record record = make_record(audit);

	put_common(audit, &record, "Set-Mailbox", 1, out);
	text_put(out, ",\"ClientIP\":\"");
	put_address(&record, true, out);
	text_format(out,
	    "\",\"ObjectId\":\"user%u\",\"AppId\":\"\","
	    "\"ClientAppId\":\"\",\"ExternalAccess\":true,"
	    "\"OrganizationName\":\"example.onmicrosoft.com\",\"Parameters\":"
	    "[{\"Name\":\"Identity\",\"Value\":\"user%u\"},{\"Name\":"
	    "\"ProhibitSendQuota\",\"Value\":\"49.5 GB\"}],\"SessionId\":\"\"}",
	    record.mailbox, record.mailbox);
}

static void
put_sign_in(struct audit *audit, struct text *out)
{
	struct record record = make_record(audit);
	bool failed = random_one_in(&audit->random, 8);

	put_common(audit, &record, failed ? "UserLoginFailed" : "UserLoggedIn",
	    15, out);
	text_put(out, ",\"ClientIP\":\"");
	put_address(&record, false, out);
	text_put(out, "\",\"ActorIpAddress\":\"");
	put_address(&record, false, out);
	text_format(out,
	    "\",\"ApplicationId\":\"00000002-0000-0ff1-ce00-"
	    "000000000000\",\"ErrorNumber\":\"%s\",\"ExtendedProperties\":"
	    "[{\"Name\":\"ResultStatusDetail\",\"Value\":\"Success\"},"
	    "{\"Name\":\"UserAgent\",\"Value\":\"Mozilla/5.0 (Windows NT 10.0; "
	    "Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
	    "Chrome/113.0.0.0 Safari/537.36\"},{\"Name\":\"RequestType\","
	    "\"Value\":\"OAuth2:Authorize\"}],\"DeviceProperties\":[{\"Name\":"
	    "\"OS\",\"Value\":\"Windows 10\"},{\"Name\":\"SessionId\","
	    "\"Value\":\"",
	    failed ? "50126" : "0");
	made_up_guid(SESSION, record.session, out);
	text_put(out, "\"}]}");
}

void
audit_record(struct audit *audit, struct text *out)
{
	unsigned n = random_below(&audit->random, 100);
	struct text *kept;
	size_t start = out->n;

	if (audit->number > RECENT && n < 10) {
		kept = &audit->recent[random_below(&audit->random, RECENT)];
		text_add(out, kept->p, kept->n);
		return;
	}
	audit->seconds = FIRST + audit->number / 3;
	if (n < 58)
		put_bind(audit, out);
	else if (n < 66)
		put_sync(audit, out);
	else if (n < 78)
		put_item_record(audit, out);
	else if (n < 85)
		put_group_record(audit, out);
	else if (n < 87)
		put_cmdlet(audit, out);
	else
		put_sign_in(audit, out);
	kept = &audit->recent[audit->number % RECENT];
	text_reset(kept);
	text_add(kept, out->p + start, out->n - start);
	audit->number++;
}

void
audit_csv_header(struct text *out)
{
	text_put(out,
	    "RecordId,CreationDate,RecordType,Operation,UserId,"
	    "AuditData,AssociatedAdminUnits,AssociatedAdminUnitsNames\r\n");
}

/* The value of a key near the record's start, as the wrapper repeats it. */
static void
put_key(const char *record, const char *key, struct text *out)
{
	const char *p = strstr(record, key);
	size_t n;

	if (p == NULL)
		return;
	p += strlen(key);
	p += *p == '"';
	n = strcspn(p, "\",");
	text_add(out, p, n);
}

void
audit_csv_row(struct audit *audit, struct text *out)
{
	struct text record = {0};

	audit_record(audit, &record);
	put_key(record.p, "\"Id\":", out);
	text_put(out, ",");
	put_key(record.p, "\"CreationTime\":", out);
	text_put(out, ",");
	put_key(record.p, "\"RecordType\":", out);
	text_put(out, ",");
	put_key(record.p, "\"Operation\":", out);
	text_put(out, ",");
	put_key(record.p, "\"UserId\":", out);
	text_put(out, ",\"");
	for (const char *p = record.p; *p != '\0';) {
		size_t n = strcspn(p, "\"");

		text_add(out, p, n);
		p += n;
		if (*p == '"') {
			text_put(out, "\"\"");
			p++;
		}
	}
	text_put(out, "\",,\r\n");
	text_free(&record);
}

void
audit_free(struct audit *audit)
{
	for (size_t i = 0; i < RECENT; i++)
		text_free(&audit->recent[i]);
}
