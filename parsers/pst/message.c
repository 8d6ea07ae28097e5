/* Messages and attachments, [MS-PST] 2.4.5, 2.4.6. */
#include "parsers/pst/message.h"

#include <stdlib.h>

#include "parsers/base/limits.h"
#include "parsers/mapi/found.h"

enum {
	TAG_RECORD_KEY = 0x0FF9, TAG_CODEPAGE = 0x3FFD,
	TAG_ATTACH_DATA = 0x3701, TAG_ATTACH_METHOD = 0x3705,
	METHOD_EMBEDDED = 5,
	TYPE_OBJECT = 0x000D,
};

/* mapi_message.store */
struct message {
	struct mapi_message mapi;
	struct pst_object object;
	uint32_t *attachments; /* NIDs of subnodes */
	const struct message *outer;
};

/* mapi_attachment.store */
struct attachment {
	struct pst_object object;
	struct pst_tree tree;
	struct bytes inline_data; /* when it lies in the heap */
};

void
pst_store_read(struct pst_store *store)
{
	const struct mapi_property *key;
	struct pst_object object;
	struct pst_node node;
	struct pst_bag bag;
	uint64_t codepage;

	if (!pst_node_find(store, PST_NID_STORE, &node) ||
	    !pst_object_open(&object, store, &store->arena, &node) ||
	    !pst_bag_read(&object, 0, &bag))
		return;
	key = pst_bag_find(&bag.bag, TAG_RECORD_KEY);
	if (key != NULL && key->value.n == 16)
		store->record_key = key->value;
	codepage = pst_bag_number(&bag.bag, TAG_CODEPAGE, 0);
	if (store->codepage == 0 && codepage < 0x10000)
		store->codepage = (uint32_t)codepage;
}

/* [MS-PST] 2.4.3.2: flags, provider, NID. */
static struct bytes
entry_id(struct pst_store *store, struct arena *arena, uint32_t nid)
{
	uint8_t *id;

	if (store->record_key.n != 16 || nid == 0)
		return BYTES_NONE;
	id = arena_alloc(arena, 24);
	memcpy(id + 4, store->record_key.p, 16);
	for (int i = 0; i < 4; i++)
		id[20 + i] = (uint8_t)(nid >> (8 * i));
	return bytes_of(id, 24);
}

/* ---- attachments */

static bool
read_data(void *context, struct mapi_attachment *mapi,
    void (*piece)(void *to, struct bytes bytes), void *to)
{
	struct attachment *a = mapi->store;

	if (bytes_present(a->inline_data)) {
		if (a->inline_data.n > 0)
			piece(to, a->inline_data);
		return true;
	}
	return pst_tree_stream(context, &a->tree, piece, to);
}

/* The value at HNID, as data to be streamed. */
static bool
data_at(struct attachment *a, uint32_t hnid, struct mapi_attachment *out)
{
	const struct pst_node *sub;

	if ((hnid & 0x1F) == 0) {
		a->inline_data = pst_value(&a->object, hnid);
		out->data_bytes = a->inline_data.n;
		return bytes_present(a->inline_data);
	}
	sub = pst_object_sub(&a->object, hnid);
	if (sub == NULL) {
		pst_say(a->object.store, PROBLEM_NO_DATA, OUTCOME_PARTIAL, 0,
		    "attachment 0x%x: its data in subnode 0x%x are not there "
		    "([MS-PST] 2.4.6.1)", a->object.node.nid, hnid);
		return false;
	}
	if (!pst_tree_open(a->object.store, a->object.arena, sub->data,
	        &a->tree))
		return false;
	out->data_bytes = a->tree.bytes;
	return true;
}

static bool message_open(struct pst_store *store, struct arena *arena,
    const struct pst_node *node, struct bytes locator,
    const struct message *outer, struct message *out);

/* The same data on the way here: a message that holds itself. */
static bool
is_inside_itself(const struct message *outer, const struct pst_node *node)
{
	for (; outer != NULL; outer = outer->outer)
		if (outer->object.node.data == node->data)
			return true;
	return false;
}

static bool
embedded_open(struct attachment *a, const struct message *outer,
    const struct pst_node *node, struct mapi_attachment *out)
{
	struct pst_store *store = a->object.store;
	struct message *inner;

	if (is_inside_itself(outer, node)) {
		pst_say(store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
		    "attachment 0x%x holds the message that holds it",
		    a->object.node.nid);
		return false;
	}
	if (store->embedded++ >= pst_limits.embedded) {
		pst_say(store, PROBLEM_LIMIT_PARTS, OUTCOME_PARTIAL, 0,
		    "more than %u messages in one item",
		    (unsigned)pst_limits.embedded);
		return false;
	}
	inner = arena_alloc(a->object.arena, sizeof *inner);
	if (!message_open(store, a->object.arena, node,
	        arena_printf(a->object.arena, "%.*s/nid=0x%x",
	            (int)out->locator.n, (const char *)out->locator.p,
	            node->nid),
	        outer, inner))
		return false;
	inner->mapi.state = BYTES_LIT("embedded");
	out->embedded = &inner->mapi;
	return true;
}

