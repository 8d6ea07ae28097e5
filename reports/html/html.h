/* The HTML report (contract 6): index.html, its pages and report.js. */
#ifndef REPORTS_HTML_HTML_H
#define REPORTS_HTML_HTML_H

#include "forensics/case/case.h"
#include "reports/report.h"

/* Writes everything into options->folder. */
void html_write(struct case_file *file, const struct report_options *options);

#endif
