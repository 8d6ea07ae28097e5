/*
 * Times: microseconds since 1970-01-01 UTC in an int64.  UTC_NONE is
 * "unknown".  Parsers keep the text they read beside the value.
 */
#ifndef PARSERS_BASE_UTC_H
#define PARSERS_BASE_UTC_H

#include "parsers/base/arena.h"

#define UTC_NONE INT64_MIN
#define UTC_SECOND INT64_C(1000000)
#define UTC_HOUR (3600 * UTC_SECOND)
#define UTC_DAY (24 * UTC_HOUR)

/* Years 1 to 9999; out of range or impossible dates give UTC_NONE. */
int64_t utc_make(int year, int month, int day, int hour, int minute, int second,
    int64_t us);
struct utc_parts {
	int year, month, day, hour, minute, second;
	int us;
};
struct utc_parts utc_split(int64_t us);

/* FILETIME: 100 ns since 1601; 0 and out of range give UTC_NONE. */
int64_t utc_from_filetime(uint64_t filetime);

/* ISO 8601 / RFC 3339, "T" or space, fraction, zone or none (= UTC);
 * a bare date is its first second. */
int64_t utc_from_iso(struct bytes text);
/* The same, and whether it was a bare date, and whether it named a zone. */
int64_t utc_from_iso_detail(struct bytes text, bool *bare_date, bool *zone);

/* RFC 5322 3.3 and 4.3, generously; without a zone: UTC. */
int64_t utc_from_mail(struct bytes text);

/* YYYY-MM-DDTHH:MM:SS[.ffffff]Z, trailing zeros cut; "" for UTC_NONE. */
struct bytes utc_text(struct arena *arena, int64_t us);

#endif
