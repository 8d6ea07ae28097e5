/* Frames: there and back, every truncation, every kind of lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "forensics/ingest/talk.h"
#include "parsers/base/limits.h"

/* Bytes at the very end of an allocation: reading past them is seen. */
static uint8_t *
exact(struct bytes b)
{
	uint8_t *p = malloc(b.n ? b.n : 1);

	memcpy(p, b.p, b.n);
	return p;
}

/* Distinct values in every field of the kind. */
static void
fill(enum record_kind kind, union record_any *record)
{
	static const char text[] = "[\"0123456789\"]";
	const struct record_shape *shape = &record_shapes[kind];

	record_clear(kind, record);
	for (size_t i = 0; i < shape->count; i++) {
		char *place = (char *)record + shape->fields[i].offset;

		if (!shape->fields[i].text)
			*(int64_t *)(void *)place = (int64_t)i - 1;
		else if (i % 3 != 2)
			*(struct bytes *)(void *)place =
			    bytes_of(text, i % 3 == 1 ? 0 : i % sizeof text);
	}
}

static void
assert_same(enum record_kind kind, const void *a, const void *b)
{
	const struct record_shape *shape = &record_shapes[kind];

	for (size_t i = 0; i < shape->count; i++) {
		size_t at = shape->fields[i].offset;

		if (!shape->fields[i].text) {
			assert_memory_equal((const char *)a + at,
			    (const char *)b + at, 8);
			continue;
		}
		const struct bytes *x = (const void *)((const char *)a + at);
		const struct bytes *y = (const void *)((const char *)b + at);
		assert_int_equal(bytes_present(*x), bytes_present(*y));
		assert_true(bytes_eq(*x, *y));
	}
}

static void
test_records_there_and_back(void **state)
{
	(void)state;
	for (enum record_kind kind = 0; kind < RECORD_KINDS; kind++) {
		struct buffer out = BUFFER_EMPTY;
		union record_any record, back;
		struct bytes stream;
		struct frame frame;

		fill(kind, &record);
		record_frame_add(&out, kind, &record);
		stream = buffer_bytes(&out);
		assert_int_equal(frame_take(&stream, &frame), FRAME_WHOLE);
		assert_int_equal(stream.n, 0);
		assert_int_equal(frame.aux, kind);
		assert_true(record_decode(kind, frame.payload, &back));
		assert_same(kind, &record, &back);
		for (size_t n = 0; n < frame.payload.n; n++) {
			uint8_t *p = exact(bytes_slice(frame.payload, 0, n));

			assert_false(record_decode(kind, bytes_of(p, n),
			    &back));
			free(p);
		}
		buffer_release(&out);
	}
}

static void
test_frame_truncation(void **state)
{
	struct buffer out = BUFFER_EMPTY;
	struct frame frame;

	(void)state;
	frame_add(&out, FRAME_ITEM_BEGIN, 3, 0x1122334455667788,
	    BYTES_LIT("offset=1+2"));
	for (size_t n = 0; n < out.n; n++) {
		uint8_t *p = exact(bytes_slice(buffer_bytes(&out), 0, n));
		struct bytes stream = bytes_of(p, n);

		assert_int_equal(frame_take(&stream, &frame), FRAME_MORE);
		assert_int_equal(stream.n, n);
		free(p);
	}
	buffer_release(&out);
}

static void
put_length(uint8_t *p, size_t length)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(length >> 8 * i);
}

static enum frame_state
take_length(size_t length, uint8_t type)
{
	uint8_t head[FRAME_HEAD] = { 0 };
	struct bytes stream = bytes_of(head, sizeof head);
	struct frame frame;

	put_length(head, length);
	head[4] = type;
	return frame_take(&stream, &frame);
}

static void
test_frame_limits(void **state)
{
	(void)state;
	assert_int_equal(take_length(FRAME_HEAD - 4, FRAME_JOB), FRAME_WHOLE);
	assert_int_equal(take_length(FRAME_HEAD - 5, FRAME_JOB), FRAME_LIE);
	assert_int_equal(take_length(LIMIT_FRAME_BYTES, FRAME_JOB),
	    FRAME_MORE);
	assert_int_equal(take_length(LIMIT_FRAME_BYTES + 1, FRAME_JOB),
	    FRAME_LIE);
	assert_int_equal(take_length(FRAME_HEAD - 4, 0), FRAME_LIE);
	assert_int_equal(take_length(FRAME_HEAD - 4, FRAME_TYPES), FRAME_LIE);
}

