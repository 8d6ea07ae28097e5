/* The zone that times are shown in beside UTC. */
#ifndef FORENSICS_ACCESS_ZONE_H
#define FORENSICS_ACCESS_ZONE_H

#include "forensics/access/incident.h"
#include "forensics/case/case.h"

/* meta 'zone': hex of the TZif file; empty when there is none. */
void zone_keep(struct case_file *file, const struct incident *incident);

#endif
