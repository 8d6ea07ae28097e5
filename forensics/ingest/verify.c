/* `postmortem verify CASE`: nothing is written, differences are printed. */
#include "forensics/ingest/ingest.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "forensics/ingest/custody.h"
#include "forensics/ingest/evidence.h"
#include "forensics/ingest/manifest.h"
#include "forensics/ingest/sign.h"
#include "parsers/base/die.h"
#include "parsers/base/text.h"

enum { STATUS_FAILED = 1, STATUS_MISMATCH = 6 };

struct recorded {
	struct bytes file, sha256;
	size_t line;
};

struct records {
	struct arena arena;
	struct recorded *list;
	size_t count, room;
};

static void
note_line(struct records *records, struct bytes line, size_t number)
{
	struct bytes what = custody_field(&records->arena, line, "what");

	if (!bytes_eq(what, BYTES_LIT("hashed")))
		return;
	if (records->count == records->room) {
		records->room = records->room * 2 + 64;
		records->list = realloc(records->list,
		    records->room * sizeof *records->list);
		if (records->list == NULL)
			die_machine("out of memory");
	}
	records->list[records->count++] = (struct recorded){
		custody_field(&records->arena, line, "file"),
		custody_field(&records->arena, line, "sha256"), number
	};
}

static bool
read_records(struct records *records, const char *folder)
{
	size_t room = 0, number = 0;
	char *path, *line = NULL;
	ssize_t n;
	FILE *in;

	if (asprintf(&path, "%s/custody.jsonl", folder) < 0)
		die_machine("out of memory");
	in = fopen(path, "rb");
	free(path);
	if (in == NULL)
		return false;
	while ((n = getline(&line, &room, in)) > 0)
		note_line(records, bytes_of(line, (size_t)n), ++number);
	free(line);
	fclose(in);
	return true;
}

static int
compare_records(const void *a, const void *b)
{
	const struct recorded *x = a, *y = b;
	int order = bytes_compare(x->file, y->file);

	if (order != 0)
		return order;
	return (x->line > y->line) - (x->line < y->line);
}

static size_t
verify_file(struct records *records, const struct recorded *recorded)
{
	uint8_t sha256[SHA256_SIZE];
	uint64_t size;
	struct bytes shown = text_visible(&records->arena, recorded->file);
	const char *file = arena_cstr(&records->arena, recorded->file);

	if (!file_hash(file, sha256, NULL, &size, NULL)) {
		printf("%.*s: %s\n", (int)shown.n, (const char *)shown.p,
		    strerror(errno));
		return 1;
	}
	if (bytes_eq(hex_of(&records->arena, sha256, sizeof sha256),
	        recorded->sha256))
		return 0;
	printf("%.*s: differs from what was read as evidence\n", (int)shown.n,
	    (const char *)shown.p);
	return 1;
}

/* What each file was when it was last read counts. */
static size_t
verify_evidence(const char *folder)
{
	struct records records = { .count = 0 };
	size_t wrong = 0;

	arena_init(&records.arena);
	if (read_records(&records, folder) && records.count > 0) {
		qsort(records.list, records.count, sizeof *records.list,
		    compare_records);
		for (size_t i = 0; i < records.count; i++)
			if (i + 1 == records.count ||
			    !bytes_eq(records.list[i].file,
			        records.list[i + 1].file))
				wrong += verify_file(&records,
				    &records.list[i]);
	}
	free(records.list);
	arena_release(&records.arena);
	return wrong;
}

int
verify_case(const char *folder, const struct signing_key *key)
{
	size_t wrong;
	char *path;
	bool is_case;

	/* Not opened: a case that was damaged is to be told from none. */
	if (asprintf(&path, "%s/case.db", folder) < 0)
		die_machine("out of memory");
	is_case = access(path, F_OK) == 0;
	free(path);
	if (!is_case) {
		fprintf(stderr, "postmortem: %s: not a case (no case.db)\n",
		    folder);
		return STATUS_FAILED;
	}
	wrong = custody_verify(folder, stdout);
	wrong += verify_evidence(folder);
	wrong += manifest_verify(folder, stdout);
	if (key != NULL)
		wrong += manifest_verify_signature(folder, key, stdout);
	return wrong > 0 ? STATUS_MISMATCH : 0;
}
