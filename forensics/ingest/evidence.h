/* What lies under the EVIDENCE arguments, before anything of it is parsed. */
#ifndef FORENSICS_INGEST_EVIDENCE_H
#define FORENSICS_INGEST_EVIDENCE_H

#include <signal.h>
#include <sys/types.h>

#include "parsers/base/arena.h"
#include "parsers/base/hash.h"

enum evidence_kind {
	EVIDENCE_FILE,
	EVIDENCE_SYMLINK,    /* not followed */
	EVIDENCE_SPECIAL,    /* device, socket, pipe */
	EVIDENCE_LOOP,       /* a folder that holds itself */
	EVIDENCE_UNREADABLE,
};

struct evidence_file {
	enum evidence_kind kind;
	const char *file;    /* to open: absolute, no symbolic link in it */
	struct bytes path;   /* contract 2: below the argument, led by it */
	struct bytes reason; /* why not a readable file */
	uint64_t size;
	int64_t mtime_ns;
	dev_t device;
	ino_t inode;
	bool hashed, changed;
	uint8_t sha256[SHA256_SIZE], md5[MD5_SIZE];
};

struct evidence {
	struct arena arena;
	struct evidence_file *files; /* in byte order of path, then file */
	size_t count, room;
};

void evidence_init(struct evidence *evidence);
void evidence_release(struct evidence *evidence);

/* Add what the arguments are or hold; each that does not exist is a message
 * on stderr.  Returns how many those were. */
size_t evidence_walk(struct evidence *evidence, const char *const *arguments,
    size_t count);

/* After the walk: order, and one entry a file however many arguments reach
 * it. */
void evidence_settle(struct evidence *evidence);

/* The argument that `folder` lies in, or would once made; NULL: none. */
const char *evidence_around(const char *folder, const char *const *arguments,
    size_t count);

/* Lead *path by one component more of where the file lies; false when there
 * is none. */
bool evidence_lead_further(struct evidence *evidence, const char *file,
    struct bytes *path);

/* How hashing is watched: `tick` is called twice a second, may be NULL. */
struct hash_watch {
	const volatile sig_atomic_t *stop; /* end early when not 0; or NULL */
	volatile uint64_t bytes;           /* read so far */
	void (*tick)(void *context);
	void *context;
};

/* Read every EVIDENCE_FILE once with this many threads; one that cannot be
 * read becomes EVIDENCE_UNREADABLE. */
void evidence_hash(struct evidence *evidence, unsigned threads,
    struct hash_watch *watch);

/* Read again every hashed file; `changed` where size, time or SHA-256 is not
 * what it was. */
void evidence_check(struct evidence *evidence, unsigned threads,
    struct hash_watch *watch);

/* Read-only, and without leaving an access time where the owner may. */
int evidence_open(const char *path, int flags);

/* Hash one file; false with errno.  md5 and watch may be NULL. */
bool file_hash(const char *path, uint8_t sha256[SHA256_SIZE],
    uint8_t md5[MD5_SIZE], uint64_t *size, struct hash_watch *watch);

#endif
