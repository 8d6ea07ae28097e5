#include "parsers/base/utc.h"

enum { YEAR_MOST = 9999 };

/* Days since 1970-01-01 of a proleptic Gregorian date. */
static int64_t
days_of(int64_t year, int month, int day)
{
	int64_t era, of_era, of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

int64_t
utc_make(int year, int month, int day, int hour, int minute, int second,
    int64_t us)
{
	if (year < 1 || year > YEAR_MOST || month < 1 || month > 12 ||
	    day < 1 || day > month_days(year, month) || hour < 0 ||
	    hour > 23 || minute < 0 || minute > 59 || second < 0 ||
	    second > 60 || us < 0 || us >= UTC_SECOND)
		return UTC_NONE;
	return (days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 +
		   second) * UTC_SECOND + us;
}

struct utc_parts
utc_split(int64_t us)
{
	int64_t days = us / UTC_DAY, rest = us % UTC_DAY, z, era, doe, yoe, doy;
	struct utc_parts p;

	if (rest < 0) {
		rest += UTC_DAY;
		days--;
	}
	z = days + 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	p.month = (int)((5 * doy + 2) / 153);
	p.day = (int)(doy - (153 * p.month + 2) / 5 + 1);
	p.month += p.month < 10 ? 3 : -9;
	p.year = (int)(yoe + era * 400 + (p.month <= 2));
	p.hour = (int)(rest / UTC_HOUR);
	p.minute = (int)(rest / (60 * UTC_SECOND) % 60);
	p.second = (int)(rest / UTC_SECOND % 60);
	p.us = (int)(rest % UTC_SECOND);
	return p;
}

int64_t
utc_from_filetime(uint64_t filetime)
{
	int64_t us;

	if (filetime == 0 || filetime > INT64_MAX)
		return UTC_NONE;
	us = (int64_t)(filetime / 10) - INT64_C(11644473600) * UTC_SECOND;
	if (us > utc_make(YEAR_MOST, 12, 31, 23, 59, 59, 0))
		return UTC_NONE;
	return us;
}

/* Between `least` and `most` digits off the front; -1 when there are not. */
static int
take_digits(struct bytes *rest, size_t least, size_t most)
{
	size_t n = 0;
	int value = 0;

	while (n < most && n < rest->n && rest->p[n] >= '0' &&
	       rest->p[n] <= '9')
		value = value * 10 + (rest->p[n++] - '0');
	if (n < least)
		return -1;
	*rest = bytes_skip(*rest, n);
	return value;
}

static bool
take_byte(struct bytes *rest, uint8_t c)
{
	if (rest->n == 0 || rest->p[0] != c)
		return false;
	*rest = bytes_skip(*rest, 1);
	return true;
}

/* Digits after the point as microseconds; further digits are dropped. */
static int64_t
take_fraction(struct bytes *rest)
{
	int64_t us = 0, unit = UTC_SECOND / 10;

	while (rest->n > 0 && rest->p[0] >= '0' && rest->p[0] <= '9') {
		us += (rest->p[0] - '0') * unit;
		unit /= 10;
		*rest = bytes_skip(*rest, 1);
	}
	return us;
}

/* +hh:mm, +hhmm, +hh; minutes east of UTC.  False when it is none. */
static bool
take_offset(struct bytes *rest, int *minutes)
{
	int sign = rest->n > 0 && rest->p[0] == '-' ? -1 : 1, hour, minute = 0;

	if (!take_byte(rest, '+') && !take_byte(rest, '-'))
		return false;
	hour = take_digits(rest, 1, 2);
	if (hour < 0)
		return false;
	take_byte(rest, ':');
	if (rest->n > 0 && rest->p[0] >= '0' && rest->p[0] <= '9')
		minute = take_digits(rest, 2, 2);
	if (minute < 0 || minute > 59 || hour > 23)
		return false;
	*minutes = sign * (hour * 60 + minute);
	return true;
}

int64_t
utc_from_iso_detail(struct bytes text, bool *bare_date, bool *zone)
{
	struct bytes rest = bytes_trim(text);
	int year, month, day, hour = 0, minute = 0, second = 0, offset = 0;
	int64_t fraction = 0, us;

	*bare_date = *zone = false;
	year = take_digits(&rest, 4, 4);
	if (!take_byte(&rest, '-'))
		return UTC_NONE;
	month = take_digits(&rest, 1, 2);
	if (!take_byte(&rest, '-'))
		return UTC_NONE;
	day = take_digits(&rest, 1, 2);
	if (rest.n == 0) {
		*bare_date = true;
		return utc_make(year, month, day, 0, 0, 0, 0);
	}
	if (!take_byte(&rest, 'T') && !take_byte(&rest, 't') &&
	    !take_byte(&rest, ' '))
		return UTC_NONE;
	hour = take_digits(&rest, 1, 2);
	if (!take_byte(&rest, ':'))
		return UTC_NONE;
	minute = take_digits(&rest, 2, 2);
	if (take_byte(&rest, ':'))
		second = take_digits(&rest, 2, 2);
	if (take_byte(&rest, '.') || take_byte(&rest, ','))
		fraction = take_fraction(&rest);
	rest = bytes_trim(rest);
	if (take_byte(&rest, 'Z') || take_byte(&rest, 'z') ||
	    take_offset(&rest, &offset))
		*zone = true;
	if (bytes_trim(rest).n != 0)
		return UTC_NONE;
	us = utc_make(year, month, day, hour, minute, second, fraction);
	return us == UTC_NONE ? us : us - offset * 60 * UTC_SECOND;
}

int64_t
utc_from_iso(struct bytes text)
{
	bool bare_date, zone;

	return utc_from_iso_detail(text, &bare_date, &zone);
}

struct bytes
utc_text(struct arena *arena, int64_t us)
{
	struct utc_parts p;
	char fraction[8] = "";
	int n;

	if (us == UTC_NONE)
		return BYTES_LIT("");
	p = utc_split(us);
	if (p.us != 0) {
		n = p.us;
		fraction[0] = '.';
		for (int i = 6; i > 0; i--) {
			fraction[i] = (char)('0' + n % 10);
			n /= 10;
		}
		for (int i = 6; fraction[i] == '0'; i--)
			fraction[i] = '\0';
	}
	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%sZ", p.year,
	    p.month, p.day, p.hour, p.minute, p.second, fraction);
}
