#include "parsers/containers/member_sink.h"

static struct bytes
below(struct member_sink *sink, struct bytes locator)
{
	return arena_printf(&sink->scratch, "%.*s%s%.*s", (int)sink->prefix.n,
	    (const char *)sink->prefix.p, locator.n ? "/" : "",
	    (int)locator.n, (const char *)locator.p);
}

static bool
item_begin(struct sink *base, struct bytes locator)
{
	struct member_sink *sink = (struct member_sink *)base;

	arena_reset(&sink->scratch);
	return sink_item_begin(sink->outer, below(sink, locator));
}

static void
item_size(struct sink *base, uint64_t records)
{
	sink_item_size(((struct member_sink *)base)->outer, records);
}

static void
item_end(struct sink *base)
{
	sink_item_end(((struct member_sink *)base)->outer);
}

static void
say_message(struct member_sink *sink, const struct record_message *from)
{
	struct record_message m = *from;

	m.locator = below(sink, m.locator);
	if (m.folder_id.p != NULL)
		m.folder_id = below(sink, m.folder_id);
	else if (!bytes_eq(m.state, BYTES_LIT("embedded")))
		m.folder_id = sink->folder_id;
	sink_record(sink->outer, RECORD_KIND_MESSAGE, &m);
}

static void
say_folder(struct member_sink *sink, const struct record_folder *from)
{
	struct record_folder f = *from;

	f.folder_id = below(sink, f.folder_id);
	if (f.parent_id.p != NULL)
		f.parent_id = below(sink, f.parent_id);
	if (f.path.p == NULL)
		f.path = sink->folder_path;
	sink_record(sink->outer, RECORD_KIND_FOLDER, &f);
}

static void
say_event(struct member_sink *sink, const struct record_event *from)
{
	struct record_event e = *from;

	e.locator = below(sink, e.locator);
	/* Its bytes are not the source's: they cannot be quoted from there. */
	e.raw_offset = e.raw_bytes = RECORD_NONE;
	sink_record(sink->outer, RECORD_KIND_EVENT, &e);
}

static void
keep_unit(struct member_sink *sink, const struct record_unit *unit)
{
	uint32_t n = (uint32_t)unit->spec.n;

	buffer_add(&sink->specs, &n, sizeof n);
	buffer_add_bytes(&sink->specs, unit->spec);
	sink->units++;
}

static void
say_problem(struct member_sink *sink, const struct record_problem *from)
{
	struct record_problem p = *from;

	p.locator = below(sink, p.locator);
	sink_record(sink->outer, RECORD_KIND_PROBLEM, &p);
}

static void
say_record(struct sink *base, enum record_kind kind, const void *record)
{
	struct member_sink *sink = (struct member_sink *)base;
	struct record_attachment attachment;

	arena_reset(&sink->scratch);
	switch (kind) {
	case RECORD_KIND_MESSAGE:
		say_message(sink, record);
		break;
	case RECORD_KIND_FOLDER:
		say_folder(sink, record);
		break;
	case RECORD_KIND_EVENT:
		say_event(sink, record);
		break;
	case RECORD_KIND_PROBLEM:
		say_problem(sink, record);
		break;
	case RECORD_KIND_UNIT:
		keep_unit(sink, record);
		break;
	case RECORD_KIND_ATTACHMENT:
		attachment = *(const struct record_attachment *)record;
		attachment.locator = below(sink, attachment.locator);
		sink_record(sink->outer, kind, &attachment);
		break;
	case RECORD_KIND_SOURCE_INFO: /* the source is the archive */
		break;
	default:
		sink_record(sink->outer, kind, record);
	}
}

/* As they are: sink_text() would put the outer sink's half and body in. */
static void
say_text(struct sink *base, const struct text_flow *flow)
{
	struct sink *outer = ((struct member_sink *)base)->outer;

	outer->ops->text(outer, flow);
}

static void
say_row(struct sink *base, const struct text_row *row)
{
	struct sink *outer = ((struct member_sink *)base)->outer;

	outer->ops->row(outer, row);
}

static void
say_headers(struct sink *base, int64_t idx, struct bytes text)
{
	sink_headers(((struct member_sink *)base)->outer, idx, text);
}

static const struct sink_ops ops = { item_begin, item_size, item_end,
	say_record, say_text, say_row, say_headers };

void
member_sink_init(struct member_sink *sink, struct sink *outer,
    struct bytes prefix)
{
	memset(sink, 0, sizeof *sink);
	sink->sink.ops = &ops;
	sink->outer = outer;
	sink->prefix = prefix;
	arena_init(&sink->sink.item);
	arena_init(&sink->scratch);
}

void
member_sink_release(struct member_sink *sink)
{
	arena_release(&sink->sink.item);
	arena_release(&sink->scratch);
	buffer_release(&sink->specs);
}

bool
member_sink_spec(const struct member_sink *sink, size_t *at,
    struct bytes *spec)
{
	uint32_t n;

	if (sink->specs.n - *at < sizeof n)
		return false;
	memcpy(&n, sink->specs.p + *at, sizeof n);
	*at += sizeof n;
	*spec = bytes_of(sink->specs.p + *at, n);
	*at += n;
	return true;
}
