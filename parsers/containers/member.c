#include "parsers/containers/member.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "parsers/base/die.h"
#include "parsers/base/limits.h"

enum { HEAD_BYTES = 64 * 1024, PIECE_BYTES = 1024 * 1024 };

bool
member_budget_take(struct member_budget *budget, uint64_t more)
{
	budget->unpacked += more;
	return budget->unpacked <= LIMIT_ARCHIVE_FREE ||
	       budget->unpacked / LIMIT_ARCHIVE_RATIO <= budget->packed;
}

/* Parsers that step back or jump: their input is held whole. */
static bool
reads_anywhere(const struct parser *parser)
{
	static const char *const names[] = { "pst", "ost", "msg", "zip", "tar",
		"7z", "rar", "cab", "gz", "eml", "emlx", "tnef", "dbx", "olm", NULL };

	for (size_t i = 0; names[i] != NULL; i++)
		if (strcmp(parser->name, names[i]) == 0)
			return true;
	return false;
}

static void
grow(struct member *member, size_t *room)
{
	uint8_t *more;

	*room = *room < HEAD_BYTES ? HEAD_BYTES : *room * 2;
	more = realloc(member->memory, *room);
	if (more == NULL)
		die_machine("out of memory (%zu bytes wanted)", *room);
	member->memory = more;
}

/* Unpack until `most` bytes are there, or the member ends (*whole). */
static enum member_state
unpack(struct member *member, struct archive_reader *reader, size_t most,
    size_t *n, size_t *room, bool *whole)
{
	*whole = false;
	while (*n < most) {
		size_t want;
		int64_t got;

		if (*n == *room)
			grow(member, room);
		want = *room - *n < PIECE_BYTES ? *room - *n : PIECE_BYTES;
		if (want > most - *n)
			want = most - *n;
		got = archive_take(reader, member->memory + *n, want);
		if (got < 0) {
			member->why = archive_why(reader);
			return MEMBER_DAMAGED;
		}
		if (got == 0) {
			*whole = true;
			return MEMBER_OPEN;
		}
		*n += (size_t)got;
		if (!member_budget_take(member->budget, (uint64_t)got))
			return MEMBER_RATIO;
	}
	return MEMBER_OPEN;
}

static enum member_state
find_parser(struct member *member, struct bytes head, uint64_t size)
{
	bool tie;

	member->parser = parser_for(head, size, &tie);
	if (member->parser != NULL &&
	    strcmp(member->parser->name, "other") == 0) {
		member->parser = NULL;
		return MEMBER_HARMLESS;
	}
	if (member->parser != NULL &&
	    strcmp(member->parser->name, "document") == 0) {
		member->parser = NULL;
		return MEMBER_DOCUMENT;
	}
	if (member->parser != NULL)
		return MEMBER_OPEN;
	return tie ? MEMBER_TIE : MEMBER_UNKNOWN;
}

/* The archive from its start to this member, at its first byte. */
static bool
rewind_stream(struct member *member)
{
	struct archive_member entry;

	if (member->reader != NULL)
		archive_close(member->reader);
	member->reader = archive_open(member->archive);
	member->at = 0;
	while (archive_next(member->reader, &entry) == ARCHIVE_MEMBER)
		if (entry.number == member->number)
			return true;
	return false;
}

static bool
skip_stream(struct member *member, uint64_t to)
{
	uint8_t *piece = malloc(PIECE_BYTES);
	int64_t got = 1;

	if (piece == NULL)
		die_machine("out of memory");
	while (member->at < to && got > 0) {
		uint64_t left = to - member->at;

		got = archive_take(member->reader, piece,
		    left < PIECE_BYTES ? (size_t)left : PIECE_BYTES);
		member->at += got > 0 ? (uint64_t)got : 0;
	}
	free(piece);
	return member->at == to;
}

static int64_t
stream_read(const struct input *input, uint64_t offset, void *p, size_t n)
{
	struct member *member = input->stream;
	size_t done = 0;

	if (offset < member->at && !rewind_stream(member))
		return -1;
	if (!skip_stream(member, offset))
		return -1;
	while (done < n) {
		int64_t got = archive_take(member->reader,
		    (uint8_t *)p + done, n - done);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
		member->at += (uint64_t)got;
	}
	return (int64_t)done;
}

/* Its size, and whether it unpacks at all: what the archive states may lie. */
static enum member_state
count_stream(struct member *member)
{
	uint8_t *piece;
	int64_t got;

	piece = malloc(PIECE_BYTES);
	if (piece == NULL)
		die_machine("out of memory");
	member->input.size = 0;
	while ((got = archive_take(member->reader, piece, PIECE_BYTES)) > 0) {
		member->input.size += (uint64_t)got;
		if (!member_budget_take(member->budget, (uint64_t)got))
			break;
	}
	free(piece);
	member->why = got < 0 ? archive_why(member->reader) : NULL;
	return got < 0 ? MEMBER_DAMAGED : got > 0 ? MEMBER_RATIO : MEMBER_OPEN;
}

