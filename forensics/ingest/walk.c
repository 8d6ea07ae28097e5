/*
 * Folders without following links, without recursion, without trust in what
 * names may hold.  A path that is not UTF-8 keeps its other bytes as \xNN.
 */
#include "forensics/ingest/evidence.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/base/buffer.h"
#include "parsers/base/die.h"
#include "parsers/base/text.h"

/* A folder still to be read, and the folders it lies in. */
struct walk_folder {
	struct walk_folder *next;         /* to be read after it */
	const struct walk_folder *parent;
	const char *file;
	struct bytes path;
	dev_t device;
	ino_t inode;
};

void
evidence_init(struct evidence *evidence)
{
	*evidence = (struct evidence){ .count = 0 };
	arena_init(&evidence->arena);
}

void
evidence_release(struct evidence *evidence)
{
	arena_release(&evidence->arena);
	free(evidence->files);
}

/* UTF-8 stays; any other byte is spelt out. */
static struct bytes
path_text(struct arena *arena, struct bytes raw)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes rest = raw, text;

	if (text_is_utf8(raw))
		return raw;
	while (rest.n > 0) {
		struct bytes before = rest;
		uint32_t c;
		size_t n;

		text_next(&rest, &c);
		n = before.n - rest.n;
		if (text_is_utf8(bytes_slice(before, 0, n)))
			buffer_add(&out, before.p, n);
		else
			for (size_t i = 0; i < n; i++)
				buffer_printf(&out, "\\x%02x", before.p[i]);
	}
	text = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	return text;
}

static struct evidence_file *
add_file(struct evidence *evidence, enum evidence_kind kind, const char *file,
    struct bytes path, const char *reason)
{
	struct evidence_file *added;

	if (evidence->count == evidence->room) {
		evidence->room = evidence->room * 2 + 64;
		evidence->files = realloc(evidence->files,
		    evidence->room * sizeof *evidence->files);
		if (evidence->files == NULL)
			die_machine("out of memory");
	}
	added = &evidence->files[evidence->count++];
	*added = (struct evidence_file){ .kind = kind, .file = file };
	added->path = path_text(&evidence->arena, path);
	if (reason != NULL)
		added->reason = arena_printf(&evidence->arena, "%s", reason);
	return added;
}

static void
add_symlink(struct evidence *evidence, const char *file, struct bytes path)
{
	char target[PATH_MAX];
	ssize_t n = readlink(file, target, sizeof target);
	struct evidence_file *added = add_file(evidence, EVIDENCE_SYMLINK,
	    file, path, NULL);
	struct bytes text = path_text(&evidence->arena,
	    bytes_of(target, n > 0 ? (size_t)n : 0));

	added->reason = arena_printf(&evidence->arena,
	    "symbolic link to '%.*s', not followed", (int)text.n,
	    (const char *)text.p);
}

static bool
is_loop(const struct walk_folder *parent, const struct stat *info)
{
	for (; parent != NULL; parent = parent->parent)
		if (parent->device == info->st_dev &&
		    parent->inode == info->st_ino)
			return true;
	return false;
}

static void
push_folder(struct evidence *evidence, struct walk_folder **list,
    const struct walk_folder *parent, const char *file, struct bytes path,
    const struct stat *info)
{
	struct walk_folder *folder;

	if (is_loop(parent, info)) {
		add_file(evidence, EVIDENCE_LOOP, file, path,
		    "a folder that lies inside itself, not entered again");
		return;
	}
	folder = arena_alloc(&evidence->arena, sizeof *folder);
	*folder = (struct walk_folder){ *list, parent, file, path,
		info->st_dev, info->st_ino };
	*list = folder;
}

static void
add_any(struct evidence *evidence, struct walk_folder **list,
    const struct walk_folder *parent, const char *file, struct bytes path)
{
	struct evidence_file *added;
	struct stat info;

	if (lstat(file, &info) != 0) {
		add_file(evidence, EVIDENCE_UNREADABLE, file, path,
		    strerror(errno));
	} else if (S_ISLNK(info.st_mode)) {
		add_symlink(evidence, file, path);
	} else if (S_ISDIR(info.st_mode)) {
		push_folder(evidence, list, parent, file, path, &info);
	} else if (!S_ISREG(info.st_mode)) {
		add_file(evidence, EVIDENCE_SPECIAL, file, path,
		    "a device, socket or pipe, not read");
	} else {
		added = add_file(evidence, EVIDENCE_FILE, file, path, NULL);
		added->size = (uint64_t)info.st_size;
		added->mtime_ns = info.st_mtim.tv_sec * INT64_C(1000000000) +
				  info.st_mtim.tv_nsec;
		added->device = info.st_dev;
		added->inode = info.st_ino;
	}
}

static struct bytes
join(struct arena *arena, struct bytes folder, const char *name)
{
	bool slash = folder.n > 0 && folder.p[folder.n - 1] == '/';

	return arena_printf(arena, "%.*s%s%s", (int)folder.n,
	    (const char *)folder.p, folder.n == 0 || slash ? "" : "/", name);
}

