/* One file, one message (RFC 5322); Maildir files are the same, with flags in
 * their names (":2,FRS"). */
#include "parsers/base/limits.h"
#include "parsers/mail/mbox_lines.h"
#include "parsers/mail/message.h"

/* Fields looked at to judge a file, and how many lines before the first one
 * may be none. */
enum { PROBE_BYTES = 16384, LEAD_LINES = 3 };

/* A BOM and blank lines before the header are not of it. */
static struct bytes
header_start(struct bytes text)
{
	if (bytes_starts(text, BYTES_LIT("\xef\xbb\xbf")))
		text = bytes_skip(text, 3);
	while (text.n > 0 && (text.p[0] == '\r' || text.p[0] == '\n'))
		text = bytes_skip(text, 1);
	return text;
}

/* "From " and no colon after it: an mbox's line. */
static bool
is_from_line(struct bytes head)
{
	struct bytes rest;

	if (!bytes_starts(head, BYTES_LIT("From ")))
		return false;
	rest = bytes_trim(bytes_slice(head, 4, bytes_find_byte(head, '\n')));
	return rest.n == 0 || rest.p[0] != ':';
}

static size_t
lines_before(struct bytes head, const struct header *header)
{
	size_t count = 0;

	for (const uint8_t *p = head.p; p < header->list[0].name.p; p++)
		count += *p == '\n';
	return count;
}

/* Known fields at the top: the more of them, the surer.  XML and JSON that
 * hold a header are none. */
static unsigned
eml_probe(struct bytes head, uint64_t size)
{
	struct arena arena;
	struct header header;
	unsigned known = 0, bid;

	(void)size;
	head = header_start(head);
	if (head.n < 8 || is_from_line(head) || head.p[0] == '<' ||
	    head.p[0] == '{' || head.p[0] == '[')
		return 0;
	arena_init(&arena);
	header = header_parse(&arena, bytes_slice(head, 0, PROBE_BYTES));
	for (size_t i = 0; i < header.count; i++)
		known += mail_field_is_known(header.list[i].name);
	bid = known == 0 ? 0 : known == 1 ? 8 : 16;
	/* Its first line must be a field, or it is some text that has one. */
	if (bid > 0 && header.list[0].name.p != head.p &&
	    (known < 3 || lines_before(head, &header) > LEAD_LINES))
		bid = 0;
	arena_release(&arena);
	return bid;
}

static struct bytes
whole_file(const struct input *input, struct sink *sink)
{
	struct bytes text;

	if (input->size > LIMIT_ITEM_BYTES) {
		sink_problem(sink, BYTES_LIT(""), PROBLEM_LIMIT_SIZE,
		    OUTCOME_ITEM_LOST, 1, "a message of more than %zu bytes",
		    LIMIT_ITEM_BYTES);
		return BYTES_NONE;
	}
	text = input_slice(input, &sink->item, 0, input->size);
	if (text.p == NULL)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_ITEM_LOST, 1, "the file cannot be read: I/O error "
		    "or it became shorter");
	return text;
}

enum outcome
message_file_run(const struct input *input, struct sink *sink,
    message_file_say *say)
{
	struct bytes text;

	if (!sink_item_begin(sink, BYTES_LIT("")))
		return OUTCOME_OK;
	text = whole_file(input, sink);
	if (text.p != NULL)
		say(sink, input, text);
	sink_item_end(sink);
	return text.p != NULL ? OUTCOME_OK : OUTCOME_ITEM_LOST;
}

/* Maildir: letters after ":2," (or ";2," where a colon cannot stand). */
static size_t
name_flags(struct bytes name, struct bytes out[4])
{
	size_t at = bytes_find(name, BYTES_LIT(":2,")), count = 0;
	struct bytes letters;

	if (at == SIZE_MAX)
		at = bytes_find(name, BYTES_LIT(";2,"));
	if (at == SIZE_MAX)
		return 0;
	letters = bytes_skip(name, at + 3);
	if (bytes_find_byte(letters, 'S') == SIZE_MAX)
		out[count++] = BYTES_LIT("unread");
	if (bytes_find_byte(letters, 'D') != SIZE_MAX)
		out[count++] = BYTES_LIT("draft");
	if (bytes_find_byte(letters, 'T') != SIZE_MAX)
		out[count++] = BYTES_LIT("expunged");
	return count;
}

static void
eml_say(struct sink *sink, const struct input *input, struct bytes text)
{
	struct message_run run = { .sink = sink, .arena = &sink->item };
	struct bytes flags[4];
	struct message_origin origin = { .locator = BYTES_LIT(""),
		.parent_idx = RECORD_NONE,
		.state = BYTES_LIT("live"),
		.content = text,
		.flags = flags,
		.flag_count = name_flags(input->name, flags) };

	message_say(&run, header_start(text), &origin);
}

static enum outcome
eml_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	(void)spec;
	return message_file_run(input, sink, eml_say);
}

const struct parser parser_eml = {
	.name = "eml",
	.title = "mail message (RFC 5322)",
	.probe = eml_probe,
	.run = eml_run,
};
