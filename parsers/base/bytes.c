#include "parsers/base/bytes.h"

bool
bytes_eq_nocase(struct bytes a, struct bytes b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (byte_lower(a.p[i]) != byte_lower(b.p[i]))
			return false;
	return true;
}

bool
bytes_starts(struct bytes b, struct bytes prefix)
{
	return b.n >= prefix.n && bytes_eq(bytes_slice(b, 0, prefix.n), prefix);
}

bool
bytes_starts_nocase(struct bytes b, struct bytes prefix)
{
	return b.n >= prefix.n &&
	       bytes_eq_nocase(bytes_slice(b, 0, prefix.n), prefix);
}

bool
bytes_ends(struct bytes b, struct bytes suffix)
{
	return b.n >= suffix.n && bytes_eq(bytes_skip(b, b.n - suffix.n), suffix);
}

int
bytes_compare(struct bytes a, struct bytes b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	if (order != 0)
		return order;
	return a.n < b.n ? -1 : a.n > b.n;
}

static bool
is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct bytes
bytes_trim(struct bytes b)
{
	while (b.n > 0 && is_space(b.p[0])) {
		b.p++;
		b.n--;
	}
	while (b.n > 0 && is_space(b.p[b.n - 1]))
		b.n--;
	return b;
}

size_t
bytes_find(struct bytes b, struct bytes what)
{
	const uint8_t *at;

	if (what.n == 0)
		return 0;
	if (b.n < what.n)
		return SIZE_MAX;
	at = memmem(b.p, b.n, what.p, what.n);
	return at ? (size_t)(at - b.p) : SIZE_MAX;
}

size_t
bytes_find_nocase(struct bytes b, struct bytes what)
{
	if (what.n == 0)
		return 0;
	for (size_t i = 0; i + what.n <= b.n; i++)
		if (bytes_eq_nocase(bytes_slice(b, i, i + what.n), what))
			return i;
	return SIZE_MAX;
}

size_t
bytes_find_byte(struct bytes b, uint8_t c)
{
	const uint8_t *at = b.n ? memchr(b.p, c, b.n) : NULL;

	return at ? (size_t)(at - b.p) : SIZE_MAX;
}

size_t
bytes_find_line(struct bytes b, size_t from, struct bytes what)
{
	while (from < b.n && b.n - from >= what.n) {
		const uint8_t *at = memchr(b.p + from, what.p[0],
		    b.n - from - what.n + 1);

		if (at == NULL)
			break;
		from = (size_t)(at - b.p);
		if ((from == 0 || at[-1] == '\n') &&
		    memcmp(at, what.p, what.n) == 0)
			return from;
		from++;
	}
	return SIZE_MAX;
}

bool
bytes_cut(struct bytes *rest, uint8_t sep, struct bytes *piece)
{
	size_t at;

	if (rest->p == NULL)
		return false;
	at = bytes_find_byte(*rest, sep);
	if (at == SIZE_MAX) {
		*piece = *rest;
		*rest = BYTES_NONE;
		return true;
	}
	*piece = bytes_slice(*rest, 0, at);
	*rest = bytes_skip(*rest, at + 1);
	return true;
}

bool
bytes_line(struct bytes *rest, struct bytes *line)
{
	if (rest->n == 0)
		return false;
	if (!bytes_cut(rest, '\n', line))
		return false;
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

bool
bytes_to_u64(struct bytes b, uint64_t *out)
{
	uint64_t value = 0;

	if (b.n == 0)
		return false;
	for (size_t i = 0; i < b.n; i++) {
		if (b.p[i] < '0' || b.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(b.p[i] - '0'),
		        &value))
			return false;
	}
	*out = value;
	return true;
}
