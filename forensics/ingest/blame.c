/*
 * What a dead worker costs.  The item in hand is lost, nothing else; but
 * only when it is certain that it was this item:
 *
 *  - a worker that read other small files before may carry their damage: the
 *    job is tried again in a fresh one first;
 *  - a worker that died without last words (SIGKILL, _exit) may have been
 *    further than it said: the unit is tried again carefully, each item
 *    announced before it is begun.
 */
#include "forensics/ingest/run.h"

#include <errno.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "forensics/ingest/worker.h"
#include "parsers/base/die.h"
#include "parsers/base/text.h"

enum { STRIKES_MOST = 2 };

struct death {
	enum problem_kind kind;
	bool exact; /* its last words came */
	char text[160];
};

static int
reap(struct worker *worker)
{
	const struct timespec pause = { 0, 5000000 };
	int status = 0;

	for (int i = 0;; i++) {
		pid_t got = waitpid(worker->process.pid, &status, WNOHANG);

		if (got == worker->process.pid || (got < 0 && errno != EINTR))
			return status;
		/* It closed its pipe and lives on: no worker of ours. */
		if (i == 100)
			kill(worker->process.pid, SIGKILL);
		nanosleep(&pause, NULL);
	}
}

static bool
has_last_words(int signal_number)
{
	return signal_number == SIGSEGV || signal_number == SIGBUS ||
	       signal_number == SIGFPE || signal_number == SIGILL ||
	       signal_number == SIGABRT;
}

static void
judge_signal(struct death *death, int number)
{
	death->kind = number == SIGKILL ? PROBLEM_MEMORY : PROBLEM_CRASHED;
	death->exact = has_last_words(number);
	snprintf(death->text, sizeof death->text,
	    number == SIGKILL ? "the machine ended the parser (out of memory)"
	    : number == SIGSYS
		? "the parser tried what it is not allowed to (signal %d)"
		: "the parser crashed (signal %d)",
	    number);
}

static struct death
judge(const struct worker *worker, int status)
{
	struct death death = { PROBLEM_CRASHED, true, "" };

	if (worker->lie != NULL) {
		death.exact = false;
		snprintf(death.text, sizeof death.text,
		    "the parser answered nonsense: %s", worker->lie);
	} else if (worker->hung) {
		death.kind = PROBLEM_HUNG;
		death.exact = WIFEXITED(status);
		snprintf(death.text, sizeof death.text,
		    "the parser made no progress and was stopped");
	} else if (WIFSIGNALED(status)) {
		judge_signal(&death, WTERMSIG(status));
	} else if (WEXITSTATUS(status) == WORKER_MEMORY) {
		death.kind = PROBLEM_MEMORY;
		snprintf(death.text, sizeof death.text,
		    "the parser ran out of memory");
	} else {
		death.exact = false;
		snprintf(death.text, sizeof death.text,
		    "the parser ended (status %d)", WEXITSTATUS(status));
	}
	return death;
}

static void
add_problem(struct run *run, struct spool *spool, const struct death *death,
    struct bytes locator, enum outcome severity, int64_t items_lost,
    const uint64_t *ordinal)
{
	struct buffer said = BUFFER_EMPTY;
	struct record_problem problem;

	record_clear(RECORD_KIND_PROBLEM, &problem);
	problem.locator = locator;
	problem.kind = bytes_cstr(problem_kind_name(death->kind));
	problem.severity = bytes_cstr(severity_name(severity));
	problem.items_lost = items_lost;
	problem.detail = bytes_cstr(death->text);
	record_frame_add(&said, RECORD_KIND_PROBLEM, &problem);
	/* An end without a beginning: a resumed run knows it is lost. */
	if (ordinal != NULL)
		frame_add(&said, FRAME_ITEM_END, 0, *ordinal, BYTES_NONE);
	spool_add(&run->store, spool, buffer_bytes(&said));
	buffer_release(&said);
}

static void
lose_plan(struct worker *worker, const struct death *death)
{
	struct run *run = worker->run;
	struct source *source = &run->sources[worker->tasks[0].source];

	add_problem(run, &source->plan, death, BYTES_NONE,
	    OUTCOME_SOURCE_LOST, 0, NULL);
	source->unit_count = 0;
	source->units_waiting = 0;
	source->state = SOURCE_PLANNED;
	worker_pop(worker);
}

