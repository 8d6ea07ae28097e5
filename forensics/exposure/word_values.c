/* Values that are words: SWIFT codes and medical terms near a keyword, and
 * the machine-readable zone of passports (ICAO 9303 part 4). */
#include "forensics/exposure/engine.h"

enum { SWIFT_REACH = 60, MRZ_LINE = 44 };

static void
swift_after(struct engine *e, struct bytes text, size_t at)
{
	size_t high = at + SWIFT_REACH < text.n ? at + SWIFT_REACH : text.n;

	while (at < high) {
		size_t from = at;

		while (at < text.n && is_alnum(text.p[at]))
			at++;
		if ((at - from == 8 || at - from == 11) &&
		    check_swift(bytes_slice(text, from, at))) {
			candidate_add(e, e->swift, from, at)->keyed = true;
			return;
		}
		if (at == from)
			at++;
	}
}

static bool
is_mrz_line(struct bytes text, size_t at)
{
	if (at + MRZ_LINE > text.n)
		return false;
	for (size_t i = at; i < at + MRZ_LINE; i++)
		if (!is_upper(text.p[i]) && !is_digit(text.p[i]) &&
		    text.p[i] != '<')
			return false;
	return true;
}

static bool
checks(struct bytes line, size_t from, size_t to, size_t at)
{
	int sum = check_icao(bytes_slice(line, from, to));

	return is_digit(line.p[at]) && sum == line.p[at] - '0';
}

static void
try_mrz(struct engine *e, struct bytes text, size_t at)
{
	size_t second = at + MRZ_LINE, end;
	struct bytes line, number;
	struct candidate *c;

	if (!is_mrz_line(text, at) ||
	    (at > 0 && (is_alnum(text.p[at - 1]) || text.p[at - 1] == '<')))
		return;
	while (second < text.n && is_space(text.p[second]))
		second++;
	if (second > at + MRZ_LINE + 4 || !is_mrz_line(text, second))
		return;
	end = second + MRZ_LINE;
	line = bytes_slice(text, second, end);
	if (!checks(line, 0, 9, 9) || !checks(line, 13, 19, 19) ||
	    !checks(line, 21, 27, 27))
		return;
	c = candidate_add(e, e->mrz, at, end);
	number = bytes_slice(line, 0, 9);
	while (number.n > 0 && number.p[number.n - 1] == '<')
		number.n--;
	c->normalized = arena_dup(e->arena, number);
}

void
words_values_find(struct engine *e, struct block *block)
{
	const struct word_hits *hits = e->hits;

	for (size_t h = 0; h < hits->count; h++) {
		const struct word_hit *hit = &hits->list[h];

		if (e->mrz != NULL && sets_has(&hit->sets, SIGNAL_MRZ))
			try_mrz(e, block->text, hit->from);
		if (e->swift != NULL && sets_has(&hit->sets, e->swift->index))
			swift_after(e, block->text, hit->to);
		if (e->term != NULL && sets_has(&hit->sets, SIGNAL_TERM))
			candidate_add(e, e->term, hit->from, hit->to)->keyed =
			    true;
	}
}
