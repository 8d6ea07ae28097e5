#include "forensics/exposure/normal.h"

#include <stdlib.h>
#include <unictype.h>
#include <uninorm.h>

#include "parsers/base/die.h"
#include "parsers/base/text.h"

enum { BLOCK = 32 };

static bool
is_removed(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200d) || c == 0x2060 ||
	       c == 0xfeff;
}

static bool
is_space(uint32_t c)
{
	return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
	       c == 0x202f || c == 0x205f || c == 0x3000;
}

static bool
is_dash(uint32_t c)
{
	return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2043 ||
	       c == 0xfe58 || c == 0xfe63 || c == 0xff0d || c == 0x30fc;
}

/* Blocks in which NFKC changes letters and digits to others. */
static bool
has_compatible(uint32_t c)
{
	return c == 0xaa || c == 0xb2 || c == 0xb3 || c == 0xb9 || c == 0xba ||
	       (c >= 0x2070 && c <= 0x209f) || (c >= 0x2100 && c <= 0x214f) ||
	       (c >= 0x2460 && c <= 0x24ff) || (c >= 0xfb00 && c <= 0xfb06) ||
	       (c >= 0xff00 && c <= 0xffef) || (c >= 0x1d400 && c <= 0x1d7ff);
}

/* The nearest step before which nothing needs a look: every byte is ASCII,
 * no CR, and no dash stands before a line break. */
static size_t
clean_run(struct bytes text, size_t at)
{
	size_t from = at;

	while (at + BLOCK < text.n) {
		const uint8_t *p = text.p + at;
		unsigned bad = 0;

		for (size_t i = 0; i < BLOCK; i++)
			bad |= (unsigned)(p[i] >= 0x80) |
			       (unsigned)(p[i] == '\r') |
			       ((unsigned)(p[i] == '-') &
				   (unsigned)(p[i + 1] == '\n'));
		if (bad != 0)
			break;
		at += BLOCK;
	}
	return at - from;
}

/* How much at `at` is copied as it is: ASCII but CR and a dash, and letters
 * of two bytes that nothing changes (U+00C0-02FF, U+0380-07FF). */
static size_t
plain_run(struct bytes text, size_t at, size_t end)
{
	size_t from = at;

	while (at < end) {
		uint8_t c = text.p[at];

		if (c < 0x80 && c != '\r' && c != '-')
			at++;
		else if (((c >= 0xc3 && c <= 0xcb) ||
			     (c >= 0xce && c <= 0xdf)) &&
			 at + 1 < end)
			at += 2;
		else
			break;
	}
	return at - from;
}

static void
add_piece(struct normal *normal, size_t origin)
{
	if (normal->count == normal->pieces_room) {
		normal->pieces_room = normal->pieces_room * 2 + 64;
		normal->pieces = reallocarray(normal->pieces,
		    normal->pieces_room, sizeof *normal->pieces);
		if (normal->pieces == NULL)
			die_machine("out of memory");
	}
	normal->pieces[normal->count++] =
	    (struct normal_piece){normal->room.n, origin};
}

static void
add_code(struct normal *normal, uint32_t code)
{
	uint8_t out[4];

	buffer_add(&normal->room, out, text_encode(code, out));
}

/* e + U+0301 is one letter: keywords are written composed. */
static bool
compose(struct normal *normal, uint32_t mark)
{
	struct buffer *out = &normal->room;
	struct bytes last;
	uint32_t base, whole;
	size_t at = out->n;

	while (at > 0 && out->n - at < 4 && (out->p[at - 1] & 0xc0) == 0x80)
		at--;
	if (at == 0)
		return false;
	last = bytes_of(out->p + at - 1, out->n - at + 1);
	if (!text_next(&last, &base))
		return false;
	whole = uc_composition(base, mark);
	if (whole == 0 || whole == UINT32_MAX)
		return false;
	out->n = at - 1;
	add_code(normal, whole);
	return true;
}

static void
add_compatible(struct normal *normal, uint32_t code)
{
	uint32_t out[18];
	size_t n = sizeof out / sizeof out[0];

	if (u32_normalize(UNINORM_NFKC, &code, 1, out, &n) == NULL) {
		add_code(normal, code);
		return;
	}
	for (size_t i = 0; i < n; i++)
		add_code(normal, is_space(out[i]) ? ' ' : out[i]);
}

