/*
 * postmortem: who read what, when, and whom do we have to tell?
 *
 * The commands in the order evidence flows.  Each stage reads rows of the
 * case and writes rows; none calls another.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "forensics/access/incident.h"
#include "forensics/access/reconstruct.h"
#include "forensics/access/suggest.h"
#include "forensics/case/case.h"
#include "forensics/ingest/custody.h"
#include "forensics/ingest/ingest.h"
#include "forensics/ingest/manifest.h"
#include "forensics/people/people.h"
#include "forensics/selftest.h"
#include "forensics/tables.h"
#include "reports/report.h"
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

struct options {
	const char *command;
	const char *case_folder, *incident, *value_key, *log_path;
	struct ingest_options ingest;
	struct reconstruct_options reconstruct;
	bool unmask, json;
	const char **rest;
	size_t rest_count;
};

static const char usage_text[] =
    "usage:\n"
    "  postmortem analyze -o CASE [-i INCIDENT.yaml] EVIDENCE...\n"
    "  postmortem ingest -o CASE EVIDENCE...\n"
    "  postmortem reconstruct -o CASE [-i INCIDENT.yaml]\n"
    "  postmortem report -o CASE [--unmask]\n"
    "  postmortem explain -o CASE ID\n"
    "  postmortem suggest -o CASE\n"
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
    "  --no-sandbox       parse unconfined (the custody log says so)\n"
    "  -q, -v, --log FILE, --no-progress\n"
    "See postmortem(1) and README.md.\n";

static int
usage_error(const char *what, const char *value)
{
	fprintf(stderr, "postmortem: %s%s%s%s\n"
		"try 'postmortem --help'\n",
	    what, value ? " '" : "", value ? value : "", value ? "'" : "");
	return STATUS_USAGE;
}

/* 64M, 4G, 1048576; false when it is none. */
static bool
parse_size(const char *text, size_t *size)
{
	char *end;
	unsigned long long value;
	unsigned shift = 0;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (end == text || errno != 0 || text[0] == '-')
		return false;
	if (*end == 'k' || *end == 'K')
		shift = 10;
	else if (*end == 'm' || *end == 'M')
		shift = 20;
	else if (*end == 'g' || *end == 'G')
		shift = 30;
	if (shift != 0)
		end++;
	if (*end != '\0' || value == 0 || value > (SIZE_MAX >> shift))
		return false;
	*size = (size_t)value << shift;
	return true;
}

static bool
parse_workers(const char *text, unsigned *workers)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (end == text || *end != '\0' || value < 1 || value > 1024)
		return false;
	*workers = (unsigned)value;
	return true;
}

struct words {
	int count, at;
	char **list;
};

static const char *
next_word(struct words *words)
{
	return words->at < words->count ? words->list[words->at++] : NULL;
}

/* Flags without a value; false when the word is none of them. */
static bool
parse_flag(const char *word, struct options *o)
{
	const struct {
		const char *name;
		bool *set;
	} flags[] = {
		{ "-q", &o->ingest.quiet },
		{ "-v", &o->ingest.verbose },
		{ "--no-progress", &o->ingest.no_progress },
		{ "--no-sandbox", &o->ingest.no_sandbox },
		{ "--count-suspicious", &o->reconstruct.count_suspicious },
		{ "--unmask", &o->unmask },
		{ "--json", &o->json },
		{ "--cross-check", &o->ingest.cross_check },
	};

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		if (strcmp(word, flags[i].name) == 0) {
			*flags[i].set = true;
			return true;
		}
	}
	return false;
}

/* The place an option's value goes to; NULL when it takes none of these. */
static const char **
value_place(const char *word, struct options *o)
{
	if (strcmp(word, "-o") == 0)
		return &o->case_folder;
	if (strcmp(word, "-i") == 0)
		return &o->incident;
	if (strcmp(word, "--rules") == 0)
		return &o->ingest.rules;
	if (strcmp(word, "--value-key") == 0)
		return &o->value_key;
	if (strcmp(word, "--log") == 0)
		return &o->log_path;
	return NULL;
}

