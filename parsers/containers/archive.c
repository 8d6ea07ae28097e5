#include "parsers/containers/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/text.h"

enum { BLOCK_BYTES = 256 * 1024 };

struct archive_reader {
	struct archive *archive;
	const struct input *input;
	struct arena arena; /* of the member's path */
	uint64_t at, consumed, next_number;
	bool opened, failed;
	uint8_t block[BLOCK_BYTES];
};

static la_ssize_t
on_read(struct archive *archive, void *context, const void **block)
{
	struct archive_reader *reader = context;
	int64_t n = input_read(reader->input, reader->at, reader->block,
	    BLOCK_BYTES);

	if (n < 0) {
		archive_set_error(archive, EIO, "the file cannot be read");
		return ARCHIVE_FATAL;
	}
	reader->at += (uint64_t)n;
	reader->consumed += (uint64_t)n;
	*block = reader->block;
	return (la_ssize_t)n;
}

static la_int64_t
on_skip(struct archive *archive, void *context, la_int64_t want)
{
	struct archive_reader *reader = context;
	uint64_t left = reader->input->size - reader->at;

	(void)archive;
	if (want < 0)
		return 0;
	if ((uint64_t)want > left)
		want = (la_int64_t)left;
	reader->at += (uint64_t)want;
	return want;
}

static la_int64_t
on_seek(struct archive *archive, void *context, la_int64_t offset, int whence)
{
	struct archive_reader *reader = context;
	int64_t base = whence == SEEK_SET ? 0
		       : whence == SEEK_CUR ? (int64_t)reader->at
					    : (int64_t)reader->input->size;

	if (__builtin_add_overflow(base, offset, &base) || base < 0 ||
	    (uint64_t)base > reader->input->size) {
		archive_set_error(archive, EINVAL, "a place past the end");
		return ARCHIVE_FATAL;
	}
	reader->at = (uint64_t)base;
	return base;
}

/* "raw" takes anything; only behind a compression is it meant. */
static bool
is_compressed_file(const struct input *input)
{
	uint8_t head[6] = { 0 };
	struct bytes b = bytes_of(head, sizeof head);

	input_read(input, 0, head, sizeof head);
	return bytes_starts(b, BYTES_LIT("\x1f\x8b")) ||
	       bytes_starts(b, BYTES_LIT("BZh")) ||
	       bytes_starts(b, BYTES_LIT("\xfd" "7zXZ")) ||
	       bytes_starts(b, BYTES_LIT("\x28\xb5\x2f\xfd"));
}

static void
choose_formats(struct archive_reader *reader)
{
	struct archive *a = reader->archive;

	archive_read_support_format_zip(a);
	archive_read_support_format_tar(a);
	archive_read_support_format_7zip(a);
	archive_read_support_format_rar(a);
	archive_read_support_format_rar5(a);
	archive_read_support_format_cab(a);
	if (!is_compressed_file(reader->input))
		return;
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_format_raw(a);
}

struct archive_reader *
archive_open(const struct input *input)
{
	struct archive_reader *reader = malloc(sizeof *reader);

	if (reader == NULL)
		die_machine("out of memory");
	reader->input = input;
	reader->at = reader->consumed = reader->next_number = 0;
	reader->failed = false;
	arena_init(&reader->arena);
	reader->archive = archive_read_new();
	if (reader->archive == NULL)
		die_machine("out of memory");
	choose_formats(reader);
	archive_read_set_read_callback(reader->archive, on_read);
	archive_read_set_skip_callback(reader->archive, on_skip);
	archive_read_set_seek_callback(reader->archive, on_seek);
	archive_read_set_callback_data(reader->archive, reader);
	reader->opened = archive_read_open1(reader->archive) >= ARCHIVE_WARN;
	return reader;
}

void
archive_close(struct archive_reader *reader)
{
	archive_read_free(reader->archive);
	arena_release(&reader->arena);
	free(reader);
}

/* The C locale knows ASCII alone: other names come as bytes. */
static struct bytes
member_path(struct archive_reader *reader, struct archive_entry *entry)
{
	const char *utf8 = archive_entry_pathname_utf8(entry);
	const char *raw = archive_entry_pathname(entry);
	enum text_quality quality;

	if (utf8 != NULL)
		return text_repair_utf8(&reader->arena, arena_dup(
		    &reader->arena, bytes_cstr(utf8)));
	if (raw != NULL)
		return text_to_utf8(&reader->arena, BYTES_LIT(""),
		    arena_dup(&reader->arena, bytes_cstr(raw)), &quality);
	return arena_printf(&reader->arena, "unnamed-%llu",
	    (unsigned long long)reader->next_number);
}

enum archive_step
archive_next(struct archive_reader *reader, struct archive_member *member)
{
	struct archive_entry *entry;
	int status;

	if (!reader->opened || reader->failed)
		return ARCHIVE_BROKEN;
	do
		status = archive_read_next_header(reader->archive, &entry);
	while (status == ARCHIVE_RETRY);
	if (status == ARCHIVE_EOF)
		return ARCHIVE_END;
	if (status < ARCHIVE_WARN) {
		reader->failed = true;
		return ARCHIVE_BROKEN;
	}
	arena_reset(&reader->arena);
	member->path = member_path(reader, entry);
	member->size = archive_entry_size_is_set(entry)
			   ? (int64_t)archive_entry_size(entry)
			   : -1;
	member->file = archive_entry_filetype(entry) == AE_IFREG &&
		       archive_entry_hardlink(entry) == NULL;
	member->encrypted = archive_entry_is_data_encrypted(entry) != 0;
	member->alone = archive_format(reader->archive) ==
			ARCHIVE_FORMAT_RAW;
	member->number = reader->next_number++;
	return ARCHIVE_MEMBER;
}

int64_t
archive_take(struct archive_reader *reader, void *p, size_t n)
{
	la_ssize_t got;

	if (reader->failed)
		return -1;
	do
		got = archive_read_data(reader->archive, p, n);
	while (got == ARCHIVE_RETRY);
	/* ARCHIVE_WARN is a bad checksum: what was read may be wrong. */
	return got < 0 ? -1 : (int64_t)got;
}

uint64_t
archive_consumed(const struct archive_reader *reader)
{
	return reader->consumed;
}

bool
archive_is_locked(struct archive_reader *reader)
{
	/* libarchive keeps no format that can be asked when opening failed. */
	return reader->opened &&
	       archive_read_has_encrypted_entries(reader->archive) == 1;
}

const char *
archive_why(struct archive_reader *reader)
{
	const char *why = archive_error_string(reader->archive);

	return why != NULL ? why : "damaged";
}
