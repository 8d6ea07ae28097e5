/*
 * Sources are numbered in the order of their hashes, so that the case does
 * not depend on where the evidence lay or how it was named.
 */
#include "forensics/ingest/register.h"

#include <stdlib.h>

#include "parsers/base/die.h"

static struct bytes
sha256_text(struct evidence *evidence, const struct evidence_file *file)
{
	return hex_of(&evidence->arena, file->sha256, SHA256_SIZE);
}

static int64_t
source_row(struct case_file *file, struct bytes sha256)
{
	struct case_rows *rows = case_query(file,
	    "SELECT source FROM sources WHERE sha256=?");
	int64_t row;

	case_bind_text(rows, 1, sha256);
	row = case_next(rows) ? case_number(rows, 0) : INT64_MIN;
	case_done(rows);
	return row;
}

static void
source_insert(struct case_file *file, struct evidence *evidence,
    const struct evidence_file *from)
{
	struct bytes sha256 = sha256_text(evidence, from);
	struct case_rows *rows;

	if (source_row(file, sha256) != INT64_MIN)
		return;
	rows = case_query(file,
	    "INSERT INTO sources(source_id, sha256, md5, bytes, kind, state,"
	    " status) VALUES('S-' || substr(?1, 1, 16), ?1, ?2, ?3, ?4, ?5,"
	    " ?6)");
	case_bind_text(rows, 1, sha256);
	case_bind_text(rows, 2, hex_of(&evidence->arena, from->md5, MD5_SIZE));
	case_bind_number(rows, 3, (int64_t)from->size);
	case_bind_cstr(rows, 4, from->size == 0 ? "empty" : "unknown");
	case_bind_cstr(rows, 5, from->size == 0 ? "done" : "new");
	case_bind_cstr(rows, 6, from->size == 0 ? "ok" : NULL);
	case_exec(rows);
}

static int
compare_hashes(const void *a, const void *b)
{
	const struct evidence_file *const *x = a, *const *y = b;

	return memcmp((*x)->sha256, (*y)->sha256, SHA256_SIZE);
}

static void
insert_sources(struct case_file *file, struct evidence *evidence)
{
	const struct evidence_file **sorted = calloc(evidence->count + 1,
	    sizeof *sorted);
	size_t count = 0;

	if (sorted == NULL)
		die_machine("out of memory");
	for (size_t i = 0; i < evidence->count; i++)
		if (evidence->files[i].hashed)
			sorted[count++] = &evidence->files[i];
	qsort(sorted, count, sizeof *sorted, compare_hashes);
	for (size_t i = 0; i < count; i++)
		source_insert(file, evidence, sorted[i]);
	free(sorted);
}

/* ---- paths */

enum path_is { PATH_FREE, PATH_SAME, PATH_TAKEN };

static enum path_is
path_look(struct case_file *file, struct bytes path, int64_t source)
{
	struct case_rows *rows = case_query(file,
	    "SELECT source FROM paths WHERE path=?");
	enum path_is is = PATH_FREE;

	case_bind_text(rows, 1, path);
	if (case_next(rows))
		is = case_is_null(rows, 0) || source == INT64_MIN ||
			     case_number(rows, 0) == source
			 ? PATH_SAME
			 : PATH_TAKEN;
	case_done(rows);
	return is;
}

/* Two places of one name are two rows: the later one is led further. */
static void
path_make_free(struct case_file *file, struct evidence *evidence,
    struct evidence_file *from, int64_t source, bool repeated)
{
	while (repeated || path_look(file, from->path, source) == PATH_TAKEN) {
		if (!evidence_lead_further(evidence, from->file, &from->path))
			from->path = arena_printf(&evidence->arena, "%.*s~",
			    (int)from->path.n, (const char *)from->path.p);
		repeated = false;
	}
}

static void
path_insert(struct case_file *file, struct evidence *evidence,
    struct evidence_file *from, bool repeated)
{
	int64_t source = from->hashed ? source_row(file,
					    sha256_text(evidence, from))
				      : INT64_MIN;
	struct case_rows *rows;

