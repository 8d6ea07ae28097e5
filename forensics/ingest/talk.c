/* The order of a worker's answers, and what one item's records refer to. */
#include "forensics/ingest/talk.h"

#include <stdlib.h>

#include "parsers/base/die.h"

/* The frames of one item: its texts are bounded, their number is not. */
#define ITEM_FRAMES_MOST ((size_t)512 * 1024 * 1024)

struct index_pair {
	int64_t idx, position;
};

void
talk_init(struct talk *talk, const struct talk_listener *listener,
    void *context)
{
	*talk = (struct talk){ .listener = listener, .context = context };
}

void
talk_release(struct talk *talk)
{
	buffer_release(&talk->in);
	buffer_release(&talk->frames);
	buffer_release(&talk->locator);
	buffer_release(&talk->messages.high);
	buffer_release(&talk->events.high);
	buffer_release(&talk->named_messages.high);
	buffer_release(&talk->named_events.high);
	buffer_release(&talk->event_items);
}

/* ---- indexes within an item */

static void
set_add(struct index_set *set, int64_t number)
{
	if (number < 64)
		set->low |= UINT64_C(1) << number;
	else
		buffer_add(&set->high, &number, sizeof number);
}

static bool
set_has_low(const struct index_set *set, int64_t number)
{
	return number < 64 && (set->low >> number & 1) != 0;
}

static void
set_clear(struct index_set *set)
{
	set->low = 0;
	buffer_reset(&set->high);
}

