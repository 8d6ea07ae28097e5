#include "parsers/base/csv.h"

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

/* Past the field that begins at `at`; false when the row ends with it. */
static bool
take_field(struct csv *csv, struct csv_row *row, struct csv_field *field)
{
	struct bytes data = csv->data;
	size_t at = csv->at, from = at;

	field->quoted = at < data.n && data.p[at] == '"';
	if (field->quoted) {
		from = ++at;
		for (;;) {
			size_t quote = bytes_find_byte(bytes_skip(data, at), '"');
			size_t line = SIZE_MAX;

			if (csv->begins_row != NULL)
				line = bytes_find_byte(bytes_slice(data, at,
				    quote == SIZE_MAX ? data.n : at + quote),
				    '\n');
			if (line != SIZE_MAX) {
				at += line + 1;
				if (!csv->begins_row(bytes_skip(data, at)))
					continue;
				row->open = true;
				field->raw = bytes_slice(data, from, at);
				csv->at = at;
				return false;
			}
			if (quote == SIZE_MAX) {
				row->open = true;
				field->raw = bytes_slice(data, from, data.n);
				csv->at = data.n;
				return false;
			}
			at += quote + 1;
			if (at < data.n && data.p[at] == '"') {
				at++;
				continue;
			}
			break;
		}
		field->raw = bytes_slice(data, from, at - 1);
		from = at;
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

size_t
csv_row_end(struct csv_splitter *splitter, struct bytes chunk, size_t from)
{
	for (size_t i = from; i < chunk.n; i++) {
		uint8_t c = chunk.p[i];

		if (c == '"') {
			splitter->in_quotes = !splitter->in_quotes;
			continue;
		}
		if (c != '\n')
			continue;
		if (splitter->in_quotes &&
		    (splitter->begins_row == NULL ||
		        !splitter->begins_row(bytes_skip(chunk, i + 1))))
			continue;
		splitter->in_quotes = false;
		return i + 1;
	}
	return SIZE_MAX;
}