	path_make_free(file, evidence, from, source, repeated);
	rows = case_query(file,
	    "INSERT INTO paths(path, source, problem) VALUES(?, ?, ?)"
	    " ON CONFLICT(path) DO UPDATE SET source=excluded.source,"
	    " problem=excluded.problem"
	    " WHERE source IS NULL");
	case_bind_text(rows, 1, from->path);
	case_bind_known(rows, 2, source);
	case_bind_text(rows, 3, from->reason);
	case_exec(rows);
}

static bool
place_problem_known(struct case_file *file, struct bytes path)
{
	struct case_rows *rows = case_query(file,
	    "SELECT 1 FROM problems WHERE stage='ingest' AND source IS NULL"
	    " AND locator=?");
	bool known;

	case_bind_text(rows, 1, path);
	known = case_next(rows);
	case_done(rows);
	return known;
}

static void
place_problem(struct case_file *file, struct store *store,
    const struct evidence_file *from)
{
	if (place_problem_known(file, from->path))
		return;
	store_problem(store, 0, from->path,
	    from->kind == EVIDENCE_SYMLINK ? PROBLEM_SYMLINK
					   : PROBLEM_UNREADABLE,
	    from->kind == EVIDENCE_UNREADABLE ? OUTCOME_SOURCE_LOST
					      : OUTCOME_OK,
	    from->reason);
}

static void
insert_paths(struct case_file *file, struct store *store,
    struct evidence *evidence)
{
	struct bytes before = BYTES_NONE;

	for (size_t i = 0; i < evidence->count; i++) {
		struct evidence_file *from = &evidence->files[i];
		bool repeated = bytes_present(before) &&
				bytes_eq(before, from->path);

		before = from->path;
		if (from->hashed || from->kind == EVIDENCE_UNREADABLE)
			path_insert(file, evidence, from, repeated);
		if (!from->hashed)
			place_problem(file, store, from);
	}
}

/* What could not be read once is judged anew each time. */
static void
forget_places(struct case_file *file, const struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->count; i++) {
		struct case_rows *rows;

		if (!evidence->files[i].hashed)
			continue;
		rows = case_query(file,
		    "DELETE FROM problems WHERE stage='ingest' AND"
		    " source IS NULL AND locator=?");
		case_bind_text(rows, 1, evidence->files[i].path);
		case_exec(rows);
	}
}

static bool
any_place_problem(struct case_file *file)
{
	struct case_rows *rows = case_query(file,
	    "SELECT 1 FROM problems WHERE stage='ingest' AND source IS NULL");
	bool any = case_next(rows);

	case_done(rows);
	return any;
}

void
register_evidence(struct case_file *file, struct store *store,
    struct evidence *evidence)
{
	case_begin(file);
	if (any_place_problem(file))
		forget_places(file, evidence);
	insert_sources(file, evidence);
	insert_paths(file, store, evidence);
	case_commit(file);
}

/* ---- what is left to read */

static struct bytes
file_name(const char *file)
{
	const char *slash = strrchr(file, '/');

	return bytes_cstr(slash ? slash + 1 : file);
}

static void
load_units(struct case_file *file, struct arena *arena, struct source *source)
{
	struct case_rows *rows = case_query(file,
	    "SELECT spec, items, done, resume FROM units WHERE source=?"
	    " ORDER BY ordinal");

	case_bind_number(rows, 1, source->row);
	while (case_next(rows)) {
		struct source_unit *unit = source_add_unit(source,
		    arena_dup(arena, case_text(rows, 0)),
		    case_number(rows, 1));

		unit->resume = unit->taken = (uint64_t)case_number(rows, 3);
		if (case_number(rows, 2) == 0)
			continue;
		/* Done units come first: results are taken in order. */
		unit->state = UNIT_FINISHED;
		source->units_waiting--;
		source->unit_taken = source->unit_count;
	}
}

