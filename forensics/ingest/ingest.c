/* The stage from start to end; each step is a file of this folder. */
#include "forensics/ingest/package.h"
#include "forensics/ingest/ingest.h"

#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "forensics/ingest/custody.h"
#include "forensics/ingest/limits_of_run.h"
#include "forensics/ingest/manifest.h"
#include "forensics/ingest/progress.h"
#include "forensics/ingest/register.h"
#include "forensics/ingest/sandbox.h"
#include "parsers/base/die.h"
#include "parsers/base/text.h"

enum {
	STATUS_COMPLETE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_LOSSES = 3,
	STATUS_NO_EVIDENCE = 4,
	STATUS_INTERRUPTED = 7,
};

struct stage {
	struct case_file *file;
	const struct ingest_options *options;
	struct run_limits limits;
	struct evidence evidence;
	size_t absent;          /* arguments that name nothing */
	struct hash_watch watch;
	uint64_t bytes;         /* of all files */
	struct store store;
	struct run run;
	struct taker taker;
	struct progress progress;
};

static volatile sig_atomic_t interrupted;

/* The first one finishes what is whole and checkpoints, the second stops:
 * the case's journal takes care of the rest. */
static void
on_interrupt(int number)
{
	(void)number;
	if (interrupted != 0)
		_exit(STATUS_INTERRUPTED);
	interrupted = 1;
}

