/* RTF 1.9.1 to text, and the HTML inside it ([MS-OXRTFEX] 2.1.3). */
#include "parsers/mapi/rtf.h"

#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/mapi/rtf_words.h"

enum destination { DEST_TEXT, DEST_SKIP, DEST_FONTS, DEST_HTMLTAG };

struct group {
	enum destination destination;
	bool htmlrtf;      /* text in here is RTF's own, not of the HTML */
	uint16_t uc;       /* fallback characters after \u */
	uint32_t codepage; /* of the font; 0: the document's */
};

struct font {
	int32_t id;
	uint32_t codepage;
};

struct reader {
	struct arena *arena;
	struct bytes in;
	size_t at;
	bool html; /* de-encapsulate */
	struct group stack[LIMIT_RTF_DEPTH];
	size_t depth, excess; /* groups beyond the limit */
	struct font *fonts;
	size_t font_count, font_room;
	int32_t default_font;
	uint32_t ansi;       /* \ansicpg */
	struct buffer out;   /* UTF-8 */
	struct buffer raw;   /* bytes of one code page, not yet decoded */
	uint32_t raw_codepage;
	uint32_t high;       /* a surrogate that waits for its other half */
	unsigned skip;       /* fallback characters still to leave out */
	bool star;           /* after \* */
	bool lossy, too_deep, unbalanced, too_many_fonts;
};

struct word {
	struct bytes name;
	int32_t number;
	bool has_number;
};

static struct group *
top(struct reader *r)
{
	return &r->stack[r->depth];
}

/* ---- output */

static bool
is_ascii(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] >= 0x80)
			return false;
	return true;
}

static void
flush(struct reader *r)
{
	struct bytes raw = buffer_bytes(&r->raw);
	enum text_quality quality = TEXT_CLEAN;

	if (raw.n > 0 && is_ascii(raw))
		buffer_add_bytes(&r->out, raw);
	else if (raw.n > 0)
		buffer_add_bytes(&r->out, text_from_codepage(r->arena,
					      r->raw_codepage, raw, &quality));
	r->lossy |= quality != TEXT_CLEAN;
	buffer_reset(&r->raw);
}

static bool
is_shown(struct reader *r)
{
	const struct group *g = top(r);

	if (g->destination == DEST_HTMLTAG)
		return r->html && !g->htmlrtf;
	return g->destination == DEST_TEXT && !(r->html && g->htmlrtf);
}

static void
put_code_point(struct reader *r, uint32_t code_point)
{
	uint8_t out[4];

	flush(r);
	buffer_add(&r->out, out, text_encode(code_point, out));
}

/* A high surrogate that no low one followed. */
static void
drop_high(struct reader *r)
{
	if (r->high == 0)
		return;
	r->high = 0;
	r->lossy = true;
	put_code_point(r, 0xFFFD);
}

static void
put_byte(struct reader *r, uint8_t c)
{
	uint32_t codepage = top(r)->codepage;

	if (r->skip > 0) {
		r->skip--;
		return;
	}
	if (!is_shown(r))
		return;
	drop_high(r);
	/* The tags are in the document's code page, [MS-OXRTFEX] 2.1.3.1.4. */
	if (codepage == 0 || top(r)->destination == DEST_HTMLTAG)
		codepage = r->ansi;
	if (codepage != r->raw_codepage)
		flush(r);
	r->raw_codepage = codepage;
	buffer_add_byte(&r->raw, c);
}

static void
put_text(struct reader *r, const char *text)
{
	if (r->skip > 0) {
		r->skip--;
		return;
	}
	if (!is_shown(r))
		return;
	drop_high(r);
	flush(r);
	buffer_add_cstr(&r->out, text);
}

/* \uN: N is signed 16 bits; pairs make one character. */
static void
put_unicode(struct reader *r, int32_t number)
{
	uint32_t unit = (uint32_t)number & 0xFFFF;

	r->skip = 0;
	if (is_shown(r)) {
		if (unit >= 0xDC00 && unit < 0xE000 && r->high != 0) {
			uint32_t high = r->high;

			r->high = 0;
			put_code_point(r, 0x10000 + ((high - 0xD800) << 10) +
					      (unit - 0xDC00));
		} else {
			drop_high(r);
			if (unit >= 0xD800 && unit < 0xDC00)
				r->high = unit;
			else if (unit >= 0xDC00 && unit < 0xE000)
				put_code_point(r, 0xFFFD);
			else
				put_code_point(r, unit);
		}
	}
	r->skip = top(r)->uc;
}

/* ---- fonts */

