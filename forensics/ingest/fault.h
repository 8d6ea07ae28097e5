/*
 * Faults on purpose, for the tests of the supervision (MODE=debug, asan).
 * The environment's POSTMORTEM_FAULT is a comma-separated list of
 * WHAT@ORDINAL[:NAME]: crash, hang, memory, lie, open, socket at the item
 * of this ordinal (of evidence files called NAME), between after it, and
 * plan@0 in the plan.
 */
#ifndef FORENSICS_INGEST_FAULT_H
#define FORENSICS_INGEST_FAULT_H

#include "parsers/base/bytes.h"

#ifdef FAULT_INJECTION
void fault_at_item(uint64_t ordinal, struct bytes name, int results);
void fault_after_item(uint64_t ordinal, struct bytes name);
void fault_in_plan(struct bytes name);
#else
static inline void
fault_at_item(uint64_t ordinal, struct bytes name, int results)
{
	(void)ordinal, (void)name, (void)results;
}

static inline void
fault_after_item(uint64_t ordinal, struct bytes name)
{
	(void)ordinal, (void)name;
}

static inline void
fault_in_plan(struct bytes name)
{
	(void)name;
}
#endif

#endif
