/* UTF-8 by hand, NFC and folding by libunistring. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include "parsers/base/die.h"
#include "parsers/base/text.h"

/* Length of the valid sequence at the front, 0 when there is none
 * (RFC 3629: no surrogates, no overlong forms, up to U+10FFFF). */
static size_t
sequence(struct bytes in, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t first = in.p[0];
	size_t n = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2
		   : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;

	if (n == 1) {
		*code = first;
		return 1;
	}
	if (n == 0 || n > in.n)
		return 0;
	*code = first & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((in.p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (in.p[i] & 0x3f);
	}
	if (*code < least[n] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return n;
}

/* How much at the front is plain ASCII: eight bytes a step. */
static size_t
ascii_run(struct bytes in)
{
	size_t i = 0;
	uint64_t word;

	while (i + 8 <= in.n) {
		memcpy(&word, in.p + i, 8);
		if (word & UINT64_C(0x8080808080808080))
			break;
		i += 8;
	}
	while (i < in.n && in.p[i] < 0x80)
		i++;
	return i;
}

static size_t
valid_prefix(struct bytes in)
{
	size_t at = 0, n;
	uint32_t code;

	while (at < in.n) {
		at += ascii_run(bytes_skip(in, at));
		if (at == in.n)
			break;
		n = sequence(bytes_skip(in, at), &code);
		if (n == 0)
			break;
		at += n;
	}
	return at;
}

bool
text_is_ascii(struct bytes in)
{
	size_t i = 0;

	for (; i + 8 <= in.n; i += 8) {
		uint64_t eight;

		memcpy(&eight, in.p + i, sizeof eight);
		if ((eight & UINT64_C(0x8080808080808080)) != 0)
			return false;
	}
	for (; i < in.n; i++)
		if (in.p[i] >= 0x80)
			return false;
	return true;
}

/* Most texts are short and ASCII: words of eight, the last overlapping. */
static bool
is_ascii_quick(struct bytes in)
{
	uint64_t word, all = 0;
	size_t i;

	if (in.n < 8) {
		for (i = 0; i < in.n; i++)
			all |= in.p[i];
		return (all & 0x80) == 0;
	}
	for (i = 0; i + 8 <= in.n; i += 8) {
		memcpy(&word, in.p + i, sizeof word);
		all |= word;
	}
	memcpy(&word, in.p + in.n - 8, sizeof word);
	return ((all | word) & UINT64_C(0x8080808080808080)) == 0;
}

bool
text_is_utf8(struct bytes in)
{
	return is_ascii_quick(in) || valid_prefix(in) == in.n;
}

struct bytes
text_repair_utf8(struct arena *arena, struct bytes in)
{
	size_t good, n = 0;
	struct bytes rest = in;
	uint8_t *out;

	if (text_is_utf8(in))
		return in;
	out = arena_raw(arena, in.n * 3 + 3);
	while (rest.n > 0) {
		good = valid_prefix(rest);
		memcpy(out + n, rest.p, good);
		n += good;
		rest = bytes_skip(rest, good);
		if (rest.n == 0)
			break;
		memcpy(out + n, "\xef\xbf\xbd", 3);
		n += 3;
		rest = bytes_skip(rest, 1);
	}
	return bytes_of(out, n);
}

bool
text_next(struct bytes *rest, uint32_t *code_point)
{
	size_t n;

	if (rest->n == 0)
		return false;
	n = sequence(*rest, code_point);
	if (n == 0) {
		*code_point = 0xfffd;
		n = 1;
	}
	*rest = bytes_skip(*rest, n);
	return true;
}

size_t
text_encode(uint32_t c, uint8_t out[4])
{
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (uint8_t)(0xc0 | c >> 6);
		out[1] = (uint8_t)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (uint8_t)(0xe0 | c >> 12);
		out[1] = (uint8_t)(0x80 | (c >> 6 & 63));
		out[2] = (uint8_t)(0x80 | (c & 63));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | c >> 18);
	out[1] = (uint8_t)(0x80 | (c >> 12 & 63));
	out[2] = (uint8_t)(0x80 | (c >> 6 & 63));
	out[3] = (uint8_t)(0x80 | (c & 63));
	return 4;
}

struct bytes
text_from_utf16le(struct arena *arena, struct bytes in)
{
	uint8_t *out = arena_raw(arena, in.n / 2 * 3 + 4);
	size_t n = 0;

	for (size_t i = 0; i + 1 < in.n; i += 2) {
		uint32_t c = (uint32_t)(in.p[i] | in.p[i + 1] << 8), low;

		if (c >= 0xd800 && c < 0xdc00 && i + 3 < in.n) {
			low = (uint32_t)(in.p[i + 2] | in.p[i + 3] << 8);
			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) +
				    (low - 0xdc00);
				i += 2;
			}
		}
		n += text_encode(c, out + n);
	}
	return bytes_of(out, n);
}

