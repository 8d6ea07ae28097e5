/* Exports end at known limits; one of exactly that many rows was cut.
 * Reference: audit.md 4; contract 3, Coverage. */
#ifndef PARSERS_AUDIT_CUT_EXPORT_H
#define PARSERS_AUDIT_CUT_EXPORT_H

#include "parsers/audit/ual.h"

struct cut_count {
	uint64_t total; /* rows or records of the whole file */
};

bool cut_export_is_known(uint64_t total);

/* One item with the row cut_export when `total` is such a limit. */
void cut_export_say(struct sink *sink, const struct ual *ual, uint64_t total);

#endif
