/*
 * postmortem: who read what, when, and whom do we have to tell?
 *
 * The commands in the order evidence flows.  Each stage reads rows of the
 * case and writes rows; none calls another.
 */
#include <errno.h>
#include <stdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "forensics/access/incident.h"
#include "forensics/access/reconstruct.h"
#include "forensics/access/suggest.h"
#include "forensics/case/case.h"
#include "forensics/ingest/custody.h"
#include "forensics/ingest/ingest.h"
#include "forensics/ingest/manifest.h"
#include "forensics/ingest/sign.h"
#include "forensics/ingest/progress.h"
#include "forensics/options.h"
#include "forensics/people/people.h"
#include "forensics/selftest.h"
#include "forensics/tables.h"
#include "reports/exchange/exchange.h"
#include "reports/export/export.h"
#include "parsers/base/text.h"
#include "reports/mask.h"
#include "reports/report.h"
#include "reports/unchanged.h"
#include "reports/version.h"

enum exit_status { /* contract 1 */
	STATUS_COMPLETE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_LOSSES = 3,
	STATUS_NO_EVIDENCE = 4,
	STATUS_MACHINE = 5,
	STATUS_INTERRUPTED = 7,
};

static const char usage_text[] =
    "usage:\n"
    "  postmortem analyze -o CASE [-i INCIDENT.yaml] EVIDENCE...\n"
    "  postmortem ingest -o CASE EVIDENCE...\n"
    "  postmortem reconstruct -o CASE -i INCIDENT.yaml\n"
    "  postmortem report -o CASE [--unmask]\n"
    "  postmortem explain -o CASE ID\n"
    "  postmortem suggest -o CASE\n"
    "  postmortem export-messages -o CASE [--exposure LIST] DIR\n"
    "  postmortem inspect [--json] [--cross-check] FILE...\n"
    "  postmortem verify CASE\n"
    "  postmortem selftest\n"
    "options:\n"
    "  -j N               workers (default: all cores)\n"
    "  --memory SIZE      budget of the whole run, e.g. 4G\n"
    "  --as FORMAT FILE   read FILE as FORMAT, whatever it looks like\n"
    "  --rules DIR        replace built-in tables by files of this folder\n"
    "  --count-suspicious count suspicious events as the adversary's\n"
    "  --value-key FILE   key of value_hash\n"
    "  --exposure LIST    export-messages: accessed,taken,... (default: "
    "possible\n"
    "                     or stronger); --evidence DIR: where it lies now\n"
    "  --exchange LIST    report: all, or some of case,dfxml,dat,dat1252\n"
    "  --sign KEY         report: sign the manifest (Ed25519, PEM); verify "
    "--key PUB\n"
    "  --no-sandbox       parse unconfined (the custody log says so)\n"
    "  -q, --no-progress  say less; -v: say more; --log FILE: keep it\n"
    "See postmortem(1) and README.md.\n";

/* Losses recorded in the case: what decides between 0 and 3. */
static int
case_status(struct case_file *file)
{
	struct case_rows *rows = case_query(file,
	    "SELECT count(*) FROM problems"
	    " WHERE severity IN ('item_lost', 'source_lost')");

	return case_next(rows) && case_number(rows, 0) > 0 ? STATUS_LOSSES
							   : STATUS_COMPLETE;
}

static const char no_evidence[] = "what evidence? name files or folders";

static struct incident *
load_incident(const struct options *o)
{
	return o->incident ? incident_load(o->incident) : incident_empty();
}

/* After ingest nothing is half done that the case's journal does not undo. */
static void
on_interrupt(int number)
{
	static const char said[] = "\npostmortem: interrupted; running again "
				   "continues\n";
	ssize_t told = write(STDERR_FILENO, said, sizeof said - 1);

	(void)number;
	(void)told;
	_exit(STATUS_INTERRUPTED);
}

