#include "parsers/audit/ual.h"

#include <stdlib.h>

#include "parsers/audit/forms.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "parsers/base/net.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"

enum { AGGREGATED_SECONDS = 120, RECORD_TYPE_AGGREGATED = 50 };

struct ual *
ual_new(void)
{
	struct ual *ual = calloc(1, sizeof *ual);

	if (ual == NULL)
		die_machine("out of memory");
	arena_init(&ual->arena);
	ual->last_time = UTC_NONE;
	for (size_t i = 0; i <= LIMIT_JSON_STRINGS; i++) {
		ual->documents[i] = json_document_new();
		if (ual->documents[i] == NULL)
			die_machine("out of memory");
	}
	return ual;
}

void
ual_free(struct ual *ual)
{
	if (ual == NULL)
		return;
	for (size_t i = 0; i <= LIMIT_JSON_STRINGS; i++)
		json_document_free(ual->documents[i]);
	arena_release(&ual->arena);
	buffer_release(&ual->parameters);
	free(ual->items);
	free(ual->folders);
	free(ual);
}

int64_t
ual_last_time(const struct ual *ual)
{
	return ual->last_time;
}

/* Items name a Send's message; its subject tells the reader which. */
static void
settle_detail(struct ual *ual)
{
	struct record_event *e = &ual->event;

	if (e->detail.n == 0 && ual->item_count == 1)
		e->detail = ual->items[0].subject;
}

static void
settle_addresses(struct ual *ual)
{
	struct record_event *e = &ual->event;
	struct ip_address address;

	for (size_t i = 0; i < UAL_IPS; i++) {
		if (ual->ip[i].n == 0)
			continue;
		if (e->client_ip.n == 0)
			e->client_ip = ual->ip[i];
		if (ip_parse(ual->ip[i], &address))
			ual_list_add(&ual->ips,
			    ip_text(&ual->arena, &address));
	}
	e->ips = ual_list_json(ual, &ual->ips);
}

/* Our reading of ResultStatus; a sign-in's own error decides (rule 25). */
static struct bytes
succeeded(const struct ual *ual)
{
	const struct record_event *e = &ual->event;

	if (bytes_starts_nocase(e->operation, BYTES_LIT("UserLoginFailed")) ||
	    (ual->sign_in_failed &&
	        bytes_starts_nocase(e->operation, BYTES_LIT("UserLog"))))
		return BYTES_LIT("no");
	if (bytes_starts_nocase(e->result, BYTES_LIT("Partial")))
		return BYTES_LIT("partial");
	if (bytes_starts_nocase(e->result, BYTES_LIT("Fail")) ||
	    bytes_eq_nocase(e->result, BYTES_LIT("False")))
		return BYTES_LIT("no");
	return BYTES_LIT("yes");
}

static void
settle(struct ual *ual, struct bytes text, const struct ual_place *place)
{
	struct record_event *e = &ual->event;

	if (place->idx == 0 && ual->part == 0)
		ual->further = 0;
	e->idx = place->idx + ual->further;
	e->locator = place->locator;
	e->raw_offset = place->raw_offset;
	e->raw_bytes = place->raw_bytes;
	if (place->result_count != RECORD_NONE)
		e->result_count = place->result_count;
	if (place->result_index != RECORD_NONE)
		e->result_index = place->result_index;
	e->content_sha256 = sha256_hex(&ual->arena, text);
	if (ual->part > 0)
		e->content_sha256 = sha256_hex(&ual->arena,
		    arena_printf(&ual->arena, "%.*s:%zu",
			(int)e->content_sha256.n,
			(const char *)e->content_sha256.p, ual->part));
	e->inner_bytes = (int64_t)text.n;
	if (place->time_us != RECORD_NONE)
		e->time_us = place->time_us;
	e->until_us = e->time_us;
	if (e->record_type == RECORD_TYPE_AGGREGATED && e->time_us != UTC_NONE)
		e->until_us += AGGREGATED_SECONDS * UTC_SECOND;
	if (e->session_id.n == 0)
		e->session_id = ual->device_session;
	e->throttled = e->throttled.n ? e->throttled : BYTES_LIT("not_stated");
	e->app_ids = ual_list_json(ual, &ual->apps);
	e->sessions = ual_list_json(ual, &ual->sessions);
	e->device_ids = ual_list_json(ual, &ual->devices);
	if (ual->clients.count > 1)
		e->clients = ual_list_json(ual, &ual->clients);
	if (e->succeeded.n == 0)
		e->succeeded = succeeded(ual);
	if (ual->parameters.n > 0) {
		buffer_add_byte(&ual->parameters, ']');
		e->parameters = buffer_bytes(&ual->parameters);
	}
	settle_addresses(ual);
	settle_detail(ual);
	if (e->time_us != UTC_NONE)
		ual->last_time = e->time_us;
}