static void
load_source(struct case_file *file, struct evidence *evidence,
    const struct evidence_file *from, struct source *source)
{
	struct case_rows *rows = case_query(file,
	    "SELECT source, kind, state FROM sources WHERE sha256=?");
	struct bytes state;

	*source = (struct source){ .file = from->file, .size = from->size,
		.weight = from->size, .name = file_name(from->file) };
	case_bind_text(rows, 1, sha256_text(evidence, from));
	BUG_ON(!case_next(rows));
	source->row = case_number(rows, 0);
	state = case_text(rows, 2);
	source->done = bytes_eq(state, BYTES_LIT("done"));
	source->parser = parser_named(case_text(rows, 1));
	if (bytes_eq(state, BYTES_LIT("planned"))) {
		source->state = SOURCE_PLANNED;
		source->plan_taken = true;
	}
	case_done(rows);
	if (source->state == SOURCE_PLANNED)
		load_units(file, &evidence->arena, source);
}

static int
compare_rows(const void *a, const void *b)
{
	const struct source *x = a, *y = b;
	int order = (x->row > y->row) - (x->row < y->row);

	return order != 0 ? order : strcmp(x->file, y->file);
}

struct source *
register_unfinished(struct case_file *file, struct evidence *evidence,
    size_t *count)
{
	struct source *sources = arena_array(&evidence->arena,
	    evidence->count + 1, sizeof *sources);
	const struct evidence_file **sorted = arena_array(&evidence->arena,
	    evidence->count + 1, sizeof *sorted);
	size_t hashed = 0;

	for (size_t i = 0; i < evidence->count; i++)
		if (evidence->files[i].hashed)
			sorted[hashed++] = &evidence->files[i];
	qsort(sorted, hashed, sizeof *sorted, compare_hashes);
	*count = 0;
	for (size_t i = 0; i < hashed; i++) {
		if (i > 0 && compare_hashes(&sorted[i - 1], &sorted[i]) == 0)
			continue;
		load_source(file, evidence, sorted[i], &sources[*count]);
		if (!sources[*count].done)
			++*count;
	}
	qsort(sources, *count, sizeof *sources, compare_rows);
	return sources;
}

/* ---- afterwards */

static void
source_changed(struct case_file *file, struct store *store,
    struct evidence *evidence, const struct evidence_file *from)
{
	int64_t source = source_row(file, sha256_text(evidence, from));
	struct case_rows *rows;

	store_problem(store, source, from->path, PROBLEM_CHANGED,
	    OUTCOME_PARTIAL,
	    BYTES_LIT("the file is not what it was when it was hashed: rows "
		      "of this source may not be of these bytes"));
	rows = case_query(file, "UPDATE sources SET status='partial' WHERE"
				" source=? AND status='ok'");
	case_bind_number(rows, 1, source);
	case_exec(rows);
}

size_t
register_changed(struct case_file *file, struct store *store,
    struct evidence *evidence)
{
	size_t changed = 0;

	case_begin(file);
	for (size_t i = 0; i < evidence->count; i++) {
		if (!evidence->files[i].changed)
			continue;
		source_changed(file, store, evidence, &evidence->files[i]);
		changed++;
	}
	case_commit(file);
	return changed;
}

bool
register_forget(struct case_file *file, const uint8_t sha256[])
{
	static const char *const statements[] = {
		"DELETE FROM problems WHERE source=?",
		"DELETE FROM units WHERE source=?",
		"DELETE FROM folders WHERE source=?",
		"DELETE FROM members WHERE source=?",
		"DELETE FROM promises WHERE source=?",
		("UPDATE sources SET state='new', status=NULL, kind='unknown'"
		 " WHERE source=?"),
	};
	struct case_rows *rows;
	struct arena arena;
	int64_t source;
	bool unread;

	arena_init(&arena);
	source = source_row(file, hex_of(&arena, sha256, SHA256_SIZE));
	arena_release(&arena);
	rows = case_query(file, "SELECT messages + events = 0 FROM sources"
				" WHERE source=? AND bytes > 0");
	case_bind_number(rows, 1, source);
	unread = case_next(rows) && case_number(rows, 0) == 1;
	case_done(rows);
	case_begin(file);
	for (size_t i = 0; unread &&
	     i < sizeof statements / sizeof statements[0]; i++) {
		rows = case_query(file, statements[i]);
		case_bind_number(rows, 1, source);
		case_exec(rows);
	}
	case_commit(file);
	return unread;
}
