/* Drawings of the summary and session pages: inline SVG, attributes only
 * (the page's policy forbids inline styles). */
#ifndef REPORTS_HTML_SVG_H
#define REPORTS_HTML_SVG_H

#include "reports/html/page.h"

/* Adversary records a day, with messages named, over the whole log. */
void svg_days(struct page *page);

/* One lane a session of the adversary, first to last record. */
void svg_sessions(struct page *page);

#endif
