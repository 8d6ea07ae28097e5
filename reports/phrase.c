/* One text of a language, piece by piece. */
#include "reports/language.h"

static bool
is_name(struct bytes name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!(name.p[i] >= 'a' && name.p[i] <= 'z') && name.p[i] != '_')
			return false;
	return name.n > 0;
}

/* A file of the report and an anchor: never a URL, never a path upwards. */
static bool
is_target(struct bytes target)
{
	for (size_t i = 0; i < target.n; i++) {
		uint8_t c = byte_lower(target.p[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    strchr("-_.#/", c) == NULL)
			return false;
	}
	return target.n > 0 && target.p[0] != '/' && target.p[0] != '.' &&
	       bytes_find(target, BYTES_LIT("..")) == SIZE_MAX &&
	       bytes_find(target, BYTES_LIT("//")) == SIZE_MAX;
}

static void
wrong(struct phrase_piece *piece, const char *why)
{
	piece->kind = PHRASE_WRONG;
	piece->text = bytes_cstr(why);
}

static void
take_slot(struct phrase_cursor *cursor, struct phrase_piece *piece)
{
	size_t end = bytes_find_byte(cursor->rest, '}'), mark;
	struct bytes inner = bytes_slice(cursor->rest, 1, end);

	if (end == SIZE_MAX) {
		wrong(piece, "'{' without '}'");
		return;
	}
	cursor->rest = bytes_skip(cursor->rest, end + 1);
	mark = bytes_find_byte(inner, '?');
	piece->kind = mark == SIZE_MAX ? PHRASE_SLOT : PHRASE_CHOICE;
	piece->name = bytes_slice(inner, 0, mark);
	piece->text =
	    mark == SIZE_MAX ? BYTES_NONE : bytes_skip(inner, mark + 1);
	if (!is_name(piece->name))
		wrong(piece, "a name between '{' and '}' is of a to z and _");
}

static void
take_link(struct phrase_cursor *cursor, struct phrase_piece *piece)
{
	size_t close = bytes_find(cursor->rest, BYTES_LIT("]("));
	struct bytes after = bytes_skip(cursor->rest, close);
	size_t end = bytes_find_byte(after, ')');

	if (close == SIZE_MAX || end == SIZE_MAX || cursor->in_link) {
		wrong(piece, "a link is [words](page.html)");
		return;
	}
	piece->kind = PHRASE_LINK;
	piece->text = bytes_slice(after, 2, end);
	cursor->link = piece->text;
	cursor->in_link = true;
	cursor->rest = bytes_skip(cursor->rest, 1);
	if (!is_target(piece->text))
		wrong(piece, "a link leads to a page of the report alone");
}

static void
take_link_end(struct phrase_cursor *cursor, struct phrase_piece *piece)
{
	if (!cursor->in_link) {
		wrong(piece, "']' without '['");
		return;
	}
	piece->kind = PHRASE_LINK_END;
	cursor->in_link = false;
	cursor->rest = bytes_skip(cursor->rest, 3 + cursor->link.n);
}

static void
toggle(struct phrase_cursor *cursor, struct phrase_piece *piece, bool *open,
    size_t mark, enum phrase_kind kind)
{
	piece->kind = *open ? kind + 1 : kind;
	*open = !*open;
	cursor->rest = bytes_skip(cursor->rest, mark);
}

static size_t
plain_length(struct bytes text)
{
	size_t i = 0;

	while (i < text.n && strchr("{[]`}", text.p[i]) == NULL &&
	       !(text.p[i] == '*' && i + 1 < text.n && text.p[i + 1] == '*'))
		i++;
	return i;
}

bool
phrase_next(struct phrase_cursor *cursor, struct phrase_piece *piece)
{
	struct bytes rest = cursor->rest;
	size_t plain = plain_length(rest);

	*piece = (struct phrase_piece){.kind = PHRASE_TEXT};
	if (rest.n == 0) {
		if (!cursor->in_link && !cursor->in_code && !cursor->in_strong)
			return false;
		cursor->in_link = cursor->in_code = cursor->in_strong = false;
		wrong(piece, "'[', '`' or '**' is not closed");
	} else if (plain > 0) {
		piece->text = bytes_slice(rest, 0, plain);
		cursor->rest = bytes_skip(rest, plain);
	} else if (rest.p[0] == '{') {
		take_slot(cursor, piece);
	} else if (rest.p[0] == '[') {
		take_link(cursor, piece);
	} else if (rest.p[0] == ']') {
		take_link_end(cursor, piece);
	} else if (rest.p[0] == '`') {
		toggle(cursor, piece, &cursor->in_code, 1, PHRASE_CODE);
	} else if (rest.p[0] == '*') {
		toggle(cursor, piece, &cursor->in_strong, 2, PHRASE_STRONG);
	} else {
		wrong(piece, "'}' without '{'");
	}
	if (piece->kind == PHRASE_WRONG)
		cursor->rest = BYTES_LIT("");
	return true;
}

struct bytes
phrase_choose(struct bytes forms, int form)
{
	struct bytes piece = BYTES_LIT("");

	for (int i = 0; i <= form; i++)
		if (!bytes_cut(&forms, '|', &piece))
			break;
	return piece;
}
