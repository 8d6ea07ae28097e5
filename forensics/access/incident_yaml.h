/*
 * The incident file as a tree of YAML nodes: values out of nodes, mappings
 * and lists through actions.  The first error is printed with file and line;
 * after it nothing more is said.
 */
#ifndef FORENSICS_ACCESS_INCIDENT_YAML_H
#define FORENSICS_ACCESS_INCIDENT_YAML_H

#include <yaml.h>

#include "forensics/access/incident.h"

struct reader {
	struct incident *incident;
	yaml_document_t document;
	const char *path;
	bool failed;
};

/* What a key's value is for; `into` is the section's. */
typedef void incident_taker(struct reader *r, const yaml_node_t *value,
    void *into);

struct key_action {
	const char *name;
	incident_taker *take;
};

__attribute__((format(printf, 3, 4))) void incident_fail(struct reader *r,
    int line, const char *format, ...);
int incident_line(const yaml_node_t *node);

#define fail(r, node, ...) incident_fail(r, incident_line(node), __VA_ARGS__)

/* In the incident's arena. */
struct bytes incident_scalar(struct reader *r, const yaml_node_t *node);
struct bytes incident_lower(struct reader *r, struct bytes text);
int64_t incident_time(struct reader *r, const yaml_node_t *node, bool end);

void incident_mapping(struct reader *r, const yaml_node_t *node,
    const struct key_action *actions, void *into);
size_t incident_list(struct reader *r, const yaml_node_t *node,
    incident_taker *take, void *into);
size_t incident_list_length(const yaml_node_t *node);

/* Values that are only checked: incident_json.c keeps them. */
incident_taker incident_take_text, incident_take_texts, incident_take_time;

/* incident_indicators.c */
incident_taker incident_take_adversary, incident_take_known,
    incident_take_stolen;
/* incident_decisions.c */
incident_taker incident_take_people, incident_take_accept;

#endif
