/*
 * An archive as a source: its members are items of their own parsers.
 *
 * A zip or tar that is large is planned into units of consecutive members;
 * other archives must be unpacked from their start and are one unit.  Members
 * that no parser knows are problem rows, pictures and documents one note.
 */
#include <stdio.h>

#include "parsers/base/limits.h"
#include "parsers/base/scan.h"
#include "parsers/base/sniff.h"
#include "parsers/containers/member.h"
#include "parsers/containers/member_sink.h"
#include "parsers/containers/zip_index.h"

#define UNIT_BYTES (UINT64_C(8) << 20)
enum { UNITS_MOST = 16 };

struct container {
	const struct input *input;
	struct sink *sink;
	struct archive_reader *reader;
	struct member_budget budget;
	struct arena arena; /* of the member in hand */
	struct zip_index *index; /* made when first asked */
	uint64_t beside;    /* members read with another */
	uint64_t harmless, documents;
	enum outcome worst;
};

static void
container_begin(struct container *c, const struct input *input,
    struct sink *sink)
{
	*c = (struct container){ .input = input,
		.sink = sink,
		.budget.packed = input->size };
	c->reader = archive_open(input);
	arena_init(&c->arena);
}

static void
container_end(struct container *c)
{
	archive_close(c->reader);
	zip_index_close(c->index);
	arena_release(&c->arena);
}

static void
worsen(struct container *c, enum outcome outcome)
{
	if (outcome > c->worst)
		c->worst = outcome;
}

/* ---- plan */

static void
say_unit(struct container *c, uint64_t first, uint64_t end)
{
	struct record_unit unit;
	char spec[80];

	record_clear(RECORD_KIND_UNIT, &unit);
	snprintf(spec, sizeof spec, "first=%llu end=%llu",
	    (unsigned long long)first, (unsigned long long)end);
	unit.spec = bytes_cstr(spec);
	sink_record(c->sink, RECORD_KIND_UNIT, &unit);
}

static void
say_broken(struct container *c, uint64_t after)
{
	enum outcome severity = after == 0 ? OUTCOME_SOURCE_LOST
					   : OUTCOME_ITEM_LOST;

	if (after == 0 && archive_is_locked(c->reader))
		sink_problem(c->sink, BYTES_LIT(""), PROBLEM_ENCRYPTED,
		    severity, 0, "the list of its members is encrypted: "
		    "unpack it with its password and add the files");
	else
		sink_problem(c->sink, BYTES_LIT(""), PROBLEM_TRUNCATED,
		    severity, 0, "the archive cannot be read past its member "
		    "%llu: %s; unpack what another tool can and add that",
		    (unsigned long long)after, archive_why(c->reader));
	worsen(c, severity);
}

static bool
too_many(struct container *c, uint64_t number)
{
	if (number < LIMIT_ARCHIVE_MEMBERS)
		return false;
	sink_problem(c->sink, BYTES_LIT(""), PROBLEM_LIMIT_MEMBERS,
	    OUTCOME_ITEM_LOST, 0, "more than %d members; the rest is not "
	    "read: unpack it and add the files", LIMIT_ARCHIVE_MEMBERS);
	worsen(c, OUTCOME_ITEM_LOST);
	return true;
}

static uint64_t
unit_bytes(const struct input *input)
{
	return input->size / UNITS_MOST > UNIT_BYTES
		   ? input->size / UNITS_MOST
		   : UNIT_BYTES;
}

static enum outcome
plan_members(struct container *c)
{
	struct archive_member entry;
	enum archive_step step;
	uint64_t first = 0, bytes = 0, number = 0;

	while ((step = archive_next(c->reader, &entry)) == ARCHIVE_MEMBER) {
		number = entry.number + 1;
		if (too_many(c, entry.number))
			break;
		bytes += entry.size > 0 ? (uint64_t)entry.size / 8 + 4096
					: 4096;
		arena_reset(&c->arena);
		if (bytes < unit_bytes(c->input))
			continue;
		say_unit(c, first, number);
		first = number;
		bytes = 0;
	}
	if (step == ARCHIVE_BROKEN)
		say_broken(c, number);
	if (number > first)
		say_unit(c, first, number);
	return c->worst;
}

