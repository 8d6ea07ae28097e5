#include "parsers/containers/zip_index.h"

#include <stdlib.h>
#include <zlib.h>

#include "parsers/base/cursor.h"
#include "parsers/base/die.h"
#include "parsers/base/limits.h"

enum {
	END_BYTES = 22,
	END_REACH = END_BYTES + 65535, /* a comment may follow */
	LOCATOR_BYTES = 20,
	CENTRAL_BYTES = 46,
	LOCAL_BYTES = 30,
	/* Of the directory: a million members with long names. */
	DIRECTORY_MOST = 512 * 1024 * 1024,
};

struct entry {
	struct bytes path;
	uint64_t offset, packed, size;
	uint32_t crc;
	unsigned method;
	bool encrypted;
};

struct zip_index {
	const struct input *input;
	struct arena arena;
	struct entry *list; /* by path */
	size_t count;
};

/* ---- the directory */

struct directory {
	uint64_t offset, size;
};

/* Zip64: its locator stands before the end record and names its own. */
static void
widen(const struct zip_index *index, uint64_t end, struct arena *arena,
    struct directory *directory)
{
	struct cursor c;
	uint64_t at;

	if (end < LOCATOR_BYTES)
		return;
	c = cursor_over(input_slice(index->input, arena, end - LOCATOR_BYTES,
	    end));
	if (cursor_le(&c, 4) != 0x07064b50)
		return;
	cursor_take(&c, 4);
	at = cursor_le(&c, 8);
	if (c.failed || at > UINT64_MAX - 56)
		return;
	c = cursor_over(input_slice(index->input, arena, at, at + 56));
	if (cursor_le(&c, 4) != 0x06064b50)
		return;
	cursor_take(&c, 36);
	directory->size = cursor_le(&c, 8);
	directory->offset = cursor_le(&c, 8);
}

static bool
find_directory(const struct zip_index *index, struct arena *arena,
    struct directory *directory)
{
	uint64_t size = index->input->size;
	uint64_t from = size > END_REACH ? size - END_REACH : 0;
	struct bytes tail = input_slice(index->input, arena, from, size);

	for (size_t at = tail.n; at >= END_BYTES; at--) {
		struct cursor c = cursor_over(bytes_slice(tail,
		    at - END_BYTES, at));

		if (cursor_le(&c, 4) != 0x06054b50)
			continue;
		cursor_take(&c, 8);
		directory->size = cursor_le(&c, 4);
		directory->offset = cursor_le(&c, 4);
		widen(index, from + at - END_BYTES, arena, directory);
		return directory->size <= DIRECTORY_MOST &&
		       directory->offset <= size &&
		       directory->size <= size - directory->offset;
	}
	return false;
}

/* Extra field 1: the sizes and the place that did not fit, in this order. */
static void
widen_entry(struct entry *entry, struct bytes extra)
{
	struct cursor c = cursor_over(extra);

	while (cursor_left(&c) >= 4) {
		uint64_t id = cursor_le(&c, 2), n = cursor_le(&c, 2);
		struct cursor wide = cursor_over(cursor_take(&c, (size_t)n));

		if (id != 1 || c.failed)
			continue;
		if (entry->size == UINT32_MAX)
			entry->size = cursor_le(&wide, 8);
		if (entry->packed == UINT32_MAX)
			entry->packed = cursor_le(&wide, 8);
		if (entry->offset == UINT32_MAX)
			entry->offset = cursor_le(&wide, 8);
	}
}

static bool
take_entry(struct cursor *c, struct entry *entry)
{
	uint64_t flags, name, extra, comment;

	if (cursor_le(c, 4) != 0x02014b50)
		return false;
	cursor_take(c, 4);
	flags = cursor_le(c, 2);
	entry->encrypted = (flags & 1) != 0;
	entry->method = (unsigned)cursor_le(c, 2);
	cursor_take(c, 4);
	entry->crc = (uint32_t)cursor_le(c, 4);
	entry->packed = cursor_le(c, 4);
	entry->size = cursor_le(c, 4);
	name = cursor_le(c, 2);
	extra = cursor_le(c, 2);
	comment = cursor_le(c, 2);
	cursor_take(c, 8);
	entry->offset = cursor_le(c, 4);
	entry->path = cursor_take(c, (size_t)name);
	widen_entry(entry, cursor_take(c, (size_t)extra));
	cursor_take(c, (size_t)comment);
	return !c->failed;
}

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = bytes_compare(x->path, y->path);

	/* Of two with one name the earlier one comes first. */
	return order != 0 ? order : (x->offset > y->offset) -
				    (x->offset < y->offset);
}