static void
test_json(void **state)
{
	static const char *const good[] = { "[]", "[1]", "[ \"a\" , \"b\" ]",
		"[[\"N\",\"V\"],[]]", "[{\"a\":[null,true,false]},-0.5e+3]",
		"[\"\\u00e9\\n\\\"\"]" };
	static const char *const bad[] = { "", "[", "]", "[1", "[1,]", "[,1]",
		"[1]]", "[1] ", "{}", "[\"a]", "[\"\\x\"]", "[\"\\u12g4\"]",
		"[01]", "[1.]", "[tru]", "[\"a\" \"b\"]", "[{\"a\"}]",
		"[{1:2}]", "[{\"a\":1,}]", "[}", "[\"\n\"]", "\"a\"", "[+1]" };
	char deep[300];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(json_is_whole(bytes_cstr(good[i]), '['));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(json_is_whole(bytes_cstr(bad[i]), '['));
	assert_true(json_is_whole(BYTES_LIT("{\"inbox\":\"nid=0x1\"}"), '{'));
	for (int depth = LIMIT_JSON_DEPTH; depth <= LIMIT_JSON_DEPTH + 1;
	     depth++) {
		memset(deep, '[', (size_t)depth);
		memset(deep + depth, ']', (size_t)depth);
		assert_int_equal(json_is_whole(bytes_of(deep,
		                     2 * (size_t)depth), '['),
		    depth == LIMIT_JSON_DEPTH);
	}
}

static const char *
check_message(struct bytes state, struct bytes recipients, struct bytes subject,
    int64_t idx)
{
	union record_any record;

	record_clear(RECORD_KIND_MESSAGE, &record);
	record.message.idx = idx;
	record.message.state = state;
	record.message.recipients = recipients;
	record.message.subject = subject;
	return record_check(RECORD_KIND_MESSAGE, &record);
}

static void
test_checks(void **state)
{
	struct bytes live = BYTES_LIT("live"), list = BYTES_LIT("[]");
	union record_any record;

	(void)state;
	assert_null(check_message(live, list, BYTES_LIT("a"), 0));
	assert_null(check_message(live, BYTES_NONE, BYTES_NONE, 0));
	assert_string_equal(check_message(BYTES_LIT("liv"), list, list, 0),
	    "state");
	assert_string_equal(check_message(BYTES_LIT(""), list, list, 0),
	    "state");
	assert_string_equal(check_message(BYTES_NONE, list, list, 0), "state");
	assert_string_equal(check_message(live, live, list, 0), "recipients");
	assert_string_equal(check_message(live, list, BYTES_LIT("\xff"), 0),
	    "subject");
	assert_string_equal(check_message(live, BYTES_LIT("[\"\xff\"]"), list,
	    0), "recipients");
	assert_string_equal(check_message(live, list, list, -1), "idx");
	assert_string_equal(check_message(live, list, list, RECORD_NONE),
	    "idx");
	record_clear(RECORD_KIND_PROBLEM, &record);
	record.problem.severity = BYTES_LIT("note");
	record.problem.kind = BYTES_LIT("crashed");
	assert_null(record_check(RECORD_KIND_PROBLEM, &record));
	record.problem.kind = BYTES_LIT("invented");
	assert_string_equal(record_check(RECORD_KIND_PROBLEM, &record),
	    "kind");
}

/* ---- conversations */

struct heard {
	char log[4096];
	bool wants_survey, known, runs_on;
	uint64_t resume;
};

static void
log_add(struct heard *heard, const char *word, uint64_t number)
{
	size_t n = strlen(heard->log);

	snprintf(heard->log + n, sizeof heard->log - n, "%s%llu ", word,
	    (unsigned long long)number);
}

static bool
on_job(void *context, uint64_t id, bool *survey, uint64_t *resume)
{
	struct heard *heard = context;

	*survey = heard->wants_survey;
	*resume = heard->resume;
	return id == 7;
}

static bool
on_kind(void *context, struct bytes name, bool tie)
{
	struct heard *heard = context;

	(void)name;
	log_add(heard, "kind", tie);
	return heard->known;
}

static void
on_plan_record(void *context, enum record_kind kind,
    const union record_any *record, struct bytes frame)
{
	(void)record, (void)frame;
	log_add(context, "plan", kind);
}

static bool
on_plan_end(void *context, enum outcome outcome)
{
	struct heard *heard = context;

	log_add(heard, "planned", outcome);
	return heard->runs_on;
}

static void
on_item(void *context, struct bytes frames, uint64_t next)
{
	struct frame frame;
	uint64_t count = 0;

	while (frames.n > 0) {
		assert_int_equal(frame_take(&frames, &frame), FRAME_WHOLE);
		count++;
	}
	log_add(context, "item", next);
	log_add(context, "of", count);
}