static void
catch_interrupts(void)
{
	struct sigaction action = { .sa_handler = on_interrupt };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

/* ---- stages, with a line every ten seconds that says which is at work */

struct stage {
	struct progress progress;
	const char *what;
};

static void
stage_tick(void *context)
{
	struct stage *stage = context;

	progress_wait(&stage->progress, stage->what);
}

static void
stage_begin(struct stage *stage, const char *what, struct case_file *file,
    const struct options *o)
{
	stage->what = what;
	progress_init(&stage->progress,
	    o->ingest.quiet || o->ingest.no_progress);
	case_watch(file, stage_tick, stage);
	ingest_tell(&o->ingest, "%s", what);
}

static void
stage_end(struct stage *stage, struct case_file *file)
{
	progress_end(&stage->progress);
	case_watch(file, NULL, NULL);
}

/* One line a path: what it is and what it gave; masked as in the reports. */
static void
tell_sources(struct case_file *file, const struct options *o)
{
	struct case_rows *rows;
	struct arena arena;
	struct mask *mask;

	if (!o->ingest.verbose && o->ingest.log == NULL)
		return;
	arena_init(&arena);
	mask = mask_new(file, false);
	rows = case_query(file,
	    "SELECT p.path, coalesce(s.kind || ', ' || s.status || ', '"
	    " || s.messages || ' messages, ' || s.events || ' records, '"
	    " || (SELECT count(*) FROM problems x WHERE x.source = s.source)"
	    " || ' problems', p.problem, 'not read') FROM paths p"
	    " LEFT JOIN sources s USING (source) ORDER BY p.path");
	while (case_next(rows)) {
		struct bytes path = text_visible(&arena, mask_text(mask,
		    &arena, INT64_MIN, case_text(rows, 0)));
		struct bytes said = text_visible(&arena, case_text(rows, 1));

		ingest_tell(&o->ingest, "%.*s: %.*s", (int)path.n,
		    (const char *)path.p, (int)said.n, (const char *)said.p);
		arena_reset(&arena);
	}
	case_done(rows);
	mask_free(mask);
	arena_release(&arena);
}

static void
reconstruct(struct case_file *file, const struct options *o,
    const struct incident *incident)
{
	struct stage stage;

	stage_begin(&stage, "reconstructing", file, o);
	reconstruct_run(file, incident, &o->reconstruct);
	stage_end(&stage, file);
	stage_begin(&stage, "linking people", file, o);
	people_build(file);
	case_settle(file);
	stage_end(&stage, file);
}

/* The key was looked at before the run began. */
static void
finish_manifest(const char *folder, const struct options *o)
{
	struct buffer fields = BUFFER_EMPTY;
	struct arena arena;

	manifest_write(folder);
	manifest_request_stamp(folder);
	if (o->signing == NULL)
		return;
	arena_init(&arena);
	manifest_sign(folder, o->signing);
	custody_text(&fields, "public_key_sha256",
	    signing_key_print(&arena, o->signing));
	custody_append(folder, "manifest signed", buffer_bytes(&fields));
	buffer_release(&fields);
	arena_release(&arena);
}

/* Into the folder, and into the custody log from what. */
static int
make_reports(struct case_file *file, const struct options *o,
    struct bytes made_from)
{
	struct buffer fields = BUFFER_EMPTY;
	struct stage stage;
	int status;

	stage_begin(&stage, "writing reports", file, o);
	status = report_write(file, o->unmask, o->value_key, o->exchange);
	stage_end(&stage, file);
	if (status == 0) {
		custody_text(&fields, "made_from", made_from);
		custody_append(case_folder(file),
		    o->unmask ? "report unmasked" : "report",
		    buffer_bytes(&fields));
	}
	buffer_release(&fields);
	return status;
}

/* The status of the case, unless the reports cannot be written.  A signature
 * that is asked for is made whether or not the reports are new. */
static int
write_reports(struct case_file *file, const struct options *o)
{
	struct arena arena;
	struct bytes made_from;
	int status = 0;
	bool stands;

	arena_init(&arena);
	made_from = report_made_from(file, &arena, o->unmask, o->value_key,
	    o->exchange);
	stands = report_stands(file, made_from);
	if (stands)
		ingest_tell(&o->ingest, "nothing changed since the reports "
					"were written");
	else
		status = make_reports(file, o, made_from);
	arena_release(&arena);
	if (status != 0)
		return status;
	if (!stands || o->signing != NULL)
		finish_manifest(case_folder(file), o);
	return case_status(file);
}

static int
analyze_case(struct case_file *file, struct options *o,
    const struct incident *incident)
{
	int status = ingest_evidence(file, &o->ingest);

	catch_interrupts();
	tell_sources(file, o);
	if (status == STATUS_COMPLETE || status == STATUS_LOSSES) {
		reconstruct(file, o, incident);
		status = write_reports(file, o);
		/* Nobody asked for these: stdout is for results. */
		if (!o->ingest.quiet && status != STATUS_USAGE)
			headline_print(file, stderr);
	}
	return status;
}

static int
command_analyze(struct options *o)
{
	struct incident *incident;
	struct case_file *file;
	int status;

	if (!options_need(o, true, OPERANDS_SOME, no_evidence) ||
	    !ingest_keeps_apart(&o->ingest, o->case_folder))
		return STATUS_USAGE;
	incident = load_incident(o);
	if (incident == NULL)
		return STATUS_USAGE;
	file = case_open(o->case_folder, CASE_CREATE);
	status = file == NULL ? STATUS_FAILED : analyze_case(file, o, incident);
	if (file != NULL)
		case_close(file);
	incident_free(incident);
	return status;
}

static int
command_ingest(struct options *o)
{
	struct case_file *file;
	int status;

	if (!options_need(o, true, OPERANDS_SOME, no_evidence) ||
	    !ingest_keeps_apart(&o->ingest, o->case_folder))
		return STATUS_USAGE;
	file = case_open(o->case_folder, CASE_CREATE);
	if (file == NULL)
		return STATUS_FAILED;
	status = ingest_evidence(file, &o->ingest);
	tell_sources(file, o);
	case_close(file);
	return status;
}

static int
command_reconstruct(struct options *o)
{
	struct incident *incident;
	struct case_file *file;
	int status;

	if (!options_need(o, true, OPERANDS_NONE, NULL))
		return STATUS_USAGE;
	if (o->incident == NULL) {
		options_wrong("which incident? give -i INCIDENT.yaml", NULL);
		return STATUS_USAGE;
	}
	incident = load_incident(o);
	if (incident == NULL)
		return STATUS_USAGE;
	file = case_open(o->case_folder, CASE_WRITE);
	status = STATUS_FAILED;
	catch_interrupts();
	if (file != NULL) {
		reconstruct(file, o, incident);
		status = case_status(file);
		case_close(file);
	}
	incident_free(incident);
	return status;
}

/* False with a message: reports and exports need conclusions. */
static bool
is_reconstructed(struct case_file *file, const struct options *o)
{
	if (reconstruct_done(file))
		return true;
	fprintf(stderr, "postmortem: %s: not reconstructed yet; run "
			"'postmortem reconstruct -o %s -i INCIDENT.yaml'"
			" first\n",
	    o->case_folder, o->case_folder);
	return false;
}

static int
command_report(struct options *o)
{
	struct case_file *file;
	int status;

	if (!options_need(o, true, OPERANDS_NONE, NULL))
		return STATUS_USAGE;
	catch_interrupts();
	file = case_open(o->case_folder, CASE_WRITE);
	if (file == NULL)
		return STATUS_FAILED;
	status = is_reconstructed(file, o) ? write_reports(file, o)
					   : STATUS_FAILED;
	case_close(file);
	return status;
}

static int
command_explain(struct options *o)
{
	struct case_file *file;
	bool found;

	if (!options_need(o, true, OPERANDS_ONE, "explain needs one id"))
		return STATUS_USAGE;
	file = case_open(o->case_folder, CASE_READ);
	if (file == NULL)
		return STATUS_FAILED;
	found = explain_print(file, bytes_cstr(o->rest[0]), stdout);
	case_close(file);
	return found ? STATUS_COMPLETE : STATUS_FAILED;
}

static int
command_suggest(struct options *o)
{
	struct case_file *file;
	bool done;

	if (!options_need(o, true, OPERANDS_NONE, NULL))
		return STATUS_USAGE;
	file = case_open(o->case_folder, CASE_READ);
	if (file == NULL)
		return STATUS_FAILED;
	done = is_reconstructed(file, o);
	if (done)
		suggest_print(file, stdout);
	case_close(file);
	return done ? STATUS_COMPLETE : STATUS_FAILED;
}

static int
command_export(struct options *o)
{
	struct export_options export = { .exposure = o->exposure,
		.evidence = o->evidence_root };
	struct case_file *file;
	int status = STATUS_FAILED;

	if (!options_need(o, true, OPERANDS_ONE,
	        "export-messages needs one new folder"))
		return STATUS_USAGE;
	export.folder = o->rest[0];
	file = case_open(o->case_folder, CASE_WRITE);
	if (file == NULL)
		return STATUS_FAILED;
	if (is_reconstructed(file, o))
		status = export_messages(file, &o->ingest, &export);
	case_close(file);
	return status;
}

static int
command_inspect(struct options *o)
{
	if (!options_need(o, false, OPERANDS_SOME, "inspect needs files"))
		return STATUS_USAGE;
	return inspect_files(&o->ingest, o->json, stdout);
}

static int
command_verify(struct options *o)
{
	int status;

	if (!options_need(o, false, OPERANDS_ONE, "verify needs one CASE"))
		return STATUS_USAGE;
	status = verify_case(o->rest[0], o->signing);
	if (status == STATUS_COMPLETE && !o->ingest.quiet)
		printf("%s: evidence, outputs and custody chain are as they "
		       "were written\n", o->rest[0]);
	return status;
}

static int
command_selftest(struct options *o)
{
	if (!options_need(o, false, OPERANDS_NONE, NULL))
		return STATUS_USAGE;
	return selftest_run(stdout) ? STATUS_COMPLETE : STATUS_FAILED;
}

static const struct {
	const char *name;
	int (*run)(struct options *);
} commands[] = {
	{ "analyze", command_analyze },
	{ "ingest", command_ingest },
	{ "reconstruct", command_reconstruct },
	{ "report", command_report },
	{ "explain", command_explain },
	{ "suggest", command_suggest },
	{ "export-messages", command_export },
	{ "inspect", command_inspect },
	{ "verify", command_verify },
	{ "selftest", command_selftest },
};

static int
open_files(struct options *o)
{
	if (o->log_path != NULL) {
		o->ingest.log = fopen(o->log_path, "a");
		if (o->ingest.log == NULL) {
			fprintf(stderr, "postmortem: %s: %s\n", o->log_path,
			    strerror(errno));
			return STATUS_USAGE;
		}
	}
	if (o->exchange != NULL && !exchange_known(o->exchange))
		return STATUS_USAGE;
	if (o->sign != NULL || o->key != NULL) {
		o->signing = signing_key_load(o->sign ? o->sign : o->key,
		    o->sign != NULL);
		if (o->signing == NULL)
			return STATUS_USAGE;
	}
	if (o->value_key != NULL && access(o->value_key, R_OK) != 0) {
		fprintf(stderr, "postmortem: %s: %s\n", o->value_key,
		    strerror(errno));
		return STATUS_USAGE;
	}
	if (o->ingest.rules != NULL && tables_replace(o->ingest.rules) != 0)
		return STATUS_USAGE;
	return STATUS_COMPLETE;
}

static int
run_command(int (*run)(struct options *), int argc, char **argv)
{
	struct options o = { 0 };
	int status = STATUS_USAGE;

	if (options_parse(&o, argc, argv)) {
		status = o.help ? STATUS_COMPLETE : open_files(&o);
		if (o.help)
			fputs(usage_text, stdout);
		else if (status == STATUS_COMPLETE)
			status = run(&o);
	}
	if (o.ingest.log != NULL && fclose(o.ingest.log) != 0)
		perror("postmortem: log");
	signing_key_free(o.signing);
	options_free(&o);
	return status;
}

static int
find_and_run(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return run_command(commands[i].run, argc, argv);
	options_wrong(argv[1][0] == '-' ? "a command comes first, not"
					: "unknown command", argv[1]);
	return STATUS_USAGE;
}

int
main(int argc, char **argv)
{
	int status = STATUS_COMPLETE;

	if (argc >= 2 && strcmp(argv[1], "--worker") == 0)
		return worker_main(argc, argv);
	if (argc < 2) {
		fputs(usage_text, stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0)
		fputs(usage_text, stdout);
	else if (strcmp(argv[1], "--version") == 0)
		puts("postmortem " POSTMORTEM_VERSION);
	else
		status = find_and_run(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("postmortem: standard output");
		return STATUS_MACHINE;
	}
	return status;
}