void
ual_forget(struct ual *ual)
{
	record_clear(RECORD_KIND_EVENT, &ual->event);
	ual->item_count = ual->folder_count = 0;
	memset(ual->ip, 0, sizeof ual->ip);
	ual->device_session = BYTES_NONE;
	ual->apps.count = ual->sessions.count = ual->devices.count = 0;
	ual->ips.count = ual->clients.count = 0;
	buffer_reset(&ual->parameters);
	ual->sign_in_failed = false;
	ual->items_cut = 0;
	ual->strings_cut = ual->strings_bad = false;
}

void
ual_begin(struct ual *ual)
{
	arena_reset(&ual->arena);
	ual->depth = 0;
	ual->part = 0;
	ual->parts = 1;
	ual_forget(ual);
}

/* Lone surrogates and bad UTF-8 are mended once; a JSON error is not. */
static bool
parse_mended(struct ual *ual, struct bytes text, struct json *root)
{
	struct bytes mended = text_repair_utf8(&ual->arena, text);
	uint8_t *copy = arena_raw(&ual->arena, mended.n + JSON_PADDING);

	memcpy(copy, mended.p, mended.n);
	memset(copy + mended.n, 0, JSON_PADDING);
	for (size_t i = 0; i + 6 <= mended.n; i++) {
		bool pair = i + 12 <= mended.n && copy[i + 6] == '\\' &&
			    copy[i + 7] == 'u' &&
			    byte_lower(copy[i + 8]) == 'd' &&
			    byte_lower(copy[i + 9]) >= 'c';

		if (copy[i] == '\\' && copy[i + 1] != 'u') {
			i++; /* an escaped backslash begins nothing */
			continue;
		}
		if (copy[i] != '\\' || byte_lower(copy[i + 2]) != 'd' ||
		    copy[i + 3] < '8')
			continue;
		if (byte_lower(copy[i + 3]) < 'c' && pair) {
			i += 11;
			continue;
		}
		memcpy(copy + i + 2, "fffd", 4);
	}
	return json_parse(ual->documents[0], bytes_of(copy, mended.n), root);
}

/* Nobody can say what the rest named: with its time and mailbox the record
 * is a gap in the coverage, like one that cannot be read. */
static void
say_items_cut(const struct ual *ual, struct bytes locator, struct sink *sink)
{
	struct record_problem problem;

	record_clear(RECORD_KIND_PROBLEM, &problem);
	problem.locator = locator;
	problem.kind = bytes_cstr(problem_kind_name(PROBLEM_LIMIT_MEMBERS));
	problem.severity = bytes_cstr(severity_name(OUTCOME_ITEM_LOST));
	problem.items_lost = (int64_t)ual->items_cut;
	problem.time_us = ual->event.time_us;
	problem.mailbox = ual->event.mailbox_guid;
	if (problem.mailbox.n == 0)
		problem.mailbox = ual->event.mailbox_owner;
	problem.detail = arena_printf(&sink->item,
	    "the record names more than %d items; %llu are left out",
	    LIMIT_EVENT_ITEMS, (unsigned long long)ual->items_cut);
	sink_record(sink, RECORD_KIND_PROBLEM, &problem);
}

