/* What the parsers said, into the case's tables: the one writer of part 1. */
#ifndef FORENSICS_INGEST_STORE_H
#define FORENSICS_INGEST_STORE_H

#include "forensics/case/case.h"
#include "forensics/ingest/run.h"

struct store {
	struct case_file *file;
	struct arena arena;      /* of one item */
	bool in_transaction;
	size_t records;          /* since the last commit */
	int64_t begun_ns;
	/* Rows to come. */
	int64_t next_message, next_event, next_problem;
	/* The item in hand: idx + base = row. */
	int64_t message_base, event_base;
	/* The source in hand, and its counts since its row was written. */
	const struct source *source;
	const struct source_unit *unit;
	struct bytes sha256;     /* hex */
	char sha256_room[72];
	int64_t messages, events;
	enum outcome worst;
	bool something_read;
	/* The folder that the last message named. */
	struct buffer folder_id;
	int64_t folder_row;
	/* The member of an archive that the last record named. */
	struct buffer member;
	int64_t member_row;
};

void store_init(struct store *store, struct case_file *file);
void store_release(struct store *store);

struct taker store_taker(struct store *store);

/* Make everything taken so far last; between items only. */
void store_checkpoint(struct store *store);

/* A problem of ingest's own; source 0: no content was read. */
void store_problem(struct store *store, int64_t source, struct bytes locator,
    enum problem_kind kind, enum outcome severity, struct bytes detail);

#endif
