/*
 * Coverage of each mailbox (contract 3): from the first to the last Exchange
 * record of the evidence, minus gaps.  Rows do not overlap: gap, audit_off,
 * throttled, outside win in this order.  A record covers its whole second.
 */
#include "forensics/access/coverage.h"

#include <stdlib.h>

#include "parsers/base/die.h"

static const char *const status_names[SPAN_STATUSES] = { "gap", "audit_off",
	"throttled", "covered", "outside" };

void
spans_add(struct spans *spans, int64_t from, int64_t to,
    enum span_status status, struct bytes reason)
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

static void
add_rows(struct cover *c, struct spans *spans, const char *sql,
    int64_t mailbox, enum span_status status)
{
	struct case_rows *rows = case_query(c->file, sql);

	case_bind_number(rows, 1, mailbox);
	while (case_next(rows)) {
		int64_t to = case_number(rows, 1);

		/* Never switched on again: to the end of what we look at. */
		if (to == UTC_NONE)
			to = c->window_end_us > c->end_us ? c->window_end_us
							  : c->end_us;
		spans_add(spans, case_number(rows, 0), to, status,
		    arena_dup(&c->arena, case_text(rows, 2)));
	}
}

static void
add_own(struct cover *c, struct spans *spans, int64_t mailbox)
{
	add_rows(c, spans,
	    "SELECT DISTINCT from_us, to_us, 'a record of this mailbox cannot"
	    " be read' FROM temp.unreadable WHERE mailbox_no = ?1"
	    " ORDER BY 1, 2", mailbox, SPAN_GAP);
	add_rows(c, spans,
	    "SELECT e.time_us, e.time_us + 86400000000, 'logging suspended"
	    " for 24 hours (record ' || coalesce(e.record_id, e.event_id) ||"
	    " ')' FROM temp.throttled_events t JOIN events e USING (event)"
	    " WHERE t.mailbox_no = ?1 AND e.time_us IS NOT NULL"
	    " ORDER BY e.time_us, e.record_id", mailbox, SPAN_THROTTLED);
	add_rows(c, spans,
	    "SELECT o.from_us, o.to_us, o.words || ' (record ' ||"
	    " coalesce(e.record_id, e.event_id) || ')' FROM temp.audit_off o"
	    " JOIN events e USING (event) WHERE o.mailbox_no IS NULL"
	    " OR o.mailbox_no = ?1 ORDER BY o.from_us, e.event_id",
	    mailbox, SPAN_AUDIT_OFF);
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

static int
compare_spans(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->from_us != y->from_us)
		return x->from_us < y->from_us ? -1 : 1;
	if (x->status != y->status)
		return (int)x->status - (int)y->status;
	if (x->to_us != y->to_us)
		return x->to_us < y->to_us ? -1 : 1;
	return bytes_compare(x->reason, y->reason);
}

/* Those that reach past `from`, of the sorted spans that begin by then. */
struct active {
	const struct span **list;
	size_t count, next;
};

static const struct span *
strongest(struct active *active, const struct spans *spans, int64_t from)
{
	const struct span *best = NULL;
	size_t kept = 0;

	while (active->next < spans->count &&
	       spans->list[active->next].from_us <= from)
		active->list[active->count++] = &spans->list[active->next++];
	for (size_t i = 0; i < active->count; i++) {
		const struct span *s = active->list[i];

		if (s->to_us <= from)
			continue;
		active->list[kept++] = s;
		if (best == NULL || s->status < best->status)
			best = s;
	}
	active->count = kept;
	return best;
}

static void
end_row(struct cover *c, int64_t mailbox, const struct span *open)
{
	if (open->from_us != UTC_NONE)
		write_row(c->file, mailbox, open->from_us, open->to_us,
		    status_names[open->status], open->reason);
}