static int
parse_option(const char *word, struct words *words, struct options *o)
{
	const char **place = value_place(word, o);
	const char *value;

	if (parse_flag(word, o))
		return STATUS_COMPLETE;
	if (strncmp(word, "-j", 2) == 0 && word[2] != '\0')
		return parse_workers(word + 2, &o->ingest.workers)
			   ? STATUS_COMPLETE
			   : usage_error("not a number of workers", word + 2);
	value = next_word(words);
	if (value == NULL)
		return usage_error("unknown option, or its value is missing",
		    word);
	if (place != NULL) {
		*place = value;
		return STATUS_COMPLETE;
	}
	if (strcmp(word, "-j") == 0)
		return parse_workers(value, &o->ingest.workers)
			   ? STATUS_COMPLETE
			   : usage_error("not a number of workers", value);
	if (strcmp(word, "--memory") == 0)
		return parse_size(value, &o->ingest.memory)
			   ? STATUS_COMPLETE
			   : usage_error("not a size", value);
	if (strcmp(word, "--as") == 0) {
		o->ingest.as_format = value;
		o->ingest.as_file = next_word(words);
		if (o->ingest.as_file == NULL)
			return usage_error("--as needs FORMAT and FILE", NULL);
		return STATUS_COMPLETE;
	}
	return usage_error("unknown option", word);
}

static int
parse_arguments(int argc, char **argv, struct options *o)
{
	struct words words = { argc, 2, argv };
	const char *word;
	bool only_names = false;

	o->command = argv[1];
	o->rest = calloc((size_t)argc + 1, sizeof *o->rest);
	if (o->rest == NULL)
		return STATUS_FAILED;
	while ((word = next_word(&words)) != NULL) {
		int status;

		if (!only_names && strcmp(word, "--") == 0) {
			only_names = true;
			continue;
		}
		if (only_names || word[0] != '-' || word[1] == '\0') {
			o->rest[o->rest_count++] = word;
			continue;
		}
		status = parse_option(word, &words, o);
		if (status != STATUS_COMPLETE)
			return status;
	}
	if (o->ingest.as_file != NULL)
		o->rest[o->rest_count++] = o->ingest.as_file;
	o->ingest.evidence = o->rest;
	o->ingest.evidence_count = o->rest_count;
	return STATUS_COMPLETE;
}

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

static struct incident *
load_incident(const struct options *o)
{
	return o->incident ? incident_load(o->incident) : incident_empty();
}

/* Usage is checked before anything is opened or made. */
static int
usage_of(const struct options *o, bool evidence)
{
	if (evidence && o->rest_count == 0)
		return usage_error("what evidence? name files or folders",
		    NULL);
	if (o->case_folder == NULL)
		return usage_error("which case? give -o CASE", NULL);
	return STATUS_COMPLETE;
}

/* The status of the case, unless the reports cannot be written. */
static int
write_reports(struct case_file *file, const struct options *o)
{
	int status = report_write(file, o->unmask, o->value_key);

	if (status != 0)
		return status;
	custody_append(case_folder(file), o->unmask ? "report unmasked"
						    : "report",
	    BYTES_LIT(""));
	manifest_write(case_folder(file));
	return case_status(file);
}

static int
analyze_case(struct case_file *file, struct options *o,
    const struct incident *incident)
{
	int status = ingest_evidence(file, &o->ingest);
	if (status == STATUS_COMPLETE || status == STATUS_LOSSES) {
		reconstruct_run(file, incident, &o->reconstruct);
		people_build(file);
		case_settle(file);
		status = write_reports(file, o);
		if (!o->ingest.quiet && status != STATUS_USAGE)
			headline_print(file, stdout);
	}
	return status;
}

static int
command_analyze(struct options *o)
{
	int status = usage_of(o, true);
	struct incident *incident;
	struct case_file *file;

	if (status != STATUS_COMPLETE)
		return status;
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
	int status = usage_of(o, true);
	struct case_file *file;

	if (status != STATUS_COMPLETE)
		return status;
	file = case_open(o->case_folder, CASE_CREATE);
	if (file == NULL)
		return STATUS_FAILED;
	status = ingest_evidence(file, &o->ingest);
	case_close(file);
	return status;
}

