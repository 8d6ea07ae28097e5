/*
 * A table from a statement.  The table that a page is about goes on in
 * NAME-2.html ... after PAGE_ROWS, with an index on each.  A table among
 * others (`split` is another name than the page's) shows SECTION_ROWS there,
 * and all its rows in files of its own, SPLIT.html, SPLIT-2.html ...
 */
#ifndef REPORTS_HTML_PAGE_TABLE_H
#define REPORTS_HTML_PAGE_TABLE_H

#include "reports/html/page.h"

enum cell_kind {
	CELL_TEXT,
	CELL_LONG,   /* a sentence: a wide column */
	CELL_SHOWN,  /* text of the message in hidden SQL column 0 */
	CELL_NUMBER,
	CELL_COUNT,  /* "16 D/US-FED": a number, and the id of its rows */
	CELL_ANCHOR, /* an id that is not shown: others link to its first row */
	CELL_TIME,
	CELL_DUE,    /* a deadline: time or words */
	CELL_LIST,   /* JSON array of text */
	CELL_SAID,   /* a sentence of the case: a wide column */
	CELL_SAIDS,  /* JSON array of such */
	CELL_TAG,
	CELL_WORD,   /* short, kept on one line */
	CELL_CODE,   /* locator: monospaced */
	CELL_HASH,   /* the same, and long */
	CELL_ROW,    /* the row's own id: the anchor others link to */
	CELL_ID,     /* somebody else's id: a link */
	CELL_IDS,    /* JSON array of such */
};

struct page_column {
	const char *heading; /* key; NULL: a further line of the cell before */
	enum cell_kind kind;
	/* Numbers: where its rows are (NULL: here).  Words, lists: the prefix of
	 * their translations in the words (NULL: text as it is). */
	const char *href;
};

struct page_table {
	const char *caption; /* key */
	const char *label;   /* key: what tells it from others; NULL: caption */
	const char *nothing; /* key: said when there is no row; NULL: not */
	const char *sql;     /* in a total order */
	const char *argument; /* ?1 of it; NULL: none */
	const struct page_column *columns;
	size_t count;
	bool message;        /* SQL column 0 is messages.message, not shown */
	bool stack;          /* narrow screens: one line a cell */
	const char *split;   /* name of its files; NULL: the page's own */
	const char *csv;     /* "messages": where all rows are */
};

#define PAGE_COLUMNS(list) .columns = list, .count = sizeof list / sizeof list[0]

/* Number of rows. */
int64_t page_table_write(struct page *page, const struct page_table *table);

#endif
