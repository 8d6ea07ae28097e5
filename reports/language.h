/*
 * The report's words in one language: a table of texts by key, one file a
 * language (reports/html/words/LANGUAGE.words), compiled in and replaceable or
 * added to with --rules.  English says which keys there are and what each is
 * filled with; another language must have the same, or it is refused with
 * file and line.
 *
 * A file is lines `key = text`; a line that begins with white space goes on
 * with the text before it; '#' begins a comment line.  In a text:
 *
 *	{name}              what the program puts there
 *	{name?one|many}     chosen by that number, in the order of the
 *	                    language's plural forms (key `language.plural`)
 *	[words](page.html)  a link into the report's own folder
 *	`code`  **strong**
 *
 * Nothing else is markup: the rest is text and is escaped.
 */
#ifndef REPORTS_LANGUAGE_H
#define REPORTS_LANGUAGE_H

#include "parsers/base/arena.h"

struct language;

/* NULL with a message on stderr when there is no such language, or its file
 * is wrong.  Free it. */
struct language *language_open(struct bytes language);
void language_free(struct language *words);

/* The text of a key; a key that no language has is our mistake. */
struct bytes language_text(const struct language *words, const char *key);
/* "prefix.word"; absent when there is none. */
struct bytes language_word(
    const struct language *words, const char *prefix, struct bytes word);
/* The i-th key in byte order and its text; false after the last. */
bool language_at(const struct language *words, size_t i, struct bytes *key,
    struct bytes *text);
/* The i-th sentence of the case: English as the stages write it, and the
 * text in this language; false after the last, and at once in English. */
bool language_said(const struct language *language, size_t i,
    struct bytes *english, struct bytes *text);
/* As in <html lang>. */
struct bytes language_name(const struct language *words);

/* The plural form for a number: 0, 1 ... */
int language_form(const struct language *words, int64_t number);
/* The form of {name?a|b|c}. */
struct bytes phrase_choose(struct bytes forms, int form);

enum phrase_kind {
	PHRASE_TEXT,   /* text */
	PHRASE_SLOT,   /* name */
	PHRASE_CHOICE, /* name, text: the forms */
	PHRASE_LINK,   /* text: where to; what follows is its text */
	PHRASE_LINK_END,
	PHRASE_CODE,
	PHRASE_CODE_END,
	PHRASE_STRONG,
	PHRASE_STRONG_END,
	PHRASE_WRONG, /* text: why */
};

struct phrase_piece {
	enum phrase_kind kind;
	struct bytes name, text;
};

/* Over the pieces of one text, from {.rest = text}. */
struct phrase_cursor {
	struct bytes rest;
	struct bytes link; /* open: where to */
	bool in_link, in_code, in_strong;
};
bool phrase_next(struct phrase_cursor *cursor, struct phrase_piece *piece);

#endif