static void
read_folder(struct evidence *evidence, struct walk_folder **list,
    const struct walk_folder *folder)
{
	int fd = evidence_open(folder->file, O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (dir == NULL) {
		add_file(evidence, EVIDENCE_UNREADABLE, folder->file,
		    folder->path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0) {
		struct arena *arena = &evidence->arena;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		add_any(evidence, list, folder,
		    arena_cstr(arena, join(arena, bytes_cstr(folder->file),
		                          entry->d_name)),
		    join(arena, folder->path, entry->d_name));
	}
	if (errno != 0)
		add_file(evidence, EVIDENCE_UNREADABLE, folder->file,
		    folder->path, strerror(errno));
	closedir(dir);
}

static struct bytes
last_component(struct bytes path)
{
	size_t from;

	while (path.n > 0 && path.p[path.n - 1] == '/')
		path.n--;
	for (from = path.n; from > 0 && path.p[from - 1] != '/'; from--)
		;
	return bytes_skip(path, from);
}

/* ---- arguments and the names that lead their files' paths */

struct argument {
	const char *file;   /* resolved */
	struct bytes lead;
};

/* As typed, unless that says nothing (".", "..", "a/.."). */
static struct bytes
leading_name(struct bytes typed, struct bytes resolved)
{
	struct bytes name = last_component(typed);

	if (name.n == 0 || bytes_eq(name, BYTES_LIT(".")) ||
	    bytes_eq(name, BYTES_LIT("..")))
		return last_component(resolved);
	return name;
}

/* A link that the examiner names is meant: links are not followed below. */
static bool
resolve(struct evidence *evidence, const char *typed, struct argument *argument)
{
	char *resolved = realpath(typed, NULL);

	if (resolved == NULL) {
		fprintf(stderr, "postmortem: %s: %s\n", typed,
		    strerror(errno));
		return false;
	}
	argument->file = arena_cstr(&evidence->arena, bytes_cstr(resolved));
	argument->lead = arena_dup(&evidence->arena,
	    leading_name(bytes_cstr(typed), bytes_cstr(resolved)));
	free(resolved);
	return true;
}

/* Of a folder that may not be there yet: its place, links resolved. */
static char *
place_to_be(const char *folder)
{
	char *path = strdup(folder), *slash, *above = NULL, *place = NULL;

	if (path == NULL)
		die_machine("out of memory");
	while ((above = realpath(path, NULL)) == NULL &&
	       (slash = strrchr(path, '/')) != NULL && slash != path)
		*slash = '\0';
	if (above == NULL)
		above = realpath(path[0] == '/' ? "/" : ".", NULL);
	if (above == NULL || asprintf(&place, "%s/", above) < 0)
		place = NULL;
	free(above);
	free(path);
	return place;
}

const char *
evidence_around(const char *folder, const char *const *arguments, size_t count)
{
	char *place = place_to_be(folder);
	const char *found = NULL;

	for (size_t i = 0; place != NULL && i < count && found == NULL; i++) {
		char *resolved = realpath(arguments[i], NULL);
		size_t n = resolved ? strlen(resolved) : 0;

		while (n > 0 && resolved[n - 1] == '/')
			n--;
		if (resolved != NULL && strncmp(place, resolved, n) == 0 &&
		    place[n] == '/')
			found = arguments[i];
		free(resolved);
	}
	free(place);
	return found;
}

bool
evidence_lead_further(struct evidence *evidence, const char *file,
    struct bytes *path)
{
	struct bytes whole = path_text(&evidence->arena, bytes_cstr(file));
	struct bytes name;

	if (!bytes_ends(whole, *path))
		return false;
	name = last_component(bytes_slice(whole, 0, whole.n - path->n));
	if (name.n == 0)
		return false;
	*path = bytes_skip(whole, (size_t)(name.p - whole.p));
	return true;
}

/* Arguments a/mail and b/mail lead their files by a/mail and b/mail. */
static void
part_leads(struct evidence *evidence, struct argument *arguments, size_t count)
{
	bool *equal = arena_array(&evidence->arena, count, sizeof *equal);
	bool again = false;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++)
			equal[i] |= strcmp(arguments[i].file,
			                arguments[j].file) != 0 &&
				    bytes_eq(arguments[i].lead,
				        arguments[j].lead);
	for (size_t i = 0; i < count; i++)
		if (equal[i])
			again |= evidence_lead_further(evidence,
			    arguments[i].file, &arguments[i].lead);
	if (again)
		part_leads(evidence, arguments, count);
}

static void
walk_one(struct evidence *evidence, const struct argument *argument)
{
	struct walk_folder *list = NULL;

	add_any(evidence, &list, NULL, argument->file, argument->lead);
	while (list != NULL) {
		struct walk_folder *folder = list;

		list = folder->next;
		read_folder(evidence, &list, folder);
	}
}

size_t
evidence_walk(struct evidence *evidence, const char *const *typed, size_t count)
{
	struct argument *arguments = arena_array(&evidence->arena, count,
	    sizeof *arguments);
	size_t known = 0;

	for (size_t i = 0; i < count; i++)
		known += resolve(evidence, typed[i], &arguments[known]);
	part_leads(evidence, arguments, known);
	for (size_t i = 0; i < known; i++)
		walk_one(evidence, &arguments[i]);
	return count - known;
}

/* ---- order */

static int
compare_paths(const void *a, const void *b)
{
	const struct evidence_file *x = a, *y = b;
	int order = bytes_compare(x->path, y->path);

	return order != 0 ? order : strcmp(x->file, y->file);
}

static int
compare_files(const void *a, const void *b)
{
	const struct evidence_file *x = a, *y = b;
	int order = strcmp(x->file, y->file);

	if (order != 0)
		return order;
	/* The argument that reaches it from further out names it. */
	if (x->path.n != y->path.n)
		return x->path.n > y->path.n ? -1 : 1;
	return bytes_compare(x->path, y->path);
}

void
evidence_settle(struct evidence *evidence)
{
	size_t kept = 0;

	if (evidence->count == 0)
		return;
	qsort(evidence->files, evidence->count, sizeof *evidence->files,
	    compare_files);
	for (size_t i = 0; i < evidence->count; i++)
		if (i == 0 || strcmp(evidence->files[i].file,
		                  evidence->files[kept - 1].file) != 0)
			evidence->files[kept++] = evidence->files[i];
	evidence->count = kept;
	qsort(evidence->files, kept, sizeof *evidence->files, compare_paths);
}
