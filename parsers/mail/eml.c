/* One file, one message (RFC 5322); Maildir files are the same. */
#include "parsers/base/limits.h"
#include "parsers/mail/mbox_lines.h"
#include "parsers/mail/message.h"

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

/* Known fields at the top: the more of them, the surer. */
static unsigned
eml_probe(struct bytes head, uint64_t size)
{
	struct arena arena;
	struct header header;
	unsigned known = 0;

	(void)size;
	head = header_start(head);
	if (head.n < 8 || bytes_starts(head, BYTES_LIT("From ")))
		return 0;
	arena_init(&arena);
	header = header_parse(&arena, bytes_slice(head, 0, 16384));
	for (size_t i = 0; i < header.count; i++)
		known += mail_field_is_known(header.list[i].name);
	/* Its first line must be a field, or it is some text that has one. */
	if (header.count == 0 || header.list[0].name.p != head.p)
		known = known >= 3 ? known : 0;
	arena_release(&arena);
	return known == 0 ? 0 : known == 1 ? 8 : 16;
}

static enum outcome
eml_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	struct message_run run = { .sink = sink, .arena = &sink->item };
	struct message_origin origin = { .locator = BYTES_LIT(""),
		.parent_idx = RECORD_NONE,
		.state = BYTES_LIT("live") };
	struct bytes text;

	(void)spec;
	if (!sink_item_begin(sink, BYTES_LIT("")))
		return OUTCOME_OK;
	if (input->size > LIMIT_ITEM_BYTES) {
		sink_problem(sink, BYTES_LIT(""), PROBLEM_LIMIT_SIZE,
		    OUTCOME_ITEM_LOST, 1, "a message of more than %zu bytes",
		    LIMIT_ITEM_BYTES);
		sink_item_end(sink);
		return OUTCOME_ITEM_LOST;
	}
	text = input_slice(input, &sink->item, 0, input->size);
	if (text.p == NULL) {
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNREADABLE,
		    OUTCOME_ITEM_LOST, 1, "the file cannot be read: I/O error "
		    "or it became shorter");
		sink_item_end(sink);
		return OUTCOME_ITEM_LOST;
	}
	origin.content = text;
	message_say(&run, header_start(text), &origin);
	sink_item_end(sink);
	return OUTCOME_OK;
}

const struct parser parser_eml = {
	.name = "eml",
	.title = "mail message (RFC 5322)",
	.probe = eml_probe,
	.run = eml_run,
};
