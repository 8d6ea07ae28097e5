/* Records cut out by their braces, so that one bad record costs itself. */
#include "parsers/audit/json_split.h"

#include "parsers/base/mask.h"

enum { SIGNATURE_MOST = 64 };

size_t
json_record_end(struct json_splitter *s, struct bytes chunk, size_t at,
    size_t *begin)
{
	for (size_t i = at; i < chunk.n; i++) {
		uint8_t c;

		if (s->in_string) {
			if (s->escaped) {
				s->escaped = false;
				continue;
			}
			i = mask_string_end(chunk.p, i, chunk.n);
			if (i == chunk.n)
				break;
			s->escaped = chunk.p[i] == '\\';
			s->in_string = s->escaped;
			continue;
		}
		c = chunk.p[i];
		/* Between bare records only the next brace counts. */
		if (s->base == 0 && s->depth == 0 && c != '{')
			continue;
		switch (c) {
		case '"':
			s->in_string = true;
			break;
		case '{':
			if (s->depth == s->base)
				*begin = i;
			s->depth++;
			break;
		case '[':
			s->depth++;
			break;
		case '}':
		case ']':
			if (s->depth > 0)
				s->depth--;
			if (s->depth == s->base && c == '}' &&
			    *begin != SIZE_MAX)
				return i + 1;
			break;
		default:
			break;
		}
	}
	return SIZE_MAX;
}

size_t
json_resync(struct bytes text, size_t from, struct bytes signature)
{
	while (signature.n > 1 && from < text.n) {
		size_t at = bytes_find(bytes_skip(text, from), signature);
		uint8_t before;

		if (at == SIZE_MAX)
			return SIZE_MAX;
		at += from;
		before = at > 0 ? text.p[at - 1] : '\n';
		if (before == ',' || before == '[' || before == '\n' ||
		    before == ' ' || before == '\t' || before == '}')
			return at;
		from = at + 1;
	}
	return SIZE_MAX;
}

static bool
is_white(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t
skip_white(struct bytes text, size_t at)
{
	while (at < text.n && is_white(text.p[at]))
		at++;
	return at;
}

/* Past the string that begins at `at`; text.n when it does not end. */
static size_t
skip_string(struct bytes text, size_t at)
{
	for (at++; at < text.n && text.p[at] != '"'; at++)
		if (text.p[at] == '\\')
			at++;
	return at < text.n ? at + 1 : text.n;
}

/* Past any value that begins at `at`. */
static size_t
skip_value(struct bytes text, size_t at)
{
	unsigned depth = 0;

	while (at < text.n) {
		uint8_t c = text.p[at];

		if (c == '"') {
			at = skip_string(text, at);
			continue;
		}
		if (depth == 0 && (c == ',' || c == '}' || c == ']'))
			return at;
		if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		at++;
	}
	return at;
}

static bool
is_wrapper(struct bytes key)
{
	static const char *const names[] = { "value", "records", "items",
		"results", "hits", "d", "Records", "activities" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (bytes_eq(key, bytes_cstr(names[i])))
			return true;
	return false;
}

/* The place of the first record's brace, down through wrapping objects that
 * hold an array of objects; *base counts what stands around it. */
static size_t
find_first(struct bytes head, size_t at, unsigned *base)
{
	size_t object = at;

	for (*base = 0; *base < 4; ) {
		bool found = false;

		at = skip_white(head, object + 1);
		while (at < head.n && head.p[at] == '"' && !found) {
			size_t end = skip_string(head, at);
			struct bytes key = bytes_slice(head, at + 1,
			    end > 0 ? end - 1 : 0);

			at = skip_white(head, end);
			if (at >= head.n || head.p[at] != ':')
				return object;
			at = skip_white(head, at + 1);
			found = is_wrapper(key) && at < head.n &&
				(head.p[at] == '[' || head.p[at] == '{');
			if (found)
				break;
			at = skip_white(head, skip_value(head, at));
			if (at < head.n && head.p[at] == ',')
				at = skip_white(head, at + 1);
		}
		if (!found)
			return object;
		if (head.p[at] == '{') { /* "hits": {"hits": [ */
			(*base)++;
			object = at;
			continue;
		}
		at = skip_white(head, at + 1);
		if (at >= head.n || head.p[at] != '{')
			return object;
		*base += 2;
		return at;
	}
	return object;
}

static struct bytes
signature_of(struct bytes record)
{
	size_t at = skip_white(record, 1);

	if (at >= record.n || record.p[at] != '"')
		return BYTES_NONE;
	at = skip_string(record, at);
	return at < SIGNATURE_MOST ? bytes_slice(record, 0, at) : BYTES_NONE;
}

static bool
ends_its_line(struct bytes head, size_t end)
{
	while (end < head.n && (head.p[end] == ' ' || head.p[end] == '\r'))
		end++;
	return end >= head.n || head.p[end] == '\n';
}

struct json_layout
json_layout_of(struct bytes head)
{
	struct json_layout layout = { .known = false };
	struct json_splitter s = { 0 };
	size_t at = bytes_starts(head, BYTES_LIT("\xef\xbb\xbf")) ? 3 : 0;
	size_t begin = 0, end;
	unsigned around = 0;

	at = skip_white(head, at);
	layout.from = at;
	layout.array = at < head.n && head.p[at] == '[';
	if (layout.array)
		at = skip_white(head, at + 1);
	if (at >= head.n || head.p[at] != '{')
		return layout;
	layout.known = true;
	begin = find_first(head, at, &around);
	if (begin == at)
		around = 0;
	/* An array of pages is not counted at depth 0, so it is here. */
	layout.base = around > 0 && layout.array ? around + 1 : around;
	layout.array |= around > 0;
	end = json_record_end(&s, head, begin, &begin);
	layout.first = bytes_slice(head, begin, end);
	layout.signature = signature_of(layout.first);
	layout.lines = !layout.array && end != SIZE_MAX &&
		       bytes_find_byte(layout.first, '\n') == SIZE_MAX &&
		       ends_its_line(head, end);
	/* A record longer than the head: of one line as far as it goes. */
	if (!layout.array && end == SIZE_MAX &&
	    bytes_find_byte(layout.first, '\n') == SIZE_MAX)
		layout.lines = true;
	return layout;
}
