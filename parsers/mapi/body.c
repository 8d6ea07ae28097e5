/* The bodies of a message: plain text, HTML, and what RTF has instead. */
#include "parsers/mapi/mapi_private.h"

#include "parsers/base/limits.h"
#include "parsers/documents/text.h"
#include "parsers/mapi/rtf.h"

/* charset=... in the first KiB: for HTML whose code page no property says. */
static struct bytes
meta_charset(struct bytes html)
{
	struct bytes head = bytes_slice(html, 0, 1024), value;
	size_t at = bytes_find_nocase(head, BYTES_LIT("charset="));
	size_t n = 0;

	if (at == SIZE_MAX)
		return BYTES_NONE;
	value = bytes_skip(head, at + 8);
	while (value.n > 0 && (value.p[0] == '"' || value.p[0] == '\''))
		value = bytes_skip(value, 1);
	while (n < value.n && strchr("\"'>; /\r\n\t", value.p[n]) == NULL)
		n++;
	return bytes_slice(value, 0, n);
}

static struct bytes
html_from_bytes(struct mapi_loaded *loaded, struct bytes raw)
{
	struct arena *arena = loaded->text.arena;
	uint32_t codepage = (uint32_t)mapi_number(&loaded->stored->bag,
	    PR_INTERNET_CPID, 0);
	enum text_quality quality;
	struct bytes out;

	while (raw.n > 0 && raw.p[raw.n - 1] == 0)
		raw.n--;
	if (bytes_starts(raw, BYTES_LIT("\xff\xfe")))
		return text_from_utf16le(arena, bytes_skip(raw, 2));
	if (bytes_starts(raw, BYTES_LIT("\xef\xbb\xbf")))
		return text_repair_utf8(arena, bytes_skip(raw, 3));
	if (codepage != 0 && codepage != 20127)
		out = text_from_codepage(arena, codepage, raw, &quality);
	else if (meta_charset(raw).n > 0)
		out = text_to_utf8(arena, meta_charset(raw), raw, &quality);
	else
		out = text_from_codepage(arena, loaded->text.codepage, raw,
		    &quality);
	/* A wrong promise about UTF-8 is the commonest lie. */
	if (quality == TEXT_LOSSY && text_is_utf8(raw))
		return raw;
	loaded->text.lossy |= quality == TEXT_LOSSY;
	loaded->text.unknown |= quality == TEXT_UNKNOWN;
	return out;
}

static struct bytes
html_property(struct mapi_loaded *loaded)
{
	const struct mapi_property *html = mapi_find(&loaded->stored->bag,
	    PR_HTML);

	if (html == NULL || !bytes_present(html->value))
		return BYTES_NONE;
	if (html->type == MAPI_BINARY)
		return html_from_bytes(loaded, html->value);
	return mapi_string_value(&loaded->text, html);
}

/* Of words: signs, spaces and bullets differ between the two forms. */
static bool
is_word(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		       (c >= 'a' && c <= 'z');
	return c != 0xA0 && c != 0xAD && c != 0xB7 &&
	       !(c >= 0x2000 && c < 0x2070) && c != 0xFFFC && c != 0xFFFD;
}

static bool
next_word_character(struct bytes *rest, uint32_t *c)
{
	while (text_next(rest, c))
		if (is_word(*c))
			return true;
	return false;
}

/* Equal but for what is_word() leaves out. */
static bool
same_words(struct bytes a, struct bytes b)
{
	uint32_t x, y;

	for (;;) {
		bool more = next_word_character(&a, &x);

		if (more != next_word_character(&b, &y))
			return false;
		if (!more)
			return true;
		if (x != y)
			return false;
	}
}

static void
rtf_problem(struct mapi_run *run, const struct mapi_loaded *loaded,
    const char *problem)
{
	if (problem != NULL)
		sink_problem(run->mail->sink, loaded->stored->locator,
		    PROBLEM_DAMAGED, OUTCOME_PARTIAL, 0, "RTF body: %s",
		    problem);
}

static void
take_rtf(struct mapi_run *run, struct mapi_loaded *loaded, struct bytes rtf)
{
	struct mapi_bodies *bodies = &loaded->bodies;
	struct arena *arena = loaded->text.arena;
	const char *problem = NULL;
	struct bytes text;

	if (rtf_origin(rtf) == RTF_FROM_HTML) {
		if (bodies->html.n == 0)
			bodies->html = rtf_to_html(arena, rtf, &problem);
		rtf_problem(run, loaded, problem);
		return;
	}
	text = rtf_to_text(arena, rtf, &problem);
	rtf_problem(run, loaded, problem);
	if (bodies->plain.n == 0)
		bodies->plain = text;
	else if (!same_words(text, bodies->plain))
		bodies->rtf_text = text;
}

void
mapi_bodies_load(struct mapi_run *run, struct mapi_loaded *loaded)
{
	const struct mapi_bag *bag = &loaded->stored->bag;
	struct bytes rtf = mapi_binary(bag, PR_RTF_COMPRESSED);
	const char *problem;

	loaded->bodies.plain = mapi_string(&loaded->text, bag, PR_BODY);
	loaded->bodies.html = html_property(loaded);
	if (rtf.n == 0)
		return;
	rtf = rtf_decompress(loaded->text.arena, rtf, &problem);
	rtf_problem(run, loaded, problem);
	if (rtf.n > 0)
		take_rtf(run, loaded, rtf);
}

void
mapi_bodies_say(struct mapi_run *run, const struct mapi_loaded *loaded)
{
	const struct mapi_bodies *bodies = &loaded->bodies;
	struct text_target target = { run->mail->sink, loaded->record.idx,
		mapi_part_name(loaded, "body") };
	struct bytes whole = target.part;

	sink_content(target.sink, target.idx, "plain", BYTES_NONE,
	    bodies->plain);
	sink_content(target.sink, target.idx, "html", BYTES_NONE,
	    bodies->html);
	sink_content(target.sink, target.idx, "rtf", BYTES_NONE,
	    bodies->rtf_text);
	sink_body(target.sink, true);
	sink_half(target.sink, whole, 1);
	plain_text_say(&target, bodies->plain);
	target.part = mapi_part_name(loaded, "html");
	sink_half(target.sink, whole, 2);
	if (bodies->html.n > 0)
		html_text_say(&target, run->mail->arena, bodies->html);
	target.part = mapi_part_name(loaded, "rtf");
	sink_half(target.sink, whole, 3);
	plain_text_say(&target, bodies->rtf_text);
	sink_half(target.sink, BYTES_NONE, 0);
	sink_body(target.sink, false);
}
