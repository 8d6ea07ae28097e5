/*
 * One inner audit record (AuditData) of the Microsoft 365 unified audit log
 * -> RECORD_EVENT, its EVENT_ITEMs and EVENT_FOLDERs.
 *
 * Source: Office 365 Management Activity API schema; the semantics and the
 * deviations met are listed in parsers/FORMATS.md.
 */
#ifndef PARSERS_AUDIT_UAL_H
#define PARSERS_AUDIT_UAL_H

#include "parsers/parser.h"

struct ual;

struct ual *ual_new(void);
void ual_free(struct ual *ual);

/* Where a record stood; everything about it that its text does not say. */
struct ual_place {
	int64_t idx;           /* of the event within the sink's item */
	struct bytes locator;
	int64_t raw_offset, raw_bytes;
	int64_t result_count, result_index; /* wrapper's, or RECORD_NONE */
	int64_t time_us;       /* where the record's own is local, else none */
};

/*
 * Say one record.  `text` must be followed by JSON_PADDING readable bytes.
 * An object with a key AuditData is unwrapped.  False when it cannot be read:
 * the caller says so with ual_salvage.
 */
bool ual_say(struct ual *ual, struct bytes text, const struct ual_place *place,
    struct sink *sink);

/* Its time alone, for ual_last_time: of records that were said before. */
void ual_peek(struct ual *ual, struct bytes text);

/* The ITEM_LOST row of an unreadable record, with what a prefix scan still
 * tells: Id, CreationTime, Operation, mailbox. */
void ual_salvage(struct bytes text, struct bytes locator, struct sink *sink,
    bool truncated);

/* A row for a record past LIMIT_RECORD_BYTES; true when it is. */
bool ual_say_too_long(struct bytes text, struct bytes locator,
    struct sink *sink);

/* Time of the last record said, UTC_NONE before the first. */
int64_t ual_last_time(const struct ual *ual);

/* 64 records make one sink item: a crash costs at most these. */
enum { UAL_BLOCK = 64 };

#endif
