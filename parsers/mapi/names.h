/* The map from property ids to names, as MSG (2.2.3) and PST (2.4.7) keep
 * it: three streams. */
#ifndef PARSERS_MAPI_NAMES_H
#define PARSERS_MAPI_NAMES_H

#include "parsers/mapi/mapi.h"

/* Ascending by id; entries that do not fit are left out. */
struct mapi_names mapi_names_parse(struct arena *arena, struct bytes guids,
    struct bytes entries, struct bytes strings);

#endif
