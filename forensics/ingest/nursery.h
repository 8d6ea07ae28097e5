/* The case process's side of worker.h: starting workers. */
#ifndef FORENSICS_INGEST_NURSERY_H
#define FORENSICS_INGEST_NURSERY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct nursery {
	pid_t pid;
	int control;
};

/* `rules`: folder of replaced tables, or NULL; `wanted`: file of wanted.h, or
 * NULL.  Ends the process when the
 * machine cannot start it. */
void nursery_start(struct nursery *nursery, const char *rules,
    const char *wanted);
void nursery_stop(struct nursery *nursery);

struct worker_process {
	pid_t pid;
	int jobs;    /* socket to send them on */
	int results; /* pipe, not blocking */
};

/* `scratch`: a file without a name for the worker to write to, or -1; it is
 * closed here. */
void nursery_worker(struct nursery *nursery, size_t memory, bool unconfined,
    int scratch, struct worker_process *process);

#endif
