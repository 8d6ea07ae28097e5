/* What a report is made from, hashed; see unchanged.h. */
#include "reports/unchanged.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "forensics/ingest/custody.h"
#include "forensics/ingest/evidence.h"
#include "forensics/ingest/manifest.h"
#include "forensics/tables.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"

/* Each part with its length before it, so that none runs into the next. */
static void
add_part(struct hasher *hasher, struct bytes part)
{
	char length[32];
	int n = snprintf(length, sizeof length, "%zu:", part.n);

	hasher_add(hasher, length, (size_t)n);
	if (part.n > 0)
		hasher_add(hasher, part.p, part.n);
}

/* A file that cannot be read is a part as well: it is told where it is
 * opened for use. */
static void
add_file(struct hasher *hasher, const char *path)
{
	uint8_t sha256[SHA256_SIZE];
	uint64_t size;

	if (path != NULL && file_hash(path, sha256, NULL, &size, NULL))
		add_part(hasher, bytes_of(sha256, sizeof sha256));
	else
		add_part(hasher, BYTES_LIT(""));
}

static void
add_program(struct hasher *hasher)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	path[n > 0 ? n : 0] = '\0';
	add_file(hasher, path);
}

static void
add_tables(struct hasher *hasher)
{
	const char *name;
	bool replaced;

	for (size_t i = 0; (name = table_at(i, &replaced)) != NULL; i++) {
		add_part(hasher, bytes_cstr(name));
		add_part(hasher, table_content(name));
	}
}

struct bytes
report_made_from(struct case_file *file, struct arena *arena, bool unmask,
    const char *value_key_file, const char *exchange)
{
	struct hasher *hasher = hasher_new(false);
	char *path;
	uint8_t sha256[SHA256_SIZE];

	if (asprintf(&path, "%s/case.db", case_folder(file)) < 0)
		die_machine("out of memory");
	add_file(hasher, path);
	free(path);
	add_program(hasher);
	add_tables(hasher);
	add_part(hasher, unmask ? BYTES_LIT("unmask") : BYTES_LIT(""));
	add_file(hasher, value_key_file);
	add_part(hasher, bytes_cstr(exchange != NULL ? exchange : ""));
	hasher_finish(hasher, sha256, NULL);
	hasher_free(hasher);
	return hex_of(arena, sha256, sizeof sha256);
}

/* made_from of the custody log's last line that has one. */
static struct bytes
last_made_from(struct case_file *file, struct arena *arena)
{
	struct bytes found = BYTES_NONE, text;
	struct custody_lines lines;

	custody_lines_open(&lines, case_folder(file));
	while (custody_lines_next(&lines, &text))
		if (bytes_find(text, BYTES_LIT("\"made_from\"")) != SIZE_MAX)
			found = custody_field(arena, text, "made_from");
	custody_lines_close(&lines);
	return found;
}

/* Nothing is said: a difference is mended by writing. */
static bool
is_whole(struct case_file *file)
{
	FILE *nowhere = fopen("/dev/null", "w");
	bool whole;

	if (nowhere == NULL)
		return false;
	whole = manifest_verify(case_folder(file), nowhere) == 0;
	fclose(nowhere);
	return whole;
}

bool
report_stands(struct case_file *file, struct bytes made_from)
{
	struct arena arena;
	bool same;

	arena_init(&arena);
	same = bytes_eq(last_made_from(file, &arena), made_from);
	arena_release(&arena);
	return same && is_whole(file);
}
