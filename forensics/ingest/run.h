/*
 * Reading many sources with several workers, and handing on what they said
 * in an order that depends on the evidence alone: source by source, its plan
 * first, then its units.  Who takes it (the case, inspect) is a struct taker.
 *
 *	dispatch.c  which job goes to which worker
 *	listen.c    what comes back
 *	blame.c     what a dead worker costs
 *	replay.c    results in their order to the taker
 *	supervise.c the loop
 */
#ifndef FORENSICS_INGEST_RUN_H
#define FORENSICS_INGEST_RUN_H

#include <signal.h>
#include <stdio.h>

#include "forensics/ingest/nursery.h"
#include "forensics/ingest/spool.h"
#include "forensics/ingest/talk.h"
#include "parsers/base/arena.h"
#include "parsers/parser.h"

enum unit_state { UNIT_WAITING, UNIT_GIVEN, UNIT_FINISHED };

struct source_unit {
	struct bytes spec;
	int64_t items;   /* as the plan promised; RECORD_NONE: not known */
	uint64_t resume; /* items read or lost so far */
	uint64_t taken;  /* of them, how many the taker has */
	enum unit_state state;
	unsigned strikes;      /* deaths without any progress */
	bool fresh, careful;   /* how it must be tried next */
	struct spool results;
};

enum source_state { SOURCE_NEW, SOURCE_GIVEN, SOURCE_PLANNED };

struct source {
	int64_t row;           /* in the case */
	const char *file;      /* to open */
	struct bytes name;     /* last component */
	struct bytes forced;   /* --as, or empty */
	uint64_t size;
	enum source_state state;
	const struct parser *parser; /* NULL: unknown */
	bool done;             /* taken whole, now or in an earlier run */
	bool plan_taken;
	bool fresh, careful;   /* how its survey must be tried next */
	unsigned strikes;
	struct spool plan;
	struct source_unit *units;
	size_t unit_count, unit_room;
	size_t units_waiting;  /* how many in UNIT_WAITING */
	size_t unit_taken;     /* units before this one are taken */
	uint64_t weight;       /* bytes counted as progress when it is done */
};

/* What is done with results; all calls in the one order. */
struct taker { /* NULL: nothing is done then; all but `frame` may be */
	void *context;
	/* Kind and units are known; the plan's records follow. */
	void (*planned)(void *context, struct source *source);
	/* unit == NULL: of the plan. */
	void (*frame)(void *context, struct source *source,
	    struct source_unit *unit, const struct frame *frame);
	void (*unit_done)(void *context, struct source *source, size_t unit);
	void (*source_done)(void *context, struct source *source);
	/* All taken so far may be made to last: no item is half taken, and
	 * what is said at a unit's end came with its end. */
	void (*rest)(void *context);
};

struct task {
	size_t source;
	size_t unit; /* SIZE_MAX: survey */
};

enum { TASKS_MOST = 64, NO_SOURCE = -1, SMALL_SOURCES = -2 };

struct worker {
	struct worker_process process;
	struct run *run;
	bool alive;
	struct talk talk;
	struct task tasks[TASKS_MOST]; /* the first is in hand or next */
	size_t task_count;
	uint64_t first_id;     /* of tasks[0] */
	uint64_t cost;         /* bytes of all tasks */
	size_t jobs_done;
	int64_t bound;         /* a large source, SMALL_SOURCES, NO_SOURCE */
	bool careful;
	bool retired;          /* no more jobs: it ends by itself */
	bool stopped, killed;  /* we sent SIGTERM, SIGKILL */
	const char *lie;       /* why it was killed */
	bool hung;
	/* The watchdog's last look. */
	uint64_t heard, heard_before;
	int64_t quiet_since_ns, quiet_cpu_ns;
};

struct run {
	struct source *sources;
	size_t source_count;
	struct arena *arena;    /* as long as the run */
	const struct taker *taker;
	struct nursery nursery;
	const char *rules;
	const char *wanted;     /* file of wanted.h, or NULL */
	bool no_sandbox;
	size_t worker_memory;   /* bytes; 0: no limit */
	struct worker *workers;
	size_t worker_count;
	struct spool_store store;
	size_t next_survey;     /* no new source before this one */
	size_t first_ready;     /* no waiting unit before this source */
	size_t taken;           /* sources before this one are taken */
	size_t window;          /* how far surveys may run ahead */
	struct buffer chunk;    /* of replay */
	volatile sig_atomic_t *interrupted; /* or NULL */
	/* For whoever shows progress. */
	uint64_t items, bytes_taken;
	void (*progress)(void *context);
	void *progress_context;
	FILE *log;
};

/* Fill sources, taker, options; then: */
void run_init(struct run *run, unsigned workers, const char *spool_folder,
    size_t spool_memory);
/* 0 when every source is taken, 7 interrupted, 1 cannot confine. */
int run_all(struct run *run);
void run_release(struct run *run);

struct source_unit *source_add_unit(struct source *source, struct bytes spec,
    int64_t items);

/* ---- among the files named above */

void run_dispatch(struct run *run);
void task_give_back(struct run *run, struct task task);

extern const struct talk_listener run_listener;
/* Forget the first task of the worker: it is done or lost. */
void worker_pop(struct worker *worker);

/* The worker's pipe has ended: reap it, blame, give its tasks back. */
void worker_died(struct worker *worker);

/* Take at most `most` pieces; true when there may be more at once. */
bool run_replay(struct run *run, size_t most);

void run_log(struct run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
