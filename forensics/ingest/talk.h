/*
 * One worker's answers, read in the order they must have:
 *
 *	JOB survey: KIND, plan RECORDs, PLAN_END [, a unit as below]
 *	JOB run:    { ITEM_BEGIN, RECORDs, ITEM_END }, RECORDs, UNIT_END
 *
 * Only whole items are handed on; what a worker said of an item before it
 * died is forgotten with it.  Pure: no descriptors, no processes.
 */
#ifndef FORENSICS_INGEST_TALK_H
#define FORENSICS_INGEST_TALK_H

#include "forensics/ingest/frame.h"

/* What the reader's owner does with what was said and held. */
struct talk_listener {
	/* The job that must come next; false when none is due. */
	bool (*job)(void *context, uint64_t id, bool *survey, uint64_t *resume);
	/* false: no such parser.  name empty: nobody knows the format. */
	bool (*kind)(void *context, struct bytes name, bool tie);
	/* `frame` is the record as it came, for keeping. */
	void (*plan_record)(void *context, enum record_kind kind,
	    const union record_any *record, struct bytes frame);
	/* True when the worker goes on with the source's only unit. */
	bool (*plan_end)(void *context, enum outcome outcome);
	/* Frames of one whole item and those said between it and the last;
	 * `next` is the ordinal to resume from. */
	void (*item)(void *context, struct bytes frames, uint64_t next);
	void (*unit_end)(void *context, struct bytes frames,
	    enum outcome outcome, uint64_t items);
};

enum talk_at { TALK_IDLE, TALK_KIND, TALK_PLAN, TALK_BETWEEN, TALK_ITEM };

/* Numbers below 64 as bits, the others in a list. */
struct index_set {
	uint64_t low;
	struct buffer high; /* int64_t each */
};

struct talk {
	const struct talk_listener *listener;
	void *context;
	enum talk_at at;
	uint64_t next;         /* ordinal the next item must have */
	struct buffer in;      /* bytes that are no whole frame yet */
	struct buffer frames;  /* said since the last whole item */
	size_t before;         /* of them, those before the item in hand */
	struct buffer locator; /* of the item in hand */
	uint64_t item_size;    /* records it stands for */
	struct index_set messages, events, named_messages, named_events;
	struct buffer event_items; /* struct index_pair each */
};

void talk_init(struct talk *talk, const struct talk_listener *listener,
    void *context);
void talk_release(struct talk *talk);

/* What was said between the last whole item and the one in hand: it was not
 * of an item, and the worker does not say it again. */
struct bytes talk_between(const struct talk *talk);

/* NULL, or in words what was wrong; the worker must then be killed. */
const char *talk_hear(struct talk *talk, struct bytes bytes);

#endif
