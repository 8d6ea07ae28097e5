/* selftest: known cases with known answers, run from the installed program
 * alone (contract 1). */
#ifndef FORENSICS_SELFTEST_H
#define FORENSICS_SELFTEST_H

#include <stdbool.h>
#include <stdio.h>

/* One line a check on `out`; false when one failed. */
bool selftest_run(FILE *out);

#endif
