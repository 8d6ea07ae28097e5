/*
 * benchgen: input for the benchmark, the same for the same seed.
 *
 *   benchgen mbox|ual-jsonl|purview-csv|text BYTES SEED > FILE
 *   benchgen eml BYTES SEED FOLDER
 */
#include "testdata/bench/bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILES_A_FOLDER = 500 };

static void
die(const char *what)
{
	fprintf(stderr, "benchgen: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t
parse_size(const char *word)
{
	char *end;
	uint64_t n = strtoull(word, &end, 10);

	return *end == 'G'   ? n << 30
	       : *end == 'M' ? n << 20
	       : *end == 'K' ? n << 10
			     : n;
}

static void
write_file(const char *path, const struct text *text)
{
	FILE *out = fopen(path, "wb");

	if (out == NULL || fwrite(text->p, 1, text->n, out) != text->n ||
	    fclose(out) != 0)
		die(path);
}

static void
make_tree(uint64_t bytes, uint64_t seed, const char *folder)
{
	struct random random = {seed};
	struct text text = {0};
	char path[4096];
	uint64_t all = 0;

	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		die(folder);
	for (uint64_t number = 0; all < bytes; number++) {
		unsigned box = (unsigned)(number / FILES_A_FOLDER);

		snprintf(path, sizeof(path), "%s/box%u", folder, box);
		if (number % FILES_A_FOLDER == 0 && mkdir(path, 0777) != 0 &&
		    errno != EEXIST)
			die(path);
		text_reset(&text);
		mail_message(&random, number, &text);
		snprintf(path, sizeof(path), "%s/box%u/%llu.eml", folder, box,
		    (unsigned long long)number);
		write_file(path, &text);
		all += text.n;
	}
	text_free(&text);
}

/* One more record of the kind; false: no such kind. */
static bool
add_record(const char *kind, uint64_t number, struct random *random,
    struct audit *audit, struct text *out)
{
	if (strcmp(kind, "mbox") == 0) {
		mail_mbox_record(random, number, out);
	} else if (strcmp(kind, "text") == 0) {
		struct letter letter = letter_shape(random);

		letter_text(random, &letter, out);
	} else if (strcmp(kind, "ual-jsonl") == 0) {
		audit_record(audit, out);
		text_put(out, "\n");
	} else if (strcmp(kind, "purview-csv") == 0) {
		if (number == 0)
			audit_csv_header(out);
		audit_csv_row(audit, out);
	} else {
		return false;
	}
	return true;
}

static void
make_stream(const char *kind, uint64_t bytes, uint64_t seed)
{
	struct random random = {seed};
	struct audit audit = {.random = {seed}};
	struct text text = {0};
	uint64_t all = 0;

	for (uint64_t number = 0; all < bytes; number++) {
		text_reset(&text);
		if (!add_record(kind, number, &random, &audit, &text)) {
			fprintf(stderr, "benchgen: no kind \"%s\"\n", kind);
			exit(2);
		}
		if (fwrite(text.p, 1, text.n, stdout) != text.n)
			die("standard output");
		all += text.n;
	}
	if (fflush(stdout) != 0)
		die("standard output");
	text_free(&text);
	audit_free(&audit);
}

int
main(int argc, char **argv)
{
	bool tree = argc == 5 && strcmp(argv[1], "eml") == 0;

	if (argc != 4 && !tree) {
		fputs("usage: benchgen mbox|ual-jsonl|purview-csv|text BYTES "
		      "SEED > FILE\n       benchgen eml BYTES SEED FOLDER\n",
		    stderr);
		return 2;
	}
	if (tree)
		make_tree(
		    parse_size(argv[2]), strtoull(argv[3], NULL, 0), argv[4]);
	else
		make_stream(
		    argv[1], parse_size(argv[2]), strtoull(argv[3], NULL, 0));
	return 0;
}
