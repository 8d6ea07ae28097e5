/*
 * Apple Mail's .emlx: a line with the message's length in bytes, the
 * message, an XML property list with its flags.  No specification is public;
 * read as Mail 2 to 16 write it.  A .partial.emlx lacks the attachments,
 * which X-Apple-Content-Length in their headers betrays.
 */
#include "parsers/base/limits.h"
#include "parsers/mail/mbox_lines.h"
#include "parsers/mail/message.h"

/* Bits of the property list's "flags". */
enum {
	EMLX_READ = 1 << 0,
	EMLX_DELETED = 1 << 1,
	EMLX_DRAFT = 1 << 6,
};

/* The first line: a number, padded with spaces. */
static bool
emlx_length(struct bytes text, uint64_t *length, size_t *begin)
{
	size_t end = bytes_find_byte(bytes_slice(text, 0, 32), '\n');

	if (end == SIZE_MAX ||
	    !bytes_to_u64(bytes_trim(bytes_slice(text, 0, end)), length))
		return false;
	*begin = end + 1;
	return true;
}

static unsigned
emlx_probe(struct bytes head, uint64_t size)
{
	uint64_t length;
	size_t begin;

	if (!emlx_length(head, &length, &begin) || length > size ||
	    !mbox_is_mail_header(bytes_skip(head, begin)))
		return 0;
	return 32;
}

/* <key>flags</key> <integer>N</integer> */
static uint64_t
plist_flags(struct bytes plist)
{
	size_t at = bytes_find(plist, BYTES_LIT("<key>flags</key>"));
	uint64_t flags = EMLX_READ;
	struct bytes rest;
	size_t end;

	if (at == SIZE_MAX)
		return flags;
	rest = bytes_skip(plist, at);
	at = bytes_find(rest, BYTES_LIT("<integer>"));
	if (at == SIZE_MAX)
		return flags;
	rest = bytes_skip(rest, at + 9);
	end = bytes_find_byte(rest, '<');
	bytes_to_u64(bytes_trim(bytes_slice(rest, 0, end)), &flags);
	return flags;
}

static size_t
take_flags(uint64_t flags, struct bytes out[3])
{
	size_t count = 0;

	if ((flags & EMLX_READ) == 0)
		out[count++] = BYTES_LIT("unread");
	if ((flags & EMLX_DELETED) != 0)
		out[count++] = BYTES_LIT("expunged");
	if ((flags & EMLX_DRAFT) != 0)
		out[count++] = BYTES_LIT("draft");
	return count;
}

static void
emlx_say(struct sink *sink, const struct input *input, struct bytes text)
{
	struct message_run run = { .sink = sink, .arena = &sink->item };
	struct bytes flags[3], message;
	struct message_origin origin = { .locator = BYTES_LIT(""),
		.parent_idx = RECORD_NONE,
		.state = BYTES_LIT("live"),
		.flags = flags };
	uint64_t length = 0;
	size_t begin = 0;

	(void)input;
	if (!emlx_length(text, &length, &begin) ||
	    length > text.n - begin) {
		sink_problem(sink, BYTES_LIT(""), PROBLEM_TRUNCATED,
		    OUTCOME_PARTIAL, 0, "the first line promises %llu bytes, "
		    "and %zu are there", (unsigned long long)length,
		    text.n - begin);
		length = text.n - begin;
	}
	message = bytes_slice(text, begin, begin + (size_t)length);
	origin.flag_count = take_flags(plist_flags(bytes_skip(text,
	    begin + (size_t)length)), flags);
	origin.content = message;
	if (bytes_find(message, BYTES_LIT("\nX-Apple-Content-Length:")) !=
	    SIZE_MAX)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_NO_DATA,
		    OUTCOME_PARTIAL, 0, "attachments of this message are not "
		    "in it: Apple Mail keeps them in its Attachments folder");
	message_say(&run, message, &origin);
}

static enum outcome
emlx_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	(void)spec;
	return message_file_run(input, sink, emlx_say);
}

const struct parser parser_emlx = {
	.name = "emlx",
	.title = "Apple Mail message (emlx)",
	.probe = emlx_probe,
	.run = emlx_run,
};
