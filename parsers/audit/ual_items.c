/* Items and folders that a record names. */
#include <stdlib.h>

#include "parsers/audit/ual_private.h"
#include "parsers/base/die.h"
#include "parsers/base/encode.h"

enum { /* reference 3.6: base64 of length, entry id, type */
	ITEM_ID_BYTES = 1 + 70 + 1,
	ITEM_FOLDER_FROM = 23, /* folder GUID and counter inside an item id */
	FOLDER_ID_BYTES = 1 + 46 + 1,
};

static void *
grow(void *list, size_t *room, size_t count, size_t size)
{
	if (count < *room)
		return list;
	*room = *room ? *room * 2 : 16;
	list = realloc(list, *room * size);
	if (list == NULL)
		die_machine("out of memory");
	return list;
}

static void
add_folder(struct ual *ual, struct bytes id, struct bytes path,
    struct bytes name)
{
	struct record_event_folder *folder;

	if (id.n == 0 || (path.n == 0 && name.n == 0))
		return;
	for (size_t i = 0; i < ual->folder_count; i++)
		if (bytes_eq(ual->folders[i].folder_id, id) &&
		    bytes_eq(ual->folders[i].path, path) &&
		    bytes_eq(ual->folders[i].name, name))
			return;
	ual->folders = grow(ual->folders, &ual->folder_room, ual->folder_count,
	    sizeof *ual->folders);
	folder = &ual->folders[ual->folder_count++];
	record_clear(RECORD_KIND_EVENT_FOLDER, folder);
	folder->folder_id = id;
	folder->path = path;
	folder->name = name;
}

/* URL-safe base64 of Graph and REST ids, in the standard alphabet. */
static struct bytes
standard_base64(struct ual *ual, struct bytes id)
{
	uint8_t *out;

	if (bytes_find_byte(id, '-') == SIZE_MAX &&
	    bytes_find_byte(id, '_') == SIZE_MAX)
		return id;
	out = arena_raw(&ual->arena, id.n);
	for (size_t i = 0; i < id.n; i++)
		out[i] = id.p[i] == '-' ? '+' : id.p[i] == '_' ? '/' : id.p[i];
	return bytes_of(out, id.n);
}

static struct bytes
known_text(struct ual *ual, struct json value)
{
	struct bytes text = bytes_trim(ual_text(ual, value));

	return ual_is_id(text) ? text : BYTES_NONE;
}

void
ual_folder(struct ual *ual, struct json folder, struct bytes *id,
    struct bytes *path, struct bytes *name)
{
	struct json_iterator members;
	struct json value;
	struct bytes key;

	*id = *path = *name = BYTES_NONE;
	if (!ual_container(ual, folder, &folder))
		return;
	members = json_children(folder);
	while (json_next(&members, &key, &value)) {
		if (bytes_eq(key, BYTES_LIT("Id")))
			*id = standard_base64(ual, known_text(ual, value));
		else if (bytes_eq(key, BYTES_LIT("Path")))
			*path = known_text(ual, value);
		else if (bytes_eq(key, BYTES_LIT("Name")))
			*name = known_text(ual, value);
	}
	add_folder(ual, *id, *path, *name);
}

struct record_event_item *
ual_new_item(struct ual *ual)
{
	struct record_event_item *item;

	if (ual->item_count >= LIMIT_EVENT_ITEMS) {
		ual->items_cut++;
		return NULL;
	}
	ual->items = grow(ual->items, &ual->item_room, ual->item_count,
	    sizeof *ual->items);
	item = &ual->items[ual->item_count];
	record_clear(RECORD_KIND_EVENT_ITEM, item);
	item->position = (int64_t)ual->item_count++;
	return item;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct bytes
ual_base64(struct ual *ual, const uint8_t *p, size_t n)
{
	uint8_t *out = arena_raw(&ual->arena, (n + 2) / 3 * 4);
	size_t at = 0;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t bits = (uint32_t)p[i] << 16 |
				(i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) |
				(i + 2 < n ? p[i + 2] : 0u);

		for (unsigned k = 0; k < 4; k++)
			out[at++] = i + k > n
					? '='
					: (uint8_t)base64_digits[bits >>
							(18 - 6 * k) & 63];
	}
	return bytes_of(out, at);
}

/* An item's id holds its folder's: reference 3.6, 28 of 28 real items. */
static struct bytes
folder_of_item(struct ual *ual, struct bytes item_id)
{
	uint8_t folder[FOLDER_ID_BYTES] = { 46 };
	struct bytes raw;
	size_t bad;

	if (item_id.n != ITEM_ID_BYTES / 3 * 4)
		return BYTES_NONE;
	raw = base64_decode(&ual->arena, item_id, &bad);
	if (bad != 0 || raw.n != ITEM_ID_BYTES || raw.p[0] != 70)
		return BYTES_NONE;
	memcpy(folder + 1, raw.p + 1, 20); /* flags, store */
	folder[21] = 1;                    /* object type: folder */
	memcpy(folder + ITEM_FOLDER_FROM, raw.p + ITEM_FOLDER_FROM, 24);
	folder[FOLDER_ID_BYTES - 1] = 1;
	return ual_base64(ual, folder, sizeof folder);
}

