/* Writing the chain; see custody.h. */
#include "forensics/ingest/custody.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"

enum { LINES_FULL = 1024 * 1024, TAIL = 1024 * 1024 };

static const char no_line[] = "0000000000000000000000000000000000000000"
			      "000000000000000000000000";

_Noreturn static void
fail(const struct custody *custody)
{
	die_machine("%s: %s; running again continues", custody->path,
	    strerror(errno));
}

/* ---- JSON */

/* A file name that is not UTF-8 keeps its bytes as \u0080..\u00ff. */
static void
json_text(struct buffer *out, struct bytes text)
{
	bool raw = text_is_utf8(text);

	buffer_add_byte(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (c == '"' || c == '\\')
			buffer_printf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f || (c >= 0x80 && !raw))
			buffer_printf(out, "\\u%04x", c);
		else
			buffer_add_byte(out, c);
	}
	buffer_add_byte(out, '"');
}

static void
key_add(struct buffer *fields, const char *key)
{
	if (fields->n > 0)
		buffer_add_byte(fields, ',');
	json_text(fields, bytes_cstr(key));
	buffer_add_byte(fields, ':');
}

void
custody_text(struct buffer *fields, const char *key, struct bytes text)
{
	key_add(fields, key);
	json_text(fields, text);
}

void
custody_number(struct buffer *fields, const char *key, int64_t number)
{
	key_add(fields, key);
	buffer_printf(fields, "%lld", (long long)number);
}

/* ---- the chain */

static void
link_to(struct custody *custody, struct bytes line)
{
	struct arena arena;

	arena_init(&arena);
	memcpy(custody->previous, sha256_hex(&arena, line).p, 64);
	arena_release(&arena);
}

/* A run that was killed may have left half a line: it is ended, and counts. */
static void
find_last(struct custody *custody)
{
	off_t size = lseek(custody->fd, 0, SEEK_END);
	off_t from = size > TAIL ? size - TAIL : 0;
	size_t n = (size_t)(size - from), begin;
	uint8_t *tail = malloc(n + 1);

	if (tail == NULL || pread(custody->fd, tail, n, from) != (ssize_t)n)
		fail(custody);
	if (n > 0 && tail[n - 1] != '\n')
		buffer_add_byte(&custody->lines, '\n');
	if (n > 0 && tail[n - 1] == '\n')
		n--;
	for (begin = n; begin > 0 && tail[begin - 1] != '\n'; begin--)
		;
	if (size > 0)
		link_to(custody, bytes_of(tail + begin, n - begin));
	free(tail);
}

void
custody_open(struct custody *custody, const char *case_folder)
{
	*custody = (struct custody){ .lines = BUFFER_EMPTY };
	memcpy(custody->previous, no_line, sizeof no_line);
	if (asprintf(&custody->path, "%s/custody.jsonl", case_folder) < 0)
		die_machine("out of memory");
	custody->fd = open(custody->path,
	    O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (custody->fd < 0)
		fail(custody);
	find_last(custody);
}

static void
write_lines(struct custody *custody)
{
	size_t done = 0;

	while (done < custody->lines.n) {
		ssize_t n = write(custody->fd, custody->lines.p + done,
		    custody->lines.n - done);

		if (n < 0 && errno != EINTR)
			fail(custody);
		done += n > 0 ? (size_t)n : 0;
	}
	buffer_reset(&custody->lines);
}

static void
now_text(struct buffer *fields)
{
	struct timespec now;
	struct arena arena;

	clock_gettime(CLOCK_REALTIME, &now);
	arena_init(&arena);
	custody_text(fields, "time",
	    utc_text(&arena, now.tv_sec * UTC_SECOND + now.tv_nsec / 1000));
	arena_release(&arena);
}

void
custody_line(struct custody *custody, const char *what,
    struct bytes json_fields)
{
	struct buffer line = BUFFER_EMPTY;

	now_text(&line);
	custody_text(&line, "what", bytes_cstr(what));
	if (json_fields.n > 0) {
		buffer_add_byte(&line, ',');
		buffer_add_bytes(&line, json_fields);
	}
	custody_text(&line, "previous", bytes_of(custody->previous, 64));
	buffer_add_byte(&line, '}');
	buffer_add_byte(&custody->lines, '{');
	buffer_add_bytes(&custody->lines, buffer_bytes(&line));
	link_to(custody,
	    bytes_of(custody->lines.p + custody->lines.n - line.n - 1,
	        line.n + 1));
	buffer_add_byte(&custody->lines, '\n');
	buffer_release(&line);
	if (custody->lines.n > LINES_FULL)
		write_lines(custody);
}

void
custody_close(struct custody *custody)
{
	write_lines(custody);
	if (fsync(custody->fd) != 0 && errno != EINVAL)
		fail(custody);
	close(custody->fd);
	buffer_release(&custody->lines);
	free(custody->path);
}

static void
command_line(struct buffer *fields)
{
	char text[65536];
	FILE *in = fopen("/proc/self/cmdline", "rb");
	size_t n = in ? fread(text, 1, sizeof text, in) : 0;

	if (in != NULL)
		fclose(in);
	while (n > 0 && text[n - 1] == '\0')
		n--;
	for (size_t i = 0; i < n; i++)
		if (text[i] == '\0')
			text[i] = ' ';
	custody_text(fields, "command", bytes_of(text, n));
}

void
custody_append(const char *case_folder, const char *what,
    struct bytes json_fields)
{
	struct buffer fields = BUFFER_EMPTY;
	struct custody custody;
	char host[256] = "";

	gethostname(host, sizeof host - 1);
	custody_text(&fields, "host", bytes_cstr(host));
	custody_number(&fields, "user", getuid());
	command_line(&fields);
	if (json_fields.n > 0) {
		buffer_add_byte(&fields, ',');
		buffer_add_bytes(&fields, json_fields);
	}
	custody_open(&custody, case_folder);
	custody_line(&custody, what, buffer_bytes(&fields));
	custody_close(&custody);
	buffer_release(&fields);
}