static void
font_begin(struct reader *r, int32_t id)
{
	if (r->font_count == LIMIT_RTF_FONTS) {
		r->too_many_fonts = true;
		return;
	}
	if (r->font_count == r->font_room) {
		size_t room = r->font_room ? r->font_room * 2 : 16;
		struct font *more = arena_array(r->arena, room, sizeof *more);

		if (r->font_count > 0)
			memcpy(more, r->fonts, r->font_count * sizeof *more);
		r->fonts = more;
		r->font_room = room;
	}
	r->fonts[r->font_count++] = (struct font){ id, 0 };
}

static void
font_set(struct reader *r, uint32_t codepage)
{
	if (r->font_count > 0 && !r->too_many_fonts)
		r->fonts[r->font_count - 1].codepage = codepage;
}

static uint32_t
font_codepage(const struct reader *r, int32_t id)
{
	for (size_t i = 0; i < r->font_count; i++)
		if (r->fonts[i].id == id)
			return r->fonts[i].codepage;
	return 0;
}

/* ---- control words */

/* At a letter after the backslash; takes the space that ends it. */
static struct word
take_word(struct reader *r)
{
	struct word word = { 0 };
	const uint8_t *p = r->in.p;
	size_t from = r->at, n = r->in.n;
	bool negative = false;
	int64_t number = 0;

	while (r->at < n && byte_lower(p[r->at]) >= 'a' &&
	       byte_lower(p[r->at]) <= 'z')
		r->at++;
	word.name = bytes_slice(r->in, from, r->at);
	if (r->at + 1 < n && p[r->at] == '-' && p[r->at + 1] >= '0' &&
	    p[r->at + 1] <= '9') {
		negative = true;
		r->at++;
	}
	while (r->at < n && p[r->at] >= '0' && p[r->at] <= '9') {
		if (number < INT32_MAX)
			number = number * 10 + (p[r->at] - '0');
		word.has_number = true;
		r->at++;
	}
	if (r->at < n && p[r->at] == ' ')
		r->at++;
	if (number > INT32_MAX)
		number = INT32_MAX;
	word.number = (int32_t)(negative ? -number : number);
	return word;
}

static void
enter_htmltag(struct reader *r)
{
	top(r)->destination = r->html ? DEST_HTMLTAG : DEST_SKIP;
}

static void
do_font(struct reader *r, int32_t id)
{
	if (top(r)->destination == DEST_FONTS)
		font_begin(r, id);
	else
		top(r)->codepage = font_codepage(r, id);
}

static void
skip_binary(struct reader *r, int32_t n)
{
	size_t left = r->in.n - r->at;

	if (n > 0)
		r->at += (size_t)n < left ? (size_t)n : left;
}

static void
do_setting(struct reader *r, const struct rtf_word *k, const struct word *word)
{
	int32_t number = word->number;

	switch (k->action) {
	case DO_UC:
		top(r)->uc = number >= 0 && number < 256 ? (uint16_t)number : 1;
		break;
	case DO_DEFAULT_FONT:
		r->default_font = number;
		break;
	case DO_CHARSET:
		font_set(r, rtf_charset_codepage(number));
		break;
	case DO_CPG:
		font_set(r, number > 0 ? (uint32_t)number : 0);
		break;
	case DO_ANSICPG:
		if (number > 0)
			r->ansi = (uint32_t)number;
		break;
	case DO_MAC:
		r->ansi = 10000;
		break;
	case DO_PC:
		r->ansi = 437;
		break;
	case DO_PCA:
		r->ansi = 850;
		break;
	case DO_PLAIN:
		top(r)->codepage = font_codepage(r, r->default_font);
		break;
	default:
		top(r)->htmlrtf = !word->has_number || number != 0;
		break;
	}
}

