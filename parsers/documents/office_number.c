/*
 * Numbers as a spreadsheet shows them, as far as it changes what a reader
 * sees: dates and times (ECMA-376 part 1, 18.8.31; days since 1899-12-30) and
 * digits put into a mask such as `000-00-0000`.
 */
#include <stdlib.h>

#include "parsers/base/utc.h"
#include "parsers/documents/office.h"

enum { MASK_MOST = 64 };

/* The first section of a format without quotes, escapes, colours. */
static size_t
bare_format(struct bytes format, char out[MASK_MOST], bool *literal)
{
	size_t n = 0;

	for (size_t i = 0; i < format.n && n < MASK_MOST; i++) {
		uint8_t c = format.p[i];

		if (c == ';')
			break;
		if (c == '[') {
			while (i < format.n && format.p[i] != ']')
				i++;
			continue;
		}
		if (c == '"') {
			while (++i < format.n && format.p[i] != '"' &&
			       n < MASK_MOST) {
				literal[n] = true;
				out[n++] = (char)format.p[i];
			}
			continue;
		}
		if ((c == '\\' || c == '_' || c == '*') &&
		    i + 1 < format.n) {
			i++;
			if (c != '\\')
				continue;
			literal[n] = true;
			out[n++] = (char)format.p[i];
			continue;
		}
		literal[n] = false;
		out[n++] = (char)c;
	}
	return n;
}

static bool
has_any(const char *text, const bool *literal, size_t n, const char *letters)
{
	for (size_t i = 0; i < n; i++)
		if (!literal[i] && text[i] != 0 &&
		    strchr(letters, text[i]) != NULL)
			return true;
	return false;
}

/* Days since 1899-12-30, the fraction the time of the day. */
static struct bytes
shown_date(struct arena *arena, double days, bool date, bool time)
{
	int64_t us;
	struct utc_parts p;

	if (!(days >= 0 && days < 2958466)) /* 9999-12-31 */
		return BYTES_NONE;
	us = utc_make(1899, 12, 30, 0, 0, 0, 0) +
	     (int64_t)(days * 86400.0 + 0.5) * UTC_SECOND;
	p = utc_split(us);
	if (date && time)
		return arena_printf(arena, "%04d-%02d-%02d %02d:%02d:%02d",
		    p.year, p.month, p.day, p.hour, p.minute, p.second);
	if (date)
		return arena_printf(arena, "%04d-%02d-%02d", p.year, p.month,
		    p.day);
	return arena_printf(arena, "%02d:%02d:%02d", p.hour, p.minute,
	    p.second);
}

/* Digits from the right into the mask's zeros; absent when they do not fit
 * or the mask is none. */
static struct bytes
shown_mask(struct arena *arena, struct bytes digits, const char *mask,
    const bool *literal, size_t n)
{
	char out[MASK_MOST + 1];
	size_t at = sizeof out, left = digits.n, zeros = 0;

	for (size_t i = 0; i < n; i++) {
		bool zero = !literal[i] && (mask[i] == '0' || mask[i] == '#');

		if (!literal[i] && !zero && strchr("-/() .", mask[i]) == NULL)
			return BYTES_NONE;
		zeros += zero;
	}
	if (zeros < 3 || digits.n > zeros)
		return BYTES_NONE;
	for (size_t i = n; i > 0; i--) {
		bool zero = !literal[i - 1] &&
			    (mask[i - 1] == '0' || mask[i - 1] == '#');

		if (!zero)
			out[--at] = mask[i - 1];
		else if (left > 0)
			out[--at] = (char)digits.p[--left];
		else if (mask[i - 1] == '0')
			out[--at] = '0';
	}
	return arena_dup(arena, bytes_of(out + at, sizeof out - at));
}

static bool
is_digits(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return text.n > 0;
}

/* 1.23456789E9, as spreadsheets store long numbers: plain digits. */
static struct bytes
without_exponent(struct arena *arena, struct bytes value)
{
	double number;

	if (bytes_find_byte(value, 'E') == SIZE_MAX || value.n > 40)
		return value;
	number = strtod(arena_cstr(arena, value), NULL);
	if (!(number > -1e15 && number < 1e15) ||
	    (double)(int64_t)number != number)
		return value;
	return arena_printf(arena, "%lld", (long long)number);
}

struct bytes
sheet_shown(struct arena *arena, struct bytes value, struct bytes format)
{
	char mask[MASK_MOST];
	bool literal[MASK_MOST] = { false };
	struct bytes shown = BYTES_NONE;
	size_t n;

	value = without_exponent(arena, value);
	if (format.n == 0 || value.n > 40)
		return value;
	n = bare_format(format, mask, literal);
	if (has_any(mask, literal, n, "yYdDhHsS"))
		shown = shown_date(arena,
		    strtod(arena_cstr(arena, value), NULL),
		    has_any(mask, literal, n, "yYdD"),
		    has_any(mask, literal, n, "hHsS"));
	else if (is_digits(value) && !has_any(mask, literal, n, "%E,?@"))
		shown = shown_mask(arena, value, mask, literal, n);
	return shown.p != NULL ? shown : value;
}
