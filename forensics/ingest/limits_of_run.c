/* See limits_of_run.h. */
#include "forensics/ingest/limits_of_run.h"

#include <sched.h>

#define MB ((size_t)1024 * 1024)

/* The largest item (LIMIT_ITEM_BYTES), decoded, as text, with its cells. */
#define WORKER_MEMORY_MOST (2048 * MB)
#define WORKER_MEMORY_LEAST (192 * MB)
#define CASE_PROCESS (160 * MB)
#define SPOOL_MEMORY (64 * MB)

static unsigned
cores(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof set, &set) == 0
		   ? (unsigned)CPU_COUNT(&set)
		   : 1;
}

static size_t
clamp(size_t value, size_t least, size_t most)
{
	return value < least ? least : value > most ? most : value;
}

struct run_limits
run_limits_of(const struct ingest_options *options)
{
	struct run_limits limits = { options->workers, WORKER_MEMORY_MOST,
		SPOOL_MEMORY };
	size_t left, fit;

	if (limits.workers == 0)
		limits.workers = cores();
	if (options->memory == 0)
		return limits;
	limits.worker_memory = clamp(options->memory / 4,
	    WORKER_MEMORY_LEAST, WORKER_MEMORY_MOST);
	limits.spool_memory = clamp(options->memory / 32, MB, SPOOL_MEMORY);
	left = options->memory > CASE_PROCESS ? options->memory - CASE_PROCESS
					      : 0;
	fit = clamp(left / limits.worker_memory, 1, 1024);
	if (limits.workers > fit)
		limits.workers = (unsigned)fit;
	return limits;
}
