/* See second.h.  libpff owns its items; those of one message are freed when
 * it is said. */
#include "parsers/pst/second.h"

/* libpff.h declares what needs libbfio only after this. */
#include <libbfio.h>
#include <libpff.h>
#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/limits.h"
#include "parsers/mapi/mapi.h"

enum {
	TAG_ATTACH_DATA = 0x3701, NAMED_FIRST = 0x8000,
	PIECE = 65536,
};

/* ---- reading through our own descriptor */

struct reader {
	const struct input *input;
	off64_t at;
};

static struct reader *
reader_of(intptr_t *handle)
{
	return (struct reader *)(void *)handle;
}

static int
io_yes(intptr_t *handle, libbfio_error_t **error)
{
	(void)handle;
	(void)error;
	return 1;
}

static int
io_close(intptr_t *handle, libbfio_error_t **error)
{
	(void)handle;
	(void)error;
	return 0;
}

static int
io_open(intptr_t *handle, int flags, libbfio_error_t **error)
{
	(void)handle;
	(void)error;
	return flags == LIBBFIO_OPEN_READ ? 1 : -1;
}

static ssize_t
io_read(intptr_t *handle, uint8_t *p, size_t n, libbfio_error_t **error)
{
	struct reader *reader = reader_of(handle);
	int64_t got = input_read(reader->input, (uint64_t)reader->at, p, n);

	(void)error;
	if (got > 0)
		reader->at += got;
	return (ssize_t)got;
}

static ssize_t
io_write(intptr_t *handle, const uint8_t *p, size_t n,
    libbfio_error_t **error)
{
	(void)handle;
	(void)p;
	(void)n;
	(void)error;
	return -1;
}

static off64_t
io_seek(intptr_t *handle, off64_t offset, int whence, libbfio_error_t **error)
{
	struct reader *reader = reader_of(handle);
	off64_t size = (off64_t)reader->input->size;

	(void)error;
	if (whence == SEEK_CUR)
		offset += reader->at;
	else if (whence == SEEK_END)
		offset += size;
	if (offset < 0)
		return -1;
	return reader->at = offset;
}

static int
io_size(intptr_t *handle, size64_t *size, libbfio_error_t **error)
{
	(void)error;
	*size = reader_of(handle)->input->size;
	return 1;
}

static bool
open_file(struct reader *reader, libbfio_handle_t **io, libpff_file_t **file)
{
	return libbfio_handle_initialize(io, (intptr_t *)(void *)reader, NULL,
	           NULL, io_open, io_close, io_read, io_write, io_seek, io_yes,
	           io_yes, io_size, LIBBFIO_FLAG_IO_HANDLE_NON_MANAGED, NULL) ==
		   1 &&
	       libpff_file_initialize(file, NULL) == 1 &&
	       libpff_file_open_file_io_handle(*file, *io, LIBPFF_OPEN_READ,
	           NULL) == 1;
}

/* ---- items to bags */

struct second {
	struct sink *sink;
	/* Of the message in hand. */
	libpff_item_t **items;
	size_t count, room;
	unsigned embedded;
};

static void
keep_item(struct second *s, libpff_item_t *item)
{
	if (s->count == s->room) {
		s->room = s->room ? s->room * 2 : 64;
		s->items = realloc(s->items, s->room * sizeof *s->items);
		if (s->items == NULL)
			die_machine("out of memory");
	}
	s->items[s->count++] = item;
}

static void
free_items(struct second *s)
{
	while (s->count > 0)
		libpff_item_free(&s->items[--s->count], NULL);
	s->embedded = 0;
}

static uint32_t
nid_of(libpff_item_t *item)
{
	uint32_t nid = 0;

	libpff_item_get_identifier(item, &nid, NULL);
	return nid;
}

static bool
read_entry(struct arena *arena, libpff_record_set_t *set, int i,
    struct mapi_property *out)
{
	libpff_record_entry_t *entry = NULL;
	uint32_t id = 0, type = 0;
	size_t size = 0;
	bool good;

	if (libpff_record_set_get_entry_by_index(set, i, &entry, NULL) != 1)
		return false;
	good = libpff_record_entry_get_entry_type(entry, &id, NULL) == 1 &&
	       libpff_record_entry_get_value_type(entry, &type, NULL) == 1 &&
	       id < NAMED_FIRST && id != TAG_ATTACH_DATA &&
	       libpff_record_entry_get_data_size(entry, &size, NULL) == 1 &&
	       size <= LIMIT_TEXT_BYTES;
	if (good) {
		uint8_t *p = arena_raw(arena, size + 1);

		*out = (struct mapi_property){ (uint16_t)id, (uint16_t)type,
			bytes_of(p, size) };
		good = size == 0 ||
		       libpff_record_entry_get_data(entry, p, size, NULL) == 1;
	}
	libpff_record_entry_free(&entry, NULL);
	return good;
}

