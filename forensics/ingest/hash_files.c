/* SHA-256 and MD5 of every file, several at a time. */
#include "forensics/ingest/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "parsers/base/die.h"

enum { PIECE = 1024 * 1024, THREADS_MOST = 64 };

struct hash_run {
	struct evidence *evidence;
	pthread_mutex_t lock;
	size_t next;
	bool again; /* compare with what was hashed before */
	struct hash_watch *watch;
	unsigned running;
	pthread_cond_t ended;
};

static bool
is_stopped(const struct hash_watch *watch)
{
	return watch != NULL && watch->stop != NULL && *watch->stop != 0;
}

static bool
hash_descriptor(int fd, uint8_t *room, struct hasher *hasher, uint64_t *size,
    struct hash_watch *watch)
{
	for (*size = 0;;) {
		ssize_t n = read(fd, room, PIECE);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		hasher_add(hasher, room, (size_t)n);
		*size += (uint64_t)n;
		if (watch != NULL)
			__atomic_add_fetch(&watch->bytes, (uint64_t)n,
			    __ATOMIC_RELAXED);
		if (is_stopped(watch)) {
			errno = EINTR;
			return false;
		}
	}
}

int
evidence_open(const char *path, int flags)
{
	int fd;

	flags |= O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;
	fd = open(path, flags | O_NOATIME);
	return fd < 0 && errno == EPERM ? open(path, flags) : fd;
}

static bool
hash_open_file(const char *path, struct hasher *hasher, uint8_t *room,
    uint64_t *size, struct hash_watch *watch)
{
	int fd = evidence_open(path, 0);
	int error;
	bool done;

	if (fd < 0)
		return false;
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	done = hash_descriptor(fd, room, hasher, size, watch);
	error = errno;
	close(fd);
	errno = error;
	return done;
}

bool
file_hash(const char *path, uint8_t sha256[SHA256_SIZE],
    uint8_t md5[MD5_SIZE], uint64_t *size, struct hash_watch *watch)
{
	struct hasher *hasher = hasher_new(md5 != NULL);
	uint8_t *room = malloc(PIECE);
	int error;
	bool done;

	if (room == NULL)
		die_machine("out of memory");
	done = hash_open_file(path, hasher, room, size, watch);
	error = errno;
	hasher_finish(hasher, sha256, md5);
	hasher_free(hasher);
	free(room);
	errno = error;
	return done;
}

static struct evidence_file *
next_file(struct hash_run *run)
{
	struct evidence_file *file = NULL;

	pthread_mutex_lock(&run->lock);
	while (file == NULL && run->next < run->evidence->count) {
		file = &run->evidence->files[run->next++];
		if (file->kind != EVIDENCE_FILE)
			file = NULL;
	}
	pthread_mutex_unlock(&run->lock);
	return file;
}

static void
hash_one(struct hash_run *run, struct evidence_file *file)
{
	uint64_t size;

	if (file_hash(file->file, file->sha256, file->md5, &size, run->watch)) {
		file->hashed = true;
		file->size = size;
		return;
	}
	if (is_stopped(run->watch))
		return;
	file->kind = EVIDENCE_UNREADABLE;
	file->reason = bytes_cstr(strerrordesc_np(errno));
}

static bool
is_unchanged(struct hash_run *run, const struct evidence_file *file)
{
	uint8_t sha256[SHA256_SIZE];
	struct stat info;
	uint64_t size;

	if (lstat(file->file, &info) != 0 ||
	    info.st_mtim.tv_sec * INT64_C(1000000000) + info.st_mtim.tv_nsec !=
		file->mtime_ns)
		return false;
	return file_hash(file->file, sha256, NULL, &size, run->watch) &&
	       size == file->size &&
	       memcmp(sha256, file->sha256, sizeof sha256) == 0;
}

static void *
hash_thread(void *argument)
{
	struct hash_run *run = argument;
	struct evidence_file *file;

	while (!is_stopped(run->watch) && (file = next_file(run)) != NULL) {
		if (!run->again)
			hash_one(run, file);
		else if (file->hashed)
			file->changed = !is_unchanged(run, file);
	}
	pthread_mutex_lock(&run->lock);
	run->running--;
	pthread_cond_signal(&run->ended);
	pthread_mutex_unlock(&run->lock);
	return NULL;
}

static void
wait_for_end(struct hash_run *run)
{
	pthread_mutex_lock(&run->lock);
	while (run->running > 0) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 500000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		if (pthread_cond_timedwait(&run->ended, &run->lock, &until) !=
			0 &&
		    run->watch != NULL && run->watch->tick != NULL)
			run->watch->tick(run->watch->context);
	}
	pthread_mutex_unlock(&run->lock);
}

static void
hash_threads(struct hash_run *run, unsigned threads)
{
	pthread_t ids[THREADS_MOST];
	unsigned started = 0;

	pthread_mutex_init(&run->lock, NULL);
	pthread_cond_init(&run->ended, NULL);
	if (threads > THREADS_MOST)
		threads = THREADS_MOST;
	run->running = threads;
	while (started < threads &&
	       pthread_create(&ids[started], NULL, hash_thread, run) == 0)
		started++;
	if (started == 0)
		die_machine("cannot start a thread");
	pthread_mutex_lock(&run->lock);
	run->running -= threads - started;
	pthread_mutex_unlock(&run->lock);
	wait_for_end(run);
	for (unsigned i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
	pthread_cond_destroy(&run->ended);
	pthread_mutex_destroy(&run->lock);
}

void
evidence_hash(struct evidence *evidence, unsigned threads,
    struct hash_watch *watch)
{
	struct hash_run run = { .evidence = evidence, .watch = watch };

	hash_threads(&run, threads);
}

void
evidence_check(struct evidence *evidence, unsigned threads,
    struct hash_watch *watch)
{
	struct hash_run run = { .evidence = evidence, .again = true,
		.watch = watch };

	hash_threads(&run, threads);
}
