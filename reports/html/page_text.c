/* Evidence on a page: escaped, cut, linked; numbers and times as words. */
#include <stdlib.h>
#include <time.h>

#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "reports/html/links.h"
#include "reports/html/page.h"
#include "reports/mask.h"

enum { SHORT_ID = 20 };

static const char *
entity_of(uint8_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static bool
is_zero_width(uint32_t code)
{
	return (code >= 0x200b && code <= 0x200d) || code == 0x2060 ||
	       code == 0xfeff || code == 0xad || code == 0x180e ||
	       (code >= 0xe0000 && code <= 0xe007f);
}

/* Characters that take no room are shown as their number. */
static struct bytes
zero_width_shown(struct arena *arena, struct bytes text)
{
	struct bytes rest = text, before = text;
	struct buffer out = BUFFER_EMPTY;
	size_t from = 0;
	uint32_t code;

	for (; text_next(&rest, &code); before = rest) {
		if (!is_zero_width(code))
			continue;
		buffer_add_bytes(
		    &out, bytes_slice(text, from, text.n - before.n));
		buffer_printf(&out, "\\u%04x", (unsigned)code);
		from = text.n - rest.n;
	}
	if (from == 0)
		return text;
	buffer_add_bytes(&out, bytes_skip(text, from));
	text = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	return text;
}

/* Already masked. */
static void
write_escaped(struct page *page, struct bytes text)
{
	struct bytes shown = text_visible(&page->arena, text);
	size_t from = 0;

	shown = zero_width_shown(&page->arena, shown);
	for (size_t i = 0; i < shown.n; i++) {
		const char *entity = entity_of(shown.p[i]);

		if (entity == NULL)
			continue;
		writer_add(&page->out, bytes_slice(shown, from, i));
		writer_add_cstr(&page->out, entity);
		from = i + 1;
	}
	writer_add(&page->out, bytes_skip(shown, from));
}

void
page_text(struct page *page, struct bytes text)
{
	write_escaped(page,
	    mask_text(page->options->mask, &page->arena, INT64_MIN, text));
}

/* Masked first: half a number would not be recognised. */
static void
write_cut(struct page *page, struct bytes masked)
{
	size_t n = PAGE_CELL_MOST;

	if (masked.n <= PAGE_CELL_MOST) {
		write_escaped(page, masked);
		return;
	}
	while (n > 0 && (masked.p[n] & 0xc0) == 0x80)
		n--;
	write_escaped(page, bytes_slice(masked, 0, n));
	page_raw(page, " &hellip; ");
	page_say(page, "cell.cut");
}

void
page_text_cut(struct page *page, struct bytes text)
{
	write_cut(page,
	    mask_text(page->options->mask, &page->arena, INT64_MIN, text));
}

void
page_text_of(struct page *page, int64_t message, struct bytes text)
{
	write_cut(
	    page, mask_text(page->options->mask, &page->arena, message, text));
}

void
page_lines(struct page *page, struct bytes masked)
{
	struct bytes line, cell;

	for (bool first = true; bytes_line(&masked, &line); first = false) {
		if (!first)
			page_raw(page, "\n");
		if (line.n == 0)
			continue;
		while (bytes_cut(&line, '\t', &cell)) {
			write_escaped(page, cell);
			if (bytes_present(line))
				page_raw(page, "\t");
		}
	}
}

void
page_escaped(struct page *page, struct bytes text)
{
	write_escaped(page, text);
}

void
page_number(struct page *page, int64_t number)
{
	struct bytes group =
	    language_text(page->options->words, "number.group");
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%lld", (long long)number);

	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0 && digits[i - 1] != '-')
			writer_add(&page->out, group);
		writer_add(&page->out, bytes_of(digits + i, 1));
	}
}

void
page_count(struct page *page, const char *href, int64_t number)
{
	page_rawf(page, "<a href=\"%s\">", href);
	page_number(page, number);
	page_raw(page, "</a>");
}

void
page_number_cell(struct page *page, const char *heading)
{
	page_raw(page, "<td class=\"n\" data-label=\"");
	page_plain(page, heading);
	page_raw(page, "\">");
}

static void
write_local(struct page *page, int64_t us, const struct utc_parts *utc)
{
	int64_t floor = us % UTC_SECOND < 0 ? us - UTC_SECOND : us;
	time_t seconds = (time_t)(floor / UTC_SECOND);
	struct tm local;

	if (page->options->zone.n == 0 || localtime_r(&seconds, &local) == NULL)
		return;
	page_raw(page, " <span class=\"local\">");
	if (local.tm_mday != utc->day)
		page_rawf(page, "%04d-%02d-%02d ", local.tm_year + 1900,
		    local.tm_mon + 1, local.tm_mday);
	page_rawf(page, "%02d:%02d:%02d %.8s</span>", local.tm_hour,
	    local.tm_min, local.tm_sec, local.tm_zone);
}

void
page_time(struct page *page, int64_t us)
{
	struct utc_parts p;

	if (us == UTC_NONE)
		return;
	p = utc_split(us);
	page_rawf(page, "%04d-%02d-%02d %02d:%02d:%02d UTC", p.year, p.month,
	    p.day, p.hour, p.minute, p.second);
	write_local(page, us, &p);
}

