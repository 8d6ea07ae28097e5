/*
 * Coverage of each mailbox (contract 3): from the first to the last Exchange
 * record of the evidence, minus gaps.  Rows do not overlap: gap, audit_off,
 * throttled, outside win in this order.
 */
#include <stdlib.h>

#include "forensics/access/reconstruct.h"
#include "parsers/base/buffer.h"
#include "parsers/base/die.h"
#include "parsers/base/utc.h"

enum status { /* strongest first */
	STATUS_GAP,
	STATUS_AUDIT_OFF,
	STATUS_THROTTLED,
	STATUS_COVERED,
	STATUSES
};

static const char *const status_names[STATUSES] = { "gap", "audit_off",
	"throttled", "covered" };

struct span {
	int64_t from_us, to_us; /* half open */
	enum status status;
	struct bytes reason;
};

struct spans {
	struct span *list;
	size_t count, room;
};

struct cover {
	struct case_file *file;
	struct arena arena;
	struct spans tenant; /* gaps of all mailboxes */
	int64_t first_us, last_us;
};

#define EXCHANGE                                                               \
	"(e.workload = 'Exchange' OR e.record_type IN (1, 2, 3, 19, 50))"

static void
add_span(struct spans *spans, int64_t from, int64_t to, enum status status,
    struct bytes reason)
{
	if (from == UTC_NONE || to == UTC_NONE || to <= from)
		return;
	if (spans->count == spans->room) {
		spans->room = spans->room ? spans->room * 2 : 64;
		spans->list = realloc(spans->list,
		    spans->room * sizeof *spans->list);
		if (spans->list == NULL)
			die_machine("out of memory");
	}
	spans->list[spans->count++] = (struct span){ from, to, status,
		reason };
}

/* Each run of whole UTC days without a record between days that have some. */
static void
add_empty_days(struct cover *c)
{
	struct case_rows *rows = case_query_new(c->file,
	    "SELECT DISTINCT e.time_us / 86400000000 FROM judged_events"
	    " JOIN events e USING (event) WHERE e.time_us IS NOT NULL AND "
	    EXCHANGE " ORDER BY 1");
	int64_t last = INT64_MIN;

	while (case_next(rows)) {
		int64_t day = case_number(rows, 0);

		if (last != INT64_MIN && day > last + 1)
			add_span(&c->tenant, (last + 1) * UTC_DAY,
			    day * UTC_DAY, STATUS_GAP,
			    arena_printf(&c->arena,
				"no Exchange record of anybody on %lld whole "
				"UTC days",
				(long long)(day - last - 1)));
		last = day;
	}
	case_done(rows);
}

static int64_t
next_record(struct cover *c, int64_t after)
{
	struct case_rows *rows = case_query(c->file,
	    "SELECT min(e.time_us) FROM judged_events JOIN events e"
	    " USING (event) WHERE e.time_us > ?1 AND " EXCHANGE);

	case_bind_number(rows, 1, after);
	return case_next(rows) ? case_number(rows, 0) : UTC_NONE;
}

/* A cut export: beyond its last row up to the next row of any file. */
static void
add_cuts(struct cover *c)
{
	struct case_rows *rows = case_query_new(c->file,
	    "SELECT time_us FROM problems WHERE kind = 'cut_export'"
	    " AND time_us IS NOT NULL"
	    " UNION SELECT max(e.time_us) FROM events e"
	    "  WHERE e.result_count IS NOT NULL GROUP BY e.source"
	    "  HAVING max(e.result_count) > count(*)");

	while (case_next(rows)) {
		int64_t from = case_number(rows, 0);

		add_span(&c->tenant, from, next_record(c, from), STATUS_GAP,
		    BYTES_LIT("an export was cut at its limit here"));
	}
	case_done(rows);
}

/* Unreadable records whose mailbox is not legible concern everybody: at
 * their own time, else between their neighbours in the file. */
static void
add_unreadable(struct cover *c)
{
	struct case_rows *rows = case_query_new(c->file,
	    "SELECT p.time_us, (SELECT max(e.time_us) FROM events e"
	    "  WHERE e.source = p.source AND CAST(substr(e.locator,"
	    "  instr(e.locator, '=') + 1) AS INTEGER) < CAST(substr("
	    "  p.locator, instr(p.locator, '=') + 1) AS INTEGER)),"
	    " (SELECT min(e.time_us) FROM events e"
	    "  WHERE e.source = p.source AND CAST(substr(e.locator,"
	    "  instr(e.locator, '=') + 1) AS INTEGER) > CAST(substr("
	    "  p.locator, instr(p.locator, '=') + 1) AS INTEGER))"
	    " FROM problems p JOIN sources s USING (source)"
	    " WHERE s.audit = 1 AND p.severity = 'item_lost'"
	    " AND (p.mailbox IS NULL OR p.time_us IS NULL)");

	while (case_next(rows)) {
		int64_t time = case_number(rows, 0);
		struct bytes reason = BYTES_LIT("a record cannot be read");

		if (time != UTC_NONE) {
			add_span(&c->tenant, time, time + UTC_SECOND,
			    STATUS_GAP, reason);
			continue;
		}
		time = case_number(rows, 1);
		add_span(&c->tenant, time != UTC_NONE ? time : c->first_us,
		    case_number(rows, 2) != UTC_NONE ? case_number(rows, 2)
						     : c->last_us,
		    STATUS_GAP, reason);
	}
	case_done(rows);
}

