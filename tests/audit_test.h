/* What the tests of audit formats share: reading a text as whatever its
 * content says, and looking at what was said. */
#ifndef TESTS_AUDIT_TEST_H
#define TESTS_AUDIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "parsers/base/buffer.h"
#include "parsers/base/utc.h"
#include "tests/support_sink.h"

static inline const struct record_event *
event_at(const struct kept *kept, size_t i)
{
	return kept_record(kept, RECORD_KIND_EVENT, i);
}

static inline const struct record_event_item *
item_at(const struct kept *kept, size_t i)
{
	return kept_record(kept, RECORD_KIND_EVENT_ITEM, i);
}

#define assert_text(text, expected)                                            \
	do {                                                                   \
		struct bytes got_ = (text), want_ = bytes_cstr(expected);      \
		if (!bytes_eq(got_, want_))                                    \
			fail_msg("got '%.*s', expected '%.*s'", (int)got_.n,   \
			    got_.p ? (const char *)got_.p : "", (int)want_.n,  \
			    (const char *)want_.p);                            \
	} while (0)

#define assert_time(us, expected)                                              \
	assert_int_equal(us, utc_from_iso(bytes_cstr(expected)))

/* The format that the content has; its parser must be the only one. */
static inline const struct parser *
format_of_text(struct bytes text)
{
	bool tie;
	const struct parser *parser = parser_for(bytes_slice(text, 0, 65536),
	    text.n, &tie);

	assert_false(tie);
	return parser;
}

static inline void
read_bytes(struct kept *kept, const char *format, struct bytes text)
{
	const struct parser *parser = format_of_text(text);

	kept_init(kept);
	if (parser == NULL || strcmp(parser->name, format) != 0)
		fail_msg("read as %s, expected %s",
		    parser ? parser->name : "nothing", format);
	assert_int_equal(kept_run_bytes(kept, parser, text), OUTCOME_OK);
}

static inline void
read_text(struct kept *kept, const char *format, const char *text)
{
	read_bytes(kept, format, bytes_cstr(text));
}

/* A cell of CSV: quotes doubled, in quotes. */
static inline void
add_cell(struct buffer *out, const char *text)
{
	buffer_add_byte(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buffer_add_byte(out, '"');
		buffer_add_byte(out, (uint8_t)*text);
	}
	buffer_add_byte(out, '"');
}

static inline struct bytes
utf16_of(struct arena *arena, struct bytes text)
{
	uint8_t *out = arena_alloc(arena, 2 + 2 * text.n);

	out[0] = 0xff;
	out[1] = 0xfe;
	for (size_t i = 0; i < text.n; i++)
		out[2 + 2 * i] = text.p[i];
	return bytes_of(out, 2 + 2 * text.n);
}

/* Synthetic, after the real samples: a Bind of two messages in one folder,
 * a Sync, and a cmdlet. */
#define BIND_ID "48D8229C-17ca-46ed-95aa-f96b5786556a"
#define BIND                                                                   \
	"{\"CreationTime\":\"2023-06-01T12:24:16\",\"Id\":\"" BIND_ID         \
	"\",\"Operation\":\"MailItemsAccessed\",\"RecordType\":50,"           \
	"\"ResultStatus\":\"Succeeded\",\"UserKey\":\"1003200126677019\","    \
	"\"UserType\":0,\"Workload\":\"Exchange\","                           \
	"\"UserId\":\"Alice@example.gov\","                                   \
	"\"AppId\":\"00000003-0000-0000-C000-000000000000\","                 \
	"\"ClientAppId\":\"ea0056b2-87ac-4765-ba13-e2768da6fba7\","           \
	"\"ClientIPAddress\":\"203.0.113.7\","                                \
	"\"ClientInfoString\":\"Client=REST;;\",\"LogonType\":0,"             \
	"\"MailboxGuid\":\"654C1387-07a5-4863-9cf8-dd26ab19e4da\","           \
	"\"MailboxOwnerUPN\":\"Alice@example.gov\","                          \
	"\"OperationProperties\":[{\"Name\":\"MailAccessType\","              \
	"\"Value\":\"Bind\"},{\"Name\":\"IsThrottled\",\"Value\":\"False\"}],"\
	"\"Folders\":[{\"FolderItems\":["                                     \
	"{\"InternetMessageId\":\"<one@example.gov>\",\"SizeInBytes\":77},"   \
	"{\"InternetMessageId\":\" <two@example.gov> \"}],"                   \
	"\"Id\":\"LgAAAAD7\\/C5AAAAAAEJAAAB\",\"Path\":\"\\\\Sent Items\"}]," \
	"\"OperationCount\":2}"
#define SYNC                                                                   \
	"{\"CreationTime\":\"2023-06-01T18:11:56\","                          \
	"\"Id\":\"0bb0c52d-fc8e-4bd4-b41b-08d918961713\","                    \
	"\"Operation\":\"MailItemsAccessed\",\"RecordType\":2,"               \
	"\"UserId\":\"alice@example.gov\",\"ClientIP\":\"198.51.100.9\","     \
	"\"ClientIPAddress\":\"198.51.100.9\","                               \
	"\"ClientInfoString\":\"Client=MSExchangeRPC\","                      \
	"\"MailboxGuid\":\"654c1387-07a5-4863-9cf8-dd26ab19e4da\","           \
	"\"OperationProperties\":[{\"Name\":\"MailAccessType\","              \
	"\"Value\":\"Sync\"}],"                                               \
	"\"SessionId\":\"22AF9FA5-8cde-4e78-a41e-e34758490cf3\","             \
	"\"Item\":{\"Id\":\"LgAAAADBwCLOTkcSTpPvPqAu44P4AQBY8xpM8MPnRJFI1LZ3" \
	"pAMJAAAjtscnAAAB\",\"ParentFolder\":{\"Id\":\"LgAAAADBwCLOTkcSTpPv"  \
	"PqAu44P4AQBY8xpM8MPnRJFI1LZ3pAMJAAAjtscnAAAB\",\"Name\":\"k\","      \
	"\"Path\":\"Not Available\"}}}"
#define RULE                                                                   \
	"{\"CreationTime\":\"2023-06-01T12:07:14\","                          \
	"\"Id\":\"6fe60d39-9ad4-4da0-fbf4-08d900d02c73\","                    \
	"\"Operation\":\"New-InboxRule\",\"RecordType\":1,"                   \
	"\"ResultStatus\":\"True\",\"UserType\":2,\"Workload\":\"Exchange\"," \
	"\"ClientIP\":\"203.0.113.7:62589\","                                 \
	"\"ObjectId\":\"EXAMPLE\\/alice\\\\.\","                              \
	"\"UserId\":\"alice@example.gov\","                                   \
	"\"Parameters\":[{\"Name\":\"ForwardTo\",\"Value\":\"m@evil.example\"}"\
	",{\"Name\":\"Name\",\"Value\":\".\"}],\"SessionId\":\"\"}"

#endif
