/* Shared by the ual_*.c files alone. */
#ifndef PARSERS_AUDIT_UAL_PRIVATE_H
#define PARSERS_AUDIT_UAL_PRIVATE_H

#include "parsers/audit/json.h"
#include "parsers/audit/ual.h"
#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"

enum { UAL_IPS = 8, UAL_IDS = 8 };

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
	struct bytes ip_item, ip_cmdlet, ip_actor; /* by field, as written */
	struct ual_list apps, sessions, devices, ips;
	struct buffer parameters;
	struct bytes device_session;
	int64_t last_time;
	bool sign_in_failed, items_cut;
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
/* ["name","value"] onto ual->parameters. */
void ual_parameter(struct ual *ual, struct bytes name, struct bytes value);

/* ual_items.c */
void ual_folder(struct ual *ual, struct json folder, struct bytes *id,
    struct bytes *path, struct bytes *name);
void ual_take_folders(struct ual *ual, struct json folders);
void ual_take_item(struct ual *ual, struct json item, bool own_folder);
void ual_take_affected(struct ual *ual, struct json items);
void ual_take_messages(struct ual *ual, struct json messages);

#endif