static enum outcome
too_deep(const struct input *input, struct sink *sink)
{
	if (input->depth < LIMIT_ARCHIVE_DEPTH)
		return OUTCOME_OK;
	sink_problem(sink, BYTES_LIT(""), PROBLEM_LIMIT_DEPTH,
	    OUTCOME_ITEM_LOST, 1, "archives in archives deeper than %d; "
	    "unpack the outer ones and add the files", LIMIT_ARCHIVE_DEPTH);
	return OUTCOME_ITEM_LOST;
}

static enum outcome
planned_run(const struct input *input, struct sink *sink)
{
	struct container c;
	enum outcome outcome = too_deep(input, sink);

	if (outcome != OUTCOME_OK)
		return outcome;
	container_begin(&c, input, sink);
	outcome = plan_members(&c);
	container_end(&c);
	return outcome;
}

/* ---- run */

static void
member_problem(struct container *c, struct bytes locator,
    enum problem_kind kind, enum outcome severity, const char *what)
{
	sink_problem(c->sink, locator, kind, severity,
	    severity == OUTCOME_ITEM_LOST, "%s", what);
	worsen(c, severity);
}

static void
say_state(struct container *c, enum member_state state,
    const struct member *member, struct bytes locator)
{
	switch (state) {
	case MEMBER_ENCRYPTED:
		member_problem(c, locator, PROBLEM_ENCRYPTED,
		    OUTCOME_ITEM_LOST, "the member is encrypted: unpack it "
		    "with its password and add the file");
		break;
	case MEMBER_DAMAGED:
		member_problem(c, locator, PROBLEM_DAMAGED, OUTCOME_ITEM_LOST,
		    member->why ? member->why : "the member is damaged");
		break;
	case MEMBER_RATIO:
		member_problem(c, locator, PROBLEM_LIMIT_RATIO,
		    OUTCOME_ITEM_LOST, "unpacks to more than 200 times its "
		    "size; unpack it by hand and add the file");
		break;
	case MEMBER_SIZE:
		member_problem(c, locator, PROBLEM_LIMIT_SIZE,
		    OUTCOME_ITEM_LOST, member->why ? member->why
						     : "too large to be read "
		    "inside an archive; unpack it and add the file");
		break;
	case MEMBER_TIE:
		member_problem(c, locator, PROBLEM_AMBIGUOUS_FORMAT,
		    OUTCOME_ITEM_LOST, "two formats claim this content; "
		    "unpack it and name one with --as");
		break;
	case MEMBER_UNKNOWN:
		member_problem(c, locator, PROBLEM_UNKNOWN_FORMAT,
		    OUTCOME_PARTIAL, "no format is known for this content; "
		    "nothing of it was read");
		break;
	case MEMBER_HARMLESS:
	case MEMBER_DOCUMENT:
	case MEMBER_OPEN:
		break;
	}
}

/* It is there, whatever it is: lists of the package may name it. */
static void
say_other(struct container *c, struct bytes path, struct bytes locator)
{
	struct record_member m;

	record_clear(RECORD_KIND_MEMBER, &m);
	m.locator = locator;
	m.path = path;
	m.kind = BYTES_LIT("other");
	sink_record(c->sink, RECORD_KIND_MEMBER, &m);
}

/* The item that is lost stands in the order of items. */
static void
say_lost(struct container *c, enum member_state state,
    const struct member *member, struct bytes locator)
{
	if (state == MEMBER_HARMLESS || state == MEMBER_DOCUMENT) {
		c->harmless += state == MEMBER_HARMLESS;
		c->documents += state == MEMBER_DOCUMENT;
		return;
	}
	if (!sink_item_begin(c->sink, locator))
		return;
	say_state(c, state, member, locator);
	sink_item_end(c->sink);
}

