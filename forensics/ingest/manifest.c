/* Hashes of what we wrote; see manifest.h. */
#include "forensics/ingest/manifest.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "forensics/ingest/evidence.h"
#include "forensics/ingest/sign.h"
#include "parsers/base/die.h"

enum { DEPTH_MOST = 8 };

struct outputs {
	struct arena arena;
	const char *folder;
	char **names; /* below the case folder */
	size_t count, room;
};

static void
add_name(struct outputs *outputs, const char *name)
{
	if (outputs->count == outputs->room) {
		outputs->room = outputs->room * 2 + 64;
		outputs->names = realloc(outputs->names,
		    outputs->room * sizeof *outputs->names);
		if (outputs->names == NULL)
			die_machine("out of memory");
	}
	outputs->names[outputs->count++] = arena_cstr(&outputs->arena,
	    bytes_cstr(name));
}

static char *
path_of(struct outputs *outputs, const char *name)
{
	return arena_cstr(&outputs->arena,
	    arena_printf(&outputs->arena, "%s/%s", outputs->folder, name));
}

static void
add_folder(struct outputs *outputs, const char *name, unsigned depth)
{
	DIR *dir = opendir(path_of(outputs, name));
	struct dirent *entry;

	if (dir == NULL || depth > DEPTH_MOST) {
		if (dir != NULL)
			closedir(dir);
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		struct stat info;
		char *inner;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		inner = arena_cstr(&outputs->arena,
		    arena_printf(&outputs->arena, "%s/%s", name,
		        entry->d_name));
		if (lstat(path_of(outputs, inner), &info) != 0)
			continue;
		if (S_ISDIR(info.st_mode))
			add_folder(outputs, inner, depth + 1);
		else if (S_ISREG(info.st_mode))
			add_name(outputs, inner);
	}
	closedir(dir);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
outputs_list(struct outputs *outputs, const char *case_folder)
{
	*outputs = (struct outputs){ .folder = case_folder };
	arena_init(&outputs->arena);
	add_name(outputs, "case.db");
	add_folder(outputs, "reports", 0);
	qsort(outputs->names, outputs->count, sizeof *outputs->names,
	    compare_names);
}

static void
outputs_release(struct outputs *outputs)
{
	free(outputs->names);
	arena_release(&outputs->arena);
}

static struct bytes
hash_of(struct outputs *outputs, const char *name)
{
	uint8_t sha256[SHA256_SIZE];
	uint64_t size;

	if (!file_hash(path_of(outputs, name), sha256, NULL, &size, NULL))
		return BYTES_NONE;
	return hex_of(&outputs->arena, sha256, sizeof sha256);
}

void
manifest_write(const char *case_folder)
{
	struct outputs outputs;
	char *path, *fresh;
	FILE *out;
	bool bad;

	outputs_list(&outputs, case_folder);
	manifest_unsign(case_folder);
	path = path_of(&outputs, "manifest.sha256");
	fresh = path_of(&outputs, "manifest.sha256.new");
	out = fopen(fresh, "wb");
	if (out == NULL)
		die_machine("%s: %s", fresh, strerror(errno));
	for (size_t i = 0; i < outputs.count; i++) {
		struct bytes hash = hash_of(&outputs, outputs.names[i]);

		if (!bytes_present(hash))
			die_machine("%s/%s: %s", case_folder,
			    outputs.names[i], strerror(errno));
		fprintf(out, "%.*s  %s\n", (int)hash.n, (const char *)hash.p,
		    outputs.names[i]);
	}
	bad = fflush(out) != 0 || fsync(fileno(out)) != 0;
	bad |= fclose(out) != 0;
	if (bad || rename(fresh, path) != 0)
		die_machine("%s: %s", path, strerror(errno));
	outputs_release(&outputs);
}

void
manifest_remove(const char *case_folder)
{
	char *path;

	if (asprintf(&path, "%s/manifest.sha256", case_folder) < 0)
		die_machine("out of memory");
	unlink(path);
	free(path);
	manifest_unsign(case_folder);
}

/* ---- verification */

static bool
is_listed(struct outputs *outputs, const char *name, bool *seen)
{
	char **found = bsearch(&name, outputs->names, outputs->count,
	    sizeof *outputs->names, compare_names);

	if (found == NULL)
		return false;
	return seen[found - outputs->names] = true;
}

static size_t
verify_line(struct outputs *outputs, struct bytes line, bool *seen, FILE *out)
{
	struct bytes hash = bytes_slice(line, 0, 64), now;
	char *name = arena_cstr(&outputs->arena, bytes_skip(line, 66));

	if (line.n < 67) {
		fprintf(out, "manifest.sha256: a line that is none\n");
		return 1;
	}
	if (!is_listed(outputs, name, seen)) {
		fprintf(out, "%s: missing\n", name);
		return 1;
	}
	now = hash_of(outputs, name);
	if (bytes_present(now) && bytes_eq(now, hash))
		return 0;
	fprintf(out, "%s: %s\n", name,
	    bytes_present(now) ? "differs from manifest.sha256"
			       : strerror(errno));
	return 1;
}

size_t
manifest_verify(const char *case_folder, FILE *out)
{
	struct outputs outputs;
	size_t wrong = 0, room = 0;
	char *line = NULL;
	bool *seen;
	ssize_t n;
	FILE *in;

	outputs_list(&outputs, case_folder);
	seen = arena_array(&outputs.arena, outputs.count, sizeof *seen);
	in = fopen(path_of(&outputs, "manifest.sha256"), "rb");
	if (in == NULL) {
		fprintf(out, "manifest.sha256: missing; the last run did not "
			     "end\n");
		outputs_release(&outputs);
		return 1;
	}
	while ((n = getline(&line, &room, in)) > 0) {
		n -= line[n - 1] == '\n';
		wrong += verify_line(&outputs, bytes_of(line, (size_t)n), seen,
		    out);
	}
	for (size_t i = 0; i < outputs.count; i++) {
		if (seen[i])
			continue;
		fprintf(out, "%s: not in manifest.sha256\n", outputs.names[i]);
		wrong++;
	}
	fclose(in);
	free(line);
	outputs_release(&outputs);
	return wrong;
}
