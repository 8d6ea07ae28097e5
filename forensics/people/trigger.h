/*
 * Triggers and deadlines of the law table (reference: notification_law.md
 * 3.1): NAME+(SSN|DL|FINCODE); CRED   and   30d from discovery.
 */
#ifndef FORENSICS_PEOPLE_TRIGGER_H
#define FORENSICS_PEOPLE_TRIGGER_H

#include "parsers/base/arena.h"

struct trigger_facts {
	bool named;         /* the person has a name */
	bool address;       /* and a postal address */
	bool health;        /* the organization's sector includes health */
	const struct bytes *elements; /* exposed, counting */
	size_t count;
};

/* True when the trigger holds for a person with these facts.  A trigger
 * that is empty or does not parse holds for nobody. */
bool trigger_holds(struct bytes trigger, const struct trigger_facts *facts);

/* Times a law counts from; UTC_NONE when the incident file has none. */
struct law_clock {
	int64_t discovered, determined, notified;
};

/*
 * The date when the law's text begins "Nd" or "Nh", else its own words; ""
 * when a number counts from an unknown time.
 */
struct bytes deadline_text(struct arena *arena, struct bytes law,
    const struct law_clock *clock);

#endif
