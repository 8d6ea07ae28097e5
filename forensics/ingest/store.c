/*
 * The taker that writes the case.  Rows get their numbers in the order of
 * the replay, which depends on the evidence alone; a transaction ends only
 * between items, and with it lasts how far its unit was read.
 */
#include "forensics/ingest/store.h"

#include <time.h>

#include "forensics/ingest/store_rows.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"

/* A transaction: few enough to repeat after kill -9, enough to be quick. */
enum { COMMIT_RECORDS = 100000 };
#define COMMIT_NS INT64_C(5000000000)

static int64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int64_t
next_row(struct case_file *file, const char *sql)
{
	struct case_rows *rows = case_query_new(file, sql);
	int64_t last = case_next(rows) ? case_number(rows, 0) : INT64_MIN;

	case_done(rows);
	return last == INT64_MIN ? 1 : last + 1;
}

void
store_init(struct store *store, struct case_file *file)
{
	*store = (struct store){ .file = file };
	/* What an item's records refer to was checked when they came (talk.c);
	 * to look every parent up again is a tenth of the inserting. */
	case_run(file, "PRAGMA foreign_keys=OFF");
	arena_init(&store->arena);
	store->next_message = next_row(file, "SELECT max(message) FROM messages");
	store->next_event = next_row(file, "SELECT max(event) FROM events");
	store->next_problem = next_row(file,
	    "SELECT max(problem) FROM problems");
}

void
store_release(struct store *store)
{
	case_run(store->file, "PRAGMA foreign_keys=ON");
	arena_release(&store->arena);
	buffer_release(&store->folder_id);
	buffer_release(&store->member);
}

static void
begin(struct store *store)
{
	if (store->in_transaction)
		return;
	case_begin(store->file);
	store->in_transaction = true;
	store->records = 0;
	store->begun_ns = now_ns();
}

static void
unit_save(struct store *store, const struct source_unit *unit, bool done)
{
	struct case_rows *rows = case_query(store->file,
	    "UPDATE units SET resume=?, done=? WHERE source=? AND ordinal=?");

	case_bind_number(rows, 1, (int64_t)unit->taken);
	case_bind_number(rows, 2, done);
	case_bind_number(rows, 3, store->source->row);
	case_bind_number(rows, 4, unit - store->source->units);
	case_exec(rows);
}

static void
counts_save(struct store *store)
{
	struct case_rows *rows;

	if (store->messages == 0 && store->events == 0)
		return;
	rows = case_query(store->file,
	    "UPDATE sources SET messages=messages+?, events=events+?"
	    " WHERE source=?");
	case_bind_number(rows, 1, store->messages);
	case_bind_number(rows, 2, store->events);
	case_bind_number(rows, 3, store->source->row);
	case_exec(rows);
	store->messages = store->events = 0;
}

void
store_checkpoint(struct store *store)
{
	if (!store->in_transaction)
		return;
	if (store->source != NULL)
		counts_save(store);
	if (store->unit != NULL)
		unit_save(store, store->unit, false);
	case_commit(store->file);
	store->in_transaction = false;
}

/* ---- the source in hand */

static void
source_sha256(struct store *store)
{
	struct case_rows *rows = case_query(store->file,
	    "SELECT sha256 FROM sources WHERE source=?");
	struct bytes text;

	case_bind_number(rows, 1, store->source->row);
	BUG_ON(!case_next(rows));
	text = case_text(rows, 0);
	BUG_ON(text.n > sizeof store->sha256_room);
	memcpy(store->sha256_room, text.p, text.n);
	store->sha256 = bytes_of(store->sha256_room, text.n);
	case_done(rows);
}

/* What an earlier run found of a source that it did not finish. */
static void
source_again(struct store *store)
{
	struct case_rows *rows = case_query(store->file,
	    "SELECT max(CASE severity WHEN 'partial' THEN 1 WHEN 'item_lost'"
	    " THEN 2 WHEN 'source_lost' THEN 3 ELSE 0 END) FROM problems"
	    " WHERE source=?");

	case_bind_number(rows, 1, store->source->row);
	if (case_next(rows) && !case_is_null(rows, 0))
		store->worst = (enum outcome)case_number(rows, 0);
	case_done(rows);
	rows = case_query(store->file,
	    "SELECT messages + events > 0 FROM sources WHERE source=?");
	case_bind_number(rows, 1, store->source->row);
	store->something_read = case_next(rows) && case_number(rows, 0) != 0;
	case_done(rows);
}

