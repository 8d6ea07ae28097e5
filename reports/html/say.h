/*
 * Sentences: the texts of reports/language.h written on a page, filled with
 * numbers, times, ids and evidence.  No sentence stands in the C files.
 *
 *	page_p(page, "lede.taken", say_count("n", n, "messages.html"));
 */
#ifndef REPORTS_HTML_SAY_H
#define REPORTS_HTML_SAY_H

#include "reports/language.h"

struct case_file;
struct page;

enum say_kind {
	SAY_END,
	SAY_NUMBER, /* linked when `href` is given */
	SAY_TEXT,   /* evidence or our own: masked and escaped */
	SAY_TIME,
	SAY_DAY, /* a day, no time */
	SAY_DUE, /* a deadline: a time or the law's words */
	SAY_ID,
	SAY_WHEN,     /* a day and a time, in a sentence */
	SAY_SENTENCE, /* of the case (reports/sentence.h) */
	SAY_BLANK, /* a line to write on */
};

struct say {
	const char *name; /* {name} of the text */
	enum say_kind kind;
	int64_t number;
	const char *href;
	struct bytes text;
};

static inline struct say
say_count(const char *name, int64_t number, const char *href)
{
	return (struct say){
	    .name = name, .kind = SAY_NUMBER, .number = number, .href = href};
}

static inline struct say
say_number(const char *name, int64_t number)
{
	return say_count(name, number, NULL);
}

static inline struct say
say_text(const char *name, struct bytes text)
{
	return (struct say){.name = name, .kind = SAY_TEXT, .text = text};
}

static inline struct say
say_cstr(const char *name, const char *text)
{
	return say_text(name, bytes_cstr(text));
}

static inline struct say
say_time(const char *name, int64_t us)
{
	return (struct say){.name = name, .kind = SAY_TIME, .number = us};
}

static inline struct say
say_day(const char *name, int64_t us)
{
	return (struct say){.name = name, .kind = SAY_DAY, .number = us};
}

static inline struct say
say_when(const char *name, int64_t us)
{
	return (struct say){.name = name, .kind = SAY_WHEN, .number = us};
}

static inline struct say
say_sentence(const char *name, struct bytes text)
{
	return (struct say){
	    .name = name, .kind = SAY_SENTENCE, .text = text};
}

static inline struct say
say_due(const char *name, struct bytes text)
{
	return (struct say){.name = name, .kind = SAY_DUE, .text = text};
}

static inline struct say
say_id(const char *name, struct bytes id)
{
	return (struct say){.name = name, .kind = SAY_ID, .text = id};
}

static inline struct say
say_blank(const char *name)
{
	return (struct say){.name = name, .kind = SAY_BLANK};
}

/* In a statement: the plain text of a key (say_prepare). */
#define SAID(key) "(SELECT text FROM temp.words WHERE key = '" key "')"
/* Makes temp.words. */
void say_prepare(struct case_file *file, const struct language *words);

#define SAY_LIST(...) ((const struct say[]){__VA_ARGS__ __VA_OPT__(, ){0}})

/* The text, filled. */
#define page_say(page, key, ...) page_say_list(page, key, SAY_LIST(__VA_ARGS__))
void page_say_list(
    struct page *page, const char *key, const struct say *filled);

/* "<tag>text</tag>\n"; `tag` may have attributes ("p class=\"note\""). */
#define page_block(page, tag, key, ...)                                        \
	page_block_list(page, tag, key, SAY_LIST(__VA_ARGS__))
void page_block_list(struct page *page, const char *tag, const char *key,
    const struct say *filled);
#define page_p(page, ...) page_block(page, "p", __VA_ARGS__)
#define page_li(page, ...) page_block(page, "li", __VA_ARGS__)

/* A heading of level 2 or 3, with an anchor unless NULL. */
void page_heading(
    struct page *page, int level, const char *id, const char *key);

/* The text without markup: for attributes, titles and drawings.  What it is
 * filled with is written as ever. */
#define page_plain(page, key, ...)                                             \
	page_plain_list(page, key, SAY_LIST(__VA_ARGS__))
void page_plain_list(
    struct page *page, const char *key, const struct say *filled);

/* The language's word for one of ours ("prefix.word"); else the word, as
 * text of evidence. */
void page_word(struct page *page, const char *prefix, struct bytes word);

/* A sentence that the case holds, in the report's language. */
void page_sentence(struct page *page, struct bytes english);

/* "16 May 2023, 08:00 UTC". */
void page_when(struct page *page, int64_t us);
/* A day in words, "16 May 2023". */
void page_day(struct page *page, int64_t us);

#endif
