#include "parsers/mail/header.h"

#include "parsers/base/buffer.h"
#include "parsers/base/encode.h"
#include "parsers/base/hash.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/mail/mbox_lines.h"

/* RFC 5322 2.2: printable ASCII without space and colon. */
static size_t
name_length(struct bytes line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] > 32 && line.p[n] < 127 &&
	       line.p[n] != ':')
		n++;
	/* "Subject : x" is met. */
	if (n > 0 && n < line.n && line.p[n] == ' ') {
		size_t k = n;

		while (k < line.n && line.p[k] == ' ')
			k++;
		if (k < line.n && line.p[k] == ':')
			return n;
	}
	return n > 0 && n < line.n && line.p[n] == ':' ? n : 0;
}

static size_t
count_lines(struct bytes text)
{
	size_t count = 1, at;

	while ((at = bytes_find_byte(text, '\n')) != SIZE_MAX) {
		count++;
		text = bytes_skip(text, at + 1);
	}
	return count;
}

/* Length of the header block with its blank line. */
static size_t
block_length(struct bytes text)
{
	size_t at = 0;

	while (at < text.n) {
		size_t end = bytes_find_byte(bytes_skip(text, at), '\n');
		size_t length = end == SIZE_MAX ? text.n - at : end;

		if (length == 0 || (length == 1 && text.p[at] == '\r'))
			return end == SIZE_MAX ? text.n : at + end + 1;
		if (end == SIZE_MAX)
			return text.n;
		at += end + 1;
	}
	return at;
}

static bool
is_continuation(struct bytes line)
{
	return line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
}

static void
add_field(struct header *header, struct bytes line, size_t name)
{
	struct header_field *field = &header->list[header->count++];

	field->name = bytes_slice(line, 0, name);
	field->value = bytes_skip(line, bytes_find_byte(line, ':') + 1);
}

static void
continue_field(struct header *header, struct bytes line)
{
	struct header_field *last;

	if (header->count == 0)
		return;
	last = &header->list[header->count - 1];
	last->value.n = (size_t)(line.p + line.n - last->value.p);
}

/* A field that is of mail, not "Note: bring your own" of a first paragraph. */
static bool
is_mail_field(struct bytes line)
{
	struct bytes name = bytes_slice(line, 0, name_length(line));

	return mail_field_is_known(name) ||
	       bytes_starts_nocase(name, BYTES_LIT("X-")) ||
	       bytes_starts_nocase(name, BYTES_LIT("Content-")) ||
	       bytes_starts_nocase(name, BYTES_LIT("Resent-")) ||
	       bytes_starts_nocase(name, BYTES_LIT("List-")) ||
	       bytes_starts_nocase(name, BYTES_LIT("ARC-"));
}

/* Where the last field that mail has stands in the block; 0 when none does. */
static size_t
last_mail_field(struct bytes block)
{
	struct bytes rest = block, line;
	size_t last = 0;

	while (bytes_line(&rest, &line))
		if (!is_continuation(line) && is_mail_field(line))
			last = (size_t)(line.p - block.p);
	return last;
}

struct junk {
	struct buffer lines;
	size_t last_field;
	bool looked;
};

/* True when the body begins with this line. */
static bool
take_junk(struct header *header, struct junk *junk, struct bytes line)
{
	size_t at = (size_t)(line.p - header->block.p);

	if (!junk->looked)
		junk->last_field = last_mail_field(header->block);
	junk->looked = true;
	/* A border is no header's, whatever comes after it. */
	if ((at >= junk->last_field || bytes_starts(line, BYTES_LIT("--"))) &&
	    !header->cut) {
		header->body = at;
		header->block.n = at;
		return true;
	}
	buffer_add_bytes(&junk->lines, line);
	buffer_add_byte(&junk->lines, '\n');
	return false;
}

/* An mbox's own line on top of a message, quoted or not. */
static bool
is_from_line(const struct header *header, struct bytes line)
{
	return header->count == 0 &&
	       (bytes_starts(line, BYTES_LIT("From ")) ||
	           bytes_starts(line, BYTES_LIT(">From ")));
}

struct header
header_parse(struct arena *arena, struct bytes text)
{
	struct header header = { 0 };
	struct junk junk = { .looked = false };
	struct bytes rest, line;

	header.body = block_length(text);
	header.block = bytes_slice(text, 0, header.body);
	if (header.block.n > LIMIT_HEADER_BYTES) {
		header.cut = true;
		header.block.n = LIMIT_HEADER_BYTES;
	}
	header.list = arena_array(arena, count_lines(header.block),
	    sizeof *header.list);
	rest = header.block;
	while (bytes_line(&rest, &line)) {
		size_t name = is_continuation(line) ? 0 : name_length(line);

		if (name > 0)
			add_field(&header, line, name);
		else if (is_continuation(line))
			continue_field(&header, line);
		else if (line.n > 0 && !is_from_line(&header, line) &&
			 take_junk(&header, &junk, line))
			break;
	}
	if (junk.lines.n > 0)
		header.junk = arena_dup(arena, buffer_bytes(&junk.lines));
	buffer_release(&junk.lines);
	return header;
}

struct bytes
header_raw(const struct header *header, const char *name)
{
	struct bytes want = bytes_cstr(name);

	for (size_t i = 0; i < header->count; i++)
		if (header->list[i].name.n == want.n &&
		    bytes_eq_nocase(header->list[i].name, want))
			return bytes_trim(header->list[i].value);
	return BYTES_NONE;
}

