/*
 * Which job goes to which worker.  Units of sources already planned come
 * before new surveys, lower source numbers first: what is wanted next by the
 * replay is read first.  Many small files ride in one long-lived worker; a
 * large source gets workers of its own, so that one damaged store cannot
 * disturb another.
 */
#include "forensics/ingest/run.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "forensics/ingest/evidence.h"
#include "forensics/ingest/worker.h"
#include "parsers/base/die.h"

enum {
	LARGE_SOURCE = 16 * 1024 * 1024,
	/* Jobs sent ahead, so that small files do not wait for the pipe. */
	COST_AHEAD = 4 * 1024 * 1024,
};

/* The first waiting unit of a source that a survey has planned. */
static bool
next_unit(struct run *run, struct task *task)
{
	const struct source *source;

	while (run->first_ready < run->next_survey &&
	       run->sources[run->first_ready].units_waiting == 0)
		run->first_ready++;
	if (run->first_ready == run->next_survey)
		return false;
	source = &run->sources[run->first_ready];
	task->source = run->first_ready;
	task->unit = source->unit_taken;
	while (source->units[task->unit].state != UNIT_WAITING)
		task->unit++;
	return true;
}

static bool
next_task(struct run *run, struct task *task)
{
	for (;;) {
		const struct source *source;

		if (next_unit(run, task))
			return true;
		if (run->next_survey == run->source_count)
			return false;
		source = &run->sources[run->next_survey];
		*task = (struct task){ run->next_survey, SIZE_MAX };
		if (!source->done && source->state == SOURCE_NEW)
			return task->source - run->taken < run->window;
		/* Planned in an earlier run, perhaps with units left. */
		run->next_survey++;
	}
}

static struct source_unit *
task_unit(struct run *run, struct task task)
{
	return task.unit == SIZE_MAX
		   ? NULL
		   : &run->sources[task.source].units[task.unit];
}

static uint64_t
task_cost(struct run *run, struct task task)
{
	const struct source *source = &run->sources[task.source];

	return task.unit == SIZE_MAX ? source->size
				     : source->size / source->unit_count;
}

static bool
task_wants_fresh(struct run *run, struct task task)
{
	struct source_unit *unit = task_unit(run, task);

	return unit != NULL ? unit->fresh || unit->careful
			    : run->sources[task.source].fresh;
}

static int64_t
task_binding(struct run *run, struct task task)
{
	return run->sources[task.source].size >= LARGE_SOURCE
		   ? (int64_t)task.source
		   : SMALL_SOURCES;
}

static bool
fits(struct run *run, const struct worker *worker, struct task task)
{
	if (worker->bound == NO_SOURCE)
		return true;
	if (task_wants_fresh(run, task) || worker->careful)
		return false;
	return worker->bound == task_binding(run, task);
}

static bool
has_room(struct run *run, const struct worker *worker, struct task task)
{
	return worker->task_count == 0 ||
	       (worker->task_count < TASKS_MOST && !worker->careful &&
	           worker->cost + task_cost(run, task) < COST_AHEAD);
}

static void
worker_start(struct run *run, struct worker *worker)
{
	*worker = (struct worker){ .run = run, .bound = NO_SOURCE,
		.alive = true };
	nursery_worker(&run->nursery, run->worker_memory, run->no_sandbox,
	    scratch_open(run->store.folder), &worker->process);
	talk_init(&worker->talk, &run_listener, worker);
}

static void
mark_given(struct run *run, struct task task)
{
	struct source *source = &run->sources[task.source];

	if (task.unit == SIZE_MAX) {
		source->state = SOURCE_GIVEN;
		run->next_survey = task.source + 1;
		return;
	}
	source->units[task.unit].state = UNIT_GIVEN;
	source->units_waiting--;
}

void
task_give_back(struct run *run, struct task task)
{
	struct source *source = &run->sources[task.source];

	if (task.unit == SIZE_MAX) {
		source->state = SOURCE_NEW;
		if (task.source < run->next_survey)
			run->next_survey = task.source;
		if (run->first_ready > run->next_survey)
			run->first_ready = run->next_survey;
		return;
	}
	source->units[task.unit].state = UNIT_WAITING;
	source->units_waiting++;
	if (task.source < run->first_ready)
		run->first_ready = task.source;
}

/* The file was readable when it was hashed; should it not be any more, the
 * worker gets an empty one and the check afterwards says `changed`. */
static int
evidence_or_nothing(struct run *run, const struct source *source)
{
	int fd = evidence_open(source->file, 0);

	if (fd >= 0)
		return fd;
	run_log(run, "%s: %s", source->file, strerror(errno));
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die_machine("/dev/null: %s", strerror(errno));
	return fd;
}

static void
task_send(struct run *run, struct worker *worker, struct task task)
{
	struct source *source = &run->sources[task.source];
	struct source_unit *unit = task_unit(run, task);
	struct job job = { .head.size = source->size, .name = source->name };
	int fd = evidence_or_nothing(run, source);

	job.head.id = worker->first_id + worker->task_count;
	job.head.survey = unit == NULL;
	job.head.careful = unit != NULL ? unit->careful : source->careful;
	worker->careful = job.head.careful;
	job.kind = source->forced;
	if (unit != NULL) {
		job.head.resume = unit->resume;
		job.spec = unit->spec;
		job.kind = bytes_cstr(source->parser->name);
	}
	job.head.spec = (uint32_t)job.spec.n;
	job.head.kind = (uint32_t)job.kind.n;
	job.head.name = (uint32_t)job.name.n;
	if (worker->task_count == 0)
		worker->quiet_since_ns = 0;
	mark_given(run, task);
	worker->tasks[worker->task_count++] = task;
	worker->cost += task_cost(run, task);
	worker->bound = task_binding(run, task);
	/* A worker that died meanwhile is noticed by its pipe. */
	job_send(worker->process.jobs, &job, fd);
	close(fd);
}

static void
worker_retire(struct worker *worker)
{
	worker->retired = true;
	close(worker->process.jobs);
	worker->process.jobs = -1;
}

/* One task for this worker, if the next one suits it. */
static bool
feed(struct run *run, struct worker *worker)
{
	struct task task;

	if (worker->alive && (worker->retired || worker->stopped))
		return false;
	if (!next_task(run, &task))
		return false;
	if (!worker->alive)
		worker_start(run, worker);
	if (!fits(run, worker, task)) {
		if (worker->task_count == 0)
			worker_retire(worker);
		return false;
	}
	if (!has_room(run, worker, task))
		return false;
	task_send(run, worker, task);
	return true;
}

/* In turns: few tasks are spread over all workers. */
void
run_dispatch(struct run *run)
{
	bool fed = true;

	while (fed) {
		fed = false;
		for (size_t i = 0; i < run->worker_count; i++)
			fed |= feed(run, &run->workers[i]);
	}
}
