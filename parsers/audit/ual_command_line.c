/*
 * Parameters of Security & Compliance cmdlets, which their records give as
 * one text: -Name "Case 7" -ExchangeLocation ("a@b","c@d") -Force.  Quotes
 * inside values are not escaped, so a value ends at a quote or parenthesis
 * before the next " -Word".  Values end in "[...]" where they were cut.
 */
#include "parsers/audit/ual_private.h"

static bool
is_letter(uint8_t c)
{
	c = byte_lower(c);
	return c >= 'a' && c <= 'z';
}

/* " -W" after what closes a value begins the next parameter. */
static bool
begins_parameter(struct bytes text, size_t at)
{
	return at + 2 < text.n && text.p[at] == ' ' && text.p[at + 1] == '-' &&
	       is_letter(text.p[at + 2]);
}

static size_t
value_end(struct bytes text, size_t at)
{
	bool quoted = at < text.n &&
		      (text.p[at] == '"' || text.p[at] == '(');

	for (size_t i = at; i < text.n; i++) {
		uint8_t before = i > at ? text.p[i - 1] : 0;

		if (begins_parameter(text, i) &&
		    (!quoted || (i > at + 1 &&
		                    (before == '"' || before == ')'))))
			return i;
	}
	return text.n;
}

/* ("a","b") is a;b as in the lists of other cmdlets. */
static struct bytes
plain_value(struct ual *ual, struct bytes text)
{
	uint8_t *out;
	size_t n = 0;

	text = bytes_trim(text);
	if (text.n >= 2 && text.p[0] == '(' && text.p[text.n - 1] == ')')
		text = bytes_slice(text, 1, text.n - 1);
	out = arena_raw(&ual->arena, text.n);
	for (size_t i = 0; i < text.n; i++) {
		if (i + 3 <= text.n && memcmp(text.p + i, "\",\"", 3) == 0) {
			out[n++] = ';';
			i += 2;
			continue;
		}
		if ((i == 0 || i + 1 == text.n) && text.p[i] == '"')
			continue;
		out[n++] = text.p[i];
	}
	return bytes_of(out, n);
}

void
ual_take_command_line(struct ual *ual, struct bytes text)
{
	while (text.n > 1 && text.p[0] == '-') {
		size_t name = 1, end;

		while (name < text.n && text.p[name] != ' ')
			name++;
		end = begins_parameter(text, name)
			  ? name
			  : value_end(text, name + 1 < text.n ? name + 1
							     : text.n);
		ual_parameter(ual, bytes_slice(text, 1, name),
		    plain_value(ual, bytes_slice(text, name, end)));
		text = bytes_trim(bytes_skip(text, end));
	}
}