static enum outcome
run_units(struct member *member, struct member_sink *sink)
{
	const struct parser *parser = member->parser;
	enum outcome worst, outcome;
	struct bytes spec;
	size_t at = 0;

	if (parser->plan == NULL)
		return parser->run(&member->input, BYTES_LIT(""),
		    &sink->sink);
	worst = parser->plan(&member->input, &sink->sink);
	if (worst == OUTCOME_SOURCE_LOST)
		return worst;
	while (member_sink_spec(sink, &at, &spec)) {
		outcome = parser->run(&member->input, spec, &sink->sink);
		worst = outcome > worst ? outcome : worst;
	}
	return worst;
}

static enum outcome container_run(const struct input *input,
    struct bytes spec, struct sink *sink);

static void
run_parser(struct container *c, struct member *member,
    const struct archive_member *entry, struct bytes locator)
{
	struct member_sink sink;
	enum outcome outcome;

	member_sink_init(&sink, c->sink, locator);
	sink.path = entry->alone ? BYTES_LIT("") : entry->path;
	if (member->parser->run != container_run &&
	    !member->parser->audit && !member->parser->no_mail)
		member_sink_is_mail(&sink, member->parser->name);
	outcome = run_units(member, &sink);
	if (outcome == OUTCOME_SOURCE_LOST)
		outcome = OUTCOME_ITEM_LOST; /* the archive goes on */
	worsen(c, outcome);
	member_sink_release(&sink);
}

static struct bytes
take_beside(const struct input *input, struct arena *arena, struct bytes path,
    const char **why)
{
	struct container *c = input->archive;

	if (c->index == NULL)
		c->index = zip_index_open(c->input);
	return zip_index_take(c->index, arena, path, why);
}

/* Files of an Outlook for Mac archive that belong to its messages. */
static bool
is_beside(struct bytes path)
{
	return bytes_find(path, BYTES_LIT("com.microsoft.__Attachments/")) !=
	       SIZE_MAX;
}

static struct bytes
last_component(struct bytes path)
{
	size_t from = path.n;

	while (from > 0 && path.p[from - 1] != '/')
		from--;
	return bytes_skip(path, from);
}

static void
run_member(struct container *c, const struct archive_member *from)
{
	struct archive_member entry = *from;
	struct member member;
	enum member_state state;
	struct bytes locator;

	if (is_beside(from->path)) {
		c->beside++;
		return;
	}
	arena_reset(&c->arena);
	entry.path = arena_dup(&c->arena, from->path);
	locator = arena_printf(&c->arena, "member=%.*s", (int)entry.path.n,
	    (const char *)entry.path.p);
	state = member_open(&member, c->reader, &entry, c->input, &c->budget);
	member.input.name = last_component(entry.path);
	member.input.beside = take_beside;
	member.input.archive = c;
	if (member.parser != NULL && member.input.size > 0) {
		run_parser(c, &member, &entry, locator);
		say_state(c, state, &member, locator);
	} else if (entry.size != 0) {
		say_other(c, entry.path, locator);
		say_lost(c, state, &member, locator);
	}
	member_release(&member);
}

static void
say_harmless(struct container *c)
{
	if (c->beside > 0)
		sink_problem(c->sink, BYTES_LIT(""), PROBLEM_UNKNOWN_FORMAT,
		    OUTCOME_OK, 0, "%llu members are attachments of an Outlook "
		    "for Mac archive: each is read with the message that names "
		    "it", (unsigned long long)c->beside);
	if (c->harmless > 0)
		sink_problem(c->sink, BYTES_LIT(""), PROBLEM_UNKNOWN_FORMAT,
		    OUTCOME_OK, 0, "%llu members are pictures, sounds or "
		    "programs: they hold no mail and were not read",
		    (unsigned long long)c->harmless);
	if (c->documents > 0)
		sink_problem(c->sink, BYTES_LIT(""), PROBLEM_UNKNOWN_FORMAT,
		    OUTCOME_PARTIAL, 0, "%llu members are documents that "
		    "belong to no message: their text was not searched",
		    (unsigned long long)c->documents);
}

