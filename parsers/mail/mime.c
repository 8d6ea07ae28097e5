#include "parsers/mail/mime.h"

#include "parsers/base/encode.h"
#include "parsers/base/limits.h"
#include "parsers/mail/message_private.h"

struct walker {
	struct arena *arena;
	struct mime *mime;
};

struct place {
	struct bytes number; /* empty at the top */
	unsigned depth;
	bool digest; /* RFC 2046 5.1.5: parts are messages unless they say */
	bool encrypted; /* RFC 1847 2.2 */
	struct bytes alternative; /* the innermost around it, and which half */
	unsigned half;
};

static void walk_part(struct walker *w, const struct header *header,
    struct bytes body, const struct place *place);

/* A list with room for one more: four times as long each time. */
static void *
grown(struct arena *arena, void *list, size_t count, size_t *room, size_t size)
{
	void *more;

	if (count < *room)
		return list;
	*room = *room ? *room * 4 : 8;
	more = arena_array(arena, *room, size);
	if (count > 0)
		memcpy(more, list, count * size);
	return more;
}

/* Its first word: "base64; charset=x" and "7bit (really)" are met, and
 * "quoted printable". */
static struct bytes
encoding_of(const struct header *header)
{
	struct bytes raw = header_raw(header, "Content-Transfer-Encoding");
	size_t n = 0;

	if (bytes_starts_nocase(raw, BYTES_LIT("quoted printable")))
		return BYTES_LIT("quoted-printable");
	while (n < raw.n && raw.p[n] > ' ' && raw.p[n] != ';' &&
	       raw.p[n] != '(')
		n++;
	return bytes_slice(raw, 0, n);
}

static bool
is_known_encoding(struct bytes encoding)
{
	static const char *const names[] = { "", "7bit", "8bit", "binary",
		"base64", "quoted-printable", "x-uuencode", "x-uue",
		"uuencode", "7-bit", "8-bit", "7bits", "8bits", "none",
		"plain", "x-yenc", NULL };

	for (size_t i = 0; names[i] != NULL; i++)
		if (bytes_eq_nocase(encoding, bytes_cstr(names[i])))
			return true;
	return false;
}

static void
add_leaf(struct walker *w, const struct header *header, struct bytes body,
    struct bytes number, const struct content_type *type)
{
	struct mime *mime = w->mime;
	struct mime_part *part;

	if (mime->count >= LIMIT_MIME_PARTS) {
		mime->too_many = true;
		return;
	}
	mime->list = grown(w->arena, mime->list, mime->count, &mime->room,
	    sizeof *mime->list);
	part = &mime->list[mime->count++];
	part->number = number;
	part->header = *header;
	part->type = *type;
	part->disposition = disposition_parse(w->arena,
	    header_raw(header, "Content-Disposition"));
	part->encoding = encoding_of(header);
	part->odd_encoding = !is_known_encoding(part->encoding);
	part->raw = body;
	part->name = part->disposition.file_name.n > 0
			 ? part->disposition.file_name
			 : type->name;
}

/* A line "--boundary" or "--boundary--", trailing white space ignored. */
static bool
is_border(struct bytes line, struct bytes boundary, bool *last)
{
	struct bytes tail;

	if (line.n < boundary.n + 2 || line.p[0] != '-' || line.p[1] != '-' ||
	    memcmp(line.p + 2, boundary.p, boundary.n) != 0)
		return false;
	tail = bytes_trim(bytes_skip(line, boundary.n + 2));
	*last = bytes_eq(tail, BYTES_LIT("--"));
	return tail.n == 0 || *last;
}

/* The next border at a line's start; SIZE_MAX when there is none. */
static size_t
find_border(struct bytes text, size_t from, struct bytes boundary,
    size_t *after, bool *last)
{
	while (from < text.n) {
		size_t at = bytes_find_line(text, from, BYTES_LIT("--"));
		size_t end;

		if (at == SIZE_MAX)
			return SIZE_MAX;
		end = bytes_find_byte(bytes_skip(text, at), '\n');
		end = end == SIZE_MAX ? text.n : at + end;
		if (is_border(bytes_slice(text, at, end), boundary, last)) {
			*after = end < text.n ? end + 1 : end;
			return at;
		}
		from = at + 2;
	}
	return SIZE_MAX;
}

