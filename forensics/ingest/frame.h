/*
 * What crosses the pipe between a worker and the case process: frames of one
 * shape.
 *
 *	u32 length of what follows, little endian
 *	u8  type, u8 aux, u64 number
 *	payload: a locator, a parser's name, or a record's fields
 *
 * A record's fields follow in the order of record.h: a text as u32 length
 * plus one (0: absent) and its bytes, a number as 8 bytes.
 *
 * The reader believes nothing: lengths, kinds, UTF-8, JSON and the words of
 * closed lists are checked, and a frame that fails is a lie (frame_take,
 * record_decode return it as such), which costs the item in hand.
 */
#ifndef FORENSICS_INGEST_FRAME_H
#define FORENSICS_INGEST_FRAME_H

#include "parsers/base/buffer.h"
#include "parsers/record.h"

enum frame_type {
	FRAME_JOB = 1,    /* number: id of the job now begun */
	FRAME_KIND,       /* payload: parser's name or ""; aux 1: a tie */
	FRAME_RECORD,     /* aux: enum record_kind; payload: fields */
	FRAME_PLAN_END,   /* aux: enum outcome */
	FRAME_ITEM_BEGIN, /* number: ordinal; payload: locator */
	FRAME_ITEM_SIZE,  /* number: records the item stands for */
	FRAME_ITEM_END,   /* number: ordinal */
	FRAME_UNIT_END,   /* aux: enum outcome; number: items of the unit */
	FRAME_TYPES
};

enum { FRAME_HEAD = 4 + 1 + 1 + 8 };

struct frame {
	enum frame_type type;
	unsigned aux;
	uint64_t number;
	struct bytes payload;
};

enum frame_state {
	FRAME_WHOLE,
	FRAME_MORE, /* the stream ends inside it */
	FRAME_LIE,
};

/* Take the next frame off the front of *stream. */
enum frame_state frame_take(struct bytes *stream, struct frame *frame);

void frame_add(struct buffer *out, enum frame_type type, unsigned aux,
    uint64_t number, struct bytes payload);

/* Bytes of the fields; more than LIMIT_FRAME_BYTES cannot be sent. */
size_t record_frame_size(enum record_kind kind, const void *record);
void record_frame_add(struct buffer *out, enum record_kind kind,
    const void *record);

/* Room for any record. */
union record_any {
	struct record_source_info source_info;
	struct record_folder folder;
	struct record_message message;
	struct record_address address;
	struct record_attachment attachment;
	struct record_finding finding;
	struct record_event event;
	struct record_event_item event_item;
	struct record_event_folder event_folder;
	struct record_problem problem;
	struct record_unit unit;
	struct record_text text;
	struct record_content content;
	struct record_member member;
	struct record_promise promise;
};

/* Texts point into the payload.  False: not the shape of this kind. */
bool record_decode(enum record_kind kind, struct bytes payload,
    union record_any *record);

/* Beyond the shape: UTF-8, JSON, closed lists, ranges.  NULL when it holds,
 * else the field that does not. */
const char *record_check(enum record_kind kind, const union record_any *record);

/* Whole text is one JSON value starting with `open` ('[' or '{'), nested at
 * most LIMIT_JSON_DEPTH deep. */
bool json_is_whole(struct bytes text, uint8_t open);

#endif
