/* inspect: what a file is and holds, through the same confined workers; the
 * taker here only counts.  Nothing is written but to `out`. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "forensics/ingest/frame.h"
#include "forensics/ingest/ingest.h"
#include "forensics/ingest/limits_of_run.h"
#include "forensics/ingest/run.h"
#include "parsers/base/text.h"

struct tally {
	uint64_t records[RECORD_KINDS];
	uint64_t lost;
	struct buffer problems; /* lines, of a cross-check */
};

struct inspection {
	struct run run;
	struct arena arena;
	struct tally *tallies; /* one a source */
	FILE *out;
	bool json, cross_check;
	bool losses, something;
};

static struct tally *
tally_of(struct inspection *in, const struct source *source)
{
	return &in->tallies[source - in->run.sources];
}

static void
on_planned(void *context, struct source *source)
{
	(void)context;
	(void)source;
}

static bool
is_loss(struct bytes severity)
{
	return bytes_eq(severity,
	           bytes_cstr(severity_name(OUTCOME_ITEM_LOST))) ||
	       bytes_eq(severity,
	           bytes_cstr(severity_name(OUTCOME_SOURCE_LOST)));
}

/* One line, with nothing in it that a terminal acts on. */
static void
keep_problem(struct inspection *in, struct tally *tally,
    const struct record_problem *problem)
{
	struct bytes locator = text_visible(&in->arena, problem->locator);
	struct bytes detail = text_visible(&in->arena, problem->detail);

	buffer_printf(&tally->problems, "  %.*s%s%.*s\n", (int)locator.n,
	    locator.n ? (const char *)locator.p : "",
	    locator.n ? ": " : "", (int)detail.n,
	    detail.n ? (const char *)detail.p : "");
}

static void
on_frame(void *context, struct source *source, struct source_unit *unit,
    const struct frame *frame)
{
	struct inspection *in = context;
	struct tally *tally = tally_of(in, source);
	union record_any record;

	(void)unit;
	if (frame->type != FRAME_RECORD || frame->aux >= RECORD_KINDS)
		return;
	tally->records[frame->aux]++;
	if (frame->aux != RECORD_KIND_PROBLEM ||
	    !record_decode(RECORD_KIND_PROBLEM, frame->payload, &record))
		return;
	if (record.problem.items_lost > 0)
		tally->lost += (uint64_t)record.problem.items_lost;
	in->losses |= is_loss(record.problem.severity);
	if (in->cross_check)
		keep_problem(in, tally, &record.problem);
}

static void
print_name(FILE *out, struct bytes name, bool json)
{
	for (size_t i = 0; i < name.n; i++) {
		if (json && (name.p[i] == '"' || name.p[i] == '\\'))
			fputc('\\', out);
		fputc(name.p[i], out);
	}
}

static void
print_source(struct inspection *in, const struct source *source)
{
	const struct tally *t = tally_of(in, source);
	const char *kind = source->parser ? source->parser->name : "unknown";
	struct bytes name = text_visible(&in->arena,
	    text_repair_utf8(&in->arena, bytes_cstr(source->file)));

	if (in->json) {
		fprintf(in->out, "{\"file\":\"");
		print_name(in->out, name, true);
		fprintf(in->out,
		    "\",\"kind\":\"%s\",\"bytes\":%llu,\"folders\":%llu,"
		    "\"messages\":%llu,\"attachments\":%llu,\"events\":%llu,"
		    "\"problems\":%llu,\"items_lost\":%llu}\n",
		    kind, (unsigned long long)source->size,
		    (unsigned long long)t->records[RECORD_KIND_FOLDER],
		    (unsigned long long)t->records[RECORD_KIND_MESSAGE],
		    (unsigned long long)t->records[RECORD_KIND_ATTACHMENT],
		    (unsigned long long)t->records[RECORD_KIND_EVENT],
		    (unsigned long long)t->records[RECORD_KIND_PROBLEM],
		    (unsigned long long)t->lost);
		return;
	}
	print_name(in->out, name, false);
	fprintf(in->out, "\n  kind        %s%s%s%s\n  bytes       %llu\n",
	    kind, source->parser ? " (" : "",
	    source->parser ? source->parser->title : "",
	    source->parser ? ")" : "", (unsigned long long)source->size);
	for (int k = 0; k < RECORD_KINDS; k++)
		if (t->records[k] > 0 && k != RECORD_KIND_UNIT &&
		    k != RECORD_KIND_SOURCE_INFO)
			fprintf(in->out, "  %-11s %llu\n",
			    record_shapes[k].table,
			    (unsigned long long)t->records[k]);
	if (t->lost > 0)
		fprintf(in->out, "  items lost  %llu\n",
		    (unsigned long long)t->lost);
}

static void
on_source(void *context, struct source *source)
{
	struct inspection *in = context;

	in->something |= source->parser != NULL;
	print_source(in, source);
	if (!in->json && tally_of(in, source)->problems.n > 0)
		fwrite(tally_of(in, source)->problems.p, 1,
		    tally_of(in, source)->problems.n, in->out);
	buffer_release(&tally_of(in, source)->problems);
}

/* One source a file; what cannot be opened is said and left out. */
static size_t
add_files(struct inspection *in, const struct ingest_options *options)
{
	size_t count = 0;

	in->run.sources = arena_array(&in->arena, options->evidence_count,
	    sizeof *in->run.sources);
	for (size_t i = 0; i < options->evidence_count; i++) {
		const char *file = options->evidence[i];
		const char *slash = strrchr(file, '/');
		struct source *source = &in->run.sources[count];
		struct stat st;

		if (stat(file, &st) != 0) {
			fprintf(stderr, "postmortem: %s: %s\n", file,
			    strerror(errno));
			continue;
		}
		if (!S_ISREG(st.st_mode)) {
			fprintf(stderr, "postmortem: %s: not a file; inspect "
					"takes files\n", file);
			continue;
		}
		source->row = (int64_t)count + 1;
		source->file = file;
		source->name = bytes_cstr(slash ? slash + 1 : file);
		source->size = source->weight = (uint64_t)st.st_size;
		for (size_t k = 0; k < options->forced_count; k++)
			if (strcmp(options->forced[k].file, file) == 0)
				source->forced =
				    bytes_cstr(options->forced[k].format);
		if (options->cross_check)
			source->forced = BYTES_LIT("pst_cross");
		count++;
	}
	return count;
}

int
inspect_files(const struct ingest_options *options, bool json, FILE *out)
{
	struct inspection in = { .out = out, .json = json,
		.cross_check = options->cross_check };
	struct run_limits limits = run_limits_of(options);
	struct taker taker = { .context = &in, .planned = on_planned,
		.frame = on_frame, .source_done = on_source };
	int status;

	if (!ingest_may_begin(options, &status))
		return status;
	arena_init(&in.arena);
	in.run.source_count = add_files(&in, options);
	in.losses = in.run.source_count < options->evidence_count;
	in.tallies = arena_array(&in.arena, in.run.source_count + 1,
	    sizeof *in.tallies);
	in.run.arena = &in.arena;
	in.run.taker = &taker;
	in.run.rules = options->rules;
	in.run.no_sandbox = options->no_sandbox;
	in.run.worker_memory = limits.worker_memory;
	run_init(&in.run, limits.workers, "/tmp", limits.spool_memory);
	status = in.run.source_count > 0 ? run_all(&in.run) : 0;
	run_release(&in.run);
	arena_release(&in.arena);
	if (status != 0)
		return status;
	return !in.something ? 4 : in.losses ? 3 : 0;
}
