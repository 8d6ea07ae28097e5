/* One record, every wrapping: containers A to L give the same events. */
#include "tests/audit_test.h"

static void
check_bind(const struct kept *kept, size_t i)
{
	const struct record_event *e = event_at(kept, i);

	assert_text(e->record_id, "48d8229c-17ca-46ed-95aa-f96b5786556a");
	assert_text(e->operation, "MailItemsAccessed");
	assert_time(e->time_us, "2023-06-01T12:24:16Z");
	assert_time(e->until_us, "2023-06-01T12:26:16Z");
	assert_int_equal(e->record_type, 50);
	assert_text(e->user_id, "Alice@example.gov");
	assert_text(e->mailbox_guid, "654c1387-07a5-4863-9cf8-dd26ab19e4da");
	assert_text(e->client_ip, "203.0.113.7");
	assert_text(e->access_type, "bind");
	assert_text(e->throttled, "no");
	assert_text(e->app_ids, "[\"00000003-0000-0000-c000-000000000000\","
				"\"ea0056b2-87ac-4765-ba13-e2768da6fba7\"]");
	assert_int_equal(e->operation_count, 2);
	assert_text(item_at(kept, 2 * i)->internet_message_id,
	    "<one@example.gov>");
	assert_text(item_at(kept, 2 * i + 1)->internet_message_id,
	    "<two@example.gov>");
	assert_text(item_at(kept, 2 * i)->folder_path, "\\Sent Items");
	assert_text(item_at(kept, 2 * i)->folder_id,
	    "LgAAAAD7/C5AAAAAAEJAAAB");
}

static void
check_three(struct kept *kept)
{
	assert_int_equal(kept->count[RECORD_KIND_EVENT], 3);
	assert_int_equal(kept->count[RECORD_KIND_PROBLEM], 0);
	check_bind(kept, 0);
	assert_text(event_at(kept, 1)->access_type, "sync");
	assert_text(event_at(kept, 1)->throttled, "not_stated");
	assert_text(event_at(kept, 1)->session_id,
	    "22af9fa5-8cde-4e78-a41e-e34758490cf3");
	assert_text(event_at(kept, 2)->operation, "New-InboxRule");
	assert_text(event_at(kept, 2)->client_ip, "203.0.113.7:62589");
	assert_text(event_at(kept, 2)->ips, "[\"203.0.113.7\"]");
	assert_text(event_at(kept, 2)->parameters,
	    "[[\"ForwardTo\",\"m@evil.example\"],[\"Name\",\".\"]]");
	assert_int_equal(kept->count[RECORD_KIND_EVENT_ITEM], 2);
	kept_release(kept);
}

static const char *const records[] = { BIND, SYNC, RULE };

/* Header, rows "before"cell"after". */
static void
check_csv(const char *header, const char *before, const char *after,
    const char *ending, bool wide)
{
	struct buffer out = BUFFER_EMPTY;
	struct arena arena;
	struct kept kept;

	arena_init(&arena);
	buffer_printf(&out, "%s%s", header, ending);
	for (size_t i = 0; i < 3; i++) {
		buffer_add_cstr(&out, before);
		add_cell(&out, records[i]);
		buffer_printf(&out, "%s%s", after, i < 2 ? ending : "");
	}
	read_bytes(&kept, "ual_csv",
	    wide ? utf16_of(&arena, buffer_bytes(&out)) : buffer_bytes(&out));
	assert_text(event_at(&kept, 2)->locator, "row=4");
	check_three(&kept);
	buffer_release(&out);
	arena_release(&arena);
}

static void
purview(void **state)
{
	const char *header = "RecordId,CreationDate,RecordType,Operation,"
			     "UserId,AuditData,AssociatedAdminUnits,"
			     "AssociatedAdminUnitsNames";
	const char *row = "48d8229c-17ca-46ed-95aa-f96b5786556a,"
			  "9/20/2023 4:05:03 AM,50,x,y,";

	(void)state;
	check_csv(header, row, ",,", "\r\n", false);
	check_csv(header, row, ",,", "\n", false);
	check_csv(header, row, ",,", "\r\n", true);
}

static void
purview_with_bom(void **state)
{
	(void)state;
	check_csv("\xef\xbb\xbfRecordId,CreationDate,AuditData",
	    "48d8229c-17ca-46ed-95aa-f96b5786556a,x,", "", "\r\n", false);
}

static void
search_unified_audit_log(void **state)
{
	const char *header =
	    "#TYPE Deserialized.Microsoft.Exchange.Data.\"UnifiedAuditLog\r\n"
	    "\"PSComputerName\",\"RecordType\",\"AuditData\",\"ResultIndex\","
	    "\"ResultCount\",\"Identity\"";

	(void)state;
	check_csv(header, "\"x\",\"ExchangeItemAggregated\",",
	    ",\"1\",\"3\",\"i\"", "\r\n", false);
}

