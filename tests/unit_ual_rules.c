/* The rules of parsing a unified audit record: spellings of numbers, ids,
 * addresses, lists inside strings, and what contradicts itself. */
#include "tests/audit_test.h"

#include "parsers/base/limits.h"

#define ONE(members)                                                           \
	"{\"CreationTime\":\"2023-06-01T12:24:16\",\"Id\":\"a\","             \
	"\"Operation\":\"MailItemsAccessed\",\"Workload\":\"Exchange\"," members "}"

static void
times(void **state)
{
	static const struct {
		const char *text, *means;
	} cases[] = { { "2023-06-01T12:24:16", "2023-06-01T12:24:16Z" },
		{ "2023-06-01T12:24:16Z", "2023-06-01T12:24:16Z" },
		{ "2023-06-01T12:24:16.1234567Z", "2023-06-01T12:24:16.123456Z" },
		{ "2023-06-01T14:24:16+02:00", "2023-06-01T12:24:16Z" } };
	char text[300];
	struct kept kept;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(text, sizeof text, "{\"Operation\":\"x\",\"Workload\""
		    ":\"y\",\"CreationTime\":\"%s\"}", cases[i].text);
		read_text(&kept, "ual_json", text);
		assert_time(event_at(&kept, 0)->time_us, cases[i].means);
		assert_text(event_at(&kept, 0)->time_text, cases[i].text);
		/* Only RecordType 50 covers two minutes. */
		assert_time(event_at(&kept, 0)->until_us, cases[i].means);
		kept_release(&kept);
	}
}

static void
enumerations(void **state)
{
	static const char *const spellings[] = {
		"\"RecordType\":50,\"LogonType\":0,\"UserType\":5,"
		"\"ExternalAccess\":true,\"OperationCount\":0",
		"\"RecordType\":\"50\",\"LogonType\":\"0\",\"UserType\":\"5\","
		"\"ExternalAccess\":\"True\",\"OperationCount\":\"0\"",
		"\"RecordType\":\"ExchangeItemAggregated\",\"LogonType\":"
		"\"Owner\",\"UserType\":\"Application\",\"ExternalAccess\":"
		"\"true\",\"OperationCount\":0",
		"\"RecordType\":\"exchangeItemAggregated\",\"LogonType\":"
		"\"owner\",\"UserType\":\"application\",\"ExternalAccess\":"
		"true,\"OperationCount\":0.0" };
	char text[600];
	struct kept kept;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		snprintf(text, sizeof text, ONE("%s"), spellings[i]);
		read_text(&kept, "ual_json", text);
		assert_int_equal(event_at(&kept, 0)->record_type, 50);
		assert_int_equal(event_at(&kept, 0)->logon_type, 0);
		assert_int_equal(event_at(&kept, 0)->user_type, 5);
		assert_int_equal(event_at(&kept, 0)->external, 1);
		assert_int_equal(event_at(&kept, 0)->operation_count, 0);
		kept_release(&kept);
	}
	/* Numbers that nobody knows pass through. */
	read_text(&kept, "ual_json", ONE("\"RecordType\":4711"));
	assert_int_equal(event_at(&kept, 0)->record_type, 4711);
	kept_release(&kept);
}

static void
lists_inside_strings(void **state)
{
	struct kept kept;

	(void)state;
	read_text(&kept, "ual_json", ONE("\"RecordType\":50,"
	    "\"OperationProperties\":\"[{\\\"Name\\\":\\\"MailAccessType\\\","
	    "\\\"Value\\\":\\\"Bind\\\"}]\",\"OperationCount\":1,"
	    "\"Folders\":\"[{\\\"Path\\\":\\\"\\\\\\\\Inbox\\\",\\\"Id\\\":"
	    "\\\"F\\\",\\\"FolderItems\\\":\\\"[{\\\\\\\"InternetMessageId"
	    "\\\\\\\":\\\\\\\"<a@b>\\\\\\\"}]\\\"}]\""));
	assert_text(event_at(&kept, 0)->access_type, "bind");
	assert_int_equal(kept.count[RECORD_KIND_EVENT_ITEM], 1);
	assert_text(item_at(&kept, 0)->internet_message_id, "<a@b>");
	assert_text(item_at(&kept, 0)->folder_path, "\\Inbox");
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	kept_release(&kept);
}

