/* Files the incident file names: indicators (STIX 2.1, CSV), stolen lists. */
#ifndef FORENSICS_ACCESS_INCIDENT_LISTS_H
#define FORENSICS_ACCESS_INCIDENT_LISTS_H

#include "forensics/access/incident.h"

/* NULL, or what is wrong with the value. */
const char *incident_indicator_add(struct incident *incident,
    struct indicators *into, enum indicator_kind kind, struct bytes text);

/* The kind of a STIX object type or a key of `adversary`; false: neither. */
bool incident_indicator_kind(struct bytes name, struct bytes value,
    enum indicator_kind *kind);

/* STIX 2.1; false with a message on stderr. */
bool incident_stix_read(struct incident *incident, struct indicators *into,
    struct bytes content, const char *path);

/* False with a message on stderr.  `name` is relative to the incident's, and
 * stands in its `line`. */
bool incident_indicators_read(struct incident *incident,
    struct indicators *into, struct bytes name, int line);
bool incident_stolen_read(struct incident *incident, struct bytes name,
    int line);

#endif
