/* people, accept: what the examiner decided; checked here, kept as JSON. */
#include "forensics/access/incident_yaml.h"
#include "parsers/base/outcome.h"

/* An id as the reports print it: LETTER-16 hex digits. */
static void
take_id(struct reader *r, const yaml_node_t *value, char letter)
{
	struct bytes text = incident_scalar(r, value);
	bool fits = text.n == 18 && text.p[0] == letter && text.p[1] == '-';

	for (size_t i = 2; i < text.n; i++)
		fits = fits && ((text.p[i] >= '0' && text.p[i] <= '9') ||
		                   (text.p[i] >= 'a' && text.p[i] <= 'f'));
	if (!fits)
		fail(r, value, "'%.*s' is no id (%c-0123456789abcdef, as in "
			       "the reports)",
		    (int)text.n, (const char *)text.p, letter);
}

static void
take_person_id(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	take_id(r, value, 'P');
}

static void
take_person_ids(struct reader *r, const yaml_node_t *value, void *into)
{
	incident_list(r, value, take_person_id, into);
}

static void
take_person(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "same", take_person_ids },
		{ "different", take_person_ids },
		{ "not_a_person", take_person_ids },
		{ "notified", take_person_ids }, { NULL, NULL } };

	incident_mapping(r, value, keys, into);
}

void
incident_take_people(struct reader *r, const yaml_node_t *value, void *into)
{
	incident_list(r, value, take_person, into);
}

static void
accept_problem(struct reader *r, const yaml_node_t *value, void *into)
{
	struct bytes kind = incident_scalar(r, value);

	*(unsigned *)into |= 1;
	if (problem_kind_of((const char *)kind.p, kind.n) == PROBLEM_KINDS)
		fail(r, value, "'%.*s' is no kind of problem (the kinds stand "
			       "in problems.csv)",
		    (int)kind.n, (const char *)kind.p);
}

static void
accept_source(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	take_id(r, value, 'S');
}

static void
accept_by(struct reader *r, const yaml_node_t *value, void *into)
{
	if (bytes_trim(incident_scalar(r, value)).n > 0)
		*(unsigned *)into |= 2;
}

static void
accept_reason(struct reader *r, const yaml_node_t *value, void *into)
{
	if (bytes_trim(incident_scalar(r, value)).n > 0)
		*(unsigned *)into |= 4;
}

/* It lifts DRAFT: somebody says so by name, and why. */
static void
take_acceptance(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "problem", accept_problem },
		{ "source", accept_source }, { "by", accept_by },
		{ "reason", accept_reason }, { NULL, NULL } };
	unsigned told = 0;

	(void)into;
	incident_mapping(r, value, keys, &told);
	if (!r->failed && told != 7)
		fail(r, value, "to accept, say problem, by and reason");
}

void
incident_take_accept(struct reader *r, const yaml_node_t *value, void *into)
{
	incident_list(r, value, take_acceptance, into);
}
