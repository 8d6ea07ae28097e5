#include "reports/export/export.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "forensics/ingest/custody.h"
#include "forensics/ingest/limits_of_run.h"
#include "forensics/ingest/run.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "reports/folder.h"
#include "reports/mask.h"
#include "reports/writer.h"

enum { STATUS_USAGE = 2, STATUS_LOSSES = 3, STATUS_NO_EVIDENCE = 4,
	STATUS_INTERRUPTED = 7 };

struct exporting {
	struct case_file *file;
	const struct ingest_options *options;
	const struct export_options *export;
	struct run run;
	struct arena arena;
	char *fresh;              /* DIR.new */
	struct buffer item;       /* frames of the item in hand */
	struct buffer locator, rendered;
	uint64_t written;
};

static volatile sig_atomic_t interrupted;

static void
on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

/* ---- which messages */

static const char *const words[] = { "accessed", "taken", "synced",
	"presumed", "possible", "not_covered", "not_shown" };

enum { WORDS = sizeof words / sizeof words[0], EXPOSED = 5 };

/* "'accessed','taken'": of our own words alone; absent: one is none. */
static struct bytes
chosen_words(struct arena *arena, const char *list)
{
	struct bytes rest, word, out = BYTES_LIT("");

	if (list == NULL)
		list = "accessed,taken,synced,presumed,possible";
	rest = bytes_cstr(list);
	while (bytes_cut(&rest, ',', &word)) {
		size_t i = 0;

		while (i < WORDS && !bytes_eq(word, bytes_cstr(words[i])))
			i++;
		if (i == WORDS)
			return BYTES_NONE;
		out = arena_printf(arena, "%.*s%s'%s'", (int)out.n,
		    (const char *)out.p, out.n ? "," : "", words[i]);
	}
	return out.n > 0 ? out : BYTES_NONE;
}

/* temp.export_tops: each chosen message and the one that is no part of
 * another; temp.export_done: what became of the latter. */
static void
choose(struct exporting *e, struct bytes chosen)
{
	struct bytes sql = arena_printf(&e->arena,
	    "DROP TABLE IF EXISTS temp.export_tops;"
	    "DROP TABLE IF EXISTS temp.export_done;"
	    "CREATE TEMP TABLE export_done(top INTEGER PRIMARY KEY,"
	    " form TEXT, bytes INTEGER, sha256 TEXT, reason TEXT);"
	    "CREATE TEMP TABLE export_tops(message INTEGER PRIMARY KEY,"
	    " top INTEGER, exposure TEXT);"
	    "INSERT INTO temp.export_tops WITH RECURSIVE up(message, at,"
	    "  exposure) AS (SELECT message, message, exposure"
	    "   FROM message_exposure WHERE exposure IN (%.*s)"
	    "  UNION ALL SELECT u.message, m.parent, u.exposure FROM up u"
	    "   JOIN messages m ON m.message = u.at WHERE m.parent NOT NULL)"
	    " SELECT u.message, u.at, u.exposure FROM up u JOIN messages m"
	    "  ON m.message = u.at WHERE m.parent IS NULL;"
	    "CREATE INDEX temp.export_tops_top ON export_tops(top)",
	    (int)chosen.n, (const char *)chosen.p);

	case_run(e->file, arena_cstr(&e->arena, sql));
}

/* What workers are asked for (wanted.h), of evidence that is there. */
static char *
write_wanted(struct exporting *e)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT DISTINCT s.source_id || char(9) || m.locator"
	    " FROM temp.export_tops t JOIN messages m ON m.message = t.top"
	    " JOIN sources s USING (source)"
	    " JOIN temp.export_files f USING (source)"
	    " WHERE f.file NOT NULL ORDER BY CAST(s.source_id || char(9) ||"
	    "  m.locator AS BLOB)");
	struct writer out;
	char *path;

	writer_open(&out, e->fresh, "wanted");
	while (case_next(rows)) {
		writer_add(&out, case_text(rows, 0));
		writer_add_cstr(&out, "\n");
	}
	case_done(rows);
	writer_close(&out);
	if (asprintf(&path, "%s/wanted", e->fresh) < 0)
		die_machine("out of memory");
	return path;
}

/* ---- one message */

