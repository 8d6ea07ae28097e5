#include "reports/html/html.h"

#include "reports/html/pages.h"

void
html_write(struct case_file *file, const struct report_options *options)
{
	page_summary_write(file, options);
	page_sessions_write(file, options);
	page_messages_write(file, options);
	page_people_write(file, options);
	page_credentials_write(file, options);
	page_coverage_write(file, options);
	page_evidence_write(file, options);
}
