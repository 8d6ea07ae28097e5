#include "forensics/ingest/wanted.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "parsers/base/buffer.h"
#include "parsers/base/die.h"

struct wanted {
	struct buffer text;
	struct bytes *lines; /* ascending */
	size_t count;
};

static bool
read_text(struct wanted *wanted, const char *path)
{
	enum { PIECE = 1024 * 1024 };
	FILE *in = fopen(path, "rb");
	size_t n;

	if (in == NULL)
		return false;
	do {
		n = fread(buffer_reserve(&wanted->text, PIECE), 1, PIECE, in);
		wanted->text.n += n;
	} while (n > 0);
	n = (size_t)ferror(in);
	fclose(in);
	return n == 0;
}

struct wanted *
wanted_load(const char *path)
{
	struct wanted *wanted = calloc(1, sizeof *wanted);
	struct bytes rest, line;
	size_t lines = 1;

	if (wanted == NULL)
		die_machine("out of memory");
	if (!read_text(wanted, path)) {
		fprintf(stderr, "postmortem: %s: %s\n", path, strerror(errno));
		free(wanted);
		return NULL;
	}
	for (size_t i = 0; i < wanted->text.n; i++)
		lines += wanted->text.p[i] == '\n';
	wanted->lines = calloc(lines, sizeof *wanted->lines);
	if (wanted->lines == NULL)
		die_machine("out of memory");
	rest = buffer_bytes(&wanted->text);
	while (bytes_cut(&rest, '\n', &line))
		if (line.n > 0)
			wanted->lines[wanted->count++] = line;
	return wanted;
}

/* The order of "SOURCE<tab>LOCATOR" and a line. */
static int
compare(struct bytes source, struct bytes locator, struct bytes line)
{
	size_t n = source.n < line.n ? source.n : line.n;
	int order = bytes_compare(bytes_slice(source, 0, n),
	    bytes_slice(line, 0, n));

	if (order != 0)
		return order;
	if (source.n >= line.n)
		return 1;
	if (line.p[source.n] != '\t')
		return '\t' < line.p[source.n] ? -1 : 1;
	return bytes_compare(locator, bytes_skip(line, source.n + 1));
}

bool
wanted_has(const struct wanted *wanted, struct bytes source,
    struct bytes locator)
{
	size_t low = 0, high = wanted->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(source, locator, wanted->lines[middle]);

		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}
