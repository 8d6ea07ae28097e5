/*
 * Members of an archive in order, through libarchive (the only file that
 * includes its header is archive.c): zip, tar, 7z, rar, cab, and one file
 * compressed by gzip, bzip2, xz or zstd.
 */
#ifndef PARSERS_CONTAINERS_ARCHIVE_H
#define PARSERS_CONTAINERS_ARCHIVE_H

#include "parsers/parser.h"

struct archive_reader;

struct archive_member {
	struct bytes path;   /* UTF-8, as the archive writes it */
	int64_t size;        /* unpacked; -1: not stated */
	bool file;           /* not a folder, link or device */
	bool encrypted;      /* its content */
	bool alone;          /* the one file behind a compression */
	uint64_t number;     /* from 0, folders counted */
};

enum archive_step {
	ARCHIVE_MEMBER,
	ARCHIVE_END,
	ARCHIVE_BROKEN,      /* cannot be read on; archive_why() */
};

/* Never NULL; what is wrong with the archive comes from the first step. */
struct archive_reader *archive_open(const struct input *input);
void archive_close(struct archive_reader *reader);

/* The member's path is valid until the next step. */
enum archive_step archive_next(struct archive_reader *reader,
    struct archive_member *member);

/* Up to n bytes of the member in hand, in order; 0 at its end, -1 when it is
 * damaged or encrypted (archive_why()). */
int64_t archive_take(struct archive_reader *reader, void *p, size_t n);

/* Compressed bytes read from the input so far. */
uint64_t archive_consumed(const struct archive_reader *reader);

/* The list of members itself is encrypted. */
bool archive_is_locked(struct archive_reader *reader);

const char *archive_why(struct archive_reader *reader);

#endif
