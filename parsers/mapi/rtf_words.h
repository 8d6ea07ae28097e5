/* The control words of RTF that text depends on (RTF 1.9.1), and the
 * charsets of its fonts. */
#ifndef PARSERS_MAPI_RTF_WORDS_H
#define PARSERS_MAPI_RTF_WORDS_H

#include "parsers/base/bytes.h"

enum rtf_action {
	DO_SKIP_GROUP,
	DO_FONTS,
	DO_HTMLTAG,
	DO_TEXT,       /* `text`; in HTML `html` */
	DO_UNICODE,
	DO_UC,
	DO_FONT,
	DO_DEFAULT_FONT,
	DO_CHARSET,
	DO_CPG,
	DO_ANSICPG,
	DO_MAC,
	DO_PC,
	DO_PCA,
	DO_PLAIN,
	DO_HTMLRTF,
	DO_BIN,
};

struct rtf_word {
	const char *name;
	enum rtf_action action;
	const char *text, *html; /* DO_TEXT */
};

/* NULL: none that matters here. */
const struct rtf_word *rtf_word_named(struct bytes name);

/* The code page of \fcharsetN; 0: the document's. */
uint32_t rtf_charset_codepage(int32_t charset);

#endif
