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

/* What lies in an archive in an archive has said where; the rest is this
 * member's. */
static struct bytes
member_of(struct member_sink *sink, struct bytes inner)
{
	return inner.p != NULL ? below(sink, inner) : sink->prefix;
}

/* The path without the ending of a compression: a.mbox.gz holds a.mbox. */
static struct bytes
without_compression(struct bytes path)
{
	static const char *const endings[] = { ".gz", ".bz2", ".xz", ".zst" };

	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (bytes_ends(path, bytes_cstr(endings[i])))
			return bytes_slice(path, 0,
			    path.n - strlen(endings[i]));
	return path;
}

static void
say_inner_member(struct member_sink *sink, const struct record_member *from)
{
	struct record_member m = *from;

	m.locator = below(sink, m.locator);
	m.path = m.path.n == 0
		     ? without_compression(sink->path)
		     : arena_printf(&sink->scratch, "%.*s/%.*s",
			   (int)sink->path.n, (const char *)sink->path.p,
			   (int)m.path.n, (const char *)m.path.p);
	sink_record(sink->outer, RECORD_KIND_MEMBER, &m);
}

static void
say_member(struct member_sink *sink, const struct record_source_info *info)
{
	struct record_member m;

	record_clear(RECORD_KIND_MEMBER, &m);
	m.locator = sink->prefix;
	m.path = sink->path;
	m.kind = sink->kind;
	if (info != NULL) {
		m.store_owner = info->store_owner;
		m.display_name = info->display_name;
	}
	sink_record(sink->outer, RECORD_KIND_MEMBER, &m);
}

static void
say_message(struct member_sink *sink, const struct record_message *from)
{
	struct record_message m = *from;

	m.locator = below(sink, m.locator);
	if (m.folder_id.p != NULL)
		m.folder_id = below(sink, m.folder_id);
	m.member = member_of(sink, m.member);
	sink_record(sink->outer, RECORD_KIND_MESSAGE, &m);
}

static void
say_folder(struct member_sink *sink, const struct record_folder *from)
{
	struct record_folder f = *from;

	f.folder_id = below(sink, f.folder_id);
	if (f.parent_id.p != NULL)
		f.parent_id = below(sink, f.parent_id);
	f.member = member_of(sink, f.member);
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
	/* The source is the archive: a member is an item of it. */
	if (bytes_eq(p.severity,
	        bytes_cstr(severity_name(OUTCOME_SOURCE_LOST)))) {
		p.severity = bytes_cstr(severity_name(OUTCOME_ITEM_LOST));
		if (p.items_lost < 1)
			p.items_lost = 1;
	}
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
	case RECORD_KIND_MEMBER:
		say_inner_member(sink, record);
		break;
	case RECORD_KIND_SOURCE_INFO: /* the source is the archive */
		if (sink->kind.p != NULL)
			say_member(sink, record);
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
	sink->sink.contents = outer->contents;
	sink->outer = outer;
	sink->prefix = prefix;
	arena_init(&sink->sink.item);
	arena_init(&sink->scratch);
}

void
member_sink_is_mail(struct member_sink *sink, const char *kind)
{
	sink->kind = bytes_cstr(kind);
	say_member(sink, NULL);
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
