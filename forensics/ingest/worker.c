/* `postmortem --worker`: the nursery and its confined children. */
#include "forensics/ingest/worker.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "forensics/ingest/fault.h"
#include "forensics/ingest/frame.h"
#include "forensics/ingest/ingest.h"
#include "forensics/ingest/job.h"
#include "forensics/ingest/sandbox.h"
#include "forensics/ingest/scanner.h"
#include "forensics/ingest/wanted.h"
#include "forensics/ingest/worker_sink.h"
#include "forensics/tables.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "parsers/base/text.h"

enum { HEAD_BYTES = 64 * 1024 };

static struct worker_sink worker;
static bool has_scratch;

/* ---- one job */

static const struct parser *
survey_kind(const struct input *input, struct bytes named)
{
	uint8_t *head = arena_raw(&worker.sink.item, HEAD_BYTES);
	int64_t n = input_read(input, 0, head, HEAD_BYTES);
	const struct parser *parser;
	bool tie = false;

	if (named.n > 0)
		parser = parser_named(named);
	else
		parser = n < 0 ? NULL
			       : parser_for(bytes_of(head, (size_t)n),
			             input->size, &tie);
	frame_add(&worker.out, FRAME_KIND, tie, 0,
	    parser ? bytes_cstr(parser->name) : BYTES_LIT(""));
	worker_sink_flush(&worker);
	return parser;
}

/* A parser that gave up without a word: nothing is lost silently. */
static void
say_outcome(enum outcome outcome, const char *what)
{
	if (outcome <= worker.worst)
		return;
	sink_problem(&worker.sink, BYTES_NONE, PROBLEM_DAMAGED, outcome,
	    outcome == OUTCOME_ITEM_LOST, "%s could not be read whole", what);
}

static void
run_unit(const struct parser *parser, const struct input *input,
    struct bytes spec, uint64_t resume)
{
	enum outcome outcome;

	worker_sink_run(&worker, resume);
	outcome = parser->run(input, spec, &worker.sink);
	say_outcome(outcome, "this piece of the source");
	frame_add(&worker.out, FRAME_UNIT_END, outcome, worker.ordinal,
	    BYTES_NONE);
}

static void
survey(const struct input *input, struct bytes named)
{
	const struct parser *parser;
	enum outcome outcome = OUTCOME_OK;
	struct record_unit whole;

	arena_reset(&worker.sink.item);
	worker_sink_plan(&worker);
	parser = survey_kind(input, named);
	fault_in_plan(worker.name);
	if (parser != NULL && parser->plan != NULL) {
		outcome = parser->plan(input, &worker.sink);
	} else if (parser != NULL) {
		record_clear(RECORD_KIND_UNIT, &whole);
		whole.spec = BYTES_LIT("");
		sink_record(&worker.sink, RECORD_KIND_UNIT, &whole);
	}
	say_outcome(outcome, "the source");
	frame_add(&worker.out, FRAME_PLAN_END, outcome, 0, BYTES_NONE);
	if (worker.careful)
		worker_sink_flush(&worker);
	if (worker.units == 1 && outcome != OUTCOME_SOURCE_LOST)
		run_unit(parser, input, buffer_bytes(&worker.spec), 0);
}

static void
do_job(const struct job *job, int evidence)
{
	struct input input = { .fd = evidence, .size = job->head.size,
		.name = job->name,
		.scratch = has_scratch ? WORKER_SCRATCH_FD : 0 };

	worker.careful = job->head.careful;
	worker.name = job->name;
	frame_add(&worker.out, FRAME_JOB, 0, job->head.id, BYTES_NONE);
	if (job->head.survey) {
		survey(&input, job->kind);
		return;
	}
	run_unit(parser_named(job->kind), &input, job->spec,
	    job->head.resume);
}

static bool
job_parse(struct bytes packet, struct job *job)
{
	size_t at = sizeof job->head;

	if (packet.n < at)
		return false;
	memcpy(&job->head, packet.p, at);
	if (packet.n - at !=
	    (size_t)job->head.spec + job->head.kind + job->head.name)
		return false;
	job->spec = bytes_slice(packet, at, at + job->head.spec);
	at += job->head.spec;
	job->kind = bytes_slice(packet, at, at + job->head.kind);
	job->name = bytes_skip(packet, at + job->head.kind);
	return true;
}

static void
work(void)
{
	static uint8_t packet[JOB_PACKET_MOST];
	int fds[PACKET_FDS];
	struct job job;

	for (;;) {
		ssize_t n = packet_receive(WORKER_JOBS_FD, packet,
		    sizeof packet, fds, false);

		if (n < 0) {
			worker_sink_flush(&worker);
			n = packet_receive(WORKER_JOBS_FD, packet,
			    sizeof packet, fds, true);
		}
		if (n <= 0)
			break;
		BUG_ON(!job_parse(bytes_of(packet, (size_t)n), &job));
		do_job(&job, fds[0]);
		close(fds[0]);
	}
	worker_sink_flush(&worker);
	_exit(0);
}

