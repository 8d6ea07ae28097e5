/*
 * Records to rows.  A record's fields are the columns of the same names;
 * what a row has besides (row numbers, ids) is named per kind below.
 */
#include "forensics/ingest/store_rows.h"

#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/hash.h"

enum { LEADING_MOST = 6 };

static const struct {
	/* Columns that we make up, in the order they are bound. */
	const char *leading[LEADING_MOST + 1];
	/* Fields that are no columns, or bound among the leading ones. */
	const char *left_out;
	/* Texts that a row must have: absent becomes empty. */
	const char *never_null;
	const char *ending;
} forms[RECORD_KINDS] = {
	[RECORD_KIND_MEMBER] = { { "source" }, "", " path kind ",
	    " ON CONFLICT DO UPDATE SET"
	    " store_owner = coalesce(excluded.store_owner, store_owner),"
	    " display_name = coalesce(excluded.display_name, display_name)" },
	[RECORD_KIND_PROMISE] = { { "source" }, "", "", "" },
	[RECORD_KIND_FOLDER] = { { "source", "member" }, " member ",
	    " folder_id ",
	    " ON CONFLICT DO NOTHING" },
	[RECORD_KIND_MESSAGE] = { { "message", "source", "message_id",
				      "parent", "folder", "member" },
	    " idx parent_idx folder_id member ", " locator ", "" },
	[RECORD_KIND_ADDRESS] = { { "message" }, " idx ", "", "" },
	[RECORD_KIND_ATTACHMENT] = { { "message", "embedded" },
	    " idx embedded_idx ", "", "" },
	[RECORD_KIND_FINDING] = { { "message", "finding_id" }, " idx ",
	    " element class ", "" },
	[RECORD_KIND_TEXT] = { { "message" }, " idx ", "",
	    " ON CONFLICT DO NOTHING" },
	[RECORD_KIND_EVENT] = { { "event", "source", "event_id" }, " idx ",
	    " locator ", "" },
	[RECORD_KIND_EVENT_ITEM] = { { "event" }, " idx ", "", "" },
	[RECORD_KIND_EVENT_FOLDER] = { { "event" }, " idx ", "", "" },
	[RECORD_KIND_PROBLEM] = { { "problem", "stage", "source" }, "", "",
	    "" },
};

static bool
lists(const char *words, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = words; (at = strstr(at, name)) != NULL; at++)
		if (at > words && at[-1] == ' ' && at[n] == ' ')
			return true;
	return false;
}

/* ---- statements, made once */

struct column {
	const struct record_field *field;
	bool never_null;
};

static struct {
	char *sql;
	struct column *columns; /* after the leading ones */
	size_t count, leading;
} statements[RECORD_KINDS];

static void
statement_make(enum record_kind kind)
{
	const struct record_shape *shape = &record_shapes[kind];
	struct buffer sql = BUFFER_EMPTY;
	size_t total = 0, i;
	struct column *columns = calloc(shape->count, sizeof *columns);

	if (columns == NULL)
		die_machine("out of memory");
	buffer_printf(&sql, "INSERT INTO %s(", shape->table);
	for (i = 0; forms[kind].leading[i] != NULL; i++, total++)
		buffer_printf(&sql, "%s%s", total ? "," : "",
		    forms[kind].leading[i]);
	statements[kind].leading = i;
	for (i = 0; i < shape->count; i++) {
		const char *name = shape->fields[i].name;

		if (lists(forms[kind].left_out, name))
			continue;
		buffer_printf(&sql, "%s\"%s\"", total++ ? "," : "", name);
		columns[statements[kind].count++] = (struct column){
			&shape->fields[i], lists(forms[kind].never_null, name)
		};
	}
	buffer_add_cstr(&sql, ") VALUES(?");
	while (--total > 0)
		buffer_add_cstr(&sql, ",?");
	buffer_printf(&sql, ")%s", forms[kind].ending);
	buffer_add_byte(&sql, '\0');
	statements[kind].sql = (char *)sql.p;
	statements[kind].columns = columns;
}

static struct case_rows *
statement(struct store *store, enum record_kind kind)
{
	if (statements[kind].sql == NULL)
		statement_make(kind);
	return case_query(store->file, statements[kind].sql);
}

