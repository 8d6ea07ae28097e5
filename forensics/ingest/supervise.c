/* The loop: give jobs, hear answers, watch the clock, take results. */
#include "forensics/ingest/run.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "parsers/base/die.h"
#include "parsers/base/limits.h"

enum {
	READ_BYTES = 1024 * 1024,
	REPLAY_PIECES = 64,
	TICK_MS = 500,
	/* Processor seconds without a word; see patience_ns(). */
	PATIENCE_SECONDS = 60,
	PATIENCE_BYTES_A_SECOND = 4 * 1024 * 1024,
	/* A worker that does not even compute: stuck on a dead disk. */
	WALL_FACTOR = 10,
};

#define SECOND_NS INT64_C(1000000000)

void
run_log(struct run *run, const char *format, ...)
{
	va_list arguments;

	if (run->log == NULL)
		return;
	va_start(arguments, format);
	vfprintf(run->log, format, arguments);
	va_end(arguments);
	fputc('\n', run->log);
}

static int64_t
clock_ns(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now) != 0)
		return 0;
	return now.tv_sec * SECOND_NS + now.tv_nsec;
}

static int64_t
cpu_ns(pid_t pid)
{
	clockid_t clock;

	return clock_getcpuclockid(pid, &clock) == 0 ? clock_ns(clock) : 0;
}

/* ---- the watchdog */

/* Processor time, so that a busy machine does not make a parser hang: one
 * minute, and more for the largest item that the source can hold. */
static int64_t
patience_ns(const struct run *run, const struct worker *worker)
{
	uint64_t size = run->sources[worker->tasks[0].source].size;
	int64_t seconds = PATIENCE_SECONDS;
#ifdef FAULT_INJECTION
	const char *faster = getenv("POSTMORTEM_HANG_SECONDS");

	if (faster != NULL)
		return atoll(faster) * SECOND_NS;
#endif
	/* A plan may have to read all of it before it says a word. */
	if (worker->talk.at > TALK_PLAN && size > LIMIT_ITEM_BYTES)
		size = LIMIT_ITEM_BYTES;
	return (seconds + (int64_t)(size / PATIENCE_BYTES_A_SECOND)) *
	       SECOND_NS;
}

static void
worker_stop(struct worker *worker)
{
	if (!worker->stopped)
		kill(worker->process.pid, SIGTERM);
	else if (!worker->killed)
		kill(worker->process.pid, SIGKILL);
	worker->killed = worker->stopped;
	worker->stopped = true;
}

static void
watch(struct run *run, struct worker *worker)
{
	int64_t now = clock_ns(CLOCK_MONOTONIC);
	int64_t cpu = cpu_ns(worker->process.pid);
	int64_t patience;

	if (worker->stopped) {
		/* It had a tick to say its last words. */
		worker_stop(worker);
		return;
	}
	if (worker->task_count == 0)
		return;
	if (worker->heard != worker->heard_before ||
	    worker->quiet_since_ns == 0) {
		worker->heard_before = worker->heard;
		worker->quiet_since_ns = now;
		worker->quiet_cpu_ns = cpu;
		return;
	}
	patience = patience_ns(run, worker);
	if (cpu - worker->quiet_cpu_ns < patience &&
	    now - worker->quiet_since_ns < patience * WALL_FACTOR)
		return;
	worker->hung = true;
	worker_stop(worker);
}

static void
watch_all(struct run *run, int64_t *last_ns)
{
	int64_t now = clock_ns(CLOCK_MONOTONIC);

	if (now - *last_ns < TICK_MS * INT64_C(1000000))
		return;
	*last_ns = now;
	for (size_t i = 0; i < run->worker_count; i++)
		if (run->workers[i].alive)
			watch(run, &run->workers[i]);
	if (run->progress != NULL)
		run->progress(run->progress_context);
}

/* ---- hearing */

static void
hear(struct worker *worker, struct bytes said)
{
	const char *wrong;

	if (worker->lie != NULL)
		return; /* nothing more is believed */
	wrong = talk_hear(&worker->talk, said);
	if (worker->lie == NULL)
		worker->lie = wrong;
	if (worker->lie == NULL)
		return;
	kill(worker->process.pid, SIGKILL);
	worker->killed = true;
}

/* All that is there now, one piece; false at the end of the pipe. */
static bool
read_worker(struct worker *worker, uint8_t *room)
{
	ssize_t n = read(worker->process.results, room, READ_BYTES);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	worker->heard += (uint64_t)n;
	hear(worker, bytes_of(room, (size_t)n));
	return true;
}

static void
read_all(struct run *run, int timeout_ms)
{
	static uint8_t *room;
	struct pollfd *polled = calloc(run->worker_count, sizeof *polled);

	if (room == NULL)
		room = malloc(READ_BYTES);
	if (room == NULL || polled == NULL)
		die_machine("out of memory");
	for (size_t i = 0; i < run->worker_count; i++) {
		const struct worker *worker = &run->workers[i];

		polled[i].fd = worker->alive ? worker->process.results : -1;
		polled[i].events = POLLIN;
	}
	if (poll(polled, run->worker_count, timeout_ms) > 0)
		for (size_t i = 0; i < run->worker_count; i++)
			if (polled[i].revents != 0 &&
			    !read_worker(&run->workers[i], room))
				worker_died(&run->workers[i]);
	free(polled);
}

/* ---- the run */

void
run_init(struct run *run, unsigned workers, const char *spool_folder,
    size_t spool_memory)
{
	run->workers = calloc(workers, sizeof *run->workers);
	if (run->workers == NULL)
		die_machine("out of memory");
	run->worker_count = workers;
	run->window = 20000;
	spool_store_init(&run->store, spool_folder, spool_memory);
}

static bool
any_alive(const struct run *run)
{
	for (size_t i = 0; i < run->worker_count; i++)
		if (run->workers[i].alive)
			return true;
	return false;
}

/* Whole items that workers still hold come with their last words. */
static void
stop_all(struct run *run)
{
	int64_t last = 0;

	for (size_t i = 0; i < run->worker_count; i++)
		if (run->workers[i].alive)
			worker_stop(&run->workers[i]);
	last = clock_ns(CLOCK_MONOTONIC);
	while (any_alive(run)) {
		read_all(run, TICK_MS);
		watch_all(run, &last);
	}
}

static bool
is_interrupted(const struct run *run)
{
	return run->interrupted != NULL && *run->interrupted != 0;
}

int
run_all(struct run *run)
{
	int64_t last_watch = 0;
	bool more = true;

	nursery_start(&run->nursery, run->rules, run->wanted);
	while (run->taken < run->source_count && !is_interrupted(run)) {
		run_dispatch(run);
		read_all(run, more ? 0 : TICK_MS);
		watch_all(run, &last_watch);
		more = run_replay(run, REPLAY_PIECES);
	}
	stop_all(run);
	while (run_replay(run, REPLAY_PIECES))
		;
	nursery_stop(&run->nursery);
	return run->taken < run->source_count ? 7 : 0;
}

void
run_release(struct run *run)
{
	for (size_t i = 0; i < run->source_count; i++) {
		struct source *source = &run->sources[i];

		spool_drop(&run->store, &source->plan);
		for (size_t u = 0; u < source->unit_count; u++)
			spool_drop(&run->store, &source->units[u].results);
		free(source->units);
		source->units = NULL;
	}
	free(run->workers);
	buffer_release(&run->chunk);
	spool_store_release(&run->store);
}