/* PtypObject: 8 bytes in the heap, NID and size. [MS-PST] 2.3.3.5 */
static bool
object_at(struct attachment *a, uint32_t hid, uint64_t method,
    const struct message *outer, struct mapi_attachment *out)
{
	struct bytes place = pst_heap_item(&a->object, hid);
	const struct pst_node *sub;
	uint32_t nid;

	if (place.n < 4)
		return false;
	nid = pst_le32(place.p);
	sub = pst_object_sub(&a->object, nid);
	if (sub == NULL) {
		pst_say(a->object.store, PROBLEM_NO_DATA, OUTCOME_PARTIAL, 0,
		    "attachment 0x%x: its object in subnode 0x%x is not there "
		    "([MS-PST] 2.3.3.5)", a->object.node.nid, nid);
		return false;
	}
	if (method == METHOD_EMBEDDED || pst_nid_type(nid) == PST_NID_MESSAGE)
		return embedded_open(a, outer, sub, out);
	return data_at(a, nid, out);
}

static void
content_open(struct attachment *a, const struct pst_bag *bag,
    const struct message *outer, struct mapi_attachment *out)
{
	const struct mapi_property *data = pst_bag_find(&bag->bag,
	    TAG_ATTACH_DATA);
	uint64_t method = pst_bag_number(&bag->bag, TAG_ATTACH_METHOD, 0);
	uint32_t hnid = pst_bag_raw(bag, TAG_ATTACH_DATA);

	if (data == NULL)
		return;
	if (data->type == TYPE_OBJECT) {
		if (object_at(a, hnid, method, outer, out) &&
		    out->embedded == NULL)
			out->data = read_data;
	} else if (data_at(a, hnid, out)) {
		out->data = read_data;
	}
}

/* The bag without the data, which go their own way. */
static struct mapi_bag
bag_without_data(struct mapi_bag bag)
{
	struct mapi_property *list = (struct mapi_property *)(uintptr_t)bag.list;
	size_t kept = 0;

	for (size_t i = 0; i < bag.count; i++)
		if (list[i].id != TAG_ATTACH_DATA)
			list[kept++] = list[i];
	return (struct mapi_bag){ list, kept };
}

static bool
attachment_open(void *context, struct arena *arena,
    struct mapi_message *mapi, size_t i, struct mapi_attachment *out)
{
	struct pst_store *store = context;
	struct message *message = mapi->store;
	struct attachment *a = arena_alloc(arena, sizeof *a);
	const struct pst_node *node;
	struct pst_bag bag;
	uint32_t nid = message->attachments[i];

	*out = (struct mapi_attachment){ .store = a };
	out->locator = arena_printf(arena, "%.*s/attachment=0x%x",
	    (int)mapi->locator.n, (const char *)mapi->locator.p, nid);
	node = pst_object_sub(&message->object, nid);
	if (node == NULL) {
		pst_say(store, PROBLEM_NO_DATA, OUTCOME_PARTIAL, 0,
		    "attachment 0x%x is listed, and not there "
		    "([MS-PST] 2.4.6)", nid);
		return false;
	}
	if (!pst_object_open(&a->object, store, arena, node) ||
	    !pst_bag_read(&a->object, TAG_ATTACH_DATA, &bag))
		return false;
	content_open(a, &bag, message, out);
	out->bag = bag_without_data(bag.bag);
	return true;
}

/* ---- messages */

static void
add_attachment(struct message *m, uint32_t nid)
{
	m->attachments[m->mapi.attachment_count++] = nid;
}

/* Rows of the attachment table, then subnodes that it does not list. */
static void
attachments_list(struct message *m)
{
	struct pst_object *o = &m->object;
	const struct pst_subs *subs = pst_object_subs(o);
	const struct pst_node *node = pst_object_sub(o, PST_NID_ATTACHMENTS);
	struct pst_table table = { 0 };
	size_t unlisted = 0;

	if (node != NULL &&
	    !pst_table_open(&table, o->store, o->arena, node))
		table.row_count = 0;
	m->attachments = arena_array(o->arena, table.row_count + subs->count,
	    sizeof *m->attachments);
	for (size_t i = 0; i < table.row_count; i++)
		add_attachment(m, table.rows[i].id);
	for (size_t i = 0; i < subs->count; i++) {
		uint32_t nid = subs->list[i].nid;
		size_t low = 0, high = table.row_count;

		if (pst_nid_type(nid) != PST_NID_ATTACHMENT)
			continue;
		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (table.rows[middle].id < nid)
				low = middle + 1;
			else
				high = middle;
		}
		if (low < table.row_count && table.rows[low].id == nid)
			continue;
		add_attachment(m, nid);
		unlisted++;
	}
	if (unlisted > 0)
		pst_say(o->store, PROBLEM_COUNT_MISMATCH, OUTCOME_OK, 0,
		    "%zu attachments that the attachment table does not list "
		    "([MS-PST] 2.4.6)", unlisted);
}

static int
compare_indexes(const void *left, const void *right)
{
	const struct pst_row *a = left, *b = right;

	return a->index < b->index ? -1 : a->index > b->index;
}

