/*
 * Pieces every page is made of.  Nothing from evidence is ever markup: text
 * goes through page_text and what is built on it, ids through page_id alone,
 * and there is no way to write a URL: every link is a file of the report's
 * own folder and an anchor of letters, digits, '-', '_' and '.'.
 */
#ifndef REPORTS_HTML_PAGE_H
#define REPORTS_HTML_PAGE_H

#include "reports/html/html.h"
#include "reports/html/say.h"
#include "reports/writer.h"

enum {
	PAGE_ROWS = 2000,    /* of one table on one page; the rest is split */
	SECTION_ROWS = 200,  /* of a table that shares its page with others */
	PRINT_ROWS = 500,    /* of a table in print.html */
	PAGE_CELL_MOST = 600, /* bytes of evidence text in one cell */
	PAGE_LIST_MOST = 12, /* elements of a list in one cell */
};

/* Anchors written on a page: each may stand once. */
struct page_anchors {
	uint64_t *hashes; /* 0: free; at most half full */
	size_t room, count;
};

struct page {
	struct writer out;
	struct case_file *file;
	const struct report_options *options;
	struct arena arena;
	const char *name;  /* "people": people.html, people-2.html, ... */
	const char *title; /* key of its heading */
	bool whole;        /* print.html: tables are cut, not split */
	bool patterns;     /* the drawings' patterns are defined */
	struct page_anchors anchors;
};

/* Part 1 is NAME.html, later ones NAME-2.html ...: head, banner, navigation,
 * heading. */
void page_open(struct page *page, struct case_file *file,
    const struct report_options *options, const char *name, int part,
    const char *title);
void page_close(struct page *page);

/* Our own markup. */
void page_raw(struct page *page, const char *markup);
void page_rawf(struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Evidence: masked, escaped, control, bidi and zero-width characters made
 * visible. */
void page_text(struct page *page, struct bytes text);
/* Our own words: escaped, nothing else. */
void page_escaped(struct page *page, struct bytes text);
/* Evidence, cut after PAGE_CELL_MOST bytes, and told so. */
void page_text_cut(struct page *page, struct bytes text);
/* Text of one message, in which its contact data is masked as well. */
void page_text_of(struct page *page, int64_t message, struct bytes text);

/* Text that was masked already, its lines kept: for <pre>. */
void page_lines(struct page *page, struct bytes masked);

/* 1,234,567, or as the language groups digits. */
void page_number(struct page *page, int64_t number);
/* The same, linked to `href`. */
void page_count(struct page *page, const char *href, int64_t number);

/* "2023-05-16 12:34:56 UTC", and the local time when the incident file names
 * a zone; nothing for UTC_NONE. */
void page_time(struct page *page, int64_t us);
/* A deadline: a time, written as a day, or the law's words. */
void page_due(struct page *page, struct bytes text);

/* "<td class=n data-label=...>" of a table written by hand. */
void page_number_cell(struct page *page, const char *heading);

/* A word of ours in the report's language, with its colour: exposure,
 * attribution, status ("tag." in the words). */
void page_tag(struct page *page, struct bytes word);

/* An id, linked to where the report shows it (links.h). */
void page_id(struct page *page, struct bytes id);
/* The anchor of an id: itself when it is plain, else made from its hash. */
struct bytes page_anchor(struct arena *arena, struct bytes id);
/* True the first time on this page. */
bool page_anchor_is_new(struct page *page, struct bytes anchor);

/* JSON array: PAGE_LIST_MOST texts, or words of ours (`prefix`, else NULL). */
void page_list(struct page *page, struct bytes array, const char *prefix);
/* The same of sentences of the case. */
void page_sentence_list(struct page *page, struct bytes array);
/* The same of ids, with their links. */
void page_id_list(struct page *page, struct bytes array);

/* One number from a statement; 0 for NULL and for no row. */
int64_t page_sum(struct page *page, const char *sql);

/* A field of the incident file as the case keeps it ("$.name"), in the
 * page's arena; absent when not given. */
struct bytes page_incident(struct page *page, const char *json_path);

#endif