static int
compare_ids(const void *left, const void *right)
{
	const struct mapi_property *a = left, *b = right;

	return (int)a->id - (int)b->id;
}

/* Record set `index` of an item.  libpff keeps no list of names apart, so
 * named properties are left out. */
static struct mapi_bag
read_bag(struct arena *arena, libpff_item_t *item, int index)
{
	libpff_record_set_t *set = NULL;
	struct mapi_property *list;
	size_t kept = 0, once = 0;
	int count = 0;

	if (libpff_item_get_record_set_by_index(item, index, &set, NULL) != 1)
		return (struct mapi_bag){ NULL, 0 };
	libpff_record_set_get_number_of_entries(set, &count, NULL);
	list = arena_array(arena, (size_t)(count > 0 ? count : 0),
	    sizeof *list);
	for (int i = 0; i < count; i++)
		if (read_entry(arena, set, i, &list[kept]))
			kept++;
	libpff_record_set_free(&set, NULL);
	if (kept > 1)
		qsort(list, kept, sizeof *list, compare_ids);
	for (size_t i = 0; i < kept; i++)
		if (once == 0 || list[once - 1].id != list[i].id)
			list[once++] = list[i];
	return (struct mapi_bag){ list, once };
}

/* ---- messages */

struct stored {
	struct mapi_message mapi;
	libpff_item_t *item;
};

static bool
read_data(void *context, struct mapi_attachment *a,
    void (*piece)(void *to, struct bytes bytes), void *to)
{
	uint8_t *room = malloc(PIECE);
	uint64_t left = a->data_bytes;
	bool good = true;

	(void)context;
	if (room == NULL)
		die_machine("out of memory");
	good = libpff_attachment_data_seek_offset(a->store, 0, SEEK_SET,
	           NULL) == 0;
	while (good && left > 0) {
		ssize_t n = libpff_attachment_data_read_buffer(a->store, room,
		    left < PIECE ? (size_t)left : PIECE, NULL);

		good = n > 0;
		if (n > 0)
			piece(to, bytes_of(room, (size_t)n));
		left -= n > 0 ? (uint64_t)n : 0;
	}
	free(room);
	return good;
}

static void message_fill(struct second *s, struct arena *arena,
    libpff_item_t *item, struct bytes locator, struct stored *out);

static void
open_embedded(struct second *s, struct arena *arena, libpff_item_t *item,
    struct mapi_attachment *out)
{
	libpff_item_t *inner = NULL;
	struct stored *stored;

	if (s->embedded++ >= LIMIT_PST_EMBEDDED ||
	    libpff_attachment_get_item(item, &inner, NULL) != 1)
		return;
	keep_item(s, inner);
	stored = arena_alloc(arena, sizeof *stored);
	message_fill(s, arena, inner,
	    arena_printf(arena, "%.*s/nid=0x%x", (int)out->locator.n,
	        (const char *)out->locator.p, nid_of(inner)),
	    stored);
	stored->mapi.state = BYTES_LIT("embedded");
	out->embedded = &stored->mapi;
}

static bool
open_attachment(void *context, struct arena *arena,
    struct mapi_message *message, size_t i, struct mapi_attachment *out)
{
	struct stored *stored = message->store;
	libpff_item_t *item = NULL;
	size64_t size = 0;
	int type = 0;

	*out = (struct mapi_attachment){ .store = NULL };
	if (libpff_message_get_attachment(stored->item, (int)i, &item, NULL) !=
	    1)
		return false;
	keep_item(context, item);
	out->locator = arena_printf(arena, "%.*s/attachment=0x%x",
	    (int)message->locator.n, (const char *)message->locator.p,
	    nid_of(item));
	out->bag = read_bag(arena, item, 0);
	libpff_attachment_get_type(item, &type, NULL);
	if (type == LIBPFF_ATTACHMENT_TYPE_ITEM) {
		open_embedded(context, arena, item, out);
	} else if (type == LIBPFF_ATTACHMENT_TYPE_DATA &&
		   libpff_attachment_get_data_size(item, &size, NULL) == 1) {
		out->data_bytes = size;
		out->data = read_data;
		out->store = item;
	}
	return true;
}

