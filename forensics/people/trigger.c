#include "forensics/people/trigger.h"

#include "parsers/base/utc.h"

static bool
has_element(const struct trigger_facts *facts, struct bytes name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (bytes_eq(facts->elements[i], name))
			return true;
	return false;
}

static bool
term_holds(struct bytes term, const struct trigger_facts *facts)
{
	term = bytes_trim(term);
	if (bytes_eq(term, BYTES_LIT("NAME")))
		return facts->named;
	if (bytes_eq(term, BYTES_LIT("ANYPD")))
		return facts->count > 0 || (facts->named && facts->address);
	if (bytes_eq(term, BYTES_LIT("PHI")))
		return facts->health &&
		       (has_element(facts, BYTES_LIT("MED")) ||
		           has_element(facts, BYTES_LIT("HINS")));
	/* An account with its code is an account. */
	if (bytes_eq(term, BYTES_LIT("FIN")) &&
	    has_element(facts, BYTES_LIT("FINCODE")))
		return true;
	return has_element(facts, term);
}

/* a, or (a|b|c) */
static bool
choice_holds(struct bytes text, const struct trigger_facts *facts)
{
	struct bytes term;

	text = bytes_trim(text);
	if (text.n >= 2 && text.p[0] == '(' && text.p[text.n - 1] == ')')
		text = bytes_slice(text, 1, text.n - 1);
	while (bytes_cut(&text, '|', &term))
		if (term_holds(term, facts))
			return true;
	return false;
}

static bool
all_hold(struct bytes text, const struct trigger_facts *facts)
{
	struct bytes part;

	while (bytes_cut(&text, '+', &part))
		if (!choice_holds(part, facts))
			return false;
	return true;
}

bool
trigger_holds(struct bytes trigger, const struct trigger_facts *facts)
{
	struct bytes part;

	if (bytes_trim(trigger).n == 0)
		return false;
	while (bytes_cut(&trigger, ';', &part))
		if (bytes_trim(part).n > 0 && all_hold(part, facts))
			return true;
	return false;
}

/* Contract 7: from `discovered`, or from what the law names instead where
 * the incident file gives it. */
static int64_t
counted_from(struct bytes law, const struct law_clock *clock)
{
	if (bytes_find_nocase(law, BYTES_LIT("determination")) != SIZE_MAX &&
	    clock->determined != UTC_NONE)
		return clock->determined;
	if (bytes_find_nocase(law, BYTES_LIT("after people")) != SIZE_MAX &&
	    clock->notified != UTC_NONE)
		return clock->notified;
	return clock->discovered;
}

struct bytes
deadline_text(struct arena *arena, struct bytes law,
    const struct law_clock *clock)
{
	size_t digits = 0;
	uint64_t number;
	int64_t from;

	law = bytes_trim(law);
	while (digits < law.n && law.p[digits] >= '0' && law.p[digits] <= '9')
		digits++;
	if (digits == 0 || digits >= law.n || digits > 5 ||
	    (law.p[digits] != 'd' && law.p[digits] != 'h') ||
	    (digits + 1 < law.n && law.p[digits + 1] != ' '))
		return law;
	if (!bytes_to_u64(bytes_slice(law, 0, digits), &number))
		return law;
	from = counted_from(law, clock);
	if (from == UTC_NONE)
		return BYTES_LIT("");
	return utc_text(arena, from + (int64_t)number *
		(law.p[digits] == 'd' ? UTC_DAY : UTC_HOUR));
}
