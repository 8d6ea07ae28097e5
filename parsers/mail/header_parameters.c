/* Content-Type and Content-Disposition with their parameters: RFC 2045 5.1,
 * RFC 2183, continuations and charsets of RFC 2231. */
#include "parsers/base/text.h"
#include "parsers/mail/header.h"

enum { SECTIONS_MOST = 64 };

struct parameter {
	struct bytes name;  /* without *0* */
	struct bytes value;
	unsigned section;
	bool starred;       /* RFC 2231: a section, or extended */
	bool extended;      /* percent-encoded */
};

static struct bytes
lower(struct arena *arena, struct bytes in)
{
	uint8_t *out = arena_raw(arena, in.n);

	for (size_t i = 0; i < in.n; i++)
		out[i] = byte_lower(in.p[i]);
	return bytes_of(out, in.n);
}

static struct bytes
take_value(struct arena *arena, struct bytes *rest)
{
	uint8_t *out;
	size_t n = 0, i = 1, end;

	*rest = bytes_trim(*rest);
	if (rest->n == 0 || rest->p[0] != '"') {
		struct bytes value;

		end = bytes_find_byte(*rest, ';');
		if (end == SIZE_MAX)
			end = rest->n;
		value = bytes_trim(bytes_slice(*rest, 0, end));
		*rest = bytes_skip(*rest, end);
		return value;
	}
	out = arena_raw(arena, rest->n);
	while (i < rest->n && rest->p[i] != '"') {
		if (rest->p[i] == '\\' && i + 1 < rest->n)
			i++;
		if (rest->p[i] != '\r' && rest->p[i] != '\n')
			out[n++] = rest->p[i];
		i++;
	}
	*rest = bytes_skip(*rest, i + 1);
	return bytes_of(out, n);
}

/* name, name*, name*3, name*3* */
static void
split_name(struct parameter *p)
{
	size_t star = bytes_find_byte(p->name, '*');
	uint64_t section = 0;
	struct bytes tail;

	p->section = 0;
	p->extended = p->starred = false;
	if (star == SIZE_MAX)
		return;
	p->starred = true;
	tail = bytes_skip(p->name, star + 1);
	p->name = bytes_slice(p->name, 0, star);
	if (tail.n == 0) {
		p->extended = true;
		return;
	}
	if (tail.p[tail.n - 1] == '*') {
		p->extended = true;
		tail.n--;
	}
	if (bytes_to_u64(tail, &section) && section < SECTIONS_MOST)
		p->section = (unsigned)section;
}

static bool
next_parameter(struct arena *arena, struct bytes *rest, struct parameter *p)
{
	size_t equals, semicolon;

	for (;;) {
		*rest = bytes_trim(*rest);
		while (rest->n > 0 && rest->p[0] == ';')
			*rest = bytes_trim(bytes_skip(*rest, 1));
		if (rest->n == 0)
			return false;
		equals = bytes_find_byte(*rest, '=');
		semicolon = bytes_find_byte(*rest, ';');
		if (equals == SIZE_MAX)
			return false;
		if (semicolon < equals) {
			*rest = bytes_skip(*rest, semicolon);
			continue;
		}
		p->name = bytes_trim(bytes_slice(*rest, 0, equals));
		*rest = bytes_skip(*rest, equals + 1);
		p->value = take_value(arena, rest);
		split_name(p);
		return true;
	}
}

static struct bytes
percent_decode(struct arena *arena, struct bytes in)
{
	uint8_t *out = arena_raw(arena, in.n);
	size_t n = 0;

	for (size_t i = 0; i < in.n; i++) {
		unsigned value = 0;
		size_t k = 1;

		for (; in.p[i] == '%' && k <= 2 && i + k < in.n; k++) {
			uint8_t c = byte_lower(in.p[i + k]);

			if (c >= '0' && c <= '9')
				value = value << 4 | (unsigned)(c - '0');
			else if (c >= 'a' && c <= 'f')
				value = value << 4 | (unsigned)(c - 'a' + 10);
			else
				break;
		}
		if (in.p[i] == '%' && k == 3) {
			out[n++] = (uint8_t)value;
			i += 2;
		} else
			out[n++] = in.p[i];
	}
	return bytes_of(out, n);
}