static void
do_word(struct reader *r, const struct word *word)
{
	const struct rtf_word *k = rtf_word_named(word->name);
	bool star = r->star;

	r->star = false;
	if (k == NULL) {
		/* RTF 1.9.1, "Destinations": \* lets a reader skip what it
		 * does not know. */
		if (star && top(r)->destination != DEST_FONTS)
			top(r)->destination = DEST_SKIP;
		return;
	}
	switch (k->action) {
	case DO_SKIP_GROUP:
		top(r)->destination = DEST_SKIP;
		break;
	case DO_FONTS:
		if (top(r)->destination == DEST_TEXT)
			top(r)->destination = DEST_FONTS;
		break;
	case DO_HTMLTAG:
		if (top(r)->destination != DEST_SKIP)
			enter_htmltag(r);
		break;
	case DO_TEXT:
		put_text(r, r->html ? k->html : k->text);
		break;
	case DO_UNICODE:
		put_unicode(r, word->number);
		break;
	case DO_FONT:
		do_font(r, word->number);
		break;
	case DO_BIN:
		skip_binary(r, word->number);
		break;
	default:
		do_setting(r, k, word);
		break;
	}
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = byte_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
do_hex(struct reader *r)
{
	int high = r->at < r->in.n ? hex_digit(r->in.p[r->at]) : -1;
	int low = r->at + 1 < r->in.n ? hex_digit(r->in.p[r->at + 1]) : -1;

	if (high < 0 || low < 0)
		return;
	r->at += 2;
	put_byte(r, (uint8_t)(high << 4 | low));
}

/* After a backslash, at no letter. */
static void
do_symbol(struct reader *r)
{
	uint8_t c = r->in.p[r->at++];

	switch (c) {
	case '\'':
		do_hex(r);
		break;
	case '*':
		r->star = true;
		break;
	case '~':
		put_text(r, r->html ? "&nbsp;" : "\xc2\xa0");
		break;
	case '_':
		put_text(r, r->html ? "&shy;" : "\xe2\x80\x91");
		break;
	case '-':
		put_text(r, r->html ? "&shy;" : "");
		break;
	case '\r':
	case '\n':
		put_text(r, r->html ? "\r\n" : "\n");
		break;
	case '{':
	case '}':
	case '\\':
		put_byte(r, c);
		break;
	default:
		break;
	}
}

static void
group_open(struct reader *r)
{
	r->skip = 0;
	if (r->depth + 1 == LIMIT_RTF_DEPTH) {
		r->too_deep = true;
		r->excess++;
		return;
	}
	r->stack[r->depth + 1] = r->stack[r->depth];
	r->depth++;
}

static void
group_close(struct reader *r)
{
	r->skip = 0;
	r->star = false;
	if (r->excess > 0)
		r->excess--;
	else if (r->depth > 0)
		r->depth--;
}

static void
run(struct reader *r)
{
	while (r->at < r->in.n) {
		uint8_t c = r->in.p[r->at++];

		if (c == '{')
			group_open(r);
		else if (c == '}')
			group_close(r);
		else if (c == '\\' && r->at < r->in.n) {
			uint8_t next = byte_lower(r->in.p[r->at]);

			if (next >= 'a' && next <= 'z') {
				struct word word = take_word(r);

				do_word(r, &word);
			} else
				do_symbol(r);
		} else if (c != '\r' && c != '\n' && c != 0)
			put_byte(r, c);
	}
	r->unbalanced = r->depth > 0;
	drop_high(r);
	flush(r);
}

static struct bytes
converted(struct arena *arena, struct bytes rtf, bool html,
    const char **problem)
{
	struct reader *r = arena_alloc(arena, sizeof *r);
	struct bytes out;

	r->arena = arena;
	r->in = rtf;
	r->html = html;
	r->ansi = 1252;
	r->stack[0].uc = 1;
	run(r);
	out = text_repair_utf8(arena, arena_dup(arena, buffer_bytes(&r->out)));
	buffer_release(&r->out);
	buffer_release(&r->raw);
	*problem = r->too_deep ? "groups nest deeper than the limit; the inner "
				 "ones are read as one"
		   : r->too_many_fonts ? "more fonts than the limit; the rest "
					 "has the document's code page"
		   : r->lossy  ? "characters that are not of their font's code "
				 "page became U+FFFD"
		   : r->unbalanced ? "cut: groups are left open"
				   : NULL;
	return out;
}

struct bytes
rtf_to_html(struct arena *arena, struct bytes rtf, const char **problem)
{
	return converted(arena, rtf, true, problem);
}

struct bytes
rtf_to_text(struct arena *arena, struct bytes rtf, const char **problem)
{
	return converted(arena, rtf, false, problem);
}

enum rtf_origin
rtf_origin(struct bytes rtf)
{
	struct reader r = { .in = bytes_slice(rtf, 0, 1024) };

	for (int words = 0; words < 10 && r.at < r.in.n;) {
		struct word word;
		uint8_t c = r.in.p[r.at++];

		if (c != '\\' || r.at == r.in.n)
			continue;
		word = take_word(&r);
		words++;
		if (bytes_eq(word.name, BYTES_LIT("fromhtml")))
			return RTF_FROM_HTML;
		if (bytes_eq(word.name, BYTES_LIT("fromtext")))
			return RTF_FROM_TEXT;
	}
	return RTF_NATIVE;
}