/* The record's own fields after the leading columns, and run. */
static void
insert(struct case_rows *rows, enum record_kind kind, const void *record)
{
	int at = (int)statements[kind].leading + 1;

	for (size_t i = 0; i < statements[kind].count; i++, at++) {
		const struct column *column = &statements[kind].columns[i];
		const char *place = (const char *)record +
				    column->field->offset;
		struct bytes text;

		if (!column->field->text) {
			int64_t number = *(const int64_t *)(const void *)place;

			/* What is not bound is NULL: case_query cleared it. */
			if (number != RECORD_NONE)
				case_bind_number(rows, at, number);
			continue;
		}
		text = *(const struct bytes *)(const void *)place;
		if (column->never_null && !bytes_present(text))
			text = BYTES_LIT("");
		if (bytes_present(text) && kind == RECORD_KIND_TEXT)
			case_bind_blob(rows, at, text);
		else if (bytes_present(text))
			case_bind_lent(rows, at, text);
	}
	case_exec(rows);
}

/* ---- each kind's leading columns */

static void
store_source_info(struct store *store, const struct record_source_info *info)
{
	struct case_rows *rows = case_query(store->file,
	    "UPDATE sources SET store_owner=?, display_name=?, special=?"
	    " WHERE source=?");

	case_bind_text(rows, 1, info->store_owner);
	case_bind_text(rows, 2, info->display_name);
	case_bind_text(rows, 3, info->special);
	case_bind_number(rows, 4, store->source->row);
	case_exec(rows);
}

/* ---- members of archives */

static int64_t
member_find(struct store *store, struct bytes locator)
{
	struct case_rows *rows = case_query(store->file,
	    "SELECT member FROM members WHERE source=? AND locator=?");
	int64_t row;

	case_bind_number(rows, 1, store->source->row);
	case_bind_text(rows, 2, locator);
	row = case_next(rows) ? case_number(rows, 0) : 0;
	case_done(rows);
	return row;
}

static void
store_member(struct store *store, const struct record_member *member)
{
	struct case_rows *rows = statement(store, RECORD_KIND_MEMBER);

	case_bind_number(rows, 1, store->source->row);
	insert(rows, RECORD_KIND_MEMBER, member);
}

/* 0: it lies in no archive. */
static int64_t
member_of(struct store *store, struct bytes locator)
{
	struct record_member invented;

	if (!bytes_present(locator))
		return 0;
	if (store->member_row != 0 &&
	    bytes_eq(buffer_bytes(&store->member), locator))
		return store->member_row;
	store->member_row = member_find(store, locator);
	if (store->member_row == 0) {
		record_clear(RECORD_KIND_MEMBER, &invented);
		invented.locator = invented.path = locator;
		store_member(store, &invented);
		store->member_row = member_find(store, locator);
	}
	buffer_reset(&store->member);
	buffer_add_bytes(&store->member, locator);
	return store->member_row;
}

/* ---- folders */

static int64_t
folder_find(struct store *store, struct bytes folder_id)
{
	struct case_rows *rows = case_query(store->file,
	    "SELECT folder FROM folders WHERE source=? AND folder_id=?");
	int64_t row;

	case_bind_number(rows, 1, store->source->row);
	case_bind_text(rows, 2, folder_id);
	row = case_next(rows) ? case_number(rows, 0) : INT64_MIN;
	case_done(rows);
	return row;
}

static void
store_folder(struct store *store, const struct record_folder *folder)
{
	struct bytes id = bytes_present(folder->folder_id)
			      ? folder->folder_id
			      : BYTES_LIT("");
	struct case_rows *rows;
	int64_t member;

	if (folder_find(store, id) != INT64_MIN) {
		/* A store in an archive says its folders in every life of the
		 * worker that reads it. */
		if (bytes_present(folder->member))
			return;
		store_problem(store, store->source->row, id, PROBLEM_DAMAGED,
		    OUTCOME_PARTIAL, BYTES_LIT("the store lists this folder "
					       "twice; the first counts"));
		return;
	}
	member = member_of(store, folder->member);
	rows = statement(store, RECORD_KIND_FOLDER);
	case_bind_number(rows, 1, store->source->row);
	case_bind_number(rows, 2, member);
	insert(rows, RECORD_KIND_FOLDER, folder);
}

/* A folder that only its messages know has a row of its own. */
static int64_t
folder_invent(struct store *store, struct bytes folder_id,
    struct bytes member)
{
	struct record_folder folder;

	record_clear(RECORD_KIND_FOLDER, &folder);
	folder.folder_id = folder_id;
	folder.kind = BYTES_LIT("mail");
	folder.member = member;
	store_folder(store, &folder);
	store_problem(store, store->source->row, folder_id, PROBLEM_DAMAGED,
	    OUTCOME_PARTIAL,
	    BYTES_LIT("messages name this folder, which the store does not "
		      "list"));
	return folder_find(store, folder_id);
}

