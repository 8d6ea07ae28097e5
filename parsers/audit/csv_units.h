/* CSV files of audit rows: where the header and the rows are, cut into
 * units of whole rows.  UTF-16 is cut likewise and transcoded unit by unit. */
#ifndef PARSERS_AUDIT_CSV_UNITS_H
#define PARSERS_AUDIT_CSV_UNITS_H

#include "parsers/audit/ual.h"
#include "parsers/base/csv.h"
#include "parsers/parser.h"

/* The head as text (UTF-16 transcoded), past BOM and a #TYPE line. */
struct bytes csv_head_text(struct arena *arena, struct bytes head);

/* Units of 16 MiB; a spec says begin, end, row and, the last one, total.
 * begins_row rescues rows after a stray quote (base/csv.h), or NULL. */
enum outcome csv_units_plan(const struct input *input, struct sink *sink,
    bool (*begins_row)(struct bytes line));

struct csv_unit {
	struct bytes header; /* the header row's text */
	struct bytes rows;   /* of this unit, UTF-8 */
	uint64_t base;       /* offset of rows in the file */
	uint64_t row;        /* number of the first; the header is row 1 */
	uint64_t count;      /* rows of the unit, as the plan saw them */
	uint64_t total;      /* rows of the whole file, in its last unit */
	uint8_t separator;
	bool plain;          /* offsets in rows are offsets in the file */
};

/* False: the file cannot be read (a problem is said). */
bool csv_unit_open(const struct input *input, struct bytes spec,
    struct arena *arena, struct sink *sink, struct csv_unit *unit);

/* The row of a problem: more cells than LIMIT_CSV_COLUMNS. */
void csv_say_too_wide(struct bytes locator, struct sink *sink);

/* How many rows the block that begins with this row has. */
static inline uint64_t
csv_rows_left(const struct csv_unit *unit, uint64_t row)
{
	uint64_t end = unit->row + unit->count;

	return row < end && end - row < UAL_BLOCK ? end - row : UAL_BLOCK;
}

#endif
