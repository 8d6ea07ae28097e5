#include "forensics/tables.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "parsers/base/buffer.h"
#include "parsers/base/csv.h"
#include "parsers/base/die.h"

enum { TABLES_MOST = 64, FIELDS_MOST = 64 };

static struct buffer replacements[TABLES_MOST];
static bool is_replaced[TABLES_MOST];
static char added[TABLES_MOST][64]; /* behind the built-in ones */

static size_t
built_in_count(void)
{
	size_t i = 0;

	while (built_in_tables[i].name != NULL)
		i++;
	return i;
}

static size_t
table_find(const char *name)
{
	size_t i = 0;

	while (built_in_tables[i].name != NULL &&
	       strcmp(built_in_tables[i].name, name) != 0)
		i++;
	if (built_in_tables[i].name == NULL)
		while (i < TABLES_MOST - 1 && added[i][0] != '\0' &&
		       strcmp(added[i], name) != 0)
			i++;
	BUG_ON(i >= TABLES_MOST);
	return i;
}

/* A language's words may be new. */
static bool
may_be_new(const char *name)
{
	size_t n = strlen(name);

	return n > 6 && n < sizeof added[0] &&
	       strcmp(name + n - 6, ".words") == 0;
}

/* ---- a file that takes a built-in table's place is checked like one */

static size_t
line_of(struct bytes text, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at && i < text.n; i++)
		line += text.p[i] == '\n';
	return line;
}

/* Past comments and blank lines, as take_row does. */
static bool
next_row(struct csv *csv, struct csv_row *row)
{
	while (csv->at < csv->data.n) {
		struct bytes rest = bytes_skip(csv->data, csv->at);
		struct bytes line = bytes_slice(rest, 0,
		    bytes_find_byte(rest, '\n'));

		if (line.n > 0 && line.p[0] != '#' && bytes_trim(line).n > 0)
			return csv_next(csv, row);
		csv->at += line.n + 1;
	}
	return false;
}

static bool
has_column(const struct csv_row *row, struct bytes name)
{
	for (size_t i = 0; i < row->count; i++)
		if (bytes_eq(bytes_trim(row->field[i].raw), bytes_trim(name)))
			return true;
	return false;
}

static bool
header_fits(const struct csv_row *head, const char *path, size_t line,
    struct bytes built_in)
{
	struct csv csv = { built_in, 0, ',', NULL };
	struct csv_row wanted;

	if (!next_row(&csv, &wanted))
		return true;
	for (size_t i = 0; i < wanted.count; i++) {
		struct bytes name = wanted.field[i].raw;

		if (has_column(head, name))
			continue;
		fprintf(stderr, "postmortem: %s:%zu: column '%.*s' is missing;"
				" the first row names the columns\n",
		    path, line, (int)name.n, (const char *)name.p);
		return false;
	}
	return true;
}

static bool
table_fits(struct bytes text, const char *path, struct bytes built_in)
{
	struct csv csv = { text, 0, ',', NULL };
	struct csv_row head, row;

	if (!next_row(&csv, &head)) {
		fprintf(stderr, "postmortem: %s: empty; the first row names "
				"the columns\n", path);
		return false;
	}
	if (!header_fits(&head, path, line_of(text, head.begin), built_in))
		return false;
	while (next_row(&csv, &row)) {
		if (!row.open && row.count == head.count)
			continue;
		fprintf(stderr, "postmortem: %s:%zu: %s\n", path,
		    line_of(text, row.begin), row.open
		        ? "a quote is not closed"
		        : "another number of fields than columns");
		return false;
	}
	return true;
}

static bool
is_csv(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && strcmp(name + n - 4, ".csv") == 0;
}

/* A BOM, as spreadsheets leave one. */
static struct bytes
without_bom(struct bytes text)
{
	return bytes_starts(text, BYTES_LIT("\xef\xbb\xbf"))
		   ? bytes_skip(text, 3) : text;
}

