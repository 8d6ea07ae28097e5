/* Outlook message files ([MS-OXMSG]): a compound file, one message. */
#include <stdlib.h>

#include "parsers/base/limits.h"
#include "parsers/mapi/msg.h"
#include "parsers/mapi/msg_private.h"

struct storage { /* a message in the file */
	struct msg *msg;
	uint32_t entry;
	uint32_t *attachments; /* entries */
};

struct attachment_store {
	struct msg *msg;
	uint32_t data; /* stream, or storage of an OLE object */
};

/* ---- messages */

struct numbered {
	uint32_t number, entry;
};

static int
by_number(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* The storages "PREFIX#00000000" of a message, in the order of numbers. */
static uint32_t *
numbered_storages(struct msg *msg, uint32_t parent, struct bytes prefix,
    size_t *count)
{
	const struct cfb *cfb = &msg->cfb;
	struct numbered *list;
	uint32_t *entries;
	size_t most = 0;

	*count = 0;
	for (uint32_t i = cfb->entries[parent].first; i != CFB_NONE;
	     i = cfb->entries[i].next)
		most++;
	list = arena_array(msg->arena, most, sizeof *list);
	entries = arena_array(msg->arena, most, sizeof *entries);
	for (uint32_t i = cfb->entries[parent].first; i != CFB_NONE;
	     i = cfb->entries[i].next) {
		struct bytes name = cfb->entries[i].name;

		if (cfb->entries[i].type == CFB_STORAGE &&
		    bytes_starts_nocase(name, prefix) &&
		    msg_hex_number(bytes_skip(name, prefix.n),
		        &list[*count].number))
			list[(*count)++].entry = i;
	}
	qsort(list, *count, sizeof *list, by_number);
	for (size_t i = 0; i < *count; i++)
		entries[i] = list[i].entry;
	return entries;
}

static bool message_load(struct msg *msg, uint32_t entry, size_t header,
    struct mapi_message *message);

/* An OLE object is a storage: its streams one after the other, in the order
 * of the directory, storages inside before their siblings. */
static bool
storage_data(const struct cfb *cfb, uint32_t root,
    void (*piece)(void *to, struct bytes bytes), void *to)
{
	uint32_t at = cfb->entries[root].first;
	bool whole = true;

	while (at != CFB_NONE) {
		const struct cfb_entry *entry = &cfb->entries[at];

		if (entry->type == CFB_STREAM)
			whole = cfb_read(cfb, at, piece, to) && whole;
		if (entry->first != CFB_NONE) {
			at = entry->first;
			continue;
		}
		while (at != root && cfb->entries[at].next == CFB_NONE)
			at = cfb->entries[at].parent;
		if (at == root)
			break;
		at = cfb->entries[at].next;
	}
	return whole;
}

static bool
attachment_data(void *context, struct mapi_attachment *attachment,
    void (*piece)(void *to, struct bytes bytes), void *to)
{
	struct attachment_store *store = attachment->store;
	const struct cfb *cfb = &store->msg->cfb;
	bool whole;

	(void)context;
	whole = cfb->entries[store->data].type == CFB_STREAM
		    ? cfb_read(cfb, store->data, piece, to)
		    : storage_data(cfb, store->data, piece, to);
	msg_is_cut(store->msg, store->data, attachment->locator, whole);
	return whole;
}

static void
take_object(struct msg *msg, uint32_t entry, struct mapi_attachment *out)
{
	struct attachment_store *store = arena_alloc(msg->arena,
	    sizeof *store);

	store->msg = msg;
	store->data = entry;
	out->store = store;
	out->data = attachment_data;
	out->data_bytes = msg->cfb.entries[entry].size;
}

static bool
attachment_load(void *context, struct arena *arena,
    struct mapi_message *message, size_t i, struct mapi_attachment *out)
{
	struct storage *storage = message->store;
	struct msg *msg = storage->msg;
	uint32_t entry = storage->attachments[i], data, object;

	(void)context;
	out->locator = arena_printf(arena, "%.*s%sattachment=%zu",
	    (int)message->locator.n, (const char *)message->locator.p,
	    message->locator.n ? "/" : "", i + 1);
	out->bag = msg_bag(msg, entry, 8, out->locator);
	data = cfb_find(&msg->cfb, entry, BYTES_LIT("__substg1.0_37010102"));
	object = cfb_find(&msg->cfb, entry, BYTES_LIT("__substg1.0_3701000D"));
	if (object != CFB_NONE &&
	    cfb_find(&msg->cfb, object,
	        BYTES_LIT("__properties_version1.0")) != CFB_NONE) {
		out->embedded = arena_alloc(arena, sizeof *out->embedded);
		out->embedded->locator = out->locator;
		out->embedded->state = BYTES_LIT("embedded");
		message_load(msg, object, 24, out->embedded);
	} else if (data != CFB_NONE)
		take_object(msg, data, out);
	else if (object != CFB_NONE)
		take_object(msg, object, out);
	return true;
}

/* `header`: 32 bytes at the top, 24 in an embedded message (2.4.1). */
static bool
message_load(struct msg *msg, uint32_t entry, size_t header,
    struct mapi_message *message)
{
	struct storage *storage = arena_alloc(msg->arena, sizeof *storage);
	struct mapi_bag *recipients;
	uint32_t *list;

	storage->msg = msg;
	storage->entry = entry;
	message->bag = msg_bag(msg, entry, header, message->locator);
	message->names = msg->names;
	list = numbered_storages(msg, entry, BYTES_LIT("__recip_version1.0_#"),
	    &message->recipient_count);
	recipients = arena_array(msg->arena, message->recipient_count,
	    sizeof *recipients);
	for (size_t i = 0; i < message->recipient_count; i++)
		recipients[i] = msg_bag(msg, list[i], 8,
		    message->locator);
	message->recipients = recipients;
	storage->attachments = numbered_storages(msg, entry,
	    BYTES_LIT("__attach_version1.0_#"), &message->attachment_count);
	message->attachment = attachment_load;
	message->store = storage;
	return message->bag.count > 0;
}

bool
msg_is(struct bytes file)
{
	return cfb_is(file) &&
	       (bytes_find(file, BYTES_LIT("_\0_\0p\0r\0o\0p\0e\0r\0t\0i\0e\0"
					   "s\0_\0v\0e\0r\0s\0i\0o\0n\0")) !=
		       SIZE_MAX ||
		   bytes_find(file, BYTES_LIT("_\0_\0n\0a\0m\0e\0i\0d\0_\0"
					      "v\0e\0r\0")) != SIZE_MAX);
}

bool
msg_open(struct sink *sink, struct arena *arena, struct bytes file,
    struct mapi_message *message)
{
	struct msg *msg = arena_alloc(arena, sizeof *msg);
	const char *problem;

	msg->arena = arena;
	msg->sink = sink;
	if (!cfb_open(&msg->cfb, arena, file, &problem)) {
		sink_problem(sink, message->locator, PROBLEM_DAMAGED,
		    OUTCOME_ITEM_LOST, 1, "%s", problem);
		return false;
	}
	if (msg->cfb.damaged)
		sink_problem(sink, message->locator, PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, 0,
		    "the directory has links that lead nowhere or back "
		    "([MS-CFB] 2.6.4)");
	msg_names_load(msg);
	message->as_stored = file;
	if (message_load(msg, 0, 32, message))
		return true;
	sink_problem(sink, message->locator, PROBLEM_DAMAGED,
	    OUTCOME_ITEM_LOST, 1, "a compound file without a message's "
	    "properties ([MS-OXMSG] 2.4)");
	return false;
}

/* ---- the parser */

/* The names stand in the directory, which may lie past the head; then the
 * magic alone is weak: old Office documents have it too. */
static unsigned
msg_probe(struct bytes head, uint64_t size)
{
	if (!cfb_is(head))
		return 0;
	if (msg_is(head))
		return 96;
	return size > head.n ? 4 : 0;
}

static enum outcome
msg_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct mapi_message message = { .locator = BYTES_LIT(""),
		.state = BYTES_LIT("live") };
	enum outcome outcome = OUTCOME_ITEM_LOST;
	struct bytes file;

	(void)spec;
	if (!sink_item_begin(sink, BYTES_LIT("")))
		return OUTCOME_OK;
	if (input->size > LIMIT_ITEM_BYTES)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_LIMIT_SIZE,
		    OUTCOME_ITEM_LOST, 1, "a message of more than %zu bytes",
		    LIMIT_ITEM_BYTES);
	else {
		file = input_slice(input, &sink->item, 0, input->size);
		if (!bytes_present(file))
			sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
			    OUTCOME_ITEM_LOST, 1, "the file cannot be read: "
			    "I/O error or it became shorter");
		else if (msg_open(sink, &sink->item, file, &message)) {
			mapi_message_say(sink, &message);
			outcome = OUTCOME_OK;
		}
	}
	sink_item_end(sink);
	return outcome;
}

const struct parser parser_msg = {
	.name = "msg",
	.title = "Outlook message (MSG)",
	.probe = msg_probe,
	.run = msg_run,
};
