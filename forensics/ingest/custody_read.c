/* Reading the chain back: fields of a line, and whether it holds. */
#include "forensics/ingest/custody.h"

#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "parsers/base/text.h"

static unsigned
hex_digit(uint8_t c)
{
	c = byte_lower(c);
	return c >= 'a' ? (unsigned)c - 'a' + 10 : (unsigned)c - '0';
}

/* Our own escapes: \" \\ \u00NN for one byte. */
static struct bytes
unescape(struct arena *arena, struct bytes text)
{
	uint8_t *out = arena_raw(arena, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '\\' || i + 1 == text.n) {
			out[n++] = text.p[i];
		} else if (text.p[i + 1] == 'u' && i + 5 < text.n) {
			out[n++] = (uint8_t)(hex_digit(text.p[i + 4]) << 4 |
					     hex_digit(text.p[i + 5]));
			i += 5;
		} else {
			out[n++] = text.p[++i];
		}
	}
	return bytes_of(out, n);
}

struct bytes
custody_field(struct arena *arena, struct bytes line, const char *key)
{
	struct bytes wanted = arena_printf(arena, "\"%s\":\"", key), rest;
	size_t at = bytes_find(line, wanted), n;

	if (at == SIZE_MAX)
		return BYTES_NONE;
	rest = bytes_skip(line, at + wanted.n);
	for (n = 0; n < rest.n && rest.p[n] != '"'; n++)
		if (rest.p[n] == '\\')
			n++;
	return unescape(arena, bytes_slice(rest, 0, n));
}

void
custody_lines_open(struct custody_lines *lines, const char *case_folder)
{
	char *path;

	if (asprintf(&path, "%s/custody.jsonl", case_folder) < 0)
		die_machine("out of memory");
	*lines = (struct custody_lines){ fopen(path, "rb"), NULL, 0 };
	free(path);
}

bool
custody_lines_next(struct custody_lines *lines, struct bytes *text)
{
	ssize_t n;

	if (lines->in == NULL)
		return false;
	n = getline(&lines->line, &lines->room, lines->in);
	if (n <= 0)
		return false;
	if (lines->line[n - 1] == '\n')
		n--;
	*text = bytes_of(lines->line, (size_t)n);
	return true;
}

void
custody_lines_close(struct custody_lines *lines)
{
	if (lines->in != NULL)
		fclose(lines->in);
	free(lines->line);
}

struct bytes
custody_evidence_path(struct case_file *file, struct arena *arena,
    int64_t source)
{
	struct case_rows *rows = case_query(file,
	    "SELECT sha256 FROM sources WHERE source=?");
	struct bytes wanted = BYTES_NONE, found = BYTES_NONE, text;
	struct custody_lines lines;

	case_bind_number(rows, 1, source);
	if (case_next(rows))
		wanted = arena_dup(arena, case_text(rows, 0));
	case_done(rows);
	if (wanted.n == 0)
		return found;
	custody_lines_open(&lines, case_folder(file));
	while (custody_lines_next(&lines, &text))
		if (bytes_find(text, wanted) != SIZE_MAX &&
		    bytes_eq(custody_field(arena, text, "sha256"), wanted))
			found = custody_field(arena, text, "file");
	custody_lines_close(&lines);
	return found;
}

/* Half a line of a run that was killed has no link of its own; the next
 * line's link covers it. */
static bool
is_torn(struct bytes line)
{
	return line.n == 0 || line.p[line.n - 1] != '}';
}

size_t
custody_verify(const char *case_folder, FILE *out)
{
	struct bytes previous = BYTES_LIT(
	    "0000000000000000000000000000000000000000000000000000000000000000");
	struct arena arena, kept;
	struct custody_lines lines;
	struct bytes text;
	size_t breaks = 0, number = 0;
	bool torn = false;

	arena_init(&arena);
	arena_init(&kept);
	custody_lines_open(&lines, case_folder);
	if (lines.in == NULL) {
		fprintf(out, "custody.jsonl: missing\n");
		breaks = 1;
	}
	while (custody_lines_next(&lines, &text)) {
		number++;
		torn = is_torn(text);
		if (!torn &&
		    !bytes_eq(custody_field(&arena, text, "previous"),
		        previous)) {
			fprintf(out, "custody.jsonl: line %zu: does not follow"
				     " the line before it\n", number);
			breaks++;
		}
		arena_reset(&kept);
		previous = sha256_hex(&kept, text);
		arena_reset(&arena);
	}
	custody_lines_close(&lines);
	/* A line that a crash tore is followed by those of the next run. */
	if (torn) {
		fprintf(out, "custody.jsonl: line %zu: cut\n", number);
		breaks++;
	}
	arena_release(&arena);
	arena_release(&kept);
	return breaks;
}
