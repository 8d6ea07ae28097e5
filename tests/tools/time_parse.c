/*
 * time_parse FILE...: how fast the parsers read, alone: no worker, scanner or
 * case.  One line for all files: bytes, seconds of the processor, MB/s.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "parsers/base/buffer.h"
#include "parsers/parser.h"

struct counting_sink {
	struct sink sink;
	struct buffer specs; /* a byte of length, then the spec */
	unsigned long long messages, texts, text_bytes, rows;
};

static bool
on_begin(struct sink *sink, struct bytes locator)
{
	(void)sink;
	(void)locator;
	return true;
}

static void
on_size(struct sink *sink, uint64_t records)
{
	(void)sink;
	(void)records;
}

static void
on_end(struct sink *sink)
{
	(void)sink;
}

static void
on_record(struct sink *base, enum record_kind kind, const void *record)
{
	struct counting_sink *sink = (struct counting_sink *)base;
	const struct record_unit *unit = record;

	sink->messages += kind == RECORD_KIND_MESSAGE;
	if (kind != RECORD_KIND_UNIT || unit->spec.n > 255)
		return;
	buffer_add_byte(&sink->specs, (uint8_t)unit->spec.n);
	buffer_add_bytes(&sink->specs, unit->spec);
}

static void
on_text(struct sink *base, const struct text_flow *flow)
{
	((struct counting_sink *)base)->texts++;
	((struct counting_sink *)base)->text_bytes += flow->text.n;
}

static void
on_row(struct sink *base, const struct text_row *row)
{
	(void)row;
	((struct counting_sink *)base)->rows++;
}

static const struct sink_ops ops = { on_begin, on_size, on_end, on_record,
	on_text, on_row, NULL };

static uint64_t
parse(struct counting_sink *sink, const char *path)
{
	struct input input = { .fd = open(path, O_RDONLY),
		.name = bytes_cstr(path) };
	const struct parser *parser;
	static uint8_t head[65536];
	struct stat st;
	size_t at = 0;
	bool tie;

	if (input.fd < 0 || fstat(input.fd, &st) != 0) {
		perror(path);
		return 0;
	}
	input.size = (uint64_t)st.st_size;
	parser = parser_for(bytes_of(head,
	    (size_t)input_read(&input, 0, head, sizeof head)), input.size,
	    &tie);
	buffer_reset(&sink->specs);
	if (parser != NULL && parser->plan != NULL)
		parser->plan(&input, &sink->sink);
	else if (parser != NULL)
		parser->run(&input, BYTES_LIT(""), &sink->sink);
	while (at < sink->specs.n) {
		size_t n = sink->specs.p[at++];

		parser->run(&input, bytes_of(sink->specs.p + at, n),
		    &sink->sink);
		at += n;
	}
	close(input.fd);
	return input.size;
}

int
main(int argc, char **argv)
{
	struct counting_sink sink = { .sink.ops = &ops };
	uint64_t bytes = 0;
	clock_t begin;
	double seconds;

	arena_init(&sink.sink.item);
	begin = clock();
	for (int i = 1; i < argc; i++)
		bytes += parse(&sink, argv[i]);
	seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
	printf("%.1f MB, %.2f s, %.0f MB/s; %llu messages, %llu texts of "
	       "%.1f MB, %llu rows\n", (double)bytes / 1e6, seconds,
	    (double)bytes / 1e6 / seconds, sink.messages, sink.texts,
	    (double)sink.text_bytes / 1e6, sink.rows);
	return 0;
}
