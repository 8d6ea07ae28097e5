/* How many workers, and how much memory each: of -j and --memory. */
#ifndef FORENSICS_INGEST_LIMITS_OF_RUN_H
#define FORENSICS_INGEST_LIMITS_OF_RUN_H

#include "forensics/ingest/ingest.h"

struct run_limits {
	unsigned workers;
	size_t worker_memory; /* bytes of data a worker may hold */
	size_t spool_memory;  /* results waiting in the case process */
};

/* What a worker may hold depends on --memory alone, never on -j or the
 * machine: which items are lost for want of it is the same everywhere.  A
 * budget that is too small for -j workers gets fewer of them. */
struct run_limits run_limits_of(const struct ingest_options *options);

/* Format and confinement are there; else false, and the exit status. */
bool ingest_may_begin(const struct ingest_options *options, int *status);

#endif