static void
catch_interrupts(void)
{
	struct sigaction action = { .sa_handler = on_interrupt };

	interrupted = 0;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* ---- before */

/* In a child, as confinement cannot be undone. */
static bool
can_confine(void)
{
	const char *why = "cannot try";
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (sandbox_enter(&why))
			_exit(0);
		fprintf(stderr,
		    "postmortem: cannot confine the parsers: %s; --no-sandbox "
		    "parses without protection from hostile evidence\n",
		    why);
		_exit(1);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid &&
	       WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static const char *
unknown_format(const struct ingest_options *options)
{
	for (size_t i = 0; i < options->forced_count; i++)
		if (parser_named(bytes_cstr(options->forced[i].format)) == NULL)
			return options->forced[i].format;
	return NULL;
}

bool
ingest_may_begin(const struct ingest_options *options, int *status)
{
	const char *wrong = unknown_format(options);

	*status = STATUS_COMPLETE;
	if (wrong != NULL) {
		fprintf(stderr, "postmortem: no format '%s'; formats are:",
		    wrong);
		for (size_t i = 0; parsers[i] != NULL; i++)
			fprintf(stderr, " %s", parsers[i]->name);
		fputc('\n', stderr);
		*status = STATUS_USAGE;
	} else if (!options->no_sandbox && !can_confine()) {
		*status = STATUS_FAILED;
	}
	return *status == STATUS_COMPLETE;
}

bool
ingest_keeps_apart(const struct ingest_options *options,
    const char *case_folder)
{
	const char *around = evidence_around(case_folder, options->evidence,
	    options->evidence_count);

	if (around != NULL)
		fprintf(stderr, "postmortem: %s: lies in the evidence %s, where"
				" nothing may be written; name a folder outside"
				" it\n", case_folder, around);
	return around == NULL;
}

static void
tell_on(FILE *out, const char *format, va_list arguments)
{
	time_t now = time(NULL);
	struct tm parts;

	gmtime_r(&now, &parts);
	fprintf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ ", parts.tm_year + 1900,
	    parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
	    parts.tm_sec);
	vfprintf(out, format, arguments);
	fputc('\n', out);
	fflush(out);
}

void
ingest_tell(const struct ingest_options *options, const char *format, ...)
{
	FILE *outs[] = { options->verbose ? stderr : NULL, options->log };

	for (size_t i = 0; i < 2; i++) {
		va_list arguments;

		if (outs[i] == NULL)
			continue;
		va_start(arguments, format);
		tell_on(outs[i], format, arguments);
		va_end(arguments);
	}
}

static void
custody_begin(struct stage *stage)
{
	struct buffer fields = BUFFER_EMPTY;
	struct utsname machine;

	uname(&machine);
	custody_text(&fields, "kernel", bytes_cstr(machine.release));
	custody_text(&fields, "sandbox",
	    bytes_cstr(stage->options->no_sandbox ? "none (--no-sandbox)"
						  : sandbox_describe()));
	custody_number(&fields, "workers", stage->limits.workers);
	custody_append(case_folder(stage->file), "ingest begun",
	    buffer_bytes(&fields));
	buffer_release(&fields);
}

static void
hash_tick(void *context)
{
	struct stage *stage = context;

	progress_show(&stage->progress, "hashing", stage->watch.bytes,
	    stage->bytes, stage->evidence.count, "files");
}

static void
find_evidence(struct stage *stage)
{
	const struct ingest_options *options = stage->options;

	evidence_init(&stage->evidence);
	stage->absent = evidence_walk(&stage->evidence, options->evidence,
	    options->evidence_count);
	evidence_settle(&stage->evidence);
	for (size_t i = 0; i < stage->evidence.count; i++)
		stage->bytes += stage->evidence.files[i].size;
	stage->watch = (struct hash_watch){ .stop = &interrupted,
		.tick = hash_tick, .context = stage };
	evidence_hash(&stage->evidence, stage->limits.workers, &stage->watch);
	progress_end(&stage->progress);
}

static void
custody_file(struct custody *custody, const struct evidence_file *file)
{
	struct buffer fields = BUFFER_EMPTY;
	struct arena arena;

	arena_init(&arena);
	custody_text(&fields, "path", file->path);
	custody_text(&fields, "file", bytes_cstr(file->file));
	if (file->hashed) {
		custody_number(&fields, "bytes", (int64_t)file->size);
		custody_number(&fields, "modified_ns", file->mtime_ns);
		custody_text(&fields, "sha256",
		    hex_of(&arena, file->sha256, SHA256_SIZE));
		custody_text(&fields, "md5",
		    hex_of(&arena, file->md5, MD5_SIZE));
	} else {
		custody_text(&fields, "reason", file->reason);
	}
	custody_line(custody, file->hashed ? "hashed" : "not read",
	    buffer_bytes(&fields));
	buffer_release(&fields);
	arena_release(&arena);
}

static void
custody_files(struct stage *stage)
{
	struct custody custody;

	custody_open(&custody, case_folder(stage->file));
	for (size_t i = 0; i < stage->evidence.count; i++)
		custody_file(&custody, &stage->evidence.files[i]);
	custody_close(&custody);
}

/* An argument that names nothing is no path, but it must not go unseen. */
static void
note_absent(struct stage *stage)
{
	const struct ingest_options *options = stage->options;

	case_begin(stage->file);
	case_run(stage->file, "DELETE FROM problems WHERE stage='ingest' AND"
			      " source IS NULL AND detail LIKE"
			      " 'named as evidence,%'");
	for (size_t i = 0; i < options->evidence_count; i++) {
		const char *name = options->evidence[i];
		const char *slash = strrchr(name, '/');

		if (access(name, F_OK) != 0)
			store_problem(&stage->store, 0,
			    bytes_cstr(slash && slash[1] ? slash + 1 : name),
			    PROBLEM_UNREADABLE, OUTCOME_SOURCE_LOST,
			    BYTES_LIT("named as evidence, but not there"));
	}
	case_commit(stage->file);
}

/* ---- reading */

static void
read_tick(void *context)
{
	struct stage *stage = context;

	progress_show(&stage->progress, "reading", stage->run.bytes_taken,
	    stage->bytes, stage->run.items, "items");
}

static const struct evidence_file *
forced_file(struct stage *stage, const char *name)
{
	const struct evidence_file *found = NULL;
	char *resolved = realpath(name, NULL);

	for (size_t i = 0; resolved && i < stage->evidence.count; i++)
		if (stage->evidence.files[i].hashed &&
		    strcmp(stage->evidence.files[i].file, resolved) == 0)
			found = &stage->evidence.files[i];
	free(resolved);
	return found;
}

/* --as: read it as that, also when an earlier run could not tell. */
static void
prepare_forced(struct stage *stage)
{
	const struct ingest_options *options = stage->options;

	for (size_t i = 0; i < options->forced_count; i++) {
		const struct evidence_file *file =
		    forced_file(stage, options->forced[i].file);

		if (file != NULL && !register_forget(stage->file, file->sha256))
			fprintf(stderr,
			    "postmortem: %s: already read in this case; --as"
			    " has no effect on it\n", file->file);
	}
}

static void
apply_one(struct stage *stage, const struct forced_format *forced)
{
	const struct evidence_file *file = forced_file(stage, forced->file);

	for (size_t i = 0; file != NULL && i < stage->run.source_count; i++) {
		struct source *source = &stage->run.sources[i];
		struct case_rows *rows = case_query(stage->file,
		    "SELECT 1 FROM sources WHERE source=? AND sha256=?");
		struct bytes sha256 = hex_of(&stage->evidence.arena,
		    file->sha256, SHA256_SIZE);

		case_bind_number(rows, 1, source->row);
		case_bind_text(rows, 2, sha256);
		if (source->state == SOURCE_NEW && case_next(rows))
			source->forced = bytes_cstr(forced->format);
		case_done(rows);
	}
}

static void
apply_forced(struct stage *stage)
{
	for (size_t i = 0; i < stage->options->forced_count; i++)
		apply_one(stage, &stage->options->forced[i]);
}

static int
read_sources(struct stage *stage)
{
	const struct ingest_options *options = stage->options;
	struct run *run = &stage->run;
	int status;

	*run = (struct run){ .arena = &stage->evidence.arena,
		.rules = options->rules, .no_sandbox = options->no_sandbox,
		.worker_memory = stage->limits.worker_memory,
		.interrupted = &interrupted, .progress = read_tick,
		.progress_context = stage, .log = options->log };
	run->sources = register_unfinished(stage->file, &stage->evidence,
	    &run->source_count);
	stage->bytes = 0;
	for (size_t i = 0; i < run->source_count; i++)
		stage->bytes += run->sources[i].weight;
	apply_forced(stage);
	stage->taker = store_taker(&stage->store);
	run->taker = &stage->taker;
	run_init(run, stage->limits.workers, case_folder(stage->file),
	    stage->limits.spool_memory);
	status = run->source_count > 0 ? run_all(run) : STATUS_COMPLETE;
	store_checkpoint(&stage->store);
	run_release(run);
	progress_end(&stage->progress);
	return status;
}

/* ---- after */

static size_t
check_again(struct stage *stage)
{
	stage->bytes = stage->watch.bytes;
	stage->watch.bytes = 0;
	evidence_check(&stage->evidence, stage->limits.workers, &stage->watch);
	progress_end(&stage->progress);
	if (interrupted != 0)
		return 0;
	return register_changed(stage->file, &stage->store, &stage->evidence);
}

static int64_t
count_of(struct case_file *file, const char *sql)
{
	struct case_rows *rows = case_query(file, sql);
	int64_t count = case_next(rows) ? case_number(rows, 0) : 0;

	case_done(rows);
	return count;
}

static int
final_status(struct case_file *file)
{
	if (count_of(file, "SELECT count(*) FROM sources WHERE status IN"
			   " ('ok', 'partial') AND kind NOT IN"
			   " ('empty', 'unknown', 'other', 'document',"
			   " 'export_list', 'export_manifest')") == 0)
		return STATUS_NO_EVIDENCE;
	if (count_of(file, "SELECT count(*) FROM problems WHERE stage IN"
			   " ('ingest', 'package') AND severity IN ('item_lost', 'source_lost')") > 0)
		return STATUS_LOSSES;
	return STATUS_COMPLETE;
}

static int
finish(struct stage *stage)
{
	struct buffer fields = BUFFER_EMPTY;
	size_t changed = check_again(stage);
	int status;

	if (interrupted != 0)
		return STATUS_INTERRUPTED;
	case_index(stage->file);
	package_check(stage->file);
	case_settle(stage->file);
	status = final_status(stage->file);
	custody_number(&fields, "status", status);
	custody_number(&fields, "files", (int64_t)stage->evidence.count);
	custody_number(&fields, "changed", (int64_t)changed);
	custody_append(case_folder(stage->file), "ingest ended",
	    buffer_bytes(&fields));
	buffer_release(&fields);
	manifest_write(case_folder(stage->file));
	return status;
}

static int
ingest_stage(struct stage *stage)
{
	find_evidence(stage);
	if (interrupted != 0)
		return STATUS_INTERRUPTED;
	custody_files(stage);
	register_evidence(stage->file, &stage->store, &stage->evidence);
	if (stage->absent > 0)
		note_absent(stage);
	prepare_forced(stage);
	if (read_sources(stage) != STATUS_COMPLETE)
		return STATUS_INTERRUPTED;
	return finish(stage);
}

/* Nothing could be read: what stands in the way, the first of it. */
static void
say_why_nothing(struct case_file *file)
{
	struct case_rows *rows = case_query(file,
	    "SELECT coalesce(p.path, x.locator, ''), coalesce(x.detail,"
	    " x.kind) FROM problems x LEFT JOIN paths p USING (source)"
	    " ORDER BY 1, 2 LIMIT 10");
	struct arena arena;

	arena_init(&arena);
	fprintf(stderr, "postmortem: none of the evidence could be read\n");
	while (case_next(rows)) {
		struct bytes place = text_visible(&arena, case_text(rows, 0));
		struct bytes why = text_visible(&arena, case_text(rows, 1));

		fprintf(stderr, "  %.*s: %.*s\n", (int)place.n,
		    (const char *)place.p, (int)why.n, (const char *)why.p);
	}
	case_done(rows);
	arena_release(&arena);
}

int
ingest_evidence(struct case_file *file, const struct ingest_options *options)
{
	struct stage stage = { .file = file, .options = options };
	int status;

	if (!ingest_may_begin(options, &status))
		return status;
	catch_interrupts();
	stage.limits = run_limits_of(options);
	progress_init(&stage.progress, options->quiet || options->no_progress);
	manifest_remove(case_folder(file));
	custody_begin(&stage);
	ingest_tell(options, "ingest begun, %u workers", stage.limits.workers);
	store_init(&stage.store, file);
	status = ingest_stage(&stage);
	if (status == STATUS_INTERRUPTED) {
		custody_append(case_folder(file), "ingest interrupted",
		    BYTES_NONE);
		fprintf(stderr, "postmortem: interrupted; running again "
				"continues\n");
	}
	if (status == STATUS_NO_EVIDENCE)
		say_why_nothing(file);
	store_release(&stage.store);
	evidence_release(&stage.evidence);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	return status;
}
