/* multipart/alternative says everything twice: equal values in its halves are
 * one finding (contract 7, Overlaps). */
#ifndef FORENSICS_EXPOSURE_HALVES_H
#define FORENSICS_EXPOSURE_HALVES_H

#include "parsers/record.h"

struct waiting {
	struct record_finding finding;
	struct bytes alternative;
	unsigned half;
	size_t order;
	bool dropped;
};

/* Marks what an earlier half has said as dropped; the earlier one takes over
 * a higher level and a name that the later one knows.  The order stays. */
void halves_join(struct waiting *list, size_t count);

#endif