/* Every row from here on is of this source. */
static void
turn_to(struct store *store, const struct source *source)
{
	begin(store);
	if (store->source == source)
		return;
	store->source = source;
	store->unit = NULL;
	store->messages = store->events = 0;
	store->worst = OUTCOME_OK;
	store->something_read = false;
	store->folder_row = INT64_MIN;
	store->member_row = 0;
	source_sha256(store);
	if (source->plan_taken)
		source_again(store);
}

static void
unit_insert(struct store *store, const struct source *source, size_t i)
{
	struct case_rows *rows = case_query(store->file,
	    "INSERT INTO units(source, ordinal, spec, items) VALUES(?,?,?,?)");

	case_bind_number(rows, 1, source->row);
	case_bind_number(rows, 2, (int64_t)i);
	case_bind_blob(rows, 3, source->units[i].spec);
	case_bind_known(rows, 4, source->units[i].items);
	case_exec(rows);
}

static void
take_planned(void *context, struct source *source)
{
	struct store *store = context;
	struct case_rows *rows;

	turn_to(store, source);
	rows = case_query(store->file, "UPDATE sources SET kind=?, audit=?,"
				       " state='planned' WHERE source=?");
	case_bind_cstr(rows, 1,
	    source->parser ? source->parser->name : "unknown");
	case_bind_number(rows, 2, source->parser && source->parser->audit);
	case_bind_number(rows, 3, source->row);
	case_exec(rows);
	for (size_t i = 0; i < source->unit_count; i++)
		unit_insert(store, source, i);
}

static void
take_record(struct store *store, const struct frame *frame)
{
	union record_any record;

	BUG_ON(!record_decode(frame->aux, frame->payload, &record));
	store_record(store, frame->aux, &record);
	store->records++;
}

static void
take_frame(void *context, struct source *source, struct source_unit *unit,
    const struct frame *frame)
{
	struct store *store = context;

	turn_to(store, source);
	store->unit = unit;
	switch (frame->type) {
	case FRAME_ITEM_BEGIN:
		arena_reset(&store->arena);
		store->message_base = store->next_message;
		store->event_base = store->next_event;
		break;
	case FRAME_RECORD:
		take_record(store, frame);
		break;
	default:
		break;
	}
}

static void
take_unit_done(void *context, struct source *source, size_t unit)
{
	struct store *store = context;

	turn_to(store, source);
	unit_save(store, &source->units[unit], true);
	store->unit = NULL;
}

static const char *
status_of(const struct store *store)
{
	if (store->worst == OUTCOME_SOURCE_LOST && !store->something_read)
		return "lost";
	return store->worst == OUTCOME_OK ? "ok" : "partial";
}

/* A message found outside a store's folders that equals one in them: the same
 * search key (copies keep it) or the same content. */
static void
mark_older_copies(struct store *store)
{
	const struct parser *parser = store->source->parser;
	struct case_rows *rows;

	if (parser == NULL || (strcmp(parser->name, "pst") != 0 &&
	                          strcmp(parser->name, "ost") != 0))
		return;
	rows = case_query(store->file,
	    "UPDATE messages SET flags = json_insert(coalesce(flags, '[]'),"
	    " '$[#]', 'older_copy') WHERE source = ?1"
	    " AND state = 'recovered' AND parent IS NULL"
	    " AND instr(coalesce(flags, ''), '\"older_copy\"') = 0"
	    " AND (search_key IN (SELECT search_key FROM messages"
	    "   WHERE source = ?1 AND state = 'live')"
	    "  OR content_sha256 IN (SELECT content_sha256 FROM messages"
	    "   WHERE source = ?1 AND state = 'live'))");
	case_bind_number(rows, 1, store->source->row);
	case_exec(rows);
}

static void
take_source_done(void *context, struct source *source)
{
	struct store *store = context;
	struct case_rows *rows;

	turn_to(store, source);
	counts_save(store);
	mark_older_copies(store);
	rows = case_query(store->file,
	    "UPDATE sources SET state='done', status=? WHERE source=?");
	case_bind_cstr(rows, 1, status_of(store));
	case_bind_number(rows, 2, source->row);
	case_exec(rows);
	store->source = NULL;
	store->unit = NULL;
}

static void
take_rest(void *context)
{
	struct store *store = context;

	if (store->records >= COMMIT_RECORDS ||
	    now_ns() - store->begun_ns >= COMMIT_NS)
		store_checkpoint(store);
}

struct taker
store_taker(struct store *store)
{
	return (struct taker){
		.context = store,
		.planned = take_planned,
		.frame = take_frame,
		.unit_done = take_unit_done,
		.source_done = take_source_done,
		.rest = take_rest,
	};
}