static struct bytes
unfold(struct arena *arena, struct bytes raw)
{
	uint8_t *out;
	size_t n = 0;

	if (bytes_find_byte(raw, '\n') == SIZE_MAX)
		return bytes_trim(raw);
	out = arena_raw(arena, raw.n);
	for (size_t i = 0; i < raw.n; i++)
		if (raw.p[i] != '\r' && raw.p[i] != '\n')
			out[n++] = raw.p[i];
	return bytes_trim(bytes_of(out, n));
}

/* RFC 2047 allows 75 characters; whole subjects in one word are met. */
enum { ENCODED_WORD_MOST = 16384 };

struct encoded_word {
	struct bytes charset, text;
	uint8_t encoding; /* b or q */
	size_t length;    /* of the whole word */
};

/* RFC 2047 2: =?charset?encoding?text?= at the front. */
static bool
take_word(struct bytes in, struct encoded_word *word)
{
	size_t first, second, end;

	if (!bytes_starts(in, BYTES_LIT("=?")))
		return false;
	first = bytes_find_byte(bytes_skip(in, 2), '?');
	if (first == SIZE_MAX || first > 64)
		return false;
	first += 2;
	if (first + 2 >= in.n || in.p[first + 2] != '?')
		return false;
	second = first + 2;
	word->encoding = byte_lower(in.p[first + 1]);
	if (word->encoding != 'b' && word->encoding != 'q')
		return false;
	end = bytes_find(bytes_slice(in, second + 1,
	    second + 1 + ENCODED_WORD_MOST), BYTES_LIT("?="));
	if (end == SIZE_MAX)
		return false;
	word->charset = bytes_slice(in, 2, first);
	/* RFC 2231 5: a language after '*'. */
	word->charset = bytes_slice(word->charset, 0,
	    bytes_find_byte(word->charset, '*'));
	word->text = bytes_slice(in, second + 1, second + 1 + end);
	word->length = second + 1 + end + 2;
	return true;
}

static struct bytes
word_bytes(struct arena *arena, const struct encoded_word *word)
{
	size_t bad;

	return word->encoding == 'b' ? base64_decode(arena, word->text, &bad)
				     : q_word_decode(arena, word->text, &bad);
}

struct decoder {
	struct arena *arena;
	struct buffer out;     /* UTF-8 so far */
	struct buffer pending; /* raw bytes of words of one charset */
	struct bytes charset;
};

/* Adjacent words of one charset are decoded as one: mailers split
 * characters between them. */
static void
flush(struct decoder *d)
{
	enum text_quality quality;

	if (d->pending.n == 0)
		return;
	buffer_add_bytes(&d->out, text_to_utf8(d->arena, d->charset,
				      buffer_bytes(&d->pending), &quality));
	buffer_reset(&d->pending);
}

static void
add_word(struct decoder *d, const struct encoded_word *word)
{
	if (!bytes_eq_nocase(d->charset, word->charset))
		flush(d);
	d->charset = word->charset;
	buffer_add_bytes(&d->pending, word_bytes(d->arena, word));
}

static void
add_plain(struct decoder *d, struct bytes text)
{
	enum text_quality quality;

	flush(d);
	buffer_add_bytes(&d->out,
	    text_to_utf8(d->arena, BYTES_LIT(""), text, &quality));
}

struct bytes
header_decode(struct arena *arena, struct bytes raw)
{
	struct decoder d = { arena, BUFFER_EMPTY, BUFFER_EMPTY,
		BYTES_LIT("") };
	struct bytes rest = unfold(arena, raw), text;
	struct encoded_word word;
	bool after_word = false;

	while (rest.n > 0) {
		size_t at = bytes_find(rest, BYTES_LIT("=?"));
		struct bytes plain = bytes_slice(rest, 0, at);

		if (at != SIZE_MAX && !take_word(bytes_skip(rest, at), &word)) {
			add_plain(&d, bytes_slice(rest, 0, at + 2));
			rest = bytes_skip(rest, at + 2);
			after_word = false;
			continue;
		}
		/* RFC 2047 6.2: white space between words is not shown. */
		if (plain.n > 0 && !(after_word && at != SIZE_MAX &&
		                       bytes_trim(plain).n == 0))
			add_plain(&d, plain);
		if (at == SIZE_MAX)
			break;
		add_word(&d, &word);
		after_word = true;
		rest = bytes_skip(rest, at + word.length);
	}
	flush(&d);
	text = arena_dup(arena, bytes_trim(buffer_bytes(&d.out)));
	buffer_release(&d.out);
	buffer_release(&d.pending);
	return text;
}

struct bytes
header_text(const struct header *header, struct arena *arena, const char *name)
{
	struct bytes raw = header_raw(header, name);

	return raw.p == NULL ? raw : header_decode(arena, raw);
}

struct bytes
message_id_clean(struct bytes raw)
{
	size_t end, begin;

	raw = bytes_trim(raw);
	begin = bytes_find_byte(raw, '<');
	if (begin != SIZE_MAX)
		raw = bytes_skip(raw, begin);
	end = bytes_find_byte(raw, '>');
	return end == SIZE_MAX ? raw : bytes_slice(raw, 0, end + 1);
}

struct bytes
message_id_mih(struct arena *arena, struct bytes message_id)
{
	struct bytes clean = message_id_clean(message_id);

	if (clean.n == 0)
		return BYTES_NONE;
	if (clean.p[0] != '<')
		clean = arena_printf(arena, "<%.*s>", (int)clean.n,
		    (const char *)clean.p);
	return md5_hex(arena, clean);
}
