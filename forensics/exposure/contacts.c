/* E-mail addresses, walked from the '@', and phone numbers that a shape
 * cannot say: "+44 20 7946 0018", "(415) 555-0132". */
#include "forensics/exposure/engine.h"

enum { LOCAL_MOST = 64, DOMAIN_MOST = 253, PHONE_MOST = 24 };

static bool
is_local(uint8_t c)
{
	return is_alnum(c) || c >= 0x80 ||
	       (c != 0 && strchr("._%+-'!#$&*/=?^`{|}~", c) != NULL);
}

/* What may begin a local part: no quote or bracket of the text around. */
static bool
is_local_start(uint8_t c)
{
	return is_alnum(c) || c >= 0x80 || c == '_';
}

static size_t
domain_end(struct bytes text, size_t from)
{
	size_t at = from, label = from, top = from;
	size_t dots = 0;

	while (at < text.n && at - from <= DOMAIN_MOST) {
		uint8_t c = text.p[at];

		if (is_alnum(c) || c >= 0x80 || (c == '-' && at > label)) {
			at++;
			continue;
		}
		if (c != '.' || at == label || at + 1 >= text.n ||
		    !(is_alnum(text.p[at + 1]) || text.p[at + 1] >= 0x80))
			break;
		dots++;
		label = top = ++at;
	}
	while (at > from && text.p[at - 1] == '-')
		at--;
	if (dots == 0 || at < top + 2)
		return from;
	for (size_t i = top; i < at; i++)
		if (is_digit(text.p[i]))
			return from; /* no top-level domain has digits */
	return at;
}

static void
try_email(struct engine *e, struct bytes text, size_t sign, size_t floor)
{
	size_t from = sign, to = domain_end(text, sign + 1);
	struct candidate *c;

	if (to == sign + 1)
		return;
	while (from > floor && sign - from < LOCAL_MOST &&
	       is_local(text.p[from - 1]))
		from--;
	while (from < sign && !is_local_start(text.p[from]))
		from++;
	/* "mailto:", "=3D" and a URL's user are not part of it. */
	for (size_t i = from; i < sign; i++)
		if (text.p[i] == '=' || text.p[i] == '/')
			from = i + 1;
	if (from == sign || text.p[sign - 1] == '.')
		return;
	c = candidate_add(e, e->email, from, to);
	c->keyed = false;
}

void
emails_find(struct engine *e, struct block *block)
{
	struct bytes text = block->text;
	size_t at = 0, floor = 0;
	const uint8_t *p;

	if (e->email == NULL)
		return;
	while (at < text.n &&
	       (p = memchr(text.p + at, '@', text.n - at)) != NULL) {
		size_t sign = (size_t)(p - text.p);

		try_email(e, text, sign, floor);
		at = floor = sign + 1;
	}
}

/* Digits from `at`, with separators; at most one pair of parentheses. */
static size_t
phone_end(struct bytes text, size_t at, uint8_t *digits, size_t *count)
{
	size_t end = at, from = at;

	*count = 0;
	while (at < text.n && at - from < PHONE_MOST) {
		uint8_t c = text.p[at];

		if (is_digit(c)) {
			if (*count < 15)
				digits[*count] = c;
			(*count)++;
			end = at + 1;
		} else if (c != ' ' && c != '-' && c != '.' && c != '(' &&
			   c != ')' && c != '/')
			break;
		else if (at > from && !is_digit(text.p[at - 1]) &&
			 !(c == '(' || text.p[at - 1] == ')' || c == '-'))
			break;
		at++;
	}
	return end;
}

static void
try_phone(struct engine *e, struct bytes text, size_t at)
{
	uint8_t digits[16];
	size_t count, end = phone_end(text, at + 1, digits, &count);
	bool plus = text.p[at] == '+';

	if (at > 0 && (is_alnum(text.p[at - 1]) || text.p[at - 1] == '='))
		return;
	if (end < text.n && (is_alnum(text.p[end]) || text.p[end] == '%'))
		return;
	if (plus && (count < 8 || count > 15 || digits[0] == '0'))
		return;
	if (!plus && (count != 10 || !check_nanp(bytes_of(digits, 10))))
		return;
	if (plus && digits[0] == '1' &&
	    (count != 11 || !check_nanp(bytes_of(digits, 11))))
		return;
	candidate_add(e, e->phone, at, end);
}

void
phones_find(struct engine *e, struct block *block)
{
	struct bytes text = block->text;
	size_t at = 0;
	const uint8_t *p;

	if (e->phone == NULL)
		return;
	while (at + 1 < text.n &&
	       (p = memchr(text.p + at, '+', text.n - at - 1)) != NULL) {
		at = (size_t)(p - text.p);
		if (is_digit(text.p[at + 1]) || text.p[at + 1] == '(')
			try_phone(e, text, at);
		at++;
	}
	at = 0;
	while (at + 12 < text.n &&
	       (p = memchr(text.p + at, '(', text.n - at - 12)) != NULL) {
		at = (size_t)(p - text.p);
		if (is_digit(text.p[at + 1]) && is_digit(text.p[at + 2]) &&
		    is_digit(text.p[at + 3]) && text.p[at + 4] == ')')
			try_phone(e, text, at);
		at++;
	}
}