/* ---- a worker's life */

static void
crashed(int number)
{
	worker_sink_last_words(&worker);
	signal(number, SIG_DFL);
	raise(number);
}

static void
told_to_stop(int number)
{
	(void)number;
	worker_sink_last_words(&worker);
	_exit(0);
}

/* Out of memory (die_machine).  No destructors of libraries after this. */
static void
at_exit(int status, void *unused)
{
	(void)unused;
	worker_sink_last_words(&worker);
	_exit(status);
}

static void
handle(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler,
		.sa_flags = SA_ONSTACK | SA_NODEFER };

	sigaction(number, &action, NULL);
}

/* Items that were whole when the worker died are not lost with it. */
static void
handle_death(void)
{
	static uint8_t stack_room[64 * 1024];
	stack_t other = { .ss_sp = stack_room, .ss_size = sizeof stack_room };

	sigaltstack(&other, NULL);
	handle(SIGSEGV, crashed);
	handle(SIGBUS, crashed);
	handle(SIGFPE, crashed);
	handle(SIGILL, crashed);
	handle(SIGABRT, crashed);
	handle(SIGTERM, told_to_stop);
	on_exit(at_exit, NULL);
}

_Noreturn static void
worker_live(const struct nursery_request *request)
{
	const char *why;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	handle_death();
	sandbox_limit((size_t)request->memory);
	if (!request->unconfined && !sandbox_enter(&why)) {
		fprintf(stderr, "postmortem: cannot confine the parsers: %s; "
				"--no-sandbox parses without\n", why);
		_exit(WORKER_UNCONFINED);
	}
	work();
	_exit(0);
}

/* ---- the nursery */

/* Evidence must not speak to the examiner's terminal. */
static void
silence(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return;
	dup2(null, 0);
	dup2(null, 1);
	if (getenv("POSTMORTEM_WORKER_STDERR") == NULL)
		dup2(null, 2);
	close(null);
}

static void
take_descriptors(int jobs, int results, int scratch)
{
	/* All above ours first, so that none lands on another; no higher than
	 * that, as the machine may allow few. */
	enum { ABOVE = WORKER_SCRATCH_FD + 1 };
	int high_jobs = fcntl(jobs, F_DUPFD_CLOEXEC, ABOVE);
	int high_results = fcntl(results, F_DUPFD_CLOEXEC, ABOVE);
	int high_scratch = scratch < 0
			       ? -1 : fcntl(scratch, F_DUPFD_CLOEXEC, ABOVE);

	if (dup2(high_jobs, WORKER_JOBS_FD) < 0 ||
	    dup2(high_results, WORKER_RESULTS_FD) < 0 ||
	    (scratch >= 0 && high_scratch < 0))
		_exit(127); /* no descriptors left: the case process says so */
	close(WORKER_SCRATCH_FD);
	if (high_scratch >= 0)
		dup2(high_scratch, WORKER_SCRATCH_FD);
	has_scratch = high_scratch >= 0;
	syscall(SYS_close_range, WORKER_SCRATCH_FD + 1, ~0U, 0);
}

/* A sibling, not a child: the case process waits for its end itself. */
static int32_t
nursery_clone(const struct nursery_request *request, const int *fds)
{
	long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);

	if (pid != 0)
		return (int32_t)pid;
	take_descriptors(fds[0], fds[1], fds[2]);
	worker_live(request);
}

static void
warm_up(void)
{
	struct arena arena;

	arena_init(&arena);
	text_warm_up();
	sha256_hex(&arena, BYTES_LIT("warm"));
	md5_hex(&arena, BYTES_LIT("warm"));
	hasher_free(hasher_new(true));
	arena_release(&arena);
	worker_sink_init(&worker, WORKER_RESULTS_FD, scanner_new());
}

static int
nursery_serve(void)
{
	struct nursery_request request;
	struct nursery_answer answer;
	int fds[PACKET_FDS];

	while (packet_receive(WORKER_JOBS_FD, &request, sizeof request, fds,
	           true) == (ssize_t)sizeof request) {
		answer.pid = nursery_clone(&request, fds);
		close(fds[0]);
		close(fds[1]);
		if (fds[2] >= 0)
			close(fds[2]);
		if (!packet_send(WORKER_JOBS_FD, &answer, sizeof answer, NULL,
		        0))
			break;
	}
	return 0;
}

int
worker_main(int argc, char **argv)
{
	const struct wanted *wanted = NULL;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The case process decides what Ctrl-C means. */
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	for (int i = 2; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--rules") == 0 &&
		    tables_replace(argv[i + 1]) != 0)
			return 2;
		if (strcmp(argv[i], "--wanted") == 0)
			wanted = wanted_load(argv[i + 1]);
		if (strcmp(argv[i], "--wanted") == 0 && wanted == NULL)
			return 2;
	}
	warm_up();
	worker_sink_want(&worker, wanted);
	silence();
	return nursery_serve();
}
