/* Chunks in memory, the overflow in one file that has no name. */
#include "forensics/ingest/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/base/die.h"

enum { CHUNK_FULL = 256 * 1024 };

struct spool_chunk {
	struct spool_chunk *next;
	struct buffer data;  /* empty when it lies in the file */
	uint64_t offset;
	size_t length;       /* in the file; 0: in memory */
};

void
spool_store_init(struct spool_store *store, const char *folder,
    size_t memory_most)
{
	*store = (struct spool_store){ .folder = folder,
		.memory_most = memory_most, .fd = -1 };
}

void
spool_store_release(struct spool_store *store)
{
	if (store->fd >= 0)
		close(store->fd);
	store->fd = -1;
}

static _Noreturn void
store_fail(const struct spool_store *store, const char *what)
{
	die_machine("%s: %s results that wait: %s; running again continues",
	    store->folder, what, strerror(errno));
}

int
scratch_open(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char path[4096];

	if (fd >= 0)
		return fd;
	/* File systems without O_TMPFILE. */
	snprintf(path, sizeof path, "%s/.results.XXXXXX", folder);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static void
store_open(struct spool_store *store)
{
	if (store->fd >= 0)
		return;
	store->fd = scratch_open(store->folder);
	if (store->fd < 0)
		store_fail(store, "cannot make a file for");
}

static void
chunk_to_file(struct spool_store *store, struct spool_chunk *chunk)
{
	size_t done = 0;

	store_open(store);
	while (done < chunk->data.n) {
		ssize_t n = pwrite(store->fd, chunk->data.p + done,
		    chunk->data.n - done, (off_t)(store->file_size + done));

		if (n < 0 && errno != EINTR)
			store_fail(store, "cannot write");
		done += n > 0 ? (size_t)n : 0;
	}
	chunk->offset = store->file_size;
	chunk->length = chunk->data.n;
	store->file_size += chunk->length;
	store->on_disk += chunk->length;
	store->memory -= chunk->length;
	buffer_release(&chunk->data);
	chunk->data = BUFFER_EMPTY;
}

static void
chunk_from_file(struct spool_store *store, struct spool_chunk *chunk,
    struct buffer *into)
{
	size_t done = 0;

	buffer_reset(into);
	buffer_reserve(into, chunk->length);
	while (done < chunk->length) {
		ssize_t n = pread(store->fd, into->p + done,
		    chunk->length - done, (off_t)(chunk->offset + done));

		if (n == 0 || (n < 0 && errno != EINTR))
			store_fail(store, "cannot read");
		done += n > 0 ? (size_t)n : 0;
	}
	into->n = done;
}

static void
file_forget(struct spool_store *store, const struct spool_chunk *chunk)
{
	store->on_disk -= chunk->length;
	if (store->on_disk > 0)
		return;
	store->file_size = 0;
	if (ftruncate(store->fd, 0) != 0)
		store_fail(store, "cannot forget");
}

static struct spool_chunk *
chunk_new(struct spool *spool)
{
	struct spool_chunk *chunk = calloc(1, sizeof *chunk);

	if (chunk == NULL)
		die_machine("out of memory");
	if (spool->last != NULL)
		spool->last->next = chunk;
	else
		spool->first = chunk;
	spool->last = chunk;
	return chunk;
}

void
spool_add(struct spool_store *store, struct spool *spool, struct bytes frames)
{
	struct spool_chunk *chunk = spool->last;

	if (frames.n == 0)
		return;
	if (chunk == NULL || chunk->length > 0 || chunk->data.n >= CHUNK_FULL)
		chunk = chunk_new(spool);
	buffer_add_bytes(&chunk->data, frames);
	store->memory += frames.n;
	if (store->folder != NULL && store->memory > store->memory_most &&
	    chunk->data.n >= CHUNK_FULL / 4)
		chunk_to_file(store, chunk);
}

bool
spool_take(struct spool_store *store, struct spool *spool, struct buffer *into)
{
	struct spool_chunk *chunk = spool->first;

	if (chunk == NULL)
		return false;
	spool->first = chunk->next;
	if (spool->first == NULL)
		spool->last = NULL;
	if (chunk->length > 0) {
		chunk_from_file(store, chunk, into);
		file_forget(store, chunk);
	} else {
		store->memory -= chunk->data.n;
		buffer_release(into);
		*into = chunk->data;
	}
	free(chunk);
	return true;
}

void
spool_drop(struct spool_store *store, struct spool *spool)
{
	struct buffer dropped = BUFFER_EMPTY;

	while (spool_take(store, spool, &dropped))
		;
	buffer_release(&dropped);
}
