/* The worker's sink: counts items, sends frames, gives text to the scanner. */
#ifndef FORENSICS_INGEST_WORKER_SINK_H
#define FORENSICS_INGEST_WORKER_SINK_H

#include "forensics/ingest/worker_text.h"
#include "parsers/base/buffer.h"
#include "parsers/parser.h"

struct scanner;
struct wanted;

struct worker_sink {
	struct sink sink; /* first: parsers get its address */
	int results;
	struct buffer out;
	volatile size_t sent;      /* of out: what a crash must not repeat */
	volatile bool sending;
	struct scanner *scanner;
	struct worker_text texts;  /* of the item in hand */
	const struct wanted *wanted; /* export: items asked for; or NULL */
	uint64_t ordinal;          /* of the next item */
	uint64_t resume;           /* items below are done or lost */
	bool planning, in_item, careful;
	enum outcome worst;        /* of the problems said, muted ones too */
	int64_t flushed_ns;
	/* Of a plan: how many units, and the words of the first. */
	size_t units;
	struct buffer spec;
	struct bytes name;         /* of the evidence, for fault injection */
};

void worker_sink_init(struct worker_sink *sink, int results,
    struct scanner *scanner);
/* Contents of these items instead of texts and findings of all; NULL: not. */
void worker_sink_want(struct worker_sink *sink, const struct wanted *wanted);

void worker_sink_plan(struct worker_sink *sink);
void worker_sink_run(struct worker_sink *sink, uint64_t resume);

/* Write out what is held; ends the process when nobody listens. */
void worker_sink_flush(struct worker_sink *sink);

/* The same from a signal handler or at exit: whole frames only. */
void worker_sink_last_words(struct worker_sink *sink);

#endif
