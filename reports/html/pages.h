/* The pages, one file each, in the order of the navigation. */
#ifndef REPORTS_HTML_PAGES_H
#define REPORTS_HTML_PAGES_H

#include "reports/html/page.h"

void page_summary_write(struct case_file *file,
    const struct report_options *options);
void page_sessions_write(struct case_file *file,
    const struct report_options *options);
void page_messages_write(struct case_file *file,
    const struct report_options *options);
void page_people_write(struct case_file *file,
    const struct report_options *options);
void page_credentials_write(struct case_file *file,
    const struct report_options *options);
void page_coverage_write(struct case_file *file,
    const struct report_options *options);
void page_evidence_write(struct case_file *file,
    const struct report_options *options);

#endif
