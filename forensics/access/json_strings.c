#include "forensics/access/json_strings.h"

#include "parsers/base/text.h"

static uint32_t
hex4(const uint8_t *p)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++) {
		uint8_t c = byte_lower(p[i]);

		value = value << 4 |
			(uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return value;
}

/* \u0041, or a pair of surrogates; *i stands on the 'u'. */
static size_t
unescape_unicode(struct bytes in, size_t *i, uint8_t *out)
{
	uint32_t c;

	if (*i + 5 > in.n)
		return 0;
	c = hex4(in.p + *i + 1);
	*i += 4;
	if (c >= 0xd800 && c < 0xdc00 && *i + 7 <= in.n &&
	    in.p[*i + 1] == '\\') {
		c = 0x10000 + ((c - 0xd800) << 10) +
		    ((hex4(in.p + *i + 3) - 0xdc00) & 0x3ff);
		*i += 6;
	}
	return text_encode(c, out);
}

static struct bytes
unescape(struct arena *arena, struct bytes in)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
	uint8_t *out = arena_raw(arena, in.n);
	size_t n = 0;

	for (size_t i = 0; i < in.n; i++) {
		const char *at;

		if (in.p[i] != '\\' || i + 1 == in.n) {
			out[n++] = in.p[i];
			continue;
		}
		i++;
		at = strchr(from, in.p[i]);
		if (in.p[i] == 'u')
			n += unescape_unicode(in, &i, out + n);
		else
			out[n++] = at != NULL && *at != '\0'
				       ? (uint8_t)to[at - from] : in.p[i];
	}
	return bytes_of(out, n);
}

bool
json_strings_next(struct bytes *rest, struct arena *arena, struct bytes *text)
{
	size_t i = 0, from;
	bool escaped = false;

	while (i < rest->n && rest->p[i] != '"' && rest->p[i] != 'n')
		i++;
	if (i == rest->n)
		return false;
	if (rest->p[i] == 'n') { /* null */
		*text = BYTES_LIT("");
		*rest = bytes_skip(*rest, i + 4);
		return true;
	}
	for (from = ++i; i < rest->n && rest->p[i] != '"'; i++) {
		escaped |= rest->p[i] == '\\';
		i += rest->p[i] == '\\';
	}
	*text = bytes_slice(*rest, from, i);
	if (escaped)
		*text = unescape(arena, *text);
	*rest = bytes_skip(*rest, i + 1);
	return true;
}

struct bytes
json_pairs_find(struct bytes pairs, struct arena *arena, const char *name)
{
	struct bytes key, value;

	while (json_strings_next(&pairs, arena, &key) &&
	       json_strings_next(&pairs, arena, &value))
		if (bytes_eq_nocase(key, bytes_cstr(name)))
			return value;
	return BYTES_NONE;
}
