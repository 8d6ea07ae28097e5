/*
 * The first part of each message's own text, kept for conditions of inbox
 * rules (contract 3, R4) that are known only when all evidence is there.
 * Subjects are kept as they are; attachments are not.
 */
#ifndef FORENSICS_INGEST_WORKER_TEXT_H
#define FORENSICS_INGEST_WORKER_TEXT_H

#include "parsers/base/buffer.h"
#include "parsers/parser.h"

struct worker_text {
	struct kept_text {
		int64_t idx;
		struct buffer text;
		bool cut;
	} *list;
	size_t count, room;
};

void worker_text_begin(struct worker_text *kept);
void worker_text_flow(struct worker_text *kept, const struct text_flow *flow);
void worker_text_row(struct worker_text *kept, const struct text_row *row);
/* RECORD_KIND_TEXTs of the item, after its messages. */
void worker_text_say(const struct worker_text *kept, struct sink *sink);

#endif
