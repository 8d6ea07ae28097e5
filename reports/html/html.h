/* The HTML report (contract 6): index.html and its pages. */
#ifndef REPORTS_HTML_HTML_H
#define REPORTS_HTML_HTML_H

#include "forensics/case/case.h"
#include "reports/report.h"

/* Writes index.html and its pages into options->folder. */
void html_write(struct case_file *file, const struct report_options *options);

#endif
