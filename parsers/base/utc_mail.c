/* Dates of mail headers, RFC 5322 3.3 and 4.3, and what else is met: no
 * weekday, two-digit years, zone names, ctime() order, comments. */
#include "parsers/base/utc.h"

enum { WORDS_MOST = 12, DATE_MOST = 256 };

struct date_words {
	struct bytes word[WORDS_MOST];
	size_t count;
};

static int
month_of(struct bytes word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (word.n < 3)
		return 0;
	for (int i = 0; i < 12; i++)
		if (bytes_eq_nocase(bytes_slice(word, 0, 3),
		        bytes_of(names + 3 * i, 3)))
			return i + 1;
	return 0;
}

/* "09 : 55 :06": white space and comments around the clock's colons go
 * (RFC 5322 4.3). */
static size_t
without_gaps(struct bytes text, uint8_t *out, size_t room)
{
	unsigned depth = 0;
	size_t n = 0;

	for (size_t i = 0; i < text.n && n < room; i++) {
		uint8_t c = text.p[i];

		if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		else if (depth > 0)
			continue;
		else if (c == ':') {
			while (n > 0 && out[n - 1] == ' ')
				n--;
			out[n++] = ':';
		} else if (c > ' ' || (n > 0 && out[n - 1] != ':'))
			out[n++] = c > ' ' ? c : ' ';
	}
	return n;
}

/* Split at white space and commas; comments in parentheses are left out. */
static void
split_words(struct bytes text, struct date_words *words)
{
	size_t start = SIZE_MAX;
	unsigned depth = 0;

	words->count = 0;
	for (size_t i = 0; i <= text.n; i++) {
		uint8_t c = i < text.n ? text.p[i] : ' ';
		bool gap = c == ' ' || c == ',' || (c >= 9 && c <= 13) ||
			   c == '(' || c == ')' || depth > 0;

		if (gap && start != SIZE_MAX && words->count < WORDS_MOST)
			words->word[words->count++] = bytes_slice(text, start,
			    i);
		if (gap)
			start = SIZE_MAX;
		else if (start == SIZE_MAX)
			start = i;
		if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
	}
}

static bool
number_of(struct bytes word, int *value)
{
	uint64_t wide;

	if (!bytes_to_u64(word, &wide) || wide > 9999)
		return false;
	*value = (int)wide;
	return true;
}

/* hh:mm[:ss[.fff]] */
static bool
clock_of(struct bytes word, int *hour, int *minute, int *second)
{
	struct bytes rest = word, part;
	int *const places[] = { hour, minute, second };
	size_t n = 0;

	if (bytes_find_byte(word, ':') == SIZE_MAX)
		return false;
	*second = 0;
	while (n < 3 && bytes_cut(&rest, ':', &part)) {
		part = bytes_slice(part, 0, bytes_find_byte(part, '.'));
		if (!number_of(part, places[n++]))
			return false;
	}
	return n >= 2;
}

/* Minutes east of UTC: +hhmm, or a name of RFC 5322 4.3; others are UTC. */
static bool
zone_of(struct bytes word, int *minutes)
{
	static const struct {
		const char *name;
		int hours;
	} names[] = { { "UT", 0 }, { "GMT", 0 }, { "UTC", 0 }, { "Z", 0 },
		{ "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 },
		{ "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 },
		{ "CET", 1 }, { "CEST", 2 }, { "MET", 1 }, { "MEST", 2 },
		{ "BST", 1 }, { "EET", 2 }, { "EEST", 3 }, { "MSK", 3 },
		{ "JST", 9 }, { "KST", 9 } };
	int value;

	if (word.n == 6 && word.p[3] == ':' &&
	    (word.p[0] == '+' || word.p[0] == '-')) {
		int rest;

		if (!number_of(bytes_slice(word, 1, 3), &value) ||
		    !number_of(bytes_skip(word, 4), &rest))
			return false;
		*minutes = (value * 60 + rest) * (word.p[0] == '-' ? -1 : 1);
		return true;
	}
	if (word.n >= 4 && (word.p[0] == '+' || word.p[0] == '-') &&
	    number_of(bytes_skip(word, 1), &value) && value % 100 < 60 &&
	    value < 2400) {
		*minutes = (value / 100 * 60 + value % 100) *
			   (word.p[0] == '-' ? -1 : 1);
		return true;
	}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (bytes_eq_nocase(word, bytes_cstr(names[i].name))) {
			*minutes = names[i].hours * 60;
			return true;
		}
	}
	return false;
}

/* RFC 5322 4.3: 00-49 is 20xx, 50-999 is 19xx. */
static int
full_year(int year, size_t digits)
{
	if (digits >= 4)
		return year;
	if (digits == 2 && year < 50)
		return year + 2000;
	return year + 1900;
}

/* 16-Apr-2021 and 16/Apr/2021 as three words in one. */
static bool
split_dashed(struct bytes word, int *day, int *month, int *year)
{
	uint8_t mark = bytes_find_byte(word, '-') != SIZE_MAX ? '-' : '/';
	struct bytes rest = word, a, b, c;

	if (!bytes_cut(&rest, mark, &a) || !bytes_cut(&rest, mark, &b) ||
	    !bytes_cut(&rest, mark, &c) || month_of(b) == 0 ||
	    !number_of(a, day) || !number_of(c, year))
		return false;
	*month = month_of(b);
	*year = full_year(*year, c.n);
	return true;
}

struct date_state {
	int year, month, day, hour, minute, second, zone;
	bool has_year, has_day, has_clock;
};

static void
take_word(struct date_state *s, struct bytes word)
{
	int value;

	if (!s->has_clock &&
	    clock_of(word, &s->hour, &s->minute, &s->second)) {
		s->has_clock = true;
	} else if (s->month == 0 &&
		   split_dashed(word, &s->day, &s->month, &s->year)) {
		s->has_day = s->has_year = true;
	} else if (s->month == 0 && month_of(word) != 0) {
		s->month = month_of(word);
	} else if (number_of(word, &value)) {
		if (!s->has_day && word.n <= 2) {
			s->day = value;
			s->has_day = true;
		} else if (!s->has_year && s->month != 0) {
			s->year = full_year(value, word.n);
			s->has_year = true;
		}
	} else if (s->has_clock)
		zone_of(word, &s->zone);
}

int64_t
utc_from_mail(struct bytes text)
{
	struct date_words words;
	struct date_state s = { 0 };
	uint8_t bare[DATE_MOST];
	int64_t us;

	split_words(bytes_of(bare, without_gaps(text, bare, sizeof bare)),
	    &words);
	for (size_t i = 0; i < words.count; i++)
		take_word(&s, words.word[i]);
	if (!s.has_year || !s.has_day || s.month == 0)
		return utc_from_iso(text);
	us = utc_make(s.year, s.month, s.day, s.hour, s.minute, s.second, 0);
	return us == UTC_NONE ? us : us - s.zone * 60 * UTC_SECOND;
}