static int
command_reconstruct(struct options *o)
{
	int status = usage_of(o, false);
	struct incident *incident;
	struct case_file *file;

	if (status != STATUS_COMPLETE)
		return status;
	incident = load_incident(o);
	if (incident == NULL)
		return STATUS_USAGE;
	file = case_open(o->case_folder, CASE_WRITE);
	status = STATUS_FAILED;
	if (file != NULL) {
		reconstruct_run(file, incident, &o->reconstruct);
		people_build(file);
		case_settle(file);
		status = case_status(file);
		case_close(file);
	}
	incident_free(incident);
	return status;
}

static int
command_report(struct options *o)
{
	int status = usage_of(o, false);
	struct case_file *file;

	if (status != STATUS_COMPLETE)
		return status;
	file = case_open(o->case_folder, CASE_WRITE);
	if (file == NULL)
		return STATUS_FAILED;
	if (!reconstruct_done(file)) {
		fprintf(stderr, "postmortem: %s: not reconstructed yet; run "
				"'postmortem reconstruct -o %s' first\n",
		    o->case_folder, o->case_folder);
		case_close(file);
		return STATUS_FAILED;
	}
	status = write_reports(file, o);
	case_close(file);
	return status;
}

static int
command_explain(struct options *o)
{
	struct case_file *file;
	bool found;

	if (o->rest_count != 1)
		return usage_error("explain needs one id", NULL);
	if (usage_of(o, false) != STATUS_COMPLETE)
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

	if (usage_of(o, false) != STATUS_COMPLETE)
		return STATUS_USAGE;
	file = case_open(o->case_folder, CASE_READ);
	if (file == NULL)
		return STATUS_FAILED;
	done = reconstruct_done(file);
	if (done)
		suggest_print(file, stdout);
	else
		fprintf(stderr, "postmortem: %s: not reconstructed yet; run "
				"'postmortem reconstruct -o %s' first\n",
		    o->case_folder, o->case_folder);
	case_close(file);
	return done ? STATUS_COMPLETE : STATUS_FAILED;
}

static int
command_inspect(struct options *o)
{
	if (o->rest_count == 0)
		return usage_error("inspect needs files", NULL);
	return inspect_files(&o->ingest, o->json, stdout);
}

static int
command_verify(struct options *o)
{
	if (o->rest_count != 1)
		return usage_error("verify needs one CASE", NULL);
	return verify_case(o->rest[0]);
}

static int
command_selftest(struct options *o)
{
	(void)o;
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
	{ "inspect", command_inspect },
	{ "verify", command_verify },
	{ "selftest", command_selftest },
};

static int
run_command(struct options *o)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (strcmp(o->command, commands[i].name) != 0)
			continue;
		return commands[i].run(o);
	}
	return usage_error("unknown command", o->command);
}

static int
prepare_and_run(int argc, char **argv)
{
	struct options o = { 0 };
	int status = parse_arguments(argc, argv, &o);

	if (status == STATUS_COMPLETE && o.log_path != NULL) {
		o.ingest.log = fopen(o.log_path, "a");
		if (o.ingest.log == NULL) {
			fprintf(stderr, "postmortem: %s: %s\n", o.log_path,
			    strerror(errno));
			status = STATUS_USAGE;
		}
	}
	if (status == STATUS_COMPLETE && o.ingest.rules != NULL &&
	    tables_replace(o.ingest.rules) != 0)
		status = STATUS_USAGE;
	if (status == STATUS_COMPLETE)
		status = run_command(&o);
	free(o.rest);
	return status;
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
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		fputs(usage_text, stdout);
	else if (strcmp(argv[1], "--version") == 0)
		puts("postmortem " POSTMORTEM_VERSION);
	else
		status = prepare_and_run(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("postmortem: standard output");
		return STATUS_MACHINE;
	}
	return status;
}
