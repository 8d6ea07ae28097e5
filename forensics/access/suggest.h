/* suggest: ready lines for the incident file from what is suspicious. */
#ifndef FORENSICS_ACCESS_SUGGEST_H
#define FORENSICS_ACCESS_SUGGEST_H

#include <stdio.h>

#include "forensics/case/case.h"

/* YAML of key `adversary`, each value with what it would add to the
 * exposure.  The case must be reconstructed. */
void suggest_print(struct case_file *file, FILE *out);

#endif
