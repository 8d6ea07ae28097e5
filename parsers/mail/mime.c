#include "parsers/mail/mime.h"

#include "parsers/base/encode.h"
#include "parsers/base/limits.h"

struct walker {
	struct arena *arena;
	struct mime *mime;
};

static void walk_part(struct walker *w, const struct header *header,
    struct bytes body, struct bytes number, unsigned depth);

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
	if (mime->count == mime->room) {
		size_t room = mime->room ? mime->room * 4 : 8;
		struct mime_part *list = arena_array(w->arena, room,
		    sizeof *list);

		if (mime->count > 0)
			memcpy(list, mime->list, mime->count * sizeof *list);
		mime->list = list;
		mime->room = room;
	}
	part = &mime->list[mime->count++];
	part->number = number;
	part->header = *header;
	part->type = *type;
	part->disposition = disposition_parse(w->arena,
	    header_raw(header, "Content-Disposition"));
	part->encoding = header_raw(header, "Content-Transfer-Encoding");
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
		size_t at = bytes_find(bytes_skip(text, from),
		    BYTES_LIT("--"));
		size_t end;

		if (at == SIZE_MAX)
			return SIZE_MAX;
		at += from;
		if (at > 0 && text.p[at - 1] != '\n') {
			from = at + 1;
			continue;
		}
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
walk_child(struct walker *w, struct bytes text, struct bytes parent,
    unsigned child, unsigned depth)
{
	struct header header = header_parse(w->arena, text);

	w->mime->header_cut |= header.cut;
	walk_part(w, &header, bytes_skip(text, header.body),
	    child_number(w->arena, parent, child), depth);
}

static void
walk_multipart(struct walker *w, struct bytes body, struct bytes boundary,
    struct bytes number, unsigned depth)
{
	size_t after = 0, next, at;
	unsigned child = 0;
	bool last = false;

	at = find_border(body, 0, boundary, &after, &last);
	while (at != SIZE_MAX && !last && !w->mime->too_many) {
		size_t from = after;

		next = find_border(body, from, boundary, &after, &last);
		walk_child(w,
		    part_content(body, from, next == SIZE_MAX ? body.n : next),
		    number, ++child, depth + 1);
		at = next;
	}
	/* No border at all: whatever it is, it must not be lost. */
	if (child == 0 && bytes_trim(body).n > 0) {
		struct header none = { 0 };
		struct content_type plain = content_type_parse(w->arena,
		    BYTES_NONE);

		w->mime->no_boundary = true;
		add_leaf(w, &none, body, child_number(w->arena, number, 1),
		    &plain);
	}
}

static void
walk_part(struct walker *w, const struct header *header, struct bytes body,
    struct bytes number, unsigned depth)
{
	struct content_type type = content_type_parse(w->arena,
	    header_raw(header, "Content-Type"));
	bool multipart = bytes_starts(type.type, BYTES_LIT("multipart/"));

	if (multipart && type.boundary.n > 0) {
		if (depth < LIMIT_MIME_DEPTH) {
			walk_multipart(w, body, type.boundary, number, depth);
			return;
		}
		w->mime->too_deep = true;
	} else if (multipart)
		w->mime->no_boundary = true;
	add_leaf(w, header, body, number.n ? number : BYTES_LIT("1"), &type);
}

struct mime
mime_walk(struct arena *arena, const struct header *header, struct bytes body)
{
	struct mime mime = { .header_cut = header->cut };
	struct walker w = { arena, &mime };

	walk_part(&w, header, body, BYTES_LIT(""), 0);
	return mime;
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
	return part->raw;
}

bool
mime_is_body(const struct mime_part *part)
{
	if (bytes_eq(part->disposition.kind, BYTES_LIT("attachment")) ||
	    part->name.n > 0)
		return false;
	return bytes_eq(part->type.type, BYTES_LIT("text/plain")) ||
	       bytes_eq(part->type.type, BYTES_LIT("text/html")) ||
	       bytes_eq(part->type.type, BYTES_LIT("text/enriched"));
}
