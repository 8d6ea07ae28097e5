#include "parsers/audit/fields_log.h"

#include "parsers/audit/forms.h"
#include "parsers/audit/line_log.h"
#include "parsers/audit/row_object.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"

struct fields_log {
	struct arena names; /* of the columns in force */
	struct row_columns columns;
	struct csv_row row;
	struct bytes values[LIMIT_CSV_COLUMNS];
	struct buffer object;
	bool blanks; /* W3C: columns are parted by blanks */
	const struct form *form; /* of the columns in force */
	size_t data;             /* CosmosQueue's column, or SIZE_MAX */
};

static bool
is_fields(struct bytes line)
{
	return bytes_starts_nocase(line, BYTES_LIT("#Fields:"));
}

/* Fields at blanks, of which some writers set two; quotes hold nothing
 * together in W3C logs, and "-" stands for nothing. */
static void
split_blanks(struct bytes line, struct csv_row *row)
{
	struct bytes piece;

	row->count = 0;
	while (row->count < LIMIT_CSV_COLUMNS && bytes_cut(&line, ' ', &piece))
		if (piece.n > 0)
			row->field[row->count++] =
			    (struct csv_field){ piece, false };
}

static void
split(struct fields_log *f, struct bytes line)
{
	struct csv csv = { line, 0, ',', NULL };

	if (f->blanks)
		split_blanks(line, &f->row);
	else if (!csv_next(&csv, &f->row))
		f->row.count = 0;
}

static struct fields_log *
fields_new(void)
{
	static struct fields_log f;

	f = (struct fields_log){ .data = SIZE_MAX };
	arena_init(&f.names);
	return &f;
}

static void
fields_free(struct fields_log *f)
{
	arena_release(&f->names);
	buffer_release(&f->object);
}

/* The column of CosmosQueue that holds the record, or SIZE_MAX. */
static size_t
data_column(const struct fields_log *f)
{
	bool record = false;
	size_t data = SIZE_MAX;

	for (size_t i = 0; i < f->columns.count; i++) {
		if (bytes_eq_nocase(f->columns.name[i], BYTES_LIT("Data")))
			data = i;
		record |= bytes_eq_nocase(f->columns.name[i],
		    BYTES_LIT("RecordId"));
	}
	return record ? data : SIZE_MAX;
}

static const struct form *
form_of_fields(struct fields_log *f)
{
	struct json_document *document = json_document_new();
	const struct form *form = NULL;
	struct json root;

	if (document != NULL &&
	    json_parse(document, row_header_object(&f->object, &f->columns),
	        &root))
		form = form_of(root);
	json_document_free(document);
	return form;
}

static void
take_fields(struct fields_log *f, struct bytes line)
{
	struct bytes list = bytes_trim(bytes_skip(line, 8));

	arena_reset(&f->names);
	f->blanks = bytes_find_byte(list, ',') == SIZE_MAX &&
		    bytes_find_byte(list, ' ') != SIZE_MAX;
	split(f, list);
	row_columns_of(&f->names, &f->row, &f->columns);
	f->data = data_column(f);
	f->form = f->data == SIZE_MAX ? form_of_fields(f) : NULL;
}

unsigned
fields_log_probe(struct bytes head, const char *format)
{
	struct bytes rest = head, line;
	struct fields_log *f;
	const char *found = NULL;

	if (bytes_starts(rest, BYTES_LIT("\xef\xbb\xbf")))
		rest = bytes_skip(rest, 3);
	for (unsigned i = 0; i < 16 && bytes_line(&rest, &line); i++) {
		if (!is_fields(line))
			continue;
		f = fields_new();
		take_fields(f, line);
		if (f->data != SIZE_MAX)
			found = "cosmos_queue";
		else if (f->form != NULL)
			found = f->form->parser;
		fields_free(f);
		break;
	}
	return found != NULL && strcmp(found, format) == 0 ? 66 : 0;
}

enum outcome
fields_log_plan(const struct input *input, struct sink *sink)
{
	return line_log_plan(input, sink, is_fields);
}

/* The record inside; its own time is local, the line's is UTC. */
static bool
say_data(struct line_log *log, struct fields_log *f, size_t column,
    struct ual_place *place)
{
	struct bytes text = csv_text(&log->arena, f->row.field[column]);
	uint8_t *copy = arena_raw(&log->arena, text.n + JSON_PADDING);

	memcpy(copy, text.p, text.n);
	memset(copy + text.n, 0, JSON_PADDING);
	for (size_t i = 0; i < f->columns.count && i < f->row.count; i++)
		if (bytes_eq_nocase(f->columns.name[i],
		        BYTES_LIT("Timestamp")))
			place->time_us = utc_from_iso(
			    csv_text(&log->arena, f->row.field[i]));
	return ual_say(log->ual, bytes_of(copy, text.n), place, log->sink);
}

static bool
say_row(struct line_log *log, struct fields_log *f,
    const struct ual_place *place)
{
	struct bytes text;

	for (size_t i = 0; i < f->row.count; i++)
		f->values[i] = text_repair_utf8(&log->arena,
		    csv_text(&log->arena, f->row.field[i]));
	text = row_object(&f->object, &f->columns, f->values, f->row.count);
	return f->form != NULL &&
	       form_say(log->ual, f->form, text, place, log->sink);
}

/* W3C lines hold no quotes that could hide a blank: another number of
 * columns means that values are shifted. */
static bool
is_whole(const struct fields_log *f)
{
	return f->row.count > 1 &&
	       (!f->blanks || f->row.count == f->columns.count);
}

static unsigned
say_line(struct line_log *log, struct bytes line,
    const struct ual_place *place)
{
	struct fields_log *f = log->context;
	struct ual_place own = *place;

	if (log->head.n > 0 && f->columns.count == 0)
		take_fields(f, log->head);
	if (is_fields(line))
		take_fields(f, line);
	if (bytes_trim(line).n == 0 || line.p[0] == '#' ||
	    line.p[0] == '\0')
		return 0;
	split(f, line);
	/* Exchange writes the bare header as well, without "#Fields:". */
	if (f->row.count > 1 && f->columns.count == f->row.count &&
	    bytes_eq(bytes_trim(f->row.field[0].raw), f->columns.name[0]))
		return 0;
	if (f->data < f->row.count && say_data(log, f, f->data, &own))
		return 1;
	if (f->data == SIZE_MAX && is_whole(f) && say_row(log, f, place))
		return 1;
	ual_salvage(bytes_slice(line, 0, LIMIT_SALVAGE_BYTES), place->locator,
	    log->sink, !is_whole(f));
	return 0;
}

enum outcome
fields_log_run(const struct input *input, struct bytes spec,
    struct sink *sink)
{
	struct fields_log *f = fields_new();
	enum outcome outcome = line_log_run(input, spec, sink, say_line, f);

	fields_free(f);
	return outcome;
}
