/*
 * Files inside text: uuencode (POSIX.1 uuencode, "begin 644 name" .. "end")
 * and yEnc (yenc-draft 1.3, "=ybegin" .. "=yend").  One look finds the lines
 * that begin them; what only looks so (prose with "begin 5 ...") is text.
 */
#include "parsers/base/encode.h"
#include "parsers/mail/message_private.h"

static struct bytes
line_at(struct bytes text, size_t at, size_t *after)
{
	size_t end = bytes_find_byte(bytes_skip(text, at), '\n');
	struct bytes line = bytes_slice(text, at,
	    end == SIZE_MAX ? text.n : at + end);

	*after = end == SIZE_MAX ? text.n : at + end + 1;
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* Its length byte and its length agree: 1 + 4 characters for 3 bytes, and
 * what mailers add or trim at the end. */
static bool
is_uu_line(struct bytes line)
{
	size_t bytes, want;

	if (line.n == 0 || line.p[0] < 32 || line.p[0] > 96)
		return false;
	bytes = (size_t)((line.p[0] - 32) & 63);
	want = 1 + (bytes + 2) / 3 * 4;
	return line.n <= want + 2 && (line.n + 4 >= want || bytes == 0);
}

/* "begin 644 name": three or four octal digits and a name. */
static bool
uu_begin(struct bytes line, struct bytes *name)
{
	size_t n = 6;

	if (!bytes_starts(line, BYTES_LIT("begin ")))
		return false;
	while (n < line.n && line.p[n] >= '0' && line.p[n] <= '7')
		n++;
	if (n < 9 || n > 10 || n >= line.n || line.p[n] != ' ')
		return false;
	*name = bytes_trim(bytes_skip(line, n));
	return name->n > 0;
}

static bool
take_uu(struct bytes text, size_t at, struct inline_file *file)
{
	size_t after, data, end;
	struct bytes line = line_at(text, at, &after);

	if (!uu_begin(line, &file->name))
		return false;
	data = after;
	line = line_at(text, data, &end);
	if (!is_uu_line(line))
		return false;
	file->begin = at;
	file->unended = true;
	while (after < text.n) {
		end = after;
		line = line_at(text, after, &after);
		if (bytes_eq(bytes_trim(line), BYTES_LIT("end"))) {
			file->unended = false;
			break;
		}
		/* Lost its end, and the message goes on. */
		if (!is_uu_line(line) && bytes_trim(line).n > 0) {
			after = end;
			break;
		}
		end = after;
	}
	file->data = bytes_slice(text, data, end);
	file->end = after;
	file->yenc = false;
	return true;
}

static bool
take_yenc(struct bytes text, size_t at, struct inline_file *file)
{
	size_t after, end, name;
	struct bytes line = line_at(text, at, &after);

	if (!bytes_starts(line, BYTES_LIT("=ybegin ")) ||
	    bytes_find(line, BYTES_LIT(" size=")) == SIZE_MAX)
		return false;
	name = bytes_find(line, BYTES_LIT(" name="));
	file->name = name == SIZE_MAX ? BYTES_LIT("")
				      : bytes_trim(bytes_skip(line, name + 6));
	file->begin = at;
	if (bytes_starts(bytes_skip(text, after), BYTES_LIT("=ypart ")))
		line_at(text, after, &after);
	end = bytes_find(bytes_skip(text, after), BYTES_LIT("\n=yend"));
	file->unended = end == SIZE_MAX;
	file->data = bytes_slice(text, after,
	    end == SIZE_MAX ? text.n : after + end + 1);
	file->end = text.n;
	if (end != SIZE_MAX)
		line_at(text, after + end + 1, &file->end);
	file->yenc = true;
	return true;
}

/* Where the next line of a kind is; looked for again only once it is past. */
struct seeker {
	struct bytes text, what;
	size_t next;
	bool begun;
};

static size_t
seek(struct seeker *s, size_t from)
{
	if (!s->begun || (s->next != SIZE_MAX && s->next < from))
		s->next = bytes_find_line(s->text, from, s->what);
	s->begun = true;
	return s->next;
}

size_t
inline_files(struct bytes text, struct inline_file *list, size_t most)
{
	struct seeker uu = { text, BYTES_LIT("begin "), 0, false };
	struct seeker yenc = { text, BYTES_LIT("=ybegin "), 0, false };
	size_t count = 0, at = 0;

	while (count < most) {
		size_t a = seek(&uu, at), b = seek(&yenc, at);

		at = a < b ? a : b;
		if (at == SIZE_MAX)
			break;
		if (take_uu(text, at, &list[count]) ||
		    take_yenc(text, at, &list[count]))
			at = list[count++].end;
		else
			at++;
	}
	return count;
}

struct bytes
inline_file_decode(struct arena *arena, const struct inline_file *file,
    size_t *bad)
{
	if (file->yenc)
		return yenc_decode(arena, file->data, bad);
	return uu_lines_decode(arena, file->data, bad);
}