/* One ExchangeItem; a folder given by its list stands when it has none. */
static void
take_item_in(struct ual *ual, struct json item, struct bytes folder_id,
    struct bytes folder_path)
{
	struct record_event_item *out = ual_new_item(ual);
	struct json_iterator members;
	struct bytes key, name, id, path;
	struct json value;

	if (out == NULL || !ual_container(ual, item, &item))
		return;
	out->folder_id = folder_id;
	out->folder_path = folder_path;
	members = json_children(item);
	while (json_next(&members, &key, &value)) {
		if (bytes_eq(key, BYTES_LIT("InternetMessageId")))
			out->internet_message_id = known_text(ual, value);
		else if (bytes_eq(key, BYTES_LIT("Id")))
			out->item_id = standard_base64(ual,
			    known_text(ual, value));
		else if (bytes_eq(key, BYTES_LIT("ImmutableId")))
			out->immutable_id = standard_base64(ual,
			    known_text(ual, value));
		else if (bytes_eq(key, BYTES_LIT("Subject")))
			out->subject = ual_text(ual, value);
		else if (bytes_eq(key, BYTES_LIT("SizeInBytes")))
			out->bytes = ual_integer(value);
		else if (bytes_eq(key, BYTES_LIT("ParentFolder"))) {
			ual_folder(ual, value, &id, &path, &name);
			if (id.n > 0 || path.n > 0) {
				out->folder_id = id;
				out->folder_path = path;
			}
			if (ual->event.folder_name.n == 0)
				ual->event.folder_name = name;
		}
	}
	if (bytes_eq(out->item_id, BYTES_LIT("Unknown")))
		out->item_id = BYTES_NONE;
	if (out->folder_id.n == 0)
		out->folder_id = folder_of_item(ual, out->item_id);
}

static bool
names_nothing(const struct record_event_item *item)
{
	return item->internet_message_id.n == 0 && item->immutable_id.n == 0 &&
	       item->item_id.n == 0;
}

void
ual_take_item(struct ual *ual, struct json item, bool own_folder)
{
	size_t before = ual->item_count;
	struct record_event_item *taken;

	take_item_in(ual, item, BYTES_NONE, BYTES_NONE);
	if (ual->item_count == before)
		return;
	taken = &ual->items[before];
	if (own_folder) {
		ual->event.folder_id = taken->folder_id;
		ual->event.folder_path = taken->folder_path;
	}
	/* A Sync's Item is the folder itself: no message is named. */
	if (names_nothing(taken) ||
	    (taken->internet_message_id.n == 0 &&
	        taken->item_id.n == FOLDER_ID_BYTES / 3 * 4))
		ual->item_count = before;
}

static void
take_list(struct ual *ual, struct json items, struct bytes folder_id,
    struct bytes folder_path)
{
	struct json_iterator list;
	struct json item;
	struct bytes key;

	if (!ual_container(ual, items, &items))
		return;
	list = json_children(items);
	while (json_next(&list, &key, &item))
		take_item_in(ual, item, folder_id, folder_path);
}

static void
take_folder_items(struct ual *ual, struct json folder, const char *member)
{
	struct bytes id, path, name;
	struct json items;

	ual_folder(ual, folder, &id, &path, &name);
	if (ual->event.folder_id.n == 0 && ual->event.folder_path.n == 0) {
		ual->event.folder_id = id;
		ual->event.folder_path = path;
	}
	if (json_get(folder, member, &items))
		take_list(ual, items, id, path);
}

void
ual_take_folders(struct ual *ual, struct json folders)
{
	struct json_iterator list;
	struct json folder;
	struct bytes key;

	if (!ual_container(ual, folders, &folders))
		return;
	list = json_children(folders);
	while (json_next(&list, &key, &folder))
		take_folder_items(ual, folder, "FolderItems");
}

void
ual_take_messages(struct ual *ual, struct json messages)
{
	struct json_iterator list;
	struct json message, items;
	struct bytes key;

	if (!ual_container(ual, messages, &messages))
		return;
	list = json_children(messages);
	while (json_next(&list, &key, &message)) {
		/* AttachmentAccess: Id is the message's, items its parts. */
		struct record_event_item *item = NULL;
		struct json id;

		if (json_get(message, "Id", &id))
			item = ual_new_item(ual);
		if (item != NULL) {
			item->item_id = standard_base64(ual,
			    known_text(ual, id));
			item->folder_id = folder_of_item(ual, item->item_id);
		}
		if (json_get(message, "MessageItems", &items))
			take_list(ual, items, BYTES_NONE, BYTES_NONE);
	}
}

void
ual_take_affected(struct ual *ual, struct json items)
{
	take_list(ual, items, BYTES_NONE, BYTES_NONE);
}
