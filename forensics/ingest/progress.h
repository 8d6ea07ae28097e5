/* One line on stderr that says how far a run is: rewritten on a terminal,
 * every ten seconds elsewhere.  Nothing with -q or --no-progress. */
#ifndef FORENSICS_INGEST_PROGRESS_H
#define FORENSICS_INGEST_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool silent, terminal, drawn;
	int64_t begun_ns, shown_ns;
};

void progress_init(struct progress *progress, bool silent);

/* "hashing", done and total bytes, and a count of things. */
void progress_show(struct progress *progress, const char *what, uint64_t done,
    uint64_t total, uint64_t count, const char *things);

/* The same of a stage that cannot tell how far it is. */
void progress_wait(struct progress *progress, const char *what);

/* Leave the line behind. */
void progress_end(struct progress *progress);

#endif
