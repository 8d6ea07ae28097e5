#include "reports/html/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "parsers/base/buffer.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"

static int
digit_of(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f'
		   ? c - 'a' + 10
		   : -1;
}

static struct bytes
zone_data(struct case_file *file, struct arena *arena)
{
	struct bytes hex = case_meta(file, arena, "zone");
	uint8_t *out = arena_raw(arena, hex.n / 2 + 1);

	for (size_t i = 0; i + 1 < hex.n; i += 2) {
		int high = digit_of(hex.p[i]), low = digit_of(hex.p[i + 1]);

		if (high < 0 || low < 0)
			return BYTES_NONE;
		out[i / 2] = (uint8_t)(high * 16 + low);
	}
	return hex.n >= 2 ? bytes_of(out, hex.n / 2) : BYTES_NONE;
}

/* The C library reads a zone from any file: one of memory alone, which stays
 * open as long as times are written. */
struct bytes
zone_use(struct case_file *file, struct arena *arena)
{
	static int kept = -1;
	struct bytes data = zone_data(file, arena), name;
	struct case_rows *rows;
	char path[64];

	if (!bytes_present(data))
		return BYTES_NONE;
	if (kept >= 0)
		close(kept);
	kept = memfd_create("zone", MFD_CLOEXEC);
	if (kept < 0 || write(kept, data.p, data.n) != (ssize_t)data.n)
		die_machine("a file in memory for the time zone: no room");
	/* A name of its own, or the last zone would stay. */
	setenv("TZ", "UTC0", 1);
	tzset();
	snprintf(path, sizeof path, ":/proc/self/fd/%d", kept);
	setenv("TZ", path, 1);
	tzset();
	rows = case_query(file,
	    "SELECT json_extract(value, '$.time_zone') FROM meta"
	    " WHERE key = 'incident'");
	name = case_next(rows) ? arena_dup(arena, case_text(rows, 0))
			       : BYTES_NONE;
	return name;
}

struct bytes
zone_hash(struct case_file *file, struct arena *arena)
{
	struct bytes data = zone_data(file, arena);

	return bytes_present(data) ? sha256_hex(arena, data) : BYTES_NONE;
}