/* One character that is not plain; returns its length in the text. */
static size_t
add_character(struct normal *normal, struct bytes rest)
{
	struct bytes after = rest;
	uint32_t code = 0xfffd;
	size_t n;

	text_next(&after, &code);
	n = rest.n - after.n;
	if (is_removed(code))
		;
	else if (is_space(code))
		buffer_add_byte(&normal->room, ' ');
	else if (is_dash(code))
		buffer_add_byte(&normal->room, '-');
	else if (code == 0x2028 || code == 0x85)
		buffer_add_byte(&normal->room, '\n');
	else if (code == 0x2029)
		buffer_add_cstr(&normal->room, "\n\n");
	else if (code >= 0x300 && code < 0x370 && compose(normal, code))
		;
	else if (has_compatible(code))
		add_compatible(normal, code);
	else {
		buffer_add(&normal->room, rest.p, n);
		return n;
	}
	add_piece(normal, SIZE_MAX);
	return n;
}

static bool
is_word_byte(uint8_t c)
{
	return (c >= '0' && c <= '9') ||
	       (byte_lower(c) >= 'a' && byte_lower(c) <= 'z') || c >= 0x80;
}

/* At '-': is it at a line's end with a word before and after?  Then the
 * break goes (the dash stays).  Returns the length of the break. */
static size_t
wrap_after_dash(struct bytes text, size_t at)
{
	size_t i = at + 1;

	if (at == 0 || !is_word_byte(text.p[at - 1]))
		return 0;
	if (i < text.n && text.p[i] == '\r')
		i++;
	if (i >= text.n || text.p[i] != '\n')
		return 0;
	i++;
	return i < text.n && is_word_byte(text.p[i]) ? i - at - 1 : 0;
}

static size_t
add_one(struct normal *normal, struct bytes text, size_t at)
{
	uint8_t c = text.p[at];
	size_t skip;

	if (c >= 0x80) {
		skip = add_character(normal, bytes_skip(text, at));
	} else if (c == '\r') {
		skip = 1;
		if (at + 1 >= text.n || text.p[at + 1] != '\n')
			buffer_add_byte(&normal->room, '\n');
		add_piece(normal, SIZE_MAX);
	} else {
		buffer_add_byte(&normal->room, c);
		skip = 1;
		if (c == '-' && wrap_after_dash(text, at) > 0) {
			skip += wrap_after_dash(text, at);
			add_piece(normal, SIZE_MAX);
		}
	}
	/* A piece that began here starts at what follows in the text. */
	if (normal->pieces[normal->count - 1].text == SIZE_MAX)
		normal->pieces[normal->count - 1].text = at + skip;
	return skip;
}

void
normal_set(struct normal *normal, struct bytes text)
{
	size_t at = 0, run;

	buffer_reset(&normal->room);
	normal->count = 0;
	normal->text = text;
	while (at < text.n) {
		run = clean_run(text, at);
		if (run == 0) {
			size_t end = at + BLOCK < text.n ? at + BLOCK : text.n;

			if (normal->count == 0) {
				buffer_add(&normal->room, text.p, at);
				add_piece(normal, at);
			}
			while (at < end) {
				run = plain_run(text, at, end);
				buffer_add(&normal->room, text.p + at, run);
				at += run > 0 ? run : add_one(normal, text, at);
			}
			continue;
		}
		if (normal->count > 0)
			buffer_add(&normal->room, text.p + at, run);
		at += run;
	}
	if (normal->count > 0)
		normal->text = buffer_bytes(&normal->room);
}

void
normal_release(struct normal *normal)
{
	buffer_release(&normal->room);
	free(normal->pieces);
	*normal = (struct normal){0};
}

size_t
normal_origin(const struct normal *normal, size_t offset)
{
	size_t low = 0, high = normal->count;

	if (high == 0 || offset < normal->pieces[0].normal)
		return offset;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (normal->pieces[middle].normal <= offset)
			low = middle;
		else
			high = middle;
	}
	return normal->pieces[low].text + offset - normal->pieces[low].normal;
}

size_t
normal_place(const struct normal *normal, size_t origin)
{
	size_t low = 0, high = normal->count, place;

	if (high == 0 || origin < normal->pieces[0].text)
		return origin;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (normal->pieces[middle].text <= origin)
			low = middle;
		else
			high = middle;
	}
	place = normal->pieces[low].normal + origin - normal->pieces[low].text;
	if (low + 1 < normal->count && place > normal->pieces[low + 1].normal)
		place = normal->pieces[low + 1].normal;
	return place;
}