/* What of the record could not be taken, or contradicts itself. */
static void
say_gaps(const struct ual *ual, struct bytes locator, struct sink *sink)
{
	const struct record_event *e = &ual->event;

	if (ual->items_cut > 0)
		say_items_cut(ual, locator, sink);
	if (ual->strings_cut)
		sink_problem(sink, locator, PROBLEM_LIMIT_DEPTH,
		    OUTCOME_PARTIAL, 0,
		    "more than %d lists inside strings of one record; the "
		    "rest is left out", LIMIT_JSON_STRINGS);
	if (ual->strings_bad)
		sink_problem(sink, locator, PROBLEM_TRUNCATED, OUTCOME_PARTIAL,
		    0, "a list inside a string of the record is cut or "
		    "damaged; what it names is missing");
	if (e->operation_count != RECORD_NONE &&
	    bytes_eq(e->access_type, BYTES_LIT("bind")) &&
	    e->operation_count != (int64_t)ual->item_count)
		sink_problem(sink, locator, PROBLEM_COUNT_MISMATCH,
		    OUTCOME_OK, 0,
		    "OperationCount says %lld items, the record names %zu",
		    (long long)e->operation_count, ual->item_count);
}

static void
say(struct ual *ual, const struct ual_place *place, struct sink *sink)
{
	const struct record_event *e = &ual->event;

	sink_record(sink, RECORD_KIND_EVENT, e);
	for (size_t i = 0; i < ual->item_count; i++) {
		ual->items[i].idx = e->idx;
		sink_record(sink, RECORD_KIND_EVENT_ITEM, &ual->items[i]);
	}
	for (size_t i = 0; i < ual->folder_count; i++) {
		ual->folders[i].idx = e->idx;
		sink_record(sink, RECORD_KIND_EVENT_FOLDER, &ual->folders[i]);
	}
	say_gaps(ual, place->locator, sink);
}

/* All members of one object; true when it turns out to be a wrapper, whose
 * inner record is then *inner. */
static bool
take_members(struct ual *ual, struct json root, struct json *inner)
{
	struct json_iterator members = json_children(root);
	struct json value;
	struct bytes key;
	bool wrapped = false;

	while (json_next(&members, &key, &value)) {
		enum ual_key known = ual_key_of(key);

		if (known == KEYS)
			continue;
		if (known == KEY_AUDIT_DATA || known == KEY_DYNAMIC) {
			*inner = value;
			wrapped = true;
			continue;
		}
		ual_take_member(ual, known, value);
	}
	return wrapped;
}

/* {"AuditData": "..."} or {"AuditData": {...}}: of what stands around the
 * inner record only the run's counts are kept. */
bool
ual_take_record(struct ual *ual, struct json root)
{
	struct json inner;

	for (unsigned depth = 0; json_kind_of(root) == JSON_OBJECT; depth++) {
		int64_t count, index;

		if (!take_members(ual, root, &inner))
			return true;
		count = ual->event.result_count;
		index = ual->event.result_index;
		ual_forget(ual);
		ual->event.result_count = count;
		ual->event.result_index = index;
		if (depth == UAL_WRAPPINGS || !ual_container(ual, inner, &root))
			return false;
	}
	return false;
}

static bool
take(struct ual *ual, struct json root)
{
	struct record_event *e = &ual->event;
	const struct form *form;

	if (!ual_take_record(ual, root))
		return false;
	if (e->operation.n > 0 && e->time_text.n > 0)
		return true;
	form = form_of(root);
	if (form == NULL)
		return e->operation.n > 0 || e->record_id.n > 0;
	ual_forget(ual);
	return form->take(ual, root) && e->operation.n > 0;
}

void
ual_end(struct ual *ual, struct bytes text, const struct ual_place *place,
    struct sink *sink)
{
	settle(ual, text, place);
	say(ual, place, sink);
}

static bool
read_record(struct ual *ual, struct bytes text, struct json *root)
{
	ual_begin(ual);
	if (!json_parse(ual->documents[0], text, root) &&
	    !parse_mended(ual, text, root))
		return false;
	return json_kind_of(*root) == JSON_OBJECT && take(ual, *root);
}

void
ual_peek(struct ual *ual, struct bytes text)
{
	struct json root;

	if (read_record(ual, text, &root) && ual->event.time_us != UTC_NONE)
		ual->last_time = ual->event.time_us;
}

bool
ual_say(struct ual *ual, struct bytes text, const struct ual_place *place,
    struct sink *sink)
{
	struct json root;

	if (!read_record(ual, text, &root))
		return false;
	ual_end(ual, text, place, sink);
	for (ual->part = 1; ual->part < ual->parts; ual->part++) {
		ual_forget(ual);
		if (!take(ual, root))
			continue;
		ual->further++;
		ual_end(ual, text, place, sink);
	}
	return true;
}