static void
note_done(struct exporting *e, int64_t top, const char *form, struct bytes eml,
    const char *reason)
{
	struct case_rows *rows = case_query(e->file,
	    "INSERT INTO temp.export_done VALUES(?, ?, ?, ?, ?)"
	    " ON CONFLICT DO NOTHING");

	case_bind_number(rows, 1, top);
	case_bind_cstr(rows, 2, form);
	if (reason != NULL) {
		case_bind_cstr(rows, 5, reason);
	} else {
		case_bind_number(rows, 3, (int64_t)eml.n);
		case_bind_text(rows, 4, sha256_hex(&e->arena, eml));
		e->written++;
	}
	case_exec(rows);
}

/* Made to last with all others at the end: a sync a file takes most time. */
static void
write_file(struct exporting *e, struct bytes id)
{
	char *path;
	FILE *out;

	if (asprintf(&path, "%s/eml/%.*s.eml", e->fresh, (int)id.n,
	        (const char *)id.p) < 0)
		die_machine("out of memory");
	out = fopen(path, "wbx");
	if (out == NULL ||
	    fwrite(e->rendered.p, 1, e->rendered.n, out) != e->rendered.n ||
	    fclose(out) != 0)
		die_machine("%s: %s", path, strerror(errno));
	free(path);
}

/* The bytes that lie in the item's frames, as they were said. */
static void
write_message(struct exporting *e, const struct source *source)
{
	struct case_rows *rows = case_query(e->file,
	    "SELECT m.message, m.message_id, m.content_sha256,"
	    " (SELECT 1 FROM temp.export_done d WHERE d.top = m.message)"
	    " FROM messages m WHERE m.source = ?1 AND m.locator = ?2"
	    " AND m.parent IS NULL ORDER BY m.message LIMIT 1");
	struct bytes id, hash, origin;
	int64_t top;
	bool original;

	case_bind_number(rows, 1, source->row);
	case_bind_text(rows, 2, buffer_bytes(&e->locator));
	if (!case_next(rows) || !case_is_null(rows, 3)) {
		case_done(rows);
		return;
	}
	top = case_number(rows, 0);
	id = arena_dup(&e->arena, case_text(rows, 1));
	hash = arena_dup(&e->arena, case_text(rows, 2));
	case_done(rows);
	origin = arena_printf(&e->arena, "%.*s %.*s", (int)source->name.n,
	    (const char *)source->name.p, (int)e->locator.n,
	    (const char *)e->locator.p);
	buffer_reset(&e->rendered);
	original = export_render(buffer_bytes(&e->item), origin, &e->rendered);
	if (original && !bytes_eq(sha256_hex(&e->arena,
	                    buffer_bytes(&e->rendered)), hash)) {
		note_done(e, top, "none", BYTES_NONE, "the bytes read again "
		    "are not those of the case");
		return;
	}
	if (e->rendered.n == 0)
		return;
	write_file(e, id);
	note_done(e, top, original ? "original" : "rendered",
	    buffer_bytes(&e->rendered), NULL);
}

static void
on_frame(void *context, struct source *source, struct source_unit *unit,
    const struct frame *frame)
{
	enum { HOLD = 16 * 1024 * 1024 };
	struct exporting *e = context;

	(void)unit;
	if (frame->type == FRAME_ITEM_BEGIN) {
		buffer_reset(&e->item);
		buffer_reset(&e->locator);
		buffer_add_bytes(&e->locator, frame->payload);
	} else if (frame->type == FRAME_RECORD &&
		   frame->aux != RECORD_KIND_PROBLEM) {
		frame_add(&e->item, frame->type, frame->aux, frame->number,
		    frame->payload);
	} else if (frame->type == FRAME_ITEM_END && e->item.n > 0) {
		write_message(e, source);
		buffer_reset(&e->item);
		arena_reset(&e->arena);
	}
	if (e->item.n == 0 && e->item.room > HOLD) {
		buffer_release(&e->item);
		e->item = BUFFER_EMPTY;
	}
}

/* ---- the run */