static void
result_counts_are_kept(void **state)
{
	struct kept kept;

	(void)state;
	read_text(&kept, "ual_csv", "AuditData,ResultIndex,ResultCount\n"
	    "\"{\"\"Id\"\":\"\"a\"\",\"\"Operation\"\":\"\"x\"\"}\",7,9\n");
	assert_int_equal(event_at(&kept, 0)->result_index, 7);
	assert_int_equal(event_at(&kept, 0)->result_count, 9);
	kept_release(&kept);
	read_text(&kept, "ual_json", "{\"ResultIndex\":7,\"ResultCount\":9,"
	    "\"AuditData\":{\"Id\":\"a\",\"Operation\":\"x\","
	    "\"CreationTime\":\"2023-06-01T00:00:00\"}}");
	assert_int_equal(event_at(&kept, 0)->result_index, 7);
	assert_int_equal(event_at(&kept, 0)->result_count, 9);
	kept_release(&kept);
}

static void
older_portal(void **state)
{
	(void)state;
	check_csv("CreationDate,UserIds,Operations,AuditData", "a,b,c,", "",
	    "\r\n", false);
	check_csv("Time,User,Activity,Item,Detail", "a,b,c,d,", "", "\r\n",
	    false);
}

static void
splunk(void **state)
{
	struct kept kept;
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	check_csv("AuditData,Operations,_raw,_time", "", ",x,raw,t", "\n",
	    false);
	/* Empty AuditData: _raw stands in; cut, it is lost and said. */
	buffer_add_cstr(&out, "AuditData,_raw,meta\n,");
	add_cell(&out, BIND);
	buffer_add_cstr(&out, ",\n,\"{\"\"Id\"\":\"\"6fe60d39-1111-2222-3333-"
	    "444444444444\"\",\"\"Operation\"\":\"\"Send\"\","
	    "\"\"CreationTime\"\":\"\"2023-06-02T01:02:03\"\",\"\"Fol\","
	    "truncated\n");
	read_bytes(&kept, "ual_csv", buffer_bytes(&out));
	check_bind(&kept, 0);
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 1);
	assert_int_equal(kept_problems(&kept, "truncated"), 1);
	assert_text(kept_problem(&kept, 0)->severity, "item_lost");
	assert_int_equal(kept_problem(&kept, 0)->items_lost, 1);
	assert_time(kept_problem(&kept, 0)->time_us, "2023-06-02T01:02:03Z");
	kept_release(&kept);
	buffer_release(&out);
}

static void
check_json(const char *format, const char *begin, const char *between,
    const char *end, bool escaped)
{
	struct buffer out = BUFFER_EMPTY;
	struct arena arena;
	struct kept kept;

	buffer_add_cstr(&out, begin);
	for (size_t i = 0; i < 3; i++) {
		if (i > 0)
			buffer_add_cstr(&out, between);
		for (const char *p = records[i]; *p != '\0'; p++) {
			if (escaped && (*p == '"' || *p == '\\'))
				buffer_add_byte(&out, '\\');
			buffer_add_byte(&out, (uint8_t)*p);
		}
	}
	buffer_add_cstr(&out, end);
	read_bytes(&kept, format, buffer_bytes(&out));
	assert_int_equal(kept.item_count, 1);
	check_three(&kept);
	arena_init(&arena);
	if (begin[0] != '\xef')
		read_bytes(&kept, format,
		    utf16_of(&arena, buffer_bytes(&out)));
	else
		read_bytes(&kept, format, buffer_bytes(&out));
	check_three(&kept);
	arena_release(&arena);
	buffer_release(&out);
}

static void
bare_json(void **state)
{
	(void)state;
	check_json("ual_json", "", "\n", "\n", false);
	check_json("ual_json", "", "\r\n", "", false);
	check_json("ual_json", "\xef\xbb\xbf", "\n\n", "\n", false);
	check_json("ual_json", "[", ",", "]", false);
	check_json("ual_json", "[\n  ", ",\n  ", "\n]\n", false);
	check_json("ual_json", " \n", "", "", false);
	check_json("ual_json", "", " ", "\n", false);
}

static void
wrapped_json(void **state)
{
	(void)state;
	check_json("ual_json", "{\"RecordType\":\"x\",\"AuditData\":",
	    ",\"Identity\":\"i\"}\n{\"RecordType\":\"x\",\"AuditData\":",
	    "}\n", false);
	check_json("ual_json", "[{\"RecordType\":1,\"AuditData\":\"",
	    "\"},{\"AuditData\":\"", "\"}]", true);
	check_json("ual_json", "{\"@odata.context\":\"https://x/{y}\","
	    "\"@odata.count\":3,\"value\":[{\"id\":\"w\",\"auditData\":",
	    "},{\"id\":\"w\",\"clientIp\":null,\"auditData\":",
	    "}],\"@odata.nextLink\":\"https://x\"}", false);
	check_json("ual_json", "{\"value\":[{\"auditData\":"
	    "{\"dynamicProperties\":", "}}]}\n{\"value\":[{\"auditData\":"
	    "{\"dynamicProperties\":", "}}]}", false);
	check_json("ual_json", "{\n \"records\": [\n", ",\n", "\n ]\n}\n",
	    false);
}

