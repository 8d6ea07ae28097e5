#include "reports/table.h"

#include "parsers/base/hash.h"
#include "parsers/base/utc.h"
#include "reports/mask.h"
#include "reports/writer.h"

enum { VALUE_HASH_BYTES = 16 };

struct table_run {
	struct case_file *file;
	const struct report_table *table;
	const struct report_options *options;
	struct writer csv, jsonl;
	struct arena row; /* reset at each row */
};

static int64_t
row_message(const struct table_run *run, struct case_rows *rows)
{
	return run->table->hidden_message ? case_number(rows, 0) : INT64_MIN;
}

/* Elements one by one, masked, as CSV and JSON want them. */
static void
add_list(
    struct table_run *run, struct buffer *out, struct bytes array, bool json)
{
	struct json_list list = json_list_over(array);
	struct bytes element;
	bool first = true;

	if (json)
		buffer_add_byte(out, '[');
	while (json_list_next(&list, &run->row, &element)) {
		if (!first)
			buffer_add_cstr(out, json ? "," : "; ");
		first = false;
		element = mask_text(
		    run->options->mask, &run->row, INT64_MIN, element);
		if (json)
			json_add_string(out, element);
		else
			buffer_add_bytes(out, element);
	}
	if (json)
		buffer_add_byte(out, ']');
}

static struct bytes
join_list(struct table_run *run, struct bytes array)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes joined;

	add_list(run, &out, array, false);
	joined = arena_dup(&run->row, buffer_bytes(&out));
	buffer_release(&out);
	return joined;
}

static struct bytes
value_hash(struct table_run *run, struct bytes keyed)
{
	uint8_t mac[SHA256_SIZE];

	hmac_sha256(bytes_of(run->options->value_key, 32), keyed, mac);
	return hex_of(&run->row, mac, VALUE_HASH_BYTES);
}

static struct bytes
number_text(struct table_run *run, int64_t number)
{
	if (number == INT64_MIN)
		return BYTES_LIT("");
	return arena_printf(&run->row, "%lld", (long long)number);
}

/* The cell as text, before CSV or JSON quoting. */
static struct bytes
cell_text(struct table_run *run, struct case_rows *rows, int at,
    enum column_kind kind)
{
	switch (kind) {
	case COLUMN_TIME:
		return utc_text(&run->row, case_number(rows, at));
	case COLUMN_NUMBER:
		return number_text(run, case_number(rows, at));
	case COLUMN_YES:
		return case_number(rows, at) == 1 ? BYTES_LIT("yes")
						  : BYTES_LIT("");
	case COLUMN_SHOWN:
		return mask_text(run->options->mask, &run->row,
		    row_message(run, rows), case_text(rows, at));
	case COLUMN_TEXT:
		return mask_text(run->options->mask, &run->row, INT64_MIN,
		    case_text(rows, at));
	case COLUMN_HASH:
		return value_hash(run, case_text(rows, at));
	case COLUMN_SECRET:
		return run->options->unmask ? case_text(rows, at)
					    : BYTES_LIT("");
	case COLUMN_LIST:
		return join_list(run, case_text(rows, at));
	case COLUMN_WORD:
	case COLUMN_JSON:
		break;
	}
	return case_text(rows, at);
}

static void
write_header(struct table_run *run)
{
	const struct report_table *table = run->table;
	bool first = true;

	writer_add_cstr(&run->csv, "\xef\xbb\xbf");
	for (size_t i = 0; i < table->count; i++) {
		if (table->columns[i].kind == COLUMN_JSON)
			continue;
		writer_printf(&run->csv, "%s%s", first ? "" : ",",
		    table->columns[i].name);
		first = false;
	}
	writer_add_cstr(&run->csv, "\r\n");
}

static void
add_json_cell(struct table_run *run, struct bytes raw, enum column_kind kind,
    struct bytes text)
{
	struct buffer *out = &run->jsonl.line;

	if (kind == COLUMN_NUMBER)
		buffer_add_bytes(out, text.n ? text : BYTES_LIT("null"));
	else if (kind == COLUMN_LIST)
		add_list(run, out, raw, true);
	else if (kind == COLUMN_JSON)
		buffer_add_bytes(out, raw.n ? mask_text(run->options->mask,
						  &run->row, INT64_MIN, raw)
					    : BYTES_LIT("[]"));
	else
		json_add_string(out, text);
}

static void
write_row(struct table_run *run, struct case_rows *rows)
{
	const struct report_table *table = run->table;
	struct buffer *csv = &run->csv.line, *json = &run->jsonl.line;
	int hidden = table->hidden_message ? 1 : 0;
	bool first = true;

	buffer_reset(csv);
	buffer_reset(json);
	buffer_add_byte(json, '{');
	for (size_t i = 0; i < table->count; i++) {
		enum column_kind kind = table->columns[i].kind;
		int at = (int)i + hidden;
		struct bytes text = cell_text(run, rows, at, kind);

		if (kind != COLUMN_JSON) {
			if (!first)
				buffer_add_byte(csv, ',');
			csv_add_field(csv, text);
			first = false;
		}
		buffer_add_cstr(json, i ? ",\"" : "\"");
		buffer_add_cstr(json, table->columns[i].name);
		buffer_add_cstr(json, "\":");
		add_json_cell(run, case_text(rows, at), kind, text);
	}
	buffer_add_cstr(csv, "\r\n");
	buffer_add_cstr(json, "}\n");
	writer_add(&run->csv, buffer_bytes(csv));
	writer_add(&run->jsonl, buffer_bytes(json));
}

void
table_write(struct case_file *file, const struct report_table *table,
    const struct report_options *options)
{
	struct table_run run = {
	    .file = file, .table = table, .options = options};
	struct case_rows *rows = case_query_new(file, table->sql);
	char name[64];

	arena_init(&run.row);
	snprintf(name, sizeof name, "csv/%s.csv", table->name);
	writer_open(&run.csv, options->folder, name);
	snprintf(name, sizeof name, "jsonl/%s.jsonl", table->name);
	writer_open(&run.jsonl, options->folder, name);
	write_header(&run);
	while (case_next(rows)) {
		arena_reset(&run.row);
		write_row(&run, rows);
	}
	case_done(rows);
	writer_close(&run.csv);
	writer_close(&run.jsonl);
	arena_release(&run.row);
}
