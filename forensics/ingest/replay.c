/* Results in the one order: source by source, plan, then units. */
#include "forensics/ingest/run.h"

#include <stdlib.h>

#include "parsers/base/die.h"

static void
replay_chunk(struct run *run, struct source *source, struct source_unit *unit)
{
	struct bytes stream = buffer_bytes(&run->chunk);
	struct frame frame;

	while (stream.n > 0) {
		/* It was checked when it came; since then it was ours. */
		BUG_ON(frame_take(&stream, &frame) != FRAME_WHOLE);
		run->taker->frame(run->taker->context, source, unit, &frame);
		if (unit != NULL && frame.type == FRAME_ITEM_END)
			unit->taken = frame.number + 1;
	}
}

static void
take_plan(struct run *run, struct source *source)
{
	if (run->taker->planned != NULL)
		run->taker->planned(run->taker->context, source);
	while (spool_take(&run->store, &source->plan, &run->chunk))
		replay_chunk(run, source, NULL);
	source->plan_taken = true;
}

static void
take_rest(struct run *run)
{
	if (run->taker->rest != NULL)
		run->taker->rest(run->taker->context);
}

static bool
is_whole(const struct source_unit *unit)
{
	return unit->state == UNIT_FINISHED && spool_is_empty(&unit->results);
}

/* Pieces of the unit that is next; true when the unit is whole. */
static bool
take_unit(struct run *run, struct source *source, size_t *most)
{
	struct source_unit *unit = &source->units[source->unit_taken];

	while (*most > 0 &&
	       spool_take(&run->store, &unit->results, &run->chunk)) {
		(*most)--;
		replay_chunk(run, source, unit);
		if (!is_whole(unit))
			take_rest(run);
	}
	return is_whole(unit);
}

static bool
take_units(struct run *run, struct source *source, size_t *most)
{
	while (source->unit_taken < source->unit_count) {
		if (*most == 0 || !take_unit(run, source, most))
			return false;
		if (run->taker->unit_done != NULL)
			run->taker->unit_done(run->taker->context, source,
			    source->unit_taken);
		source->unit_taken++;
	}
	return true;
}

static bool
take_source(struct run *run, struct source *source, size_t *most)
{
	if (source->done)
		return true;
	if (source->state != SOURCE_PLANNED)
		return false;
	if (!source->plan_taken)
		take_plan(run, source);
	if (!take_units(run, source, most))
		return false;
	if (run->taker->source_done != NULL)
		run->taker->source_done(run->taker->context, source);
	take_rest(run);
	source->done = true;
	free(source->units);
	source->units = NULL;
	source->unit_count = source->unit_room = 0;
	return true;
}

bool
run_replay(struct run *run, size_t most)
{
	while (run->taken < run->source_count) {
		struct source *source = &run->sources[run->taken];

		if (most == 0)
			return true;
		if (!take_source(run, source, &most))
			return most == 0;
		run->bytes_taken += source->weight;
		run->taken++;
		if (most > 0)
			most--;
	}
	return false;
}