static void
recipients_read(struct message *m)
{
	struct pst_object *o = &m->object;
	const struct pst_node *node = pst_object_sub(o, PST_NID_RECIPIENTS);
	struct pst_table table;
	struct mapi_bag *bags;
	size_t most;

	if (node == NULL ||
	    !pst_table_open(&table, o->store, o->arena, node))
		return;
	if (table.row_count > 1)
		qsort(table.rows, table.row_count, sizeof *table.rows,
		    compare_indexes);
	most = table.row_count < LIMIT_RECIPIENTS ? table.row_count
						  : LIMIT_RECIPIENTS;
	if (most < table.row_count)
		pst_say(o->store, PROBLEM_LIMIT_PARTS, OUTCOME_PARTIAL, 0,
		    "%zu recipients, read %u", table.row_count,
		    (unsigned)LIMIT_RECIPIENTS);
	bags = arena_array(o->arena, most, sizeof *bags);
	for (size_t i = 0; i < most; i++) {
		struct bytes row = pst_table_row(&table, i);

		if (bytes_present(row))
			bags[m->mapi.recipient_count++] =
			    pst_table_bag(&table, row);
	}
	m->mapi.recipients = bags;
}

static void
message_fill(struct pst_store *store, const struct mapi_bag *bag,
    struct bytes locator, struct message *out)
{
	out->mapi = (struct mapi_message){
		.bag = *bag,
		.names = store->names,
		.codepage = store->codepage,
		.attachment = attachment_open,
		.context = store,
		.store = out,
		.locator = locator,
	};
	recipients_read(out);
	attachments_list(out);
}

static bool
message_open(struct pst_store *store, struct arena *arena,
    const struct pst_node *node, struct bytes locator,
    const struct message *outer, struct message *out)
{
	struct pst_bag bag;

	*out = (struct message){ .outer = outer };
	if (!pst_object_open(&out->object, store, arena, node) ||
	    !pst_bag_read(&out->object, 0, &bag))
		return false;
	message_fill(store, &bag.bag, locator, out);
	return true;
}

static void
message_say(struct pst_store *store, const struct pst_item *item,
    struct message *m)
{
	m->mapi.folder_id = item->folder_id;
	m->mapi.state = item->state;
	m->mapi.older_copy = item->older_copy;
	m->mapi.listed = item->listed;
	m->mapi.in_sent_items = item->in_sent_items;
	m->mapi.entry_id = entry_id(store, &store->sink->item,
	    item->node.nid);
	mapi_message_say(store->sink, &m->mapi);
	/* The delegates' item is none of the associated ones. */
	mapi_found_say(store->sink, &m->mapi);
}

bool
pst_item_found(struct pst_store *store, const struct pst_item *item)
{
	struct arena *arena = &store->sink->item;
	struct mapi_message message = { .names = store->names,
		.codepage = store->codepage, .locator = item->locator,
		.folder_id = item->folder_id, .state = item->state,
		.associated = true };
	struct pst_object object;
	struct pst_bag bag;

	if (!pst_object_open(&object, store, arena, &item->node) ||
	    !pst_bag_read(&object, 0, &bag))
		return false;
	message.bag = bag.bag;
	mapi_found_say(store->sink, &message);
	return true;
}

bool
pst_item_say(struct pst_store *store, const struct pst_item *item)
{
	struct arena *arena = &store->sink->item;
	struct message *m = arena_alloc(arena, sizeof *m);

	store->embedded = 0;
	if (!message_open(store, arena, &item->node, item->locator, NULL, m))
		return false;
	message_say(store, item, m);
	return true;
}

/* Row of a message in a folder's contents table. */
static bool
contents_row(struct pst_store *store, struct arena *arena, uint32_t folder,
    uint32_t nid, struct mapi_bag *out)
{
	struct pst_table *table = arena_alloc(arena, sizeof *table);
	struct pst_node node;
	struct bytes row;

	if (!pst_node_find(store, pst_nid_sibling(folder, PST_NID_CONTENTS),
	        &node) ||
	    !pst_table_open(table, store, arena, &node))
		return false;
	for (size_t i = 0; i < table->row_count; i++) {
		if (table->rows[i].id != nid)
			continue;
		row = pst_table_row(table, i);
		if (!bytes_present(row))
			return false;
		*out = pst_table_bag(table, row);
		return true;
	}
	return false;
}

bool
pst_item_say_row(struct pst_store *store, const struct pst_item *item,
    uint32_t folder)
{
	struct arena *arena = &store->sink->item;
	struct message *m = arena_alloc(arena, sizeof *m);
	struct mapi_bag bag;

	if (!contents_row(store, arena, folder, item->node.nid, &bag))
		return false;
	pst_say(store, PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0,
	    "its own properties are lost: said from its row in the table of "
	    "folder 0x%x ([MS-PST] 2.4.4.5)", folder);
	m->object = (struct pst_object){ .store = store, .arena = arena,
		.node = item->node };
	store->embedded = 0;
	message_fill(store, &bag, item->locator, m);
	message_say(store, item, m);
	return true;
}
