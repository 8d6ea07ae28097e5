/*
 * Text of PDF files (ISO 32000-1), page by page, through QPDF for the file's
 * structure and filters; operators and fonts are read here.
 *
 * Lines are told apart by where the text stands, not by the order of bytes
 * alone (9.4); characters by a font's ToUnicode map, else its encoding (9.10).
 */
#ifndef PARSERS_DOCUMENTS_PDF_H
#define PARSERS_DOCUMENTS_PDF_H

#include "parsers/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

enum pdf_state {
	PDF_READ,
	PDF_ENCRYPTED, /* wants a password; none is ever tried */
	PDF_DAMAGED,   /* no page could be read */
};

struct pdf_report {
	enum pdf_state state;
	size_t pages;     /* announced */
	size_t damaged;   /* pages that could not be read whole */
	size_t pictures;  /* pages with a picture and no text */
	size_t left_out;  /* pages beyond LIMIT_PDF_PAGES */
	uint64_t unknown; /* characters of fonts that do not say what they are */
	uint64_t known;
	bool files;       /* has files inside, which are not read */
};

/* Calls `page` for each page with text: its number from 1, UTF-8. */
struct pdf_report pdf_read(struct bytes pdf,
    void (*page)(void *context, size_t number, struct bytes text),
    void *context);

#ifdef __cplusplus
}
#endif

#ifndef __cplusplus
#include "parsers/documents/document.h"

/* Flow text of every page, part `PART/page=N`; problem rows for what is
 * missing. */
struct document_answer pdf_say(struct document_reader *reader,
    struct bytes pdf);
#endif

#endif
