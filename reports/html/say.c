#include "reports/html/say.h"

#include <stdio.h>

#include "parsers/base/die.h"
#include "parsers/base/utc.h"
#include "reports/html/page.h"
#include "reports/sentence.h"

static const struct say *
say_find(const struct say *filled, struct bytes name)
{
	for (; filled->kind != SAY_END; filled++)
		if (bytes_eq(bytes_cstr(filled->name), name))
			return filled;
	die_machine("a text asks for '%.*s', which is not given", (int)name.n,
	    (const char *)name.p);
}

static void
write_value(struct page *page, const struct say *say, bool plain)
{
	switch (say->kind) {
	case SAY_NUMBER:
		if (say->href != NULL && !plain)
			page_rawf(page, "<a href=\"%s\">", say->href);
		page_number(page, say->number);
		if (say->href != NULL && !plain)
			page_raw(page, "</a>");
		break;
	case SAY_TEXT:
		page_text_cut(page, say->text);
		break;
	case SAY_TIME:
		page_time(page, say->number);
		break;
	case SAY_DAY:
		page_day(page, say->number);
		break;
	case SAY_DUE:
		page_due(page, say->text);
		break;
	case SAY_WHEN:
		page_when(page, say->number);
		break;
	case SAY_SENTENCE:
		page_sentence(page, say->text);
		break;
	case SAY_ID:
		page_id(page, say->text);
		break;
	case SAY_BLANK:
		page_raw(page, "<span class=\"blank\"></span>");
		break;
	case SAY_END:
		break;
	}
}

static void
write_markup(struct page *page, const struct phrase_piece *piece)
{
	switch (piece->kind) {
	case PHRASE_LINK:
		page_rawf(page, "<a href=\"%.*s\">", (int)piece->text.n,
		    (const char *)piece->text.p);
		break;
	case PHRASE_LINK_END:
		page_raw(page, "</a>");
		break;
	case PHRASE_CODE:
		page_raw(page, "<code>");
		break;
	case PHRASE_CODE_END:
		page_raw(page, "</code>");
		break;
	case PHRASE_STRONG:
		page_raw(page, "<strong>");
		break;
	case PHRASE_STRONG_END:
		page_raw(page, "</strong>");
		break;
	default:
		break;
	}
}

static void
write_text(
    struct page *page, struct bytes text, const struct say *filled, bool plain)
{
	struct phrase_cursor cursor = {.rest = text};
	const struct language *words = page->options->words;
	struct phrase_piece piece;

	while (phrase_next(&cursor, &piece)) {
		BUG_ON(piece.kind == PHRASE_WRONG);
		if (piece.kind == PHRASE_TEXT)
			page_escaped(page, piece.text);
		else if (piece.kind == PHRASE_SLOT)
			write_value(page, say_find(filled, piece.name), plain);
		else if (piece.kind == PHRASE_CHOICE)
			page_escaped(page,
			    phrase_choose(piece.text,
				language_form(words,
				    say_find(filled, piece.name)->number)));
		else if (!plain)
			write_markup(page, &piece);
	}
}

void
say_prepare(struct case_file *file, const struct language *words)
{
	struct bytes key, text;
	struct case_rows *rows;

	case_run(file, "DROP TABLE IF EXISTS temp.words;"
		       "CREATE TEMP TABLE words(key TEXT PRIMARY KEY, text TEXT"
		       " NOT NULL) WITHOUT ROWID");
	rows = case_query_new(file, "INSERT INTO temp.words VALUES (?1, ?2)");
	for (size_t i = 0; language_at(words, i, &key, &text); i++) {
		case_bind_text(rows, 1, key);
		case_bind_text(rows, 2, text);
		case_exec(rows);
	}
	case_done(rows);
}

void
page_say_list(struct page *page, const char *key, const struct say *filled)
{
	write_text(
	    page, language_text(page->options->words, key), filled, false);
}

void
page_plain_list(struct page *page, const char *key, const struct say *filled)
{
	write_text(
	    page, language_text(page->options->words, key), filled, true);
}

