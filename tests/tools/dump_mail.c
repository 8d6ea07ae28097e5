/*
 * dump_mail [--mime] [--as FORMAT] FILE...: what the parsers make of a file,
 * as JSON lines, for the comparisons beside it (compare_*.py).
 *
 *	{"file":..., "kind":..., "records":[{"table":...}...], "flows":[...],
 *	 "rows":[...]}
 * --mime: the leaves of one message with their byte offsets
 *	{"file":..., "header":[[name,value]...], "leaves":[...]}
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "parsers/base/hash.h"
#include "parsers/base/text.h"
#include "parsers/mail/mime.h"
#include "tests/support_sink.h"

static void
put_text(struct bytes raw)
{
	struct arena arena;
	struct bytes text;

	if (raw.p == NULL) {
		fputs("null", stdout);
		return;
	}
	arena_init(&arena);
	text = text_repair_utf8(&arena, raw);
	putchar('"');
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 32)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
	arena_release(&arena);
}

static void
put_record(const struct record_shape *shape, const char *record)
{
	printf("{\"table\":\"%s\"", shape->table);
	for (size_t i = 0; i < shape->count; i++) {
		const void *at = record + shape->fields[i].offset;
		int64_t number;

		if (shape->fields[i].text) {
			if (((const struct bytes *)at)->p == NULL)
				continue;
			printf(",\"%s\":", shape->fields[i].name);
			put_text(*(const struct bytes *)at);
			continue;
		}
		memcpy(&number, at, sizeof number);
		if (number != RECORD_NONE)
			printf(",\"%s\":%lld", shape->fields[i].name,
			    (long long)number);
	}
	putchar('}');
}

static void
put_kept(const struct kept *kept)
{
	const char *comma = "";

	fputs("\"records\":[", stdout);
	for (int kind = 0; kind < RECORD_KINDS; kind++)
		for (size_t i = 0; i < kept->count[kind]; i++) {
			fputs(comma, stdout);
			comma = ",\n ";
			put_record(&record_shapes[kind],
			    kept->records[kind][i]);
		}
	fputs("],\n\"flows\":[", stdout);
	for (size_t i = 0; i < kept->flow_count; i++) {
		printf("%s{\"idx\":%lld,\"hidden\":%d,\"part\":", i ? ",\n " : "",
		    (long long)kept->flows[i].idx, kept->flows[i].hidden);
		put_text(kept->flows[i].part);
		fputs(",\"text\":", stdout);
		put_text(kept->flows[i].text);
		putchar('}');
	}
	fputs("],\n\"rows\":[", stdout);
	for (size_t i = 0; i < kept->row_count; i++) {
		const struct kept_row *row = &kept->rows[i];

		printf("%s{\"idx\":%lld,\"row\":%u,\"header\":%d,\"part\":",
		    i ? ",\n " : "", (long long)row->idx, row->row,
		    row->header);
		put_text(row->part);
		fputs(",\"cells\":[", stdout);
		for (size_t k = 0; k < row->count; k++) {
			fputs(k ? ",[" : "[", stdout);
			put_text(row->cells[k].column);
			putchar(',');
			put_text(row->cells[k].text);
			putchar(']');
		}
		fputs("]}", stdout);
	}
	putchar(']');
}

static void put_mime(struct arena *arena, struct bytes text, unsigned depth);

static void
put_leaf(struct arena *arena, const struct mime_part *part,
    const uint8_t *base, unsigned depth)
{
	size_t bad;
	struct bytes content = mime_decode(arena, part, &bad);
	enum text_quality quality = TEXT_CLEAN;
	struct bytes text = BYTES_NONE;

	if (bytes_starts(part->type.type, BYTES_LIT("text/")))
		text = text_to_utf8(arena, part->type.charset, content,
		    &quality);
	fputs("{\"number\":", stdout);
	put_text(part->number);
	fputs(",\"type\":", stdout);
	put_text(part->type.type);
	fputs(",\"charset\":", stdout);
	put_text(part->type.charset);
	fputs(",\"name\":", stdout);
	put_text(part->name);
	fputs(",\"disposition\":", stdout);
	put_text(part->disposition.kind);
	fputs(",\"encoding\":", stdout);
	put_text(part->encoding);
	printf(",\"header_at\":%ld,\"body_at\":%ld,\"end_at\":%ld,\"body\":%d,"
	       "\"bad\":%zu,\"quality\":%d,\"bytes\":%zu,\"sha256\":",
	    part->header.block.p ? (long)(part->header.block.p - base) : -1L,
	    part->raw.p ? (long)(part->raw.p - base) : -1L,
	    part->raw.p ? (long)(part->raw.p + part->raw.n - base) : -1L,
	    mime_is_body(part), bad, (int)quality, content.n);
	put_text(sha256_hex(arena, content));
	fputs(",\"text\":", stdout);
	put_text(text);
	if (depth < 20 && bytes_eq(part->type.type,
	                      BYTES_LIT("message/rfc822"))) {
		fputs(",\"inside\":{", stdout);
		put_mime(arena, content, depth + 1);
		putchar('}');
	}
	putchar('}');
}

static void
put_mime(struct arena *arena, struct bytes text, unsigned depth)
{
	struct header header = header_parse(arena, text);
	struct mime mime = mime_walk(arena, &header,
	    bytes_skip(text, header.body));

	fputs("\"header\":[", stdout);
	for (size_t i = 0; i < header.count; i++) {
		fputs(i ? ",[" : "[", stdout);
		put_text(header.list[i].name);
		putchar(',');
		put_text(header.list[i].value);
		putchar(']');
	}
	fputs("],\n\"outside\":[", stdout);
	for (size_t i = 0; i < mime.outside_count; i++) {
		fputs(i ? ",[" : "[", stdout);
		put_text(mime.outside[i].part);
		putchar(',');
		put_text(mime.outside[i].text);
		putchar(']');
	}
	fputs("],\n\"leaves\":[", stdout);
	for (size_t i = 0; i < mime.count; i++) {
		fputs(i ? ",\n " : "", stdout);
		put_leaf(arena, &mime.list[i], text.p, depth);
	}
	putchar(']');
}

static void
dump(const char *path, bool as_mime, const char *format)
{
	struct input input = { .fd = open(path, O_RDONLY) };
	const struct parser *parser;
	struct kept kept;
	struct bytes all;
	struct stat st;
	bool tie = false;

	if (input.fd < 0 || fstat(input.fd, &st) != 0) {
		perror(path);
		exit(1);
	}
	input.size = (uint64_t)st.st_size;
	kept_init(&kept);
	all = input_slice(&input, &kept.arena, 0, input.size);
	parser = format ? parser_named(bytes_cstr(format))
			: parser_for(bytes_slice(all, 0, 65536), input.size,
			      &tie);
	fputs("{\"file\":", stdout);
	put_text(bytes_cstr(path));
	printf(",\"kind\":\"%s\",\n",
	    parser ? parser->name : tie ? "tie" : "unknown");
	if (as_mime)
		put_mime(&kept.arena, all, 0);
	else {
		if (parser != NULL)
			kept_run(&kept, parser, &input);
		put_kept(&kept);
	}
	puts("}");
	kept_release(&kept);
}

int
main(int argc, char **argv)
{
	const char *format = NULL;
	bool as_mime = false;
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "--mime") == 0)
			as_mime = true;
		else if (strcmp(argv[i], "--as") == 0 && i + 1 < argc)
			format = argv[++i];
	}
	for (; i < argc; i++)
		dump(argv[i], as_mime, format);
	return 0;
}