void
page_due(struct page *page, struct bytes text)
{
	int64_t us = text.n >= 10 ? utc_from_iso(text) : UTC_NONE;
	struct utc_parts p;
	char weekday[8], clock[16];

	if (us == UTC_NONE) {
		page_sentence(page, text);
		return;
	}
	p = utc_split(us);
	snprintf(
	    weekday, sizeof weekday, "%d", (int)((us / UTC_DAY % 7 + 7) % 7));
	snprintf(clock, sizeof clock, "%02d:%02d", p.hour, p.minute);
	page_say(page, "date.due", say_day("date", us),
	    say_text("weekday",
		language_word(
		    page->options->words, "weekday", bytes_cstr(weekday))),
	    say_cstr("time", clock));
	write_local(page, us, &p);
}

/* Words of ours become class names; anything else is plain text. */
void
page_tag(struct page *page, struct bytes word)
{
	bool plain = word.n > 0 && word.n < 24;

	for (size_t i = 0; i < word.n && plain; i++)
		plain =
		    word.p[i] == '_' || (word.p[i] >= 'a' && word.p[i] <= 'z');
	if (!plain) {
		page_text_cut(page, word);
		return;
	}
	page_rawf(page, "<span class=\"tag %.*s\">", (int)word.n,
	    (const char *)word.p);
	page_word(page, "tag", word);
	page_raw(page, "</span>");
}

struct bytes
page_anchor(struct arena *arena, struct bytes id)
{
	bool plain = id.n > 0 && id.n <= 64;

	for (size_t i = 0; i < id.n && plain; i++) {
		uint8_t c = byte_lower(id.p[i]);

		plain = c == '-' || c == '_' || (c >= '0' && c <= '9') ||
			(c >= 'a' && c <= 'z');
	}
	return plain ? id : id_of(arena, 'h', id);
}

static size_t
anchor_slot(const struct page_anchors *anchors, uint64_t hash)
{
	size_t at = (size_t)hash & (anchors->room - 1);

	while (anchors->hashes[at] != 0 && anchors->hashes[at] != hash)
		at = (at + 1) & (anchors->room - 1);
	return at;
}

static void
anchors_grow(struct page_anchors *anchors)
{
	struct page_anchors old = *anchors;

	anchors->room = old.room ? old.room * 2 : 256;
	anchors->hashes = calloc(anchors->room, sizeof *anchors->hashes);
	if (anchors->hashes == NULL)
		die_machine("out of memory");
	for (size_t i = 0; i < old.room; i++)
		if (old.hashes[i] != 0)
			anchors->hashes[anchor_slot(anchors, old.hashes[i])] =
			    old.hashes[i];
	free(old.hashes);
}

bool
page_anchor_is_new(struct page *page, struct bytes anchor)
{
	struct page_anchors *anchors = &page->anchors;
	uint64_t hash = 14695981039346656037u;
	size_t at;

	for (size_t i = 0; i < anchor.n; i++)
		hash = (hash ^ anchor.p[i]) * 1099511628211u;
	hash |= 1; /* never the mark of a free slot */
	if (anchors->count * 2 >= anchors->room)
		anchors_grow(anchors);
	at = anchor_slot(anchors, hash);
	if (anchors->hashes[at] == hash)
		return false;
	anchors->hashes[at] = hash;
	anchors->count++;
	return true;
}

void
page_id(struct page *page, struct bytes id)
{
	struct bytes where, anchor;

	if (id.n == 0)
		return;
	id = arena_dup(&page->arena, id);
	where = links_find(page->file, &page->arena, id);
	anchor = page_anchor(&page->arena, id);
	/* Ids of ours stay on one line; a session's may be long. */
	if (where.n > 0)
		page_rawf(page, "<a%s href=\"%.*s#%.*s\">",
		    id.n <= SHORT_ID ? " class=\"k\"" : "", (int)where.n,
		    (const char *)where.p, (int)anchor.n,
		    (const char *)anchor.p);
	else
		page_raw(
		    page, id.n <= SHORT_ID ? "<span class=\"k\">" : "<span>");
	page_text_cut(page, id);
	page_raw(page, where.n > 0 ? "</a>" : "</span>");
}

enum list_kind { LIST_TEXTS, LIST_WORDS, LIST_IDS, LIST_SENTENCES };

static void
write_element(struct page *page, struct bytes element, enum list_kind kind,
    const char *prefix)
{
	switch (kind) {
	case LIST_TEXTS:
		page_text_cut(page, element);
		break;
	case LIST_WORDS:
		page_word(page, prefix, element);
		break;
	case LIST_IDS:
		page_id(page, element);
		break;
	case LIST_SENTENCES:
		page_sentence(page, element);
		break;
	}
}

static void
write_list(struct page *page, struct bytes array, enum list_kind kind,
    const char *prefix)
{
	struct json_list list = json_list_over(arena_dup(&page->arena, array));
	struct bytes element;
	int64_t n = 0;

	while (json_list_next(&list, &page->arena, &element)) {
		if (n++ >= PAGE_LIST_MOST)
			continue;
		if (n > 1)
			page_raw(page, "; ");
		write_element(page, element, kind, prefix);
	}
	if (n > PAGE_LIST_MOST) {
		page_raw(page, "; ");
		page_say(
		    page, "list.more", say_number("n", n - PAGE_LIST_MOST));
	}
}

void
page_list(struct page *page, struct bytes array, const char *prefix)
{
	write_list(page, array, prefix ? LIST_WORDS : LIST_TEXTS, prefix);
}

void
page_sentence_list(struct page *page, struct bytes array)
{
	write_list(page, array, LIST_SENTENCES, NULL);
}

void
page_id_list(struct page *page, struct bytes array)
{
	write_list(page, array, LIST_IDS, NULL);
}
