#include "parsers/mail/mbox_lines.h"

#include "parsers/base/utc.h"

bool
mail_field_is_known(struct bytes name)
{
	static const char *const names[] = { "From", "To", "Subject", "Date",
		"Received", "Message-ID", "MIME-Version", "Return-Path",
		"Delivered-To", "Content-Type", "X-Mailer", "Sender",
		"Reply-To", "Cc", "In-Reply-To", "References",
		"X-Original-To", "DKIM-Signature",
		"Content-Transfer-Encoding", "X-MS-Exchange-Organization-SCL",
		"Authentication-Results", "ARC-Seal", "User-Agent",
		"X-Priority", "Bcc", "Thread-Topic", "X-Received",
		"Importance", "Received-SPF", "X-Sender", "Thread-Index",
		"X-Originating-IP", "List-Id", "Newsgroups", "Path", "Status",
		"X-Status", "Envelope-To", "Mailing-List", "X-GM-THRID",
		"X-Gmail-Labels", "X-Mozilla-Status", "X-UIDL", "X-Account-Key",
		"X-Originating-Email", "Return-Receipt-To", "Errors-To",
		"Resent-From", "Content-Disposition", "X-Envelope-From",
		"X-Spam-Status", "Apparently-To", NULL };

	if (name.n == 0)
		return false;
	for (size_t i = 0; names[i] != NULL; i++)
		if (byte_lower((uint8_t)names[i][0]) == byte_lower(name.p[0]) &&
		    bytes_eq_nocase(name, bytes_cstr(names[i])))
			return true;
	return false;
}

/* RFC 5322 2.2: a field's name and its colon at the line's front. */
static struct bytes
field_name(struct bytes line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] > 32 && line.p[n] < 127 &&
	       line.p[n] != ':')
		n++;
	return n > 0 && n < line.n && line.p[n] == ':'
		   ? bytes_slice(line, 0, n)
		   : BYTES_NONE;
}

bool
mbox_is_mail_header(struct bytes text)
{
	struct bytes rest = bytes_slice(text, 0, FROM_AHEAD), line, name;
	bool first = true;

	while (bytes_line(&rest, &line)) {
		/* Delivery agents put the old From_ line, quoted, on top. */
		if (first && (bytes_starts(line, BYTES_LIT(">From ")) ||
		                 bytes_starts(line, BYTES_LIT("From "))))
			continue;
		name = field_name(line);
		if (first && name.n == 0)
			return false;
		if (mail_field_is_known(name))
			return true;
		if (line.n == 0)
			return false;
		first = false;
	}
	return false;
}

bool
mbox_is_dated(struct bytes text)
{
	struct bytes line = bytes_slice(text, 0, FROM_LINE_MOST);
	size_t end = bytes_find_byte(line, '\n');

	if (!bytes_starts(line, BYTES_LIT("From ")) ||
	    (end == SIZE_MAX && text.n >= FROM_LINE_MOST))
		return false;
	line = bytes_slice(line, 0, end);
	for (size_t i = 7; i + 2 < line.n; i++)
		if (line.p[i] == ':' && line.p[i - 1] >= '0' &&
		    line.p[i - 1] <= '9' && line.p[i + 1] >= '0' &&
		    line.p[i + 1] <= '9')
			return true;
	return utc_from_mail(bytes_skip(line, 5)) != UTC_NONE;
}

/* "From -" or "From someone": Thunderbird's and Takeout's. */
static bool
is_bare(struct bytes line)
{
	struct bytes rest = bytes_trim(bytes_skip(line, 5));

	return rest.n > 0 && bytes_find_byte(rest, ' ') == SIZE_MAX;
}

static bool
after_blank_line(struct bytes text, size_t at)
{
	if (at == 0)
		return true;
	if (at == 1)
		return text.p[0] == '\n';
	if (text.p[at - 1] != '\n')
		return false;
	if (text.p[at - 2] == '\n')
		return true;
	return text.p[at - 2] == '\r' && (at == 2 || text.p[at - 3] == '\n');
}

/* A field, an empty line, another From_ line or nothing. */
static bool
begins_message(struct bytes next)
{
	struct bytes rest = bytes_slice(next, 0, FROM_AHEAD), line;

	if (!bytes_line(&rest, &line))
		return true;
	return line.n == 0 || bytes_starts(line, BYTES_LIT("From ")) ||
	       bytes_starts(line, BYTES_LIT(">From ")) ||
	       field_name(line).n > 0;
}

enum from_line
mbox_from_line(struct bytes text, size_t at)
{
	struct bytes here = bytes_skip(text, at), next;
	size_t end = bytes_find_byte(bytes_slice(here, 0, FROM_LINE_MOST),
	    '\n');
	struct bytes line = bytes_slice(here, 0, end);
	bool dated = mbox_is_dated(here);

	if (end == SIZE_MAX && here.n >= FROM_LINE_MOST)
		return FROM_TEXT;
	next = end == SIZE_MAX ? BYTES_LIT("") : bytes_skip(here, end + 1);
	if (after_blank_line(text, at)) {
		if (dated)
			return begins_message(next) ? FROM_PARTS
						    : FROM_TEXT_NOTED;
		return mbox_is_mail_header(next) ? FROM_PARTS : FROM_TEXT;
	}
	if ((dated || is_bare(line)) && mbox_is_mail_header(next))
		return FROM_PARTS_NOTED;
	return FROM_TEXT;
}
