/* Addresses: RFC 5322 3.4 and what mailers made of it. */
#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"
#include "parsers/mail/header.h"

struct address_state {
	struct arena *arena;
	struct mail_address *list;
	size_t count, room;
	struct buffer words;  /* the phrase or bare address so far */
	struct bytes comment;
	struct bytes angle;
	bool has_angle;
};

/* "mailing list dev@x.org" without brackets: the word with the '@' is the
 * address, what stands before it the name. */
static struct bytes
split_bare(struct bytes *words)
{
	size_t at = words->n;
	struct bytes name;

	if (words->n > 0 && words->p[0] == '"')
		return BYTES_LIT("");
	while (at > 0 && words->p[at - 1] > ' ')
		at--;
	if (at == 0 ||
	    bytes_find_byte(bytes_skip(*words, at), '@') == SIZE_MAX ||
	    bytes_find_byte(bytes_slice(*words, 0, at), '@') != SIZE_MAX)
		return BYTES_LIT("");
	name = bytes_trim(bytes_slice(*words, 0, at));
	*words = bytes_skip(*words, at);
	return name;
}

static void
finish(struct address_state *s)
{
	struct bytes words = arena_dup(s->arena,
	    bytes_trim(buffer_bytes(&s->words)));
	struct mail_address *address;

	if (words.n + s->angle.n + s->comment.n == 0 ||
	    s->count > LIMIT_RECIPIENTS || s->count >= s->room)
		goto clear;
	address = &s->list[s->count++];
	if (s->has_angle) {
		address->address = bytes_trim(s->angle);
		address->name = words.n > 0 ? words : s->comment;
	} else if (bytes_find_byte(words, '@') != SIZE_MAX) {
		address->name = split_bare(&words);
		address->address = words;
		if (address->name.n == 0)
			address->name = s->comment;
	} else
		address->name = words.n > 0 ? words : s->comment;
	address->name = header_decode(s->arena, address->name);
	if (address->name.p == NULL)
		address->name = BYTES_LIT("");
	if (address->address.p == NULL)
		address->address = BYTES_LIT("");
clear:
	s->comment = s->angle = BYTES_LIT("");
	buffer_reset(&s->words);
	s->has_angle = false;
}

/* "quoted \"text\"": the text without quotes, unless it is the first half of
 * an address. */
static size_t
take_quoted(struct address_state *s, struct bytes raw, size_t i)
{
	size_t from = i + 1, end = from;

	while (end < raw.n && raw.p[end] != '"')
		end += raw.p[end] == '\\' ? 2 : 1;
	if (end + 1 < raw.n && raw.p[end + 1] == '@') {
		buffer_add_bytes(&s->words, bytes_slice(raw, i, end + 1));
		return end + 1;
	}
	i = from;

	while (i < raw.n && raw.p[i] != '"') {
		if (raw.p[i] == '\\' && i + 1 < raw.n) {
			buffer_add_bytes(&s->words, bytes_slice(raw, from, i));
			from = ++i;
		}
		i++;
	}
	buffer_add_bytes(&s->words, bytes_slice(raw, from, i));
	return i < raw.n ? i + 1 : i;
}

static size_t
take_comment(struct address_state *s, struct bytes raw, size_t i)
{
	unsigned depth = 1;
	size_t from = ++i;

	while (i < raw.n && depth > 0) {
		if (raw.p[i] == '\\')
			i++;
		else if (raw.p[i] == '(')
			depth++;
		else if (raw.p[i] == ')')
			depth--;
		i++;
	}
	if (i > raw.n)
		i = raw.n;
	s->comment = bytes_trim(bytes_slice(raw, from,
	    depth == 0 ? i - 1 : i));
	return i;
}

/* RFC 5322 4.4: white space and comments inside an address are not of it;
 * quoted parts stay as they are.  Most have none. */