/* Sources that are there, read as the formats they were read as. */
static void
add_sources(struct exporting *e, struct arena *arena)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT s.source, s.source_id, s.kind, s.bytes, f.file,"
	    " count(*) OVER () FROM temp.export_files f"
	    " JOIN sources s USING (source) WHERE f.file NOT NULL"
	    " ORDER BY s.source");

	while (case_next(rows)) {
		struct source *source;

		if (e->run.sources == NULL)
			e->run.sources = arena_array(arena,
			    (size_t)case_number(rows, 5), sizeof *source);
		source = &e->run.sources[e->run.source_count++];
		source->row = case_number(rows, 0);
		/* The name that workers compare with the wanted list. */
		source->name = arena_dup(arena, case_text(rows, 1));
		source->forced = arena_dup(arena, case_text(rows, 2));
		source->size = source->weight = (uint64_t)case_number(rows, 3);
		source->file = arena_cstr(arena, case_text(rows, 4));
	}
	case_done(rows);
}

static int
read_evidence(struct exporting *e)
{
	struct run_limits limits = run_limits_of(e->options);
	struct taker taker = { .context = e, .frame = on_frame };
	struct arena arena;
	char *wanted = write_wanted(e);
	int status = 0;

	arena_init(&arena);
	e->run = (struct run){ .arena = &arena, .taker = &taker,
		.rules = e->options->rules, .wanted = wanted,
		.no_sandbox = e->options->no_sandbox,
		.worker_memory = limits.worker_memory,
		.interrupted = &interrupted, .log = e->options->log };
	add_sources(e, &arena);
	run_init(&e->run, limits.workers, e->fresh, limits.spool_memory);
	if (e->run.source_count > 0)
		status = run_all(&e->run);
	run_release(&e->run);
	arena_release(&arena);
	unlink(wanted);
	free(wanted);
	return status;
}

/* ---- the list */

static const char list_sql[] =
    "SELECT CASE d.sha256 NOT NULL WHEN 1 THEN 'eml/' || top.message_id ||"
    "  '.eml' END, CASE WHEN d.sha256 IS NULL THEN 'none'"
    "  WHEN t.top <> t.message THEN 'inside' ELSE d.form END,"
    " d.bytes, d.sha256, m.message_id, m.internet_message_id, t.exposure,"
    " s.source_id, s.sha256, m.locator, m.content_sha256,"
    " CASE WHEN d.sha256 IS NULL THEN coalesce(d.reason, f.reason,"
    "  'the item could not be read again from the evidence') END"
    " FROM temp.export_tops t JOIN messages m ON m.message = t.message"
    " JOIN messages top ON top.message = t.top"
    " JOIN sources s ON s.source = m.source"
    " LEFT JOIN temp.export_files f ON f.source = m.source"
    " LEFT JOIN temp.export_done d ON d.top = t.top"
    " ORDER BY s.source_id, m.locator, m.message";

/* Rows without a file. */
static uint64_t
write_list(struct exporting *e)
{
	static const char head[] = "\xef\xbb\xbf"
	    "file,form,bytes,sha256,message_id,internet_message_id,exposure,"
	    "source_id,source_sha256,locator,content_sha256,reason\r\n";
	struct mask *mask = mask_new(e->file, false);
	struct case_rows *rows = case_query_new(e->file, list_sql);
	struct buffer line = BUFFER_EMPTY;
	struct writer out;
	uint64_t without = 0;

	writer_open(&out, e->fresh, "export.csv");
	writer_add_cstr(&out, head);
	while (case_next(rows)) {
		without += case_is_null(rows, 3);
		buffer_reset(&line);
		for (int i = 0; i < case_columns(rows); i++) {
			struct bytes text = case_text(rows, i);

			if (i > 0)
				buffer_add_byte(&line, ',');
			if (i == 2 && !case_is_null(rows, 2))
				text = arena_printf(&e->arena, "%lld",
				    (long long)case_number(rows, 2));
			if (i == 5 || i == 9)
				text = mask_text(mask, &e->arena, INT64_MIN,
				    arena_dup(&e->arena, text));
			csv_add_field(&line, text);
		}
		buffer_add_cstr(&line, "\r\n");
		writer_add(&out, buffer_bytes(&line));
		arena_reset(&e->arena);
	}
	case_done(rows);
	writer_close(&out);
	buffer_release(&line);
	mask_free(mask);
	return without;
}

static void
write_hashes(struct exporting *e)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT d.sha256 || '  eml/' || m.message_id || '.eml' || char(10)"
	    " FROM temp.export_done d JOIN messages m ON m.message = d.top"
	    " WHERE d.sha256 NOT NULL ORDER BY m.message_id");
	struct writer out;

	writer_open(&out, e->fresh, "export.sha256");
	while (case_next(rows))
		writer_add(&out, case_text(rows, 0));
	case_done(rows);
	writer_close(&out);
}

