/* The HTML report (contract 6): index.html and its pages. */
#ifndef REPORTS_HTML_HTML_H
#define REPORTS_HTML_HTML_H

#include "forensics/case/case.h"
#include "reports/report.h"

/* Writes index.html, its pages, style and script into options->folder.
 * Needs TEMP message_exposure (reports/tables.h). */
void html_write(struct case_file *file, const struct report_options *options);

#endif