static void
on_unit_end(void *context, struct bytes frames, enum outcome outcome,
    uint64_t items)
{
	(void)frames, (void)outcome;
	log_add(context, "end", items);
}

static const struct talk_listener listener = { on_job, on_kind,
	on_plan_record, on_plan_end, on_item, on_unit_end };

static void
add_message(struct buffer *out, int64_t idx, int64_t parent)
{
	struct record_message message;

	record_clear(RECORD_KIND_MESSAGE, &message);
	message.idx = idx;
	message.parent_idx = parent;
	message.state = BYTES_LIT("live");
	record_frame_add(out, RECORD_KIND_MESSAGE, &message);
}

static void
add_problem(struct buffer *out)
{
	struct record_problem problem;

	record_clear(RECORD_KIND_PROBLEM, &problem);
	problem.kind = BYTES_LIT("damaged");
	problem.severity = BYTES_LIT("note");
	record_frame_add(out, RECORD_KIND_PROBLEM, &problem);
}

static void
add_unit(struct buffer *out)
{
	struct record_unit unit;

	record_clear(RECORD_KIND_UNIT, &unit);
	unit.spec = BYTES_LIT("\xff\x00");
	record_frame_add(out, RECORD_KIND_UNIT, &unit);
}

static void
add_event(struct buffer *out, int64_t idx, int64_t item, int64_t position)
{
	struct record_event event;
	struct record_event_item named;

	record_clear(RECORD_KIND_EVENT, &event);
	event.idx = idx;
	record_frame_add(out, RECORD_KIND_EVENT, &event);
	record_clear(RECORD_KIND_EVENT_ITEM, &named);
	named.idx = item;
	named.position = position;
	record_frame_add(out, RECORD_KIND_EVENT_ITEM, &named);
}

#define PLAIN(out, type, aux, number)                                          \
	frame_add(out, type, aux, number, BYTES_NONE)

/* A survey that goes on with its unit of two items. */
static void
whole_talk(struct buffer *out)
{
	PLAIN(out, FRAME_JOB, 0, 7);
	frame_add(out, FRAME_KIND, 0, 0, BYTES_LIT("eml"));
	add_unit(out);
	add_problem(out);
	PLAIN(out, FRAME_PLAN_END, OUTCOME_OK, 0);
	add_problem(out);
	frame_add(out, FRAME_ITEM_BEGIN, 0, 0, BYTES_LIT("line=1"));
	add_message(out, 0, RECORD_NONE);
	add_message(out, 1, 0);
	PLAIN(out, FRAME_ITEM_END, 0, 0);
	add_problem(out);
	PLAIN(out, FRAME_ITEM_BEGIN, 0, 1);
	PLAIN(out, FRAME_ITEM_SIZE, 0, 64);
	add_event(out, 0, 0, 0);
	add_event(out, 70, 70, 5);
	PLAIN(out, FRAME_ITEM_END, 0, 1);
	PLAIN(out, FRAME_UNIT_END, OUTCOME_OK, 2);
}

static const char whole_log[] = "kind0 plan10 plan9 planned0 item1 of5 item2 "
				"of7 end2 ";

static void
test_talk_in_pieces(void **state)
{
	static const size_t pieces[] = { 1, 2, 7, 4096 };
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	whole_talk(&out);
	for (size_t i = 0; i < 4; i++) {
		struct heard heard = { "", true, true, true, 0 };
		struct bytes rest = buffer_bytes(&out);
		struct talk talk;

		talk_init(&talk, &listener, &heard);
		while (rest.n > 0) {
			struct bytes piece = bytes_slice(rest, 0, pieces[i]);
			uint8_t *p = exact(piece);

			assert_null(talk_hear(&talk, bytes_of(p, piece.n)));
			rest = bytes_skip(rest, piece.n);
			free(p);
		}
		assert_string_equal(heard.log, whole_log);
		assert_int_equal(talk.at, TALK_IDLE);
		talk_release(&talk);
	}
	buffer_release(&out);
}

/* Nothing but whole items is handed on, wherever the worker dies. */
static void
test_talk_truncation(void **state)
{
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	whole_talk(&out);
	for (size_t n = 0; n < out.n; n++) {
		struct heard heard = { "", true, true, true, 0 };
		uint8_t *p = exact(bytes_slice(buffer_bytes(&out), 0, n));
		struct talk talk;

		talk_init(&talk, &listener, &heard);
		assert_null(talk_hear(&talk, bytes_of(p, n)));
		assert_int_equal(strncmp(heard.log, whole_log,
		                     strlen(heard.log)), 0);
		assert_true(strlen(heard.log) < strlen(whole_log));
		talk_release(&talk);
		free(p);
	}
	buffer_release(&out);
}

