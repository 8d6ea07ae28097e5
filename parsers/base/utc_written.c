#include "parsers/base/utc_written.h"

#include <string.h>

struct written {
	int a, b, year, hour, minute, second;
	int64_t us;
	bool am, pm;
};

static bool
take_number(struct bytes *rest, int *number)
{
	size_t digits = 0;

	*number = 0;
	while (digits < rest->n && digits < 4 && rest->p[digits] >= '0' &&
	       rest->p[digits] <= '9')
		*number = *number * 10 + (rest->p[digits++] - '0');
	*rest = bytes_skip(*rest, digits);
	return digits > 0;
}

static bool
take_sign(struct bytes *rest, const char *signs)
{
	if (rest->n == 0 || strchr(signs, rest->p[0]) == NULL)
		return false;
	*rest = bytes_skip(*rest, 1);
	while (rest->n > 0 && rest->p[0] == ' ')
		*rest = bytes_skip(*rest, 1);
	return true;
}

/* .250 after the second */
static int64_t
take_fraction(struct bytes *rest)
{
	int64_t us = 0, place = UTC_SECOND;

	if (rest->n < 2 || rest->p[0] != '.')
		return 0;
	*rest = bytes_skip(*rest, 1);
	while (rest->n > 0 && rest->p[0] >= '0' && rest->p[0] <= '9') {
		place /= 10;
		us += (rest->p[0] - '0') * place;
		*rest = bytes_skip(*rest, 1);
	}
	return us;
}

static bool
take_written(struct bytes text, struct written *w)
{
	*w = (struct written){ 0 };
	text = bytes_trim(text);
	if (!take_number(&text, &w->a) || !take_sign(&text, "/.-") ||
	    !take_number(&text, &w->b) || !take_sign(&text, "/.-") ||
	    !take_number(&text, &w->year) || w->year < 1000)
		return false;
	if (take_sign(&text, " ,T")) {
		if (take_number(&text, &w->hour) && take_sign(&text, ":"))
			take_number(&text, &w->minute);
		if (take_sign(&text, ":"))
			take_number(&text, &w->second);
		w->us = take_fraction(&text);
	}
	text = bytes_trim(text);
	w->am = bytes_starts_nocase(text, BYTES_LIT("AM"));
	w->pm = bytes_starts_nocase(text, BYTES_LIT("PM"));
	if ((w->am || w->pm) && w->hour <= 12)
		w->hour = w->hour % 12 + (w->pm ? 12 : 0);
	return true;
}

enum date_order
date_order_of(struct bytes text)
{
	struct written w;

	if (!take_written(text, &w) || w.a < 1 || w.b < 1 ||
	    w.a > 31 || w.b > 31 || (w.a > 12) == (w.b > 12))
		return DATE_ORDER_UNKNOWN;
	return w.a > 12 ? DATE_DAY_FIRST : DATE_MONTH_FIRST;
}

int64_t
utc_from_culture(struct bytes text, enum date_order order)
{
	enum date_order shown = date_order_of(text);
	struct written w;

	if (!take_written(text, &w))
		return UTC_NONE;
	if (shown != DATE_ORDER_UNKNOWN)
		order = shown;
	if (order == DATE_ORDER_UNKNOWN && (w.am || w.pm || w.a == w.b))
		order = DATE_MONTH_FIRST;
	if (order == DATE_ORDER_UNKNOWN)
		return UTC_NONE;
	return order == DATE_MONTH_FIRST
		   ? utc_make(w.year, w.a, w.b, w.hour, w.minute, w.second,
			 w.us)
		   : utc_make(w.year, w.b, w.a, w.hour, w.minute, w.second,
			 w.us);
}

int64_t
utc_from_syslog(struct bytes text, int year)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	int month = 0, day, hour, minute, second;

	text = bytes_trim(text);
	for (int i = 0; i < 12; i++)
		if (bytes_starts_nocase(text, bytes_of(months + 3 * i, 3)))
			month = i + 1;
	text = bytes_trim(bytes_skip(text, 3));
	if (month == 0 || !take_number(&text, &day) ||
	    !take_sign(&text, " ") || !take_number(&text, &hour) ||
	    !take_sign(&text, ":") || !take_number(&text, &minute) ||
	    !take_sign(&text, ":") || !take_number(&text, &second))
		return UTC_NONE;
	return utc_make(year, month, day, hour, minute, second,
	    take_fraction(&text));
}
