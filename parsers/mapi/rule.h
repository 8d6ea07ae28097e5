/*
 * Inbox rules as a mailbox keeps them: conditions ([MS-OXCDATA] 2.12,
 * restrictions) and actions ([MS-OXORULE] 2.2.5) of a rule message, as the
 * parameters that a cmdlet would have for them (ForwardTo, From,
 * SubjectContainsWords ...), so that one reader of rules serves both.
 *
 * Standard rules count in 16 bits; extended ones in 32, behind a list of
 * named properties (2.2.4.2).
 */
#ifndef PARSERS_MAPI_RULE_H
#define PARSERS_MAPI_RULE_H

#include "parsers/base/arena.h"
#include "parsers/base/cursor.h"

struct rule_parameter {
	const char *name;
	struct bytes value; /* UTF-8; lists joined by "; " */
};

/* All memory is the arena's. */
struct rule_parameters {
	struct arena *arena;
	struct rule_parameter *list;
	size_t count, room;
};

void rule_parameter_add(struct rule_parameters *parameters, const char *name,
    struct bytes value);
/* "; " and the value at the end of a list. */
struct bytes rule_list_add(struct arena *arena, struct bytes list,
    struct bytes value);

/* Behind the named properties of an extended rule; absent: cut. */
struct bytes rule_extended_rest(struct bytes blob);

/*
 * One condition that a cmdlet has no word for is `OtherCondition`, an
 * exception `ExceptIf`, each with its own words.  False: cut or unknown, what
 * was read so far is there, and `UnreadCondition` says that more was asked.
 */
bool rule_condition_read(struct rule_parameters *out, struct bytes blob,
    bool extended);

/* False: cut or unknown; what was read so far is there. */
bool rule_actions_read(struct rule_parameters *out, struct bytes blob,
    bool extended);

/* A tagged value's content as text, by its type ([MS-OXCDATA] 2.11); absent
 * and c->failed when it is cut or of a type no rule has. */
struct bytes rule_value_read(struct arena *arena, struct cursor *c,
    uint16_t type, bool extended);

#endif
