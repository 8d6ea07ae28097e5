/*
 * Confinement of a worker before the first byte of evidence: no new
 * privileges, resource limits, Landlock (no file can be opened, no port
 * reached), and a seccomp filter that knows only reading, writing, memory
 * and ending.  Opening a file fails with EACCES (libraries may try and must
 * go on); anything that reaches outside ends the process.
 */
#ifndef FORENSICS_INGEST_SANDBOX_H
#define FORENSICS_INGEST_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

/* Limits alone: also without --no-sandbox's confinement. */
void sandbox_limit(size_t memory);

/* False with the reason in *why: this kernel or container does not let us.
 * Nothing may then be parsed. */
bool sandbox_enter(const char **why);

/* What this kernel offers, for the custody log: "landlock 7, seccomp". */
const char *sandbox_describe(void);

#endif
