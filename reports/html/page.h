/*
 * Pieces every page is made of.  Nothing from evidence is ever markup: text
 * goes through page_text, ids through page_id_link alone, and there is no
 * way to write a URL.
 */
#ifndef REPORTS_HTML_PAGE_H
#define REPORTS_HTML_PAGE_H

#include "reports/html/html.h"
#include "reports/writer.h"

struct page {
	struct writer out;
	struct case_file *file;
	const struct report_options *options;
	struct arena arena;
};

/* `name` is the file, `title` the heading; writes head, banner, navigation. */
void page_open(struct page *page, struct case_file *file,
    const struct report_options *options, const char *name,
    const char *title);
void page_close(struct page *page);

/* Our own markup. */
void page_raw(struct page *page, const char *markup);
void page_rawf(struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Evidence: escaped, control and bidi characters made visible. */
void page_text(struct page *page, struct bytes text);
void page_text_cstr(struct page *page, const char *text);

/* "2023-05-16 12:34:56 UTC", and the local time when the incident file names
 * a zone; "unknown" for UTC_NONE. */
void page_time(struct page *page, int64_t us);

/* A word with its class, for exposure, attribution, status. */
void page_tag(struct page *page, struct bytes word);

enum cell_kind {
	CELL_TEXT,
	CELL_NUMBER,
	CELL_TIME,
	CELL_LIST,  /* JSON array, "; " between */
	CELL_TAG,
	CELL_ID,    /* monospaced; an anchor when it is the first column */
	CELL_SHOWN, /* masked by messages.message in hidden SQL column 0 */
	CELL_LINK,  /* text that links to the page "<TEXT>.html#..." given in
		     * the next SQL column, our own link target */
};

struct page_column {
	const char *heading;
	enum cell_kind kind;
};

/* A whole table from a query: columns in order; `hidden` SQL column 0 first
 * when a column is CELL_SHOWN.  Returns the number of rows; an empty result
 * prints `nothing` as a paragraph in its place. */
size_t page_table(struct page *page, struct case_rows *rows,
    const struct page_column *columns, size_t count, bool hidden,
    const char *caption, const char *nothing);

#define PAGE_COLUMNS(list) list, sizeof list / sizeof list[0]

int64_t page_count(struct page *page, const char *sql);

/* A field of the incident file as stored in the case ("$.name"); absent when
 * not given. */
struct bytes page_incident(struct page *page, const char *json_path);

/* Losses that no `accept` entry names: the report is a draft. */
int64_t page_open_losses(struct case_file *file);

#endif
