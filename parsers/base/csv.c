#include "parsers/base/csv.h"

#include "parsers/base/mask.h"

enum { GUID_LENGTH = 36 };

bool
csv_begins_with_guid(struct bytes line)
{
	if (line.n > 0 && line.p[0] == '"')
		line = bytes_skip(line, 1);
	if (line.n <= GUID_LENGTH)
		return false;
	for (size_t i = 0; i < GUID_LENGTH; i++) {
		uint8_t c = byte_lower(line.p[i]);
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? c != '-'
			 : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return line.p[GUID_LENGTH] == ',' || line.p[GUID_LENGTH] == '"';
}

/*
 * The quote that closes the field whose text begins at `at`, or data.n; it
 * stops before a line break when those must be looked at.  Quotes come in
 * pairs inside: the closing one is the second of a pair with nothing but a
 * quote missing after it.
 */
static size_t
closing_quote(struct bytes data, size_t at, bool lines)
{
	for (; at + 65 <= data.n; at += 64) {
		const uint8_t *p = data.p + at;
		uint64_t quotes = mask_equal(p, '"');
		uint64_t next = quotes >> 1 |
				(uint64_t)(p[64] == '"') << 63;
		/* Odd parity: a quote that may close, or the first of two. */
		uint64_t closing = quotes & mask_parity(quotes) & ~next;

		if (lines && mask_equal(p, '\n') != 0)
			break;
		if (closing != 0)
			return at + (size_t)__builtin_ctzll(closing);
		if ((mask_parity(quotes) >> 63) != 0)
			break; /* a pair over the border: go on bytewise */
	}
	return at;
}

/* The quoted field that begins at *at; false: it never ends, csv->at is past
 * what it swallowed. */
static bool
take_quoted(struct csv *csv, struct csv_row *row, struct csv_field *field,
    size_t *place)
{
	struct bytes data = csv->data;
	size_t at = *place, from = at, quote, line;

	for (;;) {
		at = closing_quote(data, at, csv->begins_row != NULL);
		quote = bytes_find_byte(bytes_skip(data, at), '"');
		line = SIZE_MAX;
		if (csv->begins_row != NULL)
			line = bytes_find_byte(bytes_slice(data, at,
			    quote == SIZE_MAX ? data.n : at + quote), '\n');
		if (line != SIZE_MAX) {
			at += line + 1;
			if (!csv->begins_row(bytes_skip(data, at)))
				continue;
		} else if (quote != SIZE_MAX) {
			at += quote + 1;
			if (at >= data.n || data.p[at] != '"')
				break;
			at++;
			continue;
		} else {
			at = data.n;
		}
		row->open = true;
		field->raw = bytes_slice(data, from, at);
		csv->at = at;
		return false;
	}
	field->raw = bytes_slice(data, from, at - 1);
	*place = at;
	return true;
}

/* Past the field that begins at `at`; false when the row ends with it. */
static bool
take_field(struct csv *csv, struct csv_row *row, struct csv_field *field)
{
	struct bytes data = csv->data;
	size_t at = csv->at, from = at;

	field->quoted = at < data.n && data.p[at] == '"';
	if (field->quoted) {
		at++;
		if (!take_quoted(csv, row, field, &at))
			return false;
	}
	while (at < data.n && data.p[at] != csv->separator &&
	       data.p[at] != '\n')
		at++;
	if (!field->quoted) {
		field->raw = bytes_slice(data, from, at);
		if (field->raw.n > 0 && at < data.n && data.p[at] == '\n' &&
		    field->raw.p[field->raw.n - 1] == '\r')
			field->raw.n--;
	}
	csv->at = at < data.n ? at + 1 : at;
	return at < data.n && data.p[at] == csv->separator;
}

bool
csv_next(struct csv *csv, struct csv_row *row)
{
	struct csv_field extra;
	bool more = true;

	row->count = 0;
	row->open = row->too_wide = false;
	row->begin = csv->at;
	if (csv->at >= csv->data.n)
		return false;
	while (more) {
		bool room = row->count < LIMIT_CSV_COLUMNS;

		more = take_field(csv, row,
		    room ? &row->field[row->count] : &extra);
		row->count += room ? 1 : 0;
		row->too_wide |= !room;
	}
	row->end = csv->at;
	return true;
}

struct bytes
csv_text(struct arena *arena, struct csv_field field)
{
	struct bytes raw = field.raw;
	uint8_t *out;
	size_t n = 0, at = 0;

	if (!field.quoted || bytes_find_byte(raw, '"') == SIZE_MAX)
		return raw;
	/* Padded, so that JSON can be parsed in place. */
	out = arena_raw(arena, raw.n + 64);
	while (at < raw.n) {
		size_t quote = bytes_find_byte(bytes_skip(raw, at), '"');
		size_t run = quote == SIZE_MAX ? raw.n - at : quote + 1;

		memcpy(out + n, raw.p + at, run);
		n += run;
		at += run;
		if (quote != SIZE_MAX && at < raw.n && raw.p[at] == '"')
			at++;
	}
	memset(out + n, 0, 64);
	return bytes_of(out, n);
}

uint8_t
csv_separator(struct bytes head)
{
	static const uint8_t candidates[] = { ',', ';', '\t' };
	struct bytes line = bytes_slice(head, 0, bytes_find_byte(head, '\n'));
	size_t most = 0;
	uint8_t best = ',';

	for (size_t c = 0; c < sizeof candidates; c++) {
		size_t count = 0;

		for (size_t i = 0; i < line.n; i++)
			count += line.p[i] == candidates[c];
		if (count > most) {
			most = count;
			best = candidates[c];
		}
	}
	return best;
}

/* Blocks without a row's end are passed over; *at stops at the block that
 * has one, or a line break inside quotes that must be looked at. */
static void
skip_blocks(struct csv_splitter *splitter, struct bytes chunk, size_t *at)
{
	for (; *at + 64 <= chunk.n; *at += 64) {
		const uint8_t *p = chunk.p + *at;
		uint64_t quotes = mask_equal(p, '"');
		uint64_t lines = mask_equal(p, '\n');
		uint64_t inside = mask_parity(quotes) ^
				  (splitter->in_quotes ? ~UINT64_C(0) : 0);

		if (lines != 0 &&
		    (splitter->begins_row != NULL || (lines & ~inside) != 0))
			return;
		splitter->in_quotes = inside >> 63 != 0;
	}
}

size_t
csv_row_end(struct csv_splitter *splitter, struct bytes chunk, size_t from)
{
	size_t i = from;

	while (i < chunk.n) {
		size_t end;

		skip_blocks(splitter, chunk, &i);
		for (end = i + 64; i < chunk.n && i < end; i++) {
			uint8_t c = chunk.p[i];

			if (c == '"') {
				splitter->in_quotes = !splitter->in_quotes;
				continue;
			}
			if (c != '\n')
				continue;
			if (splitter->in_quotes &&
			    (splitter->begins_row == NULL ||
			        !splitter->begins_row(bytes_of(
			            chunk.p + i + 1,
			            chunk.n + splitter->beyond - i - 1))))
				continue;
			splitter->in_quotes = false;
			return i + 1;
		}
	}
	return SIZE_MAX;
}
