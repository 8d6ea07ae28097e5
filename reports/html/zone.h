/* Local times by the zone that the case keeps (forensics/access/zone.h). */
#ifndef REPORTS_HTML_ZONE_H
#define REPORTS_HTML_ZONE_H

#include "forensics/case/case.h"

/* From here on localtime_r speaks the case's zone.  Its name, in the arena;
 * absent when the case has none. */
struct bytes zone_use(struct case_file *file, struct arena *arena);

/* SHA-256 of the zone's data as kept, in hex; absent when there is none. */
struct bytes zone_hash(struct case_file *file, struct arena *arena);

#endif
