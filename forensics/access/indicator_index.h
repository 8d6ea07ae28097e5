/*
 * Which indicator an event matches (contract 3, "What an indicator looks
 * at").  Exact values are looked up, so that long lists cost nothing per
 * event; ranges and client strings are tried one by one.
 */
#ifndef FORENSICS_ACCESS_INDICATOR_INDEX_H
#define FORENSICS_ACCESS_INDICATOR_INDEX_H

#include "forensics/access/incident.h"

struct indicator_index;

struct event_keys {
	struct bytes ips, app_ids, client_info, clients, user_id, device_ids,
	    sessions, token_id; /* plurals: JSON arrays */
};

struct indicator_index *indicator_index_new(const struct indicators *list);
void indicator_index_free(struct indicator_index *index);

/* The first of the list that matches, or NULL. */
const struct indicator *indicator_index_match(struct indicator_index *index,
    const struct event_keys *keys);

#endif