static void
load_entries(struct zip_index *index, struct bytes directory)
{
	struct cursor c = cursor_over(directory);
	size_t most = directory.n / CENTRAL_BYTES;

	if (most > LIMIT_ARCHIVE_MEMBERS)
		most = LIMIT_ARCHIVE_MEMBERS;
	index->list = arena_array(&index->arena, most + 1,
	    sizeof *index->list);
	while (index->count < most &&
	       take_entry(&c, &index->list[index->count]))
		index->count++;
	if (index->count > 0)
		qsort(index->list, index->count, sizeof *index->list,
		    compare_entries);
}

struct zip_index *
zip_index_open(const struct input *input)
{
	struct zip_index *index = calloc(1, sizeof *index);
	struct directory directory;
	struct arena scratch;

	if (index == NULL)
		die_machine("out of memory");
	index->input = input;
	arena_init(&index->arena);
	arena_init(&scratch);
	if (find_directory(index, &scratch, &directory))
		load_entries(index, input_slice(input, &index->arena,
		    directory.offset, directory.offset + directory.size));
	arena_release(&scratch);
	return index;
}

void
zip_index_close(struct zip_index *index)
{
	if (index == NULL)
		return;
	arena_release(&index->arena);
	free(index);
}

/* ---- a member */

static const struct entry *
find(const struct zip_index *index, struct bytes path)
{
	size_t from = 0, to = index->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (bytes_compare(index->list[middle].path, path) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from < index->count &&
		       bytes_eq(index->list[from].path, path)
		   ? &index->list[from] : NULL;
}

/* Where its data begin: the local header has lengths of its own. */
static struct bytes
packed_bytes(const struct zip_index *index, struct arena *arena,
    const struct entry *entry)
{
	struct cursor c = cursor_over(entry->offset > UINT64_MAX - LOCAL_BYTES
		? BYTES_NONE
		: input_slice(index->input, arena, entry->offset,
		      entry->offset + LOCAL_BYTES));
	uint64_t at, name, extra;

	if (cursor_le(&c, 4) != 0x04034b50)
		return BYTES_NONE;
	cursor_take(&c, 22);
	name = cursor_le(&c, 2);
	extra = cursor_le(&c, 2);
	at = entry->offset + LOCAL_BYTES + name + extra;
	if (at > index->input->size ||
	    entry->packed > index->input->size - at)
		return BYTES_NONE;
	return input_slice(index->input, arena, at, at + entry->packed);
}

static bool
inflate_into(struct bytes packed, uint8_t *out, size_t n)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)packed.p,
		.avail_in = (uInt)packed.n,
		.next_out = out,
		.avail_out = (uInt)n };
	int status;

	if (inflateInit2(&z, -15) != Z_OK)
		return false;
	status = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	return status == Z_STREAM_END && z.total_out == n;
}

static struct bytes
unpack(struct arena *arena, const struct entry *entry, struct bytes packed)
{
	uint8_t *out;

	if (entry->method == 0)
		return packed.n == entry->size ? packed : BYTES_NONE;
	if (entry->method != 8)
		return BYTES_NONE;
	out = arena_raw(arena, (size_t)entry->size + 1);
	return inflate_into(packed, out, (size_t)entry->size)
		   ? bytes_of(out, (size_t)entry->size)
		   : BYTES_NONE;
}

struct bytes
zip_index_take(const struct zip_index *index, struct arena *arena,
    struct bytes path, const char **why)
{
	const struct entry *entry = find(index, path);
	struct bytes packed, content;

	*why = "the archive has no such member";
	if (entry == NULL)
		return BYTES_NONE;
	*why = "the member is encrypted";
	if (entry->encrypted)
		return BYTES_NONE;
	*why = "the member is too large";
	if (entry->size > LIMIT_ITEM_BYTES || entry->packed > LIMIT_ITEM_BYTES)
		return BYTES_NONE;
	*why = "the member is damaged";
	/* Deflate gives 1032 to 1 at most: more is a lie. */
	if (entry->size / 1032 > entry->packed + 1)
		return BYTES_NONE;
	packed = packed_bytes(index, arena, entry);
	if (!bytes_present(packed))
		return BYTES_NONE;
	content = unpack(arena, entry, packed);
	if (bytes_present(content) &&
	    crc32_z(0, content.p, content.n) != entry->crc)
		return BYTES_NONE;
	return content;
}
