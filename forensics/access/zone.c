/*
 * The incident file's time zone, kept in the case as this machine knows it
 * (a TZif file, RFC 8536): the reports of a case show the same local times
 * everywhere, whatever zone data the next machine has.
 */
#include "forensics/access/zone.h"

#include <stdio.h>

#include "parsers/base/hash.h"

enum { ZONE_MOST = 65536 }; /* the largest of 2026 has 3,500 bytes */

static struct bytes
read_zone(struct arena *arena, struct bytes name)
{
	uint8_t *content = arena_raw(arena, ZONE_MOST);
	char path[128];
	FILE *in;
	size_t n;

	snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", (int)name.n,
	    (const char *)name.p);
	in = fopen(path, "rb");
	if (in == NULL)
		return BYTES_NONE;
	n = fread(content, 1, ZONE_MOST, in);
	fclose(in);
	if (!bytes_starts(bytes_of(content, n), BYTES_LIT("TZif")))
		return BYTES_NONE;
	return hex_of(arena, content, n);
}

void
zone_keep(struct case_file *file, const struct incident *incident)
{
	struct bytes data = BYTES_NONE;
	struct arena arena;

	arena_init(&arena);
	if (incident->time_zone.n > 0 &&
	    incident_zone_is_known(incident->time_zone))
		data = read_zone(&arena, incident->time_zone);
	case_set_meta(file, "zone", data.n > 0 ? data : BYTES_LIT(""));
	arena_release(&arena);
}
