/* What a worker said, into its source: kind, plan, units, items. */
#include "forensics/ingest/run.h"

#include <stdlib.h>

#include "forensics/ingest/worker.h"
#include "parsers/base/die.h"

/* Pieces of one source: a terabyte in pieces of a megabyte. */
enum { UNITS_MOST = 1000000 };

static struct source *
source_of(const struct worker *worker)
{
	return &worker->run->sources[worker->tasks[0].source];
}

struct source_unit *
source_add_unit(struct source *source, struct bytes spec, int64_t items)
{
	struct source_unit *unit;

	if (source->unit_count == source->unit_room) {
		source->unit_room = source->unit_room * 2 + 1;
		source->units = realloc(source->units,
		    source->unit_room * sizeof *source->units);
		if (source->units == NULL)
			die_machine("out of memory");
	}
	unit = &source->units[source->unit_count++];
	*unit = (struct source_unit){ .spec = spec, .items = items };
	source->units_waiting++;
	return unit;
}

void
worker_pop(struct worker *worker)
{
	worker->first_id++;
	worker->jobs_done++;
	worker->task_count--;
	memmove(worker->tasks, worker->tasks + 1,
	    worker->task_count * sizeof worker->tasks[0]);
	if (worker->task_count == 0)
		worker->cost = 0;
}

static bool
hear_job(void *context, uint64_t id, bool *survey, uint64_t *resume)
{
	struct worker *worker = context;
	struct task task = worker->tasks[0];

	if (worker->task_count == 0 || id != worker->first_id)
		return false;
	*survey = task.unit == SIZE_MAX;
	*resume = *survey ? 0 : source_of(worker)->units[task.unit].resume;
	return true;
}

static bool
hear_kind(void *context, struct bytes name, bool tie)
{
	struct worker *worker = context;
	struct source *source = source_of(worker);
	struct buffer said = BUFFER_EMPTY;
	struct record_problem problem;

	source->parser = parser_named(name);
	if (name.n > 0)
		return source->parser != NULL;
	record_clear(RECORD_KIND_PROBLEM, &problem);
	problem.kind = bytes_cstr(problem_kind_name(
	    tie ? PROBLEM_AMBIGUOUS_FORMAT : PROBLEM_UNKNOWN_FORMAT));
	problem.severity = bytes_cstr(severity_name(OUTCOME_SOURCE_LOST));
	problem.items_lost = 0;
	problem.detail = tie ? BYTES_LIT("two formats claim this content; "
					 "name one with --as FORMAT FILE")
			     : BYTES_LIT("no format is known for this "
					 "content; nothing of it was read");
	record_frame_add(&said, RECORD_KIND_PROBLEM, &problem);
	spool_add(&worker->run->store, &source->plan, buffer_bytes(&said));
	buffer_release(&said);
	return true;
}

static void
hear_plan_record(void *context, enum record_kind kind,
    const union record_any *record, struct bytes frame)
{
	struct worker *worker = context;
	struct source *source = source_of(worker);

	if (kind != RECORD_KIND_UNIT) {
		spool_add(&worker->run->store, &source->plan, frame);
		return;
	}
	if (record->unit.spec.n > UNIT_SPEC_MOST ||
	    source->unit_count >= UNITS_MOST) {
		worker->lie = "a plan of too many or too long units";
		return;
	}
	source_add_unit(source, arena_dup(worker->run->arena,
	    record->unit.spec), record->unit.items);
}

static bool
hear_plan_end(void *context, enum outcome outcome)
{
	struct worker *worker = context;
	struct source *source = source_of(worker);

	source->state = SOURCE_PLANNED;
	if (outcome == OUTCOME_SOURCE_LOST) {
		source->unit_count = 0;
		source->units_waiting = 0;
	}
	if (source->unit_count != 1) {
		if (worker->tasks[0].source < worker->run->first_ready)
			worker->run->first_ready = worker->tasks[0].source;
		worker_pop(worker);
		return false;
	}
	worker->tasks[0].unit = 0;
	source->units[0].state = UNIT_GIVEN;
	source->units_waiting = 0;
	return true;
}

static void
hear_item(void *context, struct bytes frames, uint64_t next)
{
	struct worker *worker = context;
	struct source_unit *unit =
	    &source_of(worker)->units[worker->tasks[0].unit];

	spool_add(&worker->run->store, &unit->results, frames);
	unit->resume = next;
	unit->strikes = 0;
	worker->run->items++;
}

static void
hear_unit_end(void *context, struct bytes frames, enum outcome outcome,
    uint64_t items)
{
	struct worker *worker = context;
	struct source_unit *unit =
	    &source_of(worker)->units[worker->tasks[0].unit];

	(void)outcome; /* the parser has said its problems as rows */
	spool_add(&worker->run->store, &unit->results, frames);
	unit->resume = items;
	unit->state = UNIT_FINISHED;
	worker_pop(worker);
}

const struct talk_listener run_listener = {
	.job = hear_job,
	.kind = hear_kind,
	.plan_record = hear_plan_record,
	.plan_end = hear_plan_end,
	.item = hear_item,
	.unit_end = hear_unit_end,
};