static void
add_unreadable_of(struct cover *c, struct spans *spans, int64_t mailbox)
{
	struct case_rows *rows = case_query_new(c->file,
	    "SELECT p.time_us FROM problems p WHERE p.severity = 'item_lost'"
	    " AND p.time_us IS NOT NULL AND lower(p.mailbox) IN"
	    " (SELECT name FROM mailbox_names WHERE mailbox_no = ?1)");

	case_bind_number(rows, 1, mailbox);
	while (case_next(rows))
		add_span(spans, case_number(rows, 0),
		    case_number(rows, 0) + UTC_SECOND, STATUS_GAP,
		    BYTES_LIT("a record of this mailbox cannot be read"));
	case_done(rows);
}

static void
add_throttled(struct cover *c, struct spans *spans, int64_t mailbox)
{
	struct case_rows *rows = case_query_new(c->file,
	    "SELECT e.time_us, coalesce(e.record_id, e.event_id)"
	    " FROM judged_events j JOIN events e USING (event)"
	    " WHERE j.mailbox_no = ?1 AND e.throttled = 'yes'"
	    " ORDER BY e.time_us, e.record_id");

	case_bind_number(rows, 1, mailbox);
	while (case_next(rows)) {
		struct bytes id = case_text(rows, 1);

		add_span(spans, case_number(rows, 0),
		    case_number(rows, 0) + UTC_DAY, STATUS_THROTTLED,
		    arena_printf(&c->arena,
			"logging suspended for 24 hours (record %.*s)",
			(int)id.n, (const char *)id.p));
	}
	case_done(rows);
}

/* Auditing switched off and on: Set-Mailbox AuditEnabled, audit bypass,
 * ingestion of the whole log. */
static void
add_audit_off(struct cover *c, struct spans *spans, int64_t mailbox)
{
	struct case_rows *rows = case_query_new(c->file,
	    "SELECT e.time_us, max(lower(json_extract(p.value, '$[1]')) ="
	    "  CASE e.operation WHEN 'Set-MailboxAuditBypassAssociation'"
	    "  THEN 'true' ELSE 'false' END) AS off, e.operation"
	    " FROM judged_events j JOIN events e USING (event),"
	    " json_each(e.parameters) p"
	    " WHERE e.succeeded <> 'no' AND"
	    " ((e.operation = 'Set-Mailbox' AND j.mailbox_no = ?1 AND"
	    "  lower(json_extract(p.value, '$[0]')) = 'auditenabled')"
	    " OR (e.operation = 'Set-MailboxAuditBypassAssociation'"
	    "  AND j.mailbox_no = ?1 AND"
	    "  lower(json_extract(p.value, '$[0]')) = 'auditbypassenabled')"
	    " OR (e.operation = 'Set-AdminAuditLogConfig' AND"
	    "  lower(json_extract(p.value, '$[0]')) ="
	    "  'unifiedauditlogingestionenabled'))"
	    " GROUP BY e.event ORDER BY e.operation, e.time_us, e.record_id");
	int64_t off_since = UTC_NONE;
	struct bytes operation = BYTES_LIT("");

	case_bind_number(rows, 1, mailbox);
	while (case_next(rows)) {
		if (!bytes_eq(operation, case_text(rows, 2))) {
			add_span(spans, off_since, c->last_us,
			    STATUS_AUDIT_OFF, operation);
			operation = arena_dup(&c->arena, case_text(rows, 2));
			off_since = UTC_NONE;
		}
		if (case_number(rows, 1) == 1 && off_since == UTC_NONE)
			off_since = case_number(rows, 0);
		else if (case_number(rows, 1) == 0) {
			add_span(spans, off_since, case_number(rows, 0),
			    STATUS_AUDIT_OFF, operation);
			off_since = UTC_NONE;
		}
	}
	add_span(spans, off_since, c->last_us, STATUS_AUDIT_OFF, operation);
	case_done(rows);
}

static void
write_row(struct case_file *file, int64_t mailbox, int64_t from, int64_t to,
    const char *status, struct bytes reason)
{
	struct case_rows *rows = case_query(file,
	    "INSERT INTO coverage VALUES(?1, ?2, ?3, ?4, ?5)");

	case_bind_number(rows, 1, mailbox);
	case_bind_known(rows, 2, from);
	case_bind_known(rows, 3, to);
	case_bind_cstr(rows, 4, status);
	case_bind_text(rows, 5, reason);
	case_exec(rows);
}

