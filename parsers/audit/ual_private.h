/* Shared by the ual_*.c files alone. */
#ifndef PARSERS_AUDIT_UAL_PRIVATE_H
#define PARSERS_AUDIT_UAL_PRIVATE_H

#include "parsers/audit/json.h"
#include "parsers/audit/ual.h"
#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"

enum { UAL_IDS = 8, UAL_WRAPPINGS = 3 };

/* Where an address stood; the first of this order is shown. */
enum { UAL_IP_ITEM, UAL_IP_CLIENT, UAL_IP_ACTOR, UAL_IP_SIGN_IN, UAL_IPS };

enum ual_key {
	KEY_AFFECTED,
	KEY_AUDIT_DATA, /* wrappers: only the inner record counts */
	KEY_DYNAMIC,
	KEY_APP_CONTEXT,
	KEY_APP_ID,
	KEY_APPLICATION_ID,
	KEY_ACTOR_INFO,
	KEY_ACTOR_IP,
	KEY_ACTOR_IP_ADDRESS,
	KEY_CLIENT_APP_ID,
	KEY_CLIENT_INFO,
	KEY_CLIENT_IP,
	KEY_CLIENT_IP_ADDRESS,
	KEY_CREATION_TIME,
	KEY_DEST_FOLDER,
	KEY_DEST_MAILBOX,
	KEY_DEST_MAILBOX_ID,
	KEY_DEVICE_ID,
	KEY_DEVICE_PROPERTIES,
	KEY_ERROR_NUMBER,
	KEY_EXTENDED,
	KEY_EXTERNAL,
	KEY_FOLDER,
	KEY_FOLDERS,
	KEY_ID,
	KEY_ITEM,
	KEY_LOGON_ERROR,
	KEY_LOGON_SID,
	KEY_LOGON_TYPE,
	KEY_MAILBOX_GUID,
	KEY_MAILBOX_OWNER,
	KEY_MAILBOX_OWNER_SID,
	KEY_MESSAGES,
	KEY_MODIFIED,
	KEY_OBJECT_ID,
	KEY_OPERATION,
	KEY_OPERATION_COUNT,
	KEY_OPERATION_PROPERTIES,
	KEY_PARAMETERS,
	KEY_QUERY,
	KEY_RECORD_TYPE,
	KEY_RESULT,
	KEY_RESULT_COUNT,
	KEY_RESULT_INDEX,
	KEY_SESSION,
	KEY_TOKEN,
	KEY_USER_AGENT,
	KEY_USER_ID,
	KEY_USER_KEY,
	KEY_USER_TYPE,
	KEY_WORKLOAD,
	KEYS
};

struct ual_list { /* distinct texts in order of arrival */
	struct bytes list[UAL_IDS];
	size_t count;
};

struct ual {
	/* [0] the record; the others JSON inside its strings */
	struct json_document *documents[LIMIT_JSON_STRINGS + 1];
	unsigned depth;
	struct arena arena; /* one record */
	struct record_event event;
	struct record_event_item *items;
	size_t item_count, item_room;
	struct record_event_folder *folders;
	size_t folder_count, folder_room;
	struct bytes ip[UAL_IPS]; /* by field, as written */
	struct ual_list apps, sessions, devices, ips, clients;
	struct buffer parameters;
	struct bytes device_session;
	int64_t last_time;
	/* A record of several events: which is taken, of how many; `further`
	 * counts those beyond one a record in the sink's item. */
	size_t part, parts;
	int64_t further;
	bool sign_in_failed;
	uint64_t items_cut; /* named beyond LIMIT_EVENT_ITEMS */
	bool strings_cut, strings_bad; /* JSON inside strings: left out */
};

/* Text of a string, or of a number or boolean as written; absent for null. */
struct bytes ual_text(struct ual *ual, struct json value);
/* Number, or a string of digits; RECORD_NONE otherwise. */
int64_t ual_integer(struct json value);
/* An array or object, also when it stands inside a string (rule 24). */
bool ual_container(struct ual *ual, struct json value, struct json *out);
/* "Not Available", "__NULL__", the zero GUID and "" are no id. */
bool ual_is_id(struct bytes text);
struct bytes ual_lower(struct ual *ual, struct bytes text);
void ual_list_add(struct ual_list *list, struct bytes text);
struct bytes ual_list_json(struct ual *ual, const struct ual_list *list);
/* Quoted and escaped. */
void ual_add_string(struct buffer *out, struct bytes text);
/* -Name "value" -Other ("a","b"), as compliance cmdlets are written. */
void ual_take_command_line(struct ual *ual, struct bytes text);
/* ["name","value"] onto ual->parameters. */
void ual_parameter(struct ual *ual, struct bytes name, struct bytes value);

void ual_add_app(struct ual *ual, struct bytes text, struct bytes *field);
void ual_add_session(struct ual *ual, struct bytes text, struct bytes *field);
void ual_add_device(struct ual *ual, struct bytes text);

enum ual_key ual_key_of(struct bytes key);

/* For records that are no JSON: begin, set ual->event, end says them. */
void ual_begin(struct ual *ual);
void ual_end(struct ual *ual, struct bytes text,
    const struct ual_place *place, struct sink *sink);
/* What was taken so far is forgotten, the arena's texts stay. */
void ual_forget(struct ual *ual);
/* ual_members.c */
void ual_take_member(struct ual *ual, enum ual_key key, struct json value);
/* The members of a record, unwrapped; false: a wrapper around nothing. */
bool ual_take_record(struct ual *ual, struct json root);

/* ual_items.c */
struct bytes ual_base64(struct ual *ual, const uint8_t *p, size_t n);
struct record_event_item *ual_new_item(struct ual *ual);
void ual_folder(struct ual *ual, struct json folder, struct bytes *id,
    struct bytes *path, struct bytes *name);
void ual_take_folders(struct ual *ual, struct json folders);
void ual_take_item(struct ual *ual, struct json item, bool own_folder);
void ual_take_affected(struct ual *ual, struct json items);
void ual_take_messages(struct ual *ual, struct json messages);

#endif
