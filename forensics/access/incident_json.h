/* The incident file as the case keeps it and reports read it: JSON of the
 * same keys in the same order, times as contract 5 writes them. */
#ifndef FORENSICS_ACCESS_INCIDENT_JSON_H
#define FORENSICS_ACCESS_INCIDENT_JSON_H

#include <yaml.h>

#include "parsers/base/arena.h"

/* False when it nests too deeply. */
bool incident_json_write(struct arena *arena, yaml_document_t *document,
    const yaml_node_t *root, struct bytes *json);

#endif