/* A result of libunistring, which it allocates, moved into the arena. */
static struct bytes
taken(struct arena *arena, uint8_t *made, size_t n, struct bytes in)
{
	struct bytes out;

	if (made == NULL) {
		if (errno == ENOMEM)
			die_machine("out of memory");
		return in;
	}
	out = arena_dup(arena, bytes_of(made, n));
	free(made);
	return out;
}

static bool
all_ascii(struct bytes in)
{
	return ascii_run(in) == in.n;
}

static struct bytes
ascii_lower(struct arena *arena, struct bytes in)
{
	uint8_t *out = arena_raw(arena, in.n);

	for (size_t i = 0; i < in.n; i++)
		out[i] = byte_lower(in.p[i]);
	return bytes_of(out, in.n);
}

struct bytes
text_nfc(struct arena *arena, struct bytes in)
{
	size_t n = 0;
	uint8_t *made;

	if (in.n == 0 || all_ascii(in))
		return in;
	in = text_repair_utf8(arena, in);
	made = u8_normalize(UNINORM_NFC, in.p, in.n, NULL, &n);
	return taken(arena, made, n, in);
}

struct bytes
text_fold(struct arena *arena, struct bytes in)
{
	size_t n = 0;
	uint8_t *made;

	if (in.n == 0)
		return in;
	if (all_ascii(in))
		return ascii_lower(arena, in);
	in = text_repair_utf8(arena, in);
	made = u8_casefold(in.p, in.n, NULL, UNINORM_NFC, NULL, &n);
	return taken(arena, made, n, in);
}

struct bytes
text_fold_name(struct arena *arena, struct bytes in)
{
	struct bytes folded, rest;
	uint32_t code;
	uint8_t *out, *made;
	size_t n = 0, room = 0;
	bool gap = false;

	if (in.n == 0)
		return in;
	in = text_repair_utf8(arena, in);
	made = u8_casefold(in.p, in.n, NULL, UNINORM_NFKD, NULL, &room);
	folded = taken(arena, made, room, in);
	out = arena_raw(arena, folded.n);
	rest = folded;
	while (text_next(&rest, &code)) {
		if (code == ' ' || (code >= 9 && code <= 13) || code == 0xa0) {
			gap = n > 0;
			continue;
		}
		if (uc_is_general_category_withtable(code,
		        UC_CATEGORY_MASK_Mn))
			continue;
		if (gap)
			out[n++] = ' ';
		gap = false;
		n += text_encode(code, out + n);
	}
	return bytes_of(out, n);
}

static bool
is_visible(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return false;
	return !(c >= 0x200e && c <= 0x200f) && !(c >= 0x2028 && c <= 0x202e) &&
	       !(c >= 0x2066 && c <= 0x2069) && c != 0x061c;
}

struct bytes
text_visible(struct arena *arena, struct bytes in)
{
	struct bytes rest = in, before = in;
	bool clean = true;
	uint32_t code;
	uint8_t *out;
	size_t n = 0;

	while (clean && text_next(&rest, &code))
		clean = is_visible(code);
	if (clean)
		return in;
	out = arena_raw(arena, in.n * 4 + 8);
	rest = in;
	for (before = rest; text_next(&rest, &code); before = rest) {
		char escape[8];
		int length;

		if (is_visible(code)) {
			memcpy(out + n, before.p, before.n - rest.n);
			n += before.n - rest.n;
			continue;
		}
		length = snprintf(escape, sizeof escape,
		    code < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)code);
		memcpy(out + n, escape, (size_t)length);
		n += (size_t)length;
	}
	return bytes_of(out, n);
}