static int
compare_times(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The strongest span over [from, to); the first of equals. */
static const struct span *
strongest(const struct spans *spans, int64_t from, int64_t to)
{
	const struct span *best = NULL;

	for (size_t i = 0; i < spans->count; i++) {
		const struct span *s = &spans->list[i];

		if (s->from_us <= from && s->to_us >= to &&
		    (best == NULL || s->status < best->status))
			best = s;
	}
	return best;
}

/* Cut all spans at all borders; neighbours of one kind become one row. */
static void
write_rows(struct cover *c, const struct spans *spans, int64_t mailbox)
{
	int64_t *borders = calloc(2 * spans->count + 1, sizeof *borders);
	size_t count = 0;
	struct span open = { UTC_NONE, UTC_NONE, STATUS_COVERED, BYTES_NONE };

	if (borders == NULL)
		die_machine("out of memory");
	for (size_t i = 0; i < spans->count; i++) {
		borders[count++] = spans->list[i].from_us;
		borders[count++] = spans->list[i].to_us;
	}
	qsort(borders, count, sizeof *borders, compare_times);
	for (size_t i = 0; i + 1 < count; i++) {
		const struct span *s;

		if (borders[i] == borders[i + 1])
			continue;
		s = strongest(spans, borders[i], borders[i + 1]);
		if (s == NULL)
			continue;
		if (open.from_us != UTC_NONE && open.to_us == borders[i] &&
		    open.status == s->status &&
		    bytes_eq(open.reason, s->reason)) {
			open.to_us = borders[i + 1];
			continue;
		}
		if (open.from_us != UTC_NONE)
			write_row(c->file, mailbox, open.from_us, open.to_us,
			    status_names[open.status], open.reason);
		open = *s;
		open.from_us = borders[i];
		open.to_us = borders[i + 1];
	}
	if (open.from_us != UTC_NONE)
		write_row(c->file, mailbox, open.from_us, open.to_us,
		    status_names[open.status], open.reason);
	free(borders);
}

static int64_t
first_border(struct case_file *file, int64_t mailbox, bool last)
{
	struct case_rows *rows = case_query(file,
	    "SELECT min(from_us), max(to_us) FROM coverage"
	    " WHERE mailbox_no = ?1");

	case_bind_number(rows, 1, mailbox);
	return case_next(rows) ? case_number(rows, last) : UTC_NONE;
}

static void
cover_mailbox(struct cover *c, int64_t mailbox, bool logged)
{
	struct spans spans = { NULL, 0, 0 };

	if (!logged || c->first_us == UTC_NONE) {
		write_row(c->file, mailbox, UTC_NONE, UTC_NONE, "not_logged",
		    BYTES_LIT("no MailItemsAccessed record of this mailbox"));
		return;
	}
	for (size_t i = 0; i < c->tenant.count; i++)
		add_span(&spans, c->tenant.list[i].from_us,
		    c->tenant.list[i].to_us, c->tenant.list[i].status,
		    c->tenant.list[i].reason);
	add_span(&spans, c->first_us, c->last_us, STATUS_COVERED,
	    BYTES_LIT("first to last Exchange record of the evidence"));
	add_unreadable_of(c, &spans, mailbox);
	add_throttled(c, &spans, mailbox);
	add_audit_off(c, &spans, mailbox);
	write_rows(c, &spans, mailbox);
	write_row(c->file, mailbox, UTC_NONE,
	    first_border(c->file, mailbox, false), "outside",
	    BYTES_LIT("before the first Exchange record"));
	write_row(c->file, mailbox, first_border(c->file, mailbox, true),
	    UTC_NONE, "outside", BYTES_LIT("after the last Exchange record"));
	free(spans.list);
}

void
coverage_build(struct case_file *file)
{
	struct cover c = { .file = file };
	struct case_rows *rows;


	arena_init(&c.arena);
	rows = case_query(file,
	    "SELECT min(e.time_us), max(e.time_us) FROM judged_events"
	    " JOIN events e USING (event) WHERE " EXCHANGE);
	c.first_us = c.last_us = UTC_NONE;
	if (case_next(rows)) {
		c.first_us = case_number(rows, 0);
		c.last_us = case_number(rows, 1);
	}
	add_empty_days(&c);
	add_cuts(&c);
	add_unreadable(&c);
	rows = case_query_new(file,
	    "SELECT b.mailbox_no, EXISTS (SELECT 1 FROM judged_events j"
	    " JOIN events e USING (event) WHERE j.mailbox_no = b.mailbox_no"
	    " AND e.operation = 'MailItemsAccessed') FROM mailboxes b"
	    " ORDER BY b.mailbox_no");
	while (case_next(rows))
		cover_mailbox(&c, case_number(rows, 0),
		    case_number(rows, 1) == 1);
	case_done(rows);
	free(c.tenant.list);
	arena_release(&c.arena);
}