/* As many texts inside strings as the limit, and one more. */
static void
strings_at_their_limit(void **state)
{
	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		size_t n = LIMIT_JSON_STRINGS + extra;
		struct buffer out = BUFFER_EMPTY;
		struct kept kept;

		buffer_add_cstr(&out, "{\"CreationTime\":\"2023-06-01T00:00:00"
		    "\",\"Operation\":\"x\",\"Workload\":\"y\","
		    "\"AffectedItems\":[");
		for (size_t i = 0; i < n; i++)
			buffer_printf(&out, "%s\"{\\\"Id\\\":\\\"i%zu\\\"}\"",
			    i ? "," : "", i);
		buffer_add_cstr(&out, "]}");
		read_bytes(&kept, "ual_json", buffer_bytes(&out));
		assert_int_equal(kept.count[RECORD_KIND_EVENT], 1);
		assert_text(item_at(&kept, LIMIT_JSON_STRINGS - 1)->item_id,
		    "i23");
		assert_int_equal(kept_problems(&kept, "limit_depth"), extra);
		kept_release(&kept);
		buffer_release(&out);
	}
}

static void
ids_of_all_places(void **state)
{
	struct kept kept;
	const struct record_event *e;

	(void)state;
	read_text(&kept, "ual_json", ONE("\"RecordType\":50,"
	    "\"SessionId\":\"S1\",\"AppId\":\"A1\",\"ClientAppId\":\"A2\","
	    "\"DeviceId\":\"D1\",\"AppAccessContext\":{\"AADSessionId\":"
	    "\"S2\",\"ClientAppId\":\"A3\",\"UniqueTokenId\":\"TokEn\"},"
	    "\"DeviceProperties\":[{\"Name\":\"SessionId\",\"Value\":\"S3\"},"
	    "{\"Name\":\"Id\",\"Value\":\"D2\"}],\"ApplicationId\":\"A4\","
	    "\"ClientIPAddress\":\"[2001:db8::1]:77\",\"ClientIP\":"
	    "\"192.0.2.1:5\",\"ActorIpAddress\":\"::ffff:192.0.2.2\","
	    "\"ActorIP\":\"2001:DB8:0::1\""));
	e = event_at(&kept, 0);
	assert_text(e->session_id, "s1");
	assert_text(e->aad_session, "s2");
	assert_text(e->token_id, "TokEn");
	assert_text(e->sessions, "[\"s1\",\"s2\",\"s3\"]");
	assert_text(e->app_ids, "[\"a1\",\"a2\",\"a3\",\"a4\"]");
	assert_text(e->device_ids, "[\"d1\",\"d2\"]");
	assert_text(e->ips, "[\"2001:db8::1\",\"192.0.2.1\",\"192.0.2.2\"]");
	assert_text(e->client_ip, "[2001:db8::1]:77");
	kept_release(&kept);
	read_text(&kept, "ual_json", ONE("\"RecordType\":15,"
	    "\"AppAccessContext\":{},\"SessionId\":\"\",\"AppId\":"
	    "\"Not Available\",\"ClientAppId\":\"__NULL__\",\"DeviceId\":"
	    "\"00000000-0000-0000-0000-000000000000\","
	    "\"DeviceProperties\":[{\"Name\":\"SessionId\",\"Value\":\"S3\"}]"));
	e = event_at(&kept, 0);
	assert_text(e->session_id, "s3");
	assert_text(e->app_ids, "[]");
	assert_text(e->device_ids, "[]");
	assert_null(e->app_id.p);
	kept_release(&kept);
}