static struct bytes
bare_address(struct arena *arena, struct bytes in)
{
	unsigned depth = 0;
	bool quoted = false;
	uint8_t *out;
	size_t n = 0;

	in = bytes_trim(in);
	if (bytes_find_byte(in, ' ') == SIZE_MAX &&
	    bytes_find_byte(in, '(') == SIZE_MAX &&
	    bytes_find_byte(in, '\n') == SIZE_MAX &&
	    bytes_find_byte(in, '\t') == SIZE_MAX)
		return in;
	/* "<Jane Doe>" is no address with spaces in it. */
	if (bytes_find_byte(in, '@') == SIZE_MAX)
		return in;
	out = arena_raw(arena, in.n);
	for (size_t i = 0; i < in.n; i++) {
		uint8_t c = in.p[i];

		quoted ^= c == '"' && depth == 0;
		if (!quoted && c == '(')
			depth++;
		else if (!quoted && c == ')' && depth > 0)
			depth--;
		else if (depth == 0 && (quoted || c > ' '))
			out[n++] = c;
	}
	return bytes_of(out, n);
}

/* The '>' that closes, quoted ones aside; SIZE_MAX: none. */
static size_t
angle_end(struct bytes raw, size_t i)
{
	bool quoted = false;

	for (; i < raw.n; i++) {
		if (raw.p[i] == '"')
			quoted = !quoted;
		else if (raw.p[i] == '>' && !quoted)
			return i;
	}
	return SIZE_MAX;
}

static size_t
take_angle(struct address_state *s, struct bytes raw, size_t i)
{
	size_t end = angle_end(raw, i), route;

	/* "<a@b> <c@d>": a comma was forgotten. */
	if (s->has_angle && s->angle.n > 0)
		finish(s);
	/* A quote that never closes: the first '>' will do. */
	if (end == SIZE_MAX) {
		end = bytes_find_byte(bytes_skip(raw, i), '>');
		end = end == SIZE_MAX ? end : i + end;
	}
	s->has_angle = true;
	s->angle = bytes_trim(bytes_slice(raw, i + 1,
	    end == SIZE_MAX ? raw.n : end));
	/* RFC 5322 4.4: a route before the address. */
	route = bytes_find_byte(s->angle, ':');
	if (s->angle.n > 0 && s->angle.p[0] == '@' && route != SIZE_MAX)
		s->angle = bytes_skip(s->angle, route + 1);
	s->angle = bare_address(s->arena, s->angle);
	return end == SIZE_MAX ? raw.n : end + 1;
}

static size_t
count_separators(struct bytes raw)
{
	size_t count = 1;

	for (size_t i = 0; i < raw.n; i++)
		count += raw.p[i] == ',' || raw.p[i] == ';' || raw.p[i] == '<';
	return count;
}

struct mail_address *
header_addresses(struct arena *arena, struct bytes raw, size_t *count)
{
	struct address_state s = { .arena = arena };
	size_t i = 0;

	s.room = count_separators(raw);
	s.list = arena_array(arena, s.room, sizeof *s.list);
	s.comment = s.angle = BYTES_LIT("");
	while (i < raw.n) {
		size_t from = i;

		switch (raw.p[i]) {
		case '"':
			i = take_quoted(&s, raw, i);
			break;
		case '(':
			i = take_comment(&s, raw, i);
			break;
		case '<':
			i = take_angle(&s, raw, i);
			break;
		case ',':
		case ';':
			finish(&s);
			i++;
			break;
		case ':': /* the name of a group */
			buffer_reset(&s.words);
			i++;
			break;
		default:
			while (i < raw.n && raw.p[i] != '"' &&
			       raw.p[i] != '(' && raw.p[i] != '<' &&
			       raw.p[i] != ',' && raw.p[i] != ';' &&
			       raw.p[i] != ':')
				i++;
			buffer_add_bytes(&s.words, bytes_slice(raw, from, i));
		}
	}
	finish(&s);
	buffer_release(&s.words);
	*count = s.count;
	return s.list;
}

struct bytes
address_shown(struct arena *arena, const struct mail_address *address)
{
	if (address->name.n == 0)
		return address->address;
	if (address->address.n == 0)
		return address->name;
	return arena_printf(arena, "%.*s <%.*s>", (int)address->name.n,
	    (const char *)address->name.p, (int)address->address.n,
	    (const char *)address->address.p);
}