/* Without the line break that belongs to the border after it. */
static struct bytes
part_content(struct bytes text, size_t from, size_t to)
{
	struct bytes part = bytes_slice(text, from, to);

	if (part.n > 0 && part.p[part.n - 1] == '\n')
		part.n--;
	if (part.n > 0 && part.p[part.n - 1] == '\r')
		part.n--;
	return part;
}

static struct bytes
child_number(struct arena *arena, struct bytes parent, unsigned child)
{
	if (parent.n == 0)
		return arena_printf(arena, "%u", child);
	return arena_printf(arena, "%.*s.%u", (int)parent.n,
	    (const char *)parent.p, child);
}

static void
walk_child(struct walker *w, struct bytes text, const struct place *parent,
    unsigned child, const struct content_type *around)
{
	struct header header = header_parse(w->arena, text);
	struct place place = { child_number(w->arena, parent->number, child),
		parent->depth + 1,
		bytes_eq(around->type, BYTES_LIT("multipart/digest")),
		parent->encrypted ||
		    (bytes_eq(around->type, BYTES_LIT("multipart/encrypted")) &&
		        child > 1),
		parent->alternative, parent->half };

	if (bytes_eq(around->type, BYTES_LIT("multipart/alternative"))) {
		place.alternative = parent->number.n ? parent->number
						     : BYTES_LIT("0");
		place.half = child;
	}
	w->mime->header_cut |= header.cut;
	walk_part(w, &header, bytes_skip(text, header.body), &place);
}

/* What stands before the first border or after the last. */
static void
add_outside(struct walker *w, struct bytes text, const struct place *place,
    const char *what)
{
	struct mime *mime = w->mime;

	if (bytes_trim(text).n == 0 || mime->outside_count >= LIMIT_MIME_PARTS)
		return;
	mime->outside = grown(w->arena, mime->outside, mime->outside_count,
	    &mime->outside_room, sizeof *mime->outside);
	mime->outside[mime->outside_count++] = (struct mime_outside){
		arena_printf(w->arena, "%.*s%s%s", (int)place->number.n,
		    (const char *)place->number.p, place->number.n ? "." : "",
		    what),
		text };
}

/* No border at all: whatever it is, it must not be lost. */
static void
add_unbordered(struct walker *w, struct bytes body, const struct place *place)
{
	struct header none = { 0 };
	struct content_type plain = content_type_parse(w->arena, BYTES_NONE);

	w->mime->no_boundary = true;
	add_leaf(w, &none, body, child_number(w->arena, place->number, 1),
	    &plain);
}

/* RFC 2046 5.1.1: what may stand in a boundary. */
static bool
is_boundary_byte(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') ||
	       (c != 0 && strchr("'()+_,-./:=? \"", c) != NULL);
}

/*
 * The boundary of a multipart that names none: the first line of the body
 * that begins with "--", holds nothing else than a boundary may, and has a
 * field or a blank line after it.
 */
static struct bytes
guess_boundary(struct bytes body)
{
	struct bytes rest = bytes_slice(body, 0, 4096), line, next;
	struct bytes boundary;
	size_t n;

	while (bytes_line(&rest, &line)) {
		boundary = bytes_skip(line, 2);
		while (boundary.n > 0 && boundary.p[boundary.n - 1] <= ' ')
			boundary.n--;
		if (!bytes_starts(line, BYTES_LIT("--")) || boundary.n == 0 ||
		    boundary.n > 200)
			continue;
		for (n = 0; n < boundary.n && is_boundary_byte(boundary.p[n]);)
			n++;
		next = rest;
		if (n == boundary.n && bytes_line(&next, &line) &&
		    (line.n == 0 || bytes_starts_nocase(line,
		                        BYTES_LIT("Content-"))))
			return boundary;
	}
	return BYTES_NONE;
}

static void walk_multipart(struct walker *w, struct bytes body,
    const struct content_type *type, const struct place *place);

/* The border it names does not occur: perhaps another does. */
static void
walk_unbordered(struct walker *w, struct bytes body,
    const struct content_type *type, const struct place *place)
{
	struct content_type other = *type;

	other.boundary = guess_boundary(body);
	if (other.boundary.n == 0 ||
	    bytes_eq(other.boundary, type->boundary)) {
		add_unbordered(w, body, place);
		return;
	}
	w->mime->guessed = true;
	walk_multipart(w, body, &other, place);
}