/* Cut all spans at all borders; neighbours of one kind become one row. */
static void
write_rows(struct cover *c, struct spans *spans, int64_t mailbox)
{
	int64_t *borders = calloc(2 * spans->count + 1, sizeof *borders);
	struct active active = { calloc(spans->count + 1,
				     sizeof *active.list), 0, 0 };
	struct span open = { UTC_NONE, UTC_NONE, SPAN_COVERED, BYTES_NONE };
	size_t count = 0;

	if (borders == NULL || active.list == NULL)
		die_machine("out of memory");
	qsort(spans->list, spans->count, sizeof *spans->list, compare_spans);
	for (size_t i = 0; i < spans->count; i++) {
		borders[count++] = spans->list[i].from_us;
		borders[count++] = spans->list[i].to_us;
	}
	qsort(borders, count, sizeof *borders, compare_times);
	for (size_t i = 0; i + 1 < count; i++) {
		const struct span *s;

		if (borders[i] == borders[i + 1])
			continue;
		s = strongest(&active, spans, borders[i]);
		if (s == NULL)
			continue;
		if (open.to_us == borders[i] && open.status == s->status &&
		    bytes_eq(open.reason, s->reason)) {
			open.to_us = borders[i + 1];
			continue;
		}
		end_row(c, mailbox, &open);
		open = *s;
		open.from_us = borders[i];
		open.to_us = borders[i + 1];
	}
	end_row(c, mailbox, &open);
	free(active.list);
	free(borders);
}

/* What lies between the log and a gap beyond its ends is outside of it. */
static void
add_outside(struct cover *c, struct spans *spans)
{
	int64_t low = c->first_us, high = c->end_us;

	for (size_t i = 0; i < spans->count; i++) {
		if (spans->list[i].from_us < low)
			low = spans->list[i].from_us;
		if (spans->list[i].to_us > high)
			high = spans->list[i].to_us;
	}
	spans_add(spans, low, c->first_us, SPAN_OUTSIDE,
	    BYTES_LIT("before the first Exchange record"));
	spans_add(spans, c->end_us, high, SPAN_OUTSIDE,
	    BYTES_LIT("after the last Exchange record"));
}

static int64_t
border(struct case_file *file, int64_t mailbox, bool last)
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
		spans_add(&spans, c->tenant.list[i].from_us,
		    c->tenant.list[i].to_us, c->tenant.list[i].status,
		    c->tenant.list[i].reason);
	spans_add(&spans, c->first_us, c->end_us, SPAN_COVERED,
	    BYTES_LIT("first to last Exchange record of the evidence"));
	add_own(c, &spans, mailbox);
	add_outside(c, &spans);
	write_rows(c, &spans, mailbox);
	write_row(c->file, mailbox, UTC_NONE,
	    border(c->file, mailbox, false), "outside",
	    BYTES_LIT("before the first Exchange record"));
	write_row(c->file, mailbox, border(c->file, mailbox, true),
	    UTC_NONE, "outside", BYTES_LIT("after the last Exchange record"));
	free(spans.list);
}

static void
load_ends(struct cover *c)
{
	struct case_rows *rows = case_query(c->file,
	    "SELECT min(e.time_us), max(e.time_us) + 1000000, "
	    WINDOW("from") ", " WINDOW("to") " + 1000000"
	    " FROM temp.event_facts e WHERE e.exchange = 1");

	c->first_us = c->end_us = UTC_NONE;
	c->window_from_us = c->window_end_us = UTC_NONE;
	if (!case_next(rows))
		return;
	c->first_us = case_number(rows, 0);
	c->end_us = case_number(rows, 1);
	c->window_from_us = case_number(rows, 2);
	c->window_end_us = case_number(rows, 3);
}

void
coverage_build(struct case_file *file)
{
	struct cover c = { .file = file };
	struct case_rows *rows;

	arena_init(&c.arena);
	load_ends(&c);
	coverage_gaps_load(&c);
	case_run(file,
	    "DROP TABLE IF EXISTS temp.throttled_events;"
	    "CREATE TEMP TABLE throttled_events AS SELECT j.mailbox_no,"
	    " e.event FROM event_facts e JOIN judged_events j USING (event)"
	    " WHERE e.throttled = 1 AND j.mailbox_no IS NOT NULL;"
	    "CREATE INDEX temp.throttled_events_no ON"
	    " throttled_events(mailbox_no);"
	    "DROP TABLE IF EXISTS temp.logged_mailboxes;"
	    "CREATE TEMP TABLE logged_mailboxes AS SELECT DISTINCT"
	    " j.mailbox_no FROM event_facts e JOIN judged_events j"
	    " USING (event) WHERE e.item_access = 1");
	rows = case_query_new(file,
	    "SELECT b.mailbox_no, b.mailbox_no IN (SELECT mailbox_no"
	    " FROM temp.logged_mailboxes) FROM mailboxes b"
	    " ORDER BY b.mailbox_no");
	while (case_next(rows))
		cover_mailbox(&c, case_number(rows, 0),
		    case_number(rows, 1) == 1);
	case_done(rows);
	free(c.tenant.list);
	arena_release(&c.arena);
}
