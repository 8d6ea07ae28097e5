/* key=value words of a unit's spec: "begin=0 end=4096 row=2". */
#ifndef PARSERS_BASE_SCAN_H
#define PARSERS_BASE_SCAN_H

#include "parsers/base/bytes.h"

/* The number after key=, or `missing`. */
static inline uint64_t
spec_number(struct bytes spec, const char *key, uint64_t missing)
{
	struct bytes word, name = bytes_cstr(key);
	uint64_t value;

	while (bytes_cut(&spec, ' ', &word))
		if (word.n > name.n + 1 && word.p[name.n] == '=' &&
		    bytes_starts(word, name) &&
		    bytes_to_u64(bytes_skip(word, name.n + 1), &value))
			return value;
	return missing;
}

#endif