/* ---- folders */

/* It does not exist, or is an empty folder. */
static bool
is_free(const char *path)
{
	struct stat st;
	DIR *dir;
	int entries = 0;

	if (lstat(path, &st) != 0)
		return errno == ENOENT;
	dir = opendir(path);
	if (dir == NULL)
		return false;
	while (readdir(dir) != NULL)
		entries++;
	closedir(dir);
	return entries <= 2;
}

/* FOLDER.new, where all is made first.  Whose it is when it is there already
 * we cannot know: it is not ours to remove. */
static bool
name_fresh(struct exporting *e)
{
	int n = (int)strlen(e->export->folder);
	struct stat st;

	while (n > 1 && e->export->folder[n - 1] == '/')
		n--;
	if (asprintf(&e->fresh, "%.*s.new", n, e->export->folder) < 0)
		die_machine("out of memory");
	return lstat(e->fresh, &st) != 0;
}

static void
make_fresh(struct exporting *e)
{
	char *inner;

	if (asprintf(&inner, "%s/eml", e->fresh) < 0)
		die_machine("out of memory");
	if (mkdir(e->fresh, 0777) != 0 || mkdir(inner, 0777) != 0)
		die_machine("%s: %s", e->fresh, strerror(errno));
	free(inner);
}

static void
put_in_place(struct exporting *e)
{
	int folder = open(e->fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0 || syncfs(folder) != 0)
		die_machine("%s: %s", e->fresh, strerror(errno));
	close(folder);
	rmdir(e->export->folder);
	if (rename(e->fresh, e->export->folder) != 0)
		die_machine("%s: %s", e->export->folder, strerror(errno));
}

/* ---- the whole */

static void
note_custody(struct exporting *e, uint64_t without)
{
	struct buffer fields = BUFFER_EMPTY;

	custody_text(&fields, "folder", bytes_cstr(e->export->folder));
	custody_number(&fields, "files", (int64_t)e->written);
	custody_number(&fields, "without", (int64_t)without);
	custody_append(case_folder(e->file), "messages exported",
	    buffer_bytes(&fields));
	buffer_release(&fields);
}

static int
export_chosen(struct exporting *e)
{
	int status;
	uint64_t without;

	export_find(e->file, e->export->evidence);
	make_fresh(e);
	status = read_evidence(e);
	if (status != 0) {
		folder_remove(e->fresh);
		return status;
	}
	without = write_list(e);
	write_hashes(e);
	put_in_place(e);
	note_custody(e, without);
	if (!e->options->quiet)
		printf("%llu files in %s, %llu messages without one\n",
		    (unsigned long long)e->written, e->export->folder,
		    (unsigned long long)without);
	if (without == 0)
		return 0;
	return e->written > 0 ? STATUS_LOSSES : STATUS_NO_EVIDENCE;
}

static int
usage(const char *what, const char *value)
{
	fprintf(stderr, "postmortem: %s: %s\n", value, what);
	return STATUS_USAGE;
}

int
export_messages(struct case_file *file, const struct ingest_options *options,
    const struct export_options *export)
{
	struct exporting e = { .file = file, .options = options,
		.export = export };
	struct bytes chosen;
	int status;

	arena_init(&e.arena);
	chosen = chosen_words(&e.arena, export->exposure);
	if (!bytes_present(chosen)) {
		status = usage("not a list of exposures, e.g. accessed,taken",
		    export->exposure);
	} else if (!is_free(export->folder)) {
		status = usage("exists and is not an empty folder; name a new "
			       "one", export->folder);
	} else if (!name_fresh(&e)) {
		status = usage("is in the way: left by a run that was killed, "
			       "or yours; move it away", e.fresh);
	} else if (ingest_may_begin(options, &status)) {
		signal(SIGINT, on_signal);
		signal(SIGTERM, on_signal);
		choose(&e, chosen);
		status = export_chosen(&e);
		if (status == STATUS_INTERRUPTED)
			fprintf(stderr, "postmortem: interrupted; nothing "
					"was exported\n");
	}
	free(e.fresh);
	buffer_release(&e.item);
	buffer_release(&e.locator);
	buffer_release(&e.rendered);
	arena_release(&e.arena);
	return status;
}
