/* Characters of a compact value: what every validator asks of them. */
#ifndef FORENSICS_EXPOSURE_DIGITS_H
#define FORENSICS_EXPOSURE_DIGITS_H

#include "parsers/base/bytes.h"

static inline bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Upper case: compact values are. */
static inline bool
is_letter(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool
all_digits(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (!is_digit(b.p[i]))
			return false;
	return b.n > 0;
}

#endif
