/* Files of the walk to rows of `sources` and `paths`. */
#ifndef FORENSICS_INGEST_REGISTER_H
#define FORENSICS_INGEST_REGISTER_H

#include "forensics/ingest/evidence.h"
#include "forensics/ingest/store.h"

/* New contents in order of their SHA-256, every path, and a problem row for
 * each place that could not be read; one transaction. */
void register_evidence(struct case_file *file, struct store *store,
    struct evidence *evidence);

/* The sources among this evidence that are not read to their end, with the
 * units an earlier run planned; from the arena. */
struct source *register_unfinished(struct case_file *file,
    struct evidence *evidence, size_t *count);

/* Problem `changed` for each source whose file is not what it was; how many
 * files that were. */
size_t register_changed(struct case_file *file, struct store *store,
    struct evidence *evidence);

/* A source that nobody could read, so that it can be read as something else.
 * False when something was read of it. */
bool register_forget(struct case_file *file, const uint8_t sha256[]);

#endif
