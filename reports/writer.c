#include "reports/writer.h"

#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

#include "parsers/base/die.h"
#include "parsers/base/text.h"

static _Noreturn void
writer_die(const struct writer *writer)
{
	die_machine("%s: %s; free some room and run the same command again",
	    writer->path, strerror(errno));
}

void
writer_open(struct writer *writer, const char *folder, const char *name)
{
	snprintf(writer->path, sizeof writer->path, "%s/%s", folder, name);
	writer->line = BUFFER_EMPTY;
	writer->file = fopen(writer->path, "wb");
	if (writer->file == NULL)
		writer_die(writer);
}

void
writer_add(struct writer *writer, struct bytes b)
{
	if (b.n > 0 && fwrite(b.p, 1, b.n, writer->file) != b.n)
		writer_die(writer);
}

void
writer_add_cstr(struct writer *writer, const char *s)
{
	writer_add(writer, bytes_cstr(s));
}

void
writer_printf(struct writer *writer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (vfprintf(writer->file, format, arguments) < 0)
		writer_die(writer);
	va_end(arguments);
}

void
writer_close(struct writer *writer)
{
	if (fflush(writer->file) != 0 || fsync(fileno(writer->file)) != 0 ||
	    fclose(writer->file) != 0)
		writer_die(writer);
	buffer_release(&writer->line);
}

static bool
is_white(uint32_t code)
{
	return code == ' ' || (code >= 9 && code <= 13) || code == 0x85 ||
	       code == 0xa0 || code == 0x1680 || code == 0xfeff ||
	       (code >= 0x2000 && code <= 0x200d) || code == 0x202f ||
	       code == 0x2060 || code == 0x205f || code == 0x3000;
}

/* Contract 5: after white space, = + - @ or their full-width forms; a cell
 * that begins with tab, CR, LF, or with ' itself. */
static bool
is_formula(struct bytes text)
{
	static const char *const starts[] = {"=", "+", "-", "@", "\xef\xbc\x9d",
	    "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
	struct bytes rest = text, start = text;
	uint32_t code;

	if (text.n == 0)
		return false;
	if (text.p[0] != '\0' && strchr("\t\r\n'", text.p[0]) != NULL)
		return true;
	while (text_next(&rest, &code) && is_white(code))
		start = rest;
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (bytes_starts(start, bytes_cstr(starts[i])))
			return true;
	return false;
}

static bool
needs_quotes(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '"' || text.p[i] == ',')
			return true;
	return text.n > 0 && (text.p[0] == ' ' || text.p[text.n - 1] == ' ');
}

/* Most cells: nothing to show, to quote or to defuse. */
static bool
is_plain(struct bytes text)
{
	if (text.n == 0)
		return true;
	if (text.p[0] == ' ' || text.p[text.n - 1] == ' ' ||
	    strchr("=+-@'", text.p[0]) != NULL)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < 0x20 || text.p[i] > 0x7e ||
		    text.p[i] == '"' || text.p[i] == ',')
			return false;
	return true;
}

void
csv_add_field(struct buffer *out, struct bytes text)
{
	struct arena arena;
	struct bytes shown;
	bool formula, quote;

	if (is_plain(text)) {
		buffer_add_bytes(out, text);
		return;
	}
	arena_init(&arena);
	formula = is_formula(text);
	shown = text_visible(&arena, text);
	quote = formula || needs_quotes(shown);
	if (quote)
		buffer_add_byte(out, '"');
	if (formula)
		buffer_add_byte(out, '\'');
	for (size_t i = 0; i < shown.n; i++) {
		if (shown.p[i] == '"')
			buffer_add_byte(out, '"');
		buffer_add_byte(out, shown.p[i]);
	}
	if (quote)
		buffer_add_byte(out, '"');
	arena_release(&arena);
}

void
json_add_string(struct buffer *out, struct bytes text)
{
	size_t begin = 0;

	buffer_add_byte(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (c >= 0x20 && c != 0x7f && c != '"' && c != '\\')
			continue;
		buffer_add_bytes(out, bytes_slice(text, begin, i));
		begin = i + 1;
		if (c < 0x20 || c == 0x7f) {
			buffer_printf(out, "\\u%04x", c);
		} else {
			buffer_add_byte(out, '\\');
			buffer_add_byte(out, c);
		}
	}
	buffer_add_bytes(out, bytes_skip(text, begin));
	buffer_add_byte(out, '"');
}

struct json_list
json_list_over(struct bytes array)
{
	struct json_list list = {bytes_trim(array)};

	if (list.rest.n > 0 && list.rest.p[0] == '[')
		list.rest = bytes_skip(list.rest, 1);
	return list;
}

static uint32_t
take_hex4(struct bytes *rest)
{
	uint32_t value = 0;

	for (size_t i = 0; i < 4 && i < rest->n; i++) {
		uint8_t c = byte_lower(rest->p[i]);

		value =
		    value << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	*rest = bytes_skip(*rest, 4);
	return value;
}

static uint32_t
take_escape(struct bytes *rest)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
	uint32_t code = rest->n ? rest->p[0] : '\\';
	const char *at;

	*rest = bytes_skip(*rest, 1);
	if (code == 'u') {
		code = take_hex4(rest);
		if (code >= 0xd800 && code < 0xdc00 &&
		    bytes_starts(*rest, BYTES_LIT("\\u"))) {
			struct bytes after = bytes_skip(*rest, 2);
			uint32_t low = take_hex4(&after);

			if (low < 0xdc00 || low > 0xdfff)
				return 0xfffd;
			*rest = after;
			return 0x10000 + ((code - 0xd800) << 10) +
			       (low - 0xdc00);
		}
		return code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
	}
	at = strchr(from, (int)code);
	return at != NULL && code != 0 ? (uint32_t)to[at - from] : code;
}

bool
json_list_next(
    struct json_list *list, struct arena *arena, struct bytes *element)
{
	struct bytes rest = list->rest;
	size_t start = bytes_find_byte(rest, '"'), n = 0;
	uint8_t *out;

	if (start == SIZE_MAX)
		return false;
	rest = bytes_skip(rest, start + 1);
	out = arena_raw(arena, rest.n + 4);
	while (rest.n > 0 && rest.p[0] != '"') {
		uint8_t c = rest.p[0];

		rest = bytes_skip(rest, 1);
		if (c == '\\')
			n += text_encode(take_escape(&rest), out + n);
		else
			out[n++] = c;
	}
	list->rest = bytes_skip(rest, 1);
	*element = bytes_of(out, n);
	return true;
}
