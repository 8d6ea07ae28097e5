/* The seccomp filter of sandbox.h. */
#ifndef FORENSICS_INGEST_SANDBOX_FILTER_H
#define FORENSICS_INGEST_SANDBOX_FILTER_H

#include <stdbool.h>

/* For the rest of the process's life. */
bool filter_enter(void);

#endif
