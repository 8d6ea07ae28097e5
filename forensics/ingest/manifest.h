/*
 * CASE/manifest.sha256, which `sha256sum -c` verifies from inside CASE:
 * case.db and every file below reports/, in byte order of name.  The custody
 * log is not in it: it goes on growing, and is a chain of its own.  Ingest
 * removes the manifest when it begins, so that a case in the middle of a run
 * has none.
 */
#ifndef FORENSICS_INGEST_MANIFEST_H
#define FORENSICS_INGEST_MANIFEST_H

#include <stdio.h>

/* Call with no transaction open. By rename. */
void manifest_write(const char *case_folder);
void manifest_remove(const char *case_folder);

/* One line on `out` a difference, files beyond the manifest included. */
size_t manifest_verify(const char *case_folder, FILE *out);

#endif
