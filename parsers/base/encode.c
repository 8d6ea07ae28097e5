#include "parsers/base/encode.h"

static int
base64_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}

enum { B64_BAD = 64, B64_SKIP = 65, B64_PAD = 66 };

static const uint8_t *
base64_table(void)
{
	static uint8_t table[256];
	static bool made;

	if (made)
		return table;
	for (int c = 0; c < 256; c++) {
		int value = base64_value((uint8_t)c);

		table[c] = value >= 0 ? (uint8_t)value : B64_BAD;
	}
	table[' '] = table['\t'] = table['\r'] = table['\n'] = B64_SKIP;
	table['='] = B64_PAD;
	made = true;
	return table;
}

struct base64_state {
	uint32_t bits;
	unsigned count;
	size_t out;
};

static void
base64_flush(struct base64_state *s, uint8_t *out)
{
	if (s->count >= 2)
		out[s->out++] = (uint8_t)(s->bits << (24 - 6 * s->count) >> 16);
	if (s->count == 3)
		out[s->out++] = (uint8_t)(s->bits << 6 >> 8);
	s->bits = 0;
	s->count = 0;
}

/* Whole groups of four from `i` on, as far as nothing else comes; returns
 * where that is. */
static size_t
base64_run(struct bytes in, size_t i, const uint8_t *table, uint8_t *out,
    size_t *n)
{
	const uint8_t *p = in.p + i;
	uint8_t *to = out + *n;

	for (; in.n - i >= 4; i += 4, p += 4, to += 3) {
		uint32_t a = table[p[0]], b = table[p[1]];
		uint32_t c = table[p[2]], d = table[p[3]];

		if ((a | b | c | d) >= 64)
			break;
		a = a << 18 | b << 12 | c << 6 | d;
		to[0] = (uint8_t)(a >> 16);
		to[1] = (uint8_t)(a >> 8);
		to[2] = (uint8_t)a;
	}
	*n = (size_t)(to - out);
	return i;
}

struct bytes
base64_decode(struct arena *arena, struct bytes in, size_t *bad)
{
	const uint8_t *table = base64_table();
	uint8_t *out = arena_raw(arena, in.n / 4 * 3 + 4);
	struct base64_state s = { 0, 0, 0 };

	*bad = 0;
	for (size_t i = 0; i < in.n; i++) {
		uint8_t value;

		if (s.count == 0)
			i = base64_run(in, i, table, out, &s.out);
		if (i == in.n)
			break;
		value = table[in.p[i]];
		if (value < 64) {
			s.bits = s.bits << 6 | value;
			if (++s.count < 4)
				continue;
			out[s.out++] = (uint8_t)(s.bits >> 16);
			out[s.out++] = (uint8_t)(s.bits >> 8);
			out[s.out++] = (uint8_t)s.bits;
			s.bits = 0;
			s.count = 0;
		} else if (value == B64_PAD)
			base64_flush(&s, out); /* parts glued together go on */
		else if (value == B64_BAD)
			(*bad)++;
	}
	base64_flush(&s, out);
	return bytes_of(out, s.out);
}

static int
hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = byte_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 2045 6.7 rule 3: white space before a line's end is not content. */
static size_t
trailing_space(struct bytes in, size_t at)
{
	size_t end = at;

	while (end < in.n && (in.p[end] == ' ' || in.p[end] == '\t'))
		end++;
	if (end < in.n && in.p[end] == '\r')
		return end;
	return end < in.n && in.p[end] == '\n' ? end : at;
}

/* After '=': a soft line break's length, 0 when it is none. */
static size_t
soft_break(struct bytes in, size_t at)
{
	size_t end = at;

	while (end < in.n && (in.p[end] == ' ' || in.p[end] == '\t'))
		end++;
	if (end < in.n && in.p[end] == '\r')
		end++;
	if (end < in.n && in.p[end] == '\n')
		return end + 1 - at;
	return end == in.n ? end - at + (at == in.n) : 0;
}

/* At '='; `soft`: a line break after it may be none. */
static size_t
take_escape(struct bytes in, size_t i, bool soft, uint8_t *out, size_t *n,
    size_t *bad)
{
	int high = i + 1 < in.n ? hex_value(in.p[i + 1]) : -1;
	int low = i + 2 < in.n ? hex_value(in.p[i + 2]) : -1;
	size_t skip;

	if (high >= 0 && low >= 0) {
		out[(*n)++] = (uint8_t)(high << 4 | low);
		return i + 3;
	}
	skip = soft ? soft_break(in, i + 1) : 0;
	if (skip > 0)
		return i + 1 + skip;
	(*bad)++;
	out[(*n)++] = '=';
	return i + 1;
}

