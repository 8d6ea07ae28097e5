/*
 * replay.c: gives a fuzz target a main(): runs it over every file of the
 * folders and files named, in the order of their names, then over damage of
 * each made with a fixed seed. A crash or a sanitizer's word is the failure.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DAMAGES = 64 };

static uint64_t random_state = 20230711;

/* xorshift64: the same damage on every machine. */
static uint64_t
random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void
run_damaged(const uint8_t *data, size_t size)
{
	/* An exact allocation lets the sanitizer see one byte too far. */
	for (int i = 0; i < DAMAGES && size > 0; i++) {
		size_t kept = i % 4 ? size : (size_t)(random_next() % size);
		uint8_t *copy = malloc(kept ? kept : 1);

		if (!copy)
			abort();
		memcpy(copy, data, kept);
		for (int k = 0; k < 1 + i % 8 && kept; k++)
			copy[random_next() % kept] = (uint8_t)random_next();
		LLVMFuzzerTestOneInput(copy, kept);
		free(copy);
	}
}

static int
run_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *data;
	size_t size;

	if (!f || fstat(fileno(f), &st) < 0) {
		perror(path);
		exit(1);
	}
	data = malloc((size_t)st.st_size + 1);
	if (!data)
		abort();
	size = fread(data, 1, (size_t)st.st_size, f);
	fclose(f);
	LLVMFuzzerTestOneInput(data, size);
	run_damaged(data, size);
	free(data);
	return 1;
}

static int
run_folder(const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, NULL, alphasort);
	int runs = 0;

	if (n < 0)
		return run_file(path);
	for (int i = 0; i < n; i++) {
		char inner[4096];

		if (names[i]->d_name[0] != '.') {
			snprintf(inner, sizeof inner, "%s/%s", path,
			    names[i]->d_name);
			runs += run_file(inner);
		}
		free(names[i]);
	}
	free(names);
	return runs;
}

int
main(int argc, char **argv)
{
	int runs = 0;

	if (argc < 2) {
		fputs("usage: replay FOLDER|FILE...\n", stderr);
		return 1;
	}
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		runs += run_folder(argv[i]);
	printf("%d inputs, %d damaged\n", runs, runs * DAMAGES);
	return runs > 0 ? 0 : 1;
}
