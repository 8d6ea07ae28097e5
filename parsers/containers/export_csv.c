/*
 * The list of exported items that Microsoft's eDiscovery puts beside them:
 * Results.csv and Unindexed Items.csv of content searches, Items.csv of the
 * newer Purview.  Columns are found by their names, letters and digits alone.
 */
#include "parsers/base/csv.h"
#include "parsers/base/text.h"
#include "parsers/containers/export_list.h"

enum { HEADER_MOST = 16384, NAME_MOST = 40, NO_COLUMN = LIMIT_CSV_COLUMNS };

/* One of these in the header makes a CSV such a list ... */
static const char *const marks[] = { "itemidentity", "documentid", "itemid",
	"fileid", "immutableid", NULL };
/* ... with one of these: the first that is there counts. */
static const char *const path_names[] = { "exportnativepath", "targetpath",
	"exporteditempath", "exportpath", "nativefilepath", NULL };
static const char *const hash_names[] = { "nativesha256", "sha256",
	"sha256hash", "nativemd5", "md5", "md5hash", NULL };
static const char *const size_names[] = { "nativesize", "nativefilesize",
	NULL };
/* Not exported: what it names is. */
static const char *const copy_names[] = { "duplicatetoitem", NULL };

struct columns {
	size_t path, hash, size, copy, mark;
};

static bool
is_name(struct bytes cell, const char *name)
{
	size_t n = 0, length = strlen(name);

	for (size_t i = 0; i < cell.n; i++) {
		uint8_t c = byte_lower(cell.p[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
			continue;
		if (n == length || c != (uint8_t)name[n++])
			return false;
	}
	return n == length;
}

static size_t
find_column(const struct csv_row *row, const char *const *names)
{
	for (size_t k = 0; names[k] != NULL; k++)
		for (size_t i = 0; i < row->count; i++)
			if (is_name(row->field[i].raw, names[k]))
				return i;
	return NO_COLUMN;
}

static bool
find_columns(const struct csv_row *row, struct columns *columns)
{
	*columns = (struct columns){ find_column(row, path_names),
		find_column(row, hash_names), find_column(row, size_names),
		find_column(row, copy_names), find_column(row, marks) };
	return columns->path != NO_COLUMN && columns->mark != NO_COLUMN;
}

static bool
is_utf16(struct bytes head)
{
	return bytes_starts(head, BYTES_LIT("\xff\xfe"));
}

static struct bytes
as_utf8(struct arena *arena, struct bytes content)
{
	if (is_utf16(content))
		return text_from_utf16le(arena, bytes_skip(content, 2));
	if (bytes_starts(content, BYTES_LIT("\xef\xbb\xbf")))
		return bytes_skip(content, 3);
	return content;
}

static struct csv
open_csv(struct bytes text)
{
	return (struct csv){ .data = text,
		.separator = csv_separator(bytes_slice(text, 0, HEADER_MOST)) };
}

static unsigned
export_csv_probe(struct bytes head, uint64_t size)
{
	struct csv_row *row;
	struct columns columns;
	struct arena arena;
	struct csv csv;
	bool known;

	(void)size;
	if (head.n == 0 || head.p[0] == '<' || head.p[0] == '{' ||
	    head.p[0] == '[')
		return 0;
	arena_init(&arena);
	row = arena_alloc(&arena, sizeof *row);
	csv = open_csv(as_utf8(&arena, bytes_slice(head, 0, HEADER_MOST)));
	known = csv_next(&csv, row) && find_columns(row, &columns);
	arena_release(&arena);
	return known ? 32 : 0;
}

static struct bytes
cell(struct arena *arena, const struct csv_row *row, size_t column)
{
	return column < row->count ? csv_text(arena, row->field[column])
				   : BYTES_NONE;
}

static void
add_row(struct export_list *list, const struct csv_row *row,
    const struct columns *columns)
{
	struct arena *arena = &list->arena;
	uint64_t bytes;

	if (row->count < 2 ||
	    bytes_trim(cell(arena, row, columns->copy)).n > 0)
		return;
	if (!bytes_to_u64(bytes_trim(cell(arena, row, columns->size)), &bytes))
		bytes = UINT64_MAX;
	export_list_add(list, cell(arena, row, columns->path),
	    cell(arena, row, columns->hash), bytes);
}

static enum outcome
export_csv_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct export_list list;
	struct csv_row *row;
	struct columns columns;
	struct bytes text = BYTES_NONE;
	struct csv csv;

	(void)spec;
	export_list_init(&list);
	if (input->size <= LIMIT_ITEM_BYTES)
		text = input_slice(input, &list.arena, 0, input->size);
	if (!bytes_present(text)) {
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_SOURCE_LOST, 0, "the list cannot be read whole");
		export_list_release(&list);
		return OUTCOME_SOURCE_LOST;
	}
	row = arena_alloc(&list.arena, sizeof *row);
	csv = open_csv(as_utf8(&list.arena, text));
	if (csv_next(&csv, row) && find_columns(row, &columns))
		while (csv_next(&csv, row))
			add_row(&list, row, &columns);
	export_list_say(&list, sink);
	export_list_release(&list);
	return OUTCOME_OK;
}

const struct parser parser_export_csv = {
	.name = "export_list",
	.title = "list of exported items (eDiscovery CSV)",
	.no_mail = true,
	.probe = export_csv_probe,
	.run = export_csv_run,
};
