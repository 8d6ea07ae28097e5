/*
 * Each message's headers and own text, packed for the case: what message
 * pages show, and what conditions of inbox rules (contract 3, R4) are held
 * to.  Attachments are not kept: they stand in the evidence.
 */
#ifndef FORENSICS_INGEST_WORKER_TEXT_H
#define FORENSICS_INGEST_WORKER_TEXT_H

#include "parsers/base/kept_text.h"
#include "parsers/parser.h"

struct worker_text {
	struct kept_message {
		int64_t idx;
		struct buffer pieces;
		struct buffer part;  /* of the last piece */
		size_t bytes;        /* of text, LIMIT_KEPT_TEXT */
		bool cut;
	} *list;
	size_t count, room;
	size_t bytes;                /* of all, LIMIT_KEPT_ITEM */
	struct buffer packed;
};

void worker_text_begin(struct worker_text *kept);
/* A message of the item: one without a word has a text, which is empty. */
void worker_text_message(struct worker_text *kept, int64_t idx);
void worker_text_headers(struct worker_text *kept, int64_t idx,
    struct bytes text);
void worker_text_flow(struct worker_text *kept, const struct text_flow *flow);
void worker_text_row(struct worker_text *kept, const struct text_row *row);
/* RECORD_KIND_TEXTs of the item, after its messages. */
void worker_text_say(struct worker_text *kept, struct sink *sink);

#endif
