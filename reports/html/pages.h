/* The sections, one file each, in the order of the navigation. */
#ifndef REPORTS_HTML_PAGES_H
#define REPORTS_HTML_PAGES_H

#include "reports/html/page.h"

void summary_write(struct page *page);
void scope_write(struct page *page);
void timeline_write(struct page *page);
void mailboxes_write(struct page *page);
void messages_write(struct page *page);
void people_write(struct page *page);
void duties_write(struct page *page);
void credentials_write(struct page *page);
void organizations_write(struct page *page);
void coverage_write(struct page *page);
void evidence_write(struct page *page);
void method_write(struct page *page);

/* What the incident file says: on page one and on the page of scope. */
void scope_facts_write(struct page *page);
/* Who must be told and by when: on page one and on the page of duties. */
void due_write(struct page *page);
/* What is not known: the second half of page one. */
void unknowns_write(struct page *page);

/* Pages of their own, not in print.html. */
void records_write(struct case_file *file,
    const struct report_options *options);
void certificate_write(struct case_file *file,
    const struct report_options *options);
void told_write(struct case_file *file,
    const struct report_options *options);
void search_write(struct case_file *file,
    const struct report_options *options);
void why_write(struct case_file *file, const struct report_options *options);

#endif
