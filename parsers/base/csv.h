/*
 * RFC 4180 rows over a slice: quotes doubled, CR LF or LF, embedded line
 * breaks inside quotes.  Fields stay as they stand; csv_text undoes quotes.
 */
#ifndef PARSERS_BASE_CSV_H
#define PARSERS_BASE_CSV_H

#include "parsers/base/arena.h"
#include "parsers/base/limits.h"

struct csv_field {
	struct bytes raw; /* between the quotes, doubled quotes and all */
	bool quoted;
};

struct csv_row {
	struct csv_field field[LIMIT_CSV_COLUMNS];
	size_t count;
	size_t begin, end; /* of the row in the slice, line break included */
	bool open;         /* ended inside quotes: cut or damaged */
	bool too_wide;     /* more than LIMIT_CSV_COLUMNS */
};

struct csv {
	struct bytes data;
	size_t at;
	uint8_t separator;
	/* Inside quotes, a line that begins so is a new row whatever the
	 * quotes say: one stray quote must not swallow the file.  NULL: none */
	bool (*begins_row)(struct bytes line);
};

/* False at the end of the slice. */
bool csv_next(struct csv *csv, struct csv_row *row);

/* The field's text; a copy only when quotes were doubled. */
struct bytes csv_text(struct arena *arena, struct csv_field field);

/* The separator of ',', ';', tab that splits the first line most. */
uint8_t csv_separator(struct bytes head);

/* A line that begins with a GUID and a comma: a row of the Purview export. */
bool csv_begins_with_guid(struct bytes line);

/*
 * Quote-aware search for row ends over chunks, for plans: feed chunks in
 * order, get the offsets (in the whole) just after each row's line break.
 */
struct csv_splitter {
	bool in_quotes;
	size_t beyond; /* bytes past the chunk that begins_row may see */
	bool (*begins_row)(struct bytes line);
};
/* Offset after the next row end at or after `from`, or SIZE_MAX: not in this
 * chunk.  State is kept up to the chunk's end. */
size_t csv_row_end(struct csv_splitter *splitter, struct bytes chunk,
    size_t from);

#endif
