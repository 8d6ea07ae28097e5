#include "parsers/documents/package.h"

#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"
#include "parsers/containers/archive.h"

enum { PIECE_BYTES = 64 * 1024, MEMBERS_MOST = 20000 };

static bool
is_wanted(struct bytes path)
{
	return bytes_ends(path, BYTES_LIT(".xml")) ||
	       bytes_ends(path, BYTES_LIT(".rels")) ||
	       bytes_eq(path, BYTES_LIT("mimetype"));
}

static void
add(struct package *package, struct arena *arena, struct bytes path,
    struct bytes content)
{
	if (package->count == package->room) {
		size_t room = package->room ? package->room * 2 : 64;
		struct package_member *list = arena_array(arena, room,
		    sizeof *list);

		if (package->count > 0)
			memcpy(list, package->list,
			    package->count * sizeof *list);
		package->list = list;
		package->room = room;
	}
	package->list[package->count++] = (struct package_member){
		arena_dup(arena, path), arena_dup(arena, content) };
}

/* May this much be unpacked for a document of that size? */
static bool
is_in_bounds(const struct document_reader *reader, size_t packed)
{
	return reader->unpacked <= LIMIT_TEXT_BYTES &&
	       (reader->unpacked <= LIMIT_ARCHIVE_FREE ||
		   reader->unpacked / LIMIT_ARCHIVE_RATIO <= packed);
}

/* False when nothing more can be read of the archive. */
static bool
load_member(struct document_reader *reader, struct package *package,
    struct archive_reader *archive, struct bytes path, size_t packed)
{
	struct buffer content = BUFFER_EMPTY;
	int64_t got;

	for (;;) {
		uint8_t *place = buffer_reserve(&content, PIECE_BYTES);

		got = archive_take(archive, place, PIECE_BYTES);
		if (got <= 0)
			break;
		content.n += (size_t)got;
		reader->unpacked += (uint64_t)got;
		package->too_large = !is_in_bounds(reader, packed);
		if (package->too_large)
			break;
	}
	package->damaged |= got < 0;
	if (!package->too_large && content.n > 0)
		add(package, reader->arena, path, buffer_bytes(&content));
	buffer_release(&content);
	return !package->too_large;
}

struct package
package_load(struct document_reader *reader, struct bytes content)
{
	struct input input = { .fd = -1, .memory = content,
		.size = content.n };
	struct archive_reader *archive = archive_open(&input);
	struct package package = { .count = 0 };
	struct archive_member member;
	enum archive_step step;

	while ((step = archive_next(archive, &member)) == ARCHIVE_MEMBER) {
		if (member.number >= MEMBERS_MOST) {
			package.too_large = true;
			break;
		}
		if (!member.file || !is_wanted(member.path))
			continue;
		if (member.encrypted)
			package.encrypted = true;
		else if (!load_member(reader, &package, archive, member.path,
			     content.n))
			break;
	}
	package.damaged |= step == ARCHIVE_BROKEN;
	archive_close(archive);
	return package;
}

struct bytes
package_find(const struct package *package, const char *path)
{
	for (size_t i = 0; i < package->count; i++)
		if (bytes_eq(package->list[i].path, bytes_cstr(path)))
			return package->list[i].content;
	return BYTES_NONE;
}