static void
lose_item(struct worker *worker, struct source_unit *unit,
    const struct death *death)
{
	spool_add(&worker->run->store, &unit->results,
	    talk_between(&worker->talk));
	add_problem(worker->run, &unit->results, death,
	    text_repair_utf8(worker->run->arena,
	        arena_dup(worker->run->arena,
	            buffer_bytes(&worker->talk.locator))),
	    OUTCOME_ITEM_LOST, (int64_t)worker->talk.item_size,
	    &worker->talk.next);
	unit->resume = worker->talk.next + 1;
	unit->strikes = 0;
	unit->careful = false;
	task_give_back(worker->run, worker->tasks[0]);
	worker_pop(worker);
}

static void
lose_unit(struct worker *worker, struct source *source,
    struct source_unit *unit, const struct death *death)
{
	int64_t left = unit->items != RECORD_NONE &&
			       (uint64_t)unit->items > unit->resume
			   ? unit->items - (int64_t)unit->resume
			   : 0;

	spool_add(&worker->run->store, &unit->results,
	    talk_between(&worker->talk));
	add_problem(worker->run, &unit->results, death, BYTES_NONE,
	    source->unit_count == 1 && left == 0 ? OUTCOME_SOURCE_LOST
						 : OUTCOME_ITEM_LOST,
	    left > 0 ? left : 1, NULL);
	unit->state = UNIT_FINISHED;
	worker_pop(worker);
}

static void
again(struct worker *worker, struct source_unit *unit, bool careful)
{
	struct source *source = &worker->run->sources[worker->tasks[0].source];

	if (unit != NULL) {
		unit->fresh = true;
		unit->careful |= careful;
	} else {
		/* What its plan said so far must not stand twice. */
		spool_drop(&worker->run->store, &source->plan);
		source->unit_count = source->units_waiting = 0;
		source->fresh = true;
		source->careful |= careful;
	}
	task_give_back(worker->run, worker->tasks[0]);
	worker_pop(worker);
}

static void
blame_survey(struct worker *worker, struct source *source,
    const struct death *death, bool certain)
{
	bool begun = worker->talk.at != TALK_IDLE;

	if (certain && (begun || ++source->strikes >= STRIKES_MOST))
		lose_plan(worker, death);
	else
		again(worker, NULL, !certain);
}

static void
blame_unit(struct worker *worker, struct source *source,
    struct source_unit *unit, const struct death *death, bool certain)
{
	if (certain && worker->talk.at == TALK_ITEM)
		lose_item(worker, unit, death);
	else if (certain && ++unit->strikes >= STRIKES_MOST)
		lose_unit(worker, source, unit, death);
	else
		again(worker, unit, !certain);
}

/* Its first task, whose answer had begun or not. */
static void
blame(struct worker *worker, const struct death *death)
{
	struct source *source = &worker->run->sources[worker->tasks[0].source];
	size_t unit = worker->tasks[0].unit;
	bool innocent = worker->jobs_done > 0 && death->kind != PROBLEM_HUNG;
	bool certain = worker->careful || death->exact;

	run_log(worker->run, "%s: %s", source->file, death->text);
	if (innocent)
		again(worker,
		    unit == SIZE_MAX ? NULL : &source->units[unit], false);
	else if (unit == SIZE_MAX)
		blame_survey(worker, source, death, certain);
	else
		blame_unit(worker, source, &source->units[unit], death,
		    certain);
}

static void
give_back_rest(struct worker *worker)
{
	while (worker->task_count > 0) {
		task_give_back(worker->run, worker->tasks[0]);
		worker_pop(worker);
	}
}

void
worker_died(struct worker *worker)
{
	int status = reap(worker);
	struct death death = judge(worker, status);

	close(worker->process.results);
	if (worker->process.jobs >= 0)
		close(worker->process.jobs);
	worker->process.jobs = -1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == WORKER_UNCONFINED)
		die_machine("a worker could not be confined");
	if (worker->task_count > 0 && !(worker->stopped && !worker->hung))
		blame(worker, &death);
	give_back_rest(worker);
	talk_release(&worker->talk);
	worker->alive = false;
}