/* charset'language'text of an extended first section. */
static struct bytes
extended_text(struct arena *arena, struct bytes value, struct bytes *charset)
{
	size_t first = bytes_find_byte(value, '\''), second;

	if (first == SIZE_MAX)
		return percent_decode(arena, value);
	second = bytes_find_byte(bytes_skip(value, first + 1), '\'');
	if (second == SIZE_MAX)
		return percent_decode(arena, value);
	*charset = bytes_slice(value, 0, first);
	return percent_decode(arena, bytes_skip(value, first + second + 2));
}

struct gathered {
	struct bytes plain; /* name=, for readers that know no RFC 2231 */
	struct bytes sections[SECTIONS_MOST];
	struct bytes charset;
	bool extended;
};

static void
gather(struct gathered *g, struct arena *arena, const struct parameter *p)
{
	if (!p->starred) {
		if (g->plain.p == NULL)
			g->plain = p->value;
		return;
	}
	if (g->sections[p->section].p != NULL)
		return;
	g->extended |= p->extended;
	g->sections[p->section] = !p->extended ? p->value
				  : p->section == 0
				      ? extended_text(arena, p->value,
					    &g->charset)
				      : percent_decode(arena, p->value);
}

/* The parameter's text, its sections joined in order; absent when none.  What
 * is written after RFC 2231 wins over what is written for older readers. */
static struct bytes
parameter_text(struct arena *arena, struct bytes raw, const char *name)
{
	struct gathered g = { .charset = BYTES_LIT("") };
	struct bytes rest = raw, all = BYTES_LIT("");
	struct parameter p;
	enum text_quality quality;

	/* Most fields have no such parameter at all. */
	if (bytes_find_nocase(raw, bytes_cstr(name)) == SIZE_MAX)
		return BYTES_NONE;
	while (next_parameter(arena, &rest, &p))
		if (bytes_eq_nocase(p.name, bytes_cstr(name)))
			gather(&g, arena, &p);
	if (g.sections[0].p == NULL)
		return g.plain;
	for (size_t i = 0; i < SECTIONS_MOST && g.sections[i].p != NULL; i++)
		all = i == 0 ? g.sections[0]
			     : arena_printf(arena, "%.*s%.*s", (int)all.n,
				   (const char *)all.p, (int)g.sections[i].n,
				   (const char *)g.sections[i].p);
	if (g.extended)
		return text_to_utf8(arena, g.charset, all, &quality);
	return all;
}

/* Up to white space or a comment: what a token cannot hold. */
static struct bytes
token(struct bytes text)
{
	size_t n = 0;

	text = bytes_trim(text);
	while (n < text.n && text.p[n] > ' ' && text.p[n] != '(' &&
	       text.p[n] != ';')
		n++;
	return bytes_slice(text, 0, n);
}

struct content_type
content_type_parse(struct arena *arena, struct bytes raw)
{
	struct content_type out = { .type = BYTES_LIT("text/plain") };
	struct bytes rest = bytes_trim(raw), type = token(rest);

	if (bytes_find_byte(type, '/') != SIZE_MAX)
		out.type = lower(arena, type);
	rest = bytes_skip(rest, type.n);
	if (rest.n == 0)
		return out;
	out.charset = parameter_text(arena, rest, "charset");
	out.boundary = parameter_text(arena, rest, "boundary");
	out.name = parameter_text(arena, rest, "name");
	out.format = token(parameter_text(arena, rest, "format"));
	out.delsp = token(parameter_text(arena, rest, "delsp"));
	out.smime_type = token(parameter_text(arena, rest, "smime-type"));
	if (bytes_eq(out.type, BYTES_LIT("message/partial"))) {
		out.id = parameter_text(arena, rest, "id");
		out.number = token(parameter_text(arena, rest, "number"));
		out.total = token(parameter_text(arena, rest, "total"));
	}
	out.charset = token(out.charset);
	if (out.name.n > 0)
		out.name = header_decode(arena, out.name);
	return out;
}

struct disposition
disposition_parse(struct arena *arena, struct bytes raw)
{
	struct disposition out = { BYTES_LIT(""), BYTES_NONE };
	struct bytes rest = bytes_trim(raw), kind = token(rest);

	if (rest.n == 0)
		return out;
	if (bytes_find_byte(kind, '=') == SIZE_MAX) {
		out.kind = lower(arena, kind);
		rest = bytes_skip(rest, kind.n);
	}
	if (rest.n > 0)
		out.file_name = parameter_text(arena, rest, "filename");
	if (out.file_name.n > 0)
		out.file_name = header_decode(arena, out.file_name);
	return out;
}
