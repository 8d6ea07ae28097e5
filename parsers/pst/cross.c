/*
 * `inspect --cross-check`: a store read by our reader and by libpff, and a
 * problem row for every difference.  Never bids for a file; named by --as or
 * by the option.
 */
#include <stdlib.h>

#include "parsers/base/buffer.h"
#include "parsers/base/die.h"
#include "parsers/pst/pst.h"
#include "parsers/pst/second.h"

/* What one reader says of one message. */
struct fact {
	struct bytes locator, subject, body, attachments;
	size_t order;
};

struct facts {
	struct sink sink;
	struct arena arena;
	struct fact *list;
	size_t count, room;
	size_t item_from;      /* of the item in hand */
	struct buffer specs;   /* units, each ended by a NUL */
	bool recovered;        /* the item in hand */
};

static bool
on_begin(struct sink *sink, struct bytes locator)
{
	struct facts *facts = (struct facts *)sink;

	(void)locator;
	facts->item_from = facts->count;
	return true;
}

static void
on_size(struct sink *sink, uint64_t records)
{
	(void)sink;
	(void)records;
}

static void
on_end(struct sink *sink)
{
	(void)sink;
}

static void
take_message(struct facts *facts, const struct record_message *m)
{
	if (facts->count == facts->room) {
		facts->room = facts->room ? facts->room * 2 : 1024;
		facts->list = realloc(facts->list,
		    facts->room * sizeof *facts->list);
		if (facts->list == NULL)
			die_machine("out of memory");
	}
	facts->list[facts->count] = (struct fact){
		.locator = arena_dup(&facts->arena, m->locator),
		.subject = arena_dup(&facts->arena, m->subject),
		.body = arena_dup(&facts->arena, m->body_sha256),
		.attachments = BYTES_LIT(""),
		.order = facts->count,
	};
	/* A recovered one, and what is in it, libpff does not look for. */
	if (m->idx == 0)
		facts->recovered = bytes_eq(m->state, BYTES_LIT("recovered"));
	if (facts->recovered)
		facts->list[facts->count].locator = BYTES_NONE;
	facts->count++;
}

static void
take_attachment(struct facts *facts, const struct record_attachment *a)
{
	struct fact *fact;

	if (a->idx < 0 || (size_t)a->idx >= facts->count - facts->item_from)
		return;
	fact = &facts->list[facts->item_from + (size_t)a->idx];
	fact->attachments = arena_printf(&facts->arena, "%.*s %.*s",
	    (int)fact->attachments.n, (const char *)fact->attachments.p,
	    (int)a->sha256.n, a->sha256.n ? (const char *)a->sha256.p : "");
}

static void
on_record(struct sink *sink, enum record_kind kind, const void *record)
{
	struct facts *facts = (struct facts *)sink;

	if (kind == RECORD_KIND_MESSAGE)
		take_message(facts, record);
	else if (kind == RECORD_KIND_ATTACHMENT)
		take_attachment(facts, record);
	else if (kind == RECORD_KIND_UNIT) {
		buffer_add_bytes(&facts->specs,
		    ((const struct record_unit *)record)->spec);
		buffer_add_byte(&facts->specs, 0);
	}
}

static void
on_text(struct sink *sink, const struct text_flow *flow)
{
	(void)sink;
	(void)flow;
}

static void
on_row(struct sink *sink, const struct text_row *row)
{
	(void)sink;
	(void)row;
}

static const struct sink_ops fact_ops = { on_begin, on_size, on_end,
	on_record, on_text, on_row, NULL };

static void
facts_init(struct facts *facts)
{
	*facts = (struct facts){ .sink.ops = &fact_ops };
	arena_init(&facts->arena);
	arena_init(&facts->sink.item);
}

static void
facts_release(struct facts *facts)
{
	arena_release(&facts->arena);
	arena_release(&facts->sink.item);
	buffer_release(&facts->specs);
	free(facts->list);
}

static int
compare_facts(const void *left, const void *right)
{
	const struct fact *a = left, *b = right;
	int order = bytes_compare(a->locator, b->locator);

	return order ? order : a->order < b->order ? -1 : 1;
}

/* Without the ones that do not count. */
static void
facts_sort(struct facts *facts)
{
	size_t kept = 0;

	for (size_t i = 0; i < facts->count; i++)
		if (bytes_present(facts->list[i].locator))
			facts->list[kept++] = facts->list[i];
	facts->count = kept;
	if (kept > 1)
		qsort(facts->list, kept, sizeof *facts->list, compare_facts);
}

static void
read_ours(const struct input *input, struct facts *facts)
{
	struct bytes rest, spec;

	if (pst_plan(input, &facts->sink) == OUTCOME_SOURCE_LOST)
		return;
	rest = buffer_bytes(&facts->specs);
	while (bytes_cut(&rest, 0, &spec))
		if (spec.n > 0)
			pst_run(input, spec, &facts->sink);
	facts_sort(facts);
}

/* ---- differences */

static void
differ(struct sink *sink, struct bytes locator, enum outcome severity,
    const char *what)
{
	sink_problem(sink, locator, PROBLEM_COUNT_MISMATCH, severity, 0, "%s",
	    what);
}

static void
compare_pair(struct sink *sink, const struct fact *ours,
    const struct fact *theirs)
{
	if (!bytes_eq(ours->subject, theirs->subject))
		differ(sink, ours->locator, OUTCOME_OK,
		    "libpff reads another subject");
	if (!bytes_eq(ours->body, theirs->body))
		differ(sink, ours->locator, OUTCOME_OK,
		    "libpff reads another body");
	if (!bytes_eq(ours->attachments, theirs->attachments))
		differ(sink, ours->locator, OUTCOME_OK,
		    "libpff reads other attachments");
}

static void
compare(struct sink *sink, const struct facts *ours,
    const struct facts *theirs)
{
	size_t i = 0, k = 0;

	while (i < ours->count || k < theirs->count) {
		int order = i == ours->count     ? 1
			    : k == theirs->count ? -1
						 : bytes_compare(
						       ours->list[i].locator,
						       theirs->list[k].locator);

		if (order < 0)
			differ(sink, ours->list[i++].locator, OUTCOME_OK,
			    "only our reader reads this item");
		else if (order > 0)
			differ(sink, theirs->list[k++].locator,
			    OUTCOME_PARTIAL,
			    "only libpff reads this item");
		else
			compare_pair(sink, &ours->list[i++],
			    &theirs->list[k++]);
	}
}

static unsigned
cross_probe(struct bytes head, uint64_t size)
{
	(void)head;
	(void)size;
	return 0;
}

static enum outcome
cross_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct facts ours, theirs;

	(void)spec;
	facts_init(&ours);
	facts_init(&theirs);
	read_ours(input, &ours);
	if (pst_second_run(input, &theirs.sink) == OUTCOME_SOURCE_LOST)
		differ(sink, BYTES_NONE, OUTCOME_OK,
		    "libpff cannot open this store");
	facts_sort(&theirs);
	sink_problem(sink, BYTES_NONE, PROBLEM_COUNT_MISMATCH, OUTCOME_OK, 0,
	    "our reader reads %zu items in folders, libpff %zu", ours.count,
	    theirs.count);
	compare(sink, &ours, &theirs);
	facts_release(&ours);
	facts_release(&theirs);
	return OUTCOME_OK;
}

const struct parser parser_pst_cross = {
	.name = "pst_cross",
	.title = "Outlook store, our reader against libpff",
	.probe = cross_probe,
	.run = cross_run,
};
