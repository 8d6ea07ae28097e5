#include "parsers/record.h"

#define TEXT_ENTRY(name) { #name, offsetof(struct RECORD_TAG, name), true },
#define NUMBER_ENTRY(name) { #name, offsetof(struct RECORD_TAG, name), false },

#define RECORD_TAG record_source_info
static const struct record_field source_info_fields[] = { RECORD_SOURCE_INFO(
    TEXT_ENTRY, NUMBER_ENTRY) };
#undef RECORD_TAG
#define RECORD_TAG record_folder
static const struct record_field folder_fields[] = { RECORD_FOLDER(TEXT_ENTRY,
    NUMBER_ENTRY) };
#undef RECORD_TAG
#define RECORD_TAG record_message
static const struct record_field message_fields[] = { RECORD_MESSAGE(TEXT_ENTRY,
    NUMBER_ENTRY) };
#undef RECORD_TAG
#define RECORD_TAG record_address
static const struct record_field address_fields[] = { RECORD_ADDRESS(TEXT_ENTRY,
    NUMBER_ENTRY) };
#undef RECORD_TAG
#define RECORD_TAG record_attachment
static const struct record_field attachment_fields[] = { RECORD_ATTACHMENT(
    TEXT_ENTRY, NUMBER_ENTRY) };
#undef RECORD_TAG
#define RECORD_TAG record_finding
static const struct record_field finding_fields[] = { RECORD_FINDING(TEXT_ENTRY,
    NUMBER_ENTRY) };
#undef RECORD_TAG
#define RECORD_TAG record_event
static const struct record_field event_fields[] = { RECORD_EVENT(TEXT_ENTRY,
    NUMBER_ENTRY) };
#undef RECORD_TAG
#define RECORD_TAG record_event_item
static const struct record_field event_item_fields[] = { RECORD_EVENT_ITEM(
    TEXT_ENTRY, NUMBER_ENTRY) };
#undef RECORD_TAG
#define RECORD_TAG record_event_folder
static const struct record_field event_folder_fields[] = { RECORD_EVENT_FOLDER(
    TEXT_ENTRY, NUMBER_ENTRY) };
#undef RECORD_TAG
#define RECORD_TAG record_problem
static const struct record_field problem_fields[] = { RECORD_PROBLEM(TEXT_ENTRY,
    NUMBER_ENTRY) };
#undef RECORD_TAG
#define RECORD_TAG record_unit
static const struct record_field unit_fields[] = { RECORD_UNIT(TEXT_ENTRY,
    NUMBER_ENTRY) };
#undef RECORD_TAG
#define RECORD_TAG record_text
static const struct record_field text_fields[] = { RECORD_TEXT(TEXT_ENTRY,
    NUMBER_ENTRY) };
#undef RECORD_TAG

#define RECORD_TAG record_content
static const struct record_field content_fields[] = { RECORD_CONTENT(
    TEXT_ENTRY, NUMBER_ENTRY) };
#undef RECORD_TAG
#define RECORD_TAG record_member
static const struct record_field member_fields[] = { RECORD_MEMBER(TEXT_ENTRY,
    NUMBER_ENTRY) };
#undef RECORD_TAG

#define RECORD_TAG record_promise
static const struct record_field promise_fields[] = { RECORD_PROMISE(
    TEXT_ENTRY, NUMBER_ENTRY) };
#undef RECORD_TAG

#define SHAPE(table, tag, fields)                                              \
	{                                                                      \
		table, sizeof(struct tag), fields,                             \
		    sizeof fields / sizeof fields[0]                           \
	}

const struct record_shape record_shapes[RECORD_KINDS] = {
	SHAPE("source_info", record_source_info, source_info_fields),
	SHAPE("folders", record_folder, folder_fields),
	SHAPE("messages", record_message, message_fields),
	SHAPE("addresses", record_address, address_fields),
	SHAPE("attachments", record_attachment, attachment_fields),
	SHAPE("findings", record_finding, finding_fields),
	SHAPE("events", record_event, event_fields),
	SHAPE("event_items", record_event_item, event_item_fields),
	SHAPE("event_folders", record_event_folder, event_folder_fields),
	SHAPE("problems", record_problem, problem_fields),
	SHAPE("units", record_unit, unit_fields),
	SHAPE("texts", record_text, text_fields),
	SHAPE("contents", record_content, content_fields),
	SHAPE("members", record_member, member_fields),
	SHAPE("promises", record_promise, promise_fields),
};

void
record_clear(enum record_kind kind, void *record)
{
	const struct record_shape *shape = &record_shapes[kind];

	memset(record, 0, shape->size);
	for (size_t i = 0; i < shape->count; i++)
		if (!shape->fields[i].text)
			*(int64_t *)((char *)record + shape->fields[i].offset) =
			    RECORD_NONE;
}