static void
walk_multipart(struct walker *w, struct bytes body,
    const struct content_type *type, const struct place *place)
{
	size_t after = 0, next, at;
	unsigned child = 0;
	bool last = false;

	at = find_border(body, 0, type->boundary, &after, &last);
	if (at == SIZE_MAX) {
		if (bytes_trim(body).n > 0)
			walk_unbordered(w, body, type, place);
		return;
	}
	add_outside(w, bytes_slice(body, 0, at), place, "preamble");
	while (at != SIZE_MAX && !last && !w->mime->too_many) {
		size_t from = after;

		next = find_border(body, from, type->boundary, &after, &last);
		walk_child(w,
		    part_content(body, from, next == SIZE_MAX ? body.n : next),
		    place, ++child, type);
		at = next;
	}
	if (last)
		add_outside(w, bytes_skip(body, after), place, "epilogue");
	else
		w->mime->unclosed = true;
}

static void
walk_part(struct walker *w, const struct header *header, struct bytes body,
    const struct place *place)
{
	struct bytes raw = header_raw(header, "Content-Type");
	struct content_type type = content_type_parse(w->arena, raw);
	bool multipart = bytes_starts(type.type, BYTES_LIT("multipart/"));

	if (place->digest && raw.n == 0)
		type.type = BYTES_LIT("message/rfc822");
	if (multipart && type.boundary.n == 0) {
		type.boundary = guess_boundary(body);
		w->mime->guessed |= type.boundary.n > 0;
		w->mime->no_boundary |= type.boundary.n == 0;
	}
	if (multipart && type.boundary.n > 0) {
		if (place->depth < LIMIT_MIME_DEPTH) {
			walk_multipart(w, body, &type, place);
			return;
		}
		w->mime->too_deep = true;
	}
	/* Without a border it is one text. */
	if (multipart && type.boundary.n == 0)
		type.type = BYTES_LIT("text/plain");
	add_leaf(w, header, body,
	    place->number.n ? place->number : BYTES_LIT("1"), &type);
	if (w->mime->count == 0)
		return;
	w->mime->list[w->mime->count - 1].alternative = place->alternative;
	w->mime->list[w->mime->count - 1].half = place->half;
	if (place->encrypted)
		w->mime->list[w->mime->count - 1].encrypted = true;
}

struct mime
mime_walk(struct arena *arena, const struct header *header, struct bytes body)
{
	struct mime mime = { .header_cut = header->cut };
	struct walker w = { arena, &mime };
	struct place top = { .number = BYTES_LIT("") };

	walk_part(&w, header, body, &top);
	return mime;
}

/* The first file of the body, or the body when it holds none. */
static struct bytes
yenc_body(struct arena *arena, struct bytes raw, size_t *bad)
{
	struct inline_file file;

	if (inline_files(raw, &file, 1) == 0)
		return raw;
	return inline_file_decode(arena, &file, bad);
}

struct bytes
mime_decode(struct arena *arena, const struct mime_part *part, size_t *bad)
{
	*bad = 0;
	if (bytes_eq_nocase(part->encoding, BYTES_LIT("base64")))
		return base64_decode(arena, part->raw, bad);
	if (bytes_eq_nocase(part->encoding, BYTES_LIT("quoted-printable")))
		return quoted_printable_decode(arena, part->raw, bad);
	if (bytes_eq_nocase(part->encoding, BYTES_LIT("x-uuencode")) ||
	    bytes_eq_nocase(part->encoding, BYTES_LIT("x-uue")) ||
	    bytes_eq_nocase(part->encoding, BYTES_LIT("uuencode")))
		return uudecode(arena, part->raw, bad);
	if (bytes_eq_nocase(part->encoding, BYTES_LIT("x-yenc")))
		return yenc_body(arena, part->raw, bad);
	return part->raw;
}

bool
mime_is_body(const struct mime_part *part)
{
	if (bytes_eq(part->disposition.kind, BYTES_LIT("attachment")) ||
	    part->name.n > 0 || part->encrypted)
		return false;
	return bytes_eq(part->type.type, BYTES_LIT("text/plain")) ||
	       bytes_eq(part->type.type, BYTES_LIT("text/html")) ||
	       bytes_eq(part->type.type, BYTES_LIT("text/enriched"));
}