static enum member_state
open_stream(struct member *member, const struct archive_member *entry)
{
	enum member_state state;

	free(member->memory);
	member->memory = NULL;
	member->number = entry->number;
	if (!rewind_stream(member))
		return MEMBER_DAMAGED;
	state = count_stream(member);
	/* What can be unpacked is read; the loss is said beside it. */
	member->input.read = stream_read;
	member->input.stream = member;
	if (!rewind_stream(member))
		return MEMBER_DAMAGED;
	return state;
}

/* ---- the scratch file */

static bool
scratch_write(struct member *member, const uint8_t *p, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t wrote = pwrite(member->archive->scratch, p + done,
		    n - done, (off_t)(member->scratch_at + member->input.size));

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		done += (size_t)wrote;
		member->input.size += (uint64_t)wrote;
	}
	return true;
}

static int64_t
scratch_read(const struct input *input, uint64_t offset, void *p, size_t n)
{
	const struct member *member = input->stream;
	struct input file = { .fd = member->archive->scratch,
		.size = member->scratch_at + input->size };

	return input_read(&file, member->scratch_at + offset, p, n);
}

/* What is in memory and the rest of the member. */
static enum member_state
spill(struct member *member, struct archive_reader *reader, size_t n)
{
	uint64_t most = LIMIT_SCRATCH_BYTES;
	int64_t got = (int64_t)n;

	member->spilled = true;
	member->scratch_at = member->archive->scratch_at;
	member->input.read = scratch_read;
	member->input.stream = member;
	while (got > 0) {
		if (member->scratch_at + member->input.size + (uint64_t)got >
			most)
			return MEMBER_SIZE;
		if (!scratch_write(member, member->memory, (size_t)got)) {
			member->why = "no room beside the case to unpack it; "
				      "make some and run it again in a new "
				      "case, or unpack it and add the file";
			return MEMBER_SIZE;
		}
		got = archive_take(reader, member->memory, PIECE_BYTES);
		if (got > 0 && !member_budget_take(member->budget,
		                   (uint64_t)got))
			return MEMBER_RATIO;
	}
	if (got < 0)
		member->why = archive_why(reader);
	return got < 0 ? MEMBER_DAMAGED : MEMBER_OPEN;
}

static enum member_state
open_spilled(struct member *member, struct archive_reader *reader, size_t n)
{
	enum member_state state = spill(member, reader, n);

	free(member->memory);
	member->memory = NULL;
	/* Its own members come after it. */
	member->input.scratch_at = member->scratch_at + member->input.size;
	if (state == MEMBER_SIZE)
		member->input.size = 0; /* a part of a store is none */
	return state;
}

enum member_state
member_open(struct member *member, struct archive_reader *reader,
    const struct archive_member *entry, const struct input *archive,
    struct member_budget *budget)
{
	size_t n = 0, room = 0;
	enum member_state state, known;
	bool whole;

	*member = (struct member){ .input.fd = -1, .archive = archive,
		.budget = budget };
	member->input.depth = archive->depth + 1;
	member->input.scratch = archive->scratch;
	member->input.scratch_at = archive->scratch_at;
	if (entry->encrypted)
		return MEMBER_ENCRYPTED;
	state = unpack(member, reader, HEAD_BYTES, &n, &room, &whole);
	known = find_parser(member, bytes_of(member->memory, n),
	    entry->size >= 0 ? (uint64_t)entry->size : n);
	if (known != MEMBER_OPEN)
		return state == MEMBER_OPEN ? known : state;
	if (state == MEMBER_OPEN && !whole)
		state = unpack(member, reader, LIMIT_MEMBER_SMALL, &n, &room,
		    &whole);
	if (state == MEMBER_OPEN && !whole && archive->scratch > 0)
		return open_spilled(member, reader, n);
	if (state == MEMBER_OPEN && !whole &&
	    !reads_anywhere(member->parser))
		return open_stream(member, entry);
	if (state == MEMBER_OPEN && !whole)
		state = unpack(member, reader, LIMIT_MEMBER_BYTES + 1, &n,
		    &room, &whole);
	if (state == MEMBER_OPEN && n > LIMIT_MEMBER_BYTES)
		return MEMBER_SIZE;
	/* What could be unpacked is read; the loss is said beside it. */
	member->input.memory = bytes_of(member->memory, n);
	member->input.size = n;
	return state;
}

void
member_release(struct member *member)
{
	if (member->reader != NULL)
		archive_close(member->reader);
	free(member->memory);
	if (member->spilled && ftruncate(member->archive->scratch,
	                           (off_t)member->scratch_at) != 0)
		member->spilled = false; /* the room is lost until the end */
}
