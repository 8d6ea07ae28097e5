/*
 * Slices: a pointer and a length, never NUL-terminated, never owning.
 *
 * Everything read from evidence travels as a struct bytes.  A slice with
 * p == NULL is absent (SQL NULL); p != NULL with n == 0 is present and empty.
 * The memory belongs to whoever made it: the input buffer or an arena.
 */
#ifndef PARSERS_BASE_BYTES_H
#define PARSERS_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *p;
	size_t n;
};

#define BYTES_NONE ((struct bytes){ NULL, 0 })
#define BYTES_LIT(s) ((struct bytes){ (const uint8_t *)(s), sizeof(s) - 1 })

static inline struct bytes
bytes_of(const void *p, size_t n)
{
	return (struct bytes){ (const uint8_t *)p, n };
}

/* A NUL-terminated string of our own making; NULL gives BYTES_NONE. */
static inline struct bytes
bytes_cstr(const char *s)
{
	return s ? bytes_of(s, strlen(s)) : BYTES_NONE;
}

static inline bool
bytes_present(struct bytes b)
{
	return b.p != NULL;
}

static inline bool
bytes_empty(struct bytes b)
{
	return b.n == 0;
}

static inline bool
bytes_eq(struct bytes a, struct bytes b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline uint8_t
byte_lower(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') ? (uint8_t)(c + 32) : c;
}

/* From, up to but not past the end: both are clamped, never out of range. */
static inline struct bytes
bytes_slice(struct bytes b, size_t from, size_t to)
{
	if (to > b.n)
		to = b.n;
	if (from > to)
		from = to;
	return (struct bytes){ b.p ? b.p + from : NULL, to - from };
}

static inline struct bytes
bytes_skip(struct bytes b, size_t n)
{
	return bytes_slice(b, n, b.n);
}

/* ASCII case only. */
bool bytes_eq_nocase(struct bytes a, struct bytes b);
bool bytes_starts(struct bytes b, struct bytes prefix);
bool bytes_starts_nocase(struct bytes b, struct bytes prefix);
bool bytes_ends(struct bytes b, struct bytes suffix);

/* Byte order, shorter first on a tie: a total order for sorting. */
int bytes_compare(struct bytes a, struct bytes b);

/* Without ASCII white space (space, tab, CR, LF, VT, FF) at both ends. */
struct bytes bytes_trim(struct bytes b);

/* Offset of the first occurrence, or SIZE_MAX. */
size_t bytes_find(struct bytes b, struct bytes what);
size_t bytes_find_nocase(struct bytes b, struct bytes what);
size_t bytes_find_byte(struct bytes b, uint8_t c);

/* The first occurrence of `what` at a line's front at or after `from` (offset
 * 0 is one), or SIZE_MAX.  Fast when its first byte is rare in the text. */
size_t bytes_find_line(struct bytes b, size_t from, struct bytes what);

/*
 * Take the piece before sep off the front of *rest; without a separator the
 * whole rest.  False when *rest was already used up (p set to NULL).
 *	while (bytes_cut(&rest, ',', &piece)) ...
 */
bool bytes_cut(struct bytes *rest, uint8_t sep, struct bytes *piece);

/* The next line without its CR LF, LF or lone CR kept inside. */
bool bytes_line(struct bytes *rest, struct bytes *line);

/* Whole slice is an unsigned decimal that fits. */
bool bytes_to_u64(struct bytes b, uint64_t *out);

#endif