/* The spellings of corpus/audit/ip_formats.txt. */
static void
addresses(void **state)
{
	static const struct {
		const char *written, *ips;
	} cases[] = { { "[10.11.12.13]:12345", "[\"10.11.12.13\"]" },
		{ "10.11.12.13:12345", "[\"10.11.12.13\"]" },
		{ "10.11.12.13", "[\"10.11.12.13\"]" },
		{ "::ffff:10.11.12.13", "[\"10.11.12.13\"]" },
		{ "[::ffff:10.11.12.13]:12345", "[\"10.11.12.13\"]" },
		{ "[2001:db8::abcd]:12345", "[\"2001:db8::abcd\"]" },
		{ "2001:db8::abcd", "[\"2001:db8::abcd\"]" },
		{ "2001:0DB8:0:0::ABCD", "[\"2001:db8::abcd\"]" },
		{ "[2001:db8::abcd]", "[\"2001:db8::abcd\"]" },
		{ "[10.11.12.13]", "[\"10.11.12.13\"]" },
		{ "localhost", "[]" }, { "[localhost]:12345", "[]" },
		{ "localhost:12345", "[]" }, { "::1", "[\"::1\"]" },
		{ "[cool.client.local]:12345", "[]" },
		{ "cool.client.local", "[]" }, { "<null>", "[]" },
		{ "cool.client.local:12345", "[]" } };
	char text[400];
	struct kept kept;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(text, sizeof text,
		    ONE("\"ClientIP\":\"%s\""), cases[i].written);
		read_text(&kept, "ual_json", text);
		assert_text(event_at(&kept, 0)->client_ip, cases[i].written);
		assert_text(event_at(&kept, 0)->ips, cases[i].ips);
		kept_release(&kept);
	}
}

static void
count_mismatch(void **state)
{
	struct kept kept;

	(void)state;
	read_text(&kept, "ual_json", ONE("\"RecordType\":50,"
	    "\"OperationProperties\":[{\"Name\":\"MailAccessType\","
	    "\"Value\":\"Bind\"}],\"OperationCount\":3,\"Folders\":["
	    "{\"Id\":\"F\",\"Path\":\"\\\\Inbox\",\"FolderItems\":["
	    "{\"InternetMessageId\":\"<a@b>\"}]},{\"Id\":\"G\",\"Path\":"
	    "\"\\\\X\",\"FolderItems\":[{\"InternetMessageId\":\"<c@d>\"}]}]"));
	assert_int_equal(kept_problems(&kept, "count_mismatch"), 1);
	assert_text(item_at(&kept, 1)->folder_path, "\\X");
	assert_int_equal(kept.count[RECORD_KIND_EVENT_FOLDER], 2);
	kept_release(&kept);
}

static void
verdicts_of_sign_ins(void **state)
{
	static const struct {
		const char *members, *succeeded;
	} cases[] = {
		{ "\"Operation\":\"UserLoggedIn\",\"ResultStatus\":"
		  "\"Success\",\"ErrorNumber\":\"0\"", "yes" },
		{ "\"Operation\":\"UserLoginFailed\",\"ResultStatus\":"
		  "\"Success\",\"ErrorNumber\":\"50126\"", "no" },
		{ "\"Operation\":\"UserLoggedIn\",\"ResultStatus\":"
		  "\"Succeeded\",\"LogonError\":\"InvalidReplyTo\"", "no" },
		{ "\"Operation\":\"Move\",\"ResultStatus\":"
		  "\"PartiallySucceeded\"", "partial" },
		{ "\"Operation\":\"Set-Mailbox\",\"ResultStatus\":\"False\"",
		  "no" },
		{ "\"Operation\":\"Set-Mailbox\",\"ResultStatus\":\"True\"",
		  "yes" } };
	char text[300];
	struct kept kept;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(text, sizeof text, "{\"CreationTime\":\"2023-06-01T00"
		    ":00:00\",\"Workload\":\"x\",%s}", cases[i].members);
		read_text(&kept, "ual_json", text);
		assert_text(event_at(&kept, 0)->succeeded, cases[i].succeeded);
		kept_release(&kept);
	}
}

static void
attachments_and_items(void **state)
{
	struct kept kept;

	(void)state;
	read_text(&kept, "ual_json", "{\"CreationTime\":\"2025-09-01T00:00:00"
	    "\",\"Operation\":\"AttachmentAccess\",\"RecordType\":50,"
	    "\"Messages\":[{\"Path\":\"Messages\",\"Id\":\"AA-_\","
	    "\"MessageItems\":[{\"SizeInBytes\":1156492.00,\"Id\":\"BB\"}]}]}");
	assert_text(item_at(&kept, 0)->item_id, "AA+/");
	assert_text(item_at(&kept, 1)->item_id, "BB");
	assert_int_equal(item_at(&kept, 1)->bytes, 1156492);
	kept_release(&kept);
	/* Send: an item id that is none, a real Message-ID and a subject. */
	read_text(&kept, "ual_json", "{\"CreationTime\":\"2023-06-01T00:00:00"
	    "\",\"Operation\":\"Send\",\"RecordType\":2,\"Item\":{\"Id\":"
	    "\"Unknown\",\"InternetMessageId\":\"<s@b>\",\"Subject\":\"S\"}}");
	assert_null(item_at(&kept, 0)->item_id.p);
	assert_text(item_at(&kept, 0)->internet_message_id, "<s@b>");
	assert_text(event_at(&kept, 0)->detail, "S");
	kept_release(&kept);
}