static void
run_members(struct container *c, uint64_t first, uint64_t end)
{
	struct archive_member entry = { .number = 0 };
	enum archive_step step;
	uint64_t number = 0;

	while (number < end) {
		step = archive_next(c->reader, &entry);
		/* The plan has said it, where there was one. */
		if (step == ARCHIVE_BROKEN && end == UINT64_MAX)
			say_broken(c, number);
		if (step != ARCHIVE_MEMBER)
			break;
		number = entry.number + 1;
		if (end == UINT64_MAX && too_many(c, entry.number))
			break;
		if (entry.number >= first && entry.file)
			run_member(c, &entry);
	}
	say_harmless(c);
}

static enum outcome
container_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct container c;

	if (too_deep(input, sink) != OUTCOME_OK)
		return OUTCOME_ITEM_LOST;
	container_begin(&c, input, sink);
	run_members(&c, spec_number(spec, "first", 0),
	    spec_number(spec, "end", UINT64_MAX));
	container_end(&c);
	return c.worst;
}

/* ---- kinds */

static unsigned
zip_probe(struct bytes head, uint64_t size)
{
	(void)size;
	if (bytes_starts(head, BYTES_LIT("PK\5\6")))
		return 32;
	return bytes_starts(head, BYTES_LIT("PK\3\4")) && !sniff_is_zip_document(head)
		   ? 32
		   : 0;
}

static unsigned
tar_probe(struct bytes head, uint64_t size)
{
	(void)size;
	return bytes_starts(bytes_skip(head, 257), BYTES_LIT("ustar")) ? 40
								      : 0;
}

static unsigned
seven_zip_probe(struct bytes head, uint64_t size)
{
	(void)size;
	return bytes_starts(head, BYTES_LIT("7z\xbc\xaf\x27\x1c")) ? 48 : 0;
}

static unsigned
rar_probe(struct bytes head, uint64_t size)
{
	(void)size;
	return bytes_starts(head, BYTES_LIT("Rar!\x1a\x07")) ? 48 : 0;
}

static unsigned
cab_probe(struct bytes head, uint64_t size)
{
	(void)size;
	return bytes_starts(head, BYTES_LIT("MSCF\0\0\0\0")) ? 64 : 0;
}

static unsigned
gz_probe(struct bytes head, uint64_t size)
{
	(void)size;
	if (bytes_starts(head, BYTES_LIT("\x1f\x8b\x08")))
		return 24;
	if (bytes_starts(head, BYTES_LIT("\xfd" "7zXZ\0")))
		return 48;
	if (bytes_starts(head, BYTES_LIT("\x28\xb5\x2f\xfd")))
		return 32;
	return bytes_starts(head, BYTES_LIT("BZh")) &&
		       bytes_starts(bytes_skip(head, 4),
		           BYTES_LIT("1AY&SY"))
		   ? 80
		   : 0;
}

const struct parser parser_zip = {
	.name = "zip", .title = "zip archive", .probe = zip_probe,
	.plan = planned_run, .run = container_run,
};

const struct parser parser_tar = {
	.name = "tar", .title = "tar archive", .probe = tar_probe,
	.plan = planned_run, .run = container_run,
};

const struct parser parser_7z = {
	.name = "7z", .title = "7-Zip archive", .probe = seven_zip_probe,
	.run = container_run,
};

const struct parser parser_rar = {
	.name = "rar", .title = "RAR archive", .probe = rar_probe,
	.run = container_run,
};

const struct parser parser_cab = {
	.name = "cab", .title = "cabinet archive", .probe = cab_probe,
	.run = container_run,
};

const struct parser parser_gz = {
	.name = "gz", .title = "compressed file or tar (gzip, bzip2, xz, zstd)",
	.probe = gz_probe, .run = container_run,
};