static int64_t
folder_of(struct store *store, struct bytes folder_id, struct bytes member)
{
	if (!bytes_present(folder_id))
		return INT64_MIN;
	if (store->folder_row != INT64_MIN &&
	    bytes_eq(buffer_bytes(&store->folder_id), folder_id))
		return store->folder_row;
	store->folder_row = folder_find(store, folder_id);
	if (store->folder_row == INT64_MIN)
		store->folder_row = folder_invent(store, folder_id,
		    member);
	buffer_reset(&store->folder_id);
	buffer_add_bytes(&store->folder_id, folder_id);
	return store->folder_row;
}

static struct bytes
message_id(struct store *store, struct bytes locator)
{
	return id_of(&store->arena, 'M',
	    arena_printf(&store->arena, "%.*s/%.*s", (int)store->sha256.n,
	        (const char *)store->sha256.p, (int)locator.n,
	        bytes_present(locator) ? (const char *)locator.p : ""));
}

static int64_t
message_row(const struct store *store, int64_t idx)
{
	return idx == RECORD_NONE ? INT64_MIN : store->message_base + idx;
}

static void
store_message(struct store *store, const struct record_message *message)
{
	int64_t folder = folder_of(store, message->folder_id,
	    message->member);
	int64_t member = member_of(store, message->member);
	int64_t row = message_row(store, message->idx);
	struct case_rows *rows = statement(store, RECORD_KIND_MESSAGE);

	case_bind_number(rows, 1, row);
	case_bind_number(rows, 2, store->source->row);
	case_bind_text(rows, 3, message_id(store, message->locator));
	case_bind_known(rows, 4, message_row(store, message->parent_idx));
	case_bind_known(rows, 5, folder);
	case_bind_number(rows, 6, member);
	insert(rows, RECORD_KIND_MESSAGE, message);
	if (row >= store->next_message)
		store->next_message = row + 1;
	store->something_read = true;
	if (!bytes_eq(message->state, BYTES_LIT("embedded")))
		store->messages++;
}

static void
store_attachment(struct store *store,
    const struct record_attachment *attachment)
{
	struct case_rows *rows = statement(store, RECORD_KIND_ATTACHMENT);

	case_bind_number(rows, 1, message_row(store, attachment->idx));
	case_bind_known(rows, 2, message_row(store, attachment->embedded_idx));
	insert(rows, RECORD_KIND_ATTACHMENT, attachment);
}

static struct bytes
message_id_of_row(struct store *store, int64_t row)
{
	struct case_rows *rows = case_query(store->file,
	    "SELECT message_id FROM messages WHERE message=?");
	struct bytes id = BYTES_LIT("");

	case_bind_number(rows, 1, row);
	if (case_next(rows))
		id = arena_dup(&store->arena, case_text(rows, 0));
	case_done(rows);
	return id;
}

/* Contract 4: message, place in it, detector and value. */
static struct bytes
finding_id(struct store *store, const struct record_finding *finding)
{
	struct buffer text = BUFFER_EMPTY;
	struct bytes id;

	buffer_add_bytes(&text, message_id_of_row(store,
	    message_row(store, finding->idx)));
	buffer_add_byte(&text, '/');
	buffer_add_bytes(&text, finding->part);
	buffer_add_byte(&text, '/');
	if (finding->text_offset != RECORD_NONE)
		buffer_printf(&text, "%lld",
		    (long long)finding->text_offset);
	buffer_add_byte(&text, '/');
	buffer_add_bytes(&text, finding->detector);
	buffer_add_byte(&text, '/');
	buffer_add_bytes(&text, finding->normalized);
	id = id_of(&store->arena, 'F', buffer_bytes(&text));
	buffer_release(&text);
	return id;
}

static void
store_finding(struct store *store, const struct record_finding *finding)
{
	struct bytes id = finding_id(store, finding);
	struct case_rows *rows = statement(store, RECORD_KIND_FINDING);

	case_bind_number(rows, 1, message_row(store, finding->idx));
	case_bind_text(rows, 2, id);
	insert(rows, RECORD_KIND_FINDING, finding);
}