static int
compare_numbers(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Sorted; false when a number is there twice. */
static bool
set_settle(struct index_set *set)
{
	int64_t *numbers = (int64_t *)(void *)set->high.p;
	size_t count = set->high.n / sizeof *numbers;

	if (count == 0)
		return true;
	qsort(numbers, count, sizeof *numbers, compare_numbers);
	for (size_t i = 1; i < count; i++)
		if (numbers[i] == numbers[i - 1])
			return false;
	return true;
}

static bool
set_holds_all(const struct index_set *set, const struct index_set *named)
{
	const int64_t *numbers = (const int64_t *)(const void *)named->high.p;
	size_t count = named->high.n / sizeof *numbers;

	if ((named->low & ~set->low) != 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (set->high.n == 0 ||
		    bsearch(&numbers[i], set->high.p,
		        set->high.n / sizeof *numbers, sizeof *numbers,
		        compare_numbers) == NULL)
			return false;
	return true;
}

static int
compare_pairs(const void *a, const void *b)
{
	const struct index_pair *x = a, *y = b;

	if (x->idx != y->idx)
		return x->idx < y->idx ? -1 : 1;
	return (x->position > y->position) - (x->position < y->position);
}

static bool
pairs_differ(struct buffer *pairs)
{
	struct index_pair *p = (struct index_pair *)(void *)pairs->p;
	size_t count = pairs->n / sizeof *p;

	if (count < 2)
		return true;
	qsort(p, count, sizeof *p, compare_pairs);
	for (size_t i = 1; i < count; i++)
		if (compare_pairs(&p[i - 1], &p[i]) == 0)
			return false;
	return true;
}

static void
indexes_clear(struct talk *talk)
{
	set_clear(&talk->messages);
	set_clear(&talk->events);
	set_clear(&talk->named_messages);
	set_clear(&talk->named_events);
	buffer_reset(&talk->event_items);
}

static const char *
indexes_check(struct talk *talk)
{
	if (!set_settle(&talk->messages) || !set_settle(&talk->events))
		return "the same message or event twice in an item";
	if (!set_holds_all(&talk->messages, &talk->named_messages))
		return "a record of a message that is not in its item";
	if (!set_holds_all(&talk->events, &talk->named_events))
		return "a record of an event that is not in its item";
	if (!pairs_differ(&talk->event_items))
		return "the same item of an event twice";
	return NULL;
}

static const char *
message_index(struct talk *talk, const struct record_message *message)
{
	if (set_has_low(&talk->messages, message->idx))
		return "the same message or event twice in an item";
	set_add(&talk->messages, message->idx);
	if (message->parent_idx == RECORD_NONE)
		return NULL;
	/* Parents before children: no circles. */
	if (message->parent_idx < 0 || message->parent_idx >= message->idx)
		return "a message inside a later one";
	set_add(&talk->named_messages, message->parent_idx);
	return NULL;
}

static const char *
attachment_index(struct talk *talk, const struct record_attachment *attachment)
{
	set_add(&talk->named_messages, attachment->idx);
	if (attachment->embedded_idx == RECORD_NONE)
		return NULL;
	if (attachment->embedded_idx < 0)
		return "a negative message number";
	set_add(&talk->named_messages, attachment->embedded_idx);
	return NULL;
}

static const char *
event_item_index(struct talk *talk, const struct record_event_item *item)
{
	struct index_pair pair = { item->idx, item->position };

	set_add(&talk->named_events, item->idx);
	buffer_add(&talk->event_items, &pair, sizeof pair);
	return NULL;
}

static const char *
record_indexes(struct talk *talk, enum record_kind kind,
    const union record_any *record)
{
	switch (kind) {
	case RECORD_KIND_MESSAGE:
		return message_index(talk, &record->message);
	case RECORD_KIND_ATTACHMENT:
		return attachment_index(talk, &record->attachment);
	case RECORD_KIND_ADDRESS:
		set_add(&talk->named_messages, record->address.idx);
		return NULL;
	case RECORD_KIND_TEXT:
		set_add(&talk->named_messages, record->text.idx);
		return NULL;
	case RECORD_KIND_CONTENT:
		set_add(&talk->named_messages, record->content.idx);
		return NULL;
	case RECORD_KIND_FINDING:
		set_add(&talk->named_messages, record->finding.idx);
		return NULL;
	case RECORD_KIND_EVENT:
		if (set_has_low(&talk->events, record->event.idx))
			return "the same message or event twice in an item";
		set_add(&talk->events, record->event.idx);
		return NULL;
	case RECORD_KIND_EVENT_ITEM:
		return event_item_index(talk, &record->event_item);
	case RECORD_KIND_EVENT_FOLDER:
		set_add(&talk->named_events, record->event_folder.idx);
		return NULL;
	default:
		return NULL;
	}
}

/* ---- frames in their order */

static bool
between_items(enum record_kind kind)
{
	return kind == RECORD_KIND_PROBLEM || kind == RECORD_KIND_FOLDER ||
	       kind == RECORD_KIND_MEMBER;
}

static bool
in_plan(enum record_kind kind)
{
	return kind == RECORD_KIND_SOURCE_INFO || kind == RECORD_KIND_UNIT ||
	       between_items(kind);
}

static bool
in_item(enum record_kind kind)
{
	return kind != RECORD_KIND_SOURCE_INFO && kind != RECORD_KIND_UNIT;
}

static const char *
hear_record(struct talk *talk, const struct frame *frame, struct bytes raw)
{
	enum record_kind kind = frame->aux;
	union record_any record;
	const char *wrong;

	if (!record_decode(kind, frame->payload, &record))
		return "a record without its shape";
	wrong = record_check(kind, &record);
	if (wrong != NULL)
		return wrong;
	if (talk->at == TALK_PLAN) {
		if (!in_plan(kind))
			return "a record that has no place in a plan";
		talk->listener->plan_record(talk->context, kind, &record, raw);
		return NULL;
	}
	if (talk->at != TALK_ITEM && !between_items(kind))
		return "a record outside of an item";
	if (!in_item(kind))
		return "a record that has no place in an item";
	if (raw.n > ITEM_FRAMES_MOST - talk->frames.n)
		return "an item without end";
	buffer_add_bytes(&talk->frames, raw);
	return record_indexes(talk, kind, &record);
}

static const char *
hear_job(struct talk *talk, const struct frame *frame)
{
	bool survey;

	if (talk->at != TALK_IDLE ||
	    !talk->listener->job(talk->context, frame->number, &survey,
	        &talk->next))
		return "an answer that nobody asked for";
	talk->at = survey ? TALK_KIND : TALK_BETWEEN;
	buffer_reset(&talk->frames);
	return NULL;
}

static const char *
hear_kind(struct talk *talk, const struct frame *frame)
{
	if (talk->at != TALK_KIND ||
	    !talk->listener->kind(talk->context, frame->payload,
	        frame->aux != 0))
		return "a format that does not exist";
	talk->at = TALK_PLAN;
	return NULL;
}

static const char *
hear_plan_end(struct talk *talk, const struct frame *frame)
{
	if (talk->at != TALK_PLAN || frame->aux > OUTCOME_SOURCE_LOST)
		return "the end of a plan that never began";
	talk->at = talk->listener->plan_end(talk->context, frame->aux)
		       ? TALK_BETWEEN
		       : TALK_IDLE;
	talk->next = 0;
	return NULL;
}

static const char *
hear_item_begin(struct talk *talk, const struct frame *frame, struct bytes raw)
{
	if (talk->at != TALK_BETWEEN || frame->number != talk->next ||
	    frame->payload.n > 65536)
		return "an item out of order";
	talk->at = TALK_ITEM;
	talk->item_size = 1;
	buffer_reset(&talk->locator);
	buffer_add_bytes(&talk->locator, frame->payload);
	talk->before = talk->frames.n;
	buffer_add_bytes(&talk->frames, raw);
	indexes_clear(talk);
	return NULL;
}

static const char *
hear_item_end(struct talk *talk, const struct frame *frame, struct bytes raw)
{
	const char *wrong;

	if (talk->at != TALK_ITEM || frame->number != talk->next)
		return "the end of an item that never began";
	wrong = indexes_check(talk);
	if (wrong != NULL)
		return wrong;
	buffer_add_bytes(&talk->frames, raw);
	talk->next++;
	talk->at = TALK_BETWEEN;
	talk->listener->item(talk->context, buffer_bytes(&talk->frames),
	    talk->next);
	buffer_reset(&talk->frames);
	return NULL;
}

static const char *
hear_item_size(struct talk *talk, const struct frame *frame)
{
	if (talk->at != TALK_ITEM || frame->number > UINT32_MAX)
		return "a size out of order";
	talk->item_size = frame->number;
	return NULL;
}

static const char *
hear_unit_end(struct talk *talk, const struct frame *frame)
{
	if (talk->at != TALK_BETWEEN || frame->aux > OUTCOME_SOURCE_LOST ||
	    frame->number != talk->next)
		return "the end of a unit that is not at its end";
	talk->at = TALK_IDLE;
	talk->listener->unit_end(talk->context, buffer_bytes(&talk->frames),
	    frame->aux, talk->next);
	buffer_reset(&talk->frames);
	return NULL;
}

static const char *
hear_frame(struct talk *talk, const struct frame *frame, struct bytes raw)
{
	switch (frame->type) {
	case FRAME_JOB:
		return hear_job(talk, frame);
	case FRAME_KIND:
		return hear_kind(talk, frame);
	case FRAME_RECORD:
		return talk->at < TALK_PLAN
			   ? "a record before its job"
			   : hear_record(talk, frame, raw);
	case FRAME_PLAN_END:
		return hear_plan_end(talk, frame);
	case FRAME_ITEM_BEGIN:
		return hear_item_begin(talk, frame, raw);
	case FRAME_ITEM_SIZE:
		return hear_item_size(talk, frame);
	case FRAME_ITEM_END:
		return hear_item_end(talk, frame, raw);
	case FRAME_UNIT_END:
		return hear_unit_end(talk, frame);
	default:
		return "a frame of no kind";
	}
}

/* All whole frames of *stream. */
static const char *
hear_frames(struct talk *talk, struct bytes *stream)
{
	for (;;) {
		struct bytes before = *stream;
		struct frame frame;
		const char *wrong;

		switch (frame_take(stream, &frame)) {
		case FRAME_MORE:
			return NULL;
		case FRAME_LIE:
			return "bytes that are no frame";
		case FRAME_WHOLE:
			break;
		}
		wrong = hear_frame(talk, &frame,
		    bytes_slice(before, 0, before.n - stream->n));
		if (wrong != NULL)
			return wrong;
	}
}

struct bytes
talk_between(const struct talk *talk)
{
	return bytes_slice(buffer_bytes(&talk->frames), 0,
	    talk->at == TALK_ITEM ? talk->before : talk->frames.n);
}

const char *
talk_hear(struct talk *talk, struct bytes bytes)
{
	struct bytes stream = bytes;
	const char *wrong;

	if (talk->in.n > 0) {
		buffer_add_bytes(&talk->in, bytes);
		stream = buffer_bytes(&talk->in);
	}
	wrong = hear_frames(talk, &stream);
	if (wrong != NULL)
		return wrong;
	if (talk->in.n > 0) {
		memmove(talk->in.p, stream.p, stream.n);
		talk->in.n = stream.n;
	} else {
		buffer_add_bytes(&talk->in, stream);
	}
	return NULL;
}