static const char *
hear_run(struct buffer *frames, uint64_t resume)
{
	struct heard heard = { "", false, true, true, resume };
	struct buffer out = BUFFER_EMPTY;
	struct talk talk;
	const char *wrong;

	PLAIN(&out, FRAME_JOB, 0, 7);
	buffer_add_bytes(&out, buffer_bytes(frames));
	talk_init(&talk, &listener, &heard);
	wrong = talk_hear(&talk, buffer_bytes(&out));
	talk_release(&talk);
	buffer_release(&out);
	buffer_reset(frames);
	return wrong;
}

static void
begin(struct buffer *out)
{
	PLAIN(out, FRAME_ITEM_BEGIN, 0, 0);
}

static const char *
end(struct buffer *out)
{
	PLAIN(out, FRAME_ITEM_END, 0, 0);
	return hear_run(out, 0);
}

static void
test_lies_about_order(void **state)
{
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	PLAIN(&out, FRAME_ITEM_BEGIN, 0, 3);
	assert_null(hear_run(&out, 3));
	PLAIN(&out, FRAME_ITEM_BEGIN, 0, 4);
	assert_non_null(hear_run(&out, 3));
	PLAIN(&out, FRAME_JOB, 0, 7);
	assert_non_null(hear_run(&out, 0));
	PLAIN(&out, FRAME_KIND, 0, 0);
	assert_non_null(hear_run(&out, 0));
	PLAIN(&out, FRAME_PLAN_END, 0, 0);
	assert_non_null(hear_run(&out, 0));
	PLAIN(&out, FRAME_ITEM_END, 0, 0);
	assert_non_null(hear_run(&out, 0));
	PLAIN(&out, FRAME_ITEM_SIZE, 0, 1);
	assert_non_null(hear_run(&out, 0));
	PLAIN(&out, FRAME_UNIT_END, 0, 1);
	assert_non_null(hear_run(&out, 0));
	PLAIN(&out, FRAME_UNIT_END, OUTCOME_SOURCE_LOST + 1, 0);
	assert_non_null(hear_run(&out, 0));
	begin(&out);
	PLAIN(&out, FRAME_UNIT_END, 0, 0);
	assert_non_null(hear_run(&out, 0));
	begin(&out);
	begin(&out);
	assert_non_null(hear_run(&out, 0));
	add_message(&out, 0, RECORD_NONE);
	assert_non_null(hear_run(&out, 0));
	add_unit(&out);
	assert_non_null(hear_run(&out, 0));
	begin(&out);
	add_unit(&out);
	assert_non_null(hear_run(&out, 0));
	buffer_release(&out);
}

static void
test_lies_about_indexes(void **state)
{
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	for (int64_t base = 0; base <= 100; base += 100) {
		begin(&out);
		add_message(&out, base, RECORD_NONE);
		add_message(&out, base + 1, base);
		assert_null(end(&out));
		begin(&out);
		add_message(&out, base, RECORD_NONE);
		add_message(&out, base, RECORD_NONE);
		assert_non_null(end(&out));
		begin(&out);
		add_message(&out, base, base);
		assert_non_null(end(&out));
		begin(&out);
		add_message(&out, base + 2, base + 1);
		assert_non_null(end(&out));
		begin(&out);
		add_event(&out, base, base, 1);
		assert_null(end(&out));
		begin(&out);
		add_event(&out, base, base + 1, 1);
		assert_non_null(end(&out));
		begin(&out);
		add_event(&out, base, base, 1);
		add_event(&out, base + 1, base, 1);
		assert_non_null(end(&out));
		begin(&out);
		add_event(&out, base, base, 1);
		add_event(&out, base + 1, base, 0);
		assert_null(end(&out));
	}
	buffer_release(&out);
}

/* Any change of any byte is heard or refused, never a crash. */
static void
test_flipped_bytes(void **state)
{
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	whole_talk(&out);
	for (size_t i = 0; i < out.n * 8; i++) {
		struct heard heard = { "", true, true, true, 0 };
		uint8_t *p = exact(buffer_bytes(&out));
		struct talk talk;

		p[i / 8] ^= (uint8_t)(1 << i % 8);
		talk_init(&talk, &listener, &heard);
		talk_hear(&talk, bytes_of(p, out.n));
		talk_release(&talk);
		free(p);
	}
	buffer_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records_there_and_back),
		cmocka_unit_test(test_frame_truncation),
		cmocka_unit_test(test_frame_limits),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_checks),
		cmocka_unit_test(test_talk_in_pieces),
		cmocka_unit_test(test_talk_truncation),
		cmocka_unit_test(test_lies_about_order),
		cmocka_unit_test(test_lies_about_indexes),
		cmocka_unit_test(test_flipped_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