void
page_block_list(struct page *page, const char *tag, const char *key,
    const struct say *filled)
{
	page_rawf(page, "<%s>", tag);
	page_say_list(page, key, filled);
	page_rawf(page, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

void
page_heading(struct page *page, int level, const char *id, const char *key)
{
	if (id != NULL)
		page_rawf(page, "<h%d id=\"%s\">", level, id);
	else
		page_rawf(page, "<h%d>", level);
	page_say(page, key);
	page_rawf(page, "</h%d>\n", level);
}

void
page_word(struct page *page, const char *prefix, struct bytes word)
{
	struct bytes text = language_word(page->options->words, prefix, word);

	if (bytes_present(text))
		write_text(page, text, SAY_LIST(), false);
	else
		page_text_cut(page, word);
}

void
page_day(struct page *page, int64_t us)
{
	struct utc_parts p = utc_split(us);
	char month[8], day[24], year[8];
	struct bytes special;

	snprintf(month, sizeof month, "%d", p.month);
	snprintf(day, sizeof day, "%d", p.day);
	snprintf(year, sizeof year, "%d", p.year);
	/* "1er janvier". */
	special = language_word(page->options->words, "day", bytes_cstr(day));
	page_say(page, "date.long",
	    say_text("day", bytes_present(special) ? special : bytes_cstr(day)),
	    say_text("month", language_word(page->options->words, "month",
				  bytes_cstr(month))),
	    say_cstr("year", year));
}

void
page_when(struct page *page, int64_t us)
{
	struct utc_parts p = utc_split(us);
	char clock[16];

	snprintf(clock, sizeof clock, "%02d:%02d", p.hour, p.minute);
	page_say(page, "date.when", say_day("date", us),
	    say_cstr("time", clock));
}

enum { SENTENCE_PARTS = 16 };

/* Every part is one of ours: "address 192.0.2.1, session a". */
static size_t
split(const struct language *language, struct bytes english,
    struct bytes separator, struct sentence *parts)
{
	size_t count = 0;

	while (count < SENTENCE_PARTS) {
		size_t at = bytes_find(english, separator);

		if (!sentence_find(language, bytes_slice(english, 0, at),
			&parts[count]))
			return 0;
		count++;
		if (at == SIZE_MAX)
			return count;
		english = bytes_skip(english, at + separator.n);
	}
	return 0;
}

static void
write_sentence(struct page *page, const struct sentence *sentence)
{
	struct say filled[SENTENCE_SLOTS + 1] = {{.kind = SAY_END}};
	char names[SENTENCE_SLOTS][24];

	for (size_t i = 0; i < sentence->count; i++) {
		snprintf(names[i], sizeof names[i], "%.*s",
		    (int)sentence->names[i].n,
		    (const char *)sentence->names[i].p);
		filled[i] = sentence_is_inner(sentence->names[i])
				? say_sentence(names[i], sentence->values[i])
				: say_text(names[i], sentence->values[i]);
	}
	write_text(page, sentence->text, filled, false);
}

/* Not one of ours, or not in the words: as it is, and said to be so. */
static void
write_foreign(struct page *page, struct bytes english)
{
	bool own = bytes_eq(
	    language_name(page->options->words), BYTES_LIT("en"));
	bool marked = !own && bytes_find_byte(english, ' ') != SIZE_MAX;

	if (marked)
		page_raw(page, "<span lang=\"en\">");
	page_text_cut(page, english);
	if (marked)
		page_raw(page, "</span>");
}

/* Each inner sentence is shorter, and the case's are short. */
void
page_sentence(struct page *page, struct bytes english)
{
	static const char *const separators[] = {"; ", ", "};
	struct sentence parts[SENTENCE_PARTS];
	const struct language *language = page->options->words;
	size_t count = 0;

	english = arena_dup(&page->arena, english);
	if (english.n <= PAGE_CELL_MOST)
		count = sentence_find(language, english, &parts[0]);
	for (size_t i = 0; i < 2 && count == 0; i++) {
		count = split(language, english, bytes_cstr(separators[i]),
		    parts);
		if (count > 0)
			break;
	}
	if (count == 0)
		write_foreign(page, english);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			page_raw(page, "; ");
		write_sentence(page, &parts[i]);
	}
}
