/* Export packages against what they promise. */
#ifndef FORENSICS_INGEST_PACKAGE_H
#define FORENSICS_INGEST_PACKAGE_H

#include "forensics/case/case.h"

/* Deletes the problem rows of stage 'package' and writes them anew: files that
 * a list names and the evidence lacks, those with fewer items than listed,
 * other sizes or hashes; a note where all agree. */
void package_check(struct case_file *file);

#endif