/* Compliance cmdlets give their parameters as one text. */
static void
command_lines(void **state)
{
	struct kept kept;

	(void)state;
	read_text(&kept, "ual_json", "{\"CreationTime\":\"2023-06-01T00:00:00"
	    "\",\"Operation\":\"New-ComplianceSearch\",\"RecordType\":18,"
	    "\"Parameters\":\"-Name \\\"Case -7\\\" -ExchangeLocation "
	    "(\\\"a@b\\\",\\\"c@d\\\") -Force -Size 7 -Content (\\\"x \\\"y"
	    "\\\" z[...]\",\"DestMailboxId\":\"AB\"}");
	assert_text(event_at(&kept, 0)->parameters, "[[\"Name\",\"Case -7\"],"
	    "[\"ExchangeLocation\",\"a@b;c@d\"],[\"Force\",\"\"],"
	    "[\"Size\",\"7\"],[\"Content\",\"(\\\"x \\\"y\\\" z[...]\"]]");
	assert_text(event_at(&kept, 0)->dest_mailbox_guid, "ab");
	kept_release(&kept);
}

/* \/ and \u escapes, odd operations, lone surrogates. */
static void
escapes(void **state)
{
	struct kept kept;

	(void)state;
	read_text(&kept, "ual_json", "{\"CreationTime\":\"2023-06-01T00:00:00"
	    "\",\"RecordType\":8,\"Operation\":\"Update application \\u2013 "
	    "secrets management \",\"ObjectId\":\"a\\/b\\\\c\","
	    "\"UserId\":\"x\\ud800y\"}");
	assert_text(event_at(&kept, 0)->operation,
	    "Update application \xe2\x80\x93 secrets management ");
	assert_text(event_at(&kept, 0)->object_id, "a/b\\c");
	assert_text(event_at(&kept, 0)->user_id, "x\xef\xbf\xbdy");
	kept_release(&kept);
}

static void
items_at_their_limit(void **state)
{
	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		struct buffer out = BUFFER_EMPTY;
		struct kept kept;

		buffer_add_cstr(&out, "{\"CreationTime\":\"2023-06-01T00:00:00"
		    "\",\"Operation\":\"HardDelete\",\"RecordType\":3,"
		    "\"AffectedItems\":[{\"Id\":\"x\"}");
		for (size_t i = 1; i < LIMIT_EVENT_ITEMS + extra; i++)
			buffer_add_cstr(&out, ",{\"Id\":\"x\"}");
		buffer_add_cstr(&out, "]}");
		read_bytes(&kept, "ual_json", buffer_bytes(&out));
		assert_int_equal(kept.count[RECORD_KIND_EVENT_ITEM],
		    LIMIT_EVENT_ITEMS);
		assert_int_equal(kept_problems(&kept, "limit_members"), extra);
		/* What is left out is lost, and at a time of its own. */
		if (extra > 0) {
			assert_int_equal(kept_problem(&kept, 0)->items_lost, 1);
			assert_int_equal(kept_problem(&kept, 0)->time_us,
			    utc_from_iso(BYTES_LIT("2023-06-01T00:00:00")));
		}
		kept_release(&kept);
		buffer_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times),
		cmocka_unit_test(enumerations),
		cmocka_unit_test(lists_inside_strings),
		cmocka_unit_test(strings_at_their_limit),
		cmocka_unit_test(ids_of_all_places),
		cmocka_unit_test(addresses),
		cmocka_unit_test(count_mismatch),
		cmocka_unit_test(verdicts_of_sign_ins),
		cmocka_unit_test(attachments_and_items),
		cmocka_unit_test(command_lines),
		cmocka_unit_test(escapes),
		cmocka_unit_test(items_at_their_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
