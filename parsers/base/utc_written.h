/*
 * Times as people and syslog write them: a day and a month whose order the
 * text alone may not tell, or no year at all.  Without a zone: UTC.
 */
#ifndef PARSERS_BASE_UTC_WRITTEN_H
#define PARSERS_BASE_UTC_WRITTEN_H

#include "parsers/base/utc.h"

enum date_order { DATE_ORDER_UNKNOWN, DATE_MONTH_FIRST, DATE_DAY_FIRST };

/* The order that a date shows by itself: one of its numbers is above 12.
 * UNKNOWN also for what is no such date. */
enum date_order date_order_of(struct bytes text);

/*
 * 9/20/2023 4:05:03 AM; 20/09/2023 04:05:03; dots and dashes too.  With both
 * numbers up to 12 the given order decides; when that is unknown AM or PM
 * speak for the month, and UTC_NONE without them.
 */
int64_t utc_from_culture(struct bytes text, enum date_order order);

/* "Feb  3 04:05:06" of that year; UTC_NONE: it is none, or not in it. */
int64_t utc_from_syslog(struct bytes text, int year);

#endif
