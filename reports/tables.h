/* The tables of contract 5, by the file that defines them. */
#ifndef REPORTS_TABLES_H
#define REPORTS_TABLES_H

#include "reports/table.h"

/* tables_evidence.c */
extern const struct report_table table_sources, table_folders, table_messages,
    table_attachments, table_problems;

/* tables_access.c */
extern const struct report_table table_access, table_activity, table_sessions,
    table_mailboxes, table_coverage, table_missing_items, table_timeline;

/* tables_people.c */
extern const struct report_table table_findings, table_people, table_duties,
    table_credentials, table_organizations;

#endif