static int
replace_one(const char *folder, const char *name)
{
	size_t i = table_find(name);
	char path[4096];
	FILE *in;
	size_t got;

	if (i >= built_in_count() && !may_be_new(name)) {
		fprintf(stderr,
		    "postmortem: %s/%s: no table of this name is built in\n",
		    folder, name);
		return -1;
	}
	snprintf(path, sizeof path, "%s/%s", folder, name);
	in = fopen(path, "rb");
	if (in == NULL) {
		fprintf(stderr, "postmortem: %s: %s\n", path, strerror(errno));
		return -1;
	}
	buffer_reset(&replacements[i]);
	while ((got = fread(buffer_reserve(&replacements[i], 65536), 1, 65536,
	            in)) > 0)
		replacements[i].n += got;
	fclose(in);
	if (is_csv(name) && !table_fits(without_bom(buffer_bytes(
	        &replacements[i])), path, table_built_in(name)))
		return -1;
	is_replaced[i] = true;
	if (i >= built_in_count())
		strcpy(added[i], name);
	return 0;
}

/* In byte order of names: the report lists what was added. */
int
tables_replace(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort), result = 0;

	if (count < 0) {
		fprintf(stderr, "postmortem: %s: %s\n", folder,
		    strerror(errno));
		return -1;
	}
	for (int i = 0; i < count; i++) {
		if (result == 0 && entries[i]->d_name[0] != '.')
			result = replace_one(folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return result;
}

struct bytes
table_content(const char *name)
{
	size_t i = table_find(name);

	if (is_replaced[i])
		return without_bom(buffer_bytes(&replacements[i]));
	return table_built_in(name);
}

struct bytes
table_built_in(const char *name)
{
	size_t i = table_find(name);

	return i < built_in_count() ? built_in_tables[i].content : BYTES_NONE;
}

const char *
table_at(size_t i, bool *replaced)
{
	*replaced = i < TABLES_MOST && is_replaced[i];
	if (i < built_in_count())
		return built_in_tables[i].name;
	return i < TABLES_MOST && added[i][0] != '\0' ? added[i] : NULL;
}

/* One field off the front; *more tells whether the row goes on. */
static struct bytes
take_field(struct bytes *rest, struct arena *arena, bool *more)
{
	uint8_t *out = arena_raw(arena, rest->n + 1);
	size_t n = 0, i = 0;
	bool quoted = rest->n > 0 && rest->p[0] == '"';

	for (i = quoted ? 1 : 0; i < rest->n; i++) {
		uint8_t c = rest->p[i];

		if (quoted && c == '"') {
			if (i + 1 < rest->n && rest->p[i + 1] == '"')
				i++;
			else {
				quoted = false;
				continue;
			}
		} else if (!quoted && (c == ',' || c == '\n'))
			break;
		if (quoted || c != '\r')
			out[n++] = c;
	}
	*more = i < rest->n && rest->p[i] == ',';
	*rest = bytes_skip(*rest, i + 1);
	return bytes_of(out, n);
}

static size_t
take_row(struct bytes *rest, struct arena *arena, struct bytes *fields)
{
	size_t count = 0;
	bool more = true;

	for (;;) {
		struct bytes line = bytes_slice(*rest, 0,
		    bytes_find_byte(*rest, '\n'));

		if (rest->n == 0)
			return 0;
		if (line.n > 0 && line.p[0] != '#' && bytes_trim(line).n > 0)
			break;
		*rest = bytes_skip(*rest, line.n + 1);
	}
	while (more && count < FIELDS_MOST)
		fields[count++] = take_field(rest, arena, &more);
	return count;
}

void
table_rows_open(struct table_rows *rows, struct arena *arena, const char *name)
{
	rows->rest = table_content(name);
	if (!bytes_present(rows->rest))
		die_machine("table '%s' is not built in", name);
	rows->columns = arena_array(arena, FIELDS_MOST, sizeof *rows->columns);
	rows->column_count = take_row(&rows->rest, arena, rows->columns);
}

struct bytes *
table_rows_next(struct table_rows *rows, struct arena *arena)
{
	struct bytes *fields = arena_array(arena, FIELDS_MOST, sizeof *fields);
	size_t count = take_row(&rows->rest, arena, fields);

	if (count == 0)
		return NULL;
	for (size_t i = count; i < rows->column_count; i++)
		fields[i] = BYTES_LIT("");
	return fields;
}

size_t
table_column(const struct table_rows *rows, const char *name)
{
	for (size_t i = 0; i < rows->column_count; i++)
		if (bytes_eq(rows->columns[i], bytes_cstr(name)))
			return i;
	die_machine("a rule table lacks its column '%s'", name);
}