/* Record id, else content, else place. */
static struct bytes
event_id(struct store *store, const struct record_event *event)
{
	if (event->record_id.n > 0)
		return id_of(&store->arena, 'E', event->record_id);
	if (event->content_sha256.n > 0)
		return id_of(&store->arena, 'E', event->content_sha256);
	return id_of(&store->arena, 'E',
	    arena_printf(&store->arena, "%.*s/%.*s", (int)store->sha256.n,
	        (const char *)store->sha256.p, (int)event->locator.n,
	        bytes_present(event->locator) ? (const char *)event->locator.p
					      : ""));
}

static int64_t
event_row(const struct store *store, int64_t idx)
{
	return store->event_base + idx;
}

static void
store_event(struct store *store, const struct record_event *event)
{
	int64_t row = event_row(store, event->idx);
	struct case_rows *rows = statement(store, RECORD_KIND_EVENT);

	case_bind_number(rows, 1, row);
	case_bind_number(rows, 2, store->source->row);
	case_bind_text(rows, 3, event_id(store, event));
	insert(rows, RECORD_KIND_EVENT, event);
	if (row >= store->next_event)
		store->next_event = row + 1;
	store->something_read = true;
	store->events++;
}

static void
store_child(struct store *store, enum record_kind kind, int64_t row,
    const void *record)
{
	struct case_rows *rows = statement(store, kind);

	case_bind_number(rows, 1, row);
	insert(rows, kind, record);
}

static enum outcome
severity_of(struct bytes name)
{
	for (enum outcome i = OUTCOME_OK; i <= OUTCOME_SOURCE_LOST; i++)
		if (bytes_eq(name, bytes_cstr(severity_name(i))))
			return i;
	BUG_ON(true);
	return OUTCOME_SOURCE_LOST;
}

static void
insert_problem(struct store *store, int64_t source,
    const struct record_problem *problem)
{
	struct record_problem row = *problem;
	struct case_rows *rows = statement(store, RECORD_KIND_PROBLEM);

	if (row.items_lost == RECORD_NONE)
		row.items_lost = 0;
	case_bind_number(rows, 1, store->next_problem++);
	case_bind_cstr(rows, 2, "ingest");
	case_bind_known(rows, 3, source > 0 ? source : INT64_MIN);
	insert(rows, RECORD_KIND_PROBLEM, &row);
	if (severity_of(row.severity) > store->worst)
		store->worst = severity_of(row.severity);
}

void
store_problem(struct store *store, int64_t source, struct bytes locator,
    enum problem_kind kind, enum outcome severity, struct bytes detail)
{
	struct record_problem problem;

	record_clear(RECORD_KIND_PROBLEM, &problem);
	problem.locator = locator;
	problem.kind = bytes_cstr(problem_kind_name(kind));
	problem.severity = bytes_cstr(severity_name(severity));
	problem.detail = detail;
	insert_problem(store, source, &problem);
}

void
store_record(struct store *store, enum record_kind kind,
    const union record_any *record)
{
	switch (kind) {
	case RECORD_KIND_SOURCE_INFO:
		store_source_info(store, &record->source_info);
		break;
	case RECORD_KIND_MEMBER:
		store_member(store, &record->member);
		break;
	case RECORD_KIND_PROMISE:
		store_child(store, kind, store->source->row, record);
		store->something_read = true;
		break;
	case RECORD_KIND_FOLDER:
		store_folder(store, &record->folder);
		break;
	case RECORD_KIND_MESSAGE:
		store_message(store, &record->message);
		break;
	case RECORD_KIND_ADDRESS:
		store_child(store, kind,
		    message_row(store, record->address.idx), record);
		break;
	case RECORD_KIND_ATTACHMENT:
		store_attachment(store, &record->attachment);
		break;
	case RECORD_KIND_FINDING:
		store_finding(store, &record->finding);
		break;
	case RECORD_KIND_EVENT:
		store_event(store, &record->event);
		break;
	case RECORD_KIND_EVENT_ITEM:
		store_child(store, kind,
		    event_row(store, record->event_item.idx), record);
		break;
	case RECORD_KIND_EVENT_FOLDER:
		store_child(store, kind,
		    event_row(store, record->event_folder.idx), record);
		break;
	case RECORD_KIND_TEXT:
		store_child(store, kind,
		    message_row(store, record->text.idx), record);
		break;
	case RECORD_KIND_PROBLEM:
		insert_problem(store, store->source->row, &record->problem);
		break;
	case RECORD_KIND_CONTENT: /* nobody asked: a lie without effect */
		break;
	default:
		BUG_ON(true);
	}
}
