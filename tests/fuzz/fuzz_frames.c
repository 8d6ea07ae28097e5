/* A worker that was taken over: any bytes into the case process's ear.  The
 * first two bytes choose the job and the size of the pieces. */
#include "forensics/ingest/talk.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
	bool survey, runs_on;
	uint64_t resume;
};

static bool
on_job(void *context, uint64_t id, bool *survey, uint64_t *resume)
{
	struct heard *heard = context;

	(void)id;
	*survey = heard->survey;
	*resume = heard->resume;
	return true;
}

static bool
on_kind(void *context, struct bytes name, bool tie)
{
	(void)context, (void)tie;
	return name.n < 16;
}

static void
on_plan_record(void *context, enum record_kind kind,
    const union record_any *record, struct bytes frame)
{
	(void)context, (void)kind, (void)record, (void)frame;
}

static bool
on_plan_end(void *context, enum outcome outcome)
{
	(void)outcome;
	return ((struct heard *)context)->runs_on;
}

/* What is handed on must be whole frames of the right shapes. */
static void
on_item(void *context, struct bytes frames, uint64_t next)
{
	(void)context, (void)next;
	while (frames.n > 0) {
		union record_any record;
		struct frame frame;

		if (frame_take(&frames, &frame) != FRAME_WHOLE)
			abort();
		if (frame.type == FRAME_RECORD &&
		    (!record_decode(frame.aux, frame.payload, &record) ||
		        record_check(frame.aux, &record) != NULL))
			abort();
	}
}

static void
on_unit_end(void *context, struct bytes frames, enum outcome outcome,
    uint64_t items)
{
	(void)outcome;
	on_item(context, frames, items);
}

static const struct talk_listener listener = { on_job, on_kind,
	on_plan_record, on_plan_end, on_item, on_unit_end };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct heard heard;
	struct bytes rest;
	struct talk talk;
	size_t piece;

	if (size < 2)
		return 0;
	heard = (struct heard){ data[0] & 1, data[0] & 2, data[0] >> 2 };
	piece = (size_t)data[1] + 1;
	rest = bytes_of(data + 2, size - 2);
	talk_init(&talk, &listener, &heard);
	while (rest.n > 0 &&
	       talk_hear(&talk, bytes_slice(rest, 0, piece)) == NULL)
		rest = bytes_skip(rest, piece);
	talk_release(&talk);
	return 0;
}