static void
read_recipients(struct second *s, struct arena *arena, struct stored *out)
{
	libpff_item_t *table = NULL;
	struct mapi_bag *bags;
	int count = 0;

	if (libpff_message_get_recipients(out->item, &table, NULL) != 1)
		return;
	keep_item(s, table);
	libpff_item_get_number_of_record_sets(table, &count, NULL);
	if (count <= 0 || count > LIMIT_RECIPIENTS)
		return;
	bags = arena_array(arena, (size_t)count, sizeof *bags);
	for (int i = 0; i < count; i++)
		bags[i] = read_bag(arena, table, i);
	out->mapi.recipients = bags;
	out->mapi.recipient_count = (size_t)count;
}

static void
message_fill(struct second *s, struct arena *arena, libpff_item_t *item,
    struct bytes locator, struct stored *out)
{
	int attachments = 0;

	*out = (struct stored){ .item = item };
	out->mapi = (struct mapi_message){
		.bag = read_bag(arena, item, 0),
		.attachment = open_attachment,
		.context = s,
		.store = out,
		.locator = locator,
		.state = BYTES_LIT("live"),
	};
	libpff_message_get_number_of_attachments(item, &attachments, NULL);
	out->mapi.attachment_count = attachments > 0 ? (size_t)attachments : 0;
	read_recipients(s, arena, out);
}

static void
say_message(struct second *s, libpff_item_t *item)
{
	struct arena arena;
	struct bytes locator;

	arena_init(&arena);
	locator = arena_printf(&arena, "nid=0x%x", nid_of(item));
	if (sink_item_begin(s->sink, locator)) {
		struct stored *stored = arena_alloc(&s->sink->item,
		    sizeof *stored);

		message_fill(s, &s->sink->item, item, locator, stored);
		mapi_message_say(s->sink, &stored->mapi);
		sink_item_end(s->sink);
	}
	free_items(s);
	arena_release(&arena);
}

/* ---- folders, without recursion */

struct level {
	libpff_item_t *folder;
	int at, count;
};

static void
say_messages(struct second *s, libpff_item_t *folder)
{
	int count = 0;

	libpff_folder_get_number_of_sub_messages(folder, &count, NULL);
	for (int i = 0; i < count; i++) {
		libpff_item_t *message = NULL;

		if (libpff_folder_get_sub_message(folder, i, &message, NULL) !=
		    1) {
			sink_problem(s->sink, BYTES_NONE, PROBLEM_DAMAGED,
			    OUTCOME_ITEM_LOST, 1,
			    "libpff cannot read message %d of folder 0x%x", i,
			    nid_of(folder));
			continue;
		}
		say_message(s, message);
		libpff_item_free(&message, NULL);
	}
}

static struct level
level_of(libpff_item_t *folder)
{
	struct level level = { folder, 0, 0 };

	libpff_folder_get_number_of_sub_folders(folder, &level.count, NULL);
	return level;
}

static void
say_folders(struct second *s, libpff_item_t *root)
{
	struct level levels[LIMIT_FOLDER_DEPTH];
	size_t depth = 1;

	levels[0] = level_of(root);
	while (depth > 0) {
		struct level *top = &levels[depth - 1];
		libpff_item_t *folder = NULL;

		if (top->at >= top->count) {
			libpff_item_free(&top->folder, NULL);
			depth--;
			continue;
		}
		if (libpff_folder_get_sub_folder(top->folder, top->at++,
		        &folder, NULL) != 1)
			continue;
		/* Search folders show messages of others. */
		if ((nid_of(folder) & 0x1F) == 2)
			say_messages(s, folder);
		if (depth == LIMIT_FOLDER_DEPTH) {
			libpff_item_free(&folder, NULL);
			continue;
		}
		levels[depth++] = level_of(folder);
	}
}

enum outcome
pst_second_run(const struct input *input, struct sink *sink)
{
	struct reader reader = { input, 0 };
	struct second second = { .sink = sink };
	libbfio_handle_t *io = NULL;
	libpff_file_t *file = NULL;
	libpff_item_t *root = NULL;
	enum outcome outcome = OUTCOME_OK;

	if (open_file(&reader, &io, &file) &&
	    libpff_file_get_root_folder(file, &root, NULL) == 1) {
		say_folders(&second, root);
	} else {
		sink_problem(sink, BYTES_NONE, PROBLEM_DAMAGED,
		    OUTCOME_SOURCE_LOST, 0, "libpff cannot open this store");
		outcome = OUTCOME_SOURCE_LOST;
	}
	free(second.items);
	if (file != NULL)
		libpff_file_free(&file, NULL);
	if (io != NULL)
		libbfio_handle_free(&io, NULL);
	return outcome;
}