struct bytes
quoted_printable_decode(struct arena *arena, struct bytes in, size_t *bad)
{
	uint8_t *out = arena_raw(arena, in.n + 1);
	size_t n = 0, i = 0;

	*bad = 0;
	while (i < in.n) {
		uint8_t c = in.p[i];

		if (c == '=') {
			i = take_escape(in, i, true, out, &n, bad);
			continue;
		}
		if (c == ' ' || c == '\t') {
			size_t end = trailing_space(in, i);

			if (end != i) {
				i = end;
				continue;
			}
		}
		out[n++] = c;
		i++;
	}
	return bytes_of(out, n);
}

struct bytes
q_word_decode(struct arena *arena, struct bytes in, size_t *bad)
{
	uint8_t *out = arena_raw(arena, in.n + 1);
	size_t n = 0, i = 0;

	*bad = 0;
	while (i < in.n) {
		if (in.p[i] == '=')
			i = take_escape(in, i, false, out, &n, bad);
		else {
			out[n++] = in.p[i] == '_' ? ' ' : in.p[i];
			i++;
		}
	}
	return bytes_of(out, n);
}

static size_t
uu_line(struct bytes line, uint8_t *out)
{
	size_t want = (size_t)((line.p[0] - 32) & 63), n = 0;

	for (size_t i = 1; i + 3 < line.n + 3 && n < want; i += 4) {
		uint32_t bits = 0;

		for (size_t k = 0; k < 4; k++) {
			uint32_t c = i + k < line.n ? line.p[i + k] : 32;

			bits = bits << 6 | ((c - 32) & 63);
		}
		for (int shift = 16; shift >= 0 && n < want; shift -= 8)
			out[n++] = (uint8_t)(bits >> shift);
	}
	return n;
}

struct bytes
uu_lines_decode(struct arena *arena, struct bytes in, size_t *bad)
{
	/* A line of n characters gives at most 3/4 n + 2 bytes. */
	size_t lines = 1, n = 0;
	struct bytes rest = in, line;
	uint8_t *out;

	for (size_t i = 0; i < in.n; i++)
		lines += in.p[i] == '\n';
	out = arena_raw(arena, in.n + lines * 2);
	*bad = 0;
	while (bytes_line(&rest, &line)) {
		if (line.n == 0 || line.p[0] == '`')
			continue;
		if (line.p[0] < 32 || line.p[0] > 96) {
			*bad += line.n;
			continue;
		}
		n += uu_line(line, out + n);
	}
	return bytes_of(out, n);
}

struct bytes
uudecode(struct arena *arena, struct bytes in, size_t *bad)
{
	struct bytes rest = in, line, out;
	size_t begin = SIZE_MAX, end = in.n;

	while (bytes_line(&rest, &line)) {
		size_t at = (size_t)(line.p - in.p);

		if (begin == SIZE_MAX &&
		    bytes_starts(line, BYTES_LIT("begin ")))
			begin = at + line.n;
		else if (begin != SIZE_MAX &&
			 bytes_eq(bytes_trim(line), BYTES_LIT("end"))) {
			end = at;
			break;
		}
	}
	if (begin == SIZE_MAX) {
		*bad = in.n;
		return in;
	}
	begin += begin < in.n && in.p[begin] == '\r';
	out = uu_lines_decode(arena, bytes_slice(in, begin + 1, end), bad);
	*bad += end == in.n;
	return out;
}

struct bytes
yenc_decode(struct arena *arena, struct bytes in, size_t *bad)
{
	uint8_t *out = arena_raw(arena, in.n);
	size_t n = 0;

	*bad = 0;
	for (size_t i = 0; i < in.n; i++) {
		uint8_t c = in.p[i];

		if (c == '\r' || c == '\n')
			continue;
		/* NNTP: a line's first dot is doubled. */
		if (c == '.' && i > 0 && in.p[i - 1] == '\n' && i + 1 < in.n &&
		    in.p[i + 1] == '.')
			continue;
		if (c == '=') {
			if (++i == in.n) {
				*bad = 1;
				break;
			}
			c = (uint8_t)(in.p[i] - 64);
		}
		out[n++] = (uint8_t)(c - 42);
	}
	return bytes_of(out, n);
}
