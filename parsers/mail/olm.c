/*
 * One XML file of an Outlook for Mac archive (OLM: a zip of them): messages,
 * contacts, events, tasks and notes.  There is no specification; the names
 * are those that Outlook 2011 to 2019 write.
 *
 * Each element below the root is an item.  It is put together as a MIME
 * message and read as one, so that everything that holds for mail holds here;
 * attachments are other members of the archive, asked for by their path.
 */
#include <stdio.h>

#include "parsers/base/hash.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "parsers/documents/xml.h"
#include "parsers/mail/message.h"
#include "parsers/mail/olm_mime.h"

static const struct {
	const char *element, *message_class;
} item_kinds[] = { { "email", "IPM.Note" }, { "contact", "IPM.Contact" },
	{ "group", "IPM.DistList" }, { "appointment", "IPM.Appointment" },
	{ "task", "IPM.Task" }, { "note", "IPM.StickyNote" } };

enum { ITEM_KINDS = sizeof item_kinds / sizeof item_kinds[0] };

static unsigned
olm_probe(struct bytes head, uint64_t size)
{
	(void)size;
	head = bytes_slice(head, 0, 4096);
	if (bytes_starts(head, BYTES_LIT("\xef\xbb\xbf")))
		head = bytes_skip(head, 3);
	while (head.n > 0 && (head.p[0] == ' ' || head.p[0] == '\r' ||
				 head.p[0] == '\n' || head.p[0] == '\t'))
		head = bytes_skip(head, 1);
	if (head.n == 0 || head.p[0] != '<')
		return 0;
	return bytes_find(head, BYTES_LIT("<OPF")) != SIZE_MAX ||
		       bytes_find(head, BYTES_LIT("OPFCategory")) != SIZE_MAX
		   ? 32 : 0;
}

static const char *
kind_of(const struct xml *xml)
{
	for (size_t i = 0; i < ITEM_KINDS; i++)
		if (xml_is(xml, item_kinds[i].element))
			return item_kinds[i].message_class;
	return NULL;
}

/* XML 1.0 forbids most control characters, and Outlook writes them. */
static struct bytes
without_controls(struct arena *arena, struct bytes text)
{
	uint8_t *out = arena_raw(arena, text.n + 1);

	for (size_t i = 0; i < text.n; i++)
		out[i] = text.p[i] < 0x20 && text.p[i] != '\t' &&
				 text.p[i] != '\n' && text.p[i] != '\r'
			     ? ' '
			     : text.p[i];
	return bytes_of(out, text.n);
}

struct olm_file {
	struct sink *sink;
	const struct input *input;
	struct bytes content;
	struct arena arena; /* of the file */
	bool alone;         /* its only item is the whole file */
};

static void
say_item(struct olm_file *file, const struct olm_item *item, size_t number)
{
	struct arena *arena = &file->sink->item;
	struct message_run run = { .sink = file->sink, .arena = arena };
	struct bytes unread = BYTES_LIT("unread"), locator, text;
	struct message_origin origin = { .parent_idx = RECORD_NONE,
		.state = BYTES_LIT("live"),
		.flags = &unread,
		.flag_count = item->unread };
	char place[32] = "";

	if (!file->alone)
		snprintf(place, sizeof place, "item=%zu", number);
	if (!sink_item_begin(file->sink, bytes_cstr(place)))
		return;
	locator = arena_dup(arena, bytes_cstr(place));
	text = olm_mime(item, file->input, file->sink, arena, locator);
	origin.locator = locator;
	origin.content = file->alone ? file->content : text;
	origin.message_class = bytes_cstr(item->message_class);
	message_say(&run, text, &origin);
	sink_item_end(file->sink);
}

/* How many items: what is alone in its file has its whole place. */
static size_t
count_items(struct bytes content)
{
	struct xml *xml = xml_open(content);
	unsigned depth = 0;
	size_t count = 0;

	for (enum xml_event e; (e = xml_next(xml)) != XML_END;) {
		if (e == XML_OPEN && ++depth <= 2 && kind_of(xml) != NULL)
			count++;
		else if (e == XML_CLOSE)
			depth--;
	}
	xml_close(xml);
	return count;
}

static size_t
read_items(struct olm_file *file, struct xml *xml)
{
	struct olm_item item;
	unsigned depth = 0;
	size_t number = 0;

	for (enum xml_event e; (e = xml_next(xml)) != XML_END;) {
		if (e == XML_CLOSE)
			depth--;
		if (e != XML_OPEN)
			continue;
		if (++depth > 2 || kind_of(xml) == NULL)
			continue;
		arena_reset(&file->arena);
		item = (struct olm_item){ .arena = &file->arena,
			.message_class = kind_of(xml) };
		olm_item_read(&item, xml);
		depth--; /* its end was read */
		say_item(file, &item, ++number);
		olm_item_release(&item);
	}
	return number;
}

/* Names and colours of categories: no item of anybody. */
static bool
is_categories(struct bytes text)
{
	return bytes_find(text, BYTES_LIT("OPFCategory")) != SIZE_MAX;
}

static enum outcome
olm_read(struct olm_file *file, struct arena *whole)
{
	struct bytes text = without_controls(whole, file->content);
	struct xml *xml = xml_open(text);
	bool damaged;
	size_t count;

	file->alone = count_items(text) == 1;
	count = read_items(file, xml);
	damaged = xml_damaged(xml);
	xml_close(xml);
	if (!damaged && count == 0 && is_categories(text)) {
		sink_problem(file->sink, BYTES_LIT(""), PROBLEM_UNKNOWN_FORMAT,
		    OUTCOME_OK, 0, "names of categories: no items");
		return OUTCOME_OK;
	}
	if (damaged || count == 0)
		sink_problem(file->sink, BYTES_LIT(""), PROBLEM_DAMAGED,
		    count == 0 ? OUTCOME_ITEM_LOST : OUTCOME_PARTIAL,
		    count == 0, "the XML is damaged or holds no item: %zu "
		    "items were read", count);
	return count == 0 ? OUTCOME_ITEM_LOST
			  : damaged ? OUTCOME_PARTIAL : OUTCOME_OK;
}

static enum outcome
olm_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct olm_file file = { .sink = sink, .input = input };
	enum outcome outcome = OUTCOME_ITEM_LOST;
	struct arena whole;

	(void)spec;
	arena_init(&whole);
	arena_init(&file.arena);
	if (input->size <= LIMIT_ITEM_BYTES)
		file.content = input_slice(input, &whole, 0, input->size);
	if (bytes_present(file.content))
		outcome = olm_read(&file, &whole);
	else
		sink_problem(sink, BYTES_LIT(""),
		    input->size > LIMIT_ITEM_BYTES ? PROBLEM_LIMIT_SIZE
						   : PROBLEM_UNREADABLE,
		    OUTCOME_ITEM_LOST, 1, "a file of %llu bytes cannot be "
		    "read whole", (unsigned long long)input->size);
	arena_release(&file.arena);
	arena_release(&whole);
	return outcome;
}

const struct parser parser_olm = {
	.name = "olm",
	.title = "item of an Outlook for Mac archive",
	.probe = olm_probe,
	.run = olm_run,
};