static void
security_products(void **state)
{
	(void)state;
	check_json("cloud_app_events_json",
	    "{\"ActionType\":\"x\",\"Application\":\"y\",\"RawEventData\":",
	    "}\n{\"Timestamp\":\"2020-01-01T00:00:00Z\",\"ActionType\":\"x\","
	    "\"Application\":\"y\",\"RawEventData\":", "}", false);
	check_json("cloud_app_events_json",
	    "{\"category\":\"AdvancedHunting-CloudAppEvents\",\"properties\":"
	    "{\"ActionType\":\"x\",\"RawEventData\":\"",
	    "\"}}\n{\"properties\":{\"ActionType\":\"x\",\"RawEventData\":\"",
	    "\"}}\n", true);
	check_json("elastic_o365_json",
	    "{\"hits\":{\"total\":3,\"hits\":[{\"_source\":{\"event\":"
	    "{\"original\":\"",
	    "\"}}},{\"_source\":{\"event\":{\"original\":\"", "\"}}}]}}",
	    true);
	check_json("elastic_o365_json", "{\"o365\":{\"audit\":",
	    "}}\n{\"o365\":{\"audit\":", "}}\n", false);
	check_json("elastic_o365_json", "{\"event.original\":\"",
	    "\"}\n{\"event.original\":\"", "\"}\n", true);
}

static void
cosmos_queue(void **state)
{
	struct buffer out = BUFFER_EMPTY;
	struct kept kept;

	(void)state;
	buffer_add_cstr(&out, "#Software: Microsoft Exchange Server\r\n"
	    "#Log-type: audit\r\n#Fields: Timestamp,Server,TenantId,"
	    "RecordType,Data,UserKey,RecordId,Operation\r\n");
	buffer_add_cstr(&out, "2023-06-01T10:24:16.5Z,S,T,50,");
	add_cell(&out, BIND);
	buffer_add_cstr(&out, ",k,r,o\r\n");
	read_bytes(&kept, "cosmos_queue_log", buffer_bytes(&out));
	/* The inner time is local there: the line's stands. */
	assert_time(event_at(&kept, 0)->time_us, "2023-06-01T10:24:16.5Z");
	assert_text(event_at(&kept, 0)->time_text, "2023-06-01T12:24:16");
	assert_text(item_at(&kept, 1)->internet_message_id,
	    "<two@example.gov>");
	assert_text(event_at(&kept, 0)->locator, "line=4");
	kept_release(&kept);
	buffer_release(&out);
}

static void
clixml(void **state)
{
	struct buffer out = BUFFER_EMPTY;
	struct arena arena;
	struct kept kept;

	(void)state;
	buffer_add_cstr(&out, "<Objs Version=\"1.1.0.1\" xmlns=\"http://"
	    "schemas.microsoft.com/powershell/2004/04\">\n");
	for (size_t i = 0; i < 3; i++) {
		buffer_printf(&out, "<Obj RefId=\"%zu\"><MS><S N=\"RecordType"
		    "\">x</S><S N=\"AuditData\">", i);
		for (const char *p = records[i]; *p != '\0'; p++)
			if (*p == '<' || *p == '>')
				buffer_add_cstr(&out,
				    *p == '<' ? "&lt;" : "&gt;");
			else
				buffer_add_byte(&out, (uint8_t)*p);
		buffer_add_cstr(&out, "_x000D__x000A_</S></MS></Obj>\n");
	}
	buffer_add_cstr(&out, "</Objs>");
	read_bytes(&kept, "ual_clixml", buffer_bytes(&out));
	check_three(&kept);
	arena_init(&arena);
	read_bytes(&kept, "ual_clixml", utf16_of(&arena, buffer_bytes(&out)));
	check_three(&kept);
	arena_release(&arena);
	buffer_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(purview),
		cmocka_unit_test(purview_with_bom),
		cmocka_unit_test(search_unified_audit_log),
		cmocka_unit_test(result_counts_are_kept),
		cmocka_unit_test(older_portal),
		cmocka_unit_test(splunk),
		cmocka_unit_test(bare_json),
		cmocka_unit_test(wrapped_json),
		cmocka_unit_test(security_products),
		cmocka_unit_test(cosmos_queue),
		cmocka_unit_test(clixml),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
